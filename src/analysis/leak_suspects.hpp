// Where a heap may leak: places that hold much of it for one reason, most likely first.
//
// A leak is seldom one object. It is a place where objects pile up, and in the dominator tree that
// is where a great retained size falls to many small ones, the accumulation point (the word is
// Eclipse Memory Analyzer's):
//
//   (virtual root) 100 % -- app 80 % -- .cache, a dict 79 %  <- here
//                  \                     |   |   |   \.
//                   os 2 %         Connection 0.001 %, 79,000 times
//
// Algorithm: from each object that holds at least `least_share` of the heap follow the child that
// holds at least half of what its dominator does, as long as there is one. Where it ends
//   - and one type occurred `fewest_instances` times on the way: a list whose links hold each
//   other,
//     reported where it begins (kLongChain);
//   - and most of it is the object's own: kLargeObject;
//   - and most of it is in children of one type, `fewest_instances` of them: kManyOfOneType;
//   - and each object on the way that has `fewest_peers` of its type retains `least_peer_ratio`
//     times their median: kAbovePeers;
//   - and the share is at least `large_share`: kLargeShare.
// Else nothing is said of it, nor where most of it is in children that are followed themselves.
// Objects of one type that no single object dominates, but of which one refers to at least half,
// pile up there: kManyOfOneType, too. And what no root reaches but is counted: kUnreachable.
//
// Score: the accumulated bytes as a share of the heap, so how much of all would go with this one
// reason. A program may hold much on purpose: suspects are for a person to judge.
//
// Time: O(nodes), and a pass over the edges where many objects have no single dominator. Memory: a
// bit a node, and 4 bytes a node during such a pass.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/amount.hpp"
#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

enum class SuspectReason {
  kManyOfOneType,  ///< the node holds very many objects of the accumulated type
  kLongChain,      ///< objects of the accumulated type hold each other, one after the other
  kLargeObject,    ///< the node itself is large
  kAbovePeers,     ///< the node holds far more than others of its type
  kLargeShare,     ///< the node holds a large share of the heap, of many types
  kUnreachable,    ///< no root reaches them, but they are counted
  // Of Python programs, found by report/python_suspects.hpp:
  kHeldFromC,     ///< nothing but C code refers to objects of the accumulated type
  kThreadsAlike,  ///< very many threads stand at the same place
  kGarbage,       ///< much is cyclic garbage that the collector has not found yet
};

struct LeakSuspect {
  SuspectReason reason = SuspectReason::kLargeShare;
  /// The accumulation point. Of a long chain the first link; kNoNode for kUnreachable.
  NodeIndex node = graph::kNoNode;
  /// Else others hold the accumulated objects too, and they are not in retained_bytes.
  bool is_only_holder = true;
  std::uint64_t retained_bytes = 0;  ///< by the node; of kUnreachable: of all of them
  double share = 0;                  ///< of the retained bytes in all that roots reach, 0 to 1
  graph::TypeIndex type = 0;         ///< that piles up
  Amount accumulated;                ///< objects of it, and the bytes they retain
  /// kAbovePeers: the accumulation point or one on the way to it, and others of its type.
  NodeIndex node_with_peers = graph::kNoNode;
  std::uint64_t peer_count = 0;
  std::uint64_t median_peer_bytes = 0;
  double score = 0;
};

struct LeakSuspectOptions {
  double least_share = 0.1;
  double large_share = 0.3;
  std::uint64_t fewest_instances = 100;
  std::uint64_t fewest_peers = 8;
  double least_peer_ratio = 100;
};

/// By falling score, then by node and type.
std::vector<LeakSuspect> leak_suspects(const HeapGraph& graph, const DominatorTree& tree,
                                       const DominatorOrder& order, LeakSuspectOptions options = {},
                                       Progress* progress = nullptr);

}  // namespace ouro::analysis
