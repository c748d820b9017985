// What `ouro attach` and `ouro run` share: times and sizes as people write them, names of files in
// a series, and what is said of each snapshot.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/subcommand.hpp"
#include "python/attach/snapshot.hpp"
#include "report/json.hpp"

namespace ouro::cli {

/// "60s", "1.5m", "2h", "500ms", "90" (seconds).
std::optional<std::chrono::milliseconds> parse_duration(const std::string& text);
/// The same, and "100us": at least 10 of them.
std::optional<std::chrono::nanoseconds> parse_period(const std::string& text);
/// "2GiB", "500M", "1.5g", "4096"; units of 1024.
std::optional<std::uint64_t> parse_size(const std::string& text);
/// For options: the text is one of these, and not 0.
Check a_duration();
Check a_period();
Check a_size();

/// The word of the program in default names: "server" of "python3 /srv/server.py", "http.server" of
/// "python3 -m http.server".
std::string program_word(const std::vector<std::string>& command_line);

/// Names of snapshots: %p becomes the process, %n the number in the series, %t the time.
class SnapshotNames {
 public:
  /// An empty pattern: "<program>-%p.ouro", in a series "<program>-%p-%n.ouro".
  SnapshotNames(std::string pattern, const std::string& program, bool is_series);

  /// The first one's file name; in a series each has another, whatever the pattern.
  std::string name(int process, int number) const;

 private:
  std::string pattern_;
};

/// How each snapshot is taken: --no-values, --no-fork, --timeout, --force.
struct SnapshotChoice {
  bool leaves_values_out = false;
  bool walks_in_place = false;
  bool may_replace = false;
  std::string timeout = "60s";

  python::attach::SnapshotOptions options_for(std::string path) const;
};
void add_snapshot_options(Subcommand& command, SnapshotChoice& choice);

/// Throws Failure where the folder cannot be written, or the file exists and may not be replaced.
void check_output(const std::string& path, bool may_replace);

/// "python-4711.ouro: 1,234 objects, ..." and what to type next.
std::string snapshot_text(const python::attach::Snapshot& snapshot, const std::string& path,
                          const std::string& previous_path);
report::Json snapshot_json(const python::attach::Snapshot& snapshot, const std::string& path);

/// What take_snapshot() could not do, as the command ends for it.
Failure snapshot_failure(const Error& error, const std::string& path,
                         const python::attach::Interruption& interruption);

}  // namespace ouro::cli
