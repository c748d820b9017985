#include "runtime/collector/debug.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <ostream>
#include <string_view>

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
        const State state = state_now(*page, page->offset_of(header), header->state());
        ++counts[static_cast<std::size_t>(state) - 1];
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

void report_object(HeapState& heap, unsigned flag, void* object) {
  if ((heap.debug & flag) == 0) return;
  const std::string_view name = region.page_of(object).type->name;
  print(heap, "gc: %s <%.*s %p>\n",
        flag == gc::DEBUG_UNCOLLECTABLE ? "uncollectable" : "collectable",
        static_cast<int>(name.size()), name.data(), object);
}

void report_garbage_at_shutdown(HeapState& heap) {
  // With DEBUG_SAVEALL the list is full of what could have been freed.
  if ((heap.debug & (gc::DEBUG_UNCOLLECTABLE | gc::DEBUG_SAVEALL)) != gc::DEBUG_UNCOLLECTABLE)
    return;
  if (heap.garbage.empty()) return;
  print(heap, "gc: %zu uncollectable objects at shutdown\n", heap.garbage.size());
  for (const Ref<void>& object : heap.garbage) {
    report_object(heap, gc::DEBUG_UNCOLLECTABLE, object.object_);
  }
}

}  // namespace ouro::detail
