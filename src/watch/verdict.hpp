// What is going on with a program's memory: the trend of what the process takes beside the trend of
// what its Python objects take.
//
//   the process    its objects        it is
//   grows          grow with it       objects: at least half of the growth is theirs
//                  grow, but less     partly objects: at least 15 %
//                  do not             no objects: a leak in C code, or fragmentation
//   does not grow  grow               objects, in memory that the process had taken before
//                  fall               the objects have gone, their memory is kept for the next
//   neither                           settled, falls, or too early to say
//
// Objects are measured as sys.getsizeof does, which leaves out what the allocator rounds up and
// buffers that a class written in C does not tell; so half is much.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "watch/series.hpp"
#include "watch/trend.hpp"
#include "watch/type_growth.hpp"

namespace ouro::watch {

struct Verdict {
  enum class Is {
    kEarly,
    kSettled,
    kObjectsGrow,        ///< and the process with them
    kPartlyObjectsGrow,  ///< more than the objects explain
    kNativeGrows,        ///< and the objects do not
    kObjectsGrowInside,  ///< the process does not grow (yet)
    kKept,               ///< objects have gone, the process keeps their memory
    kFalls,
    kMoves,
  };

  Is is = Is::kEarly;
  double seconds = 0;         ///< how long that has been so
  double bytes = 0;           ///< by which the process has changed meanwhile
  double object_bytes = 0;    ///< by which its objects have
  double bytes_a_second = 0;  ///< of what grows
  /// Of the oldest generation meanwhile; nothing where that is not known.
  std::optional<std::int64_t> full_collections;
  bool is_collector_off = false;  ///< gc.disable()
  bool is_early = false;          ///< less than two minutes: a tooth of a saw may look so
  Trend memory;
  Trend objects;
  /// The classes that grew most meanwhile, the most telling first; at most three.
  std::vector<TypeGrowth::Grown> grown;

  bool grows() const {
    return is == Is::kObjectsGrow || is == Is::kPartlyObjectsGrow || is == Is::kNativeGrows ||
           is == Is::kObjectsGrowInside;
  }
};

/// "objects_grow": in JSON, logs and metrics.
const char* word_of(Verdict::Is is);
inline constexpr Verdict::Is kAllVerdicts[] = {
    Verdict::Is::kEarly,       Verdict::Is::kSettled,
    Verdict::Is::kObjectsGrow, Verdict::Is::kPartlyObjectsGrow,
    Verdict::Is::kNativeGrows, Verdict::Is::kObjectsGrowInside,
    Verdict::Is::kKept,        Verdict::Is::kFalls,
    Verdict::Is::kMoves};

/// `memory`: private bytes of the process; `objects`: bytes of its objects.
Verdict verdict_of(const Series& memory, const Series& objects, const TypeGrowth& types);

}  // namespace ouro::watch
