// `ouro attach`: a snapshot of a running program, or a series of them.
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/series.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/snapshot.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;

struct AttachOptions : CommonOptions {
  int process = 0;
  std::string output;
  std::string every;
  int count = 0;
  bool only_checks = false;
  bool walks_in_place = false;
  bool may_replace = false;
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

Failure failure_of(const attach::Finding& obstacle) {
  return {ExitCode::kBadInput, obstacle.what + (obstacle.help.empty() ? "" : "; " + obstacle.help)};
}

void check(const AttachOptions& options) {
  const auto preflight = attach::check(options.process, {.walks_in_place = options.walks_in_place});
  options.is_json ? print_json(to_json(preflight)) : print_text(to_text(preflight));
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
}

/// The word of the program in default names: "server" of "python3 /srv/server.py".
std::string program_word(const attach::TargetProcess& process) {
  std::string word;
  for (const std::string& argument : process.command_line()) {
    if (word.empty() || argument.ends_with(".py")) word = argument;
    if (argument.ends_with(".py")) break;
  }
  word = word.substr(word.rfind('/') + 1);
  if (word.ends_with(".py")) word.resize(word.size() - 3);
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  };
  const bool is_usable = !word.empty() && word[0] != '-' && word[0] != '.' && word.size() < 64;
  return is_usable && std::ranges::all_of(word, is_plain) ? word : "python";
}

void run(const AttachOptions& options) {
  if (options.only_checks) return check(options);
  const auto preflight = attach::check(options.process, {.walks_in_place = options.walks_in_place});
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
  for (const attach::Finding& finding : preflight.findings) {
    if (finding.weight != attach::Finding::Weight::kWarning) continue;
    std::fprintf(stderr, "ouro: %s; %s\n", finding.what.c_str(), finding.help.c_str());
  }
  const attach::Target& target = *preflight.target;
  const bool is_series = !options.every.empty();
  const SnapshotNames names(options.output, program_word(target.process), is_series);
  const attach::Interruption interruption;
  std::string previous;
  report::Json series = report::Json::array();
  auto next = attach::Clock::now();
  for (int number = 1; options.count == 0 || number <= options.count; ++number) {
    const std::string path = names.name(options.process, number);
    check_output(path, options.may_replace);
    std::optional<Result<attach::Snapshot>> snapshot;
    {
      TerminalProgress progress;
      snapshot = attach::take_snapshot(
          target, {.path = path, .walks_in_place = options.walks_in_place, .more_facts = {}},
          interruption, &progress);
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
  }
  if (options.is_json) print_json(is_series ? series : series.at(0));
}

}  // namespace

void add_attach(CLI::App& application) {
  CLI::App& command = add_command(
      application, "attach", "Take a snapshot of a running Python program",
      "  ouro attach 4711                          # writes server-4711.ouro\n"
      "  ouro attach 4711 --check                  # would it work? touches nothing\n"
      "  ouro attach 4711 -o heap.ouro\n"
      "  ouro attach 4711 --every 60s --count 10   # a series: server-4711-1.ouro, ...\n"
      "  ouro attach $(pgrep -f server.py)\n");
  auto options = std::make_shared<AttachOptions>();
  command.add_option("PID", options->process, "The process of a CPython 3.8 to 3.15")->required();
  command
      .add_option("-o,--output", options->output,
                  "The file to write; %p stands for the process, %n for the\nnumber in a series, "
                  "%t for the time")
      ->type_name("FILE");
  command.add_flag("--force", options->may_replace, "Replace the file if it exists");
  command.add_flag("--check", options->only_checks,
                   "Say whether it works, what will happen and what is missing;\ntouch nothing");
  command.add_flag("--no-fork", options->walks_in_place,
                   "Walk in the program, which waits, instead of in a clone of\nit: where memory "
                   "is short");
  command.add_option("--every", options->every, "A snapshot now and then after each TIME: 60s, 5m")
      ->check(a_duration())
      ->type_name("TIME");
  command.add_option("--count", options->count, "End a series after N snapshots; 0: by Ctrl-C")
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("N");
  add_json_option(command, *options);
  command.callback([options] { run(*options); });
}

}  // namespace ouro::cli
