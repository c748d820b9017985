#include "cli/series.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <ctime>
#include <utility>

#include "cli/command.hpp"
#include "report/units.hpp"

namespace ouro::cli {

namespace {

/// The number at the front and the rest, in small letters.
std::optional<std::pair<double, std::string>> number_and_unit(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !(number > 0) || !std::isfinite(number)) return std::nullopt;
  std::string unit;
  for (const char* at = end; at != text.data() + text.size(); ++at) {
    if (*at != ' ') unit += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
  }
  return std::pair(number, unit);
}

std::string time_in_names() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y%m%d-%H%M%S", &parts);
  return text;
}

std::string milliseconds_text(std::chrono::nanoseconds time) {
  char text[32];
  const double number = static_cast<double>(time.count()) / 1e6;
  std::snprintf(text, sizeof(text), number < 100 ? "%.1f ms" : "%.0f ms", number);
  return text;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(const std::string& text) {
  const auto parsed = number_and_unit(text);
  if (!parsed) return std::nullopt;
  const auto& [number, unit] = *parsed;
  constexpr std::pair<const char*, double> kUnits[] = {
      {"ms", 1}, {"s", 1e3}, {"", 1e3}, {"sec", 1e3}, {"m", 6e4}, {"min", 6e4}, {"h", 3.6e6}};
  for (const auto& [name, factor] : kUnits) {
    const double in_milliseconds = number * factor;
    if (unit == name && in_milliseconds >= 1 && in_milliseconds < 1e12) {
      return std::chrono::milliseconds(static_cast<std::int64_t>(in_milliseconds));
    }
  }
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> parse_period(const std::string& text) {
  const auto parsed = number_and_unit(text);
  if (!parsed) return std::nullopt;
  if (parsed->second != "us") return parse_duration(text);
  if (parsed->first < 10 || parsed->first > 1e9) return std::nullopt;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(parsed->first * 1e3));
}

std::optional<std::uint64_t> parse_size(const std::string& text) {
  auto parsed = number_and_unit(text);
  if (!parsed) return std::nullopt;
  auto& [number, unit] = *parsed;
  if (unit.ends_with("ib")) unit.resize(unit.size() - 2);
  if (unit.ends_with("b")) unit.resize(unit.size() - 1);
  constexpr std::string_view kUnits = "kmgt";
  double bytes = number;
  if (!unit.empty()) {
    const std::size_t power = unit.size() == 1 ? kUnits.find(unit[0]) : std::string_view::npos;
    if (power == std::string_view::npos) return std::nullopt;
    bytes = number * std::pow(1024.0, static_cast<double>(power) + 1);
  }
  if (bytes < 1 || bytes > 1e18) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

Check a_duration() {
  return [](const std::string& text) {
    return parse_duration(text) ? std::string() : "'" + text + "' is no time; write 30s, 5m or 2h";
  };
}

Check a_period() {
  return [](const std::string& text) {
    return parse_period(text)
               ? std::string()
               : "'" + text + "' is no time between two looks; write 100us, 1ms or 1s";
  };
}

Check a_size() {
  return [](const std::string& text) {
    return parse_size(text) ? std::string() : "'" + text + "' is no size; write 500MiB or 2GiB";
  };
}

namespace {

/// What Python runs, of all its words: a script, or the module behind -m; maybe neither.
std::string word_behind_python(const std::vector<std::string>& words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "-" || word.empty()) return "";
    if (word[0] != '-') return word;
    if (word == "-X" || word == "-W" || word == "--check-hash-based-pycs") {
      ++at;  // its value
    } else if (word[1] != '-' && word.ends_with('m')) {
      return at + 1 < words.size() ? words[at + 1] : "";
    } else if (word[1] != '-' && word.ends_with('c')) {
      return "";
    }
  }
  return "";
}

}  // namespace

std::string program_word(const std::vector<std::string>& command_line) {
  std::string word = command_line.empty() ? "" : command_line.front();
  const std::string program = word.substr(word.rfind('/') + 1);
  if (program.starts_with("python") || program.starts_with("pypy")) {
    word = word_behind_python(command_line);
  }
  word = word.substr(word.rfind('/') + 1);
  if (word.ends_with(".py")) word.resize(word.size() - 3);
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  };
  const bool is_usable = !word.empty() && word[0] != '-' && word[0] != '.' && word.size() < 64;
  return is_usable && std::ranges::all_of(word, is_plain) ? word : "python";
}

python::attach::SnapshotOptions SnapshotChoice::options_for(std::string path) const {
  return {.path = std::move(path),
          .walks_in_place = walks_in_place,
          .keeps_values = !leaves_values_out,
          .patience = *parse_duration(timeout),
          .more_facts = {}};
}

