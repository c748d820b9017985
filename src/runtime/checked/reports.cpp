#include "runtime/checked/reports.hpp"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <utility>

namespace ouro::detail::checked {

namespace {

struct Handling {
  std::mutex mutex;
  ouro::checked::Handler handler;
  std::set<std::pair<std::string, std::string>> reported_fields;
};

Handling& handling() {
  static Handling& instance = *new Handling;
  return instance;
}

thread_local bool is_reporting = false;

}  // namespace

void report(const ouro::checked::Report& report) noexcept {
  if (is_reporting) return;
  ouro::checked::Handler handler;
  {
    const std::lock_guard lock(handling().mutex);
    handler = handling().handler;
  }
  if (!handler) {
    std::fprintf(stderr, "ouro: %s\n", report.message.c_str());
    std::abort();
  }
  is_reporting = true;
  handler(report);
  is_reporting = false;
}

bool is_news(const std::string& type, const std::string& field) {
  const std::lock_guard lock(handling().mutex);
  return handling().reported_fields.emplace(type, field).second;
}

std::string hexadecimal(const void* address) {
  char text[2 + 16 + 1];
  std::snprintf(text, sizeof text, "%p", address);
  return text;
}

std::string name_object(std::string_view type, const void* object) {
  return "the " + std::string(type) + " at " + hexadecimal(object);
}

std::string plural(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace ouro::detail::checked

namespace ouro::checked::inline OURO_BUILD {

Handler set_handler(Handler handler) {
  auto& handling = detail::checked::handling();
  const std::lock_guard lock(handling.mutex);
  handling.reported_fields.clear();
  return std::exchange(handling.handler, std::move(handler));
}

}  // namespace ouro::checked::inline OURO_BUILD
