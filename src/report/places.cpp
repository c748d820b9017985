#include "report/places.hpp"

#include <utility>

#include "analysis/root_words.hpp"

namespace ouro::report {

namespace {

/// Beyond so many steps a place is a way, which `ouro why` shows.
constexpr std::size_t kMostLabels = 5;

std::string labels_of(const WhyPath& path) {
  std::string text;
  for (const WhyStep& step : path.steps) text += step.label;
  return text;
}

std::string in_backticks(std::string_view text) {
  std::string out = "`";
  out.append(text).append("`");
  return out;
}

}  // namespace

Places::Places(const graph::HeapGraph& graph, const ObjectNames& names, Progress* progress)
    : graph_(graph), names_(names), forest_(analysis::ShortestPaths::from_roots(graph, progress)) {}

std::optional<WhyPath> Places::path(graph::NodeIndex node) const {
  const auto path = forest_.path_to(node);
  if (!path) return std::nullopt;
  return readable(graph_, *path);
}

std::string Places::expression(graph::NodeIndex node) const {
  const auto found = path(node);
  if (!found || found->steps.size() > kMostLabels + 1) return "";
  const bool is_module = analysis::module_of(found->root.name).has_value();
  if (!is_module && !analysis::local_variable_of(found->root.name)) return "";
  std::string text = analysis::short_root_name(found->root.name) + labels_of(*found);
  const bool is_namespace =
      is_module && found->steps.size() == 1 && graph_.short_type_name(graph_.type(node)) == "dict";
  if (is_namespace) text += ".__dict__";
  return text;
}

std::string Places::described(graph::NodeIndex node) const {
  const auto found = path(node);
  if (!found || found->steps.size() > kMostLabels + 1) return names_.described(node);
  std::string type = "the ";
  type += graph_.short_type_name(graph_.type(node));
  const std::string labels = labels_of(*found);
  if (const auto name = analysis::module_of(found->root.name)) {
    const std::string module = in_backticks(*name);
    if (labels.empty()) {
      return graph_.short_type_name(graph_.type(node)) == "dict"
                 ? "the namespace of module " + module
                 : "module " + module;
    }
    const std::size_t skipped = labels.front() == '.' ? 1 : 0;
    return type + ' ' + in_backticks(std::string_view(labels).substr(skipped)) + " of module " +
           module;
  }
  if (const auto variable = analysis::local_variable_of(found->root.name)) {
    return type + ' ' + in_backticks(std::string(variable->name) + labels) + " of " +
           std::string(variable->frame);
  }
  return names_.described(node);
}

}  // namespace ouro::report
