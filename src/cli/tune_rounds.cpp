#include "cli/tune_rounds.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

#include "cli/series.hpp"
#include "python/attach/memory_room.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/snapshot.hpp"
#include "python/tune/measure.hpp"
#include "report/collector.hpp"
#include "report/units.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;
namespace tune = python::tune;
using report::MeasuredRun;

std::vector<report::CollectorSetting> settings_of(const TuneOptions& options) {
  std::vector<report::CollectorSetting> settings = report::usual_settings();
  const auto add = [&settings](report::CollectorSetting setting) {
    settings.insert(settings.end() - 1, std::move(setting));  // before "disabled"
  };
  for (const std::string& text : options.thresholds) add({.thresholds = parse_thresholds(text)});
  for (const std::string& where : options.freeze_at) add({.freeze = "call:" + where});
  for (const std::string& time : options.freeze_after) {
    const auto milliseconds = parse_duration(time)->count();
    char seconds[32];
    std::snprintf(seconds, sizeof(seconds), "%g", static_cast<double>(milliseconds) / 1000);
    add({.freeze = std::string("after:") + seconds});
  }
  for (const std::string& where : options.collect_after) {
    add({.is_disabled = true, .collect = where});
  }
  return settings;
}

/// The rounds of one program.
class Tune {
 public:
  Tune(const TuneOptions& options, std::vector<std::string> words, tune::Shim shim)
      : options_(options), shim_(std::move(shim)) {
    tuning_.words = words;
    tuning_.rounds_wanted = options.rounds;
    workload_.words = std::move(words);
    workload_.input = options.input;
    workload_.load = options.load;
    workload_.ready = options.ready;
    workload_.time_limit = parse_duration(options.time_limit);
    workload_.memory_limit_bytes =
        parse_size(options.memory_limit)
            .value_or(attach::memory_room(attach::TargetProcess(getpid())).available_bytes / 2);
    for (report::CollectorSetting& setting : settings_of(options)) {
      tuning_.settings.push_back({std::move(setting), {}, {}});
    }
  }

  report::Tuning run() &&;

 private:
  void try_once();
  void measure_rounds();
  /// False: interrupted.
  bool measure_setting(report::SettingRuns& setting);
  void keep_whole_rounds();
  void look_for_cycles();
  [[noreturn]] void fail(const Error& error, const std::string& setting) const;

  const TuneOptions& options_;
  tune::Shim shim_;
  tune::Workload workload_;
  report::Tuning tuning_;
  attach::Interruption interruption_;
};

void Tune::fail(const Error& error, const std::string& setting) const {
  if (error.place.empty()) throw Failure(ExitCode::kInterrupted, "interrupted");
  if (error.code != ErrorCode::kInputOutput) throw Failure(ExitCode::kBadInput, error.to_string());
  std::string message = tuning_.words[0];
  if (tuning_.words.size() > 1) message += ' ' + tuning_.words[1];
  message += ' ' + error.place + (setting.empty() ? "" : " (setting `" + setting + "`)");
  if (error.place.starts_with("the load")) message = error.place;
  if (!error.message.empty()) message += "; it said:\n" + error.message;
  throw Failure(ExitCode::kBadInput, message);
}

/// Does it work at all, and how long does it take? Files get into the cache, too.
void Tune::try_once() {
  TerminalProgress progress;
  progress.begin("trying the program", 0);
  const auto trial = tune::measure(workload_, {}, shim_, interruption_);
  if (!trial) fail(trial.error(), "");
  if (trial->end == MeasuredRun::End::kMemoryLimit) {
    throw Failure(ExitCode::kBadInput, tuning_.words[0] + " takes more than " +
                                           report::format_bytes(workload_.memory_limit_bytes) +
                                           " of memory; --memory-limit allows more");
  }
  if (trial->python_version == 0) {
    throw Failure(ExitCode::kBadInput,
                  tuning_.words[0] +
                      ": nothing could be measured in it: it is no CPython 3.8 or "
                      "later, or starts without its site module (-I, -E, -S)");
  }
  const double seconds =
      trial->wall_seconds * options_.rounds * static_cast<double>(tuning_.settings.size());
  if (seconds > 30) {
    std::fprintf(stderr, "ouro: %s of %s, about %s; Ctrl-C ends it with the rounds that are done\n",
                 report::counted(options_.rounds, "round").c_str(),
                 report::counted(tuning_.settings.size(), "setting").c_str(),
                 report::format_seconds(seconds).c_str());
  }
}

