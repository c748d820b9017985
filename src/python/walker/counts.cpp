#include "python/walker/counts.hpp"

namespace ouro::python::walker {

Count count_of_free_threaded(const Object* object, const TypeInfo& info) {
  constexpr std::uint32_t kImmortal = 0xFFFFFFFF;
  constexpr std::uint8_t kDeferredBit = 0x40;
  constexpr std::int64_t kDeferred = 0x0FFF'FFFF'FFFF'FFFF;  // PY_SSIZE_T_MAX / 8
  const auto local = load<std::uint32_t>(object, 12);
  if (local == kImmortal) return {.references = kImmortal, .is_immortal = true};
  std::int64_t count = local + (load<std::int64_t>(object, 16) >> 2);
  const bool is_deferred = (load<std::uint8_t>(object, 11) & kDeferredBit) != 0;
  if (is_deferred && count >= kDeferred / 2) count -= kDeferred;
  const bool has_thread_counts = info.is_type || info.is_code || info.is_dict;
  return {.references = count < 0 ? 0 : static_cast<std::uint64_t>(count),
          .is_uncertain = count < 0 || is_deferred || has_thread_counts};
}

}  // namespace ouro::python::walker
