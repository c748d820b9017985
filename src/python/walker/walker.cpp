#include "python/walker/walker.hpp"

#include <asm/unistd.h>

#include <new>

#include "python/agent/system_calls.hpp"
#include "python/walker/allocator.hpp"
#include "python/walker/collector_lists.hpp"
#include "python/walker/crash.hpp"
#include "python/walker/frame_layout.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/lookup.hpp"

namespace ouro::python::walker {

constinit Names names{};

namespace {

constinit bool is_prepared = false;

std::uint64_t time_of(int clock) {
  struct {
    std::int64_t seconds;
    std::int64_t nanoseconds;
  } time{};
  agent::system_call(__NR_clock_gettime, clock, reinterpret_cast<long>(&time));
  return static_cast<std::uint64_t>(time.seconds) * 1'000'000'000u +
         static_cast<std::uint64_t>(time.nanoseconds);
}
std::uint64_t now_ns() {
  constexpr int kMonotonic = 1;
  return time_of(kMonotonic);
}
/// That the thread has taken; of a clone, since it was made.
std::uint64_t cpu_ns() {
  constexpr int kThreadCpuTime = 3;
  return time_of(kThreadCpuTime);
}

/// One capture, from Hello to End.
class Capture {
 public:
  Capture(const CaptureOptions& options, bool in_place)
      : options_(options),
        in_place_(in_place),
        writer_(options.fd),
        walk_(writer_, says_totals() ? Says::kTotals : Says::kAll) {}

  void begin(std::uint64_t cloned_at_ns, std::uint64_t clone_took_ns, bool collecting) {
    started_ns_ = now_ns();
    if (in_place_) cpu_before_ns_ = cpu_ns();
    if (!in_place_) report_crashes_to(options_.fd);
    if (!walk_.open() || (!in_place_ && !redirect_allocations())) {
      return walk_.fail("there is no memory for the walk");
    }
    const char* version = call<const char*>(symbols.Py_GetVersion);
    stream::Hello hello{.magic = {},
                        .version = stream::kVersion,
                        .python_minor = static_cast<std::uint32_t>(layout.minor),
                        .flags = 0,
                        .process = process_,
                        .cloned_at_ns = cloned_at_ns,
                        .clone_took_ns = clone_took_ns};
    __builtin_memcpy(hello.magic, stream::kMagic, sizeof hello.magic);
    if (layout.free_threaded) hello.flags |= stream::Hello::kFreeThreaded;
    if (in_place_) hello.flags |= stream::Hello::kInPlace;
    if (collecting) hello.flags |= stream::Hello::kCollecting;
    writer_.add_record(stream::RecordKind::kHello, &hello, sizeof hello, version,
                       static_cast<std::uint32_t>(__builtin_strlen(version)));
  }

  void set_process(std::uint32_t process) { process_ = process; }
  HeapWalk& walk() { return walk_; }

  void run() {
    if (walk_.failure() == nullptr) walk_.list();
    const std::uint64_t listed_ns = now_ns();
    if (walk_.failure() == nullptr) walk_.run();
    if (walk_.failure() != nullptr) {
      write_failure(options_.fd, object_looked_at, 0, walk_.failure());
      return;
    }
    if (says_totals()) walk_.totals().write(writer_, cpu_ns() - cpu_before_ns_);
    stream::End end{};
    end.node_count = walk_.object_count();
    end.edge_count = writer_.edges_written();
    std::uint32_t before = 0;
    for (int generation = 0; generation < kGenerations; ++generation) {
      end.tracked_by_generation[generation] = walk_.generation_ends()[generation] - before;
      before = walk_.generation_ends()[generation];
    }
    end.list_ns = listed_ns - started_ns_;
    end.walk_ns = now_ns() - listed_ns;
    end.memory_bytes = walk_.memory_bytes();
    end.interpreter_count = walk_.interpreter_count();
    writer_.add_record(stream::RecordKind::kEnd, &end, sizeof end);
    writer_.flush();
  }

 private:
  bool says_totals() const { return (options_.flags & CaptureOptions::kOnlyTotals) != 0; }

