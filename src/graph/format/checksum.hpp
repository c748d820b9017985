// Checksums of sections, in pieces or at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "graph/format/layout.hpp"

namespace ouro::graph::format {

std::uint64_t checksum_of(Checksum algorithm, std::span<const std::byte> bytes);

/// XXH3 of bytes that come one after the other.
class RunningChecksum {
 public:
  RunningChecksum();
  RunningChecksum(const RunningChecksum&) = delete;
  RunningChecksum& operator=(const RunningChecksum&) = delete;
  ~RunningChecksum();

  void start();
  void add(std::span<const std::byte> bytes);
  std::uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ouro::graph::format
