// When memory runs out: std::bad_alloc from make, and a heap that is as before. A collection that
// gets no memory frees less, but loses nothing and frees nothing early.
//
// Memory fails in two ways: the system gives no more (limits of the process, in a child of its
// own), and the n-th operator new throws, for each n.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/weakref.hpp>

#include "support/random.hpp"

#ifndef OURO_SANITIZED  // sanitizers bring their own operator new and need much address space

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
std::size_t news_left = kNever;  ///< before operator new throws

class FailingNew {
 public:
  explicit FailingNew(std::size_t after) { news_left = after; }
  FailingNew(const FailingNew&) = delete;
  FailingNew& operator=(const FailingNew&) = delete;
  ~FailingNew() { news_left = kNever; }
  bool has_failed() const { return news_left == 0; }
};

}  // namespace

// Not inlined: GCC would warn of free() for what `new` gave.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  if (news_left != kNever && (news_left == 0 || --news_left == 0)) throw std::bad_alloc();
  if (void* const at = std::malloc(bytes == 0 ? 1 : bytes)) return at;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* at) noexcept {
  std::free(at);
}
[[gnu::noinline]] void operator delete(void* at, std::size_t) noexcept {
  std::free(at);
}

namespace {

using ouro::Heap;
using ouro::HeapScope;
using ouro::make;
using ouro::Ref;
using ouro::WeakRef;

struct Node {
  Ref<Node> left;
  Ref<Node> right;
};

/// Runs `body` in a child process. It says what is wrong by require().
void in_child(const std::function<void()>& body) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    body();
    std::_Exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

void require(bool condition, const char* sentence) {
  if (condition) return;
  std::fprintf(stderr, "not true that %s\n", sentence);
  std::_Exit(1);
}

void limit(int resource, rlim_t bytes) {
  rlimit now{};
  getrlimit(static_cast<__rlimit_resource_t>(resource), &now);
  now.rlim_cur = bytes;
  require(setrlimit(static_cast<__rlimit_resource_t>(resource), &now) == 0, "limits can be set");
}

std::size_t length_of(const Ref<Node>& chain) {
  std::size_t length = 0;
  for (const Node* at = chain.get(); at != nullptr; at = at->left.get()) ++length;
  return length;
}

/// Makes a chain until memory is out, and requires that the heap is good then and can be used
/// again.
void fill_the_heap() {
  Heap heap;
  const HeapScope scope(heap);
  Ref<Node> chain;
  std::size_t made = 0;
  try {
    for (;;) {
      Ref<Node> node = make<Node>();
      node->left = std::move(chain);
      chain = std::move(node);
      ++made;
    }
  } catch (const std::bad_alloc&) {
  }
  require(made > 10'000, "there was memory for some objects");
  require(heap.object_count() == made, "what could not be made is not there");
  require(length_of(chain) == made, "nothing is lost");
  ouro::gc::collect();
  require(length_of(chain) == made, "a collection without memory frees nothing early");
  for (int at = 0; at < 1000; ++at) chain = std::exchange(chain->left, nullptr);
  require(heap.object_count() == made - 1000, "references still free");
  Ref<Node> ring = make<Node>();
  ring->left = ring;
  ring = nullptr;
  chain = nullptr;
  require(ouro::gc::collect() == 1, "garbage is found once there is memory");
  require(heap.object_count() == 0, "everything goes");
}

constexpr const char* kIsLimited = "OURO_TEST_IS_LIMITED";

/// Runs this program anew under a limit: here the runtime may have reserved its addresses already.
void run_limited(int resource, rlim_t bytes) {
  in_child([&] {
    setenv(kIsLimited, "1", 1);
    limit(resource, bytes);
    execl("/proc/self/exe", "ouro", "--gtest_filter=OutOfMemory.MakeThrowsAndTheHeapIsIntact",
          nullptr);
    require(false, "the test can be started again");
  });
}

TEST(OutOfMemory, MakeThrowsAndTheHeapIsIntact) {
  if (ouro::checked::kEnabled) GTEST_SKIP() << "the checked build's registry needs memory itself";
  if (std::getenv(kIsLimited) != nullptr) {
    fill_the_heap();
    return;
  }
  run_limited(RLIMIT_DATA, rlim_t{256} << 20);
  run_limited(RLIMIT_AS, rlim_t{512} << 20);
}

TEST(OutOfMemory, WithoutAMarkStackACollectionDecidesNothing) {
  in_child([] {
    Heap heap;
    const HeapScope scope(heap);
    ouro::gc::disable();
    constexpr std::size_t kLength = 200'000;
    std::vector<Ref<Node>> alive;
    for (int which = 0; which < 2; ++which) {
      Ref<Node> first = make<Node>();
      Ref<Node> last = first;
      for (std::size_t at = 1; at < kLength; ++at) last = last->left = make<Node>();
      last->right = first;
      if (which == 0) alive.push_back(first);
    }
    limit(RLIMIT_AS, 1);
    require(ouro::gc::collect() == 0, "a collection without memory finds nothing");
    require(heap.object_count() == 2 * kLength, "nothing is freed then");
    require(length_of(alive[0]) == kLength, "and nothing is lost");
    limit(RLIMIT_AS, RLIM_INFINITY);
    require(ouro::gc::collect() == kLength, "the next collection finds the garbage");
    require(length_of(alive[0]) == kLength, "and it alone");
  });
}

// ---- the n-th operator new fails ------------------------------------------------------------

class Subject {
 public:
  explicit Subject(std::size_t slots) : slots_(slots) {}
  ~Subject() { canary_ = 0; }
  void finalize() {
    if (saved_ != nullptr) saved_->push_back(ouro::ref_from_this(this));
  }

  bool is_alive() const { return canary_ == kAlive; }
  std::vector<Ref<Subject>>& slots() { return slots_; }
  void save_to(std::vector<Ref<Subject>>& saved) { saved_ = &saved; }

 private:
  static constexpr std::uint64_t kAlive = 0xA11FE;

  std::uint64_t canary_ = kAlive;
  std::vector<Ref<Subject>> slots_;
  std::vector<Ref<Subject>>* saved_ = nullptr;

  OURO_TRACE(slots_)
};

/// A random graph with roots, garbage, hubs, weak references with and without callbacks, and
/// finalizers of which some resurrect.
class Scene {
 public:
  explicit Scene(std::uint64_t seed) : scope_(heap_), random_(seed) {
    ouro::gc::disable();
    saved_.reserve(kObjects);
    std::vector<Ref<Subject>> all;
    for (std::size_t at = 0; at < kObjects; ++at) all.push_back(make<Subject>(std::size_t{4}));
    const auto any = [&] { return all[random_.below(kObjects)]; };
    for (const Ref<Subject>& subject : all) {
      for (Ref<Subject>& slot : subject->slots()) slot = any();
      if (random_.once_in(10)) subject->save_to(saved_);
      if (random_.once_in(3)) weak_.emplace_back(subject, [this] { ++calls_; });
      if (random_.once_in(3)) weak_.emplace_back(subject);
    }
    all[0]->slots().assign(300, all[1]);  // a hub
    for (std::size_t at = 2; at < 6; ++at) {
      all[at]->slots().clear();  // what the roots lead to is not everything
      roots_.push_back(all[at]);
    }
    for (const Ref<Subject>& root : roots_) root->slots().push_back(make<Subject>(std::size_t{0}));
    objects_ = all;
    for (const Ref<Subject>& subject : objects_) raw_.push_back(subject.get());
  }

  Heap& heap() { return heap_; }
  std::vector<Ref<void>> take_objects() {
    std::vector<Ref<void>> taken(objects_.begin(), objects_.end());
    objects_.clear();
    return taken;
  }
  void drop_objects() { objects_.clear(); }

  /// Whatever happened: what roots lead to is alive.
  void require_roots_alive() const {
    std::vector<const Subject*> stack;
    std::vector<const Subject*> seen;
    const auto visit = [&](const Ref<Subject>& subject) {
      if (subject == nullptr) return;
      for (const Subject* known : seen) {
        if (known == subject.get()) return;
      }
      ASSERT_TRUE(subject->is_alive());
      ASSERT_GT(subject.use_count(), 0);
      seen.push_back(subject.get());
      stack.push_back(subject.get());
    };
    for (const Ref<Subject>& root : roots_) visit(root);
    for (const Ref<Subject>& saved : saved_) visit(saved);
    while (!stack.empty()) {
      Subject* const subject = const_cast<Subject*>(stack.back());
      stack.pop_back();
      for (const Ref<Subject>& slot : subject->slots()) visit(slot);
    }
  }

  /// With memory again, all goes that should.
  void require_everything_goes() {
    ouro::gc::collect();
    require_roots_alive();
    roots_.clear();
    saved_.clear();
    ouro::gc::garbage().clear();
    heap_.set_legacy_finalizers(false);
    ouro::gc::set_debug(0);
    for (int times = 0; times < 3; ++times) {
      ouro::gc::collect();
      saved_.clear();
    }
    EXPECT_EQ(heap_.object_count(), 0u);
    for (const WeakRef<Subject>& weak : weak_) EXPECT_TRUE(weak.expired());
  }

 private:
  static constexpr std::size_t kObjects = 60;

  Heap heap_;
  HeapScope scope_;
  ouro::test::Random random_;
  std::vector<Ref<Subject>> objects_;
  std::vector<Subject*> raw_;
  std::vector<Ref<Subject>> roots_;
  std::vector<Ref<Subject>> saved_;
  std::vector<WeakRef<Subject>> weak_;
  std::size_t calls_ = 0;
};

/// Does `action` to a scene, with the n-th operator new failing, for each n until none fails.
void fail_at_each_new(const std::function<void(Scene&)>& prepare,
                      const std::function<void(Scene&)>& action) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    bool has_failed = true;
    for (std::size_t n = 1; has_failed; ++n) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", operator new " << n << " fails");
      Scene scene(seed);
      prepare(scene);
      {
        const FailingNew failing(n);
        action(scene);
        has_failed = failing.has_failed();
      }
      scene.require_roots_alive();
      scene.require_everything_goes();
      if (testing::Test::HasFailure()) return;
    }
  }
}

