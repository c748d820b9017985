// The five steps of a collection, done by hand beside the real one.
//
//   1. every container gets gc_refs = its reference count
//   2. every container takes 1 from the gc_refs of each object that it refers to
//   3. gc_refs above 0: referred to from outside the containers, must live
//   4. and so must everything that can be reached from those
//   5. the rest is unreachable, and freed
//
//   variable a --> a <--> b       c <--> d        (d also refers to a)
#include <iostream>
#include <map>
#include <ouro/ouro.hpp>
#include <set>
#include <string>
#include <vector>

struct Node {
  std::string name;
  std::vector<ouro::Ref<Node>> links;
};

ouro::Ref<Node> make_graph() {
  auto a = ouro::make<Node>("a");
  auto b = ouro::make<Node>("b");
  auto c = ouro::make<Node>("c");
  auto d = ouro::make<Node>("d");
  a->links = {b};
  b->links = {a};
  c->links = {d};
  d->links = {c, a};
  return a;
}

void reach(Node& node, std::set<std::string>& reached) {
  if (!reached.insert(node.name).second) return;
  for (const auto& link : node.links) reach(*link, reached);
}

int main() {
  auto a = make_graph();

  std::map<std::string, Node*> containers;
  std::map<std::string, std::size_t> gc_refs;
  for (const ouro::Ref<void>& object : ouro::gc::get_objects()) {
    auto* node = static_cast<Node*>(object.get());
    containers[node->name] = node;
    gc_refs[node->name] = ouro::getrefcount(object) - 1;  // without the list's own
  }
  std::cout << "1. gc_refs = reference count:    ";
  for (const auto& [name, count] : gc_refs) std::cout << ' ' << name << '=' << count;

  for (const auto& [name, node] : containers) {
    for (const auto& link : node->links) --gc_refs[link->name];
  }
  std::cout << "\n2. less references from inside:  ";
  for (const auto& [name, count] : gc_refs) std::cout << ' ' << name << '=' << count;

  std::cout << "\n3. referred to from outside:     ";
  std::set<std::string> reached;
  for (const auto& [name, count] : gc_refs) {
    if (count == 0) continue;
    std::cout << ' ' << name;
    reach(*containers[name], reached);
  }
  std::cout << "\n4. reached from there:           ";
  for (const auto& name : reached) std::cout << ' ' << name;

  std::cout << "\n5. unreachable:                  ";
  for (const auto& [name, node] : containers) {
    if (!reached.contains(name)) std::cout << ' ' << name;
  }
  std::cout << "\n\ngc.collect() found " << ouro::gc::collect() << " unreachable objects\n";
}
