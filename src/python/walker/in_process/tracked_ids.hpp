// Which tracked objects are new since the last look: by address and name of the class, as objgraph
// tells them apart (an object at the place of a dead one of the same class is not new).
//
//   look()         walks; keeps address and class of each
//   name_classes   the caller says which number the name of each class has, which may take Python
//   compare()      with the last look, which it replaces
//
// Between looks it keeps a u32 for each 32 bytes of the heap: no two tracked objects begin in the
// same 32 bytes, as each has 16 before it.
//
//   word     [ name: 20 bits | look: 11 bits | half: bit 4 of the address ]
//
// Each look has a number; words of other looks than the last are of dead objects. So a look writes
// into what the last left, and not 1/8 of the heap anew; only when numbers run out it does.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/in_process/address_tree.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// The objects of the last look by address and name, and those of the one that is under way.
class NamesByAddress {
 public:
  static constexpr std::uint32_t kMostNames = 1u << 20;

  /// Whether the last look entered the object by this name.
  bool has(std::uint64_t address, std::uint32_t name) {
    return *finder_.find(address) == word_of(address, name, last_look_);
  }
  /// Enters it for this look. False where there is no memory.
  bool enter(std::uint64_t address, std::uint32_t name) {
    std::uint32_t* word = words_.make(address);
    if (word != nullptr) *word = word_of(address, name, last_look_ + 1);
    return word != nullptr;
  }
  /// This look is the last now.
  void end_look() { ++last_look_; }
  /// There is no number for another look.
  bool is_used_up() const { return last_look_ + 1 == kLooks; }

 private:
  static constexpr std::uint32_t kLooks = 1u << 11;
  using Words = AddressTree<std::uint32_t, 5>;

  static std::uint32_t word_of(std::uint64_t address, std::uint32_t name, std::uint32_t look) {
    return name << 12 | look << 1 | static_cast<std::uint32_t>(address >> 4 & 1);
  }

  Words words_;
  Words::Finder finder_{words_};
  std::uint32_t last_look_ = 1;  // what was never entered is of look 0
};

class TrackedLook {
 public:
  /// False where there is no memory.
  bool look();
  std::span<Object* const> classes() const { return {classes_.data(), types_.count()}; }
  /// How many objects of each of classes() there are.
  std::span<const std::uint64_t> counts() const { return {counts_.data(), types_.count()}; }

  /// `name_by_class`: a number below kMostNames for each of classes(). Enters all objects into
  /// `now`, which may be `before`, and calls `on_new(address, name, argument)` for those that
  /// `before` has not. False where there is no memory.
  using OnNew = void (*)(std::uint64_t address, std::uint32_t name, void* argument);
  bool compare(std::span<const std::uint32_t> name_by_class, NamesByAddress& before,
               NamesByAddress& now, OnNew on_new, void* argument) const;

 private:
  // [ class: 17 bits | address ]: so many classes have objects in no program.
  static constexpr int kAddressBits = 47;
  static constexpr std::uint64_t kMostClasses = 1u << (64 - kAddressBits);

  AddressTable types_;
  GrowingArray<Object*> classes_;
  GrowingArray<std::uint64_t> counts_;
  GrowingArray<std::uint64_t> tracked_;
  std::uint64_t count_ = 0;
};

}  // namespace ouro::python::walker
