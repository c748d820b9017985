#include "report/leak_search.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/program_structure.hpp"
#include "analysis/scattered.hpp"
#include "analysis/type_origins.hpp"
#include "analysis/unexplained_counts.hpp"
#include "base/sort_stably.hpp"
#include "report/accumulated_words.hpp"
#include "report/places.hpp"
#include "report/python_suspects.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

/// A place that is the application's: below one of its modules or objects, or a variable of its
/// code.
bool is_application_place(const graph::HeapGraph& graph, const analysis::TypeOrigins& origins,
                          const WhyPath& path) {
  constexpr std::string_view kModule = "module ";
  const std::string_view root = path.root.name;
  if (root.starts_with(kModule)) {
    return origins.of_module(root.substr(kModule.size())) != analysis::TypeOrigin::kLibrary;
  }
  return std::ranges::any_of(path.steps, [&](const WhyStep& step) {
    return origins.of(graph.type(step.node)) != analysis::TypeOrigin::kLibrary;
  });
}

/// Whether a module or class refers to what piles up other than by name: as atexit does, what C
/// code keeps in a module's state.
bool collects(const graph::HeapGraph& graph, const analysis::LeakSuspect& suspect) {
  if (suspect.reason != analysis::SuspectReason::kManyOfOneType) return false;
  std::uint64_t collected = 0;
  for (auto edge = graph.edges_begin(suspect.node); edge < graph.edges_end(suspect.node); ++edge) {
    const graph::EdgeMeaning meaning = graph.kind(edge).meaning();
    const bool has_no_name =
        meaning == graph::EdgeMeaning::kItem || meaning == graph::EdgeMeaning::kOther;
    if (has_no_name && graph.type(graph.target(edge)) == suspect.type) ++collected;
  }
  return 2 * collected >= suspect.accumulated.count;
}

/// What of a heap suspects and piles have named, or hold.
class SaidAlready {
 public:
  SaidAlready(const analysis::DominatorTree& tree, const analysis::DominatorOrder& order)
      : tree_(tree), order_(order) {}

  void add(graph::NodeIndex holder, graph::TypeIndex type, std::uint64_t count) {
    named_by_type_[type] += count;
    if (holder == graph::kNoNode || !tree_.is_reachable(holder)) return;
    held_.emplace_back(order_.position(holder), order_.position(holder) + order_.count(holder));
  }
  /// After the last add().
  void prepare() {
    std::ranges::sort(held_);
    std::size_t kept = 0;
    for (const auto& [begin, end] : held_) {
      // What a node holds lies in what another does, or apart from it.
      if (kept > 0 && begin < held_[kept - 1].second) continue;
      held_[kept++] = {begin, end};
    }
    held_.resize(kept);
  }
  /// O(log holders); of very many nodes some are looked at.
  bool has_most_of(graph::TypeIndex type, std::span<const graph::NodeIndex> nodes) const {
    const auto named = named_by_type_.find(type);
    if (named != named_by_type_.end() && 2 * named->second >= nodes.size()) return true;
    constexpr std::size_t kMostLookedAt = 1000;
    const std::size_t step = nodes.size() / kMostLookedAt + 1;
    std::size_t looked_at = 0;
    std::size_t held = 0;
    for (std::size_t at = 0; at < nodes.size(); at += step, ++looked_at) {
      const std::uint32_t position = order_.position(nodes[at]);
      const auto next = std::ranges::upper_bound(
          held_, position, {}, [](const auto& interval) { return interval.first; });
      held += next != held_.begin() && position < std::prev(next)->second ? 1u : 0u;
    }
    return 2 * held >= looked_at;
  }

 private:
  const analysis::DominatorTree& tree_;
  const analysis::DominatorOrder& order_;
  std::unordered_map<graph::TypeIndex, std::uint64_t> named_by_type_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> held_;  ///< positions, from and to
};

class LeakSearch {
 public:
  LeakSearch(const graph::HeapGraph& graph, const ObjectNames& names, Progress* progress)
      : graph_(graph),
        names_(names),
        places_(graph, names, progress),
        origins_(graph),
        progress_(progress) {}

  /// `leaks` has the garbage already.
  void run(LeakReport& leaks, std::size_t most) {
    const analysis::DominatorTree tree = analysis::dominators(graph_, progress_);
    const analysis::DominatorOrder order(tree);
    leaks.suspects = python_suspects(graph_, tree, order, origins_, leaks.garbage);
    add_accumulations(tree, order, leaks);
    sort_stably(leaks.suspects, std::ranges::greater{},
                [](const SuspectView& view) { return view.suspect.score; });
    if (is_python()) {
      add_piles(tree, order, leaks);
      add_scattered(tree, order, leaks);
    }
    if (most != 0 && leaks.suspects.size() > most) leaks.suspects.resize(most);
    leaks.pile_count = leaks.piles.size();
    if (most != 0 && leaks.piles.size() > most) leaks.piles.resize(most);
  }

 private:
  bool is_python() const { return graph_.fact("runtime").starts_with("cpython"); }

