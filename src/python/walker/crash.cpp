#include "python/walker/crash.hpp"

#include <asm/signal.h>
#include <asm/unistd.h>

#include <initializer_list>

#include "python/agent/system_calls.hpp"
#include "python/stream/records.hpp"

namespace ouro::python::walker {

namespace {

constexpr int kCrashSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/// The kernel's struct sigaction of x86-64.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

constinit int failure_fd = -1;

void on_crash(int signal) {
  write_failure(failure_fd, object_looked_at, static_cast<std::uint32_t>(signal),
                "the walk met memory that is not what it should be");
  agent::system_call(__NR_exit_group, 1);
}

/// Never reached: on_crash does not return. The kernel wants one.
void restore() {
  agent::system_call(__NR_exit_group, 1);
}

}  // namespace

void report_crashes_to(int fd) {
  failure_fd = fd;
  unsigned long mask = 0;
  for (const int signal : kCrashSignals) {
    const KernelAction action{
        .handler = on_crash, .flags = SA_RESTORER | SA_NODEFER, .restorer = restore, .mask = ~0ul};
    agent::system_call(__NR_rt_sigaction, signal, reinterpret_cast<long>(&action), 0,
                       sizeof action.mask);
    mask |= 1ul << (signal - 1);
  }
  agent::system_call(__NR_rt_sigprocmask, SIG_UNBLOCK, reinterpret_cast<long>(&mask), 0,
                     sizeof mask);
}

void write_failure(int fd, std::uint32_t node, std::uint32_t signal, const char* sentence) {
  // One write: a record that is whole, or not there.
  constexpr std::uint32_t kMostSentenceBytes = 400;
  const std::size_t length = __builtin_strlen(sentence);
  const auto bytes =
      length < kMostSentenceBytes ? static_cast<std::uint32_t>(length) : kMostSentenceBytes;
  struct {
    stream::RecordHeader header;
    stream::Failure failure;
    char sentence[kMostSentenceBytes + 8];
  } record{.header = {.kind = static_cast<std::uint32_t>(stream::RecordKind::kFailure),
                      .bytes = static_cast<std::uint32_t>(sizeof(stream::Failure)) + bytes},
           .failure = {.node = node, .signal = signal},
           .sentence = {}};
  __builtin_memcpy(record.sentence, sentence, bytes);
  const long whole = static_cast<long>(sizeof record.header + sizeof record.failure) +
                     static_cast<long>((bytes + 7) / 8 * 8);
  agent::system_call(__NR_write, fd, reinterpret_cast<long>(&record), whole);
}

}  // namespace ouro::python::walker
