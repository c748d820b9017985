#include "cli/find_program.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "python/attach/processes.hpp"

namespace ouro::cli {

namespace attach = python::attach;

pid_t find_program(const std::string& text) {
  pid_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number > 0) return number;
  std::vector<pid_t> processes = attach::python_processes();
  const auto fits = [&text](pid_t pid) {
    return attach::command_of(attach::TargetProcess(pid)).find(text) != std::string::npos;
  };
  std::vector<pid_t> fitting;
  std::ranges::copy_if(processes, std::back_inserter(fitting), fits);
  if (fitting.size() == 1) return fitting[0];
  if (fitting.empty()) {
    throw Failure(ExitCode::kNothingFound,
                  "no Python program is called by `" + text + "`" +
                      (processes.empty() ? "; none is to be seen from here"
                                         : "; there are: " + attach::listed(processes)));
  }
  throw Failure(ExitCode::kBadUsage, std::to_string(fitting.size()) +
                                         " Python programs are called by `" + text +
                                         "`, take one by its number: " + attach::listed(fitting));
}

Failure failure_of(const attach::Finding& obstacle) {
  return {ExitCode::kBadInput, obstacle.what + (obstacle.help.empty() ? "" : "; " + obstacle.help)};
}

}  // namespace ouro::cli
