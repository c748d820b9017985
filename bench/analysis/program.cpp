// Measures the analyses on one heap graph, as one line of JSON; times are seconds.
//
//   bench_analysis plain GRAPH            a plain reverse-CSR pass
//   bench_analysis time GRAPH             each analysis once, its result kept to the end
//   bench_analysis memory GRAPH           the peak of all of them
//   bench_analysis why GRAPH QUERIES      several_paths() for random nodes, after loading
//   bench_analysis diff BEFORE AFTER REPEATS
//   bench_analysis random NODES EDGES GRAPH   writes a random graph from a fixed seed
//
// Times are of the CPU, of the one thread there is: a busy machine adds what it takes from caches
// and memory, not the time the thread waited. The first two measure once, as what malloc has kept
// of an earlier pass would flatter some passes and not others.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/components.hpp"
#include "analysis/diff.hpp"
#include "analysis/dominators.hpp"
#include "analysis/reverse_edges.hpp"
#include "analysis/several_paths.hpp"
#include "analysis/shortest_paths.hpp"
#include "graph/graph_builder.hpp"
#include "graph/graph_file.hpp"

namespace {

using namespace ouro;
using analysis::Components;
using analysis::Distinct;
using analysis::ReverseEdges;
using analysis::ShortestPaths;
using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "bench_analysis: %s\n", message.c_str());
  std::exit(1);
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The seconds of one call. What it returns lives until after the clock has stopped.
template <class Function>
double seconds_of(Function&& function) {
  const double begin = cpu_seconds();
  const auto result = function();
  const double seconds = cpu_seconds() - begin;
  asm volatile("" : : "g"(&result) : "memory");
  return seconds;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// splitmix64: the same graph and the same questions on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t limit) {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<std::uint32_t>((z ^ (z >> 31)) % limit);
  }

 private:
  std::uint64_t state_;
};

/// The members of one JSON object.
class Facts {
 public:
  void add(const std::string& name, double value) {
    std::array<char, 64> text;
    std::snprintf(text.data(), text.size(), "%.15g", value);
    text_ += (text_.empty() ? "\"" : ", \"") + name + "\": " + text.data();
  }
  void print() const { std::printf("{%s}\n", text_.c_str()); }

 private:
  std::string text_;
};

HeapGraph open(const std::string& path) {
  const Result<HeapGraph> graph = graph::open_graph(path);
  if (!graph) fail(graph.error().to_string());
  return *graph;
}

void require_all(const HeapGraph& graph) {
  if (const auto error = graph.require()) fail(error->to_string());
}

HeapGraph load(const std::string& path) {
  HeapGraph graph = open(path);
  require_all(graph);
  return graph;
}

// ---- The yardstick

struct PlainReverse {
  std::vector<EdgeIndex> begins;
  std::unique_ptr<NodeIndex[]> sources;
};

/// Who refers to a node, as anyone would write it: count, sum up, scatter. No filter, no progress.
PlainReverse plain_reverse(const HeapGraph& graph) {
  const auto begins_of_source = graph.edge_begins();
  const auto targets = graph.all_targets();
  PlainReverse reverse{std::vector<EdgeIndex>(std::size_t{graph.node_count()} + 1),
                       std::make_unique_for_overwrite<NodeIndex[]>(targets.size())};
  for (const NodeIndex target : targets) ++reverse.begins[target + 1];
  for (std::size_t at = 1; at < reverse.begins.size(); ++at) {
    reverse.begins[at] += reverse.begins[at - 1];
  }
  std::vector<EdgeIndex> next(reverse.begins.begin(), reverse.begins.end() - 1);
  for (NodeIndex source = 0; source < graph.node_count(); ++source) {
    for (EdgeIndex edge = begins_of_source[source]; edge < begins_of_source[source + 1]; ++edge) {
      reverse.sources[next[targets[edge]]++] = source;
    }
  }
  return reverse;
}

// ---- What is measured

/// The yardstick alone: it, too, gets all its memory from the system.
void measure_plain(const std::string& path) {
  const HeapGraph graph = load(path);
  Facts facts;
  facts.add("plain", seconds_of([&] { return plain_reverse(graph); }));
  facts.print();
}

/// Each analysis once, its result kept to the end, as in a command that answers everything.
void measure_times(const std::string& path) {
  Facts facts;
  std::optional<HeapGraph> graph;
  facts.add("open", seconds_of([&] { return &graph.emplace(open(path)); }));
  facts.add("require", seconds_of([&] { return graph->require().has_value(); }));
  require_all(*graph);
  facts.add("nodes", graph->node_count());
  facts.add("edges", graph->edge_count());
  std::optional<ReverseEdges> reverse;
  facts.add("reverse", seconds_of([&] { return &reverse.emplace(*graph); }));
  std::optional<ShortestPaths> paths;
  facts.add("paths", seconds_of([&] { return &paths.emplace(ShortestPaths::from_roots(*graph)); }));
  std::optional<Components> components;
  facts.add("components", seconds_of([&] { return &components.emplace(*graph); }));
  std::optional<analysis::DominatorTree> tree;
  facts.add("dominators",
            seconds_of([&] { return &tree.emplace(analysis::dominators(*graph, *reverse)); }));
  facts.print();
}

/// Of /proc/self/status, in bytes.
double status_bytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ':')) return std::stod(line.substr(name.size() + 1)) * 1024;
  }
  fail("/proc/self/status has no " + name);
}

