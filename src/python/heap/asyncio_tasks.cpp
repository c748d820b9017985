#include "python/heap/asyncio_tasks.hpp"

namespace ouro::python::heap {

void name_asyncio_tasks(AssembledHeap&) {}

}  // namespace ouro::python::heap
