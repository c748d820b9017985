// What frames and modules hold at a few steps: what a program works on now, and where it has what
// lives long, its caches, registries and classes. All of it is alive.
//
// Found in parts, as far as the asker wants to go; each part breadth first, so many objects at
// most:
//
//   frames    what variables and stacks hold
//   further   the same, sixteen times as many
//   modules   from sys.modules on, without functions, which rarely hold data of programs, and
//             without classes
//   classes   those, and what only they lead to
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class RootSurroundings {
 public:
  /// For a heap of about so many objects. All parts take less than half as long as a look at all.
  explicit RootSurroundings(std::uint64_t heap_size)
      : part_(heap_size / 64 < kLeast  ? kLeast
              : heap_size / 64 > kMost ? kMost
                                       : heap_size / 64) {}

  /// Finds the next part. False: there is none, or no memory.
  bool grow();
  bool has_memory() const { return has_memory_; }
  /// What the last grow() found.
  std::span<Object* const> newest() const {
    return {objects_.data() + newest_, static_cast<std::size_t>(count_ - newest_)};
  }
  /// Whether it is in any part.
  bool contain(const Object* object) const { return known_.contains(address_of(object)); }

 private:
  static constexpr std::uint64_t kLeast = 1u << 10;
  static constexpr std::uint64_t kMost = 1u << 14;
  /// What one object leads to: a list that grows is not to leave no room for what else there is.
  static constexpr std::uint64_t kMostOfOne = 1u << 11;

  enum class Part { kFrames, kFurther, kModules, kClasses, kEnd };

  void add_held_by_frames();
  void add_modules();
  void add_classes();
  void add(Object* object);
  /// Adds what the objects from next_ on lead to, and what that leads to, until there are most_.
  void spread();

  std::uint64_t part_;  ///< how many objects, and how many classes
  Part next_part_ = Part::kFrames;
  bool has_memory_ = true;
  AddressTable known_;
  GrowingArray<Object*> objects_;
  std::uint64_t count_ = 0;
  std::uint64_t most_ = 0;
  std::uint64_t newest_ = 0;
  std::uint64_t next_ = 0;  ///< the first whose references are not all met
  Object* modules_ = nullptr;
  GrowingArray<Object*> classes_;  ///< from Part::kModules on, where they wait
  std::uint64_t class_count_ = 0;
};

}  // namespace ouro::python::walker