/// All results live at once, as in a program that answers everything. The pages of the mapped file
/// are not counted: the kernel takes them back when it needs them.
void measure_memory(const std::string& path) {
  const HeapGraph graph = load(path);
  const double before = status_bytes("RssAnon");
  const ReverseEdges reverse(graph);
  const double after_reverse = status_bytes("RssAnon");
  const ShortestPaths paths = ShortestPaths::from_roots(graph);
  const double after_paths = status_bytes("RssAnon");
  const Components components(graph);
  const double after_components = status_bytes("RssAnon");
  const analysis::DominatorTree tree = analysis::dominators(graph, reverse);
  const double after_dominators = status_bytes("RssAnon");
  const double peak = status_bytes("VmHWM") - status_bytes("RssFile");
  std::uint64_t reachable = 0;
  std::uint64_t retained_sum = 0;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    reachable += tree.is_reachable(node) ? 1u : 0u;
    retained_sum += tree.retained_bytes(node);
  }
  Facts facts;
  facts.add("nodes", graph.node_count());
  facts.add("peak_bytes", peak - before);
  facts.add("reverse_bytes", after_reverse - before);
  facts.add("paths_bytes", after_paths - after_reverse);
  facts.add("components_bytes", after_components - after_paths);
  facts.add("dominators_bytes", after_dominators - after_components);
  facts.add("on_cycles", components.count());
  facts.add("reachable", static_cast<double>(reachable));
  facts.add("retained_sum", static_cast<double>(retained_sum));
  facts.print();
}

void measure_why(const std::string& path, int queries) {
  const HeapGraph graph = load(path);
  const ReverseEdges reverse(graph);
  const ShortestPaths forest = ShortestPaths::from_roots(graph);
  Facts facts;
  const std::pair<const char*, Distinct> kinds[] = {{"holders", Distinct::kHolders},
                                                    {"roots", Distinct::kRoots},
                                                    {"kinds", Distinct::kRootKinds}};
  for (const auto& [name, distinct] : kinds) {
    Random random(1);
    std::vector<double> seconds;
    double paths = 0;
    while (seconds.size() < static_cast<std::size_t>(queries)) {
      const NodeIndex node = random.below(graph.node_count());
      if (!forest.is_reached(node)) continue;
      seconds.push_back(seconds_of([&] {
        const auto several = analysis::several_paths(forest, reverse, node, 3, distinct);
        paths += static_cast<double>(several.paths.size());
        return several;
      }));
    }
    facts.add(std::string(name) + "_median", median(seconds));
    facts.add(std::string(name) + "_worst", std::ranges::max(seconds));
    facts.add(std::string(name) + "_paths", paths);
  }
  facts.print();
}

void measure_diff(const std::string& before_path, const std::string& after_path, int repeats) {
  const HeapGraph before = load(before_path);
  const HeapGraph after = load(after_path);
  std::vector<double> seconds;
  double appeared = 0;
  double gone = 0;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    seconds.push_back(seconds_of([&] {
      analysis::Diff diff = analysis::diff(before, after);
      appeared = static_cast<double>(diff.appeared.count);
      gone = static_cast<double>(diff.gone.count);
      return diff;
    }));
  }
  Facts facts;
  facts.add("diff", median(seconds));
  facts.add("nodes", after.node_count());
  facts.add("edges", after.edge_count());
  facts.add("appeared", appeared);
  facts.add("gone", gone);
  facts.print();
}

/// Sources and targets at random, so no two steps are near each other in memory: the worst case.
void make_random(std::uint32_t node_count, std::uint32_t edge_count, const std::string& path) {
  graph::GraphBuilder builder;
  const graph::TypeIndex type = builder.add_type("", "Node");
  for (NodeIndex node = 0; node < node_count; ++node) {
    builder.add_node({.address = 64 * (std::uint64_t{node} + 1), .type = type, .size_bytes = 64});
  }
  Random random(1);
  for (EdgeIndex edge = 0; edge < edge_count; ++edge) {
    const NodeIndex source = random.below(node_count);
    builder.add_edge(source, random.below(node_count));
  }
  for (NodeIndex root = 0; root < std::min(node_count, 100u); ++root) {
    builder.add_root(root, graph::RootKind::kGlobal, "root", 1);
  }
  const HeapGraph graph = std::move(builder).build();
  if (const auto error = graph::write_graph(graph, path)) fail(error->to_string());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto is = [&](const char* name, std::size_t count) {
    return words.size() == count && words[0] == name;
  };
  if (is("plain", 2)) {
    measure_plain(words[1]);
  } else if (is("time", 2)) {
    measure_times(words[1]);
  } else if (is("memory", 2)) {
    measure_memory(words[1]);
  } else if (is("why", 3)) {
    measure_why(words[1], std::stoi(words[2]));
  } else if (is("diff", 4)) {
    measure_diff(words[1], words[2], std::stoi(words[3]));
  } else if (is("random", 4)) {
    make_random(static_cast<std::uint32_t>(std::stoul(words[1])),
                static_cast<std::uint32_t>(std::stoul(words[2])), words[3]);
  } else {
    fail(
        "usage: plain GRAPH | time GRAPH | memory GRAPH | why GRAPH QUERIES | "
        "diff BEFORE AFTER REPEATS | random NODES EDGES GRAPH");
  }
  return 0;
}
