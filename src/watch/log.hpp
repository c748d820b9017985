// A watch as a file, row by row, that is whole whenever the watch ends: also by a kill.
//
//   NAME.csv       a row a sample; NAME.types.csv: a row for each type whose total has changed
//   NAME.sqlite    tables runs, samples, types (sqlite_log.cpp has the schema)
//
// A file that is there already and is a log of this kind is gone on with.
//
// Where a row cannot be written (a full disk), what was written of it is taken back, and the next
// ones are tried again: rows are missing then, none is torn.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <ouro/base/result.hpp>
#include "watch/watch.hpp"

namespace ouro::watch {

class Log {
 public:
  /// By the name's ending. Errors: kUnsupported (another ending, or a file that is no such log),
  /// kInputOutput.
  static Result<std::unique_ptr<Log>> open(const std::string& path, const Watch& watch);
  virtual ~Log() = default;

  /// A sample, with the look of that moment where there is one. An error is of the first row that
  /// could not be written; further ones are only counted.
  std::optional<Error> add(const Watch& watch, const Watch::News& news);
  /// Rows that are missing because they could not be written.
  std::size_t missing() const { return missing_; }
  /// Whether the last row could be written.
  bool is_well() const { return is_well_; }

 protected:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  virtual std::optional<Error> write(const Watch& watch, bool has_look) = 0;

 private:
  bool is_well_ = true;
  std::size_t missing_ = 0;
};

Result<std::unique_ptr<Log>> open_csv_log(const std::string& path);
Result<std::unique_ptr<Log>> open_sqlite_log(const std::string& path, const Watch& watch);

}  // namespace ouro::watch
