#include "cli/subcommand.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

namespace ouro::cli {

namespace {

/// The index of the word, in small or capital letters; that of the end: it is none of them.
std::size_t index_of(const std::vector<std::string>& words, const std::string& text) {
  const auto found = std::ranges::find(words, CLI::detail::to_lower(text));
  return static_cast<std::size_t>(found - words.begin());
}

}  // namespace

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::check(Check check) {
  option_->check(std::move(check));
  return *this;
}

// A validator of CLI11 would stand in the help, behind the name of the value.
Option Option::range(int least, int most) {
  option_->check(CLI::Range(least, most).description(""));
  return *this;
}

Option Option::non_negative() {
  return check([](const std::string& number) -> std::string {
    if (number.starts_with('-')) return "must not be negative";
    const bool is_number = number.find_first_not_of("0123456789") == std::string::npos;
    return is_number && !number.empty() ? "" : "'" + number + "' is no whole number";
  });
}

Option Option::needs(Option other) {
  option_->needs(other.option_);
  return *this;
}

Option Option::excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option Option::capture_default_str() {
  option_->capture_default_str();
  return *this;
}

Option Subcommand::add_option(const std::string& name, std::string& value,
                              const std::string& description) {
  return Option(command_->add_option(name, value, description));
}

Option Subcommand::add_option(const std::string& name, int& value, const std::string& description) {
  return Option(command_->add_option(name, value, description));
}

Option Subcommand::add_option(const std::string& name, std::uint32_t& value,
                              const std::string& description) {
  return Option(command_->add_option(name, value, description)).non_negative();
}

Option Subcommand::add_option(const std::string& name, std::size_t& value,
                              const std::string& description) {
  return Option(command_->add_option(name, value, description)).non_negative();
}

Option Subcommand::add_option(const std::string& name, std::vector<std::string>& values,
                              const std::string& description) {
  // Or the first would take all words that follow, the arguments too.
  return Option(command_->add_option(name, values, description)->allow_extra_args(false));
}

Option Subcommand::add_flag(const std::string& name, bool& value, const std::string& description) {
  return Option(command_->add_flag(name, value, description));
}

Option Subcommand::add_choice_of_words(const std::string& name,
                                       std::function<void(std::size_t index)> choose,
                                       const std::string& description,
                                       std::vector<std::string> words) {
  const Check is_one = [words](const std::string& text) {
    if (index_of(words, text) < words.size()) return std::string();
    return "'" + text + "' is none of " + CLI::detail::join(words, ", ");
  };
  const std::function<void(const std::string&)> set =
      [words = std::move(words), choose = std::move(choose)](const std::string& text) {
        choose(index_of(words, text));
      };
  return Option(command_->add_option_function(name, set, description)->check(is_one));
}

std::string Subcommand::get_footer() const {
  return command_->get_footer();
}

void Subcommand::footer(const std::string& text) {
  command_->footer(text);
}

void Subcommand::prefix_command() {
  command_->prefix_command();
}

std::vector<std::string> Subcommand::remaining() const {
  return command_->remaining();
}

void Subcommand::callback(std::function<void()> run) {
  command_->callback(std::move(run));
}

Subcommand add_command(CLI::App& application, const std::string& name,
                       const std::string& description, const std::string& examples) {
  CLI::App* command = application.add_subcommand(name, description)->group("Commands");
  command->get_help_ptr()->description("Show this help");
  command->footer("Examples:\n" + examples);
  return Subcommand(command);
}

}  // namespace ouro::cli
