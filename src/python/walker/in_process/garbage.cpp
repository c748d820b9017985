#include "python/walker/in_process/garbage.hpp"

#include "python/walker/counts.hpp"
#include "python/walker/in_process/address_table.hpp"
#include "python/walker/in_process/heap_flood.hpp"
#include "python/walker/in_process/referents.hpp"

namespace ouro::python::walker {

Garbage::Result Garbage::find(const Object* python_class) {
  HeapFlood flood;
  return flood.track_all() ? find(python_class, flood, nullptr) : Result::kNoMemory;
}

Garbage::Result Garbage::find(const Object* python_class, HeapFlood& flood, AliveGoal* goal) {
  if (!flood.run(python_class, goal)) return Result::kNoMemory;
  if (goal != nullptr && goal->is_reached()) return Result::kFound;
  const Result result = list_rest(flood.marks());
  return result == Result::kFound ? find_in_rest() : result;
}

Garbage::Result Garbage::list_rest(const ObjectMarks& marks) {
  bool has_memory = true;
  marks.for_each_not_alive([&](std::uint64_t address) {
    has_memory = has_memory && rest_.reserve(rest_count_ + 1);
    if (has_memory) rest_[rest_count_++] = object_at(address);
  });
  if (!has_memory) return Result::kNoMemory;
  const bool is_small = rest_count_ <= kMostOfRest || rest_count_ <= marks.tracked_count() / 4;
  return is_small ? Result::kFound : Result::kTooMuch;
}

Garbage::Result Garbage::find_in_rest() {
  AddressTable numbers;
  GrowingArray<std::uint64_t> inner_references;  // by number; kHeld: held from outside
  GrowingArray<std::uint32_t> held;              // numbers, to be looked at
  if (!inner_references.reserve(rest_count_) || !held.reserve(rest_count_)) {
    return Result::kNoMemory;
  }
  for (std::uint64_t at = 0; at < rest_count_; ++at) {
    if (numbers.number_of(address_of(rest_[at])) == AddressTable::kNone) return Result::kNoMemory;
  }
  const auto for_each_inner = [&](std::uint32_t from, auto visit) {
    for_each_referent(rest_[from], [&](const Object* target) {
      const std::uint32_t number = numbers.find(address_of(target));
      if (number != AddressTable::kNone) visit(number);
    });
  };
  const auto count = static_cast<std::uint32_t>(rest_count_);
  for (std::uint32_t number = 0; number < count; ++number) {
    for_each_inner(number, [&](std::uint32_t target) { ++inner_references[target]; });
    for_each_uncounted_referent(rest_[number], [&](const Object* target) {
      const std::uint32_t at = numbers.find(address_of(target));
      if (at != AddressTable::kNone) --inner_references[at];
    });
  }
  constexpr std::uint64_t kHeld = ~std::uint64_t{0};
  std::uint64_t held_count = 0;
  const auto hold = [&](std::uint32_t number) {
    if (inner_references[number] == kHeld) return;
    inner_references[number] = kHeld;
    held[held_count++] = number;
  };
  for (std::uint32_t number = 0; number < count; ++number) {
    const Count references = count_of(rest_[number], TypeInfo{});
    if (references.is_immortal || references.references != inner_references[number]) hold(number);
  }
  for (std::uint64_t at = 0; at < held_count; ++at) for_each_inner(held[at], hold);
  for (std::uint32_t number = 0; number < count; ++number) {
    if (inner_references[number] != kHeld) rest_[garbage_count_++] = rest_[number];
  }
  return Result::kFound;
}

}  // namespace ouro::python::walker
