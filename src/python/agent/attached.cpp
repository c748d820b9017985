// The agent as the injector starts it (attach/injection.cpp): request.hpp says who runs where.
//
//   kByPendingCall                              kByThread
//   entry: pipe, Py_AddPendingCall              entry: pipe, pthread_create
//     pending call: pthread_create,
//       prepare, capture                          thread: PyGILState_Ensure, prepare, capture,
//         thread: wait4(child)                      PyGILState_Release, wait4(child)
//
// A pending call that comes while a collection runs lets the thread capture, which can wait for its
// end without the GIL.
#include "python/agent/child.hpp"
#include "python/agent/leave.hpp"
#include "python/agent/signals.hpp"
#include "python/agent/system_calls.hpp"
#include "python/stream/records.hpp"
#include "python/walker/walker.hpp"

// What the target calls; only the first one is called by the injector.
extern "C" {
__attribute__((visibility("default"))) void ouro_agent_enter();
__attribute__((visibility("hidden"))) void ouro_pending_call();
__attribute__((visibility("hidden"))) void ouro_thread();
}
OURO_AGENT_ENTRANCE(ouro_agent_enter, ouro_entry_body);
OURO_AGENT_ENTRANCE(ouro_pending_call, ouro_pending_call_body);
OURO_AGENT_ENTRANCE(ouro_thread, ouro_thread_body);

namespace ouro::python::agent {

namespace {

enum Task : std::uint32_t { kWait, kReap, kCapture };

constexpr long kCloseOnExec = 02000000;
constexpr std::int32_t kTryAgain = -11;
/// Of the entry where Python has not started, or has ended.
constexpr std::int32_t kNoSuchDevice = -19;

Request& request() {
  return ouro_agent_request;
}

template <class Function>
Function* at(std::uint64_t address) {
  return reinterpret_cast<Function*>(address);
}

void close_end(std::int32_t& end) {
  if (end >= 0) system_call(__NR_close, end);
  end = -1;
}

/// With the read end closed in the target, the kernel says so where the injector has gone.
bool has_reader(int write_end) {
  struct {
    std::int32_t fd;
    std::int16_t events, happened;
  } poll{write_end, 0, 0};
  constexpr std::int16_t kError = 8;
  system_call(__NR_poll, reinterpret_cast<long>(&poll), 1, 0);
  return (poll.happened & kError) == 0;
}

/// Instead of all that a capture says.
void say_failure(const char* sentence) {
  struct {
    stream::RecordHeader header;
    stream::Failure failure;
    char text[256];
  } record{};
  std::uint32_t length = 0;
  while (sentence[length] != 0 && length < sizeof(record.text)) {
    record.text[length] = sentence[length];
    ++length;
  }
  record.header = {static_cast<std::uint32_t>(stream::RecordKind::kFailure),
                   static_cast<std::uint32_t>(sizeof(stream::Failure)) + length};
  record.failure = {stream::kNoNode, 0};
  const std::uint32_t bytes =
      (sizeof(stream::RecordHeader) + sizeof(stream::Failure) + length + 7) & ~std::uint32_t{7};
  system_call(__NR_write, request().pipe[1], reinterpret_cast<long>(&record), bytes);
}

/// A fork of the target takes its pending calls along, and must not speak into the same pipe.
bool is_asked_process() {
  return system_call(__NR_getpid) == request().process;
}

bool start_thread() {
  using Create = int(std::uint64_t*, const void*, void (*)(), void*);
  using Detach = int(std::uint64_t);
  std::uint64_t thread = 0;
  join(User::kThread);
  if (at<Create>(request().pthread_create)(&thread, nullptr, ouro_thread, nullptr) != 0) {
    take_back_join(User::kThread);
    return false;
  }
  at<Detach>(request().pthread_detach)(thread);
  return true;
}

constexpr long kFutexWaitPrivate = 128;
constexpr long kFutexWakePrivate = 129;

void give_task(Task task) {
  __atomic_store_n(&request().task, task, __ATOMIC_RELEASE);
  system_call(__NR_futex, reinterpret_cast<long>(&request().task), kFutexWakePrivate, 1);
}

Task wait_for_task() {
  for (;;) {
    const auto task = static_cast<Task>(__atomic_load_n(&request().task, __ATOMIC_ACQUIRE));
    if (task != kWait) return task;
    system_call(__NR_futex, reinterpret_cast<long>(&request().task), kFutexWaitPrivate, kWait);
  }
}

long clone_and_become_child(void*) {
  const long child = clone_process();
  if (child == 0) become_child(request().pipe[1]);
  return child;
}

/// With the GIL.
void capture() {
  const bool clones = (request().flags & Request::kInPlace) == 0;
  if (!clones && !walker::holds_still_in_place()) {
    say_failure(
        "threads of a free-threaded Python run on while it is walked; attach without "
        "--no-fork");
    return;
  }
  const bool says_totals = (request().flags & Request::kOnlyTotals) != 0;
  const long child = walker::capture(
      {.fd = request().pipe[1], .flags = says_totals ? walker::CaptureOptions::kOnlyTotals : 0},
      clones ? clone_and_become_child : nullptr, nullptr);
  if (!clones) return;
  if (child == 0) system_call(__NR_exit_group, 0);
  if (child > 0) request().child = static_cast<std::int32_t>(child);
  if (child < 0) {
    say_failure("the kernel makes no clone of the process: memory is short, or processes are");
  }
}

/// With the GIL. False: not now, a collection runs.
bool try_to_capture(bool may_wait) {
  if (const char* reason = walker::prepare(request().symbols)) {
    say_failure(reason);
    return true;
  }
  if (may_wait && walker::is_collecting()) return false;
  capture();
  return true;
}

void capture_in_thread() {
  using Ensure = int();
  using Release = void(int);
  // Long collections take a second or two; what a longer one would hide is better said with it.
  constexpr int kTries = 1000;
  constexpr std::int64_t kBetween[2] = {0, 2'000'000};
  for (int i = 0; i <= kTries; ++i) {
    const int state = at<Ensure>(request().gil_ensure)();
    const bool is_done = try_to_capture(i < kTries);
    at<Release>(request().gil_release)(state);
    if (is_done) break;
    system_call(__NR_nanosleep, reinterpret_cast<long>(kBetween), 0);
  }
}

}  // namespace

}  // namespace ouro::python::agent

