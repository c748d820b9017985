// A subcommand of `ouro` as it stands on the command line: its arguments, options and help.
//
// It can do what subcommands need of CLI::App and CLI::Option, by the same names. CLI11 itself
// stays out of their sight, for it is all headers: each file that includes it takes 4 CPU seconds
// more to compile (GCC 12, -O1), and with it in every subcommand src/cli took 148 of them instead
// of 76. Only four files include it, which scripts/check_includes checks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ouro::cli {

/// Says what is wrong with the text given for an option, or nothing.
using Check = std::function<std::string(const std::string& text)>;

/// An option that was added. What is said of it gives it back, for more to be said.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option required();
  Option check(Check check);
  Option range(int least, int most);
  Option non_negative();
  Option needs(Option other);
  Option excludes(Option other);
  /// What the help calls its value: "FILE".
  Option type_name(const std::string& name);
  /// The help shows the value that its variable has now.
  Option capture_default_str();

 private:
  CLI::Option* option_;
};

/// A subcommand that was added; a copy is the same one.
class Subcommand {
 public:
  explicit Subcommand(CLI::App* command) : command_(command) {}

  /// "-o,--output" is an option, "FILE" an argument. `value` is set when the command line is
  /// parsed, and must live until then.
  Option add_option(const std::string& name, std::string& value, const std::string& description);
  Option add_option(const std::string& name, int& value, const std::string& description);
  Option add_option(const std::string& name, std::uint32_t& value, const std::string& description);
  Option add_option(const std::string& name, std::size_t& value, const std::string& description);
  /// May be repeated, with a value each time.
  Option add_option(const std::string& name, std::vector<std::string>& values,
                    const std::string& description);
  Option add_flag(const std::string& name, bool& value, const std::string& description);

  /// Takes one of the words, in small or capital letters, and sets `value` to what it stands for;
  /// `value` must live as that of add_option(). Precondition: the choices are in small letters.
  template <class Value>
  Option add_choice(const std::string& name, Value& value, const std::string& description,
                    const std::vector<std::pair<std::string, Value>>& choices) {
    std::vector<std::string> words;
    words.reserve(choices.size());
    for (const auto& [word, chosen] : choices) words.push_back(word);
    return add_choice_of_words(
        name, [&value, choices](std::size_t index) { value = choices[index].second; }, description,
        std::move(words));
  }

  std::string get_footer() const;
  void footer(const std::string& text);

  /// Stops at the first word that is no option of its own: that and all after it are remaining().
  void prefix_command();
  std::vector<std::string> remaining() const;

  /// What to run when the command line is parsed.
  void callback(std::function<void()> run);

 private:
  Option add_choice_of_words(const std::string& name, std::function<void(std::size_t index)> choose,
                             const std::string& description, std::vector<std::string> words);

  CLI::App* command_;
};

/// `examples` are lines of "command   # what it does", shown at the end of --help.
Subcommand add_command(CLI::App& application, const std::string& name,
                       const std::string& description, const std::string& examples);

}  // namespace ouro::cli
