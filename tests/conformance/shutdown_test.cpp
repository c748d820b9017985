// CPython's tests of what happens when the program ends, from test_gc.py and test_weakref.py. Each
// test ends a process of its own and looks at what it has said.
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "conformance/conformance_test.hpp"

namespace shutdown_test {

using ouro::make;
using ouro::Ref;
namespace gc = ouro::gc;
namespace weakref = ouro::weakref;

void say(const char* text) {
  std::fprintf(stderr, "%s\n", text);
}

struct Speaking {
  Ref<Speaking> link;
  Ref<Speaking> second;
  void finalize() { say("finalized"); }
};

[[noreturn]] void end_with_garbage() {
  {
    auto object = make<Speaking>();
    object->link = object;
  }
  std::exit(0);
}

TEST(ShutdownConformance, GarbageLeftAtTheEndIsFinalized) {
  EXPECT_EXIT(end_with_garbage(), testing::ExitedWithCode(0), "^finalized\n$");
}

[[noreturn]] void end_by_an_exception() {
  try {
    auto object = make<Speaking>();
    object->link = object;
    throw std::runtime_error("exit");
  } catch (const std::runtime_error&) {
    std::exit(0);
  }
}

TEST(ShutdownConformance, GarbageIsFinalizedWhenAnExceptionEndsTheProgram) {
  EXPECT_EXIT(end_by_an_exception(), testing::ExitedWithCode(0), "^finalized\n$");
}

[[noreturn]] void end_with_uncollectable_garbage(unsigned debug) {
  ouro::set_legacy_finalizers(true);
  {
    auto first = make<Speaking>();
    first->link = first;
    first->second = make<Speaking>();
  }
  gc::set_debug(debug);
  std::exit(0);
}

TEST(ShutdownConformance, UncollectableGarbageIsNamedIfAskedFor) {
  EXPECT_EXIT(end_with_uncollectable_garbage(0), testing::ExitedWithCode(0), "^$");
  EXPECT_EXIT(end_with_uncollectable_garbage(gc::DEBUG_UNCOLLECTABLE), testing::ExitedWithCode(0),
              "gc: 2 uncollectable objects at shutdown\n"
              "gc: uncollectable <shutdown_test::Speaking 0x[0-9a-f]+>\n"
              "gc: uncollectable <shutdown_test::Speaking 0x[0-9a-f]+>\n$");
  // With DEBUG_SAVEALL, garbage() is full of what could have been freed: no word of it.
  EXPECT_EXIT(end_with_uncollectable_garbage(gc::DEBUG_SAVEALL), testing::ExitedWithCode(0), "^$");
}

[[noreturn]] void end_with_finalizes() {
  // Lives longer than the functions called at exit, wherever in their order these stand.
  static const auto& object = *new Ref<int>(make<int>(1));
  const weakref::finalize first(object, say, "f1 foobar");
  const weakref::finalize second(object, say, "f2 foobar");
  const weakref::finalize third(object, [] {
    // One that is made now is the next to be called.
    weakref::finalize(object, say, "g1");
    say("f3 error");
    throw std::runtime_error("division by zero");
  });
  const weakref::finalize fourth(object, say, "f4 foobar");
  second.set_atexit(false);
  if (!first.atexit() || second.atexit() || !third.atexit() || !fourth.atexit()) std::abort();
  std::exit(0);
}

TEST(ShutdownConformance, FinalizesLeftAtTheEndAreCalledTheNewestFirst) {
  EXPECT_EXIT(end_with_finalizes(), testing::ExitedWithCode(0),
              "^f4 foobar\nf3 error\n.*weakref::finalize: division by zero\ng1\nf1 foobar\n$");
}

[[noreturn]] void make_objects_after_the_end() {
  std::atexit([] {
    auto object = make<Speaking>();
    object->link = object;
    object = nullptr;
    if (gc::collect() == 1) say("collected");
  });
  make<Speaking>();
  std::exit(0);
}

TEST(ShutdownConformance, FunctionsCalledAtExitMayMakeObjects) {
  EXPECT_EXIT(make_objects_after_the_end(), testing::ExitedWithCode(0),
              "^finalized\nfinalized\ncollected\n$");
}

}  // namespace shutdown_test
