// gc.garbage, and freeing by hand what lies there.
//
// Under Python 2's rule a cycle with finalizers ends up in gc.garbage. The program knows its own
// objects: it breaks the cycle and empties the list, and the counts do the rest.
// gc.DEBUG_SAVEALL puts all garbage there, for looking at it.
#include <iostream>
#include <ouro/ouro.hpp>
#include <string>

struct File {
  std::string name;
  ouro::Ref<File> journal;
  ouro::Ref<File> owner;

  void finalize() { std::cout << "  closed: " << name << '\n'; }
};

void leave_cycle() {
  auto data = ouro::make<File>("data");
  data->journal = ouro::make<File>("journal", nullptr, data);
}

int main() {
  ouro::set_legacy_finalizers(true);
  leave_cycle();
  std::cout << "unreachable: " << ouro::gc::collect() << '\n';

  std::cout << "in gc.garbage:";
  for (const auto& object : ouro::gc::garbage()) std::cout << ' ' << ouro::type_name(object);
  std::cout << "\nunlinked by hand:\n";
  for (const auto& object : ouro::gc::garbage()) {
    auto file = ouro::static_pointer_cast<File>(object);
    file->journal = nullptr;
  }
  ouro::gc::garbage().clear();
  std::cout << "objects left: " << ouro::object_count() << '\n';

  ouro::set_legacy_finalizers(false);
  ouro::gc::set_debug(ouro::gc::DEBUG_SAVEALL);
  leave_cycle();
  std::cout << "all garbage saved:\n";
  ouro::gc::collect();
  std::cout << "in gc.garbage: " << ouro::gc::garbage().size() << '\n';
  ouro::gc::set_debug(0);
  ouro::gc::garbage().clear();
  std::cout << "no longer saved, unreachable: " << ouro::gc::collect() << '\n';
  std::cout << "objects left: " << ouro::object_count() << '\n';
}
