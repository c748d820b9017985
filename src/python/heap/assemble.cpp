#include "python/heap/assemble.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "python/heap/assembled_heap.hpp"
#include "python/heap/asyncio_tasks.hpp"
#include "python/heap/capture_facts.hpp"
#include "python/heap/edge_names.hpp"
#include "python/heap/held_from_c.hpp"
#include "python/heap/name_texts.hpp"
#include "python/heap/own_frames.hpp"
#include "python/heap/python_objects.hpp"
#include "python/heap/root_names.hpp"
#include "python/heap/stacks.hpp"
#include "python/heap/thread_names.hpp"

namespace ouro::python::heap {

namespace {

/// By node, each once: of several texts the first. Mostly they have come so.
void take_previews(CollectedHeap& collected, AssembledHeap& heap) {
  const auto nodes = collected.preview_nodes.span();
  if (std::ranges::adjacent_find(nodes, std::ranges::greater_equal{}) == nodes.end()) {
    heap.preview_nodes = std::move(collected.preview_nodes);
    heap.preview_texts = std::move(collected.preview_texts);
    return;
  }
  std::vector<NodeText> texts;
  texts.reserve(nodes.size());
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    texts.push_back({nodes[at], collected.preview_texts[at]});
  }
  collected.preview_nodes.clear();
  collected.preview_texts.clear();
  heap.add_previews(std::move(texts));
}

/// A class without a Type record is named by what it shows of itself.
void take_types(const CollectedHeap& collected, AssembledHeap& heap) {
  const auto text_of = [&](graph::NodeIndex node) -> std::string {
    return std::string(heap.view().preview(node));
  };
  for (const CollectedType& type : collected.type_rows) {
    graph::TypeRow row{.name = type.name, .module = type.module, .node = type.node};
    if (type.name == 0) {
      const std::string text = text_of(type.node);
      const std::size_t dot = text.find('.');
      row.name = heap.strings.add(text.empty() ? "?" : text.substr(dot + 1));
      if (dot != std::string::npos) row.module = heap.strings.add(text.substr(0, dot));
    }
    heap.type_rows.push_back(row);
  }
}

/// Where values are left out: of which file a module is belongs to the program.
void show_files_of_modules(const CollectedHeap& collected, NameTexts& texts, AssembledHeap& heap) {
  std::vector<graph::NodeIndex> files;
  {
    const graph::HeapGraph graph = heap.view();
    const PythonObjects objects(graph);
    for (const CollectedRoot& root : collected.roots) {
      if (static_cast<stream::RootWhat>(root.root.what) != stream::RootWhat::kModule) continue;
      const auto file = objects.find_attribute(root.root.node, "__file__");
      if (file && objects.type_name(*file) == "str") files.push_back(*file);
    }
  }
  std::vector<NodeText> shown;
  for (const graph::NodeIndex file : files) {
    const graph::StringIndex text = texts.literal_of_program(file);
    if (text != 0) shown.push_back({file, text});
  }
  heap.add_previews(std::move(shown));
}

AssembledHeap columns_of(CollectedHeap& collected) {
  AssembledHeap heap;
  heap.strings = std::move(collected.strings);
  heap.addresses = std::move(collected.addresses);
  heap.addresses.finish();
  heap.types = std::move(collected.types);
  heap.sizes = std::move(collected.sizes);
  heap.counts = std::move(collected.counts);
  heap.flags = std::move(collected.flags);
  heap.edge_begins = std::move(collected.edge_begins);
  heap.targets = std::move(collected.targets);
  take_previews(collected, heap);
  take_types(collected, heap);
  return heap;
}

}  // namespace

CapturedHeap assemble(CollectedHeap collected, const ReadOptions& options) {
  auto heap = std::make_shared<AssembledHeap>(columns_of(collected));
  if (options.on_structure && options.own_frames.count == 0) {
    options.on_structure(graph::HeapGraph(heap->columns(), heap));
  }
  std::optional<NameTexts> texts(std::in_place, collected, *heap);
  name_edges(collected, *texts, *heap);
  if (!options.keeps_values) show_files_of_modules(collected, *texts, *heap);
  describe_asyncio_tasks(collected, *heap);
  const Stacks stacks(collected, *heap);
  const std::vector<std::string> thread_names = names_of_threads(collected, heap->view());
  add_named_roots(collected, stacks, thread_names, options.own_frames, *texts, *heap);
  texts.reset();  // its memory is as much as the next needs
  CapturedHeap captured;
  if (options.own_frames.count > 0) take_out_own_frames(*heap);
  captured.counts_below_known = add_roots_of_counts(collected, *heap);
  captured.hello = collected.hello;
  captured.end = collected.end;
  captured.python_version = collected.python_version;
  captured.heap_bytes = collected.heap_bytes;
  captured.thread_count = collected.threads.size();
  add_facts(collected, captured, options, *heap);
  stacks.add_facts(collected, thread_names, *heap);
  for (const auto& [key, value] : options.more_facts) heap->add_fact(key, value);
  const graph::Columns columns = heap->columns();
  captured.graph = graph::HeapGraph(columns, heap);
  return captured;
}

}  // namespace ouro::python::heap
