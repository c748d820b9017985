// How much of a Python program's heap which package holds alone.
//
// The modules, classes and functions of a package are taken together; what can be reached from
// them, and from no other package's, is the package's own. References from one package's functions
// to another's do not count: that is how programs are made, and everything would belong to
// everybody.
//
//   module app ---> list ---> Connection ---> str 'GET /'       app's
//                                        \--> class Connection  app's, whoever refers to it
//   module json --> dict <--- module app                        shared
//
// What only local variables of running functions lead to is `kLocals`; what only C code or the
// interpreter holds is `kRest`; what no root leads to is in none.
//
// Time: every reference is looked at no more than three times. Memory: 4 bytes a node, and a queue.
#pragma once

#include <string>
#include <vector>

#include "analysis/amount.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::analysis {

enum class ShareKind { kPackage, kShared, kLocals, kRest };

struct PackageShare {
  ShareKind kind = ShareKind::kPackage;
  std::string package;  ///< "django"; of the other kinds ""
  Amount amount;
};

/// By falling bytes. Empty where the graph has no modules. Needs all parts.
std::vector<PackageShare> package_shares(const graph::HeapGraph& graph);

}  // namespace ouro::analysis
