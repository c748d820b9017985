#include "report/python_suspects.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/node_set.hpp"
#include "analysis/retained.hpp"
#include "report/accumulated_words.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

using analysis::Amount;
using analysis::SuspectReason;
using analysis::TypeOrigin;
using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

class Search {
 public:
  Search(const HeapGraph& graph, const analysis::DominatorTree& tree,
         const analysis::DominatorOrder& order, const analysis::TypeOrigins& origins)
      : graph_(graph), tree_(tree), order_(order), origins_(origins) {}

  void look_at_held_from_c();
  void look_at_threads();
  void look_at_garbage(const GarbageView& garbage);
  std::vector<SuspectView> take() { return std::move(suspects_); }

 private:
  double share(std::uint64_t bytes) const {
    const auto whole = static_cast<double>(tree_.retained_bytes(tree_.virtual_root()));
    return whole == 0 ? 0 : static_cast<double>(bytes) / whole;
  }
  std::string share_text(std::uint64_t bytes) const {
    return share_text(bytes, tree_.retained_bytes(tree_.virtual_root()));
  }
  static std::string share_text(std::uint64_t bytes, std::uint64_t whole) {
    return format_bytes(bytes) + ", " + percentage(bytes, whole) + " of the heap";
  }
  void add(SuspectReason reason, Amount amount, graph::TypeIndex type, std::string sentence);
  analysis::NodeSet referred_to() const;
  std::vector<NodeIndex> roots_of_threads(const std::vector<std::string>& numbers) const;

  const HeapGraph& graph_;
  const analysis::DominatorTree& tree_;
  const analysis::DominatorOrder& order_;
  const analysis::TypeOrigins& origins_;
  std::vector<SuspectView> suspects_;
};

void Search::add(SuspectReason reason, Amount amount, graph::TypeIndex type, std::string sentence) {
  SuspectView view;
  view.suspect.reason = reason;
  view.suspect.retained_bytes = amount.bytes;
  view.suspect.share = share(amount.bytes);
  view.suspect.score = view.suspect.share;
  view.suspect.type = type;
  view.suspect.accumulated = amount;
  view.sentence = std::move(sentence);
  if (type < graph_.type_count()) view.accumulated_type = graph_.type_name(type);
  suspects_.push_back(std::move(view));
}

analysis::NodeSet Search::referred_to() const {
  analysis::NodeSet nodes(graph_.node_count());
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    for (EdgeIndex edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      const NodeIndex target = graph_.target(edge);
      if (target != node && graph_.kind(edge).is_owned()) nodes.insert(target);
    }
  }
  return nodes;
}

void Search::look_at_held_from_c() {
  constexpr std::uint64_t kFewestOwn = 20;
  constexpr std::uint64_t kFewest = 100;
  constexpr double kLeastShare = 0.1;
  const analysis::NodeSet referred = referred_to();
  std::map<NodeIndex, bool> is_c_by_node;  // false: another root holds it, too
  for (const graph::Root& root : graph_.roots()) {
    const bool is_c = root.kind == graph::RootKind::kOutside;
    const auto [entry, is_new] = is_c_by_node.try_emplace(root.node, is_c);
    if (!is_new) entry->second = entry->second && is_c;
  }
  std::map<graph::TypeIndex, std::vector<NodeIndex>> nodes_by_type;
  for (const auto& [node, is_c] : is_c_by_node) {
    if (!is_c || referred.contains(node) || graph_.flags(node).is_type()) continue;
    nodes_by_type[graph_.type(node)].push_back(node);
  }
  for (const auto& [type, nodes] : nodes_by_type) {
    const Amount held = analysis::dominated_by(tree_, order_, nodes);
    const bool is_own = origins_.of(type) != TypeOrigin::kLibrary;
    const bool is_large = nodes.size() >= kFewest && share(held.bytes) >= kLeastShare;
    if (!is_large && !(is_own && nodes.size() >= kFewestOwn)) continue;
    add(SuspectReason::kHeldFromC, {nodes.size(), held.bytes}, type,
        counted_objects(graph_, nodes.size(), type) + ' ' + of_number(nodes.size(), "is", "are") +
            " held from C code alone, nothing in Python " + "refers to " +
            of_number(nodes.size(), "it", "them") + ": " + share_text(held.bytes) +
            ". A C extension keeps them, or has forgotten to give its references back." +
            more_of_objects(graph_, tree_, order_, origins_, type, nodes));
  }
}

/// Frames of a thread as facts have them, newest first: "work /srv/app.py:17\nThread.run /usr/...".
std::vector<std::string_view> lines_of(std::string_view stack) {
  std::vector<std::string_view> lines;
  while (!stack.empty()) {
    const std::size_t end = std::min(stack.find('\n'), stack.size());
    lines.push_back(stack.substr(0, end));
    stack.remove_prefix(std::min(end + 1, stack.size()));
  }
  return lines;
}

bool is_own(std::string_view line) {
  const std::size_t file = line.find(' ');
  return file != std::string_view::npos &&
         analysis::TypeOrigins::of_file(line.substr(file + 1)) == TypeOrigin::kApplication;
}

