// CRC-32 as zlib, gzip and PNG have it: polynomial 0x04C11DB7, bits reflected.
//
// Files written here carry XXH3; this one is for those that other languages write, whose standard
// libraries have it. It stands here because every program that takes snapshots links this part, and
// a library for one loop would be one more thing to install. Eight bytes a step (Kounavis and
// Berry, "Slicing-by-8", 2005).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ouro::graph::format {

std::uint32_t crc32_of(std::span<const std::byte> bytes);

}  // namespace ouro::graph::format
