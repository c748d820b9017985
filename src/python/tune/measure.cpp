#include "python/tune/measure.hpp"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "python/attach/target_process.hpp"
#include "python/tune/child_process.hpp"
#include "python/tune/output_lines.hpp"
#include "python/tune/run_record.hpp"

namespace ouro::python::tune {

namespace {

using attach::Clock;
using attach::Descriptor;
using std::chrono::duration;
using std::chrono::milliseconds;
using std::chrono::seconds;
using End = report::MeasuredRun::End;

constexpr auto kBetweenLooks = milliseconds(50);
/// What a program gets to end in, before it is asked more loudly.
constexpr auto kPatience = seconds(5);

std::string how_it_ended(int status) {
  if (!WIFSIGNALED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return "signal " + std::to_string(signal) + " (" + strsignal(signal) + ')';
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

class Measurement {
 public:
  Measurement(const Workload& workload, const report::CollectorSetting& setting, const Shim& shim,
              const attach::Interruption& interruption, std::optional<BeforeEnd> before_end)
      : workload_(workload),
        setting_(setting),
        shim_(shim),
        interruption_(interruption),
        before_end_(std::move(before_end)),
        output_(workload.ready),
        errors_(workload.ready) {}
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;
  ~Measurement() {
    for (const ChildProcess* child : {&program_, &load_}) {
      if (child->pid > 0) kill(-child->pid, SIGKILL);
    }
    if (program_.pid > 0 && !has_ended_) waitpid(program_.pid, nullptr, 0);
    if (load_.pid > 0 && !has_load_ended_) waitpid(load_.pid, nullptr, 0);
  }

  Result<report::MeasuredRun> run();

 private:
  std::optional<Error> start_program();
  std::optional<Error> start_load();
  std::optional<Error> look();
  void wait_for_news();
  void look_at_memory();
  void end_program(End reason);
  void ask_to_end(Clock::time_point now);
  bool has_news(const ChildProcess& child, bool& has_ended, int& status, rusage& usage);

  const Workload& workload_;
  const report::CollectorSetting& setting_;
  const Shim& shim_;
  const attach::Interruption& interruption_;
  std::optional<BeforeEnd> before_end_;
  std::optional<RunRecord> record_;
  ChildProcess program_;
  ChildProcess load_;
  OutputLines output_;
  OutputLines errors_;
  OutputLines load_output_;
  bool has_ended_ = false;
  bool has_load_ended_ = false;
  int status_ = 0;
  int load_status_ = 0;
  rusage usage_{};
  Clock::time_point begun_;
  Clock::time_point load_begun_;
  Clock::time_point load_ended_;
  std::optional<Clock::time_point> asked_at_;
  int times_asked_ = 0;
  report::MeasuredRun result_;
};

std::optional<Error> Measurement::start_program() {
  auto record = RunRecord::create();
  if (!record) return record.error();
  record_.emplace(*std::move(record));
  begun_ = Clock::now();
  auto program = start_child(workload_.words, workload_.input, [this] {
    shim_.set_up_child(report::words_of(setting_), record_->descriptor());
    if (before_end_) before_end_->notice.set_up_child();
  });
  if (!program) return program.error();
  program_ = *std::move(program);
  if (before_end_) before_end_->notice.close_ends_of_child();
  return std::nullopt;
}

std::optional<Error> Measurement::start_load() {
  const std::string process = std::to_string(program_.pid);
  auto load = start_child({"/bin/sh", "-c", workload_.load}, "/dev/null",
                          [&process] { setenv("OURO_TUNE_PROCESS", process.c_str(), 1); });
  if (!load) return load.error();
  load_ = *std::move(load);
  load_begun_ = Clock::now();
  return std::nullopt;
}

void Measurement::wait_for_news() {
  pollfd polled[6];
  nfds_t count = 0;
  const auto add = [&](const Descriptor& descriptor) {
    if (descriptor.is_open()) polled[count++] = {descriptor.number(), POLLIN, 0};
  };
  for (const ChildProcess* child : {&program_, &load_}) {
    add(child->output);
    add(child->errors);
  }
  if (!has_ended_) add(program_.life);
  if (load_.pid > 0 && !has_load_ended_) add(load_.life);
  poll(polled, count, static_cast<int>(kBetweenLooks.count()));
  drain(program_.output, output_);
  drain(program_.errors, errors_);
  drain(load_.output, load_output_);
  drain(load_.errors, load_output_);
}

void Measurement::look_at_memory() {
  const std::string peak = attach::TargetProcess(program_.pid).status("VmHWM");
  const std::uint64_t bytes = std::strtoull(peak.c_str(), nullptr, 10) * 1024;
  result_.peak_bytes = std::max(result_.peak_bytes, bytes);
}

/// First the hook, then as from the keyboard, then louder and louder.
void Measurement::end_program(End reason) {
  if (asked_at_) return;
  result_.end = reason;
  if (before_end_ && before_end_->notice.is_open()) before_end_->act(program_.pid);
  if (before_end_) before_end_->notice.let_go();
  ask_to_end(Clock::now());
}

void Measurement::ask_to_end(Clock::time_point now) {
  constexpr int kSignals[] = {SIGINT, SIGTERM, SIGKILL};
  kill(program_.pid, kSignals[std::min(times_asked_, 2)]);
  ++times_asked_;
  asked_at_ = now;
}

bool Measurement::has_news(const ChildProcess& child, bool& has_ended, int& status, rusage& usage) {
  if (child.pid <= 0 || has_ended) return false;
  has_ended = wait4(child.pid, &status, WNOHANG, &usage) == child.pid;
  return has_ended;
}

std::optional<Error> Measurement::look() {
  const auto now = Clock::now();
  if (!has_ended_) look_at_memory();
  if (has_news(program_, has_ended_, status_, usage_)) {
    result_.wall_seconds = duration<double>(now - begun_).count();
    kill(-program_.pid, SIGKILL);  // children that it has left behind
  }
  rusage ignored{};
  if (has_news(load_, has_load_ended_, load_status_, ignored)) {
    load_ended_ = now;
    kill(-load_.pid, SIGKILL);
    if (load_status_ != 0) {
      load_output_.end();
      return Error{ErrorCode::kInputOutput, "the load ended with " + how_it_ended(load_status_),
                   trimmed(load_output_.last())};
    }
    end_program(End::kLoadDone);
  }
  if (has_ended_) return std::nullopt;
  const bool may_load = workload_.ready.empty() || output_.has_wanted() || errors_.has_wanted();
  if (!workload_.load.empty() && load_.pid < 0 && may_load) {
    if (auto error = start_load()) return error;
  }
  if (before_end_ && before_end_->notice.is_open()) {
    pollfd polled{before_end_->notice.number(), POLLIN, 0};
    if (poll(&polled, 1, 0) > 0) {
      // Closed without a word: a program that forked, or that ends in another way.
      if (before_end_->notice.take()) {
        attach::wait_until_it_waits(program_.pid);
        before_end_->act(program_.pid);
      }
      before_end_->notice.let_go();
    }
  }
  if (workload_.memory_limit_bytes != 0 && result_.peak_bytes > workload_.memory_limit_bytes) {
    end_program(End::kMemoryLimit);
  } else if (workload_.time_limit && now - begun_ >= *workload_.time_limit) {
    end_program(End::kTimeLimit);
  }
  if (asked_at_ && now - *asked_at_ >= kPatience) ask_to_end(now);
  return std::nullopt;
}

Result<report::MeasuredRun> Measurement::run() {
  if (auto error = start_program()) return *std::move(error);
  while (!has_ended_) {
    if (interruption_.has_come()) return Error{ErrorCode::kInputOutput, "", "interrupted"};
    wait_for_news();
    if (auto error = look()) return *std::move(error);
  }
  drain(program_.output, output_);
  drain(program_.errors, errors_);
  output_.end();
  errors_.end();
  load_output_.end();
  if (status_ != 0 && result_.end == End::kItself) {
    return Error{ErrorCode::kInputOutput, "ended with " + how_it_ended(status_),
                 trimmed(errors_.last())};
  }
  if (!workload_.load.empty() && !has_load_ended_ && result_.end == End::kItself) {
    return Error{ErrorCode::kInputOutput, "ended before the load did", trimmed(errors_.last())};
  }
  if (has_load_ended_) {
    result_.wall_seconds = duration<double>(load_ended_ - load_begun_).count();
  } else if (result_.end == End::kTimeLimit) {
    result_.wall_seconds = duration<double>(*workload_.time_limit).count();
  }
  result_.processor_seconds = seconds_of(usage_.ru_utime) + seconds_of(usage_.ru_stime);
  for (const OutputLines* lines : {&load_output_, &output_, &errors_}) {
    if (lines->units() <= 0 || result_.units > 0) continue;
    result_.units = lines->units();
    result_.unit = lines->unit();
  }
  record_->read_into(result_);
  return std::move(result_);
}

}  // namespace

Result<report::MeasuredRun> measure(const Workload& workload,
                                    const report::CollectorSetting& setting, const Shim& shim,
                                    const attach::Interruption& interruption,
                                    std::optional<BeforeEnd> before_end) {
  return Measurement(workload, setting, shim, interruption, std::move(before_end)).run();
}

}  // namespace ouro::python::tune
