// `ouro attach`: a snapshot of a running program, or a series of them.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/find_program.hpp"
#include "cli/series.hpp"
#include "python/attach/memory_room.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/processes.hpp"
#include "python/attach/snapshot.hpp"
#include "report/units.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;

struct AttachOptions : CommonOptions {
  std::string program;
  SnapshotChoice choice;
  std::string output;
  std::string every;
  int count = 0;
  bool only_checks = false;
};

const char* word_of(attach::Finding::Weight weight) {
  switch (weight) {
    case attach::Finding::Weight::kFact:
      return "ok";
    case attach::Finding::Weight::kWarning:
      return "warning";
    case attach::Finding::Weight::kObstacle:
      return "no";
  }
  return "";
}

std::string to_text(const attach::Preflight& preflight) {
  std::string text;
  for (const attach::Finding& finding : preflight.findings) {
    char line[16];
    std::snprintf(line, sizeof(line), "%-9s", word_of(finding.weight));
    text += line + finding.what + '\n';
    if (!finding.help.empty()) text += std::string(9, ' ') + "-> " + finding.help + '\n';
  }
  return text;
}

report::Json to_json(const attach::Preflight& preflight) {
  report::Json findings = report::Json::array();
  for (const attach::Finding& finding : preflight.findings) {
    findings.push_back(
        {{"is", word_of(finding.weight)}, {"what", finding.what}, {"help", finding.help}});
  }
  return {{"can_attach", preflight.obstacle() == nullptr}, {"findings", findings}};
}

report::Json list_json(const std::vector<pid_t>& processes) {
  report::Json list = report::Json::array();
  for (const pid_t pid : processes) {
    const attach::TargetProcess process(pid);
    list.push_back({{"process", pid},
                    {"memory_bytes", attach::memory_room(process).resident_bytes},
                    {"command_line", process.command_line()}});
  }
  return list;
}

/// "   4711  310.2 MiB  python3 server.py".
std::string list_text(const std::vector<pid_t>& processes) {
  std::string text;
  for (const pid_t pid : processes) {
    const attach::TargetProcess process(pid);
    char line[64];
    std::snprintf(line, sizeof(line), "%8d  %10s  ", pid,
                  report::format_bytes(attach::memory_room(process).resident_bytes).c_str());
    text += line + attach::command_of(process) + '\n';
  }
  return text;
}

void list_programs(const AttachOptions& options) {
  const std::vector<pid_t> processes = attach::python_processes();
  if (options.is_json) return print_json(list_json(processes));
  if (processes.empty()) {
    throw Failure(ExitCode::kNothingFound,
                  "no Python program is to be seen from here; those of others only root sees");
  }
  print_text("Python programs that are running (ouro attach PID):\n\n" + list_text(processes));
}

void check(pid_t process, const AttachOptions& options) {
  const auto preflight = attach::check(process, {.walks_in_place = options.choice.walks_in_place});
  options.is_json ? print_json(to_json(preflight)) : print_text(to_text(preflight));
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
}

void run(const AttachOptions& options) {
  if (options.program.empty()) return list_programs(options);
  const pid_t process = find_program(options.program);
  if (options.only_checks) return check(process, options);
  auto preflight = attach::check(process, {.walks_in_place = options.choice.walks_in_place});
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
  for (const attach::Finding& finding : preflight.findings) {
    if (finding.weight != attach::Finding::Weight::kWarning) continue;
    std::fprintf(stderr, "ouro: %s; %s\n", finding.what.c_str(), finding.help.c_str());
  }
  attach::Target target = *std::move(preflight.target);
  const bool is_series = !options.every.empty();
  const SnapshotNames names(options.output, program_word(target.process.command_line()), is_series);
  const attach::Interruption interruption;
  std::string previous;
  report::Json series = report::Json::array();
  auto next = attach::Clock::now();
  for (int number = 1; options.count == 0 || number <= options.count; ++number) {
    const std::string path = names.name(process, number);
    check_output(path, options.choice.may_replace);
    std::optional<Result<attach::Snapshot>> snapshot;
    {
      TerminalProgress progress;
      snapshot =
          attach::take_snapshot(target, options.choice.options_for(path), interruption, &progress);
    }
    if (!*snapshot) {
      const bool has_ended = !previous.empty() && target.process.state() == '\0';
      if (has_ended || (interruption.has_come() && !previous.empty())) break;
      throw snapshot_failure(snapshot->error(), path, interruption);
    }
    if (options.is_json) {
      series.push_back(snapshot_json(**snapshot, path));
    } else {
      print_text(snapshot_text(**snapshot, path, previous));
    }
    previous = path;
    if (!is_series) break;
    next = std::max(next + *parse_duration(options.every), attach::Clock::now());
    while (attach::Clock::now() < next && !interruption.has_come() &&
           target.process.state() != '\0') {
      interruption.sleep_until(
          std::min(next, attach::Clock::now() + std::chrono::milliseconds(200)));
    }
    if (interruption.has_come() || target.process.state() == '\0') break;
    // It may have become another program (exec), with other code at the addresses known.
    auto again = attach::check(process, {.walks_in_place = options.choice.walks_in_place});
    if (!again.target) throw failure_of(*again.obstacle());
    target = *std::move(again.target);
  }
  if (options.is_json) print_json(is_series ? series : series.at(0));
}

}  // namespace

void add_attach(CLI::App& application) {
  Subcommand command = add_command(
      application, "attach", "Take a snapshot of a running Python program",
      "  ouro attach                               # lists the Python programs that run\n"
      "  ouro attach 4711                          # writes server-4711.ouro\n"
      "  ouro attach server.py                     # the one of this command line\n"
      "  ouro attach 4711 --check                  # would it work? touches nothing\n"
      "  ouro attach 4711 -o heap.ouro\n"
      "  ouro attach 4711 --every 60s --count 10   # a series: server-4711-1.ouro, ...\n"
      "  ouro attach 4711 --no-values              # names and sizes, nobody's data\n");
  auto options = std::make_shared<AttachOptions>();
  command.add_option("PROGRAM", options->program,
                     "The process of a CPython 3.8 to 3.15: its number, or a part of\nits command "
                     "line; without one, those that run are listed");
  command
      .add_option("-o,--output", options->output,
                  "The file to write; %p stands for the process, %n for the\nnumber in a series, "
                  "%t for the time")
      .type_name("FILE");
  command.add_flag("--check", options->only_checks,
                   "Say whether it works, what will happen and what is missing;\ntouch nothing");
  add_snapshot_options(command, options->choice);
  Option every =
      command
          .add_option("--every", options->every, "A snapshot now and then after each TIME: 60s, 5m")
          .check(a_duration())
          .type_name("TIME");
  command.add_option("--count", options->count, "End a series after N snapshots; 0: by Ctrl-C")
      .non_negative()
      .needs(every)
      .type_name("N");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
