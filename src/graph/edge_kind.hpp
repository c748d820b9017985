// What a reference is, in one byte.
//
//     bit   7        6            5          4 3 2 1 0
//        +-------+------+----------------+-------------+
//        |   0   | weak | not traversed  |   meaning   |
//        +-------+------+----------------+-------------+
//
// Three questions matter to the analyses:
//   keeps its target alive?         every edge that is not weak
//   counts in the target's count?   the same edges
//   seen by the cycle collector?    edges neither weak nor "not traversed" (CPython's tp_traverse
//                                   skips some that are counted: dict keys, code constants)
#pragma once

#include <cstdint>
#include <string_view>

namespace ouro::graph {

enum class EdgeMeaning : std::uint8_t {
  kAttribute = 0,  ///< a field or attribute; the edge's name is its name
  kItem = 1,       ///< an element of a sequence; the edge's index is its place
  kKey = 2,        ///< a key of a mapping
  kValue = 3,      ///< a value of a mapping; the edge's name is the key as people write it
  kElement = 4,    ///< an element of a set
  kVariable = 5,   ///< a variable: of a closure, a module, a frame
  kType = 6,       ///< an object to its type
  kOther = 7,      ///< an owner's own business, without a name
};
inline constexpr std::uint8_t kMeaningCount = 8;

class EdgeKind {
 public:
  static constexpr std::uint8_t kMeaningMask = 0x1F;
  static constexpr std::uint8_t kNotTraversed = 1u << 5;
  static constexpr std::uint8_t kWeak = 1u << 6;

  constexpr EdgeKind(EdgeMeaning meaning = EdgeMeaning::kAttribute, std::uint8_t properties = 0)
      : byte_(static_cast<std::uint8_t>(static_cast<std::uint8_t>(meaning) | properties)) {}
  static constexpr EdgeKind from_byte(std::uint8_t byte) {
    EdgeKind kind;
    kind.byte_ = byte;
    return kind;
  }
  /// Whether a byte from a file is a kind this version knows.
  static constexpr bool is_known(std::uint8_t byte) {
    return (byte & 0x80) == 0 && (byte & kMeaningMask) < kMeaningCount;
  }

  constexpr std::uint8_t byte() const { return byte_; }
  constexpr EdgeMeaning meaning() const { return static_cast<EdgeMeaning>(byte_ & kMeaningMask); }
  constexpr bool is_weak() const { return (byte_ & kWeak) != 0; }
  /// It keeps its target alive, and is one of those the target's count counts.
  constexpr bool is_owned() const { return !is_weak(); }
  constexpr bool is_traversed() const { return (byte_ & (kWeak | kNotTraversed)) == 0; }

  friend constexpr bool operator==(EdgeKind, EdgeKind) = default;

 private:
  std::uint8_t byte_;
};

inline constexpr EdgeKind kWeakEdge{EdgeMeaning::kAttribute, EdgeKind::kWeak};

/// "attribute", "item", ...: the words of --json and of docs/format.
std::string_view name_of(EdgeMeaning meaning);

}  // namespace ouro::graph
