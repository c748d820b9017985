// The self-test: objects of the common kinds are made through the interpreter's own functions, and
// read by the layout. What does not come out the same is an interpreter whose memory must not be
// walked.
#include "python/walker/collector_lists.hpp"
#include "python/walker/dict.hpp"
#include "python/walker/interpreter.hpp"
#include "python/walker/layout.hpp"
#include "python/walker/object.hpp"
#include "python/walker/readable.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

/// A reference that the probe owns.
class Owned {
 public:
  explicit Owned(Object* object) : object_(object) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (object_ != nullptr) call<void>(symbols.Py_DecRef, object_);
  }
  Object* get() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  Object* object_;
};

constexpr const char* kNoMemory = "the interpreter has no memory for the self-test";

const char* probe_int(Object* number, std::uint32_t value) {
  if (!is_exactly(number, symbols.PyLong_Type)) return "this CPython lays out objects differently";
  const std::int64_t size = size_field(number);
  const std::int64_t digits = layout.minor >= 12 ? size >> 3 : size;
  if (digits != 1 || load<std::uint32_t>(number, layout.int_digits) != value) {
    return "this CPython lays out int differently (expected one digit of 30 bits)";
  }
  return nullptr;
}

const char* probe_sequences(Object* first, Object* second) {
  const Owned list(call<Object*>(symbols.PyList_New, std::int64_t{0}));
  if (!list || call<int>(symbols.PyList_Append, list.get(), first) != 0 ||
      call<int>(symbols.PyList_Append, list.get(), second) != 0) {
    return kNoMemory;
  }
  if (!is_exactly(list.get(), symbols.PyList_Type) || list_size(list.get()) != 2 ||
      list_item(list.get(), 0) != first || list_item(list.get(), 1) != second ||
      load<std::int64_t>(list.get(), layout.list_allocated) < 2) {
    return "this CPython lays out list differently (expected the 2 items put in)";
  }
  const Owned tuple(call<Object*>(symbols.PyList_AsTuple, list.get()));
  if (!tuple) return kNoMemory;
  if (tuple_size(tuple.get()) != 2 || tuple_item(tuple.get(), 0) != first ||
      tuple_item(tuple.get(), 1) != second) {
    return "this CPython lays out tuple differently (expected the 2 items put in)";
  }
  const Owned set(call<Object*>(symbols.PySet_New, list.get()));
  if (!set) return kNoMemory;
  const auto mask = load<std::int64_t>(set.get(), layout.set_mask);
  const auto* table = load<const char*>(set.get(), layout.set_table);
  if (mask != 7 || table != reinterpret_cast<const char*>(set.get()) + layout.set_small_table) {
    return "this CPython lays out set differently (expected a table of 8 places)";
  }
  int found = 0;
  for (std::int64_t at = 0; at <= mask; ++at) {
    const Object* key = load_object(table, 16 * at);
    if (key == first || key == second) ++found;
  }
  return found == 2 ? nullptr : "this CPython lays out set differently (expected 2 elements)";
}

bool has_only(const Object* dict, const Object* key, const Object* value, bool general) {
  const Dict read = read_dict(dict);
  return size_field(dict) == 1 && read.count == 1 && read.is_general == general &&
         !read.is_split() && read.key(0) == key && read.value_at(0) == value;
}

/// `name` is a str, `number` is not.
const char* probe_dict(Layout& chosen, Object* name, Object* number) {
  const Owned general(call<Object*>(symbols.PyDict_New));
  const Owned plain(call<Object*>(symbols.PyDict_New));
  if (!general || !plain || call<int>(symbols.PyDict_SetItem, general.get(), number, name) != 0 ||
      call<int>(symbols.PyDict_SetItem, plain.get(), name, number) != 0) {
    return kNoMemory;
  }
  if (chosen.minor <= 10) {
    // The function that looks up any key is not exported: a dict with an int key names it.
    chosen.general_lookup =
        load<std::uint64_t>(load<const char*>(general.get(), chosen.dict_keys), 16);
  }
  if (!has_only(general.get(), number, name, true) || !has_only(plain.get(), name, number, false)) {
    return "this CPython lays out dict differently (expected the 1 key put in)";
  }
  return nullptr;
}

/// Where an OrderedDict has its first node, [ key | hash | next | previous ], and the size of its
/// index: behind a dict's fields are first, last, index, index size, or these two pairs the other
/// way round.
void probe_ordered_dict(Layout& chosen, Object* name) {
  if (symbols.PyODict_New == 0 || symbols.PyODict_SetItem == 0) return;
  const Owned dict(call<Object*>(symbols.PyODict_New));
  if (!dict || call<int>(symbols.PyODict_SetItem, dict.get(), name, name) != 0) return;
  const int behind = chosen.dict_values + 8;
  for (const int first : {behind, behind + 32}) {
    const auto* node = load<const char*>(dict.get(), first);
    if (node == nullptr || load<const char*>(dict.get(), first + 8) != node) continue;
    if (load<const Object*>(node, 0) != name || load<const char*>(node, 16) != nullptr) continue;
    chosen.ordered_dict_first = first;
    chosen.ordered_dict_index_size = first == behind ? behind + 24 : behind + 8;
    return;
  }
}

const char* probe_str() {
  const Owned ascii(call<Object*>(symbols.PyUnicode_FromString, "ouroboros"));
  const Owned wide(call<Object*>(symbols.PyUnicode_FromString, "\xE2\x82\xAC 5"));
  if (!ascii || !wide) return kNoMemory;
  const Str str = read_str(wide.get());
  char text[16];
  if (!is_text(ascii.get(), "ouroboros") || str.kind != 2 || str.length != 3 || str.is_ascii ||
      write_utf8(str, 3, text) != 5 || __builtin_memcmp(text, "\xE2\x82\xAC 5", 5) != 0) {
    return "this CPython lays out str differently (expected the characters put in)";
  }
  return nullptr;
}

