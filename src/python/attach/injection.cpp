#include "python/attach/injection.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "python/attach/signal_frame.hpp"
#include "python/attach/test_hook.hpp"
#include "python/attach/traced_thread.hpp"

namespace ouro::python::attach {

namespace {

using std::chrono::milliseconds;
using Stop = TracedThread::Stop;

/// A step takes microseconds; a machine that swaps takes longer.
constexpr auto kPatienceWithCalls = milliseconds(3000);
/// For frames, the agent, and what pthread_create() needs.
constexpr std::uint64_t kStackBytes = 48 << 10;
constexpr int kPipeBytes = 1 << 20;
constexpr std::uint64_t kDirectionFlag = 0x400;

/// In malloc(), or changing what it works on; and what has half an effect when it is begun again.
bool changes_memory(std::uint64_t system_call) {
  switch (system_call) {
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_mprotect:
    case SYS_madvise:
    case SYS_brk:
      return true;
    default:
      return false;
  }
}

/// Locks of malloc() and of mutexes wait so; those of Python, of conditions and semaphores wait
/// with FUTEX_WAIT_BITSET.
bool waits_for_plain_lock(const user_regs_struct& registers) {
  return registers.orig_rax == SYS_futex &&
         (registers.rsi & static_cast<unsigned long long>(FUTEX_CMD_MASK)) == FUTEX_WAIT;
}

/// One stop of the main thread.
class InjectionStop {
 public:
  InjectionStop(const Target& target, const AgentImage& image, const InjectionOptions& options,
                const Interruption& interruption)
      : target_(target),
        image_(image),
        options_(options),
        thread_(target.process.pid(), interruption) {}

  Result<Injection> run();

 private:
  /// Whether and how to begin here; not_now where not.
  void choose_way();
  bool has_room_on_stack() const;
  std::optional<Error> prepare_frames();
  std::optional<Error> map_agent();
  std::optional<Error> start_agent();

  /// Runs a system call in the thread. Its stack afterwards is at `frame`.
  Result<std::uint64_t> system_call(std::uint64_t frame, std::uint64_t number, std::uint64_t a,
                                    std::uint64_t b, std::uint64_t c, std::uint64_t d = 0,
                                    std::uint64_t e = 0);
  bool enter(std::uint64_t instruction, std::uint64_t frame, user_regs_struct registers);
  Error stopped_by(Stop stop) const;
  void open_pipe();
  std::uint64_t request_field(std::size_t offset) const {
    return mapping_ + image_.request_offset() + offset;
  }

