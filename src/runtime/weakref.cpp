// The parts of weak references that throw, and weakref::finalize.
#include <ouro/weakref.hpp>

#include <atomic>
#include <cstdlib>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>

#include <ouro/finalize.hpp>
#include <ouro/weak_containers.hpp>

#include "runtime/heap_state.hpp"

namespace ouro {

namespace weakref {

void raise_reference_error() {
  throw ReferenceError();
}

void raise_key_error(const char* container) {
  throw std::out_of_range(std::string("ouro: ") + container +
                          ": there is no such key, or its object is dead");
}

}  // namespace weakref

namespace detail {

struct FinalizeState : std::enable_shared_from_this<FinalizeState> {
  std::function<void()> function;
  WeakRef<void> weak;
  bool runs_at_exit = true;
  bool is_alive = true;
};

namespace {

/// Keeps every finalize that is still to be called, in order of making.
class Registry {
 public:
  static Registry& instance() {
    // Never destroyed: objects die until the very end of the program.
    static Registry& registry = *new Registry;
    return registry;
  }

  void add(const std::shared_ptr<FinalizeState>& state) {
    const std::lock_guard lock(mutex_);
    states_.push_back(state);
  }
  void remove(const FinalizeState& state) {
    const std::lock_guard lock(mutex_);
    std::erase_if(states_, [&](const auto& entry) { return entry.get() == &state; });
  }
  void run_at_exit() {
    for (;;) {
      std::shared_ptr<FinalizeState> last;
      {
        const std::lock_guard lock(mutex_);
        while (!states_.empty() && !states_.back()->runs_at_exit) states_.pop_back();
        if (states_.empty()) {
          is_shut_down_ = true;
          return;
        }
        last = std::move(states_.back());
        states_.pop_back();
      }
      try {
        call(*last);
      } catch (...) {
        report_unraisable("weakref::finalize", {});  // the others have their turn nevertheless
      }
    }
  }

  /// Calls it unless that has been done; says whether it was called. After the end of the program
  /// nothing is called any more.
  static bool call(FinalizeState& state) {
    if (!state.is_alive || is_shut_down_) return false;
    state.is_alive = false;
    const std::function<void()> function = std::move(state.function);
    state.function = nullptr;
    state.weak = nullptr;
    function();
    return true;
  }

 private:
  Registry() {
    std::atexit([] { instance().run_at_exit(); });
  }

  static constinit inline std::atomic<bool> is_shut_down_ = false;
  std::mutex mutex_;
  std::list<std::shared_ptr<FinalizeState>> states_;
};

}  // namespace

std::shared_ptr<FinalizeState> register_finalize(const Ref<void>& object,
                                                 std::function<void()> function) {
  auto state = std::make_shared<FinalizeState>();
  state->function = std::move(function);
  state->weak = WeakRef<void>(object, [raw = state.get()] {
    const std::shared_ptr<FinalizeState> keep = raw->shared_from_this();
    Registry::instance().remove(*raw);
    Registry::call(*raw);
  });
  Registry::instance().add(state);
  return state;
}

}  // namespace detail

namespace weakref {

bool finalize::operator()() const {
  detail::Registry::instance().remove(*state_);
  return detail::Registry::call(*state_);
}

bool finalize::alive() const noexcept {
  return state_->is_alive;
}

bool finalize::detach() const {
  if (!state_->is_alive) return false;
  detail::Registry::instance().remove(*state_);
  state_->is_alive = false;
  state_->weak = nullptr;
  state_->function = nullptr;
  return true;
}

Ref<void> finalize::peek() const noexcept {
  return state_->weak.lock();
}

bool finalize::atexit() const noexcept {
  return state_->is_alive && state_->runs_at_exit;
}

void finalize::set_atexit(bool on) const noexcept {
  state_->runs_at_exit = on;
}

}  // namespace weakref
}  // namespace ouro
