// "Does Python free all memory when it exits?" No: cycles and what global names hold may be left.
//
// Here every thread has a heap of its own, and the end of the thread collects it: a cycle left
// behind is finalized and freed. What a global reference holds goes with that reference, after
// main(). weakref.finalize runs at the end of the program, if its object still lives then.
#include <iostream>
#include <ouro/ouro.hpp>
#include <string>
#include <thread>

struct File {
  std::string name;
  ouro::Ref<File> self;

  void finalize() { std::cout << "closed: " << name << '\n'; }
};

void leave_cycle(const char* name) {
  auto file = ouro::make<File>(name);
  file->self = file;
}

ouro::Ref<File> global;

int main() {
  std::thread([] { leave_cycle("left by a thread in a cycle"); }).join();
  std::cout << "the thread has ended\n";

  leave_cycle("left by main in a cycle");
  global = ouro::make<File>("held by a global");
  const ouro::weakref::finalize farewell(global,
                                         [] { std::cout << "weakref.finalize is called\n"; });
  std::cout << "main ends\n";
}
