// Gives the bytes of a heap graph file the checksums that belong to them, so that a test can damage
// what the checksums would otherwise hide.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "graph/format/checksum.hpp"
#include "graph/format/layout.hpp"

namespace ouro::test {

/// Whatever of header and table is there; anything else stays as it is.
inline void seal(std::string& file) {
  namespace format = graph::format;
  format::FileHeader header;
  if (file.size() < sizeof(header)) return;
  std::memcpy(&header, file.data(), sizeof(header));
  if (header.checksum != format::Checksum::kCrc32) header.checksum = format::Checksum::kXxh3;
  header.magic = format::kMagic;
  header.file_bytes = file.size();
  const auto bytes = std::as_writable_bytes(std::span(file.data(), file.size()));
  const std::uint64_t table_bytes =
      std::min<std::uint64_t>(header.section_count, format::kMostSections) *
      sizeof(format::SectionEntry);
  if (header.table_offset <= file.size() && table_bytes <= file.size() - header.table_offset) {
    const auto table = bytes.subspan(header.table_offset, table_bytes);
    for (std::size_t at = 0; at < table_bytes; at += sizeof(format::SectionEntry)) {
      format::SectionEntry entry;
      std::memcpy(&entry, table.data() + at, sizeof(entry));
      if (entry.offset > file.size() || entry.bytes > file.size() - entry.offset) continue;
      entry.checksum =
          format::checksum_of(header.checksum, bytes.subspan(entry.offset, entry.bytes));
      std::memcpy(table.data() + at, &entry, sizeof(entry));
    }
    header.table_checksum = format::checksum_of(header.checksum, table);
  }
  const auto head = std::as_bytes(std::span(&header, 1));
  header.header_checksum = format::checksum_of(
      header.checksum, head.first(sizeof(header) - sizeof(header.header_checksum)));
  std::memcpy(file.data(), &header, sizeof(header));
}

}  // namespace ouro::test