  void add_accumulations(const analysis::DominatorTree& tree, const analysis::DominatorOrder& order,
                         LeakReport& leaks) {
    // A share of next to nothing is no leak that anybody looks for; and that a module or a class
    // holds much by its names says nothing that what it holds does not say better.
    constexpr std::uint64_t kLeastBytes = 10'000;
    // An interpreter with its library takes many megabytes, of which nothing is the program's: what
    // is a leak there may be less.
    const analysis::LeakSuspectOptions usual;
    analysis::LeakSuspectOptions asked = usual;
    if (is_python()) asked.least_share = 0.03;
    const analysis::NodeSet structure = analysis::program_structure(graph_);
    for (analysis::LeakSuspect suspect :
         analysis::leak_suspects(graph_, tree, order, asked, progress_)) {
      const bool is_structure = suspect.node != graph::kNoNode && structure.contains(suspect.node);
      if (suspect.retained_bytes < kLeastBytes) continue;
      if (is_structure && !collects(graph_, suspect)) continue;
      // Of a Python program it is known that it is garbage.
      if (suspect.reason == analysis::SuspectReason::kUnreachable && is_python()) continue;
      if (suspect.node_with_peers != graph::kNoNode &&
          structure.contains(suspect.node_with_peers)) {
        suspect.reason = analysis::SuspectReason::kLargeShare;
      }
      SuspectView view{.suspect = suspect,
                       .sentence = sentence_of(suspect, graph_, places_),
                       .path = std::nullopt,
                       .accumulated_type = graph_.type_name(suspect.type)};
      if (is_python()) {
        view.sentence += more_of_accumulated(graph_, tree, order, origins_, suspect);
      }
      if (suspect.node != graph::kNoNode) view.path = places_.path(suspect.node);
      const bool is_own = view.path && is_application_place(graph_, origins_, *view.path);
      if (suspect.share < usual.least_share && !is_own) continue;
      leaks.suspects.push_back(std::move(view));
    }
  }

  /// Whether it is a class of a module other than builtins, and not what registries of classes and
  /// caches are made of.
  bool is_made_for_programs(graph::TypeIndex type) const {
    const std::string_view module = graph_.string(graph_.types()[type].module);
    const std::string_view name = graph_.short_type_name(type);
    constexpr std::string_view kOrdinary[] = {"ReferenceType", "KeyedRef", "_lru_list_elem"};
    return !module.empty() && module != "builtins" &&
           std::ranges::find(kOrdinary, name) == std::end(kOrdinary);
  }

  /// Those that no suspect has named.
  void add_piles(const analysis::DominatorTree& tree, const analysis::DominatorOrder& order,
                 LeakReport& leaks) {
    for (const analysis::Pile& pile : analysis::find_piles(graph_, tree, order, origins_)) {
      const auto path = places_.path(pile.holder);
      const bool is_own = path && is_application_place(graph_, origins_, *path);
      // The library has tables of strings and numbers with more than a thousand of them, but not of
      // what it makes for a program: 3,000 logging.Logger.
      const bool is_of_library = pile.origin == analysis::TypeOrigin::kLibrary;
      if (is_of_library && !is_own && !is_made_for_programs(pile.type)) continue;
      const bool is_suspect = std::ranges::any_of(leaks.suspects, [&](const SuspectView& view) {
        return view.suspect.node == pile.holder && view.suspect.type == pile.type;
      });
      if (is_suspect) continue;
      leaks.piles.push_back(
          {.pile = pile, .type = graph_.type_name(pile.type), .place = place_of(pile.holder)});
    }
  }

  /// Those that suspects and piles, all of them together, have neither named nor hold.
  void add_scattered(const analysis::DominatorTree& tree, const analysis::DominatorOrder& order,
                     LeakReport& leaks) {
    SaidAlready said(tree, order);
    for (const SuspectView& view : leaks.suspects) {
      said.add(view.suspect.node, view.suspect.type, view.suspect.accumulated.count);
    }
    for (const PileView& view : leaks.piles) {
      said.add(view.pile.holder, view.pile.type, view.pile.amount.count);
    }
    said.prepare();
    for (const analysis::Scattered& found : analysis::find_scattered(
             graph_, places_.forest(), tree, order, origins_,
             [&](graph::TypeIndex type, std::span<const graph::NodeIndex> nodes) {
               return said.has_most_of(type, nodes);
             })) {
      std::string place = with_separators(found.holder_count) + " of type ";
      place.append(graph_.type_name(found.holder_type));
      place.append(", such as ").append(place_of(found.holder));
      leaks.piles.push_back(
          {.pile = {found.holder, found.type, origins_.of(found.type), found.amount},
           .type = graph_.type_name(found.type),
           .place = std::move(place),
           .holder_count = found.holder_count});
    }
    sort_stably(leaks.piles, {}, [](const PileView& view) {
      return std::pair(view.pile.origin, ~view.pile.amount.bytes);
    });
  }

  std::string place_of(graph::NodeIndex node) const {
    const auto path = places_.path(node);
    return path ? expression_of(*path) : names_.name(node);
  }

  const graph::HeapGraph& graph_;
  const ObjectNames& names_;
  Places places_;
  analysis::TypeOrigins origins_;
  Progress* progress_;
};

}  // namespace

LeakReport find_leaks(const graph::HeapGraph& graph, const ObjectNames& names,
                      std::size_t most_suspects, Progress* progress) {
  constexpr std::size_t kMostTypes = 6;
  LeakReport leaks;
  leaks.top = top_of(graph, {.most_rows = kMostTypes});
  leaks.garbage = garbage_view(analysis::find_garbage(graph, progress), graph);
  LeakSearch(graph, names, progress).run(leaks, most_suspects);
  leaks.cycles = analysis::cycles_of_heap(graph, analysis::StructureCycles::kHidden, progress);
  leaks.held_without_name = held_without_name(graph);
  leaks.unexplained_objects = analysis::find_unexplained_counts(graph, progress).by_node.size();
  return leaks;
}

}  // namespace ouro::report
