// NAME.sqlite: a transaction a sample, so that a kill leaves all of it or nothing. The database is
// in WAL mode: others may read it meanwhile, and nothing waits for the disk.
//
//   runs      a row each time it was watched
//   samples   a row a second; objects, object_bytes and verdict where objects were looked at
//   types     of those looks, the types whose totals have changed since the look before
//   totals    a view: each type at each look, changed or not
#include <sqlite3.h>

#include <string>

#include "python/attach/processes.hpp"
#include "watch/log.hpp"
#include "watch/sample_json.hpp"
#include "watch/type_changes.hpp"

namespace ouro::watch {

namespace {

constexpr int kApplication = 0x4F75726F;  // "Ouro", in the file's header
constexpr const char* kSchema = R"(
CREATE TABLE runs (
  run INTEGER PRIMARY KEY, time TEXT, process INTEGER, program TEXT, python TEXT);
CREATE TABLE samples (
  sample INTEGER PRIMARY KEY, run INTEGER REFERENCES runs, time TEXT, elapsed_s REAL,
  rss_bytes INTEGER, uss_bytes INTEGER, pss_bytes INTEGER, swap_bytes INTEGER,
  objects INTEGER, object_bytes INTEGER, stood_still_s REAL, verdict TEXT);
CREATE TABLE types (
  sample INTEGER REFERENCES samples, type TEXT, objects INTEGER, bytes INTEGER,
  PRIMARY KEY (sample, type)) WITHOUT ROWID;
CREATE INDEX types_by_type ON types (type, sample);
CREATE VIEW totals AS
  SELECT looks.run, looks.sample, looks.time, looks.elapsed_s, types.type, types.objects, types.bytes
  FROM samples AS looks JOIN types
  WHERE looks.objects IS NOT NULL AND types.objects > 0 AND types.sample =
    (SELECT max(changed.sample) FROM types AS changed JOIN samples USING (sample)
     WHERE changed.type = types.type AND changed.sample <= looks.sample
       AND samples.run = looks.run);
)";

/// Values in the order of the question marks.
class Statement {
 public:
  Statement(sqlite3* database, const char* text) {
    sqlite3_prepare_v2(database, text, -1, &statement_, nullptr);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& bind(std::uint64_t value) {
    sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(value));
    return *this;
  }
  Statement& bind(double value) {
    sqlite3_bind_double(statement_, ++bound_, value);
    return *this;
  }
  Statement& bind(const std::string& value) {
    sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
    return *this;
  }
  Statement& skip() {
    ++bound_;
    return *this;
  }
  /// Also where it could not be prepared: then sqlite3_errmsg() has why.
  bool run() {
    if (statement_ == nullptr) return false;
    const int result = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    bound_ = 0;
    return result == SQLITE_DONE || result == SQLITE_ROW;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

class SqliteLog final : public Log {
 public:
  ~SqliteLog() override { sqlite3_close(database_); }

  std::optional<Error> open(const std::string& path, const Watch& watch) {
    path_ = path;
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) return error();
    constexpr int kPatienceMilliseconds = 200;  // for a reader that holds it
    sqlite3_busy_timeout(database_, kPatienceMilliseconds);
    const int tables = number_of("SELECT count(*) FROM sqlite_master");
    if (tables < 0) return error();
    if (tables > 0 && number_of("PRAGMA application_id") != kApplication) {
      return no_log();
    }
    if (!run("PRAGMA journal_mode=WAL") || !run("PRAGMA synchronous=NORMAL")) return error();
    if (tables == 0) {
      const std::string application = "PRAGMA application_id=" + std::to_string(kApplication) + ';';
      if (!run("BEGIN") || !run(application.c_str()) || !run(kSchema) || !run("COMMIT")) {
        return error();
      }
    }
    const auto& target = watch.target();
    Statement begin(database_,
                    "INSERT INTO runs (time, process, program, python) VALUES (?, ?, ?, ?)");
    begin.bind(time_text(std::chrono::system_clock::now()))
        .bind(static_cast<std::uint64_t>(target.process.pid()))
        .bind(python::attach::command_of(target.process))
        .bind(target.python_version);
    if (!begin.run()) return error();
    run_ = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_));
    return std::nullopt;
  }

 private:
  std::optional<Error> write(const Watch& watch, bool has_look) override {
    std::vector<python::heap::NamedTotal> changes;
    if (has_look) changes = changes_.of(watch.look()->heap.types);
    if (run("BEGIN") && insert(watch, has_look, changes) && run("COMMIT")) {
      changes_.accept(changes);
      return std::nullopt;
    }
    const Error failure = error();
    run("ROLLBACK");
    return failure;
  }

  bool insert(const Watch& watch, bool has_look,
              const std::vector<python::heap::NamedTotal>& changes) {
    const Sample& sample = watch.sample();
    Statement row(database_,
                  "INSERT INTO samples (run, time, elapsed_s, rss_bytes, uss_bytes, pss_bytes, "
                  "swap_bytes, objects, object_bytes, stood_still_s, verdict) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    row.bind(run_).bind(time_text(sample.time)).bind(sample.seconds);
    row.bind(sample.memory.rss).bind(sample.memory.uss).bind(sample.memory.pss);
    row.bind(sample.memory.swap);
    if (has_look) {
      const Look& look = *watch.look();
      const std::chrono::duration<double> stood_still = look.heap.stood_still;
      row.bind(look.heap.objects).bind(look.heap.bytes).bind(stood_still.count());
      row.bind(std::string(word_of(watch.verdict().is)));
    }
    if (!row.run()) return false;
    const auto number = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_));
    Statement type(database_,
                   "INSERT INTO types (sample, type, objects, bytes) VALUES (?, ?, ?, ?)");
    for (const python::heap::NamedTotal& total : changes) {
      type.bind(number).bind(total.type).bind(total.objects).bind(total.bytes);
      if (!type.run()) return false;
    }
    return true;
  }

  bool run(const char* text) {
    return sqlite3_exec(database_, text, nullptr, nullptr, nullptr) == SQLITE_OK;
  }

  /// Of a statement that gives one number; -1: it fails.
  int number_of(const char* text) {
    int number = -1;
    const auto take = [](void* to, int, char** values, char**) {
      *static_cast<int*>(to) = values[0] == nullptr ? 0 : std::atoi(values[0]);
      return 0;
    };
    const bool is_done = sqlite3_exec(database_, text, take, &number, nullptr) == SQLITE_OK;
    return is_done ? number : -1;
  }

  Error no_log() const {
    return {ErrorCode::kUnsupported, path_,
            "is there already, and is no log of ouro watch; another name helps"};
  }

  Error error() const {
    const int code = sqlite3_errcode(database_);
    if (code == SQLITE_NOTADB) return no_log();
    return {ErrorCode::kInputOutput, path_,
            code == SQLITE_FULL ? std::string("cannot be written: No space left on device")
                                : std::string("cannot be written: ") + sqlite3_errmsg(database_)};
  }

  std::string path_;
  sqlite3* database_ = nullptr;
  std::uint64_t run_ = 0;
  TypeChanges changes_;
};

}  // namespace

Result<std::unique_ptr<Log>> open_sqlite_log(const std::string& path, const Watch& watch) {
  auto log = std::make_unique<SqliteLog>();
  if (auto error = log->open(path, watch)) return *std::move(error);
  return std::unique_ptr<Log>(std::move(log));
}

}  // namespace ouro::watch
