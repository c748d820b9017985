// The messages of gc::set_debug, worded as CPython words them.
#pragma once

#include "runtime/collector/collection.hpp"

namespace ouro::detail {

/// "gc: collecting generation 2..." and the number of objects in each.
void report_start(HeapState& heap, int generation);
/// "gc: done, 4 unreachable, 0 uncollectable, 0.0012s elapsed"
void report_stop(HeapState& heap, const gc::CollectionInfo& info);
/// "gc: collectable <Dungeon 0x7f...>", or uncollectable, if the flag of that is set.
void report_object(HeapState& heap, unsigned flag, void* object);
/// At the end of a thread: what its gc::garbage() holds, if DEBUG_UNCOLLECTABLE is set.
void report_garbage_at_shutdown(HeapState& heap);

}  // namespace ouro::detail
