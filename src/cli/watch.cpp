// `ouro watch`: a program over time, on a screen, as lines, as JSON.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/find_program.hpp"
#include "cli/series.hpp"
#include "cli/watch_outputs.hpp"
#include "cli/watch_screen.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/processes.hpp"
#include "watch/lines.hpp"
#include "watch/sample_json.hpp"
#include "watch/watch.hpp"
#include "watch/words.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;
using std::chrono::milliseconds;

struct WatchingOptions : CommonOptions {
  std::string program;
  std::string interval = "2s";
  std::string budget = "2";
  bool walks_in_place = false;
  std::string timeout = "60s";
  bool once = false;
  std::uint64_t count = 0;
  bool as_lines = false;
  std::string output;
  std::string log;
  std::string metrics_address;
};

/// "2", "0.5%"; above 0.
std::optional<double> parse_percentage(const std::string& text) {
  char* end = nullptr;
  const double percent = std::strtod(text.c_str(), &end);
  const bool is_one = end != text.c_str() && (*end == '\0' || std::string(end) == "%") &&
                      percent > 0 && percent <= 100;
  return is_one ? std::optional(percent) : std::nullopt;
}

attach::Target target_of(pid_t process, bool walks_in_place) {
  auto preflight = attach::check(process, {.walks_in_place = walks_in_place});
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
  for (const attach::Finding& finding : preflight.findings) {
    if (finding.weight != attach::Finding::Weight::kWarning) continue;
    std::fprintf(stderr, "ouro: %s; %s\n", finding.what.c_str(), finding.help.c_str());
  }
  return *std::move(preflight.target);
}

watch::WatchOptions watch_options(const WatchingOptions& options) {
  return {.attach = {.walks_in_place = options.walks_in_place,
                     .patience = *parse_duration(options.timeout)},
          .interval = *parse_duration(options.interval),
          .budget = *parse_percentage(options.budget) / 100};
}

void complain(const std::string& what) {
  std::fprintf(stderr, "ouro: %s\n", what.c_str());
}

/// A watch as text: a line a look, and a sentence when the verdict is another one.
class Lines {
 public:
  Lines(watch::Watch& watch, const WatchingOptions& options) : watch_(watch), options_(options) {}

  void begin() {
    if (options_.is_json) return;
    const attach::Target& target = watch_.target();
    print_text(attach::described(target.process) +
               (target.python_version.empty() ? "" : ", CPython " + target.python_version) + '\n' +
               watch::heading_line(output_width()));
  }

  void show(const watch::Watch::News& news) {
    if (news.is_other_program) {
      complain("the program has replaced itself by " + attach::described(watch_.target().process) +
               " (exec); growth is counted from here");
    }
    if (watch_.problem() != problem_) {
      problem_ = watch_.problem();
      if (!problem_.empty()) complain(problem_);
    }
    if (!news.has_look) return;
    if (options_.is_json) {
      print_text(watch::look_json(watch_, options_.most_rows).dump() + '\n');
      return;
    }
    std::string text = watch::look_line(watch_, output_width());
    const watch::Verdict& verdict = watch_.verdict();
    if (!verdict_ || *verdict_ != verdict.is || options_.once) {
      verdict_ = verdict.is;
      if (!options_.once) text += "-> " + watch::sentence_of(verdict) + '\n';
    }
    print_text(text);
  }

 private:
  watch::Watch& watch_;
  const WatchingOptions& options_;
  std::string problem_;
  std::optional<watch::Verdict::Is> verdict_;
};

void run_lines(watch::Watch& watch, const WatchingOptions& options,
               const attach::Interruption& interruption, WatchOutputs& outputs) {
  constexpr auto kBetweenLooksAtWorker = milliseconds(50);
  Lines lines(watch, options);
  lines.begin();
  while (!interruption.has_come() && watch.goes_on()) {
    const watch::Watch::News news = watch.advance();
    if (options.once && !watch.problem().empty()) {
      throw Failure(ExitCode::kBadInput, watch.problem());
    }
    lines.show(news);
    if (const std::string said = outputs.take(watch, news); !said.empty()) complain(said);
    if (options.count != 0 && watch.look_count() >= options.count) return;
    const auto now = attach::Clock::now();
    interruption.sleep_until(watch.is_looking()
                                 ? now + kBetweenLooksAtWorker
                                 : std::max(watch.next_event(), now + milliseconds(1)));
  }
  // Ctrl-C is how a watch ends; but what waits for its first look has nothing yet.
  if (interruption.has_come() && watch.look_count() == 0) {
    throw Failure(ExitCode::kInterrupted, "interrupted; the program runs on as before");
  }
}

