// Programs without misuse hear nothing, whatever else they do.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include <ouro/ouro.hpp>
#include <ouro/weakref.hpp>

#include "support/checked_test.hpp"
#include "support/random.hpp"

namespace {

class Node;

struct Pair {
  ouro::Ref<Node> left;
  std::variant<int, ouro::Ref<Node>> right;
};

class Node {
 public:
  Node() = default;
  ~Node() { ++destroyed; }

  std::vector<ouro::Ref<Node>> list;
  std::deque<ouro::Ref<Node>> queue;
  std::map<int, ouro::Ref<Node>> map;
  std::unordered_map<int, Pair> table;
  std::unique_ptr<Pair> owned;
  std::optional<ouro::Ref<Node>> maybe;
  ouro::WeakRef<Node> weak;
  const std::vector<ouro::Ref<Node>>* roots = nullptr;  // somebody else's
  const ouro::Ref<Node>* cursor = nullptr;              // into somebody else's

  void finalize() {
    if (rescuer != nullptr && rescuer->size() < 10) rescuer->push_back(ouro::ref_from_this(this));
  }

  static inline std::atomic<int> destroyed = 0;
  static inline std::vector<ouro::Ref<Node>>* rescuer = nullptr;

 private:
  OURO_TRACE(list, queue, map, table, owned, maybe, weak)
};

class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed) {}

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      if (roots_.empty() || random_.once_in(8)) {
        roots_.push_back(ouro::make<Node>());
      } else {
        change(*any(), any());
      }
      if (roots_.size() > 100)
        roots_.erase(roots_.begin() + static_cast<long>(random_.below(roots_.size())));
      if (random_.once_in(2000)) ouro::gc::collect(static_cast<int>(random_.below(3)));
    }
  }
  std::vector<ouro::Ref<Node>>& roots() { return roots_; }

 private:
  ouro::Ref<Node> any() { return roots_[random_.below(roots_.size())]; }

  void change(Node& node, ouro::Ref<Node> other) {
    const int key = static_cast<int>(random_.below(20));
    switch (random_.below(12)) {
      case 0:
        node.list.push_back(std::move(other));
        break;
      case 1:
        node.queue.push_front(std::move(other));
        break;
      case 2:
        node.map[key] = std::move(other);
        break;
      case 3:
        node.table[key] = Pair{other, other};
        break;
      case 4:
        node.owned = std::make_unique<Pair>(Pair{std::move(other), 1});
        break;
      case 5:
        node.maybe = std::move(other);
        break;
      case 6:
        node.weak = ouro::WeakRef<Node>(other);
        break;
      case 7:
        node.list.clear();
        node.queue.clear();
        break;
      case 8:
        node.map.erase(key);
        node.table.erase(key);
        break;
      case 9:
        node.roots = &roots_;
        node.cursor = roots_.data();
        break;
      case 10:
        std::ranges::sort(node.list);
        break;
      case 11:
        if (const auto alive = node.weak.lock()) node.list.push_back(alive);
        break;
      default:
        break;
    }
  }

  ouro::test::Random random_;
  std::vector<ouro::Ref<Node>> roots_;
};

class NoFalseAlarm : public ouro::test::CheckedTest {};

TEST_F(NoFalseAlarm, InRandomProgramsOfEveryKindOfReference) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    std::vector<ouro::Ref<Node>> rescued;
    Node::rescuer = &rescued;
    {
      RandomProgram program(seed);
      program.run(20'000);
    }
    Node::rescuer = nullptr;
    rescued.clear();
    ouro::gc::collect();
    ASSERT_TRUE(is_quiet());
  }
  EXPECT_GT(Node::destroyed, 1000);
}

TEST_F(NoFalseAlarm, WhenAHeapOfCyclesIsTornDown) {
  {
    ouro::Heap heap;
    const ouro::HeapScope scope(heap);
    RandomProgram program(6);
    program.run(5'000);
    program.roots().clear();
  }
  EXPECT_TRUE(is_quiet());
}

TEST_F(NoFalseAlarm, WhenThreadsWorkOnHeapsOfTheirOwnAndHandOneRound) {
  ouro::Heap shared;
  std::optional<RandomProgram> program(7);
  shared.give();
  for (int round = 0; round < 4; ++round) {
    std::thread side([] {
      RandomProgram own(8);
      own.run(2'000);
    });
    std::thread([&] {
      shared.take();
      const ouro::HeapScope scope(shared);
      program->run(2'000);
      shared.give();
    }).join();
    side.join();
  }
  shared.take();
  program.reset();
  EXPECT_TRUE(is_quiet());
}

/// Hands out memory as malloc does when nothing was freed yet: blocks of 16 bytes' alignment in a
/// row, in front of each its size.
class Blocks {
 public:
  void* allocate(std::size_t bytes) {
    const std::size_t block = (bytes + sizeof(std::size_t) + 15) / 16 * 16;
    std::byte* const begin = memory_ + used_ + 16;
    const std::size_t size = block + 1;  // and that the block before is in use
    std::memcpy(begin - sizeof size, &size, sizeof size);
    used_ += block;
    EXPECT_LT(used_, sizeof memory_ - 16);
    return begin;
  }

 private:
  alignas(4096) std::byte memory_[4096]{};
  std::size_t used_ = 0;
};
Blocks blocks;

template <class T>
struct InARow {
  using value_type = T;
  InARow() = default;
  template <class U>
  explicit InARow(const InARow<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(blocks.allocate(count * sizeof(T))); }
  void deallocate(T*, std::size_t) {}
  bool operator==(const InARow&) const = default;
};

struct Listed {
  std::vector<ouro::Ref<Listed>, InARow<ouro::Ref<Listed>>> list;
  int number = 0;
};

/// What stands behind the end of the first one's list leads back to the first one, as the node of a
/// tree to its root: it is the next one's list, or what the list held there before.
TEST_F(NoFalseAlarm, WhereAListEnds) {
  const auto first = ouro::make<Listed>();
  std::vector<ouro::Ref<Listed>> others;
  for (int i = 0; i < 4; ++i) others.push_back(ouro::make<Listed>());  // at odd and even places
  for (const bool held_more : {false, true}) {
    for (const auto& last : others) {
      first->list = {};
      if (held_more) {
        first->list.assign({nullptr, last, nullptr, first});
        first->list.resize(2);
      } else {
        first->list.assign({nullptr, nullptr, last});
      }
      const auto second = ouro::make<Listed>();
      second->list.assign({first, first, last});
      ouro::checked::verify();
      EXPECT_TRUE(is_quiet());
    }
  }
}

}  // namespace
