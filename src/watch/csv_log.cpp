// NAME.csv and NAME.types.csv. Each row is one write(2) at the end of the file, so that a kill
// leaves all of it or nothing; of a row that the disk had no room for, the part is cut off again.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "watch/log.hpp"
#include "watch/sample_json.hpp"
#include "watch/type_changes.hpp"

namespace ouro::watch {

namespace {

constexpr const char* kHeading =
    "time,elapsed_s,process,rss_bytes,uss_bytes,pss_bytes,swap_bytes,objects,object_bytes,"
    "stood_still_s,verdict\n";
constexpr const char* kTypesHeading = "time,elapsed_s,process,type,objects,bytes\n";

/// A file that only grows, by whole rows.
class RowFile {
 public:
  RowFile() = default;
  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;
  ~RowFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  std::optional<Error> open(const std::string& path, const std::string& heading) {
    path_ = path;
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0) return error("cannot be opened");
    std::string begin(heading.size(), '\0');
    const ssize_t count = pread(descriptor_, begin.data(), begin.size(), 0);
    if (count < 0) return error("cannot be read");
    if (count == 0) return write(heading);
    if (begin.substr(0, static_cast<std::size_t>(count)) != heading) {
      return Error{ErrorCode::kUnsupported, path_,
                   "is there already, and is no log of ouro watch; another name helps"};
    }
    return std::nullopt;
  }

  std::optional<Error> write(const std::string& rows) {
    struct stat before{};
    if (fstat(descriptor_, &before) != 0) return error("cannot be looked at");
    std::size_t written = 0;
    while (written < rows.size()) {
      const ssize_t count = ::write(descriptor_, rows.data() + written, rows.size() - written);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        const Error failure = error("cannot be written");
        // If even that fails, the next row begins a line of its own.
        if (ftruncate(descriptor_, before.st_size) != 0) return failure;
        return failure;
      }
      written += static_cast<std::size_t>(count);
    }
    return std::nullopt;
  }

 private:
  Error error(const char* what) const {
    return {ErrorCode::kInputOutput, path_,
            std::string(what) + ": " + std::generic_category().message(errno)};
  }

  std::string path_;
  int descriptor_ = -1;
};

/// In quotes where it has what separates fields.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char character : text) {
    quoted += character;
    if (character == '"') quoted += '"';
  }
  return quoted + '"';
}

std::string seconds_text(double seconds) {
  char text[48];
  std::snprintf(text, sizeof(text), "%.6f", seconds);
  return text;
}

class CsvLog final : public Log {
 public:
  std::optional<Error> open(const std::string& path) {
    if (auto error = samples_.open(path, kHeading)) return error;
    const std::string name = path.substr(0, path.size() - std::string(".csv").size());
    return types_.open(name + ".types.csv", kTypesHeading);
  }

 private:
  std::optional<Error> write(const Watch& watch, bool has_look) override {
    const Sample& sample = watch.sample();
    std::string begin = time_text(sample.time) + ',' + seconds_text(sample.seconds) + ',' +
                        std::to_string(watch.target().process.pid()) + ',';
    std::string row = begin;
    for (const std::uint64_t bytes :
         {sample.memory.rss, sample.memory.uss, sample.memory.pss, sample.memory.swap}) {
      row += std::to_string(bytes) + ',';
    }
    if (!has_look) return samples_.write(row + ",,,\n");

    const Look& look = *watch.look();
    // The types first: a look stands in the samples only if its types are there.
    const auto changes = changes_.of(look.heap.types);
    std::string rows;
    for (const python::heap::NamedTotal& total : changes) {
      rows += begin;
      rows += field(total.type) + ',' + std::to_string(total.objects) + ',';
      rows += std::to_string(total.bytes) + '\n';
    }
    if (auto error = types_.write(rows)) return error;
    changes_.accept(changes);
    const std::chrono::duration<double> stood_still = look.heap.stood_still;
    row += std::to_string(look.heap.objects) + ',' + std::to_string(look.heap.bytes) + ',' +
           seconds_text(stood_still.count()) + ',' + word_of(watch.verdict().is) + '\n';
    return samples_.write(row);
  }

  RowFile samples_;
  RowFile types_;
  TypeChanges changes_;
};

}  // namespace

Result<std::unique_ptr<Log>> open_csv_log(const std::string& path) {
  auto log = std::make_unique<CsvLog>();
  if (auto error = log->open(path)) return *std::move(error);
  return std::unique_ptr<Log>(std::move(log));
}

}  // namespace ouro::watch
