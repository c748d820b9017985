#include "graph/format/directory.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "graph/format/checksum.hpp"

namespace ouro::graph::format {

namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string hexadecimal(std::uint64_t value) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(value));
  return text.data();
}

constexpr std::string_view kExpected =
    "expected a snapshot (.ouro), as ouro attach and ouro::snapshot write";

Error corrupt_at(const std::string& path, std::string_view place, std::string message) {
  return {ErrorCode::kCorrupt, path + ": " + std::string(place), std::move(message)};
}

/// Of a file shorter than a header: one that was cut off, or no heap graph at all.
Error too_short(std::span<const std::byte> bytes, const std::string& path) {
  const std::size_t known = std::min(bytes.size(), sizeof(kMagic));
  if (!bytes.empty() && std::memcmp(bytes.data(), kMagic.data(), known) == 0) {
    return corrupt_at(path, "header, offset 0",
                      "the file has " + number(bytes.size()) + " bytes, expected at least " +
                          number(sizeof(FileHeader)) + "; it was cut off");
  }
  return corrupt_at(path, "header, offset 0",
                    bytes.empty() ? "the file is empty; " + std::string(kExpected)
                                  : "does not begin like a heap graph; " + std::string(kExpected));
}

std::optional<Error> check_header(const FileHeader& header, std::span<const std::byte> bytes,
                                  const std::string& path) {
  if (header.magic != kMagic) {
    return corrupt_at(path, "header, offset 0",
                      "does not begin like a heap graph; " + std::string(kExpected));
  }
  // The version first: a newer header may have another checksum.
  if (header.version > kVersion) {
    return Error{ErrorCode::kUnsupported, path + ": header, offset 8",
                 "has format version " + number(header.version) + ", and this Ouro reads up to " +
                     number(kVersion) + "; a newer Ouro reads it"};
  }
  if (header.version == 0) return corrupt_at(path, "header, offset 8", "has format version 0");
  if (header.checksum != Checksum::kXxh3 && header.checksum != Checksum::kCrc32) {
    return corrupt_at(path, "header, offset 12",
                      "names checksum " + number(static_cast<std::uint32_t>(header.checksum)) +
                          ", expected 1 (XXH3) or 2 (CRC-32)");
  }
  const std::uint64_t found =
      checksum_of(header.checksum, bytes.first(sizeof(header) - sizeof(header.header_checksum)));
  if (found != header.header_checksum) {
    return corrupt_at(path, "header, offset 56",
                      "the checksum of the header is " + hexadecimal(found) + ", expected " +
                          hexadecimal(header.header_checksum));
  }
  if (header.file_bytes != bytes.size()) {
    return corrupt_at(path, "header, offset 16",
                      "the file has " + number(bytes.size()) + " bytes, expected " +
                          number(header.file_bytes) +
                          (bytes.size() < header.file_bytes ? "; it was cut off" : ""));
  }
  if (header.section_count > kMostSections) {
    return corrupt_at(path, "header, offset 32",
                      "has " + number(header.section_count) + " sections, expected at most " +
                          number(kMostSections));
  }
  const std::uint64_t table_bytes = std::uint64_t{header.section_count} * sizeof(SectionEntry);
  if (header.table_offset > bytes.size() || table_bytes > bytes.size() - header.table_offset) {
    return corrupt_at(path, "header, offset 24",
                      "the table of sections would end at " +
                          hexadecimal(header.table_offset + table_bytes) + ", after the file");
  }
  const auto table = bytes.subspan(header.table_offset, table_bytes);
  const std::uint64_t table_found = checksum_of(header.checksum, table);
  if (table_found != header.table_checksum) {
    return corrupt_at(path, "table of sections, offset " + number(header.table_offset),
                      "the checksum is " + hexadecimal(table_found) + ", expected " +
                          hexadecimal(header.table_checksum));
  }
  return std::nullopt;
}

}  // namespace

std::string to_string(SectionId id) {
  std::string text(id.begin(), id.end());
  std::ranges::replace_if(
      text, [](char character) { return character < ' ' || character > '~'; }, '.');
  return text;
}

Error Directory::corrupt(const SectionEntry& entry, std::string message) const {
  return corrupt_at(file_->path(),
                    "section '" + to_string(entry.id) + "' at offset " + number(entry.offset),
                    std::move(message));
}

const SectionEntry* Directory::find(SectionId id, SectionRole role) const {
  const auto found = std::ranges::find_if(
      sections_, [&](const SectionEntry& entry) { return entry.id == id && entry.role == role; });
  return found == sections_.end() ? nullptr : &*found;
}

Result<Directory> Directory::read(std::shared_ptr<const MappedFile> file) {
  const auto bytes = file->bytes();
  Directory directory;
  directory.file_ = std::move(file);
  const std::string& path = directory.file_->path();
  if (bytes.size() < sizeof(FileHeader)) return too_short(bytes, path);
  std::memcpy(&directory.header_, bytes.data(), sizeof(FileHeader));
  if (auto error = check_header(directory.header_, bytes, path)) return *std::move(error);
  const FileHeader& header = directory.header_;
  directory.sections_.resize(header.section_count);
  if (header.section_count > 0) {
    std::memcpy(directory.sections_.data(), bytes.data() + header.table_offset,
                std::size_t{header.section_count} * sizeof(SectionEntry));
  }
  for (const SectionEntry& entry : directory.sections_) {
    if (entry.offset % 8 != 0) {
      return directory.corrupt(entry, "the offset is no multiple of 8");
    }
    if (entry.offset > bytes.size() || entry.bytes > bytes.size() - entry.offset) {
      return directory.corrupt(
          entry, "has " + number(entry.bytes) + " bytes, which is more than the file has left");
    }
    if (entry.width == 0 || entry.bytes % entry.width != 0 ||
        entry.count != entry.bytes / entry.width) {
      return directory.corrupt(entry, "has " + number(entry.bytes) + " bytes, expected " +
                                          number(entry.count) + " elements of " +
                                          number(entry.width));
    }
    if (directory.find(entry.id, entry.role) != &entry) {
      return directory.corrupt(entry, "is there twice");
    }
  }
  return directory;
}

std::optional<Error> Directory::verify(const SectionEntry& entry) const {
  const std::uint64_t found = checksum_of(header_.checksum, bytes(entry));
  if (found == entry.checksum) return std::nullopt;
  return corrupt(entry, "the checksum is " + hexadecimal(found) + ", expected " +
                            hexadecimal(entry.checksum) + "; the file was damaged");
}

}  // namespace ouro::graph::format
