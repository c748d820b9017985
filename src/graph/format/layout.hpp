// The file `.ouro`, byte by byte; docs/format/ouro-file.md says the same for readers and writers in
// other languages. All numbers are little-endian.
//
//   0     +--------------------------------------------+
//         | FileHeader, 64 bytes                       |
//   64    +--------------------------------------------+
//         | sections, each at a multiple of 64         |
//         |   a column, a table or a string            |
//         +--------------------------------------------+
//   table | SectionEntry, 40 bytes, one a section      |
//         +--------------------------------------------+   file_bytes
//
// Readers skip sections they do not know.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace ouro::graph::format {

static_assert(std::endian::native == std::endian::little, "files are read in place");

/// Says "binary", and breaks where line ends were translated on the way.
inline constexpr std::array<char, 8> kMagic{'O', 'U', 'R', 'O', '\r', '\n', '\x1a', '\n'};
inline constexpr std::uint32_t kVersion = 1;

enum class Checksum : std::uint32_t {
  kXxh3 = 1,   ///< XXH3, 64 bits, seed 0
  kCrc32 = 2,  ///< that of zlib and gzip, in the low 32 bits; for writers in other languages
};

struct FileHeader {
  std::array<char, 8> magic;
  std::uint32_t version;
  Checksum checksum;
  std::uint64_t file_bytes;
  std::uint64_t table_offset;
  std::uint32_t section_count;
  std::uint32_t node_count;
  std::uint32_t edge_count;
  std::uint32_t reserved;  // 0
  std::uint64_t table_checksum;
  std::uint64_t header_checksum;  // of the 56 bytes before
};
static_assert(sizeof(FileHeader) == 64);

using SectionId = std::array<char, 4>;

enum class SectionRole : std::uint8_t {
  kValues = 0,
  kExceptionPositions = 1,  ///< u32, rising
  kExceptionValues = 2,     ///< u64
};

struct SectionEntry {
  SectionId id;
  std::uint8_t width;  ///< bytes of an element
  SectionRole role;
  std::uint16_t reserved;  // 0
  std::uint64_t offset;
  std::uint64_t bytes;
  std::uint64_t count;  ///< of elements; bytes = width * count
  std::uint64_t checksum;
};
static_assert(sizeof(SectionEntry) == 40);

inline constexpr std::uint64_t kSectionAlignment = 64;
/// More entries are nobody's file: ten times as many as there are kinds of section.
inline constexpr std::uint32_t kMostSections = 1000;

inline constexpr SectionId kAddressPlaces{'a', 'd', 'd', 'r'};
inline constexpr SectionId kAddressChunks{'c', 'h', 'n', 'k'};
inline constexpr SectionId kNodeTypes{'t', 'y', 'p', 'e'};
inline constexpr SectionId kNodeSizes{'s', 'i', 'z', 'e'};
inline constexpr SectionId kNodeCounts{'r', 'e', 'f', 'c'};
inline constexpr SectionId kNodeFlags{'f', 'l', 'a', 'g'};
inline constexpr SectionId kPreviewNodes{'p', 'v', 'n', 'd'};
inline constexpr SectionId kPreviewTexts{'p', 'v', 't', 'x'};
inline constexpr SectionId kEdgeBegins{'e', 'b', 'e', 'g'};
inline constexpr SectionId kEdgeTargets{'t', 'a', 'r', 'g'};
inline constexpr SectionId kEdgeKinds{'k', 'i', 'n', 'd'};
inline constexpr SectionId kEdgeNames{'n', 'a', 'm', 'e'};
inline constexpr SectionId kEdgeIndexes{'i', 'n', 'd', 'x'};
inline constexpr SectionId kRoots{'r', 'o', 'o', 't'};
inline constexpr SectionId kTypes{'t', 'y', 'r', 'w'};
inline constexpr SectionId kFacts{'f', 'a', 'c', 't'};
inline constexpr SectionId kStringBegins{'s', 'b', 'e', 'g'};
inline constexpr SectionId kStringBytes{'s', 'b', 'y', 't'};

/// Rows of tables; every field is a u32 but `kind`, whose other three bytes are 0.
struct RootRecord {
  std::uint32_t node;
  std::uint32_t kind;
  std::uint32_t name;
  std::uint32_t references;
};
struct TypeRecord {
  std::uint32_t name;
  std::uint32_t module;
  std::uint32_t node;
};
struct FactRecord {
  std::uint32_t key;
  std::uint32_t value;
};

}  // namespace ouro::graph::format
