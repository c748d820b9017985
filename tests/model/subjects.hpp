// The managed types that random programs are made of: one for each way a type can hold references,
// be laid out, and die. All are used through a Shape, by slots: slot i of a subject holds one Ref
// or null.
//
// Each subject begins with a Last and ends with a First. Members are destroyed in reverse, so First
// tells of a destructor before any reference is dropped, and Last when all are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/weakref.hpp>

namespace ouro::model {

using NodeId = std::uint32_t;
inline constexpr NodeId kNobody = 0;

using Any = Ref<void>;

/// What the subjects tell the program that runs (random_program.cpp).
namespace events {
void constructing(NodeId id, void* object);  ///< may throw
void finalizing(NodeId id);                  ///< may throw
void destroying(NodeId id) noexcept;
void destroyed(NodeId id) noexcept;
}  // namespace events

struct Last {
  NodeId id = kNobody;
  Last() = default;
  Last(const Last&) = delete;
  ~Last() {
    if (id != kNobody) events::destroyed(id);
  }
};

struct First {
  NodeId id = kNobody;
  First() = default;
  First(const First&) = delete;
  ~First() {
    if (id != kNobody) events::destroying(id);
  }
};

/// An aggregate. Nothing is declared.
struct Pair {
  Last last;
  Any a;
  Any b;
  First first;

  std::size_t size() const { return 2; }
  Any get(std::size_t slot) { return slot == 0 ? a : b; }
  Any take(std::size_t slot) { return std::move(slot == 0 ? a : b); }
  void set(std::size_t slot, Any to) { (slot == 0 ? a : b) = std::move(to); }
};

/// As many slots as one likes.
struct Fan {
  Last last;
  std::vector<Any> items;
  First first;

  std::size_t size() const { return items.size(); }
  Any get(std::size_t slot) { return items[slot]; }
  Any take(std::size_t slot) { return std::move(items[slot]); }
  void set(std::size_t slot, Any to) { items[slot] = std::move(to); }
  void grow(Any to) { items.push_back(std::move(to)); }
  void shrink() { items.pop_back(); }
  void clear() { items.clear(); }
};

/// References in a map, and in everything that may be empty.
struct Cell {
  Last last;
  std::map<int, Any> named;
  std::optional<Any> perhaps;
  std::variant<int, Any, std::string> either;
  std::unique_ptr<Any> boxed;
  First first;

  std::size_t size() const { return 5; }
  Any get(std::size_t slot) {
    switch (slot) {
      case 0:
        return perhaps.value_or(nullptr);
      case 1:
        return either.index() == 1 ? std::get<1>(either) : nullptr;
      case 2:
        return boxed == nullptr ? nullptr : *boxed;
      default:
        break;
    }
    const auto entry = named.find(static_cast<int>(slot));
    return entry == named.end() ? nullptr : entry->second;
  }
  Any take(std::size_t slot) {
    Any taken = get(slot);
    set(slot, nullptr);
    return taken;
  }
  void set(std::size_t slot, Any to) {
    switch (slot) {
      case 0:
        set_optional(std::move(to));
        return;
      case 1:
        set_variant(std::move(to));
        return;
      case 2:
        boxed = to == nullptr ? nullptr : std::make_unique<Any>(std::move(to));
        return;
      default:
        break;
    }
    if (to == nullptr) {
      named.erase(static_cast<int>(slot));
    } else {
      named[static_cast<int>(slot)] = std::move(to);
    }
  }
  void set_optional(Any to) {
    if (to == nullptr) {
      perhaps.reset();
    } else {
      perhaps = std::move(to);
    }
  }
  void set_variant(Any to) {
    if (to == nullptr) {
      either = "none";
    } else {
      either = std::move(to);
    }
  }
};

/// All slots in a map, dropped at once by clear().
struct Directory {
  Last last;
  std::map<int, Any> entries;
  First first;

  std::size_t size() const { return 6; }
  Any get(std::size_t slot) {
    const auto entry = entries.find(static_cast<int>(slot));
    return entry == entries.end() ? nullptr : entry->second;
  }
  Any take(std::size_t slot) {
    Any taken = get(slot);
    entries.erase(static_cast<int>(slot));
    return taken;
  }
  void set(std::size_t slot, Any to) { entries[static_cast<int>(slot)] = std::move(to); }
  void clear() { entries.clear(); }
};

/// A class with a base, a virtual function and private members.
class Creature {
 public:
  virtual ~Creature() = default;
  virtual std::size_t size() const { return 1; }
  Last last;