namespace agent = ouro::python::agent;

const agent::Request::LastCall* ouro_entry_body() {
  using namespace ouro::python::agent;
  using AddPendingCall = int(void (*)(), void*);
  using IsInitialized = int();
  Request& request = ouro_agent_request;
  if (at<IsInitialized>(request.is_initialized)() == 0) {
    request.error = kNoSuchDevice;
    return leave(User::kEntry);
  }
  request.error = static_cast<std::int32_t>(
      system_call(__NR_pipe2, reinterpret_cast<long>(request.pipe), kCloseOnExec));
  if (request.error != 0) return leave(User::kEntry);
  // The injector has its own by now; no fork of the target shall get this one.
  close_end(request.pipe[0]);
  request.process = static_cast<std::int32_t>(system_call(__NR_getpid));
  if (request.way == Way::kByThread) {
    request.task = kCapture;
    if (!start_thread()) request.error = kTryAgain;
  } else {
    join(User::kPendingCall);
    if (at<AddPendingCall>(request.add_pending_call)(ouro_pending_call, nullptr) != 0) {
      take_back_join(User::kPendingCall);
      request.error = kTryAgain;
    }
  }
  if (request.error != 0) close_end(request.pipe[1]);
  return leave(User::kEntry);
}

const agent::Request::LastCall* ouro_pending_call_body() {
  using namespace ouro::python::agent;
  if (is_asked_process() && has_reader(ouro_agent_request.pipe[1])) {
    const SignalsBlocked blocked;
    if (!start_thread()) {
      say_failure("no thread can be made in the program: memory is short, or threads are limited");
    } else if (try_to_capture(true)) {
      close_end(ouro_agent_request.pipe[1]);
      give_task(kReap);
    } else {
      give_task(kCapture);
      return leave(User::kPendingCall);
    }
  }
  close_end(ouro_agent_request.pipe[1]);
  return leave(User::kPendingCall);
}

const agent::Request::LastCall* ouro_thread_body() {
  using namespace ouro::python::agent;
  if (wait_for_task() == kCapture) {
    if (has_reader(ouro_agent_request.pipe[1])) capture_in_thread();
    close_end(ouro_agent_request.pipe[1]);
  }
  if (ouro_agent_request.child > 0) wait_for(ouro_agent_request.child);
  return leave(User::kThread);
}
