#include "python/heap/thread_names.hpp"

#include <optional>

#include "python/heap/python_objects.hpp"

namespace ouro::python::heap {

namespace {

std::optional<std::string> find_name(const PythonObjects& objects, graph::NodeIndex active,
                                     std::uint64_t ident) {
  const auto thread = objects.find_value(active, std::to_string(ident));
  if (!thread) return std::nullopt;
  const auto name = objects.find_attribute(*thread, "_name");
  return name ? objects.find_text(*name) : std::nullopt;
}

}  // namespace

std::vector<std::string> names_of_threads(const CollectedHeap& collected,
                                          const graph::HeapGraph& graph) {
  const PythonObjects objects(graph);
  std::vector<graph::NodeIndex> active;  // of each interpreter
  for (const CollectedRoot& root : collected.roots) {
    if (static_cast<stream::RootWhat>(root.root.what) != stream::RootWhat::kModule ||
        graph.string(root.text) != "threading") {
      continue;
    }
    if (const auto dict = objects.find_attribute(root.root.node, "_active")) {
      active.push_back(*dict);
    }
  }
  std::vector<std::string> names;
  for (const stream::Thread& thread : collected.threads) {
    std::string name = "thread " + std::to_string(thread.number + 1);
    if (thread.interpreter != 0) name += " of interpreter " + std::to_string(thread.interpreter);
    if (thread.is_greenlet()) name += " (greenlet)";
    for (const graph::NodeIndex dict : active) {
      const auto known = find_name(objects, dict, thread.ident);
      if (!known) continue;
      name += " (" + *known + ')';
      break;
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace ouro::python::heap
