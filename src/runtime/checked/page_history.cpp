#include "runtime/checked/page_history.hpp"

#include <mutex>
#include <unordered_map>

#include <ouro/detail/type_info.hpp>

#include "runtime/checked.hpp"
#include "runtime/checked/out_of_memory.hpp"
#include "runtime/heap_state.hpp"

namespace ouro::detail::checked {

namespace {

struct History {
  std::mutex mutex;
  std::unordered_map<const Page*, PageUse> use_by_page;
};

History& history() {
  static History& instance = *new History;
  return instance;
}

}  // namespace

void remember(const Page& page) {
  const std::lock_guard lock(history().mutex);
  history().use_by_page[&page] = {page.type->name, &heap_of(page), false};
}

void remember_that_heap_went(const HeapState& heap) {
  const std::lock_guard lock(history().mutex);
  for (auto& [page, use] : history().use_by_page) {
    if (use.heap == &heap) use.is_heap_gone = true;
  }
}

PageUse last_use(const Page& page) {
  const std::lock_guard lock(history().mutex);
  const auto found = history().use_by_page.find(&page);
  return found == history().use_by_page.end() ? PageUse{} : found->second;
}

void on_page_opened(const Page& page) noexcept {
  unless_memory_runs_out([&] { remember(page); });
}

}  // namespace ouro::detail::checked
