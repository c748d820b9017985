// The cycle collector, by the names and with the meaning of Python's gc module. Every function
// works on the calling thread's current heap (heap.hpp).
//
// Objects start in generation 0. When tracked objects made minus freed exceeds threshold 0, the
// next make<T>() collects generation 0; what survives moves to generation 1, and so on to 2. Every
// threshold-1-th collection of generation 0 takes generation 1 along; every threshold-2-th
// collection of generation 1 takes generation 2 along, provided that what came into it since the
// last full collection is at least a quarter of what was in it then. A threshold 0 of 0 switches
// automatic collection off.
//
// The cost of a collection is linear in the objects of the generations it looks at, not in the
// rest.
//
// How it works, with a drawing for each step: docs/design/collector.md.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <span>
#include <string_view>
#include <vector>

#include <ouro/ref.hpp>

namespace ouro {

/// The name of the type that was made, whatever the Ref's own type; "None" for null.
std::string_view type_name(const Ref<void>& ref) noexcept;

namespace gc {

void enable() noexcept;
void disable() noexcept;
bool isenabled() noexcept;

/// Collects generations 0 to `generation` now, also while disabled. Returns the number of
/// unreachable objects found, collectable or not; 0 if called from within a collection of the same
/// heap (a finalizer, a callback).
/// Throws std::invalid_argument for a generation other than 0, 1 and 2.
/// Precondition: no container of references in a living object is in the middle of a change: do not
/// call it from a destructor that such a change may run. (Automatic collections wait until no
/// destructor of a managed object runs.)
std::size_t collect(int generation = 2);

/// Judges just these objects: frees those that nothing outside the set keeps alive. Any set is
/// safe: what is referred to from outside of it stays. The references in `objects` are given up
/// first. Objects that are untracked, frozen or of another heap stay as they are.
std::size_t collect(std::vector<Ref<void>>&& objects);

/// Sets thresholds; those not given stay.
void set_threshold(std::size_t threshold0) noexcept;
void set_threshold(std::size_t threshold0, std::size_t threshold1) noexcept;
void set_threshold(std::size_t threshold0, std::size_t threshold1, std::size_t threshold2) noexcept;
std::array<std::size_t, 3> get_threshold() noexcept;

/// {tracked objects made minus freed, collections of generation 0, collections of generation 1}
/// since the generation above was last collected.
std::array<std::size_t, 3> get_count() noexcept;

struct GenerationStats {
  std::size_t collections = 0;    ///< how often this generation was the oldest collected
  std::size_t collected = 0;      ///< objects freed
  std::size_t uncollectable = 0;  ///< objects with legacy finalizers, and what these refer to
  std::size_t candidates = 0;     ///< objects looked at
  std::chrono::nanoseconds duration{0};
};
std::array<GenerationStats, 3> get_stats() noexcept;

// ---- debugging: flags of Python 3, and DEBUG_OBJECTS of Python 2 ----------------------------

inline constexpr unsigned DEBUG_STATS = 1;          ///< a report on each collection
inline constexpr unsigned DEBUG_COLLECTABLE = 2;    ///< "gc: collectable <Dungeon 0x...>"
inline constexpr unsigned DEBUG_UNCOLLECTABLE = 4;  ///< "gc: uncollectable <Dungeon 0x...>"
inline constexpr unsigned DEBUG_OBJECTS = 16;  ///< accepted; the two above imply it, as in Python 3
inline constexpr unsigned DEBUG_SAVEALL = 32;  ///< put all garbage into garbage(), free none
inline constexpr unsigned DEBUG_LEAK = DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL;

void set_debug(unsigned flags) noexcept;
unsigned get_debug() noexcept;
/// Where the messages of this heap go instead of standard error. The stream must outlive its use.
void set_debug_stream(std::ostream& stream) noexcept;

/// What was found unreachable and could not be freed, or was to be saved. References like any
/// other: clear the vector to let the objects go.
std::vector<Ref<void>>& garbage() noexcept;

// ---- being told -----------------------------------------------------------------------------

enum class Phase { start, stop };

struct CollectionInfo {
  int generation = 0;
  std::size_t collected = 0;      ///< freed; 0 in phase start
  std::size_t uncollectable = 0;  ///< kept for a legacy finalizer; 0 in phase start
  std::size_t candidates = 0;     ///< objects looked at; 0 in phase start
  std::chrono::nanoseconds duration{0};
};

using Callback = std::function<void(Phase, const CollectionInfo&)>;
/// Called before and after each collection. What a callback throws is reported and ignored.
std::vector<Callback>& callbacks() noexcept;

// ---- frozen objects -------------------------------------------------------------------------

/// Leaves all objects that exist now out of every later collection; costs a flag a page. They are
/// still freed by their count.
void freeze();
/// Puts them back into generation 2.
void unfreeze();
std::size_t get_freeze_count() noexcept;

// ---- looking at the heap --------------------------------------------------------------------

/// All tracked objects, without frozen ones; each is referred to by the result, which counts.
std::vector<Ref<void>> get_objects();
/// Those in one generation. Precondition: 0 <= generation <= 2.
std::vector<Ref<void>> get_objects(int generation);

/// Tracked objects of the heap that refer directly to any of `objects`. Looks at every object.
std::vector<Ref<void>> get_referrers(std::span<const Ref<void>> objects);
/// What `objects` refer to directly, in order, once for each reference.
std::vector<Ref<void>> get_referents(std::span<const Ref<void>> objects);

template <class... T>
std::vector<Ref<void>> get_referrers(const Ref<T>&... objects) {
  const std::array<Ref<void>, sizeof...(T)> all{objects...};
  return get_referrers(std::span<const Ref<void>>(all));
}
template <class... T>
std::vector<Ref<void>> get_referents(const Ref<T>&... objects) {
  const std::array<Ref<void>, sizeof...(T)> all{objects...};
  return get_referents(std::span<const Ref<void>>(all));
}

/// Whether the collector looks at the object: its type can hold references. False for null.
bool is_tracked(const Ref<void>& object) noexcept;
/// Whether its finalizer has been called. False for null.
bool is_finalized(const Ref<void>& object) noexcept;

}  // namespace gc

/// What was thrown where nobody can catch it: in a finalizer, a weak reference's callback, a gc
/// callback. `where` says which ("finalizer of Dungeon"). The default writes a line to standard
/// error.
using UnraisableHook = std::function<void(std::string_view where, std::string_view what)>;
/// Sets the hook of the process and returns the old one; an empty hook restores the default.
UnraisableHook set_unraisable_hook(UnraisableHook hook);

}  // namespace ouro
