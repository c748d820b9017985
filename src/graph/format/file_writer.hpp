// Writes a file of sections, in one pass from its beginning to its end.
//
// Call order: open, then for each section begin_section, append any number of times, end_section
// (or add_section, which is all three), then finish. Each gives an error or nothing; after an error
// nothing more may be called. Until finish() has succeeded the file does not exist under its name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/atomic_file.hpp"
#include "graph/format/checksum.hpp"
#include "graph/format/layout.hpp"

namespace ouro::graph::format {

struct GraphCounts {
  std::uint32_t nodes = 0;
  std::uint32_t edges = 0;
};

class FileWriter {
 public:
  explicit FileWriter(std::string path, FileAccess access = FileAccess::kUsual);

  std::optional<Error> open();
  std::optional<Error> begin_section(SectionId id, SectionRole role, std::uint8_t width);
  std::optional<Error> append(std::span<const std::byte> bytes);
  std::optional<Error> end_section();
  std::optional<Error> finish(GraphCounts counts);

  template <class Element>
  std::optional<Error> add_section(SectionId id, SectionRole role,
                                   std::span<const Element> elements) {
    if (auto error = begin_section(id, role, sizeof(Element))) return error;
    if (auto error = append(std::as_bytes(elements))) return error;
    return end_section();
  }

 private:
  std::optional<Error> write(std::span<const std::byte> bytes);
  std::optional<Error> pad();

  AtomicFile file_;
  std::uint64_t offset_ = 0;
  std::vector<SectionEntry> sections_;
  RunningChecksum checksum_;
};

}  // namespace ouro::graph::format
