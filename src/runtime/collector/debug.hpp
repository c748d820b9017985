// The messages of gc::set_debug, worded as CPython words them.
#pragma once

#include "runtime/collector/collection.hpp"

namespace ouro::detail {

/// "gc: collecting generation 2..." and the number of objects in each.
void report_start(HeapState& heap, int generation);
/// "gc: done, 4 unreachable, 0 uncollectable, 0.0012s elapsed"
void report_stop(HeapState& heap, const gc::CollectionInfo& info);
/// "gc: collectable <Dungeon 0x7f...>", or uncollectable, for each object that is condemned.
void report_garbage(Collection& collection);

}  // namespace ouro::detail
