// Which tracked objects are garbage: what gc.collect() would free, found in a fifth of its time.
//
//   flood     what modules, frames and frozen objects lead to is alive (heap_flood.hpp)
//   rest      what is left, a few thousand objects usually: those that count more references than
//             others of the rest have are held from outside (by C, by built-in types), and alive
//             with all they lead to, as the collector tells it
//
// The collector does the second step with all objects, in the order of its list, and reads each
// four times; the flood reads each twice, and is shared by processors.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class AliveGoal;
class HeapFlood;
class ObjectMarks;

class Garbage {
 public:
  enum class Result {
    kFound,     ///< objects() are all there are, none perhaps
    kNoMemory,  ///< not known: let the collector look
    kTooMuch,   ///< the same, because the flood did not reach most of the heap
  };
  /// `python_class`: one made in Python, derived from object.
  Result find(const Object* python_class);
  /// After a pass that has told `flood` of what is tracked. With a goal all there are, or none
  /// where it was reached.
  Result find(const Object* python_class, HeapFlood& flood, AliveGoal* goal);
  /// By address.
  std::span<Object* const> objects() const { return {rest_.data(), garbage_count_}; }

 private:
  /// Looking at so few a second time takes no time worth saving.
  static constexpr std::uint64_t kMostOfRest = 1u << 16;

  /// What is tracked and not marked as alive becomes rest_.
  Result list_rest(const ObjectMarks& marks);
  Result find_in_rest();

  GrowingArray<Object*> rest_;  ///< in the end the garbage in front
  std::uint64_t rest_count_ = 0;
  std::uint64_t garbage_count_ = 0;
};

}  // namespace ouro::python::walker
