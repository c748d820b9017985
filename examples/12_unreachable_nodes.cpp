// A directed graph and a start are given; which nodes cannot be reached? Answered twice: by the
// depth-first search that the exercise asks for, and by a graph of real objects whose garbage is
// collected.
//
// Usage: 12_unreachable_nodes [FILE]: the start, then an edge a line: "from to". Without a file,
// the graph below.
//
//   main --> cache --> entry          request <--> handler --> log <-- main
//                                     stray --> stray
#include <fstream>
#include <iostream>
#include <map>
#include <ouro/ouro.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using Names = std::set<std::string>;
using Edges = std::multimap<std::string, std::string>;

void mark(const std::string& node, const Edges& edges, Names& marked) {
  if (!marked.insert(node).second) return;
  const auto [first, last] = edges.equal_range(node);
  for (auto edge = first; edge != last; ++edge) mark(edge->second, edges, marked);
}

Names unreachable_by_search(const std::string& start, const Names& nodes, const Edges& edges) {
  Names marked;
  mark(start, edges, marked);
  Names unmarked;
  for (const auto& node : nodes) {
    if (!marked.contains(node)) unmarked.insert(node);
  }
  return unmarked;
}

struct Node {
  std::vector<ouro::Ref<Node>> successors;
};

Names unreachable_by_collection(const std::string& start, const Names& nodes, const Edges& edges) {
  std::map<std::string, ouro::Ref<Node>> objects;
  std::map<std::string, ouro::WeakRef<Node>> weak_by_name;
  for (const auto& node : nodes) {
    objects[node] = ouro::make<Node>();
    weak_by_name[node] = objects[node];
  }
  for (const auto& [from, to] : edges) objects[from]->successors.push_back(objects[to]);

  // From here on the start is held by a variable, the others by each other or not at all.
  const auto root = objects[start];
  objects.clear();
  ouro::gc::collect();

  Names gone;
  for (const auto& [node, weak] : weak_by_name) {
    if (weak.expired()) gone.insert(node);
  }
  return gone;
}

void print(const char* hint, const Names& names) {
  std::cout << hint;
  for (const auto& name : names) std::cout << ' ' << name;
  std::cout << '\n';
}

int main(int argc, char** argv) {
  std::istringstream example(
      "main\n"
      "main cache\n"
      "cache entry\n"
      "main log\n"
      "request handler\n"
      "handler request\n"
      "handler log\n"
      "stray stray\n");
  std::ifstream file(argc > 1 ? argv[1] : "");
  std::istream& input = argc > 1 ? static_cast<std::istream&>(file) : example;

  std::string start;
  if (!(input >> start)) {
    std::cerr << "12_unreachable_nodes: no start node in " << argv[1] << '\n';
    return 1;
  }
  Names nodes{start};
  Edges edges;
  for (std::string from, to; input >> from >> to;) {
    nodes.insert({from, to});
    edges.emplace(from, to);
  }
  print("unreachable by depth-first search:", unreachable_by_search(start, nodes, edges));
  print("gone after gc.collect():          ", unreachable_by_collection(start, nodes, edges));
}
