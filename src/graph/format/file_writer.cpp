#include "graph/format/file_writer.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace ouro::graph::format {

FileWriter::FileWriter(std::string path, FileAccess access) : file_(std::move(path), access) {}

std::optional<Error> FileWriter::open() {
  if (auto error = file_.open()) return error;
  constexpr std::array<std::byte, sizeof(FileHeader)> kRoomForTheHeader{};
  return write(kRoomForTheHeader);
}

std::optional<Error> FileWriter::begin_section(SectionId id, SectionRole role, std::uint8_t width) {
  if (auto error = pad()) return error;
  sections_.push_back({.id = id,
                       .width = width,
                       .role = role,
                       .reserved = 0,
                       .offset = offset_,
                       .bytes = 0,
                       .count = 0,
                       .checksum = 0});
  checksum_.start();
  return std::nullopt;
}

std::optional<Error> FileWriter::append(std::span<const std::byte> bytes) {
  checksum_.add(bytes);
  return write(bytes);
}

std::optional<Error> FileWriter::end_section() {
  SectionEntry& section = sections_.back();
  section.bytes = offset_ - section.offset;
  section.count = section.bytes / section.width;
  section.checksum = checksum_.value();
  return std::nullopt;
}

std::optional<Error> FileWriter::finish(GraphCounts counts) {
  if (auto error = pad()) return error;
  FileHeader header{.magic = kMagic,
                    .version = kVersion,
                    .checksum = Checksum::kXxh3,
                    .file_bytes = 0,
                    .table_offset = offset_,
                    .section_count = static_cast<std::uint32_t>(sections_.size()),
                    .node_count = counts.nodes,
                    .edge_count = counts.edges,
                    .reserved = 0,
                    .table_checksum = 0,
                    .header_checksum = 0};
  const auto table = std::as_bytes(std::span(sections_));
  if (auto error = write(table)) return error;
  header.file_bytes = offset_;
  header.table_checksum = checksum_of(Checksum::kXxh3, table);
  const auto bytes = std::as_bytes(std::span(&header, 1));
  header.header_checksum =
      checksum_of(Checksum::kXxh3, bytes.first(sizeof(header) - sizeof(header.header_checksum)));
  if (auto error =
          file_.write_at_start({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
    return error;
  }
  return file_.commit();
}

std::optional<Error> FileWriter::write(std::span<const std::byte> bytes) {
  offset_ += bytes.size();
  return file_.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<Error> FileWriter::pad() {
  constexpr std::array<std::byte, kSectionAlignment> kZeros{};
  const std::uint64_t over = offset_ % kSectionAlignment;
  return over == 0
             ? std::nullopt
             : write(std::span(kZeros).first(static_cast<std::size_t>(kSectionAlignment - over)));
}

}  // namespace ouro::graph::format
