#include "runtime/type_registry.hpp"

#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace ouro::detail {

namespace {
std::mutex types_mutex;
std::uint32_t last_id = 0;
}  // namespace

std::uint32_t register_type(TypeInfo& type) noexcept {
  const std::lock_guard lock(types_mutex);
  std::uint32_t id = type.id.load(std::memory_order_relaxed);
  if (id != 0) return id;  // another thread was first
  id = ++last_id;
  if (id >= kMaxTypes) {
    std::fprintf(stderr, "ouro: more than %u managed types (the last is %.*s)\n", kMaxTypes - 1,
                 static_cast<int>(type.name.size()), type.name.data());
    std::abort();
  }
  type.id.store(id, std::memory_order_relaxed);
  return id;
}

}  // namespace ouro::detail