/// The newest of the program's own; else what `threading` has called; else the function of it that
/// the thread began with, such as Timer.run.
std::string_view telling_line(const std::vector<std::string_view>& lines) {
  const auto own = std::ranges::find_if(lines, is_own);
  if (own != lines.end()) return *own;
  std::string_view oldest;
  for (const std::string_view line : lines) {
    const bool is_of_threading = line.find("/threading.py:") != std::string_view::npos;
    if (!is_of_threading || line.find("_bootstrap") == std::string_view::npos) oldest = line;
  }
  for (const std::string_view line : lines) {
    if (line.find("/threading.py:") == std::string_view::npos) oldest = line;
  }
  return oldest;
}

/// The newest line of a thread of concurrent.futures that has nothing to do.
bool is_idle_worker(std::string_view line) {
  return line.starts_with("_worker ") &&
         line.find("/concurrent/futures/thread.py:") != std::string_view::npos;
}

/// "work /srv/app.py:17" as "work app.py:17".
std::string short_line(std::string_view line) {
  const std::size_t blank = line.find(' ');
  const std::size_t slash = line.rfind('/');
  if (blank == std::string_view::npos || slash == std::string_view::npos) return std::string(line);
  return std::string(line.substr(0, blank + 1)).append(line.substr(slash + 1));
}

std::vector<NodeIndex> Search::roots_of_threads(const std::vector<std::string>& numbers) const {
  std::vector<NodeIndex> nodes;
  for (const graph::Root& root : graph_.roots()) {
    if (root.kind != graph::RootKind::kLocal) continue;
    std::string_view name = graph_.string(root.name);
    if (!name.starts_with("thread ")) continue;
    name = name.substr(0, name.find_first_of(" ,", sizeof("thread")));
    if (std::ranges::find(numbers, name) != numbers.end()) nodes.push_back(root.node);
  }
  return nodes;
}

void Search::look_at_threads() {
  constexpr std::size_t kFewestThreads = 20;
  constexpr std::size_t kFewestOfLibrary = 100;
  std::map<std::string_view, std::vector<std::string>> threads_by_stack;
  for (const graph::FactRow& fact : graph_.facts()) {
    const std::string_view key = graph_.string(fact.key);
    if (!key.starts_with("stack ")) continue;
    threads_by_stack[graph_.string(fact.value)].push_back(
        std::string("thread ").append(key.substr(6)));
  }
  for (const auto& [stack, threads] : threads_by_stack) {
    if (threads.size() < kFewestThreads) continue;
    const std::vector<std::string_view> lines = lines_of(stack);
    const std::string_view line = telling_line(lines);
    if (line.empty() || (!is_own(line) && threads.size() < kFewestOfLibrary)) continue;
    const Amount held = analysis::dominated_by(tree_, order_, roots_of_threads(threads));
    const std::string newest = short_line(lines.front());
    const bool are_greenlets = graph_.fact(threads.front()) == "greenlet";
    std::string sentence = with_separators(threads.size()) +
                           (are_greenlets ? " greenlets wait" : " threads stand") +
                           " at the same place, " + short_line(line);
    if (newest != short_line(line)) sentence += ", in " + newest;
    sentence += ": what their frames alone keep is " + share_text(held.bytes) +
                (are_greenlets ? ". Greenlets that nobody wakes or kills stay."
                 : is_idle_worker(lines.front())
                     ? ". They wait for work: a large pool, or many that nobody shuts down."
                     : ". Threads that nobody stops and joins stay.");
    add(SuspectReason::kThreadsAlike, {threads.size(), held.bytes}, graph_.type_count(),
        std::move(sentence));
  }
}

void Search::look_at_garbage(const GarbageView& garbage) {
  constexpr double kLeastShare = 0.02;
  const std::uint64_t bytes = garbage.garbage.bytes + garbage.held_by_garbage.bytes;
  const std::uint64_t count = garbage.garbage.count + garbage.held_by_garbage.count;
  if (share(bytes) < kLeastShare || garbage.rows.empty()) return;
  add(SuspectReason::kGarbage, {count, bytes}, graph_.type_count(),
      counted(count, "object") + ' ' + of_number(count, "is", "are") +
          " cyclic garbage that the collector has not freed yet, most of type " +
          garbage.rows.front().type + ": " +
          share_text(bytes, bytes + tree_.retained_bytes(tree_.virtual_root())) +
          ". Is it off (gc.disable, gc.freeze), or its threshold high? `ouro garbage` and `ouro "
          "cycles` say which cycles these are.");
}

}  // namespace

std::vector<SuspectView> python_suspects(const HeapGraph& graph,
                                         const analysis::DominatorTree& tree,
                                         const analysis::DominatorOrder& order,
                                         const analysis::TypeOrigins& origins,
                                         const GarbageView& garbage) {
  if (!graph.fact("runtime").starts_with("cpython")) return {};
  Search search(graph, tree, order, origins);
  search.look_at_held_from_c();
  search.look_at_threads();
  search.look_at_garbage(garbage);
  return search.take();
}

}  // namespace ouro::report
