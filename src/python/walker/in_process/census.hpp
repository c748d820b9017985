// Counts what the collector tracks by class, and finds the objects of some: one pass, a table from
// class to number. Never reads a name: names may be Python code.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/in_process/address_table.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapFlood;

struct ClassCount {
  Object* type;
  std::uint64_t count;
  /// Less, the earlier gc.get_objects() has the first of its objects.
  std::uint64_t first_place;
};

/// What one thread has counted.
class ClassCounts {
 public:
  /// One more at a place; false where there is no memory.
  bool add(Object* type, std::uint64_t place);
  /// One less than there were, and its place stays.
  void take_back(const Object* type) { --classes_[types_.find(address_of(type))].count; }
  /// What another thread has counted of other objects; false where there is no memory.
  bool add_all(const ClassCounts& others);
  /// In no order.
  std::span<const ClassCount> classes() const { return {classes_.data(), types_.count()}; }

 private:
  ClassCount* made(Object* type, std::uint64_t place);

  AddressTable types_;
  GrowingArray<ClassCount> classes_;
};

class Census {
 public:
  /// Counts; false where there is no memory.
  bool take();
  /// The same, and `flood`, which knows none, is told of each object. By two threads.
  bool take(HeapFlood& flood);
  /// In no order.
  std::span<const ClassCount> classes() const { return counts_.classes(); }

 private:
  ClassCounts counts_;
};

/// Whose objects are wanted.
enum class Choice : std::uint8_t { kNo, kPerhaps, kYes };

/// Asked once of each class, in the midst of the walk: it may run nothing of Python, and make no
/// object that the collector tracks.
using ChooseClass = Choice (*)(Object* type, void* argument);

/// Told of each object found, while its memory is at hand: to count it. The same holds.
using KeepObject = void (*)(Object* object, Choice choice, void* argument);

class ObjectsOfClasses {
 public:
  /// False where there is no memory; what was found until then was kept.
  bool find(ChooseClass choose, void* argument, KeepObject keep);
  /// In the order of gc.get_objects().
  std::span<Object* const> objects() const { return {objects_.data(), count_}; }

 private:
  /// There is room.
  void add_in_reverse(const GrowingArray<Object*>& objects, std::uint64_t count);

  AddressTable types_;
  GrowingArray<Choice> choices_;
  GrowingArray<Object*> objects_;
  std::uint64_t count_ = 0;
};

/// Those of some addresses that are tracked, in the order of gc.get_objects().
class ObjectsAtAddresses {
 public:
  /// Before find(). False where there is no memory.
  bool add(std::uint64_t address) { return addresses_.number_of(address) != AddressTable::kNone; }
  bool find();
  std::span<Object* const> objects() const { return {objects_.data(), count_}; }

 private:
  AddressTable addresses_;
  GrowingArray<Object*> objects_;
  std::uint64_t count_ = 0;
};

}  // namespace ouro::python::walker
