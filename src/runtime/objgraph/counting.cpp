// Counting objects by type. Without a predicate that is a sum over pages, since a page holds one
// type.
#include <algorithm>
#include <iostream>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/look.hpp"
#include "runtime/objgraph/names.hpp"

namespace ouro {

std::ostream& detail::standard_output() noexcept {
  return std::cout;
}

std::size_t detail::count_objects(const TypeInfo& type) {
  std::size_t count = 0;
  for (const Page* page : objgraph::used_heap().pages) {
    if (page->type == &type) count += page->used_slots;
  }
  return count;
}

namespace objgraph {

std::size_t count(std::string_view name) {
  const WantedName wanted(name);
  std::size_t count = 0;
  for (const detail::Page* page : used_heap().pages) {
    if (wanted.matches(*page->type)) count += page->used_slots;
  }
  return count;
}

std::size_t count(std::string_view name, const std::vector<Ref<void>>& objects) {
  const WantedName wanted(name);
  return static_cast<std::size_t>(std::ranges::count_if(objects, [&](const Ref<void>& object) {
    return object != nullptr && wanted.matches(type_of(object.object_));
  }));
}

namespace {

void count_pages(const detail::HeapState& heap, bool shortnames, TypeCounts& counts) {
  for (const detail::Page* page : heap.pages) {
    if (page->used_slots == 0) continue;
    counts[shown_name(*page->type, shortnames)] += page->used_slots;
  }
}

}  // namespace

TypeCounts typestats(const StatsOptions& options) {
  TypeCounts counts;
  if (options.objects == nullptr && !options.filter) {
    count_pages(used_heap(), options.shortnames, counts);
    return counts;
  }
  Look look;
  look.look_through(options.objects);
  const auto add = [&](const void* object, const detail::TypeInfo& type) {
    if (options.filter && !options.filter(BorrowedRef(object).get())) return;
    ++counts[shown_name(type, options.shortnames)];
  };
  if (options.objects == nullptr) {
    for_each_visible(look.heap(), add);
  } else {
    for (const Ref<void>& object : *options.objects) {
      if (object != nullptr) add(object.object_, type_of(object.object_));
    }
  }
  return counts;
}

TypeCounts typestats_of_ended_threads() {
  TypeCounts counts;
  detail::for_each_kept_heap(
      [&](const detail::HeapState& heap) { count_pages(heap, false, counts); });
  return counts;
}

std::vector<TypeCount> most_common_types(std::size_t limit, const StatsOptions& options) {
  std::vector<TypeCount> types;
  for (const auto& [name, count] : typestats(options)) types.push_back({name, count});
  sort_by_number(types, &TypeCount::count);
  if (types.size() > limit) types.resize(limit, {});
  return types;
}

void show_most_common_types(std::size_t limit, std::ostream& out, const StatsOptions& options) {
  const std::vector<TypeCount> types = most_common_types(limit, options);
  std::size_t width = 0;
  for (const TypeCount& type : types) width = std::max(width, type.name.size());
  for (const TypeCount& type : types) {
    out << type.name << std::string(width - type.name.size() + 1, ' ') << std::to_string(type.count)
        << '\n';
  }
}

}  // namespace objgraph
}  // namespace ouro
