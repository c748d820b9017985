// What is known of an object besides numbers, in one byte.
//
//     bit   7        6           5          4         3        2 1          0
//        +-------+-------+-----------+----------+--------+------------+---------+
//        |   0   | type  | finalized | immortal | frozen | generation | tracked |
//        +-------+-------+-----------+----------+--------+------------+---------+
#pragma once

#include <cstdint>

namespace ouro::graph {

class NodeFlags {
 public:
  static constexpr std::uint8_t kTracked = 1u << 0;  ///< the cycle collector looks at it
  static constexpr unsigned kGenerationShift = 1;    ///< 0 to 2; 0 where it is not tracked
  static constexpr std::uint8_t kGenerationMask = 3u << kGenerationShift;
  static constexpr std::uint8_t kFrozen = 1u << 3;     ///< in the permanent generation
  static constexpr std::uint8_t kImmortal = 1u << 4;   ///< its count says nothing; never freed
  static constexpr std::uint8_t kFinalized = 1u << 5;  ///< its finalizer has run
  static constexpr std::uint8_t kIsType = 1u << 6;     ///< a class

  constexpr explicit NodeFlags(std::uint8_t byte = 0) : byte_(byte) {}
  static constexpr NodeFlags tracked(int generation = 0) {
    return NodeFlags(static_cast<std::uint8_t>(
        kTracked | (static_cast<unsigned>(generation) << kGenerationShift)));
  }

  constexpr std::uint8_t byte() const { return byte_; }
  constexpr bool is_tracked() const { return (byte_ & kTracked) != 0; }
  constexpr int generation() const { return (byte_ & kGenerationMask) >> kGenerationShift; }
  constexpr bool is_frozen() const { return (byte_ & kFrozen) != 0; }
  constexpr bool is_immortal() const { return (byte_ & kImmortal) != 0; }
  constexpr bool is_finalized() const { return (byte_ & kFinalized) != 0; }
  constexpr bool is_type() const { return (byte_ & kIsType) != 0; }

  constexpr NodeFlags with(std::uint8_t bits) const {
    return NodeFlags(static_cast<std::uint8_t>(byte_ | bits));
  }
  friend constexpr bool operator==(NodeFlags, NodeFlags) = default;

 private:
  std::uint8_t byte_;
};

}  // namespace ouro::graph
