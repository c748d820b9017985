// `ouro gc`: the cycle collector of a running program, watched from outside.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/find_program.hpp"
#include "cli/series.hpp"
#include "python/attach/collector_watch.hpp"
#include "python/attach/interruption.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/processes.hpp"
#include "python/attach/processor_time.hpp"
#include "report/collector.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;
using std::chrono::duration;
using std::chrono::milliseconds;

struct GcOptions : CommonOptions {
  std::string program;
  std::string time = "10s";
  std::string every = "200us";
};

constexpr auto kMostTimeForEachList = milliseconds(300);

report::CollectorSummary watch(const attach::Target& target, attach::CollectorReader reader,
                               const GcOptions& options) {
  const attach::Interruption interruption;
  TerminalProgress progress;
  progress.begin("watching", 100);
  const auto time = *parse_duration(options.time);
  const auto begin = attach::Clock::now();
  const auto end = begin + time;
  const auto processor_before = attach::processor_time(target.process);
  std::optional<report::CollectorSummary> summary;
  std::optional<std::chrono::nanoseconds> processor_after;
  {
    const attach::CollectorSampling sampling(reader, *parse_period(options.every));
    while (attach::Clock::now() < end && !interruption.has_come() && !sampling.has_ended()) {
      // Read while it lives: an ended process has no times.
      processor_after = attach::processor_time(target.process);
      interruption.sleep_until(std::min(end, attach::Clock::now() + milliseconds(50)));
      progress.advance(static_cast<std::uint64_t>(
          std::min(100.0, 100 * duration<double>(attach::Clock::now() - begin) / time)));
    }
    summary = sampling.summary();
    if (!sampling.has_ended()) processor_after = attach::processor_time(target.process);
  }
  if (summary->looks < 2) {
    if (interruption.has_come()) throw Failure(ExitCode::kInterrupted, "interrupted");
    throw Failure(ExitCode::kBadInput,
                  "process " + std::to_string(target.process.pid()) + " has ended meanwhile");
  }
  if (processor_before && processor_after) {
    summary->processor_seconds = duration<double>(*processor_after - *processor_before).count();
  }
  summary->tracked = reader.tracked_objects(kMostTimeForEachList);
  return *summary;
}

void run(const GcOptions& options) {
  if (*parse_period(options.every) >= *parse_duration(options.time)) {
    throw Failure(ExitCode::kBadUsage,
                  "--every " + options.every + " looks at most once within --for " + options.time);
  }
  const pid_t process = find_program(options.program);
  const auto preflight = attach::check(process, {.command = "gc"});
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
  const attach::Target& target = *preflight.target;
  const auto reader = attach::CollectorReader::open(target);
  if (!reader) throw Failure(ExitCode::kBadInput, reader.error().to_string());
  const std::string program = attach::command_of(target.process);
  report::CollectorSummary summary = watch(target, *reader, options);
  summary.process = process;
  summary.program = program;
  summary.python_version = target.python_version;
  options.is_json ? print_json(to_json(summary)) : print_text(to_text(summary, output_width()));
}

}  // namespace

void add_gc(CLI::App& application) {
  Subcommand command = add_command(
      application, "gc", "How the cycle collector of a running Python program does",
      "  ouro gc 4711               # pauses by generation, thresholds, what was freed\n"
      "  ouro gc server.py --for 60s\n"
      "  ouro gc 4711 --every 1ms   # looks more rarely: this command takes less time\n"
      "  ouro gc 4711 --json\n");
  auto options = std::make_shared<GcOptions>();
  command
      .add_option(
          "PROGRAM", options->program,
          "The process of a CPython 3.8 to 3.15: its number, or a part of\nits command line")
      .required();
  command.add_option("--for", options->time, "How long to watch; Ctrl-C ends it with what was seen")
      .check(a_duration())
      .capture_default_str()
      .type_name("TIME");
  command
      .add_option("--every", options->every,
                  "The time between two looks, of about a microsecond each;\nthe program is never "
                  "stopped")
      .check(a_period())
      .capture_default_str()
      .type_name("TIME");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
