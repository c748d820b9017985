// What is on the heap, what grew, and who keeps an object alive; by the names and with the meaning
// of Python's objgraph. Every function looks at the calling thread's current heap (heap.hpp).
//
//   ouro::objgraph::show_growth();                       // what grew since the last call
//   auto leaked = ouro::objgraph::by_type("Monster");    // the objects themselves
//   auto chain = ouro::objgraph::find_backref_chain(leaked[0],
//   ouro::objgraph::is_held_from_outside); ouro::objgraph::show_backrefs(leaked[0], {.filename =
//   "monster.svg"});
//
// Names of types. "Dungeon" is any type of that name, in whatever namespace; a name with `::`
// outside of template arguments, "game::Dungeon", is that type alone. Names live as long as the
// program.
//
// Which objects. All of them, tracked or not (Python's objgraph sees tracked ones alone). An object
// counts from before its constructor runs until its destructor has returned; but a Ref to it is
// only given out, to a caller or a predicate, between the two.
//
// Looking does not change what is seen. Predicates are given a Ref that is not counted, take it by
// `const Ref<void>&`, and must not make or cut references between objects that exist; they may make
// objects, since no automatic collection runs meanwhile. Nothing is kept alive after return but by
// the Refs returned. What a predicate throws passes through. All functions may throw
// std::bad_alloc.
//
// docs/reference/objgraph.md compares each function with Python's.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ouro/base/result.hpp>
#include <ouro/detail/type_info_of.hpp>
#include <ouro/ref.hpp>

namespace ouro::detail {
std::size_t count_objects(const TypeInfo& type);
std::vector<Ref<void>> objects_of(const TypeInfo& type);
std::ostream& standard_output() noexcept;
}  // namespace ouro::detail

