// Where a process keeps the state of its cycle collector, found from outside: nothing in the
// process is stopped, called or changed.
//
//   _PyRuntime                        a symbol of every CPython
//     3.13 on   says itself where interpreters are, and where in them their collector
//     (_Py_DebugOffsets) 3.8       contains the collector 3.11, 12  contains the main interpreter,
//     which contains the collector 3.9, 10   points to the main interpreter
//
//   struct _gc_runtime_state          3.8-3.13   3.14   3.15
//     enabled, debug           i32    12 16      12 16    0 4
//     generations[3]                  24 or 20   24       8     { next prev u64, threshold count
//     i32 } generation0: to the first       96         256*   168     * not where it collects
//     incrementally permanent_generation           104         96      80 generation_stats[3] 128
//     120     104     in place; a pointer in 3.15 collecting               i32   200        192 112
//     garbage, callbacks             208 216    200 208 128 136 lists
//     long_lived_total, _pending     224 232    240 248 152 160
//
// Up to 3.12 it is found by what no other memory has: a pointer to what stands just before it.
// Wherever it was found, it is proved before it is believed: `garbage` is a list, `callbacks` too
// or null, flags are flags, the lists of the generations lead back to where they begin. What is not
// proved is refused.
#pragma once

#include <cstdint>

#include <ouro/base/result.hpp>
#include "python/attach/target.hpp"

namespace ouro::python::attach {

struct CollectorPlace {
  /// How 3.15 keeps its statistics: a ring of the last collections for each generation.
  struct Ring {
    std::uint64_t begin = 0;  ///< relative to the statistics
    std::uint32_t items = 0;
  };

  std::uint64_t begin = 0;  ///< of the structure
  std::uint32_t size_bytes = 0;
  std::uint32_t enabled = 0;
  std::uint32_t generations = 0;
  std::uint32_t generation0 = 0;  ///< 0: there is none
  std::uint32_t permanent = 0;
  std::uint32_t stats = 0;
  std::uint32_t collecting = 0;
  std::uint32_t garbage = 0;
  std::uint32_t callbacks = 0;
  std::uint32_t long_lived = 0;
  bool stats_are_rings = false;
  Ring rings[3] = {};
  std::uint32_t rings_bytes = 0;

  bool has_lists = true;        ///< false where free-threaded: objects are in no lists
  bool is_incremental = false;  ///< 3.14.0 to 3.14.4: generation 1 is collected in steps
  /// Beside the main one, whose collector this is; known from 3.13 on.
  std::uint32_t other_interpreters = 0;
};

/// Tried for a second: a program that has just been started has no interpreter yet. Errors:
/// kUnsupported, with what does not fit.
Result<CollectorPlace> find_collector(const Target& target);

}  // namespace ouro::python::attach
