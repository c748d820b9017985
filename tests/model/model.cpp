#include "model/model.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "model/subjects.hpp"

namespace ouro::model {

// ---- nodes and edges ------------------------------------------------------------------------

NodeId Model::add(std::uint8_t shape, std::uint8_t heap, bool is_tracked, bool has_finalizer) {
  NodeId id = static_cast<NodeId>(nodes.size());
  if (free_.empty()) {
    nodes.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Node& node = nodes[id];
  std::vector<NodeId> edges = std::move(node.edges);  // keeps its memory
  std::vector<WeakId> weak = std::move(node.weak);
  edges.clear();
  node = Node{};
  node.edges = std::move(edges);
  node.weak = std::move(weak);
  node.life = Life::kAllocating;
  node.shape = shape;
  node.heap = heap;
  node.is_tracked = is_tracked;
  node.has_finalizer = has_finalizer;
  node.count = 1;
  ++living;
  return id;
}

void Model::constructed(NodeId id, std::size_t slots) {
  nodes[id].life = Life::kAlive;
  nodes[id].edges.resize(slots, kNone);
}

void Model::removed(NodeId id) {
  if (nodes[id].dies_by_count) --heaps[nodes[id].heap].releases;
  if (nodes[id].life == Life::kDying) --dying;
  nodes[id].life = Life::kAbsent;
  --living;
  free_.push_back(id);
}

void Model::retain(NodeId id) {
  if (id == kNone) return;
  if (!nodes[id].is_finalizing) nodes[id].is_given = false;
  if (nodes[id].count++ == 0) --owed;
}

void Model::release(NodeId id) {
  if (id == kNone || --nodes[id].count > 0) return;
  if (nodes[id].is_quiet && nodes[id].life == Life::kAlive && !nodes[id].is_given) {
    destroy_quietly(id);
  } else {
    ++owed;
  }
}

void Model::destroy_quietly(NodeId id) {
  HeapModel& heap = heaps[nodes[id].heap];
  if (nodes[id].is_tracked && heap.counts[0] > 0) --heap.counts[0];
  kill_weak(id, false);
  nodes[id].is_condemned = false;
  drop_edges(id);
  removed(id);
}

void Model::set_edge(NodeId from, std::size_t slot, NodeId to) {
  retain(to);
  release(std::exchange(nodes[from].edges[slot], to));
}

void Model::drop_edges(NodeId id) {
  for (NodeId& to : nodes[id].edges) release(std::exchange(to, kNone));
}

// ---- weak references ------------------------------------------------------------------------

WeakId Model::make_weak(NodeId target, bool has_callback) {
  if (!has_callback) {
    for (const WeakId id : nodes[target].weak) {
      if (!weaks[id].is_shared) continue;
      ++weaks[id].handles;
      return id;
    }
  }
  WeakId id = static_cast<WeakId>(weaks.size());
  if (free_weaks_.empty()) {
    weaks.emplace_back();
  } else {
    id = free_weaks_.back();
    free_weaks_.pop_back();
  }
  weaks[id] = Weak{target, target, 1, !has_callback, has_callback, false};
  nodes[target].weak.push_back(id);
  return id;
}

void Model::drop_weak_handle(WeakId id) {
  if (id == kNone || --weaks[id].handles > 0) return;
  Weak& weak = weaks[id];
  if (weak.target != kNone) std::erase(nodes[weak.target].weak, id);
  if (weak.is_pending) std::erase(nodes[weak.last_target].weak, id);
  weak = Weak{};
  free_weaks_.push_back(id);
}

void Model::kill_weak(NodeId target, bool may_call) {
  std::vector<WeakId>& list = nodes[target].weak;
  for (const WeakId id : list) {
    weaks[id].target = kNone;
    weaks[id].is_pending = may_call && weaks[id].has_callback;
  }
  // What is left is what must still be called, the newest first.
  std::erase_if(list, [&](WeakId id) { return !weaks[id].is_pending; });
}

bool Model::has_pending(NodeId target) const {
  return std::any_of(nodes[target].weak.begin(), nodes[target].weak.end(),
                     [&](WeakId id) { return weaks[id].is_pending; });
}

// ---- collections ----------------------------------------------------------------------------

std::optional<int> Model::due(std::size_t heap_index) const {
  const HeapModel& heap = heaps[heap_index];
  const auto& thresholds = heap.thresholds;
  const bool may =
      heap.is_enabled && !heap.is_collecting && heap.releases == 0 && thresholds[0] != 0;
  if (!may || heap.counts[0] <= thresholds[0]) return std::nullopt;
  if (heap.counts[2] > thresholds[2] && heap.long_lived_pending >= heap.long_lived_total / 4)
    return 2;
  return heap.counts[1] > thresholds[1] ? 1 : 0;
}

bool Model::is_member(const Node& node) const {
  const bool is_judgeable = node.is_tracked && !node.is_frozen && node.life == Life::kAlive;
  // Who waits to be destroyed is not judged any more; who is being finalized is held meanwhile.
  return is_judgeable && (node.count > 0 || node.is_finalizing || node.is_given);
}

void Model::visit(NodeId id) {
  if (id == kNone || membership_[id] != 1) return;
  membership_[id] = 2;
  stack_.push_back(id);
}

void Model::reach(const std::vector<NodeId>& members) {
  membership_.assign(nodes.size(), 0);
  for (const NodeId id : members) membership_[id] = 1;
  stack_.clear();
  for (const NodeId id : roots) visit(id);
  for (const NodeId id : held) visit(id);
  for (const HeapModel& heap : heaps) {
    for (const NodeId id : heap.garbage) visit(id);
  }
  for (NodeId id = 1; id < nodes.size(); ++id) {
    const Node& node = nodes[id];
    if (node.life == Life::kAbsent) continue;
    if (membership_[id] == 0) {
      for (const NodeId to : node.edges) visit(to);
    } else if (node.is_finalizing) {
      visit(id);
    }
  }
  while (!stack_.empty()) {
    const NodeId id = stack_.back();
    stack_.pop_back();
    for (const NodeId to : nodes[id].edges) visit(to);
  }
}

void Model::begin_collection(std::size_t heap_index, int generation) {
  HeapModel& heap = heaps[heap_index];
  std::vector<NodeId> members;
  for (NodeId id = 1; id < nodes.size(); ++id) {
    const Node& node = nodes[id];
    if (node.heap == heap_index && node.generation <= generation && is_member(node)) {
      members.push_back(id);
    }
  }
  ++heap.collections[static_cast<std::size_t>(generation)];
  heap.counts[0] = 0;
  if (generation >= 1) heap.counts[1] = 0;
  if (generation >= 2) heap.counts[2] = 0;
  if (generation == 0) ++heap.counts[1];
  if (generation == 1) ++heap.counts[2];
  reach(members);
  for (const NodeId id : members) {
    if (membership_[id] != 2) continue;
    nodes[id].generation = static_cast<std::uint8_t>(std::min(generation + 1, 2));
    if (generation == 1) ++heap.long_lived_pending;
  }
  bury(heap_index, members);
}

void Model::begin_collection_of(std::size_t heap_index, const std::vector<NodeId>& objects,
                                const std::vector<NodeId>& given) {
  std::vector<NodeId> members;
  for (const NodeId id : objects) {
    if (nodes[id].heap == heap_index && is_member(nodes[id])) members.push_back(id);
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  reach(members);
  bury(heap_index, members);
  for (const NodeId id : given) {
    nodes[id].is_given = nodes[id].is_condemned && nodes[id].count == 1;
    release(id);
  }
}

void Model::bury(std::size_t heap_index, const std::vector<NodeId>& members) {
  HeapModel& heap = heaps[heap_index];
  heap.is_collecting = true;
  running_.push_back(heap_index);
  heap.is_judged = false;
  heap.candidates = members.size();
  heap.collected = heap.uncollectable = 0;
  heap.condemned.clear();
  for (const NodeId id : members) {
    if (membership_[id] == 2) continue;
    nodes[id].is_condemned = true;
    heap.condemned.push_back(id);
  }
  if (heap.has_legacy_finalizers) separate_legacy_finalizers(heap);
  silence_garbage(heap);
  for (const NodeId id : heap.condemned) kill_weak(id, true);
}

void Model::separate_legacy_finalizers(HeapModel& heap) {
  std::vector<NodeId> saved;
  for (const NodeId id : heap.condemned) {
    if (nodes[id].has_finalizer && !nodes[id].is_finalized) saved.push_back(id);
  }
  stack_.clear();
  for (const NodeId id : saved) visit(id);
  while (!stack_.empty()) {
    const NodeId id = stack_.back();
    stack_.pop_back();
    for (const NodeId to : nodes[id].edges) visit(to);
  }
  const auto is_spared = [&](NodeId id) { return membership_[id] == 2; };
  for (const NodeId id : heap.condemned) {
    if (!is_spared(id)) continue;
    nodes[id].is_condemned = false;
    nodes[id].generation = 2;
    ++heap.uncollectable;
    if (heap.saves_all && std::find(saved.begin(), saved.end(), id) == saved.end())
      saved.push_back(id);
  }
  std::erase_if(heap.condemned, is_spared);
  for (const NodeId id : saved) {
    retain(id);
    heap.garbage.push_back(id);
  }
}

void Model::silence_garbage(const HeapModel& heap) {
  for (const NodeId id : heap.condemned) {
    const WeakId watched = nodes[id].watched;
    if (watched == kNone || !weaks[watched].has_callback) continue;
    const auto held = std::count_if(heap.condemned.begin(), heap.condemned.end(),
                                    [&](NodeId other) { return nodes[other].watched == watched; });
    // A shared one without a callback is the target's again; this one had a callback and never is.
    if (static_cast<std::uint32_t>(held) == weaks[watched].handles) {
      weaks[watched].has_callback = false;
    }
  }
}

void Model::judge_again(std::size_t heap_index) {
  HeapModel& heap = heaps[heap_index];
  if (heap.is_judged) return;
  heap.is_judged = true;
  std::vector<NodeId> members;
  for (const NodeId id : heap.condemned) {
    if (nodes[id].is_condemned && is_member(nodes[id])) members.push_back(id);
  }
  reach(members);
  heap.condemned.clear();
  for (const NodeId id : members) {
    if (membership_[id] == 2) {
      nodes[id].is_condemned = false;
      nodes[id].generation = 2;
    } else {
      heap.condemned.push_back(id);
    }
  }
  heap.collected = heap.condemned.size();
  heap.saves_all ? save_all(heap) : doom(heap.condemned);
}

void Model::save_all(HeapModel& heap) {
  for (const NodeId id : heap.condemned) {
    nodes[id].is_condemned = false;
    nodes[id].generation = 2;
    retain(id);
    heap.garbage.push_back(id);
  }
}

void Model::doom(const std::vector<NodeId>& garbage) {
  for (const NodeId id : garbage) {
    kill_weak(id, false);
    if (nodes[id].count == 0) --owed;
    nodes[id].life = Life::kDoomed;
    ++doomed;
  }
  for (const NodeId id : garbage) {
    for (NodeId& edge : nodes[id].edges) {
      const NodeId to = std::exchange(edge, kNone);
      if (to != kNone && nodes[to].life != Life::kDoomed) release(to);
    }
  }
  for (const NodeId id : garbage) {
    if (!nodes[id].is_quiet) continue;
    --doomed;
    removed(id);
  }
}

void Model::end_collection(std::size_t heap_index, int generation) {
  HeapModel& heap = heaps[heap_index];
  judge_again(heap_index);
  heap.is_collecting = false;
  running_.pop_back();
  if (generation != 2) return;
  heap.long_lived_pending = 0;
  heap.long_lived_total = 0;
  for (const Node& node : nodes) {
    const bool exists = node.life != Life::kAbsent && node.life != Life::kAllocating;
    if (exists && node.heap == heap_index && node.is_tracked && !node.is_frozen) {
      ++heap.long_lived_total;
    }
  }
}

void Model::tear_down(std::size_t heap_index) {
  std::vector<NodeId> left;
  for (NodeId id = 1; id < nodes.size(); ++id) {
    if (nodes[id].heap == heap_index && nodes[id].life == Life::kAlive) left.push_back(id);
  }
  doom(left);
}

// ---- what the runtime does now --------------------------------------------------------------

void Model::look_further() {
  // The innermost alone: those around it are still at their callbacks and finalizers.
  if (!running_.empty()) judge_again(running_.back());
  for (std::size_t at = 0; at < heaps.size(); ++at) {
    if (heaps[at].is_torn_down && !heaps[at].is_collecting) tear_down(at);
  }
}

bool Model::may_finalize(NodeId id) {
  const Node& node = nodes[id];
  const HeapModel& heap = heaps[node.heap];
  if (node.life != Life::kAlive || !node.has_finalizer || node.is_finalized) return false;
  if (node.count == 0 && !node.is_given) return true;
  if (heap.is_collecting && !heap.is_judged && node.is_condemned)
    return !heap.has_legacy_finalizers;
  look_further();
  return node.count == 0 && !node.is_given;
}

bool Model::is_due(const Node& node) const {
  if (node.life == Life::kDoomed) return true;
  const bool is_done = !node.has_finalizer || node.is_finalized;
  return node.life == Life::kAlive && node.count == 0 && !node.is_given && is_done;
}

bool Model::may_destroy(NodeId id) {
  if (!is_due(nodes[id])) look_further();
  return is_due(nodes[id]);
}

bool Model::may_call(WeakId id) {
  const NodeId target = weaks[id].last_target;
  if (!weaks[id].is_pending) {
    if (weaks[id].target == kNone || !may_destroy(target) || nodes[target].life == Life::kDoomed) {
      return false;
    }
    kill_weak(target, true);
  }
  // The newest first.
  if (nodes[target].weak.empty() || nodes[target].weak.back() != id) return false;
  nodes[target].weak.pop_back();
  weaks[id].is_pending = weaks[id].has_callback = false;
  return true;
}

void Model::begin_destruction(NodeId id, bool by_count) {
  Node& node = nodes[id];
  if (node.life == Life::kDoomed) --doomed;
  if (node.life == Life::kAlive) --owed;
  node.life = Life::kDying;
  ++dying;
  node.is_condemned = false;
  node.dies_by_count = by_count;
  if (by_count) {
    HeapModel& heap = heaps[node.heap];
    ++heap.releases;
    if (node.is_tracked && heap.counts[0] > 0) --heap.counts[0];
  }
  drop_weak_handle(std::exchange(node.watched, kNone));
  drop_edges(id);
}

std::string Model::drawing() const {
  std::ostringstream out;
  for (const HeapModel& heap : heaps) {
    out << "heap: counts";
    for (const std::size_t count : heap.counts) out << ' ' << count;
    out << ", thresholds";
    for (const std::size_t threshold : heap.thresholds) out << ' ' << threshold;
    out << ", long lived " << heap.long_lived_total << ", pending " << heap.long_lived_pending
        << ", expected collection " << heap.expected.value_or(-1) << '\n';
  }
  out << "roots:";
  for (const NodeId id : roots) out << ' ' << id;
  out << '\n';
  for (NodeId id = 1; id < nodes.size(); ++id) {
    const Node& node = nodes[id];
    if (node.life == Life::kAbsent) continue;
    constexpr const char* kLives[] = {"absent", "allocating", "constructing",
                                      "alive",  "doomed",     "dying"};
    out << "  " << id << ' ' << shapes()[node.shape].name << " heap " << int{node.heap} << " "
        << kLives[static_cast<int>(node.life)] << " count " << node.count << " generation "
        << int{node.generation} << (node.is_frozen ? " frozen" : "")
        << (node.is_finalized ? " finalized" : "") << (node.is_condemned ? " condemned" : "")
        << " ->";
    for (std::size_t slot = 0; slot < node.edges.size() && slot < 20; ++slot) {
      out << ' ' << node.edges[slot];
    }
    if (node.edges.size() > 20) out << " ... (" << node.edges.size() << " slots)";
    out << '\n';
  }
  return out.str();
}

}  // namespace ouro::model
