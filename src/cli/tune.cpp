// `ouro tune`: a program under several settings of its cycle collector.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/atomic_file.hpp"
#include "cli/command.hpp"
#include "cli/program_words.hpp"
#include "cli/series.hpp"
#include "python/attach/memory_room.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/snapshot.hpp"
#include "python/tune/measure.hpp"
#include "report/collector.hpp"
#include "report/tune/trade_off_picture.hpp"
#include "report/tune/tuning.hpp"
#include "report/units.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;
namespace tune = python::tune;
using report::MeasuredRun;

struct TuneOptions : CommonOptions {
  std::string python = "python3";
  std::uint32_t rounds = 5;
  std::string time_limit;
  std::string memory_limit;
  std::string load;
  std::string ready;
  std::string input = "/dev/null";
  std::vector<std::string> thresholds;
  std::vector<std::string> freeze_at;
  std::vector<std::string> freeze_after;
  std::vector<std::string> collect_after;
  bool leaves_cycles_out = false;
  std::string picture;
  bool may_replace = false;
};

/// "10000", "700,10,1000".
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

CLI::Validator some_thresholds() {
  return CLI::Validator(
      [](std::string& text) {
        return parse_thresholds(text).empty()
                   ? "'" + text + "' are no thresholds; write 10000 or 10000,10,10"
                   : std::string();
      },
      "");
}

CLI::Validator a_function() {
  return CLI::Validator(
      [](std::string& text) {
        const std::size_t colon = text.find(':');
        const bool is_one = colon != std::string::npos && colon > 0 && colon + 1 < text.size() &&
                            text.find_first_of("; =") == std::string::npos;
        return is_one ? std::string()
                      : "'" + text + "' is no function; write MODULE:NAME, as app.main:serve";
      },
      "");
}

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
  if (trial->python_version == 0) {
    throw Failure(ExitCode::kBadInput,
                  tuning_.words[0] +
                      ": nothing could be measured in it: it is no CPython 3.8 or "
                      "later, or starts without its site module (-I, -E, -S)");
  }
  if (trial->end == MeasuredRun::End::kMemoryLimit) {
    throw Failure(ExitCode::kBadInput, tuning_.words[0] + " takes more than " +
                                           report::format_bytes(workload_.memory_limit_bytes) +
                                           " of memory; --memory-limit allows more");
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

void write_picture(report::Tuning& tuning, const std::string& path) {
  const auto settings = report::compare(tuning.settings);
  std::string title;
  for (const std::string& word : tuning.words) title += (title.empty() ? "" : " ") + word;
  AtomicFile file(path);
  std::optional<Error> error = file.open();
  if (!error) error = file.write(trade_off_svg(title, settings, report::recommend(settings)));
  if (!error) error = file.commit();
  if (error) throw Failure(ExitCode::kCannotWrite, error->to_string());
  tuning.picture = path;
}

void run(const TuneOptions& options, const CLI::App& command) {
  auto words = program_words("tune", options.python, command.remaining());
  const std::string picture =
      options.picture.empty() ? program_word(words) + "-tune.svg" : options.picture;
  check_output(picture, options.may_replace);
  if (access(options.input.c_str(), R_OK) != 0) {
    throw Failure(ExitCode::kBadInput, options.input + ": cannot be read (--input)");
  }
  auto shim = tune::Shim::create();
  if (!shim) throw Failure(ExitCode::kCannotWrite, shim.error().to_string());
  report::Tuning tuning = Tune(options, std::move(words), *std::move(shim)).run();
  // What took minutes to measure is said whether it can be drawn or not.
  std::optional<Failure> failure;
  try {
    write_picture(tuning, picture);
  } catch (const Failure& error) {
    failure = error;
  }
  options.is_json ? print_json(to_json(tuning)) : print_text(to_text(tuning, output_width()));
  if (failure) throw *failure;
}

}  // namespace

void add_tune(CLI::App& application) {
  CLI::App& command = add_command(
      application, "tune",
      "Find the best setting of a program's cycle collector: ouro tune [OPTIONS] -- PROGRAM",
      "  ouro tune -- python3 app.py input.txt     # several settings, five rounds\n"
      "  ouro tune --time-limit 30s -- python3 server.py\n"
      "  ouro tune --load 'wrk -d 20s http://localhost:8000' --ready listening -- python3 app.py\n"
      "  ouro tune --threshold 50000,20,100 --freeze-at app:serve -- python3 -m app\n"
      "The program may say how much work it has done, by lines `ouro: 500 frames`.\n");
  auto options = std::make_shared<TuneOptions>();
  command.add_option("--runs", options->rounds, "Rounds: how often each setting is measured")
      ->check(CLI::Range(1, 1000).description(""))
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option("--time-limit", options->time_limit,
                  "End each run after TIME, as by Ctrl-C: for programs that run for\never")
      ->check(a_duration())
      ->type_name("TIME");
  command
      .add_option("--memory-limit", options->memory_limit,
                  "End runs that take more than SIZE; half of what is free unless\nyou say so")
      ->check(a_size())
      ->type_name("SIZE");
  command
      .add_option("--load", options->load,
                  "A shell command that drives the program; a run ends when it ends")
      ->type_name("COMMAND");
  command
      .add_option("--ready", options->ready,
                  "The load begins when the program prints a line with TEXT")
      ->type_name("TEXT");
  command.add_option("--input", options->input, "The program's standard input")
      ->capture_default_str()
      ->type_name("FILE");
  command
      .add_option("--threshold", options->thresholds,
                  "Try gc.set_threshold() with these, too; may be repeated")
      ->check(some_thresholds())
      ->allow_extra_args(false)
      ->type_name("T0[,T1[,T2]]");
  command
      .add_option("--freeze-at", options->freeze_at,
                  "Try gc.freeze() when MODULE:NAME is first called, too")
      ->check(a_function())
      ->allow_extra_args(false)
      ->type_name("FUNCTION");
  command.add_option("--freeze-after", options->freeze_after, "Try gc.freeze() after TIME, too")
      ->check(a_duration())
      ->allow_extra_args(false)
      ->type_name("TIME");
  command
      .add_option("--collect-after", options->collect_after,
                  "Try a disabled collector, and gc.collect() after each call of\nMODULE:NAME, too")
      ->check(a_function())
      ->allow_extra_args(false)
      ->type_name("FUNCTION");
  command.add_flag("--no-cycles", options->leaves_cycles_out,
                   "Do not look which cycles to cut, which takes one more run");
  command
      .add_option("-o,--output", options->picture,
                  "The picture of the trade-off; app-tune.svg unless you say so")
      ->type_name("FILE");
  command.add_flag("--force", options->may_replace, "Replace a file that exists");
  command.add_option("--python", options->python, "The interpreter of scripts")
      ->capture_default_str()
      ->type_name("PROGRAM");
  add_json_option(command, *options);
  command.prefix_command();
  command.callback([options, &command] { run(*options, command); });
}

}  // namespace ouro::cli
