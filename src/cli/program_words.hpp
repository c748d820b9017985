// What commands that start a program execute.
#pragma once

#include <string>
#include <vector>

namespace ouro::cli {

/// The arguments of the command in the order that CLI11 parses them, the last first. `--` before a
/// program is written in a way that CLI11 does not take for its own: it would give what follows to
/// `ouro` itself. program_words() knows it. `help COMMAND` is
/// `COMMAND --help`.
std::vector<std::string> arguments_to_parse(int argument_count, char** arguments);

/// A script, -m, -c and options of Python go to `python`; other programs on PATH, as those of
/// virtualenvs are, start by themselves. `rest` may begin with "--". Throws Failure, which names
/// `command`.
std::vector<std::string> program_words(const std::string& command, const std::string& python,
                                       std::vector<std::string> rest);

}  // namespace ouro::cli