namespace ouro::objgraph {

using Predicate = std::function<bool(const Ref<void>&)>;

/// For a `limit` or a `too_many`: all of them. Python's None.
inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

// ---- counting -------------------------------------------------------------------------------

/// How many objects there are of the type, or of all types of that short name. O(pages of the
/// heap).
std::size_t count(std::string_view name);
/// How many of `objects` are. O(objects).
std::size_t count(std::string_view name, const std::vector<Ref<void>>& objects);
/// How many objects were made as a T: not those of types derived from it. O(pages of the heap).
template <class T>
std::size_t count() {
  return detail::count_objects(detail::type_info<std::remove_cv_t<T>>);
}

/// Counts by type name.
using TypeCounts = std::map<std::string_view, std::size_t>;

struct StatsOptions {
  /// "Dungeon" for "game::Dungeon"; types of one short name are lumped together.
  bool shortnames = true;
  Predicate filter = {};                            ///< counts only objects that it accepts
  const std::vector<Ref<void>>* objects = nullptr;  ///< counts these instead of the heap
};

/// The number of objects of every type that has any. O(pages), with a filter O(objects).
TypeCounts typestats(const StatsOptions& options = {});

/// The number of objects that threads left behind when they ended, because others still refer to
/// them; by full names. No other heap's function sees them. Precondition: no other thread makes or
/// drops references to them meanwhile. O(pages).
TypeCounts typestats_of_ended_threads();

struct TypeCount {
  std::string_view name;
  std::size_t count;
  friend bool operator==(const TypeCount&, const TypeCount&) = default;
};
/// The `limit` types with the most objects, the most frequent first, equals by name.
std::vector<TypeCount> most_common_types(std::size_t limit = 10, const StatsOptions& options = {});
/// Prints them, a line each.
void show_most_common_types(std::size_t limit = 10, std::ostream& out = detail::standard_output(),
                            const StatsOptions& options = {});

// ---- finding objects ------------------------------------------------------------------------

/// All objects of the type, as count(name) counts them. O(pages + objects of the type).
std::vector<Ref<void>> by_type(std::string_view name);
/// Those of `objects`.
std::vector<Ref<void>> by_type(std::string_view name, const std::vector<Ref<void>>& objects);
template <class T>
std::vector<Ref<T>> by_type() {
  std::vector<Ref<T>> objects;
  for (Ref<void>& object : detail::objects_of(detail::type_info<std::remove_cv_t<T>>)) {
    objects.push_back(static_pointer_cast<T>(std::move(object)));
  }
  return objects;
}

/// The living object that starts at the address, or null: safe for any address. O(pages).
Ref<void> at(const void* address);
template <std::integral Integer>
Ref<void> at(Integer address) {
  return at(reinterpret_cast<const void*>(static_cast<std::uintptr_t>(address)));
}
/// The objects at those of the addresses where there are any.
std::vector<Ref<void>> at_addrs(const std::vector<const void*>& addresses);

// ---- growth ---------------------------------------------------------------------------------

/// The highest counts seen by type: Python's peak_stats. Keep one of your own to compare with
/// another moment, or for a second heap.
using GrowthState = TypeCounts;
/// What growth and show_growth use unless told otherwise; one a thread.
GrowthState& default_growth_state() noexcept;

struct Growth {
  std::string_view name;
  std::size_t count;  ///< now
  std::size_t delta;  ///< more than ever before
  friend bool operator==(const Growth&, const Growth&) = default;
};
/// The types with more objects than at any earlier call, the largest increase first; at the first
/// call all types. Costs what typestats costs.
std::vector<Growth> growth(std::size_t limit = 10, GrowthState& peak_stats = default_growth_state(),
                           const StatsOptions& options = {});
/// Prints them, a line each; nothing when nothing grew.
void show_growth(std::size_t limit = 10, GrowthState& peak_stats = default_growth_state(),
                 std::ostream& out = detail::standard_output(), const StatsOptions& options = {});

/// Addresses by type name; in order.
using IdsByType = std::map<std::string_view, std::vector<const void*>>;

struct NewIdsState {
  IdsByType old_ids;
  IdsByType current_ids;
  IdsByType new_ids;
};
NewIdsState& default_new_ids_state() noexcept;  ///< one a thread

enum class NewIdsColumn { kOld, kCurrent, kNew, kDeltas };

struct NewIdsOptions {
  bool skip_update = false;  ///< prints and returns what the last call found, looking at nothing
  std::size_t limit = 10;    ///< rows printed; 0 prints nothing
  NewIdsColumn sortby = NewIdsColumn::kDeltas;  ///< the largest first
  bool shortnames = true;
  std::ostream* output = nullptr;  ///< null: std::cout
};

/// Prints how many objects of each type there were at the last call, are now and are new, and
/// returns the addresses of the new ones (for at_addrs) by type. It remembers addresses and keeps
/// no object alive; so a new object at the address of one that died since the last call is not seen
/// as new. O(objects) in time, and 16 bytes an object between calls.
const IdsByType& get_new_ids(const NewIdsOptions& options = {},
                             NewIdsState& state = default_new_ids_state());

// ---- chains ---------------------------------------------------------------------------------

/// Whether any reference to the object stands outside of the heap's objects: in a variable, on the
/// stack, in memory that is not traced, in another heap. The counterpart of Python's
/// is_proper_module, and the predicate for find_backref_chain. A Ref of yours is outside, too; but
/// not the one a predicate is given, nor the one given to find_backref_chain. False for null, true
/// for immortal objects. O(heap), but O(1) in a predicate, after the first time.
/// (Any Ref converts to the parameter without being counted; likewise below.)
bool is_held_from_outside(const detail::Reference& object);

/// A shortest chain of references that leads from `object` to an object the predicate accepts, both
/// included; at most `max_depth` references long, never through objects in `extra_ignore`. Just
/// {object} if there is none, as in Python; {} for null. O(what is reached).
std::vector<Ref<void>> find_ref_chain(const detail::Reference& object, const Predicate& predicate,
                                      std::size_t max_depth = 20,
                                      const std::vector<const void*>& extra_ignore = {});

/// The same backwards: from an object the predicate accepts to `object`. O(heap), and 8 bytes a
/// reference and a slot while it runs.
std::vector<Ref<void>> find_backref_chain(const detail::Reference& object,
                                          const Predicate& predicate, std::size_t max_depth = 20,
                                          const std::vector<const void*>& extra_ignore = {});

// ---- pictures -------------------------------------------------------------------------------

/// What a picture starts from: one Ref, `{a, b, c}`, or a vector of Refs. References that stand in
/// a std::vector<Ref<void>>, as by_type and find_ref_chain return it, are taken for means of
/// looking and not counted; all others are shown as what they are, references from outside.
class Objects {
 public:
  struct Given {
    const void* object;
    Given(const detail::Reference& reference) noexcept : object(reference.object_) {}
  };