void drop(Scene& scene) {
  scene.drop_objects();
}

TEST(OutOfMemory, InACollectionLosesNothing) {
  fail_at_each_new(drop, [](Scene&) { ouro::gc::collect(); });
  fail_at_each_new(drop, [](Scene&) { ouro::gc::collect(0); });
}

TEST(OutOfMemory, InACollectionThatSavesAllLosesNothing) {
  fail_at_each_new(
      [](Scene& scene) {
        drop(scene);
        ouro::gc::set_debug(ouro::gc::DEBUG_SAVEALL);
      },
      [](Scene&) { ouro::gc::collect(); });
}

TEST(OutOfMemory, InACollectionWithLegacyFinalizersLosesNothing) {
  fail_at_each_new(
      [](Scene& scene) {
        drop(scene);
        scene.heap().set_legacy_finalizers(true);
      },
      [](Scene&) { ouro::gc::collect(); });
}

TEST(OutOfMemory, InACollectionOfGivenObjectsLosesNothing) {
  std::vector<Ref<void>> objects;
  fail_at_each_new([&](Scene& scene) { objects = scene.take_objects(); },
                   [&](Scene&) { ouro::gc::collect(std::move(objects)); });
}

struct Wide {
  Ref<Wide> next;
  std::byte padding[4000];
};

TEST(OutOfMemory, InMakeLeavesTheHeapAsItWas) {
#if OURO_CHECKED
  GTEST_SKIP() << "the checked build's registry of references cannot do without memory";
#endif
  bool has_failed = true;
  for (std::size_t n = 1; has_failed; ++n) {
    Heap heap;
    const HeapScope scope(heap);
    ouro::gc::disable();
    std::vector<Ref<Wide>> made;
    made.reserve(2000);
    {
      const FailingNew failing(n);
      try {
        for (int at = 0; at < 2000; ++at) made.push_back(make<Wide>());
      } catch (const std::bad_alloc&) {
      }
      has_failed = failing.has_failed();
    }
    ASSERT_EQ(heap.object_count(), made.size());
    ASSERT_EQ(ouro::gc::get_count()[0], made.size());
    made.push_back(make<Wide>());
    made.clear();
    ASSERT_EQ(heap.object_count(), 0u);
  }
}

}  // namespace

#endif
