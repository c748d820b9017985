#include "extension/capture_here.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include <nanobind/nanobind.h>

#include "extension/error.hpp"
#include "extension/patience.hpp"
#include "extension/walker_here.hpp"
#include "python/agent/child.hpp"
#include "python/agent/signals.hpp"
#include "python/agent/system_calls.hpp"
#include "python/attach/descriptor.hpp"
#include "python/attach/process_facts.hpp"
#include "python/heap/read_capture.hpp"

namespace nb = nanobind;

namespace ouro::extension {

namespace {

namespace agent = python::agent;
namespace heap = python::heap;
namespace walker = python::walker;
using python::attach::Descriptor;

/// Another thread's collection may end; one that the caller is called from does not.
void wait_for_collection() {
  constexpr int kTries = 500;
  for (int i = 0; i < kTries && walker::is_collecting(); ++i) {
    const nb::gil_scoped_release without_gil;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (walker::is_collecting()) {
    throw Failure({ErrorCode::kUnsupported, "this Python",
                   "a collection of garbage runs, in which objects are in no list; do not ask from "
                   "within a finalizer or gc.callbacks"});
  }
}

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw Failure({ErrorCode::kInputOutput, "pipe", std::strerror(errno)});
  }
  constexpr int kBytes = 1 << 20;
  fcntl(ends[1], F_SETPIPE_SZ, kBytes);  // a smaller one is only slower
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

heap::ReadOptions reading_of(const HereOptions& options) {
  heap::ReadOptions reading;
  reading.program = options.program;
  reading.time = python::attach::time_now();
  reading.keeps_values = options.keeps_values;
  python::attach::add_memory(python::attach::TargetProcess(getpid()), reading.more_facts);
  reading.own_frames = {.ident = static_cast<std::uint64_t>(pthread_self()),
                        .count = options.own_frames,
                        .argument = options.argument};
  return reading;
}

long clone_and_become_child(void* write_end) {
  const long child = agent::clone_process();
  if (child == 0) agent::become_child(*static_cast<const int*>(write_end));
  return child;
}

/// Waits for the clone at the latest when it goes: what it says then is read by nobody.
class Clone {
 public:
  explicit Clone(int number) : number_(number) {}
  Clone(const Clone&) = delete;
  Clone& operator=(const Clone&) = delete;
  ~Clone() { agent::wait_for(number_); }

 private:
  int number_;
};

Result<heap::CapturedHeap> read_from_clone(const HereOptions& options) {
  Pipe pipe = make_pipe();
  heap::ReadOptions reading = reading_of(options);
  long child = 0;
  {
    const agent::SignalsBlocked blocked;
    int write_end = pipe.write_end.number();
    child = walker::capture({.fd = write_end, .flags = 0}, clone_and_become_child, &write_end);
    if (child == 0) agent::system_call(SYS_exit_group, 0);
  }
  if (child < 0) {
    return Error{ErrorCode::kInputOutput, "this process",
                 "the kernel makes no clone of it: memory is short, or processes are limited; "
                 "fork=False needs none"};
  }
  const nb::gil_scoped_release without_gil;
  const Clone clone(static_cast<int>(child));
  const Descriptor read_end = std::move(pipe.read_end);
  pipe.write_end.close();
  Patience patience;
  reading.progress = &patience;
  return heap::read_capture(read_end.number(), reading);
}

Result<heap::CapturedHeap> read_in_place(const HereOptions& options) {
  if (!walker::holds_still_in_place()) {
    return Error{ErrorCode::kUnsupported, "this Python",
                 "is free-threaded: its threads run on while it is walked; leave fork=False out"};
  }
  Pipe pipe = make_pipe();
  const heap::ReadOptions reading = reading_of(options);
  std::optional<Result<heap::CapturedHeap>> heap;
  std::thread reader([&] { heap.emplace(heap::read_capture(pipe.read_end.number(), reading)); });
  {
    const agent::SignalsBlocked blocked;
    walker::capture({.fd = pipe.write_end.number(), .flags = 0}, nullptr, nullptr);
  }
  pipe.write_end.close();
  const nb::gil_scoped_release without_gil;
  reader.join();
  return *std::move(heap);
}

}  // namespace

std::shared_ptr<Heap> capture_here(const HereOptions& options) {
  require_walker();
  wait_for_collection();
  auto captured =
      value_or_throw(options.clones ? read_from_clone(options) : read_in_place(options));
  const nb::gil_scoped_release without_gil;
  Patience patience;
  return Heap::make(std::move(captured.graph), &patience);
}

}  // namespace ouro::extension
