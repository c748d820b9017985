// `ouro run`: a program started by oneself, with snapshots of it when asked for.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/program_words.hpp"
#include "cli/series.hpp"
#include "python/attach/memory_room.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/snapshot.hpp"
#include "python/attach/started_program.hpp"
#include "report/units.hpp"

namespace ouro::cli {

namespace {

namespace attach = python::attach;
using Clock = attach::Clock;
using std::chrono::milliseconds;
using News = attach::StartedProgram::News;

struct RunOptions : CommonOptions {
  SnapshotChoice choice;
  std::string output;
  std::string python = "python3";
  std::string log;
  bool at_exit = false;
  std::string signal;
  std::string every;
  std::string memory;

  bool is_series() const { return !signal.empty() || !every.empty() || !memory.empty(); }
};

constexpr std::array<std::pair<const char*, int>, 6> kSignalNames = {{{"USR1", SIGUSR1},
                                                                      {"USR2", SIGUSR2},
                                                                      {"HUP", SIGHUP},
                                                                      {"QUIT", SIGQUIT},
                                                                      {"ALRM", SIGALRM},
                                                                      {"WINCH", SIGWINCH}}};

/// "USR1", "SIGUSR1", "10"; 0: none of those that may be taken.
int signal_number(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name.starts_with("SIG")) name.erase(0, 3);
  for (const auto& [known, number] : kSignalNames) {
    if (name == known || name == std::to_string(number)) return number;
  }
  return 0;
}

Check a_signal() {
  return [](const std::string& text) {
    return signal_number(text) != 0 ? std::string()
                                    : "'" + text + "' is none of USR1, USR2, HUP, QUIT, ALRM";
  };
}

/// The snapshots of one program.
class Run {
 public:
  Run(const RunOptions& options, const std::vector<std::string>& words)
      : options_(options),
        names_(options.output, program_word(words), options.is_series()),
        every_(parse_duration(options.every)),
        memory_step_(parse_size(options.memory)) {}

  void check_first_name() const { check_output(names_.name(0, 1), options_.choice.may_replace); }
  [[noreturn]] void run(attach::StartedProgram program);

 private:
  void look_at(attach::StartedProgram& program, News news);
  void take(pid_t process, const std::string& occasion);
  void say(const std::string& line);
  void say_of_end(const attach::StartedProgram& program);

