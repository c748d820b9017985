#include "text/nearest_names.hpp"

#include <utility>

#include "base/nearest_names.hpp"

namespace ouro::text {

std::vector<std::string> nearest_names(const PlainGraph& graph, std::string_view name,
                                       std::size_t count) {
  if (count == 0 || name.empty()) return {};
  if (graph.find(name)) return {std::string(name)};
  NearestNames nearest(name, count);
  std::string candidate;
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    candidate.clear();
    graph.names.append_to(candidate, node);
    nearest.offer(candidate);
  }
  return std::move(nearest).take();
}

std::string no_such_node_message(const PlainGraph& graph, std::string_view name) {
  constexpr std::size_t kSuggestions = 3;
  return "there is no node `" + std::string(name) + "`" +
         did_you_mean(nearest_names(graph, name, kSuggestions));
}

}  // namespace ouro::text
