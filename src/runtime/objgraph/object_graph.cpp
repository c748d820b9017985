#include "runtime/objgraph/object_graph.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "runtime/objgraph/edges.hpp"
#include "runtime/objgraph/referrers.hpp"

namespace ouro::objgraph {

namespace {

/// Adds objects and references to a graph, as the options want them.
class GraphBuilder {
 public:
  explicit GraphBuilder(const ShowOptions& options)
      : options_(options), ignored_(options.extra_ignore.begin(), options.extra_ignore.end()) {}

  std::size_t add_node(const void* object, std::size_t depth) {
    const auto [entry, is_new] = node_by_object_.emplace(object, graph_.nodes.size());
    if (is_new) graph_.nodes.push_back({.object = object, .depth = depth});
    return entry->second;
  }
  void add_ends(const std::vector<const void*>& objects) {
    for (const void* object : objects) {
      if (object != nullptr) graph_.nodes[add_node(object, 0)].is_end = true;
    }
  }

  bool is_wanted(const void* object) const {
    if (ignored_.contains(object)) return false;
    return !options_.filter || options_.filter(BorrowedRef(object).get());
  }
  bool has_node(const void* object) const { return node_by_object_.contains(object); }

  /// Calls expand(node) for every node less than max_depth away from the starts; it adds new ones.
  template <class Expand>
  void expand_all(Expand&& expand) {
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
      if (graph_.nodes[node].depth < options_.max_depth) expand(node);
    }
  }

  ObjectGraph& graph() noexcept { return graph_; }

  /// The graph with everything known about its nodes and edges.
  ObjectGraph finish(Look& look) {
    const ReferenceCounts& counts = look.reference_counts();
    for (ObjectNode& node : graph_.nodes) {
      const BorrowedRef object(node.object);
      node.count = counts.shown(node.object);
      node.from_outside = counts.from_outside(node.object);
      node.is_immortal = ReferenceCounts::is_immortal(node.object);
      if (options_.highlight) node.is_highlighted = options_.highlight(object.get());
      if (options_.extra_info) node.extra_info = options_.extra_info(object.get());
      graph_.max_depth = std::max(graph_.max_depth, node.depth);
    }
    mark_cycles(graph_);
    return std::move(graph_);
  }

 private:
  const ShowOptions& options_;
  std::unordered_set<const void*> ignored_;
  std::unordered_map<const void*, std::size_t> node_by_object_;
  ObjectGraph graph_;
};

}  // namespace

ObjectGraph graph_of_referents(Look& look, const Objects& starts, const ShowOptions& options) {
  look.look_through(starts.looked_through());
  GraphBuilder builder(options);
  builder.add_ends(starts.all());
  builder.expand_all([&](std::size_t from) {
    std::size_t found = 0;
    const std::size_t depth = builder.graph().nodes[from].depth;
    const auto add = [&](const detail::Reference& reference, const std::string& label) {
      if (!builder.is_wanted(reference.object_)) return;
      if (found++ < options.too_many) {
        const std::size_t to = builder.add_node(reference.object_, depth + 1);
        builder.graph().edges.push_back({.from = from, .to = to, .label = label});
      } else {
        ++builder.graph().nodes[from].left_out;
      }
    };
    for_each_reference(builder.graph().nodes[from].object, add);
  });
  return builder.finish(look);
}

ObjectGraph graph_of_referrers(Look& look, const Objects& starts, const ShowOptions& options) {
  look.look_through(starts.looked_through());
  const Referrers referrers(look.heap());
  GraphBuilder builder(options);
  builder.graph().is_backwards = true;
  builder.add_ends(starts.all());
  builder.expand_all([&](std::size_t to) {
    std::size_t found = 0;
    const std::size_t depth = builder.graph().nodes[to].depth;
    const void* const target = builder.graph().nodes[to].object;
    const void* last = nullptr;
    for (const void* source : referrers.of(target)) {
      if (source == last) continue;  // its references were all looked at the first time
      last = source;
      if (!builder.is_wanted(source)) continue;
      for_each_reference(source, [&](const detail::Reference& reference, const std::string& label) {
        if (reference.object_ != target) return;
        if (found++ < options.too_many) {
          const std::size_t from = builder.add_node(source, depth + 1);
          builder.graph().edges.push_back({.from = from, .to = to, .label = label});
        } else {
          ++builder.graph().nodes[to].left_out;
        }
      });
    }
  });
  return builder.finish(look);
}

ObjectGraph graph_of_chains(Look& look, const Chains& chains, const ShowOptions& options) {
  GraphBuilder builder(options);
  for (const auto* chain : chains.all()) {
    look.look_through(chain);
    for (const Ref<void>& object : *chain) {
      const auto depth = static_cast<std::size_t>(&object - chain->data());
      if (object != nullptr) builder.add_node(object.object_, depth);
    }
    if (!chain->empty()) builder.add_ends({chain->front().object_, chain->back().object_});
  }
  const std::size_t node_count = builder.graph().nodes.size();
  for (std::size_t from = 0; from < node_count; ++from) {
    const auto add = [&](const detail::Reference& reference, const std::string& label) {
      if (!builder.has_node(reference.object_)) return;
      const std::size_t to = builder.add_node(reference.object_, 0);
      builder.graph().edges.push_back({.from = from, .to = to, .label = label});
    };
    for_each_reference(builder.graph().nodes[from].object, add);
  }
  return builder.finish(look);
}

}  // namespace ouro::objgraph
