#include "python/attach/preflight.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "python/attach/memory_room.hpp"
#include "python/attach/permission.hpp"
#include "python/attach/processes.hpp"
#include "report/units.hpp"

namespace ouro::python::attach {

namespace {

using Weight = Finding::Weight;

constexpr int kOldestMinor = 8;
constexpr int kNewestMinor = 15;

/// Where a link of /proc leads; "" where it cannot be read.
std::string link_target(const std::string& path) {
  char text[256];
  const ssize_t length = readlink(path.c_str(), text, sizeof(text));
  return length < 0 ? std::string() : std::string(text, static_cast<std::size_t>(length));
}

class Check {
 public:
  Check(pid_t pid, const PreflightOptions& options)
      : process_(pid), options_(options), number_(std::to_string(pid)) {}

  Preflight run() &&;

 private:
  bool exists();
  bool can_stop();
  bool is_permitted();
  bool is_known_machine();
  bool is_known_python();
  void say_what_surrounds_it();
  void say_what_a_clone_costs();
  void say_what_will_happen();

  void fact(std::string what) { add(Weight::kFact, std::move(what), {}); }
  void warn(std::string what, std::string help) {
    add(Weight::kWarning, std::move(what), std::move(help));
  }
  bool obstacle(std::string what, std::string help) {
    add(Weight::kObstacle, std::move(what), std::move(help));
    return false;
  }
  void add(Weight weight, std::string what, std::string help) {
    result_.findings.push_back({weight, std::move(what), std::move(help)});
  }

  TargetProcess process_;
  PreflightOptions options_;
  std::string number_;
  Preflight result_;
};

bool Check::exists() {
  if (access("/proc/self/maps", R_OK) != 0) {
    return obstacle("/proc is not mounted here", "mount -t proc proc /proc");
  }
  const std::string group = process_.status("Tgid");
  if (group.empty()) {
    const auto others = python_processes();
    return obstacle("there is no process " + number_,
                    others.empty() ? "no Python program is to be seen from here"
                                   : "Python programs here: " + listed(others));
  }
  if (group != number_) {
    return obstacle(number_ + " is a thread of process " + group,
                    "ouro " + options_.command + ' ' + group);
  }
  if (process_.pid() == getpid()) return obstacle(number_ + " is this very command", {});
  fact("process " + described(process_));
  return true;
}

bool Check::can_stop() {
  const std::string tracer = process_.status("TracerPid");
  if (tracer != "0" && !tracer.empty()) {
    return obstacle("it is being traced by " + described(TargetProcess(std::atoi(tracer.c_str()))),
                    "a process has one tracer at a time: end that one first");
  }
  switch (process_.state()) {
    case 'Z':
    case 'X':
      return obstacle("it has ended; only its exit status waits for its parent", {});
    case 'T':
      return obstacle("it is stopped by a signal", "continue it: kill -CONT " + number_);
    case 'D':
      warn("its main thread is in a part of the kernel that cannot be interrupted (state D)",
           "if that does not end, ouro gives up after two seconds");
      return true;
    default:
      return true;
  }
}

bool Check::is_permitted() {
  if (may_trace(process_)) return true;
  const Refusal refusal = why_not(process_, options_.command);
  return obstacle("process " + number_ + " may not be attached to: " + refusal.reason,
                  refusal.help);
}

bool Check::is_known_machine() {
  if (process_.status("x86_Thread_features").find("shstk") != std::string::npos) {
    return obstacle("it runs with a shadow stack, which lets nobody run code in it",
                    "start it without: GLIBC_TUNABLES=glibc.cpu.x86_shstk=off");
  }
  if (process_.status("Seccomp") == "1") {
    return obstacle("it may do nothing but read and write (seccomp, strict)", {});
  }
  return true;
}

bool Check::is_known_python() {
  auto target = find_target(process_.pid());
  if (!target) {
    const bool is_other = target.error().code == ErrorCode::kNotFound;
    std::string help;
    if (is_other) {
      std::vector<pid_t> children = children_of(process_.pid());
      std::erase_if(children, [](pid_t pid) { return !looks_like_python(TargetProcess(pid)); });
      const auto& others = children.empty() ? python_processes() : children;
      if (!others.empty()) {
        help =
            (children.empty() ? "Python programs here: " : "its children have: ") + listed(others);
      }
    }
    return obstacle(
        is_other ? described(process_) + " has no CPython in it" : target.error().to_string(),
        help);
  }
  const std::string& version = target->python_version;
  const int minor = version.empty() ? 0 : std::atoi(version.c_str() + 2);
  if (minor != 0 && minor < kOldestMinor) {
    return obstacle("it is CPython " + version + "; Ouro reads 3.8 to 3.15", {});
  }
  fact("CPython " + (version.empty() ? "of a version its file does not say" : version) + " (" +
       target->python_file + ")");
  if (minor > kNewestMinor) {
    warn("this version is newer than the newest Ouro knows, 3.15",
         "it is tried, and refused where its inside has changed");
  }
  result_.target = *std::move(target);
  return true;
}

void Check::say_what_surrounds_it() {
  std::string others;
  for (const char* kind : {"mnt", "pid", "user"}) {
    const std::string name = std::string("ns/") + kind;
    if (link_target(process_.path(name)) == link_target("/proc/self/" + name)) continue;
    others += (others.empty() ? "" : ", ") + std::string(kind);
  }
  if (!others.empty()) fact("it runs in a container (other namespaces: " + others + ")");
  if (link_target(process_.path("root")) != link_target("/proc/self/root")) {
    fact("it sees another root folder; its files are read through that");
  }
  if (result_.target->c_library_file.find("musl") != std::string::npos) {
    fact("its C library is musl");
  }
  if (process_.status("Seccomp") == "2") {
    warn("a filter restricts its system calls (seccomp)",
         "the filters of Docker and systemd allow what is done; one that ends a process for mmap, "
         "mprotect, pipe2, clone, wait4 or munmap would end this one");
  }
}

void Check::say_what_a_clone_costs() {
  using report::format_bytes;
  const MemoryRoom room = memory_room(process_);
  fact("memory: " + format_bytes(room.resident_bytes) + " resident, " +
       format_bytes(room.available_bytes) + " left for it by " + room.limited_by);
  if (options_.walks_in_place || !room.is_short()) return;
  warn("memory is short for a copy-on-write clone: about " + format_bytes(room.clone_bytes()) +
           ", and what the program changes meanwhile",
       "--no-fork takes less, but the program waits while it is walked");
}

void Check::say_what_will_happen() {
  fact(options_.walks_in_place
           ? "the program will stand still while its heap is walked (--no-fork), about a second "
             "for 10 million objects"
           : "the program will be cloned at a safe point, some milliseconds for each GiB; the "
             "clone is walked while the program runs on");
}

Preflight Check::run() && {
  if (exists() && can_stop() && is_permitted() && is_known_machine() && is_known_python()) {
    say_what_surrounds_it();
    say_what_a_clone_costs();
    say_what_will_happen();
  }
  return std::move(result_);
}

}  // namespace

const Finding* Preflight::obstacle() const {
  const auto found = std::ranges::find(findings, Weight::kObstacle, &Finding::weight);
  return found == findings.end() ? nullptr : &*found;
}

Preflight check(pid_t pid, const PreflightOptions& options) {
  return Check(pid, options).run();
}

}  // namespace ouro::python::attach
