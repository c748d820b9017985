// Random programs whose heaps are handed from thread to thread: for the thread sanitizer above all.
// Each thread has used a heap of its own before. A program ends, and its heaps go, on whatever
// thread it is then.
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "model/options.hpp"
#include "model/random_program.hpp"

namespace ouro::model {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kTurn = 300;  // operations before a program is handed on

struct Job {
  std::unique_ptr<RandomProgram> program;
  std::size_t operations_left;
};

/// Programs that no thread owns.
class Queue {
 public:
  void put(Job job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }
  /// False once all `total` jobs have ended.
  bool take(Job& job, std::size_t total) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !jobs_.empty() || ended_ == total; });
    if (jobs_.empty()) return false;
    job = std::move(jobs_.front());
    jobs_.pop_front();
    return true;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::size_t ended_ = 0;
};

void run_a_turn(Queue& queue, Job job) {
  job.program->take();
  job.program->run(std::min(kTurn, job.operations_left));
  job.operations_left -= std::min(kTurn, job.operations_left);
  if (job.operations_left > 0) {
    job.program->give();
    queue.put(std::move(job));
    return;
  }
  job.program->finish();
  job.program.reset();
  queue.end();
}

TEST(HandedOverHeaps, AreTheSameOnEachThread) {
  const std::size_t operations = std::max<std::size_t>(options().operations / 20, 200'000);
  constexpr std::size_t kPrograms = 7;
  Queue queue;
  for (std::size_t at = 0; at < kPrograms; ++at) {
    Job job{std::make_unique<RandomProgram>(Plan{.seed = at + 1, .heaps = 1 + at % 3}),
            operations / kPrograms};
    job.program->give();
    queue.put(std::move(job));
  }
  std::vector<std::thread> threads;
  for (std::size_t at = 0; at < kThreads; ++at) {
    threads.emplace_back([&queue, at] {
      run_random_program({.seed = 1000 + at, .operations = 5000, .uses_thread_heap = true});
      for (Job job; queue.take(job, kPrograms);) run_a_turn(queue, std::move(job));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace ouro::model
