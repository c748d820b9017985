#include "graph/format/checksum.hpp"

#include "graph/format/crc32.hpp"

// The library inlined: its speed comes from the vector instructions of this compiler, and a program
// that reads graphs needs no shared library for it.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ouro::graph::format {

std::uint64_t checksum_of(Checksum algorithm, std::span<const std::byte> bytes) {
  if (algorithm == Checksum::kCrc32) {
    return crc32_of(bytes);
  }
  return XXH3_64bits(bytes.data(), bytes.size());
}

struct RunningChecksum::State {
  XXH3_state_t xxh3;
};

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) {
  start();
}
RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::start() {
  XXH3_64bits_reset(&state_->xxh3);
}
void RunningChecksum::add(std::span<const std::byte> bytes) {
  XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}
std::uint64_t RunningChecksum::value() const {
  return XXH3_64bits_digest(&state_->xxh3);
}

}  // namespace ouro::graph::format
