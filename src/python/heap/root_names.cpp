#include "python/heap/root_names.hpp"

#include <algorithm>
#include <string_view>

#include "base/sort_stably.hpp"
#include "python/heap/python_objects.hpp"

namespace ouro::python::heap {

namespace {

using graph::RootKind;
using stream::RootWhat;

class RootNaming {
 public:
  RootNaming(const Stacks& stacks, const std::vector<std::string>& thread_names,
             const graph::HeapGraph& graph)
      : stacks_(stacks), thread_names_(thread_names), graph_(graph) {}

  /// `variable`: the text of its name, if it has one.
  std::string name(const CollectedRoot& root, graph::StringIndex variable) const {
    const std::string text(graph_.string(root.text));
    switch (static_cast<RootWhat>(root.root.what)) {
      case RootWhat::kLocal:
        return frame(root.root) + ", local " +
               std::string(graph_.string(variable != 0 ? variable : root.text));
      case RootWhat::kStack:
        return frame(root.root) + ", value in an expression";
      case RootWhat::kFrame:
        return text.empty() ? frame(root.root) : frame(root.root) + ", " + text;
      case RootWhat::kThreadState:
        return text.empty() ? thread(root.root) : thread(root.root) + ", " + text;
      case RootWhat::kModule:
        return "module " + text;
      default:
        return text;
    }
  }

 private:
  std::string thread(const stream::Root& root) const {
    return root.thread < thread_names_.size() ? thread_names_[root.thread] : "thread";
  }
  std::string frame(const stream::Root& root) const {
    return thread(root) + ", " + stacks_.frame(root.thread, root.depth);
  }

  const Stacks& stacks_;
  const std::vector<std::string>& thread_names_;
  const graph::HeapGraph& graph_;
};

/// Lower ones first. What frames hold besides variables is mostly a module's namespace or its code:
/// known better by the module.
int place_of(const CollectedRoot& root) {
  switch (static_cast<RootWhat>(root.root.what)) {
    case RootWhat::kLocal:
      return 0;
    case RootWhat::kModule:
      return 1;
    case RootWhat::kStack:
      return 2;
    case RootWhat::kThreadState:
      return 3;
    case RootWhat::kFrame:
      return 4;
    case RootWhat::kText:
      return 5;
    default:
      return 6;
  }
}

bool is_of_own_frame(const CollectedHeap& collected, const OwnFrames& own,
                     const graph::HeapGraph& graph, const stream::Root& root) {
  if (root.thread >= collected.threads.size() ||
      collected.threads[root.thread].ident != own.ident) {
    return false;
  }
  const auto what = static_cast<RootWhat>(root.what);
  if (root.depth < own.count) {
    return what == RootWhat::kLocal || what == RootWhat::kStack || what == RootWhat::kFrame;
  }
  return root.depth == own.count && what == RootWhat::kStack && own.argument != 0 &&
         graph.address(root.node) == own.argument;
}

}  // namespace

void add_named_roots(const CollectedHeap& collected, const Stacks& stacks,
                     const std::vector<std::string>& thread_names, const OwnFrames& own_frames,
                     NameTexts& texts, AssembledHeap& heap) {
  std::vector<const CollectedRoot*> order;
  for (const CollectedRoot& root : collected.roots) {
    // These are named where a count is left unexplained: held_from_c.hpp.
    if (static_cast<RootWhat>(root.root.what) != RootWhat::kStaticData) order.push_back(&root);
  }
  sort_stably(order, {}, [](const CollectedRoot* root) { return place_of(*root); });
  std::vector<graph::StringIndex> variables;
  for (const CollectedRoot* root : order) {
    const graph::NodeIndex name = root->root.name;
    variables.push_back(name == stream::kNoNode ? 0 : texts.plain(name));
  }
  const graph::HeapGraph graph = heap.view();
  const PythonObjects objects(graph);
  const RootNaming naming(stacks, thread_names, graph);
  // Names are made before any is added, which would end the views.
  struct Named {
    graph::NodeIndex node;
    RootKind kind;
    std::uint32_t references;
    std::string name;
  };
  std::vector<Named> named;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const CollectedRoot* root = order[at];
    const std::string name = is_of_own_frame(collected, own_frames, graph, root->root)
                                 ? kOwnFrame
                                 : naming.name(*root, variables[at]);
    if (static_cast<RootWhat>(root->root.what) == RootWhat::kModule) {
      if (const auto dict = objects.find_attribute(root->root.node, "__dict__")) {
        named.push_back({*dict, RootKind::kGlobal, 0, name});
      }
    }
    named.push_back(
        {root->root.node, static_cast<RootKind>(root->root.kind), root->root.references, name});
  }
  for (const Named& root : named) {
    heap.roots.push_back({root.node, root.kind, heap.strings.add(root.name), root.references});
  }
}

}  // namespace ouro::python::heap