  const Target& target_;
  const AgentImage& image_;
  const InjectionOptions& options_;
  TracedThread thread_;
  std::optional<SignalFrames> frames_;
  std::uint64_t mapping_ = 0;
  Injection injection_;
};

Error failure(const Target& target, ErrorCode code, std::string message) {
  return {code, "process " + std::to_string(target.process.pid()), std::move(message)};
}

void InjectionStop::choose_way() {
  const ThreadState& state = thread_.state();
  const user_regs_struct& registers = state.registers;
  const bool is_in_system_call = state.is_in_system_call();
  injection_.way = is_in_system_call || options_.needs_thread ? agent::Way::kByThread
                                                              : agent::Way::kByPendingCall;
  if (!has_room_on_stack()) {
    injection_.not_now = "its main thread's stack has no room";
  } else if (injection_.way == agent::Way::kByPendingCall) {
    return;
  } else if (is_in_system_call && changes_memory(state.system_call())) {
    injection_.not_now = "its main thread is changing its memory map";
  } else if (is_in_system_call && waits_for_plain_lock(registers)) {
    injection_.not_now = "its main thread waits for a lock of C code";
  } else if (!is_in_system_call && target_.may_be_allocating(registers.rip)) {
    injection_.not_now = "its main thread may be in malloc()";
  }
}

bool InjectionStop::has_room_on_stack() const {
  const std::uint64_t top = thread_.state().registers.rsp;
  for (const Mapping& mapping : target_.process.mappings()) {
    if (top < mapping.begin || top > mapping.end) continue;
    // The main thread's grows by itself.
    return mapping.is_writable && (mapping.path == "[stack]" || top - mapping.begin >= kStackBytes);
  }
  return false;
}

std::optional<Error> InjectionStop::prepare_frames() {
  frames_.emplace(thread_.state(), target_.gadgets);
  if (target_.process.write(frames_->begin(), frames_->bytes())) return std::nullopt;
  return failure(
      target_, ErrorCode::kPermissionDenied,
      std::string("does not let its memory be written: ") + std::generic_category().message(errno));
}

bool InjectionStop::enter(std::uint64_t instruction, std::uint64_t frame,
                          user_regs_struct registers) {
  registers.rip = instruction;
  registers.rsp = frame;
  registers.orig_rax = ~0ull;  // nothing for the kernel to begin again
  registers.eflags &= ~kDirectionFlag;
  if (!thread_.set_registers(registers)) return false;
  reached("registers");
  // After the registers: their frame gives the mask back. What comes meanwhile waits in the kernel.
  return thread_.set_blocked_signals(~std::uint64_t{0});
}

Error InjectionStop::stopped_by(Stop stop) const {
  switch (stop) {
    case Stop::kGone:
      return failure(target_, ErrorCode::kNotFound, "has ended meanwhile");
    case Stop::kStopped:
      return failure(target_, ErrorCode::kUnsupported, "was stopped meanwhile, by a signal");
    case Stop::kFault:
      return failure(target_, ErrorCode::kUnsupported,
                     "faulted in what Ouro ran in it; it was put back and goes on");
    default:
      return failure(target_, ErrorCode::kUnsupported,
                     "did not finish a step that takes microseconds; it was put back and goes on");
  }
}

Result<std::uint64_t> InjectionStop::system_call(std::uint64_t frame, std::uint64_t number,
                                                 std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                                 std::uint64_t d, std::uint64_t e) {
  user_regs_struct registers = thread_.state().registers;
  registers.rax = number;
  registers.rdi = a;
  registers.rsi = b;
  registers.rdx = c;
  registers.r10 = d;
  registers.r8 = e;
  registers.r9 = 0;
  if (!enter(target_.gadgets.system_call_and_return, frame, registers)) {
    return stopped_by(Stop::kGone);
  }
  for (const Stop expected : {Stop::kSystemCallEntry, Stop::kSystemCallExit}) {
    const Stop stop = thread_.run_to_system_call(Clock::now() + kPatienceWithCalls);
    if (stop != expected) return stopped_by(stop);
    reached(expected == Stop::kSystemCallEntry ? "call-begins" : "call-ends");
  }
  return std::uint64_t{thread_.registers().rax};
}

/// A negative errno, or 0.
int error_in(std::uint64_t result) {
  constexpr std::uint64_t kErrors = 4095;
  return result > ~kErrors ? static_cast<int>(-static_cast<std::int64_t>(result)) : 0;
}

std::optional<Error> InjectionStop::map_agent() {
  const std::size_t size = image_.size();
  const auto address = system_call(frames_->go_on(), SYS_mmap, 0, size, PROT_READ | PROT_EXEC,
                                   MAP_PRIVATE | MAP_ANONYMOUS, ~std::uint64_t{0});
  if (!address) return address.error();
  if (const int number = error_in(*address)) {
    return failure(
        target_, ErrorCode::kPermissionDenied,
        "gets no memory for code: " + std::generic_category().message(number) +
            (number == ENOMEM ? "" : "; a security policy forbids it (SELinux: execmem)"));
  }
  mapping_ = *address;
  frames_->set_mapping(mapping_, size);
  agent::Request request = target_.request;
  request.mapping = mapping_;
  request.mapping_bytes = size;
  request.way = injection_.way;
  request.flags = (options_.walks_in_place ? agent::Request::kInPlace : 0u) |
                  (options_.says_totals ? agent::Request::kOnlyTotals : 0u);
  request.pipe[0] = request.pipe[1] = -1;
  request.users = request.joined = bit(agent::User::kEntry);
  reached("mapped");
  bool is_written = target_.process.write(frames_->begin(), frames_->bytes());
  // From here on it goes back by way of munmap().
  user_regs_struct registers = thread_.registers();
  registers.rsp = frames_->unmap_first();
  if (is_written && !thread_.set_registers(registers)) return stopped_by(Stop::kGone);
  reached("mapped-and-known");
  is_written = is_written && target_.process.write(mapping_, image_.placed_at(mapping_, request));
  reached("written");
  const std::size_t writable = image_.writable_offset();
  const auto changed = system_call(frames_->unmap_first(), SYS_mprotect, mapping_ + writable,
                                   size - writable, PROT_READ | PROT_WRITE);
  if (!changed) return changed.error();
  if (is_written && error_in(*changed) == 0) return std::nullopt;
  if (const auto result = system_call(frames_->go_on(), SYS_munmap, mapping_, size, 0); !result) {
    return result.error();
  }
  return failure(target_, ErrorCode::kPermissionDenied,
                 "does not let code be put into it: a security policy forbids it");
}

void InjectionStop::open_pipe() {
  const auto end =
      target_.process.value_at<std::int32_t>(request_field(offsetof(agent::Request, pipe)));
  if (!end || *end < 0) return;
  const std::string path = target_.process.path("fd/" + std::to_string(*end));
  injection_.pipe = Descriptor(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (injection_.pipe.is_open()) fcntl(injection_.pipe.number(), F_SETPIPE_SZ, kPipeBytes);
}

std::optional<Error> InjectionStop::start_agent() {
  if (!enter(mapping_ + image_.entry_offset(), frames_->go_on(), thread_.state().registers)) {
    return stopped_by(Stop::kGone);
  }
  reached("entered");
  const auto deadline = Clock::now() + kPatienceWithCalls;
  const std::uint64_t left = request_field(offsetof(agent::Request, left));
  std::int32_t error = 0;
  for (;;) {
    const Stop begins = thread_.run_to_system_call(deadline);
    if (begins != Stop::kSystemCallEntry) return stopped_by(begins);
    const user_regs_struct call = thread_.registers();
    const bool leaves = call.orig_rax == SYS_clock_gettime && call.rsi == left;
    const bool leaves_last = call.orig_rax == SYS_munmap && call.rdi == mapping_;
    if (leaves || leaves_last) {
      error = target_.process.value_at<std::int32_t>(request_field(offsetof(agent::Request, error)))
                  .value_or(-EIO);
    }
    reached("agent-calls");
    const Stop ends = thread_.run_to_system_call(deadline);
    if (ends != Stop::kSystemCallExit) return stopped_by(ends);
    if (call.orig_rax == SYS_pipe2 && call.rdi == request_field(offsetof(agent::Request, pipe))) {
      open_pipe();
      reached("pipe");
    }
    if (leaves || leaves_last) break;
  }
  reached("left");
  switch (-error) {
    case 0:
      break;
    case ENODEV:
      return failure(target_, ErrorCode::kUnsupported,
                     "has not started its Python yet, or has ended it");
    case EMFILE:
    case ENFILE:
      return failure(target_, ErrorCode::kUnsupported,
                     "has as many files open as it may, and needs two more for a moment");
    case EAGAIN:
      return failure(target_, ErrorCode::kUnsupported,
                     injection_.way == agent::Way::kByThread
                         ? "gets no further thread: memory is short, or threads are limited"
                         : "has its queue of pending calls full");
    default:
      return failure(target_, ErrorCode::kInputOutput,
                     "gets no pipe: " + std::generic_category().message(-error));
  }
  if (injection_.pipe.is_open()) return std::nullopt;
  return failure(target_, ErrorCode::kPermissionDenied,
                 "does not let its pipe be opened by /proc/PID/fd");
}

Result<Injection> InjectionStop::run() {
  const auto begin = Clock::now();
  if (auto error = thread_.seize()) return *std::move(error);
  choose_way();
  std::optional<Error> error;
  if (injection_.not_now.empty()) {
    error = prepare_frames();
    reached("frames");
    if (!error) error = map_agent();
    if (!error) error = start_agent();
  }
  const bool is_back = thread_.release();
  injection_.stopped = Clock::now() - begin;
  if (error) return *std::move(error);
  if (!is_back) return stopped_by(Stop::kGone);
  return std::move(injection_);
}

}  // namespace

Result<Injection> inject(const Target& target, const AgentImage& image,
                         const InjectionOptions& options, const Interruption& interruption) {
  return InjectionStop(target, image, options, interruption).run();
}

}  // namespace ouro::python::attach
