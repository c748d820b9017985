#include "cli/help_formatter.hpp"

#include <algorithm>
#include <cstddef>
#include <sstream>

#include "report/table.hpp"

namespace ouro::cli {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kWidthOfNames = 28;
/// Of what `--help-all` says of each command.
constexpr std::size_t kIndentation = 2;

std::string broken(std::string text, std::size_t width) {
  std::ranges::replace(text, '\n', ' ');
  std::string lines = report::wrapped(text, width);
  lines.pop_back();
  return lines;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(kWidthOfNames);
  label("SUBCOMMAND", "COMMAND");
  label("Positionals", "Arguments");
  // The line of usage says already which arguments may be left out.
  for (const char* name : {"TEXT", "REQUIRED"}) label(name, "");
  label("UINT", "N");
}

std::string HelpFormatter::make_description(const CLI::App* application) const {
  return broken(application->get_description(), kWidth - kIndentation) + '\n';
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_display_name(true),
                           broken(command->get_description(), kWidth - kWidthOfNames),
                           kWidthOfNames);
  return out.str();
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return broken(option->get_description(), kWidth - kWidthOfNames - kIndentation);
}

}  // namespace ouro::cli
