// IdTable<T>: numbers in place of references, the game developer's way to avoid cycles.
//
//   ouro::IdTable<Dungeon> dungeons;
//   monster->dungeon_id = dungeons.add(dungeon);        // an Id<Dungeon>: a plain 8-byte value
//   if (auto dungeon = dungeons.find(monster->dungeon_id)) { ... }
//
// The table does not keep objects alive. An id is never mistaken for another object's: a slot that
// is reused gives a new generation number, and a slot whose numbers are used up is used no more.
//
//   Id:  [ slot index u32 | generation u32 ]        generation 0 is never given: Id{} finds nothing
//
// add, find and erase take constant time; a slot costs 24 bytes and the object's weak reference.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <ouro/weakref.hpp>

namespace ouro {

template <class T>
struct Id {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;

  /// Whether it was ever given; its object may be dead.
  explicit operator bool() const noexcept { return generation != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

template <class T>
class IdTable {
 public:
  IdTable() : slots_(std::make_unique<Slots>()) {}

  /// A new id for the object, each time another one. Precondition: object is not null, and the
  /// table has not given 2^32 ids to objects that live at once.
  Id<T> add(const Ref<T>& object) {
    Slots* const slots = slots_.get();
    if (slots->first_free == kNone) {
      slots->all.emplace_back();
      slots->first_free = static_cast<std::uint32_t>(slots->all.size() - 1);
    }
    const std::uint32_t index = slots->first_free;
    WeakRef<T> weak(object, [slots, index] { slots->release(index); });
    Slot& slot = slots->all[index];
    slots->first_free = slot.next_free;
    slot.weak = std::move(weak);
    ++slot.generation;
    ++slots->live;
    return {index, slot.generation};
  }

  /// The object, or null if it is dead or was erased.
  Ref<T> find(Id<T> id) const noexcept {
    return is_current(id) ? slots_->all[id.index].weak.lock() : Ref<T>();
  }
  bool contains(Id<T> id) const noexcept { return find(id) != nullptr; }

  /// Ends the id; the object lives on. Says whether the id was good.
  bool erase(Id<T> id) noexcept {
    if (!is_current(id) || slots_->all[id.index].weak.expired()) return false;
    slots_->release(id.index);
    return true;
  }

  /// How many ids lead to a living object.
  std::size_t size() const noexcept { return slots_->live; }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;

  struct Slot {
    WeakRef<T> weak;
    std::uint32_t generation = 0;
    std::uint32_t next_free = kNone;
  };
  // Apart from the table, so that callbacks keep finding it when the table moves.
  struct Slots {
    std::vector<Slot> all;
    std::uint32_t first_free = kNone;
    std::size_t live = 0;

    void release(std::uint32_t index) noexcept {
      Slot& slot = all[index];
      slot.weak = nullptr;
      --live;
      if (slot.generation == kNone) return;  // all its numbers are given
      slot.next_free = first_free;
      first_free = index;
    }
  };

  bool is_current(Id<T> id) const noexcept {
    return id.generation != 0 && id.index < slots_->all.size() &&
           slots_->all[id.index].generation == id.generation;
  }

  std::unique_ptr<Slots> slots_;
};

}  // namespace ouro

template <class T>
struct std::hash<ouro::Id<T>> {
  std::size_t operator()(const ouro::Id<T>& id) const noexcept {
    return std::hash<std::uint64_t>()(std::uint64_t{id.generation} << 32 | id.index);
  }
};