  const CaptureOptions& options_;
  bool in_place_;
  std::uint32_t process_ = 0;
  std::uint64_t started_ns_ = 0;
  std::uint64_t cpu_before_ns_ = 0;
  StreamWriter writer_;
  HeapWalk walk_;
};

std::uint32_t own_process() {
  return static_cast<std::uint32_t>(agent::system_call(__NR_getpid));
}

/// Memory for a Capture, which the visitor below begins where a constructor cannot be: 0 or 1.
struct FreeThreadedCapture {
  const CaptureOptions& options;
  CloneProcess clone;
  void* argument;
  bool collecting;
  long cloned = -1;
  alignas(Capture) char memory[sizeof(Capture)];
  Capture* capture = nullptr;
};

// The collector's visitor has stopped all threads when it calls this for the first object: that is
// where the process is cloned. The parent ends the visit; the child goes on and is shown all
// objects. (To clone first and visit in the child would wait for threads that are not there.)
int on_tracked_object(Object* object, void* argument) {
  auto& state = *static_cast<FreeThreadedCapture*>(argument);
  if (state.capture == nullptr) {
    const std::uint64_t begun = now_ns();
    const std::uint32_t process = own_process();
    state.cloned = state.clone == nullptr ? 0 : state.clone(state.argument);
    if (state.cloned != 0) return 0;
    state.capture = new (state.memory) Capture(state.options, state.clone == nullptr);
    state.capture->set_process(process);
    state.capture->begin(begun, now_ns() - begun, state.collecting);
  }
  if (state.capture->walk().failure() == nullptr) state.capture->walk().discover_tracked(object);
  return 1;
}

long capture_free_threaded(const CaptureOptions& options, CloneProcess clone, void* argument) {
  FreeThreadedCapture state{.options = options,
                            .clone = clone,
                            .argument = argument,
                            .collecting = is_collecting(),
                            .memory = {}};
  call<void>(symbols.PyUnstable_GC_VisitObjects, on_tracked_object, &state);
  if (state.capture != nullptr) {
    state.capture->run();
    state.capture->~Capture();
  }
  return state.cloned;
}

}  // namespace

const char* prepare(const PythonSymbols& given) {
  if (is_prepared) return nullptr;
  for (std::uint32_t at = 0; at < kPythonSymbolCount; ++at) {
    std::uint64_t address = 0;
    __builtin_memcpy(&address, reinterpret_cast<const char*>(&given) + 8 * at, sizeof address);
    if (address == 0 && kPythonSymbolIsRequired[at]) return "this CPython lacks a symbol";
  }
  symbols = given;
  if (const char* reason = choose_layout(given, layout)) return reason;
  if (const char* reason = check_described_layout(layout)) return reason;
  if (const char* reason = probe_layout(layout)) return reason;
  if (const char* reason = check_frame_layout()) return reason;
  names.sizeof_method = call<Object*>(symbols.PyUnicode_InternFromString, "__sizeof__");
  names.module = call<Object*>(symbols.PyUnicode_InternFromString, "__module__");
  names.name = call<Object*>(symbols.PyUnicode_InternFromString, "__name__");
  names.getattribute = call<Object*>(symbols.PyUnicode_InternFromString, "__getattribute__");
  if (names.sizeof_method == nullptr || names.module == nullptr || names.name == nullptr ||
      names.getattribute == nullptr) {
    return "the interpreter has no memory for the self-test";
  }
  is_prepared = true;
  return nullptr;
}

bool is_collecting() {
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    const bool collects = layout.collecting_in_interpreter > 0
                              ? load<int>(at, layout.collecting_in_interpreter) != 0
                              : !layout.free_threaded &&
                                    load<int>(object_at(first_head_of(at)), layout.collecting) != 0;
    if (collects) return true;
  }
  return false;
}

bool holds_still_in_place() {
  return !layout.free_threaded;
}

long capture(const CaptureOptions& options, CloneProcess clone, void* argument) {
  if (layout.free_threaded) return capture_free_threaded(options, clone, argument);
  const std::uint32_t process = own_process();
  const bool collecting = is_collecting();
  const std::uint64_t begun = now_ns();
  if (clone != nullptr) {
    const long result = clone(argument);
    if (result != 0) return result;
  }
  Capture capture(options, clone == nullptr);
  capture.set_process(process);
  capture.begin(begun, now_ns() - begun, collecting);
  capture.run();
  return 0;
}

}  // namespace ouro::python::walker
