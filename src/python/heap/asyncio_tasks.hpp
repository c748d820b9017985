// asyncio's tasks, in words: what a task runs, and what it waits for.
//
//   Task 'Task-3' awaits handle() server.py:41, which awaits Queue.get() queues.py:158
//
// A Task written in C refers to its coroutine, its name and the future it waits for without saying
// which is which. They are told apart by type, and the references get the names that the Task
// written in Python gives them: _coro, _name, _fut_waiter.
#pragma once

#include "python/heap/assembled_heap.hpp"

namespace ouro::python::heap {

/// Renames references and adds previews.
void name_asyncio_tasks(AssembledHeap& heap);

}  // namespace ouro::python::heap
