// One job at a time on a thread of its own, so that a screen stays awake while a program is looked
// at: that takes as long as the program lets nobody look at it.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

namespace ouro::watch {

class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  /// Waits for the job: who must not wait asks it to stop before.
  ~Worker() { wait(); }

  /// Precondition: not busy. What the job writes may be read once is_busy() is false.
  void start(std::function<void()> job) {
    wait();
    is_busy_.store(true, std::memory_order_release);
    thread_ = std::thread([this, job = std::move(job)] {
      job();
      is_busy_.store(false, std::memory_order_release);
    });
  }
  bool is_busy() const { return is_busy_.load(std::memory_order_acquire); }
  void wait() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> is_busy_ = false;
  std::thread thread_;
};

}  // namespace ouro::watch
