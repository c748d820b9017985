#include "python/walker/counts.hpp"

namespace ouro::python::walker {

Count count_of_free_threaded(const Object* object, const TypeInfo& info) {
  constexpr std::uint32_t kImmortal = 0xFFFFFFFF;
  constexpr std::uint8_t kDeferredBit = 0x40;
  // What keeps an object whose stack references are not counted from going: 3.13 counts one more,
  // later versions PY_SSIZE_T_MAX / 8.
  const std::int64_t deferred = layout.minor == 13 ? 1 : 0x0FFF'FFFF'FFFF'FFFF;
  const auto local = load<std::uint32_t>(object, 12);
  if (local == kImmortal) return {.references = kImmortal, .is_immortal = true};
  std::int64_t count = local + (load<std::int64_t>(object, 16) >> 2);
  const bool is_deferred = (load<std::uint8_t>(object, 11) & kDeferredBit) != 0;
  if (is_deferred && count > deferred / 2) count -= deferred;
  const bool has_thread_counts = info.is_type || info.is_code || info.is_dict;
  return {.references = count < 0 ? 0 : static_cast<std::uint64_t>(count),
          .is_uncertain = count < 0 || is_deferred || has_thread_counts};
}

}  // namespace ouro::python::walker
