// What the interpreter says of its own layout: _Py_DebugOffsets, the first words of _PyRuntime from
// 3.13 on, made for debuggers. It says less than the walk needs, and its order changes with each
// minor version, so it is compared with the tables, and taken alone only for `collecting`.
#include "python/walker/layout.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

namespace {

/// Each of these words has to say what `ours` says.
struct DescribedOffset {
  int ours;
  const char* mismatch;
  int word_of_minor[3];  ///< index among its 8-byte words in 3.13, 3.14, 3.15; -1: not described
};

constexpr int kGcOfInterpreter[] = {10, 11, 11};
constexpr int kCollectingOfGc[] = {72, 82, 95};

}  // namespace

const char* check_described_layout(Layout& chosen) {
  if (chosen.minor < 13 || symbols._PyRuntime == 0) return nullptr;
  const void* runtime = object_at(symbols._PyRuntime);
  if (__builtin_memcmp(runtime, "xdebugpy", 8) != 0) {
    return "this CPython does not describe itself, as 3.13 and later do";
  }
  const int row = chosen.minor - 13;
  const auto word = [&](int index) { return load<std::uint64_t>(runtime, 8 * index); };
  if (((word(1) >> 16) & 0xFF) != static_cast<std::uint64_t>(chosen.minor) ||
      (word(2) != 0) != chosen.free_threaded) {
    return "this CPython describes itself as another version or build";
  }
  const int header = chosen.header;
  const DescribedOffset described[] = {
      {8 + header, "this CPython has the class of an object elsewhere", {45, 51, 59}},
      {24 + header, "this CPython has the name of a class elsewhere", {47, 53, 61}},
      {168 + header, "this CPython has the flags of a class elsewhere", {49, 55, 63}},
      {chosen.tuple_items, "this CPython has the items of a tuple elsewhere", {51, 57, 69}},
      {chosen.list_items, "this CPython has the items of a list elsewhere", {54, 60, 72}},
      {chosen.dict_keys, "this CPython has the keys of a dict elsewhere", {57, 67, 79}},
      {chosen.dict_values, "this CPython has the values of a dict elsewhere", {58, 68, 80}},
      {chosen.set_table, "this CPython has the table of a set elsewhere", {-1, 64, 76}},
      {chosen.set_mask, "this CPython has the mask of a set elsewhere", {-1, 65, 77}},
      {chosen.ascii_size, "this CPython has the characters of a str elsewhere", {70, 80, 92}},
  };
  for (const DescribedOffset& one : described) {
    const int index = one.word_of_minor[row];
    if (index >= 0 && word(index) != static_cast<std::uint64_t>(one.ours)) return one.mismatch;
  }
  chosen.collecting_in_interpreter =
      static_cast<std::int64_t>(word(kGcOfInterpreter[row]) + word(kCollectingOfGc[row]));
  return nullptr;
}

}  // namespace ouro::python::walker
