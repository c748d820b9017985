#include "capture/named_roots.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace ouro {

namespace {

struct Entry {
  const void* key;
  detail::RootRegistration registration;
};

struct Registry {
  std::mutex mutex;
  std::vector<Entry> entries;
};

/// Never destroyed: globals may be named, and go, in any order.
Registry& registry() {
  static Registry& one = *new Registry;
  return one;
}

}  // namespace

namespace detail {

void add_named_root(const void* key, RootRegistration registration) {
  const std::lock_guard lock(registry().mutex);
  registry().entries.push_back({key, std::move(registration)});
}

void remove_named_root(const void* key) noexcept {
  const std::lock_guard lock(registry().mutex);
  std::erase_if(registry().entries, [&](const Entry& entry) { return entry.key == key; });
}

}  // namespace detail

namespace capture {

void for_each_named_root(
    const std::function<void(const ouro::detail::RootRegistration&)>& function) {
  const std::lock_guard lock(registry().mutex);
  for (const Entry& entry : registry().entries) function(entry.registration);
}

}  // namespace capture

}  // namespace ouro