/// Whether a list of the collector begins there: what follows the head has the head before it.
bool is_collector_head(std::uint64_t head) {
  const std::uint64_t first = next_in_collector(head);
  const std::uint64_t last = previous_in_collector(head);
  return is_readable(first) && is_readable(first + 8) && is_readable(last) &&
         previous_in_collector(first) == head && next_in_collector(last) == head;
}

/// The collector puts a new list at the end of generation 0, whose head is therefore what follows.
const char* probe_collector(Layout& chosen) {
  const Owned list(call<Object*>(symbols.PyList_New, std::int64_t{0}));
  if (!list) return kNoMemory;
  chosen.first_head = next_in_collector(address_of(list.get()) - kCollectorHeaderBytes);
  if (symbols.PyInterpreterState_Get != 0) {
    const auto interpreter = call<std::uint64_t>(symbols.PyInterpreterState_Get);
    chosen.lists_in_interpreter = static_cast<std::int64_t>(chosen.first_head - interpreter);
    // The lists are part of the interpreter's state, or of the runtime's up to 3.8.
    if (chosen.lists_in_interpreter <= 0 || chosen.lists_in_interpreter > 1 << 20) {
      return "this CPython lays out the collector's lists differently";
    }
  }
  for (int generation = 0; generation < kGenerations - 1; ++generation) {
    if (!is_collector_head(chosen.first_head + collector_head_offset(chosen, generation))) {
      return "this CPython lays out the collector's lists differently";
    }
  }
  for (const int at : {72, 80, 84}) {
    if (!is_collector_head(chosen.first_head + static_cast<std::uint64_t>(at))) continue;
    chosen.permanent_head = at;
    return nullptr;
  }
  return "this CPython has its permanent generation elsewhere";
}

/// Where in the interpreter's state `object` stands: near `expected`, or -1.
std::int64_t find_in_interpreter(const char* interpreter, std::int64_t expected,
                                 const Object* object) {
  constexpr std::int64_t kFurthest = 512;
  if (object == nullptr) return -1;
  for (std::int64_t distance = 0; distance <= kFurthest; distance += 8) {
    for (const std::int64_t at : {expected + distance, expected - distance}) {
      if (at >= 0 && load<const Object*>(interpreter, at) == object) return at;
    }
  }
  return -1;
}

/// Members of the interpreter's state move between patch releases: those that are not where the
/// table says are not read.
void probe_interpreter(Layout& chosen) {
  const char* interpreter = first_interpreter();
  const auto* modules = call<const Object*>(symbols.PyImport_GetModuleDict);
  if (symbols.PyInterpreterState_Get != 0) {
    interpreter = call<const char*>(symbols.PyInterpreterState_Get);
  }
  const Owned sys_name(call<Object*>(symbols.PyUnicode_InternFromString, "sys"));
  const Owned builtins_name(call<Object*>(symbols.PyUnicode_InternFromString, "builtins"));
  const auto dict_of_module = [&](const Owned& name) -> const Object* {
    if (modules == nullptr || !is_exactly(modules, symbols.PyDict_Type)) return nullptr;
    const Object* module = find_in_dict(modules, name.get());
    if (module == nullptr || !is_exactly(module, symbols.PyModule_Type)) return nullptr;
    return load_object(module, 16 + layout.header);
  };
  const bool fits =
      modules != nullptr &&
      load<const Object*>(interpreter, chosen.interpreter_modules) == modules &&
      load<const Object*>(interpreter, chosen.interpreter_sysdict) == dict_of_module(sys_name) &&
      load<const Object*>(interpreter, chosen.interpreter_builtins) ==
          dict_of_module(builtins_name);
  if (!fits) {
    chosen.interpreter_modules = -1;
    chosen.interpreter_sysdict = -1;
    chosen.interpreter_builtins = -1;
  }
  const auto* dict_of_interpreter =
      symbols.PyInterpreterState_GetDict == 0
          ? nullptr
          : call<const Object*>(symbols.PyInterpreterState_GetDict, interpreter);
  chosen.interpreter_dict =
      find_in_interpreter(interpreter, chosen.interpreter_dict, dict_of_interpreter);
  if (symbols.PyType_GetDict == 0) return;
  const Object* type = object_at(symbols.PyBaseObject_Type);
  const Owned dict(call<Object*>(symbols.PyType_GetDict, type));
  if (!dict || static_type_state(interpreter, type).dict != dict.get()) {
    chosen.static_types_in_interpreter = 0;
    chosen.extension_types_in_interpreter = 0;
  }
}

}  // namespace

const char* probe_layout(Layout& chosen) {
  const Owned small(call<Object*>(symbols.PyLong_FromLong, 7L));
  const Owned large(call<Object*>(symbols.PyLong_FromLong, 123456789L));
  const Owned name(call<Object*>(symbols.PyUnicode_InternFromString, "__sizeof__"));
  if (!small || !large || !name) return kNoMemory;
  if (const char* reason = probe_int(large.get(), 123456789)) return reason;
  if (const char* reason = probe_str()) return reason;
  if (const char* reason = probe_sequences(small.get(), large.get())) return reason;
  if (const char* reason = probe_dict(chosen, name.get(), large.get())) return reason;
  probe_ordered_dict(chosen, name.get());
  if (!chosen.free_threaded) {
    if (const char* reason = probe_collector(chosen)) return reason;
  } else if (symbols.PyUnstable_GC_VisitObjects == 0) {
    return "this CPython has no PyUnstable_GC_VisitObjects";
  }
  probe_interpreter(chosen);
  return nullptr;
}

}  // namespace ouro::python::walker
