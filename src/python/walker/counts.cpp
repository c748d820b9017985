#include "python/walker/counts.hpp"

#include "python/walker/interpreter.hpp"
#include "python/walker/readable.hpp"

namespace ouro::python::walker {

namespace {

/// A table of counts, of an interpreter's objects or a thread's.
struct CountTable {
  const char* entries = nullptr;
  std::int64_t size = 0;
};

// Where these are moves between patch releases: a table is read only where it can be one.
CountTable table_at(const void* state, std::int64_t entries, std::int64_t size) {
  constexpr std::int64_t kMost = 1 << 24;
  const CountTable table{.entries = load<const char*>(state, entries),
                         .size = load<std::int64_t>(state, size)};
  const std::uint64_t first = address_of(table.entries);
  if (table.size <= 0 || table.size > kMost || first % 8 != 0 || !is_readable(first) ||
      !is_readable(first + 8 * static_cast<std::uint64_t>(table.size - 1))) {
    return {};
  }
  return table;
}

/// From 1; 0: the object has no counts in threads.
std::int64_t unique_id(const Object* object, const TypeInfo& info) {
  if (info.is_type) {
    return has_flag(object, TypeFlag::kHeapType) ? load<std::int64_t>(object, layout.type_unique_id)
                                                 : 0;
  }
  if (info.is_code) return load<std::int64_t>(object, layout.code_unique_id);
  if (!info.is_dict) return 0;
  return static_cast<std::int64_t>(load<std::uint64_t>(object, layout.dict_unique_id) >> 32);
}

struct ThreadCounts {
  std::int64_t references = 0;
  bool is_known = true;
};

// An interpreter's table says which object has an id; each of its threads counts by id:
// _Py_unique_id_pool and _PyThreadStateImpl.refcounts.
ThreadCounts counts_in_threads(const Object* object, std::int64_t id) {
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    const CountTable objects =
        table_at(at, layout.unique_ids_in_interpreter, layout.unique_ids_in_interpreter + 16);
    if (id > objects.size || load<const Object*>(objects.entries, 8 * (id - 1)) != object) continue;
    ThreadCounts sum;
    for (const void* thread = call<void*>(symbols.PyInterpreterState_ThreadHead, at);
         thread != nullptr; thread = call<void*>(symbols.PyThreadState_Next, thread)) {
      const CountTable counts =
          table_at(thread, layout.counts_in_thread, layout.counts_in_thread + 8);
      if (id <= counts.size) sum.references += load<std::int64_t>(counts.entries, 8 * (id - 1));
    }
    return sum;
  }
  return {.references = 0, .is_known = false};
}

}  // namespace

Count count_of_free_threaded(const Object* object, const TypeInfo& info) {
  constexpr std::uint32_t kImmortal = 0xFFFFFFFF;
  constexpr std::uint8_t kDeferredBit = 0x40;
  // 3.13 adds one, later versions PY_SSIZE_T_MAX / 8, which threads that count apart may come
  // below.
  const std::int64_t deferred = layout.minor == 13 ? 1 : 0x0FFF'FFFF'FFFF'FFFF;
  const auto local = load<std::uint32_t>(object, 12);
  if (local == kImmortal) return {.references = kImmortal, .is_immortal = true};
  std::int64_t count = local + (load<std::int64_t>(object, 16) >> 2);
  if ((load<std::uint8_t>(object, 11) & kDeferredBit) != 0) count -= deferred;
  bool is_uncertain = false;
  if (layout.minor >= 14) {
    if (const std::int64_t id = unique_id(object, info); id > 0) {
      const ThreadCounts more = counts_in_threads(object, id);
      count += more.references;
      is_uncertain = !more.is_known;
    }
  }
  if (count < 0) return {.references = 0, .is_uncertain = true};
  return {.references = static_cast<std::uint64_t>(count), .is_uncertain = is_uncertain};
}

}  // namespace ouro::python::walker
