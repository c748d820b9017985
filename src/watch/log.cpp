#include "watch/log.hpp"

namespace ouro::watch {

Result<std::unique_ptr<Log>> Log::open(const std::string& path, const Watch& watch) {
  if (path.ends_with(".csv")) return open_csv_log(path);
  if (path.ends_with(".sqlite") || path.ends_with(".db")) return open_sqlite_log(path, watch);
  return Error{ErrorCode::kUnsupported, path,
               "is no log: its name ends neither in .csv nor in .sqlite"};
}

std::optional<Error> Log::add(const Watch& watch, const Watch::News& news) {
  if (!news.has_sample) return std::nullopt;
  std::optional<Error> error = write(watch, news.has_look);
  const bool was_well = is_well_;
  is_well_ = !error;
  if (error) ++missing_;
  return error && was_well ? error : std::nullopt;
}

}  // namespace ouro::watch