 protected:
  Any soul_;
  OURO_TRACE(soul_)
};

class Boss : public Creature {
 public:
  std::size_t size() const override { return 4; }
  Any get(std::size_t slot) { return at(slot); }
  Any take(std::size_t slot) { return std::move(at(slot)); }
  void set(std::size_t slot, Any to) { at(slot) = std::move(to); }

 private:
  Any& at(std::size_t slot) {
    if (slot == 0) return soul_;
    return slot == 1 ? guard_ : treasure_[slot - 2];
  }
  Any guard_;
  std::array<Any, 2> treasure_;

 public:
  First first;
  OURO_TRACE_DERIVED(Creature, guard_, treasure_)
};

/// Cannot hold references: never tracked.
struct Leaf {
  Last last;
  std::uint64_t value = 0;
  First first;

  std::size_t size() const { return 0; }
};

/// More than a page; the references stand at both ends.
struct Slab {
  Last last;
  Any head;
  std::array<std::uint64_t, 9000> data;
  Any tail;
  First first;

  Slab() { data[0] = data[8999] = 0; }
  std::size_t size() const { return 2; }
  Any get(std::size_t slot) { return slot == 0 ? head : tail; }
  Any take(std::size_t slot) { return std::move(slot == 0 ? head : tail); }
  void set(std::size_t slot, Any to) { (slot == 0 ? head : tail) = std::move(to); }
  OURO_TRACE(head, tail)
};

/// Over-aligned.
template <std::size_t kAlignment>
struct alignas(kAlignment) Aligned {
  Last last;
  Any a;
  First first;

  std::size_t size() const {
    return reinterpret_cast<std::uintptr_t>(this) % kAlignment == 0 ? 1 : 1000;
  }
  Any get(std::size_t) { return a; }
  Any take(std::size_t) { return std::move(a); }
  void set(std::size_t, Any to) { a = std::move(to); }
};

/// Has a finalizer, which does what the program decides: resurrect, link, cut, allocate, throw.
struct Phoenix {
  Last last;
  Any a[3];
  First first;

  void finalize() { events::finalizing(last.id); }
  std::size_t size() const { return 3; }
  Any get(std::size_t slot) { return a[slot]; }
  Any take(std::size_t slot) { return std::move(a[slot]); }
  void set(std::size_t slot, Any to) { a[slot] = std::move(to); }
};

/// A finalizer without references.
struct Ember {
  Last last;
  First first;

  void finalize() { events::finalizing(last.id); }
  std::size_t size() const { return 0; }
};

/// Holds a weak reference beside a strong one. It is declared after it, and so dies before it.
struct Watcher {
  Last last;
  Any a;
  WeakRef<void> watched;
  First first;

  std::size_t size() const { return 1; }
  Any get(std::size_t) { return a; }
  Any take(std::size_t) { return std::move(a); }
  void set(std::size_t, Any to) { a = std::move(to); }
  WeakRef<void>& weak() { return watched; }
};

/// Its constructor makes children, and throws if it is told to.
class Builder {
 public:
  Last last;

  explicit Builder(NodeId id) {
    last.id = first.id = id;
    events::constructing(id, this);
  }
  std::size_t size() const { return 2; }
  Any get(std::size_t slot) { return slot == 0 ? a_ : b_; }
  Any take(std::size_t slot) { return std::move(slot == 0 ? a_ : b_); }
  void set(std::size_t slot, Any to) { (slot == 0 ? a_ : b_) = std::move(to); }

 private:
  Any a_;
  Any b_;

 public:
  First first;
  OURO_TRACE(a_, b_)
};

/// Has a destructor that nobody can see run, so that the runtime may take short cuts.
struct Quiet {
  Any a;
  Any b;