bool Tune::measure_setting(report::SettingRuns& setting) {
  const auto run = tune::measure(workload_, setting.setting, shim_, interruption_);
  const std::string name = report::name_of(setting.setting);
  if (!run) {
    if (run.error().place.empty()) return false;
    if (setting.setting.is_default()) fail(run.error(), name);
    setting.trouble = run.error().place;
  } else if (run->end == MeasuredRun::End::kMemoryLimit) {
    setting.trouble = "was stopped at " + report::format_bytes(workload_.memory_limit_bytes) +
                      " of memory (--memory-limit)";
  } else if (run->has_missed_freeze) {
    setting.trouble = "it could not be told where the imports of the main module end";
  } else if (!setting.setting.freeze.empty() && !run->frozen) {
    setting.trouble = "the program did not come to the place to freeze at";
  } else if (!setting.setting.collect.empty() && !run->has_found_function) {
    setting.trouble = "the program has no function " + setting.setting.collect;
  } else {
    setting.runs.push_back(*run);
  }
  return true;
}

/// Each round begins with another setting, so that none is always the first.
void Tune::measure_rounds() {
  TerminalProgress progress;
  const std::size_t count = tuning_.settings.size();
  std::uint64_t done = 0;
  progress.begin("measuring", count * options_.rounds);
  for (std::uint32_t round = 0; round < options_.rounds; ++round) {
    for (std::size_t i = 0; i < count; ++i) {
      report::SettingRuns& setting = tuning_.settings[(i + round) % count];
      progress.advance(done++);
      if (!setting.trouble.empty()) continue;
      if (!measure_setting(setting)) return keep_whole_rounds();
    }
  }
  keep_whole_rounds();
}

void Tune::keep_whole_rounds() {
  std::size_t rounds = options_.rounds;
  for (const report::SettingRuns& setting : tuning_.settings) {
    if (setting.trouble.empty()) rounds = std::min(rounds, setting.runs.size());
  }
  if (rounds == 0) throw Failure(ExitCode::kInterrupted, "interrupted before a round was done");
  for (report::SettingRuns& setting : tuning_.settings) {
    setting.runs.resize(setting.trouble.empty() ? rounds : 0);
  }
}

/// Once more, with the collector disabled: what it would free is what lies there at the end.
void Tune::look_for_cycles() {
  constexpr std::int64_t kFewest = 100;
  constexpr std::uint64_t kMuch = std::uint64_t{1} << 30;
  std::int64_t collected = 0;
  std::uint64_t peak = 0;
  for (const MeasuredRun& run : tuning_.default_runs().runs) {
    collected = std::max(collected, run.collected());
    peak = std::max(peak, run.peak_bytes);
  }
  if (collected < kFewest) return;
  TerminalProgress progress;
  progress.begin("looking for cycles", 0);
  auto notice = attach::ExitNotice::create();
  if (!notice) throw Failure(ExitCode::kCannotWrite, notice.error().to_string());
  const std::string path = shim_.folder() + "/heap.ouro";
  bool is_there = false;
  tuning_.cycles_trouble = "the program ended in a way that Python does not notice";
  tune::BeforeEnd before_end{*std::move(notice), [&](pid_t process) {
                               const auto preflight = attach::check(process);
                               if (const auto* obstacle = preflight.obstacle()) {
                                 tuning_.cycles_trouble = obstacle->what;
                                 return;
                               }
                               attach::SnapshotOptions snapshot_options;
                               snapshot_options.path = path;
                               snapshot_options.keeps_values = false;
                               const auto snapshot = attach::take_snapshot(
                                   *preflight.target, snapshot_options, interruption_);
                               is_there = static_cast<bool>(snapshot);
                               if (!snapshot) tuning_.cycles_trouble = snapshot.error().to_string();
                             }};
  tune::Workload bounded = workload_;
  bounded.memory_limit_bytes = std::min(workload_.memory_limit_bytes, peak + kMuch);
  const auto run =
      tune::measure(bounded, {.is_disabled = true}, shim_, interruption_, std::move(before_end));
  if (!run && !is_there) tuning_.cycles_trouble = run.error().place;
  if (!is_there) return;
  tuning_.cycles_trouble.clear();
  tuning_.cycles = report::cycle_savings(load(path), &progress);
}

report::Tuning Tune::run() && {
  try_once();
  measure_rounds();
  if (!options_.leaves_cycles_out && !interruption_.has_come()) look_for_cycles();
  return std::move(tuning_);
}

}  // namespace

std::vector<std::int64_t> parse_thresholds(const std::string& text) {
  std::vector<std::int64_t> numbers;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::int64_t number = 0;
    const auto [at, error] = std::from_chars(text.data() + begin, text.data() + end, number);
    if (error != std::errc() || at != text.data() + end || number < 0 || number > INT32_MAX) {
      return {};
    }
    numbers.push_back(number);
    begin = end + 1;
  }
  return numbers.size() > 3 ? std::vector<std::int64_t>() : numbers;
}

report::Tuning measure_rounds(const TuneOptions& options, std::vector<std::string> words,
                              tune::Shim shim) {
  return Tune(options, std::move(words), std::move(shim)).run();
}

}  // namespace ouro::cli
