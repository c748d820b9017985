#include "cli/program_words.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "cli/exit_code.hpp"

namespace ouro::cli {

namespace {

constexpr const char* kSeparator = "--";
constexpr const char* kMarkedSeparator = "\x1F--";

}  // namespace

std::vector<std::string> arguments_to_parse(int argument_count, char** arguments) {
  std::vector<std::string> words(std::make_reverse_iterator(arguments + argument_count),
                                 std::make_reverse_iterator(arguments + 1));
  // `ouro help diff` is what other programs understand, too.
  if (!words.empty() && words.back() == "help") {
    words.pop_back();
    // Right behind the command: what stands behind a program is the program's.
    words.insert(words.empty() ? words.end() : words.end() - 1, "--help");
    return words;
  }
  if (words.empty() || (words.back() != "run" && words.back() != "tune")) return words;
  for (std::string& word : words) {
    if (word == kSeparator) word = kMarkedSeparator;
  }
  return words;
}

std::vector<std::string> program_words(const std::string& command, const std::string& python,
                                       std::vector<std::string> rest) {
  if (!rest.empty() && rest[0] == kMarkedSeparator) rest.erase(rest.begin());
  std::ranges::replace(rest, kMarkedSeparator, kSeparator);
  if (rest.empty()) {
    throw Failure(ExitCode::kBadUsage, command + " what? ouro " + command + " script.py, or ouro " +
                                           command + " -m module");
  }
  const std::string& first = rest[0];
  const bool is_path = first.find('/') != std::string::npos;
  // A file that can be executed and is named by its path, as ./app or /usr/bin/python3, is no
  // script to be given to Python.
  const bool is_file = access(first.c_str(), F_OK) == 0;
  const bool is_program =
      is_path && is_file && !first.ends_with(".py") && access(first.c_str(), X_OK) == 0;
  if (is_program) return rest;
  if (!first.starts_with('-') && !is_file) {
    if (first.ends_with(".py") || is_path) {
      throw Failure(ExitCode::kBadInput, first + ": there is no such script");
    }
    return rest;
  }
  rest.insert(rest.begin(), python);
  return rest;
}

}  // namespace ouro::cli
