// A flood over a graph of numbers, by threads: each number is looked at once.
#include "python/walker/in_process/object_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "python/walker/in_process/workers.hpp"

namespace {

using namespace ouro::python::walker;

bool needs_gil(std::uint64_t number) {
  return number % 7 == 0;
}

/// Number n leads to 2 n and 2 n + 1, or where `is_line` to n + 1.
class Flood {
 public:
  Flood(std::uint64_t count, bool is_line) : is_line_(is_line), looks_(count) {}

  void run(int workers) {
    push(filled_[0], 1, For::kAll);
    queue_.add(filled_[0], For::kAll);
    filled_[0] = nullptr;
    work_side_by_side(workers, [this](int number) { work(number == 0); });
  }
  const std::vector<std::atomic<int>>& looks() const { return looks_; }

 private:
  void work(bool has_gil) {
    ObjectChunk* filled[2] = {};
    const auto share = [&] {
      for (const int list : {0, 1}) {
        if (filled[list] != nullptr)
          queue_.add(filled[list], list == 0 ? For::kAll : For::kGilHolder);
        filled[list] = nullptr;
      }
    };
    queue_.enter();
    for (;;) {
      ObjectChunk* chunk = queue_.take(has_gil);
      if (chunk == nullptr) {
        share();
        chunk = queue_.wait(has_gil);
      }
      if (chunk == nullptr) break;
      for (std::uint64_t at = 0; at < chunk->count; ++at) {
        const std::uint64_t number = address_of(chunk->objects[at]);
        if (needs_gil(number) && !has_gil) {
          push(filled[1], number, For::kGilHolder);
          continue;
        }
        ++looks_[number];
        const std::uint64_t first = is_line_ ? number + 1 : 2 * number;
        for (std::uint64_t next = first; next < first + (is_line_ ? 1 : 2); ++next) {
          if (next < looks_.size()) push(filled[0], next, For::kAll);
        }
      }
      queue_.give_back(chunk);
    }
  }
  void push(ObjectChunk*& chunk, std::uint64_t number, For whom) {
    if (chunk != nullptr && chunk->count == ObjectChunk::kSize) {
      queue_.add(chunk, whom);
      chunk = nullptr;
    }
    if (chunk == nullptr) chunk = queue_.make();
    chunk->objects[chunk->count++] = object_at(number);
  }

  bool is_line_;
  std::vector<std::atomic<int>> looks_;
  ObjectQueue queue_;
  ObjectChunk* filled_[2] = {};
};

TEST(ObjectQueue, EachIsTakenOnceAndAllEnd) {
  for (int workers = 1; workers <= kMostWorkers; ++workers) {
    for (const bool is_line : {false, true}) {
      Flood flood(is_line ? 3'000 : 200'000, is_line);
      flood.run(workers);
      std::size_t wrong = 0;
      for (std::size_t number = 1; number < flood.looks().size(); ++number) {
        if (flood.looks()[number] != 1) ++wrong;
      }
      EXPECT_EQ(wrong, 0) << workers << " workers";
    }
  }
}

TEST(ObjectQueue, EndsForAllWhenNobodyNeedsMore) {
  ObjectQueue queue;
  std::atomic<int> ended = 0;
  work_side_by_side(kMostWorkers, [&](int number) {
    queue.enter();
    if (number == 0) {
      for (int chunk = 0; chunk < 100; ++chunk) queue.add(queue.make(), For::kAll);
    }
    for (int looks = 0;; ++looks) {
      ObjectChunk* chunk = queue.wait(number == 0);
      if (chunk == nullptr) break;
      queue.give_back(chunk);
      // What comes afterwards is not looked at.
      if (looks == 5) queue.end();
      queue.add(queue.make(), For::kAll);
    }
    ++ended;
  });
  EXPECT_EQ(ended, kMostWorkers);
  EXPECT_EQ(queue.take(true), nullptr);
}

TEST(ObjectQueue, NothingToDoEndsAtOnce) {
  ObjectQueue queue;
  work_side_by_side(kMostWorkers, [&](int number) {
    queue.enter();
    EXPECT_EQ(queue.wait(number == 0), nullptr);
  });
}

}  // namespace