void add_snapshot_options(Subcommand& command, SnapshotChoice& choice) {
  command.add_flag("--force", choice.may_replace, "Replace files that exist");
  command.add_flag("--no-values", choice.leaves_values_out,
                   "Names and sizes alone: no text or number that the program\nworks with gets "
                   "into the file");
  command.add_flag("--no-fork", choice.walks_in_place,
                   "Walk in the program, which waits, instead of in a clone of\nit: where memory "
                   "is short");
  command
      .add_option("--timeout", choice.timeout,
                  "Let be a program that cannot be looked at for so long")
      .check(a_duration())
      .capture_default_str()
      .type_name("TIME");
}

SnapshotNames::SnapshotNames(std::string pattern, const std::string& program, bool is_series)
    : pattern_(std::move(pattern)) {
  if (pattern_.empty()) {
    pattern_ = (program.empty() ? "python" : program) + (is_series ? "-%p-%n.ouro" : "-%p.ouro");
  } else if (is_series && pattern_.find("%n") == std::string::npos &&
             pattern_.find("%t") == std::string::npos) {
    const std::size_t suffix = pattern_.rfind(".ouro");
    pattern_.insert(suffix == std::string::npos ? pattern_.size() : suffix, "-%n");
  }
}

std::string SnapshotNames::name(int process, int number) const {
  std::string name;
  for (std::size_t i = 0; i < pattern_.size(); ++i) {
    const char next = pattern_[i] == '%' && i + 1 < pattern_.size() ? pattern_[i + 1] : '\0';
    switch (next) {
      case 'p':
        name += std::to_string(process);
        break;
      case 'n':
        name += std::to_string(number);
        break;
      case 't':
        name += time_in_names();
        break;
      case '%':
        name += '%';
        break;
      default:
        name += pattern_[i];
        continue;
    }
    ++i;
  }
  return name;
}

void check_output(const std::string& path, bool may_replace) {
  check_may_write(path, may_replace);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (access(folder.c_str(), F_OK) != 0) {
    throw Failure(ExitCode::kCannotWrite, folder + ": there is no such folder");
  }
  if (access(folder.c_str(), W_OK) != 0) {
    throw Failure(ExitCode::kCannotWrite,
                  folder + ": may not be written to; -o writes the snapshot elsewhere");
  }
}

std::string snapshot_text(const python::attach::Snapshot& snapshot, const std::string& path,
                          const std::string& previous_path) {
  using report::counted;
  using report::format_bytes;
  using report::with_separators;
  std::string text = path + ": " + with_separators(snapshot.objects) +
                     (snapshot.objects == 1 ? " object, " : " objects, ") +
                     with_separators(snapshot.references) + " references, " +
                     format_bytes(snapshot.heap_bytes) +
                     " (file: " + format_bytes(snapshot.file_bytes) + ")\n";
  text += "CPython " + snapshot.python_version + "; the program stood still for " +
          milliseconds_text(snapshot.pause) +
          (snapshot.walked_in_place ? ", while its heap was walked" : "") + "\n";
  if (snapshot.was_collecting) {
    text += "A collection ran all the time: objects that it looked at may be missing.\n";
  }
  text += "\n  ouro report " + path + '\n';
  if (!previous_path.empty()) text += "  ouro diff " + previous_path + ' ' + path + '\n';
  return text;
}

report::Json snapshot_json(const python::attach::Snapshot& snapshot, const std::string& path) {
  const auto in_milliseconds = [](std::chrono::nanoseconds time) {
    return static_cast<double>(time.count() / 1000) / 1000;
  };
  return {{"file", path},
          {"objects", snapshot.objects},
          {"references", snapshot.references},
          {"heap_bytes", snapshot.heap_bytes},
          {"file_bytes", snapshot.file_bytes},
          {"python", snapshot.python_version},
          {"pause_ms", in_milliseconds(snapshot.pause)},
          {"took_ms", in_milliseconds(snapshot.took)},
          {"walked_in_place", snapshot.walked_in_place},
          {"collecting", snapshot.was_collecting}};
}

Failure snapshot_failure(const Error& error, const std::string& path,
                         const python::attach::Interruption& interruption) {
  if (interruption.has_come()) {
    return {ExitCode::kInterrupted,
            "interrupted; the program runs on as before, no file is written"};
  }
  const bool is_output = error.place == path;
  return {is_output ? ExitCode::kCannotWrite : ExitCode::kBadInput, error.to_string()};
}

}  // namespace ouro::cli