  Objects(const detail::Reference& object) : all_{object.object_} {}
  Objects(std::initializer_list<Given> objects) {
    for (const Given& given : objects) all_.push_back(given.object);
  }
  template <class T>
  Objects(const std::vector<Ref<T>>& objects) {
    for (const Ref<T>& object : objects) all_.push_back(object.object_);
    if constexpr (std::is_void_v<T>) looked_through_ = &objects;
  }

  const std::vector<const void*>& all() const noexcept { return all_; }
  const std::vector<Ref<void>>* looked_through() const noexcept { return looked_through_; }

 private:
  std::vector<const void*> all_;
  const std::vector<Ref<void>>* looked_through_ = nullptr;
};

/// In the order of Python's arguments, which designated initialisers must keep.
struct ShowOptions {
  std::size_t max_depth = 3;                   ///< references between a start and what is shown
  std::vector<const void*> extra_ignore = {};  ///< objects to leave out
  Predicate filter = {};      ///< leaves out what it does not accept; not the starts
  std::size_t too_many = 10;  ///< references shown of one object
  Predicate highlight = {};   ///< objects to fill in another colour
  std::string filename = {};  ///< "x.dot", or a format of Graphviz: "x.svg", "x.png"
  /// Gives a line more for the object's node; empty for none.
  std::function<std::string(const Ref<void>&)> extra_info = {};
  bool refcounts = true;           ///< with the counts of references
  bool shortnames = true;          ///< "Dungeon" for "game::Dungeon"
  std::ostream* output = nullptr;  ///< where the DOT text is written as well
};

/// What show_refs and its like have written.
struct Picture {
  std::size_t node_count = 0;      ///< objects shown
  std::vector<std::string> paths;  ///< files written; none for `output` alone
  std::string message;             ///< for people: "Image generated as refs.svg (7 objects)"
};

/// Draws what `objects` refer to, directly and indirectly, as a picture: a box for each object with
/// its type, references, size in bytes and value where it is a string or a number; an arrow for
/// each reference, named by the field.
///
///   red arrows       reference cycles, as far as they are in the picture
///   green, doubled   objects held from outside of the heap's objects, with how often
///   bold border      the objects started from, the ends of a chain
///   amber            highlighted objects
///   "27 more ..."    references beyond `too_many`
///
/// With a `filename` other than ".dot" (or ".gv"), Graphviz's program `dot` draws it; where that is
/// not installed, the DOT text is written beside under the ending ".dot", and `message` says so.
/// Without `filename` and `output` the picture goes to a new PNG file among the system's temporary
/// files. Files appear complete or not at all, and replace older ones.
///
/// Errors: kInputOutput, the file cannot be written or Graphviz failed; kUnsupported, Graphviz does
/// not know the format. O(heap) for marking what is held from outside, and the time of Graphviz.
Result<Picture> show_refs(const Objects& objects, const ShowOptions& options = {});

/// The same backwards: what refers to `objects`.
Result<Picture> show_backrefs(const Objects& objects, const ShowOptions& options = {});

/// What show_chain draws: a chain, or several as `{one, two}` or in a vector. Copies no reference.
class Chains {
 public:
  struct Given {
    const std::vector<Ref<void>>* chain;
    Given(const std::vector<Ref<void>>& found) noexcept : chain(&found) {}
  };

  Chains(const std::vector<Ref<void>>& chain) : all_{&chain} {}
  Chains(std::initializer_list<Given> chains) {
    for (const Given& given : chains) all_.push_back(given.chain);
  }
  Chains(const std::vector<std::vector<Ref<void>>>& chains) {
    for (const std::vector<Ref<void>>& chain : chains) all_.push_back(&chain);
  }

  const std::vector<const std::vector<Ref<void>>*>& all() const noexcept { return all_; }

 private:
  std::vector<const std::vector<Ref<void>>*> all_;
};

/// Draws just the objects of chains that find_ref_chain or find_backref_chain has found, and the
/// references between them, whatever `max_depth`, `too_many` and `filter` say.
Result<Picture> show_chain(const Chains& chains, const ShowOptions& options = {});

}  // namespace ouro::objgraph
