// `ouro tune`: a program under several settings of its cycle collector.
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/atomic_file.hpp"
#include "cli/command.hpp"
#include "cli/program_words.hpp"
#include "cli/series.hpp"
#include "cli/tune_rounds.hpp"
#include "report/tune/trade_off_picture.hpp"
#include "report/tune/tuning.hpp"

namespace ouro::cli {

namespace {

namespace tune = python::tune;

Check some_thresholds() {
  return [](const std::string& text) {
    return parse_thresholds(text).empty()
               ? "'" + text + "' are no thresholds; write 10000 or 10000,10,10"
               : std::string();
  };
}

Check a_function() {
  return [](const std::string& text) {
    const std::size_t colon = text.find(':');
    const bool is_one = colon != std::string::npos && colon > 0 && colon + 1 < text.size() &&
                        text.find_first_of("; =") == std::string::npos;
    return is_one ? std::string()
                  : "'" + text + "' is no function; write MODULE:NAME, as app.main:serve";
  };
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

void run(const TuneOptions& options, std::vector<std::string> rest) {
  if (!options.picture.empty() && options.picture != "-" && !options.picture.ends_with(".svg")) {
    throw Failure(ExitCode::kBadUsage,
                  options.picture + ": the picture is SVG; let its name end in .svg");
  }
  auto words = program_words("tune", options.python, std::move(rest));
  const std::string picture =
      options.picture.empty() ? program_word(words) + "-tune.svg" : options.picture;
  check_output(picture, options.may_replace);
  if (access(options.input.c_str(), R_OK) != 0) {
    throw Failure(ExitCode::kBadInput, options.input + ": cannot be read (--input)");
  }
  auto shim = tune::Shim::create();
  if (!shim) throw Failure(ExitCode::kCannotWrite, shim.error().to_string());
  report::Tuning tuning = measure_rounds(options, std::move(words), *std::move(shim));
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
  Subcommand command = add_command(
      application, "tune",
      "Find the best setting of a program's cycle collector: ouro tune [OPTIONS] -- PROGRAM",
      "  ouro tune -- python3 app.py input.txt     # several settings, five rounds\n"
      "  ouro tune --time-limit 30s -- python3 server.py\n"
      "  ouro tune --ready listening --load 'wrk -d 20s http://localhost:8000' \\\n"
      "    -- python3 app.py\n"
      "  ouro tune --threshold 50000,20,100 --freeze-at app:serve -- python3 -m app\n"
      "The program may say how much work it has done, by lines `ouro: 500 frames`.\n");
  auto options = std::make_shared<TuneOptions>();
  command.add_option("--runs", options->rounds, "Rounds: how often each setting is measured")
      .range(1, 1000)
      .capture_default_str()
      .type_name("N");
  command
      .add_option("--time-limit", options->time_limit,
                  "End each run after TIME, as by Ctrl-C: for programs that run for\never")
      .check(a_duration())
      .type_name("TIME");
  command
      .add_option("--memory-limit", options->memory_limit,
                  "End runs that take more than SIZE; half of what is free unless\nyou say so")
      .check(a_size())
      .type_name("SIZE");
  command
      .add_option("--load", options->load,
                  "A shell command that drives the program; a run ends when it ends")
      .type_name("COMMAND");
  command
      .add_option("--ready", options->ready,
                  "The load begins when the program prints a line with TEXT")
      .type_name("TEXT");
  command.add_option("--input", options->input, "The program's standard input")
      .capture_default_str()
      .type_name("FILE");
  command
      .add_option("--threshold", options->thresholds,
                  "Try gc.set_threshold() with these, too; may be repeated")
      .check(some_thresholds())
      .type_name("T0[,T1[,T2]]");
  command
      .add_option("--freeze-at", options->freeze_at,
                  "Try gc.freeze() when MODULE:NAME is first called, too")
      .check(a_function())
      .type_name("FUNCTION");
  command.add_option("--freeze-after", options->freeze_after, "Try gc.freeze() after TIME, too")
      .check(a_duration())
      .type_name("TIME");
  command
      .add_option("--collect-after", options->collect_after,
                  "Try a disabled collector, and gc.collect() after each call of\nMODULE:NAME, too")
      .check(a_function())
      .type_name("FUNCTION");
  command.add_flag("--no-cycles", options->leaves_cycles_out,
                   "Do not look which cycles to cut, which takes one more run");
  command
      .add_option("-o,--output", options->picture,
                  "The picture of the trade-off; app-tune.svg unless you say so")
      .type_name("FILE");
  command.add_flag("--force", options->may_replace, "Replace a file that exists");
  command.add_option("--python", options->python, "The interpreter of scripts")
      .capture_default_str()
      .type_name("PROGRAM");
  add_json_option(command, *options);
  command.prefix_command();
  command.callback([options, command] { run(*options, command.remaining()); });
}

}  // namespace ouro::cli
