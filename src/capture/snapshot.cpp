#include <ouro/snapshot.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <thread>

#include "capture/heap_capture.hpp"
#include "graph/graph_file.hpp"

namespace ouro {

namespace {

std::string with_numbers(std::string path, unsigned snapshot_number) {
  const auto put = [&](std::string_view mark, const std::string& value) {
    for (std::size_t at = path.find(mark); at != std::string::npos;
         at = path.find(mark, at + value.size())) {
      path.replace(at, mark.size(), value);
    }
  };
  put("%p", std::to_string(getpid()));
  put("%n", std::to_string(snapshot_number));
  return path;
}

void complain(const std::optional<Error>& error) {
  if (error) std::fprintf(stderr, "ouro: snapshot %s\n", error->to_string().c_str());
}

std::optional<Error> write_now(detail::HeapCore& heap, const std::string& path) {
  try {
    return graph::write_graph(capture::capture_heap(heap), path);
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::kInputOutput, path, "memory ran out while the heap was copied"};
  }
}

std::optional<Error> write_in_child(detail::HeapCore& heap, const std::string& path) {
  const pid_t child = fork();
  if (child < 0) {
    return Error{ErrorCode::kInputOutput, path,
                 "the process cannot be cloned: " + std::generic_category().message(errno)};
  }
  if (child == 0) {
    const auto error = write_now(heap, path);
    complain(error);
    _exit(error ? 1 : 0);
  }
  // Nobody else may know of this child, so nobody else waits for it.
  std::thread([child] { waitpid(child, nullptr, 0); }).detach();
  return std::nullopt;
}

struct SignalPlan {
  detail::HeapCore* heap = nullptr;
  std::string path;
  SnapshotOptions options;
  unsigned taken = 0;
  volatile std::sig_atomic_t is_wanted = 0;
};

SignalPlan& signal_plan() {
  static SignalPlan& plan = *new SignalPlan;
  return plan;
}

/// What the handler reads: set before it is installed.
SignalPlan* installed_plan = nullptr;

void on_signal(int) {
  installed_plan->is_wanted = 1;
  detail::ask(*installed_plan->heap);
}

void take_wanted(detail::HeapCore& heap) {
  SignalPlan& plan = signal_plan();
  if (plan.is_wanted == 0 || plan.heap != &heap) return;
  plan.is_wanted = 0;
  const std::string path = with_numbers(plan.path, ++plan.taken);
  complain(plan.options.in_child ? write_in_child(heap, path) : write_now(heap, path));
}

}  // namespace

std::optional<Error> snapshot(const std::string& path, const SnapshotOptions& options) {
  detail::HeapCore& heap = detail::heap_to_look_at();
  if (!detail::is_safe_moment(heap)) {
    return Error{ErrorCode::kUnsupported, path,
                 "a snapshot cannot be taken from a destructor, finalizer or collection"};
  }
  return options.in_child ? write_in_child(heap, path) : write_now(heap, path);
}

void snapshot_on_signal(int signal, std::string path, const SnapshotOptions& options) {
  SignalPlan& plan = signal_plan();
  plan.heap = &detail::heap_to_look_at();
  plan.path = std::move(path);
  plan.options = options;
  installed_plan = &plan;
  detail::answer_with(*plan.heap, &take_wanted);
  struct sigaction action{};
  action.sa_handler = &on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

void answer_snapshot_signal() {
  detail::HeapCore& heap = detail::heap_to_look_at();
  if (detail::is_safe_moment(heap)) take_wanted(heap);
}

void snapshot_at_exit(std::string path) {
  struct AtExit {
    AtExit() = default;
    AtExit(const AtExit&) = delete;
    AtExit& operator=(const AtExit&) = delete;
    ~AtExit() {
      if (!path.empty()) complain(snapshot(with_numbers(std::move(path), 1)));
    }
    std::string path;
  };
  // The heap first: what a thread makes later goes earlier.
  detail::heap_to_look_at();
  thread_local AtExit at_exit;
  at_exit.path = std::move(path);
}

}  // namespace ouro
