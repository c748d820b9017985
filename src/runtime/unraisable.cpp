// Where exceptions go that nobody can catch.
#include <cstdio>
#include <exception>
#include <mutex>
#include <string>
#include <utility>

#include "runtime/heap_state.hpp"

namespace ouro {

namespace {

std::mutex hook_mutex;

UnraisableHook& hook() {
  static UnraisableHook instance;
  return instance;
}

std::string describe_current_exception() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace

UnraisableHook set_unraisable_hook(UnraisableHook new_hook) {
  const std::lock_guard lock(hook_mutex);
  return std::exchange(hook(), std::move(new_hook));
}

namespace detail {

void report_unraisable(std::string_view what_ran, std::string_view type) noexcept {
  // Memory may have run out, and the hook may throw too: then the line is lost, the program goes
  // on.
  try {
    const std::string what = describe_current_exception();
    std::string where(what_ran);
    if (!type.empty()) where.append(" ").append(type);
    UnraisableHook current;
    {
      const std::lock_guard lock(hook_mutex);
      current = hook();
    }
    if (current) {
      current(where, what);
    } else {
      std::fprintf(stderr, "ouro: exception ignored in %s: %s\n", where.c_str(), what.c_str());
    }
  } catch (...) {
    std::fputs("ouro: exception ignored\n", stderr);
  }
}

}  // namespace detail
}  // namespace ouro
