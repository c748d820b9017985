// The header and the table of sections of a file, checked: what is found here lies within the file
// and has the size it says. What the sections hold is not looked at.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "base/mapped_file.hpp"
#include "graph/format/layout.hpp"

namespace ouro::graph::format {

class Directory {
 public:
  static Result<Directory> read(std::shared_ptr<const MappedFile> file);

  const FileHeader& header() const { return header_; }
  std::span<const SectionEntry> sections() const { return sections_; }
  const SectionEntry* find(SectionId id, SectionRole role = SectionRole::kValues) const;

  /// Precondition: the entry is one of sections().
  std::span<const std::byte> bytes(const SectionEntry& entry) const {
    return file_->bytes().subspan(entry.offset, entry.bytes);
  }
  /// The elements in place. Precondition: entry.width is the size of an Element.
  template <class Element>
  std::span<const Element> elements(const SectionEntry& entry) const {
    return {reinterpret_cast<const Element*>(bytes(entry).data()),
            static_cast<std::size_t>(entry.count)};
  }

  /// Whether the bytes are those that were written.
  std::optional<Error> verify(const SectionEntry& entry) const;

  /// "heap.ouro: section 'targ' at offset 4096: <message>".
  Error corrupt(const SectionEntry& entry, std::string message) const;
  const std::shared_ptr<const MappedFile>& file() const { return file_; }

 private:
  std::shared_ptr<const MappedFile> file_;
  FileHeader header_{};
  std::vector<SectionEntry> sections_;
};

/// "targ", with anything unprintable shown as a dot.
std::string to_string(SectionId id);

}  // namespace ouro::graph::format