  const RunOptions& options_;
  SnapshotNames names_;
  std::optional<milliseconds> every_;
  std::optional<std::uint64_t> memory_step_;
  std::uint64_t next_memory_ = 0;
  int number_ = 0;
  bool has_said_exit_ = false;
  std::string previous_;
};

/// Standard output and input are the program's alone.
void Run::say(const std::string& line) {
  std::FILE* file = stderr;
  if (!options_.log.empty()) file = std::fopen(options_.log.c_str(), "ae");
  if (file == nullptr) return;
  std::fprintf(file, options_.is_json ? "%s\n" : "ouro: %s\n", line.c_str());
  file == stderr ? std::fflush(file) : std::fclose(file);
}

void Run::take(pid_t process, const std::string& occasion) {
  const auto complain = [&](const std::string& why) {
    say(options_.is_json ? report::Json{{"occasion", occasion}, {"error", why}}.dump()
                         : "no snapshot (" + occasion + "): " + why);
  };
  const std::string path = names_.name(process, number_ + 1);
  try {
    check_output(path, options_.choice.may_replace);
  } catch (const Failure& failure) {
    return complain(failure.what());
  }
  const auto preflight = attach::check(process, {.walks_in_place = options_.choice.walks_in_place});
  if (const auto* obstacle = preflight.obstacle()) return complain(obstacle->what);
  auto snapshot_options = options_.choice.options_for(path);
  snapshot_options.more_facts.emplace_back("occasion", occasion);
  const attach::Interruption interruption(attach::Catches::kChildren);
  const auto snapshot = attach::take_snapshot(*preflight.target, snapshot_options, interruption);
  if (!snapshot) return complain(snapshot.error().to_string());
  ++number_;
  if (options_.is_json) {
    report::Json json = snapshot_json(*snapshot, path);
    json["occasion"] = occasion;
    say(json.dump());
  } else {
    say(path + " (" + occasion + "): " + report::with_separators(snapshot->objects) + " objects, " +
        report::format_bytes(snapshot->heap_bytes));
  }
  previous_ = path;
}

void Run::look_at(attach::StartedProgram& program, News news) {
  if (news == News::kSignal) take(program.pid(), "on signal");
  if (news == News::kExits) {
    has_said_exit_ = true;
    take(program.pid(), "at exit");
    program.go_on();
  }
  if (!memory_step_ || program.has_ended()) return;
  const std::uint64_t bytes =
      attach::memory_room(attach::TargetProcess(program.pid())).resident_bytes;
  if (bytes < next_memory_) return;
  take(program.pid(), "at " + report::format_bytes(bytes));
  next_memory_ = (bytes / *memory_step_ + 1) * *memory_step_;
}

void Run::say_of_end(const attach::StartedProgram& program) {
  if (options_.at_exit && !has_said_exit_) {
    const std::string why =
        "the program ended (" + program.how_it_ended() +
        ") without Python's being asked: by a signal, os._exit or exec, or Python was told to "
        "look at no sitecustomize (-I, -E, -S)";
    say(options_.is_json ? report::Json{{"occasion", "at exit"}, {"error", why}}.dump()
                         : "no snapshot at exit: " + why);
  }
  if (number_ > 0 && !options_.is_json) say("look at it by: ouro report " + previous_);
}

void Run::run(attach::StartedProgram program) {
  constexpr auto kBetweenLooks = milliseconds(100);  // at its memory
  constexpr auto kForever = milliseconds(60'000);
  next_memory_ = memory_step_.value_or(0);
  auto next = Clock::now() + every_.value_or(kForever);
  while (!program.has_ended()) {
    auto time = memory_step_ ? kBetweenLooks : kForever;
    if (every_) {
      const auto left = std::chrono::ceil<milliseconds>(next - Clock::now());
      time = std::clamp(left, milliseconds(0), time);
    }
    look_at(program, program.wait(time));
    if (!every_ || program.has_ended() || Clock::now() < next) continue;
    take(program.pid(), "every " + options_.every);
    next = std::max(next + *every_, Clock::now());
  }
  say_of_end(program);
  program.end_as_it_did();
}

void run(RunOptions options, std::vector<std::string> rest) {
  if (!options.is_series()) options.at_exit = true;
  const std::vector<std::string> words = program_words("run", options.python, std::move(rest));
  Run run(options, words);
  run.check_first_name();
  std::optional<attach::ExitNotice> notice;
  if (options.at_exit) {
    auto created = attach::ExitNotice::create();
    if (!created) throw Failure(ExitCode::kCannotWrite, created.error().to_string());
    notice = *std::move(created);
  }
  auto program =
      attach::StartedProgram::start(words, signal_number(options.signal), std::move(notice));
  if (!program) throw Failure(ExitCode::kBadInput, program.error().to_string());
  run.run(*std::move(program));
}

}  // namespace

void add_run(CLI::App& application) {
  Subcommand command = add_command(
      application, "run",
      "Run a Python program, and take snapshots of it: ouro run [OPTIONS] SCRIPT ARGS",
      "  ouro run script.py a b                    # one when it ends: script-4711.ouro\n"
      "  ouro run --every 60s script.py            # a series: script-4711-1.ouro, ...\n"
      "  ouro run --on-memory 2GiB -m app.server   # at 2 GiB, again at 4, 6, ...\n"
      "  ouro run --on-signal USR2 script.py       # at each: kill -USR2 PID-OF-OURO\n"
      "  ouro run --python .venv/bin/python script.py\n"
      "  ouro run gunicorn app:app                 # a program of the virtualenv\n");
  auto options = std::make_shared<RunOptions>();
  command.add_flag(
      "--at-exit", options->at_exit,
      "When Python ends, after all other exit handlers; done if no\nother occasion is named");
  command
      .add_option(
          "--on-signal", options->signal,
          "At each signal SIG that `ouro run` itself gets; it is not\npassed on, all others are")
      .check(a_signal())
      .type_name("SIG");
  command.add_option("--every", options->every, "After each TIME: 60s, 5m")
      .check(a_duration())
      .type_name("TIME");
  command
      .add_option("--on-memory", options->memory,
                  "When the process takes SIZE of memory, and at each multiple")
      .check(a_size())
      .type_name("SIZE");
  command
      .add_option("-o,--output", options->output,
                  "The file to write; %p stands for the process, %n for the\nnumber in a series, "
                  "%t for the time")
      .type_name("FILE");
  command.add_option("--python", options->python, "The interpreter")
      .capture_default_str()
      .type_name("PROGRAM");
  add_snapshot_options(command, options->choice);
  command.add_option("--log", options->log, "Say what was taken here, not on standard error")
      .type_name("FILE");
  add_json_option(command, *options);
  command.prefix_command();
  command.callback([options, command] { run(*options, command.remaining()); });
}

}  // namespace ouro::cli
