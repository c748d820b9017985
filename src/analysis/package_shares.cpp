#include "analysis/package_shares.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "analysis/flat_array.hpp"
#include "analysis/node_set.hpp"

namespace ouro::analysis {

namespace {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeIndex;
using graph::RootKind;

using Group = std::uint32_t;
constexpr Group kNoGroup = 0;
constexpr Group kShared = 1;
constexpr Group kLocals = 2;
constexpr Group kRest = 3;
constexpr Group kFirstPackage = 4;

class Spread {
 public:
  explicit Spread(const HeapGraph& graph)
      : graph_(graph),
        group_by_node_(graph.node_count(), kNoGroup),
        is_fixed_(graph.node_count()) {}

  std::vector<PackageShare> run();

 private:
  Group group_of(std::string_view module);
  void fix(NodeIndex node, Group group);
  void fix_modules();
  void fix_classes_and_functions();
  void add_locals();
  void add_rest();
  void spread();
  std::vector<PackageShare> shares() const;

  const HeapGraph& graph_;
  FlatArray<Group> group_by_node_;
  NodeSet is_fixed_;  ///< modules, classes, functions: of one package, whoever refers to them
  std::vector<NodeIndex> queue_;
  std::map<std::string, Group, std::less<>> group_by_package_;
};

Group Spread::group_of(std::string_view module) {
  const std::string_view package = module.substr(0, module.find('.'));
  const auto next = static_cast<Group>(kFirstPackage + group_by_package_.size());
  return group_by_package_.try_emplace(std::string(package), next).first->second;
}

void Spread::fix(NodeIndex node, Group group) {
  if (!is_fixed_.insert(node)) return;
  group_by_node_[node] = group;
  queue_.push_back(node);
}

void Spread::fix_modules() {
  constexpr std::string_view kModule = "module ";
  for (const graph::Root& root : graph_.roots()) {
    const std::string_view name = graph_.string(root.name);
    if (root.kind != RootKind::kGlobal || !name.starts_with(kModule)) continue;
    fix(root.node, group_of(name.substr(kModule.size())));
  }
}

void Spread::fix_classes_and_functions() {
  std::map<NodeIndex, std::string_view> module_by_class;
  for (const graph::TypeRow& type : graph_.types()) {
    if (type.node != graph::kNoNode) module_by_class[type.node] = graph_.string(type.module);
  }
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    if (graph_.flags(node).is_type()) {
      // A class without objects has no row; its name begins with its module.
      const auto known = module_by_class.find(node);
      const std::string_view name =
          known != module_by_class.end() ? known->second : graph_.preview(node);
      if (!name.empty()) fix(node, group_of(name));
      continue;
    }
    if (graph_.short_type_name(graph_.type(node)) != "function") continue;
    for (EdgeIndex edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      if (graph_.string(graph_.edge_name(edge)) != "__globals__") continue;
      const NodeIndex globals = graph_.target(edge);
      if (is_fixed_.contains(globals)) fix(node, group_by_node_[globals]);
      break;
    }
  }
}

void Spread::add_locals() {
  for (const graph::Root& root : graph_.roots()) {
    if (root.kind != RootKind::kLocal || is_fixed_.contains(root.node)) continue;
    Group& group = group_by_node_[root.node];
    if (group == kLocals || group == kShared) continue;
    group = group == kNoGroup ? kLocals : kShared;
    queue_.push_back(root.node);
  }
}

void Spread::add_rest() {
  for (const graph::Root& root : graph_.roots()) {
    if (group_by_node_[root.node] != kNoGroup) continue;
    group_by_node_[root.node] = kRest;
    queue_.push_back(root.node);
  }
}

void Spread::spread() {
  while (!queue_.empty()) {
    const NodeIndex node = queue_.back();
    queue_.pop_back();
    const Group group = group_by_node_[node];
    for (EdgeIndex edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      const NodeIndex target = graph_.target(edge);
      Group& found = group_by_node_[target];
      if (found == group || found == kShared || graph_.kind(edge).is_weak()) continue;
      // What a package has reached is not the rest's, too.
      if (is_fixed_.contains(target) || (group == kRest && found != kNoGroup)) continue;
      found = found == kNoGroup ? group : kShared;
      queue_.push_back(target);
    }
  }
}

std::vector<PackageShare> Spread::shares() const {
  std::vector<PackageShare> shares(kFirstPackage + group_by_package_.size());
  shares[kShared].kind = ShareKind::kShared;
  shares[kLocals].kind = ShareKind::kLocals;
  shares[kRest].kind = ShareKind::kRest;
  for (const auto& [package, group] : group_by_package_) shares[group].package = package;
  for (NodeIndex node = 0; node < graph_.node_count(); ++node) {
    Amount& amount = shares[group_by_node_[node]].amount;
    ++amount.count;
    amount.bytes += graph_.size_bytes(node);
  }
  shares.erase(shares.begin());  // of those that no root leads to
  std::erase_if(shares, [](const PackageShare& share) { return share.amount.count == 0; });
  std::ranges::sort(shares, [](const PackageShare& a, const PackageShare& b) {
    return std::tie(b.amount.bytes, a.package) < std::tie(a.amount.bytes, b.package);
  });
  return shares;
}

std::vector<PackageShare> Spread::run() {
  fix_modules();
  if (queue_.empty()) return {};
  fix_classes_and_functions();
  add_locals();
  spread();
  add_rest();
  spread();
  return shares();
}

}  // namespace

std::vector<PackageShare> package_shares(const HeapGraph& graph) {
  return Spread(graph).run();
}

}  // namespace ouro::analysis
