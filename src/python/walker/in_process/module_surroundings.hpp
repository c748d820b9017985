// What modules hold at a few steps: where programs have what lives long, their caches, registries
// and classes. All of it is alive.
//
// Breadth first from sys.modules, so many objects at most, without functions, which rarely hold
// data of programs. First what is no class, then classes and what only they lead to.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class ModuleSurroundings {
 public:
  /// For a heap of about so many objects. It takes less than half as long as a look at all of them.
  explicit ModuleSurroundings(std::uint64_t heap_size)
      : part_(heap_size / 64 < kLeast  ? kLeast
              : heap_size / 64 > kMost ? kMost
                                       : heap_size / 64) {}

  /// False where there is no memory.
  bool find();
  std::span<Object* const> objects() const { return {objects_.data(), count_}; }
  bool contain(const Object* object) const { return known_.contains(address_of(object)); }

 private:
  static constexpr std::uint64_t kLeast = 1u << 10;
  static constexpr std::uint64_t kMost = 1u << 14;
  /// What one object leads to: a list that grows is not to leave no room for what else there is.
  static constexpr std::uint64_t kMostOfOne = 1u << 11;

  /// Adds what the objects from `first` on lead to, and what that leads to: part_ at most.
  bool spread(std::uint64_t first);
  /// False where there is no memory.
  bool add(Object* object);

  std::uint64_t part_;  ///< how many of each of the two, and how many classes
  AddressTable known_;
  GrowingArray<Object*> objects_;
  std::uint64_t count_ = 0;
  std::uint64_t most_ = 0;  ///< of objects_, now
  GrowingArray<Object*> classes_;
  std::uint64_t class_count_ = 0;
};

}  // namespace ouro::python::walker
