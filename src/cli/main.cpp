// The command `ouro`. Each subcommand is a file of its own; here they come together, and what went
// wrong becomes one line on standard error and an exit code.
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <ouro/version.hpp>
#include "base/nearest_names.hpp"
#include "cli/command.hpp"
#include "cli/help_formatter.hpp"
#include "cli/program_words.hpp"

namespace {

constexpr const char* kFooter =
    "FILE is a snapshot (.ouro) of a heap: by `ouro attach` and `ouro run` of a\n"
    "Python program, by ouro::snapshot() of a C++ program. Begin with\n"
    "`ouro report FILE`; `ouro COMMAND --help` says more, with examples.\n"
    "\n"
    "Objects are named by type and rank (Connection#1), by address (0x7f3a10) or by\n"
    "a query:\n"
    "  Connection  *Handler  app.*     type, short or full name; * for any characters\n"
    "  size>1MiB  count=2  refs>=10    numbers: size, count, generation, refs\n"
    "  tracked frozen immortal         flags; also finalized, class\n"
    "  .packets  .packets=dict         has a reference of that name (to that type)\n"
    "  \"alice\"                         shows this text\n"
    "Words of a query are separated by blanks, and an object must match all of them.\n"
    "\n"
    "Exit codes: 0 done, 1 nothing found, 2 bad usage, 3 bad input, 4 cannot write,\n5 the program "
    "watched has ended.\n";

int complain(ouro::cli::ExitCode code, const char* message) {
  std::fprintf(stderr, "ouro: %s\n", message);
  return static_cast<int>(code);
}

int complain_of_usage(const std::string& message) {
  const int status = complain(ouro::cli::ExitCode::kBadUsage, message.c_str());
  std::fprintf(stderr, "`ouro --help` lists commands, `ouro COMMAND --help` options.\n");
  return status;
}

/// Of what stands where a command should, and is none: a sentence. Else "".
std::string unknown_command(const CLI::App& application, int argument_count, char** arguments) {
  const bool is_help = argument_count > 2 && std::string_view(arguments[1]) == "help";
  if (argument_count < 2 || !application.get_subcommands().empty()) return "";
  const std::string word = arguments[is_help ? 2 : 1];
  if (word.starts_with('-') || word == "help") return "";
  ouro::NearestNames nearest(word, 3);
  for (const CLI::App* command : application.get_subcommands({})) {
    nearest.offer(command->get_name());
  }
  return "there is no command `" + word + "`" + ouro::did_you_mean(std::move(nearest).take());
}

/// Of the first word that a command has no use for: a sentence. Else "".
std::string unknown_argument(const CLI::App& application) {
  if (application.get_subcommands().empty()) return "";
  const CLI::App& command = *application.get_subcommands().front();
  const std::vector<std::string> words = command.remaining();
  if (words.empty()) return "";
  const std::string name = "`ouro " + command.get_name() + '`';
  if (!words.front().starts_with("--")) return name + " has no use for `" + words.front() + '`';
  const std::string option = words.front().substr(0, words.front().find('='));
  ouro::NearestNames nearest(option, 3);
  for (const CLI::Option* known : command.get_options()) {
    for (const std::string& long_name : known->get_lnames()) nearest.offer("--" + long_name);
  }
  return name + " has no option " + option + ouro::did_you_mean(std::move(nearest).take());
}

/// CLI11 says "A subcommand is required" where one is mistyped, too, and lists what is too much
/// from behind.
std::string message_of(const CLI::ParseError& error, const CLI::App& application,
                       int argument_count, char** arguments) {
  if (argument_count < 2) return "which command? `ouro report FILE` is the one to begin with";
  std::string unknown = unknown_command(application, argument_count, arguments);
  if (unknown.empty() && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    unknown = unknown_argument(application);
  }
  return unknown.empty() ? error.what() : unknown;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using ouro::cli::ExitCode;
  std::signal(SIGPIPE, SIG_IGN);  // write_output() sees it as EPIPE
  std::signal(SIGXFSZ,
              SIG_IGN);  // a file too large for us is to be removed again, as on a full disk
  CLI::App application{
      "Ouro, the heap microscope: why objects live, which cycles there are, what grew"};
  application.name("ouro");
  application.set_version_flag("--version", std::string("ouro ") + ouro::version());
  application.require_subcommand(1);
  application.footer(kFooter);
  application.get_help_ptr()->description("Show this help");
  application.get_version_ptr()->description("Show the version");
  application.formatter(std::make_shared<ouro::cli::HelpFormatter>());
  ouro::cli::add_attach(application);
  ouro::cli::add_run(application);
  ouro::cli::add_gc(application);
  ouro::cli::add_watch(application);
  ouro::cli::add_tune(application);
  ouro::cli::add_report(application);
  ouro::cli::add_top(application);
  ouro::cli::add_why(application);
  ouro::cli::add_refs(application);
  ouro::cli::add_backrefs(application);
  ouro::cli::add_cycles(application);
  ouro::cli::add_garbage(application);
  ouro::cli::add_retained(application);
  ouro::cli::add_diff(application);
  ouro::cli::add_unreachable(application);
  ouro::cli::add_info(application);
  ouro::cli::add_completion(application);
  // Last, so that the commands do not inherit it.
  application.set_help_all_flag("--help-all", "Show the options of every command");
  try {
    application.parse(ouro::cli::arguments_to_parse(argument_count, arguments));
    return static_cast<int>(ExitCode::kDone);
  } catch (const CLI::CallForHelp& help) {
    const std::string unknown = unknown_command(application, argument_count, arguments);
    if (!unknown.empty()) return complain_of_usage(unknown);
    return application.exit(help);
  } catch (const CLI::CallForAllHelp& help) {
    return application.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return application.exit(version);
  } catch (const CLI::ParseError& error) {
    return complain_of_usage(message_of(error, application, argument_count, arguments));
  } catch (const ouro::cli::Failure& failure) {
    return complain(failure.code(), failure.what());
  } catch (const std::bad_alloc&) {
    return complain(ExitCode::kBadInput, "memory ran out; the graph needs more than there is");
  } catch (const std::exception& error) {
    return complain(ExitCode::kBadInput, error.what());
  }
}
