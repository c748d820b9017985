// Which objects nothing that the collector tracks refers to: what objgraph calls leaking.
//
//   mark     the target of each reference of each tracked object, a bit each
//   look     which tracked objects have no mark
//
// The marks take 1/128 of the heap's size.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_tree.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class Unreferenced {
 public:
  /// `asker`: an object whose references do not count, or null. False where there is no memory.
  bool mark(const Object* asker);
  /// After mark().
  bool is_referenced(const Object* object) { return marks_.contains(address_of(object)); }
  /// After mark(): the tracked objects without references, in the order of gc.get_objects().
  bool look();
  std::span<Object* const> objects() const { return {objects_.data(), count_}; }

 private:
  AddressBits marks_;
  GrowingArray<Object*> objects_;
  std::uint64_t count_ = 0;
};

}  // namespace ouro::python::walker
