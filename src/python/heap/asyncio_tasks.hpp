// asyncio's tasks, in words: what a task runs, where that waits, and for what.
//
// A task shows its name and the chain of what it awaits, the outermost function first:
//
//   Task-3: handle server.py:41, awaits read server.py:12, awaits Queue.get queues.py:158
//
//   task -_coro-> coroutine -awaits-> coroutine -awaits-> FutureIter -future-> future
//                             (up to 3.10: coroutine -cr_frame-> frame -awaits->)
//
// The facts of the graph have all of them, those at the same places together, the most first:
//
//   tasks            5,003
//   tasks 1          5,000 like Task-3: handle server.py:41, awaits ...
//   stack of tasks 1 Queue.get /usr/lib/python3.12/asyncio/queues.py:158\nread ...\nhandle ...
//
// The stack is that of a thread would the functions call each other: the innermost first.
#pragma once

#include <cstddef>

#include "python/heap/assembled_heap.hpp"
#include "python/heap/collected_heap.hpp"

namespace ouro::python::heap {

/// As many groups of tasks have facts of their own.
inline constexpr std::size_t kMostTaskGroups = 100;

/// Adds the previews of tasks, and the facts. Sorts `collected.frame_texts`.
void describe_asyncio_tasks(CollectedHeap& collected, AssembledHeap& heap);

}  // namespace ouro::python::heap
