#include "runtime/collector/debug.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <ostream>

namespace ouro::detail {

namespace {

[[gnu::format(printf, 2, 3)]] void print(HeapState& heap, const char* format, ...) {
  std::array<char, 512> line;
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  if (heap.debug_stream != nullptr) {
    *heap.debug_stream << line.data() << std::flush;
  } else {
    std::fputs(line.data(), stderr);
  }
}

}  // namespace

void report_start(HeapState& heap, int generation) {
  std::array<std::size_t, 3> counts{};
  std::size_t frozen = 0;
  for (Page* page : heap.pages) {
    if (!page->is_traced) continue;
    for_each_object(*page, page->whole(), generations_up_to(2), [&](ObjectHeader* header) {
      if (page->is_frozen) {
        ++frozen;
      } else {
        ++counts[static_cast<std::size_t>(header->state()) - 1];
      }
    });
  }
  print(heap, "gc: collecting generation %d...\n", generation);
  print(heap, "gc: objects in each generation: %zu %zu %zu\n", counts[0], counts[1], counts[2]);
  print(heap, "gc: objects in permanent generation: %zu\n", frozen);
}

void report_stop(HeapState& heap, const gc::CollectionInfo& info) {
  print(heap, "gc: done, %zu unreachable, %zu uncollectable, %.4fs elapsed\n",
        info.collected + info.uncollectable, info.uncollectable,
        std::chrono::duration<double>(info.duration).count());
}

void report_garbage(Collection& collection) {
  HeapState& heap = collection.heap;
  const bool is_legacy = heap.has_legacy_finalizers;
  for_each_condemned(collection, [&](Page& page, ObjectHeader* header) {
    const bool uncollectable = is_legacy && page.type->finalize != nullptr &&
                               (header->bits & ObjectHeader::kFinalized) == 0;
    const unsigned wanted = uncollectable ? gc::DEBUG_UNCOLLECTABLE : gc::DEBUG_COLLECTABLE;
    if ((heap.debug & wanted) == 0) return;
    print(heap, "gc: %s <%.*s %p>\n", uncollectable ? "uncollectable" : "collectable",
          static_cast<int>(page.type->name.size()), page.type->name.data(), header->object());
  });
}

}  // namespace ouro::detail
