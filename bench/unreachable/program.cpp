// Reads a graph, prints what the roots do not reach, as `ouro unreachable` does; then, to standard
// error, the seconds of each step and the peak memory as one line of JSON.
//
//   bench_unreachable FILE ROOT... > unreachable.txt
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/dot.hpp"
#include "text/edge_list.hpp"
#include "text/input.hpp"
#include "text/nearest_names.hpp"
#include "text/reached.hpp"
#include "text/sniff.hpp"

namespace {

using namespace ouro::text;

// The seconds of every step that is done.
class StepClock {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> taken = now - std::exchange(last_, now);
    return taken.count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// "reading" includes parsing; "sorting edges" is what follows inside the reader.
class StepTimes : public ouro::Progress {
 public:
  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override {
    seconds.push_back(clock_.lap());
  }
  void advance(std::uint64_t /*done*/) override {}
  double lap() { return clock_.lap(); }

  std::vector<double> seconds;

 private:
  StepClock clock_;
};

int fail(const std::string& message) {
  std::fprintf(stderr, "bench_unreachable: %s\n", message.c_str());
  return 1;
}

void print_names(const PlainGraph& graph, const std::vector<NodeIndex>& nodes) {
  constexpr std::size_t kFlushBytes = std::size_t{1} << 16;
  std::string text;
  for (const NodeIndex node : nodes) {
    graph.names.append_to(text, node);
    text += '\n';
    if (text.size() < kFlushBytes) continue;
    std::fwrite(text.data(), 1, text.size(), stdout);
    text.clear();
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

double peak_bytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return fail("usage: bench_unreachable FILE ROOT...");
  StepTimes times;
  ouro::Result<Input> input = Input::open(argv[1]);
  if (!input) return fail(input.error().to_string());
  const ouro::Result<std::string_view> first = input->peek();
  if (!first) return fail(first.error().to_string());
  const bool is_dot = sniff(*first) == GraphFormat::kDot;
  const ouro::Result<PlainGraph> graph =
      is_dot ? read_dot(*input, &times) : read_edge_list(*input, &times);
  if (!graph) return fail(graph.error().to_string());

  std::vector<NodeIndex> roots;
  for (int at = 2; at < argc; ++at) {
    const std::optional<NodeIndex> root = graph->find(argv[at]);
    if (!root) return fail(no_such_node_message(*graph, argv[at]));
    roots.push_back(*root);
  }
  const std::vector<NodeIndex> nodes = unreachable(*graph, roots, &times);
  const double following = times.lap();
  print_names(*graph, nodes);
  const double printing = times.lap();
  std::fprintf(
      stderr,
      "{\"nodes\": %u, \"edges\": %u, \"unreachable\": %zu, \"reading\": %.4f, "
      "\"sorting\": %.4f, \"following\": %.4f, \"printing\": %.4f, \"peak_bytes\": %.0f}\n",
      graph->node_count(), graph->edge_count(), nodes.size(), times.seconds.at(1),
      times.seconds.at(2), following, printing, peak_bytes());
  return 0;
}
