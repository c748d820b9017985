#include "testing/copy_of_program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>

namespace ouro::testing {

namespace {

constexpr const char* kOrder = "OURO_LEAK_TEST_COPY";  // "4 /tmp/ouro-leaks-x7Qw2a"
constexpr std::string_view kRan = "ran";

using std::chrono::milliseconds;

Error failure(const std::string& what) {
  return {ErrorCode::kUnsupported, "", what};
}

/// GoogleTest's flags that say which tests run and how often, and where their report goes.
bool is_replaced(std::string_view argument) {
  constexpr std::string_view kNames[] = {"filter",      "repeat",          "output",
                                         "shuffle",     "list_tests",      "break_on_failure",
                                         "random_seed", "stream_result_to"};
  const std::size_t name_at = argument.find_first_not_of('-');
  if (name_at == 0 || name_at == std::string_view::npos) return false;
  std::string_view name = argument.substr(name_at);
  if (!name.starts_with("gtest_")) return false;
  name = name.substr(6, name.find('=') == std::string_view::npos ? name.npos : name.find('=') - 6);
  return std::ranges::find(kNames, name) != std::end(kNames);
}

bool is_replaced_variable(std::string_view variable) {
  constexpr std::string_view kNames[] = {"GTEST_FILTER=",
                                         "GTEST_REPEAT=",
                                         "GTEST_OUTPUT=",
                                         "GTEST_TOTAL_SHARDS=",
                                         "GTEST_SHARD_INDEX=",
                                         "GTEST_SHARD_STATUS_FILE=",
                                         "XML_OUTPUT_FILE=",
                                         "GTEST_BREAK_ON_FAILURE=",
                                         "GTEST_SHUFFLE=",
                                         "TESTBRIDGE_TEST_ONLY=",
                                         "TEST_PREMATURE_EXIT_FILE="};
  return std::ranges::any_of(kNames, [&](auto name) { return variable.starts_with(name); });
}

std::vector<std::string> arguments_of_copy(const std::string& test, unsigned rounds) {
  std::vector<std::string> arguments;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  for (std::string argument; std::getline(file, argument, '\0');) {
    if (arguments.empty() || !is_replaced(argument)) arguments.push_back(argument);
  }
  arguments.push_back("--gtest_filter=" + test);
  arguments.push_back("--gtest_repeat=" + std::to_string(rounds));
  return arguments;
}

std::vector<std::string> variables_of_copy(const std::string& report, unsigned rounds) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!is_replaced_variable(*variable)) variables.emplace_back(*variable);
  }
  variables.push_back(std::string(kOrder) + "=" + std::to_string(rounds) + " " + report);
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// An empty file that goes with this object.
class ReportFile {
 public:
  ReportFile() {
    std::error_code ignored;
    path_ = (std::filesystem::temp_directory_path(ignored) / "ouro-leaks-XXXXXX").string();
    const int file = mkstemp(path_.data());
    is_there_ = file >= 0;
    if (is_there_) close(file);
  }
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;
  ~ReportFile() {
    if (is_there_) unlink(path_.c_str());
  }
  bool is_there() const { return is_there_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool is_there_ = false;
};

/// The copy's own words are nobody's: the test has said them once.
std::optional<pid_t> start(std::vector<std::string> arguments, std::vector<std::string> variables) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  }
  pid_t copy = 0;
  const int error = posix_spawn(&copy, "/proc/self/exe", &actions, nullptr,
                                pointers_to(arguments).data(), pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? std::optional(copy) : std::nullopt;
}

/// Whether it ended by itself; afterwards it has ended.
bool wait_for(pid_t copy, milliseconds most) {
  constexpr milliseconds kStep(2);
  for (milliseconds waited(0); waited < most; waited += kStep) {
    if (waitpid(copy, nullptr, WNOHANG) != 0) return true;
    std::this_thread::sleep_for(kStep);
  }
  kill(copy, SIGKILL);
  waitpid(copy, nullptr, 0);
  return false;
}

LeftAlive row_of(const std::string& line) {
  std::istringstream fields(line);
  LeftAlive row;
  std::string number;
  std::getline(fields, row.type, '\t');
  if (std::getline(fields, number, '\t')) row.objects = std::strtoull(number.c_str(), nullptr, 10);
  if (std::getline(fields, number, '\t')) row.bytes = std::strtoull(number.c_str(), nullptr, 10);
  for (std::string place; std::getline(fields, place, '\t');) row.held_by.push_back(place);
  return row;
}

Result<std::vector<LeftAlive>> read_report(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return failure("the program ends before the test does");
  if (line != kRan) return failure(line);
  std::vector<LeftAlive> alive;
  while (std::getline(file, line)) alive.push_back(row_of(line));
  return alive;
}

}  // namespace

std::optional<CopyOrder> CopyOrder::given() {
  const char* const text = std::getenv(kOrder);
  if (text == nullptr) return std::nullopt;
  char* end = nullptr;
  CopyOrder order;
  order.rounds = static_cast<unsigned>(std::strtoul(text, &end, 10));
  if (*end != ' ') return std::nullopt;
  order.report_path = end + 1;
  return order;
}

void CopyOrder::write(const std::vector<LeftAlive>& alive) const {
  std::ofstream file(report_path);
  file << kRan << '\n';
  for (const LeftAlive& row : alive) {
    file << row.type << '\t' << row.objects << '\t' << row.bytes;
    for (const std::string& place : row.held_by) file << '\t' << place;
    file << '\n';
  }
}

void CopyOrder::write_failure(const std::string& reason) const {
  std::ofstream(report_path) << reason << '\n';
}

Result<std::vector<LeftAlive>> run_copy(const std::string& test, unsigned rounds,
                                        milliseconds most) {
  const ReportFile report;
  if (!report.is_there()) return failure("no temporary file can be made");
  const std::optional<pid_t> copy =
      start(arguments_of_copy(test, rounds), variables_of_copy(report.path(), rounds));
  if (!copy) return failure("the program cannot be started once more");
  if (!wait_for(*copy, most)) return failure("it does not end when it is run again");
  return read_report(report.path());
}

}  // namespace ouro::testing