bool wants_screen(const WatchingOptions& options) {
  if (options.is_json || options.as_lines || options.count != 0) return false;
  if (can_show_screen()) return true;
  if (isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
    const char* name = std::getenv("TERM");
    std::fprintf(stderr, "ouro: the terminal (TERM=%s) is not known here: lines instead\n",
                 name == nullptr ? "" : name);
  }
  return false;
}

void run(WatchingOptions options) {
  if (options.once) options.count = 1;
  const pid_t process = find_program(options.program);
  attach::Target target = target_of(process, options.walks_in_place);
  const attach::Interruption interruption;
  watch::Watch watch(std::move(target), watch_options(options), interruption);
  WatchOutputs outputs(options.log, options.metrics_address, watch);
  if (wants_screen(options)) {
    run_screen(watch,
               {.snapshot_name = options.output,
                .walks_in_place = options.walks_in_place,
                .patience = *parse_duration(options.timeout)},
               interruption,
               [&](const watch::Watch::News& news) { return outputs.take(watch, news); });
  } else {
    if (!options.metrics_address.empty()) complain("metrics: " + outputs.metrics_place());
    run_lines(watch, options, interruption, outputs);
  }
  if (!watch.goes_on()) throw Failure(ExitCode::kTargetEnded, watch.ended());
}

Check a_percentage() {
  return [](const std::string& text) {
    return parse_percentage(text) ? std::string()
                                  : "'" + text + "' is no percentage above 0, such as 2 or 0.5";
  };
}

}  // namespace

void add_watch(CLI::App& application) {
  Subcommand command =
      add_command(application, "watch", "Watch a running Python program: does it grow, by what",
                  "  ouro watch 4711                           # until Ctrl-C\n"
                  "  ouro watch server.py                      # the one of this command line\n"
                  "  ouro watch 4711 --once --json             # memory and types, now\n"
                  "  ouro watch 4711 --log night.sqlite        # to be looked at later\n"
                  "  ouro watch 4711 --prometheus :9123 --lines\n");
  auto options = std::make_shared<WatchingOptions>();
  command
      .add_option("PROGRAM", options->program,
                  "The process of a CPython 3.8 to 3.15: its number, or a part of\nits command "
                  "line; `ouro attach` lists those that run")
      .required();
  command
      .add_option("--interval", options->interval,
                  "Look at the objects after each TIME, or later where a look\ncosts more than the "
                  "budget")
      .check(a_duration())
      .capture_default_str()
      .type_name("TIME");
  command
      .add_option("--budget", options->budget,
                  "Looks take PERCENT of the program's time at most; that of its\nclones and of "
                  "ouro itself counts")
      .check(a_percentage())
      .capture_default_str()
      .type_name("PERCENT");
  command.add_flag("--no-fork", options->walks_in_place,
                   "Look in the program, which waits, instead of in a clone of it:\nwhere memory "
                   "is short");
  command
      .add_option("--timeout", options->timeout,
                  "Give a look up that the program does not let happen for so long")
      .check(a_duration())
      .capture_default_str()
      .type_name("TIME");
  Option once = command.add_flag("--once", options->once, "One look, then end");
  command.add_option("--count", options->count, "End after N looks; 0: by Ctrl-C")
      .excludes(once)
      .type_name("N");
  command
      .add_option("--log", options->log,
                  "Also write what is seen to FILE.csv (and FILE.types.csv) or\nFILE.sqlite; one "
                  "that is there is gone on with")
      .type_name("FILE");
  command
      .add_option("--prometheus", options->metrics_address,
                  "Serve metrics at http://ADDRESS/metrics: :9123,\n127.0.0.1:9123, [::1]:9123")
      .type_name("ADDRESS");
  command.add_flag("--lines", options->as_lines, "Lines of text also on a terminal");
  command
      .add_option("-o,--output", options->output,
                  "What key s writes; %p stands for the process, %t for the time")
      .type_name("FILE");
  add_rows_option(command, *options, "types");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
