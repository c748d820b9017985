// The agent as bytes of memory: what a dynamic loader would make of ouro_agent.so.
//
//   0                          writable_offset()                     size()
//   [ headers, code, constants | relocated constants, data, zeros    ]
//     read and execute           read and write
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/agent/request.hpp"

namespace ouro::python::attach {

class AgentImage {
 public:
  /// Of the agent in this command.
  static Result<AgentImage> load();

  std::size_t size() const { return bytes_.size(); }
  std::size_t writable_offset() const { return writable_offset_; }
  std::uint64_t entry_offset() const { return entry_offset_; }
  std::uint64_t request_offset() const { return request_offset_; }

  /// For the memory that begins at the address, with the request in it.
  std::vector<std::byte> placed_at(std::uint64_t address, const agent::Request& request) const;

 private:
  struct Relocation {
    std::uint64_t offset;
    std::uint64_t addend;
  };

  std::vector<std::byte> bytes_;
  std::vector<Relocation> relocations_;
  std::size_t writable_offset_ = 0;
  std::uint64_t entry_offset_ = 0;
  std::uint64_t request_offset_ = 0;
};

}  // namespace ouro::python::attach
