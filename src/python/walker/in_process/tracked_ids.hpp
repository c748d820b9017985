// Which tracked objects are new since the last look: by address and name of the class, as objgraph
// tells them apart (an object at the place of a dead one of the same class is not new).
//
//   look()         walks; keeps address and class of each
//   name_classes   the caller says which number the name of each class has, which may take Python
//   compare()      with the last look; gives a run of new addresses for each name
//
// Between looks it keeps a u32 for each 32 bytes of the heap: no two tracked objects begin in the
// same 32 bytes, as each has 16 before it.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_pages.hpp"
#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class NamesByAddress {
 public:
  bool set(std::uint64_t address, std::uint32_t name) {
    std::uint32_t* word = words_.word_at(address);
    if (word != nullptr) *word = word_of(address, name);
    return word != nullptr;
  }
  bool has(std::uint64_t address, std::uint32_t name) {
    return words_.find(address) == word_of(address, name);
  }

 private:
  /// Never zero; the lowest bit says which half of the 32 bytes.
  static std::uint32_t word_of(std::uint64_t address, std::uint32_t name) {
    return (name + 1) << 1 | static_cast<std::uint32_t>(address >> 4 & 1);
  }

  AddressPages<std::uint32_t, 5> words_;
};

class TrackedLook {
 public:
  /// False where there is no memory.
  bool look();
  std::span<Object* const> classes() const { return {classes_.data(), types_.count()}; }

  /// `name_by_class`: a number for each of classes(). Calls `on_object(address, name, is_new,
  /// argument)` for each object, and enters it into `now`. False where there is no memory.
  using OnObject = void (*)(std::uint64_t address, std::uint32_t name, bool is_new, void* argument);
  bool compare(std::span<const std::uint32_t> name_by_class, NamesByAddress& before,
               NamesByAddress& now, OnObject on_object, void* argument) const;

 private:
  struct Tracked {
    std::uint64_t address;
    std::uint64_t class_number;
  };

  AddressTable types_;
  GrowingArray<Object*> classes_;
  GrowingArray<Tracked> tracked_;
  std::uint64_t count_ = 0;
};

}  // namespace ouro::python::walker
