// What a piece of work left behind on the heap: objects that are still alive, who holds them, and
// the cycles that the collector had to find. For tests of any framework; leak_listener.hpp does it
// for every test of a GoogleTest program.
//
//   ouro::testing::LeakWatch watch;
//   serve_one_client();
//   const ouro::testing::Leaks left = watch.look();
//   if (!left.alive.empty()) std::cerr << to_string(left);
//
// One look cannot tell a leak from a cache that has filled: do the work once before the watch
// begins, and several times after.
//
// Looked at are the calling thread's current heap, and what threads that have ended left behind.
// Both collect. Link ouro::testing (CMake), or `pkg-config --libs ouro-testing`.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ouro::testing {

/// Objects of one type that are alive and were not before.
struct LeftAlive {
  std::string type;
  std::size_t objects = 0;
  std::size_t bytes = 0;  ///< of the objects alone; 0 with Look::kCounts
  /// Where they are, by the path of references from a variable: "global variable
  /// connections[].packets_[]". The place of the most first; empty with Look::kCounts.
  std::vector<std::string> held_by;

  friend bool operator==(const LeftAlive&, const LeftAlive&) = default;
};

/// Objects that nothing held any more but each other.
struct CyclesLeft {
  std::string shape;       ///< "Dungeon.monsters[] -> Monster.dungeon ->"
  std::string make_weak;   ///< the reference without which counts alone free them
  std::size_t groups = 0;  ///< how many times; each is a dungeon with all its monsters
  std::size_t objects = 0;

  friend bool operator==(const CyclesLeft&, const CyclesLeft&) = default;
};

struct Leaks {
  /// The nearest to a variable first: who stands first mostly holds the others.
  std::vector<LeftAlive> alive;
  std::vector<CyclesLeft> cycles;  ///< most objects first
  /// What the look itself collected: in cycles, and held by those.
  std::size_t found_by_collector = 0;
  /// What automatic collections and calls of gc::collect freed before; of them no shape is known.
  std::size_t collected_meanwhile = 0;
};

/// What a look is to find out.
enum class Look {
  kCounts,   ///< how many objects of each type. O(pages of the heap)
  kHolders,  ///< and who holds them. O(heap), and the names of the program's variables are read
};

/// Remembers the heap when it is made, and says what has come to it since.
class LeakWatch {
 public:
  /// Collects, so that garbage of before is nobody's.
  explicit LeakWatch(Look look = Look::kHolders);
  LeakWatch(const LeakWatch&) = delete;
  LeakWatch& operator=(const LeakWatch&) = delete;
  ~LeakWatch();

  /// Collects and compares. May be called again; it is always since the beginning. Finalizers of
  /// cyclic garbage and callbacks of weak references to it run as in any collection.
  /// Preconditions: those of gc::collect; the same current heap.
  Leaks look();

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

/// For people: a line for each type and shape, with what may be done; "" where nothing was left.
std::string to_string(const Leaks& leaks);

}  // namespace ouro::testing