  std::size_t size() const { return 2; }
  Any get(std::size_t slot) { return slot == 0 ? a : b; }
  Any take(std::size_t slot) { return std::move(slot == 0 ? a : b); }
  void set(std::size_t slot, Any to) { (slot == 0 ? a : b) = std::move(to); }
};

struct QuietLeaf {
  std::uint32_t value = 0;

  std::size_t size() const { return 0; }
};

/// A type without its type.
struct Shape {
  const char* name;
  bool is_tracked;
  bool has_finalizer;
  bool is_quiet;
  std::size_t frequency;  ///< how often it is made, relative to the others
  Any (*make)(NodeId id);
  std::size_t (*size)(void* object);
  Any (*get)(void* object, std::size_t slot);
  Any (*take)(void* object, std::size_t slot);
  void (*set)(void* object, std::size_t slot, Any to);
  void (*grow)(void* object, Any to);  ///< null where the number of slots is fixed; so is shrink
  void (*shrink)(void* object);
  void (*clear)(void* object);           ///< drops all slots in one go; or null
  WeakRef<void>& (*weak)(void* object);  ///< or null
};

template <class T>
Shape shape_of(const char* name, bool is_tracked, std::size_t frequency) {
  Shape shape{};
  shape.name = name;
  shape.is_tracked = is_tracked;
  shape.frequency = frequency;
  shape.make = [](NodeId id) -> Any {
    if constexpr (std::is_constructible_v<T, NodeId>) {
      return ouro::make<T>(id);
    } else {
      Ref<T> made = ouro::make<T>();
      if constexpr (requires { made->last; }) made->last.id = made->first.id = id;
      return made;
    }
  };
  shape.is_quiet = !requires(T& subject) { subject.last; };
  shape.size = [](void* object) { return static_cast<T*>(object)->size(); };
  if constexpr (requires(T& subject) { subject.finalize(); }) shape.has_finalizer = true;
  if constexpr (requires(T& subject) { subject.get(0); }) {
    shape.get = [](void* object, std::size_t slot) { return static_cast<T*>(object)->get(slot); };
    shape.take = [](void* object, std::size_t slot) { return static_cast<T*>(object)->take(slot); };
    shape.set = [](void* object, std::size_t slot, Any to) {
      static_cast<T*>(object)->set(slot, std::move(to));
    };
  }
  if constexpr (requires(T& subject) { subject.shrink(); }) {
    shape.grow = [](void* object, Any to) { static_cast<T*>(object)->grow(std::move(to)); };
    shape.shrink = [](void* object) { static_cast<T*>(object)->shrink(); };
  }
  if constexpr (requires(T& subject) { subject.clear(); }) {
    shape.clear = [](void* object) { static_cast<T*>(object)->clear(); };
  }
  if constexpr (requires(T& subject) { subject.weak(); }) {
    shape.weak = [](void* object) -> WeakRef<void>& { return static_cast<T*>(object)->weak(); };
  }
  return shape;
}

enum ShapeIndex : std::uint8_t {
  kPair,
  kFan,
  kCell,
  kDirectory,
  kBoss,
  kLeaf,
  kSlab,
  kAligned256,
  kAligned4096,
  kPhoenix,
  kEmber,
  kWatcher,
  kBuilder,
  kQuiet,
  kQuietLeaf,
  kShapeCount
};

inline const std::array<Shape, kShapeCount>& shapes() {
  static const std::array<Shape, kShapeCount> all{
      shape_of<Pair>("Pair", true, 400),
      shape_of<Fan>("Fan", true, 150),
      shape_of<Cell>("Cell", true, 80),
      shape_of<Directory>("Directory", true, 50),
      shape_of<Boss>("Boss", true, 100),
      shape_of<Leaf>("Leaf", false, 80),
      shape_of<Slab>("Slab", true, 3),
      shape_of<Aligned<256>>("Aligned256", true, 30),
      shape_of<Aligned<4096>>("Aligned4096", true, 4),
      shape_of<Phoenix>("Phoenix", true, 120),
      shape_of<Ember>("Ember", false, 20),
      shape_of<Watcher>("Watcher", true, 60),
      shape_of<Builder>("Builder", true, 40),
      shape_of<Quiet>("Quiet", true, 0),
      shape_of<QuietLeaf>("QuietLeaf", false, 0),
  };
  return all;
}

}  // namespace ouro::model
