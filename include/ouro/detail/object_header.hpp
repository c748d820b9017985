// The eight bytes in front of every managed object.
//
//   slot                       object
//   |                          |
//   v                          v
//   +------------+-------------+----------------------
//   | count  u32 |  bits  u32  | the user's T ...
//   +------------+-------------+----------------------
//
//   bits:  31 ............ 8 |   7 .. 5    |    4     |     3     | 2 1 0
//          link of a list    | saved state | has weak | finalized | state
//
// The link and the saved state belong to objects whose destructor waits (src/runtime/release.cpp).
//
// There is no list through the objects: the page table (page.hpp) finds them all, which is why a
// header costs 8 bytes here and 16 in CPython.
//
// Invariants
//  1. A slot whose state is kFree holds no object; while it is on its page's list `count` is the
//     offset of the next free slot. Memory fresh from the system is zero and therefore free.
//  2. A count with its top bit set never changes again: the object is immortal, or 2^31 references
//     existed at once. Such an object is never freed by its count.
//  3. `count` of a live object is the number of `Ref`s that hold it, neither more nor less.
//
// Not thread-safe: a header belongs to its heap, a heap to one thread at a time.
#pragma once

#include <cstdint>

namespace ouro::detail {

/// What a slot holds. The three generations stand side by side: those up to one of them are a mask.
enum class State : std::uint32_t {
  kFree = 0,          ///< no object
  kGeneration0 = 1,   ///< tracked, young
  kGeneration1 = 2,   ///< tracked, survived one collection
  kGeneration2 = 3,   ///< tracked, old
  kSuspect = 4,       ///< tracked, member of a set that is being judged (garbage until shown alive)
  kConstructing = 5,  ///< its constructor has not returned: never traced
  kUntracked = 6,     ///< its type cannot hold references: never traced
  kDying = 7,         ///< its destructor is running or waits to run
};

/// A set of states: bit `state` of each of its four bytes. The two flags that stand above the state
/// in a header select the byte, so that a look at a header needs no mask, only the `bt` of x86.
using StateSet = std::uint32_t;

inline constexpr StateSet kInEachByte = 0x01010101u;

constexpr StateSet set_of(State state) noexcept {
  return kInEachByte << static_cast<std::uint32_t>(state);
}

constexpr State state_of_generation(int generation) noexcept {
  return static_cast<State>(generation + 1);
}

/// The states of all objects in generations 0 to `generation`.
constexpr StateSet generations_up_to(int generation) noexcept {
  return kInEachByte * (((1u << (generation + 1)) - 1u) << 1);
}

inline constexpr StateSet kTracked = generations_up_to(2) | set_of(State::kSuspect);
inline constexpr StateSet kAlive = kTracked | set_of(State::kUntracked);

struct ObjectHeader {
  static constexpr std::uint32_t kStateMask = 7;
  static constexpr std::uint32_t kFinalized = 1u << 3;
  static constexpr std::uint32_t kHasWeak = 1u << 4;
  static constexpr std::uint32_t kSavedStateShift = 5;
  static constexpr std::uint32_t kLinkShift = 8;
  static constexpr std::uint32_t kImmortal = 0xC0000000u;

  std::uint32_t count;
  std::uint32_t bits;

  State state() const noexcept { return static_cast<State>(bits & kStateMask); }
  bool is_in(StateSet set) const noexcept { return ((set >> (bits & 31u)) & 1u) != 0; }
  bool is_immortal() const noexcept { return static_cast<std::int32_t>(count) < 0; }

  void set_state(State state) noexcept {
    bits = (bits & ~kStateMask) | static_cast<std::uint32_t>(state);
  }

  void* object() noexcept { return this + 1; }

  static ObjectHeader* of(const void* object) noexcept {
    return const_cast<ObjectHeader*>(static_cast<const ObjectHeader*>(object)) - 1;
  }
};

static_assert(sizeof(ObjectHeader) == 8);

}  // namespace ouro::detail
