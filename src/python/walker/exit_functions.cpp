#include "python/walker/exit_functions.hpp"

#include "python/walker/dict.hpp"
#include "python/walker/frame_view.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/interpreter_memory.hpp"
#include "python/walker/lookup.hpp"
#include "python/walker/readable.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

/// Searches memory for the array, whose pointer has two numbers behind it.
class ArraySearch {
 public:
  ExitFunctions find_in(const Range& memory) {
    for (std::uint64_t at = memory.begin; at + 16 <= memory.end; at += 8) {
      const ExitFunctions found = find_at(at);
      if (found.count > 0) return found;
    }
    return {};
  }

  ExitFunctions find_at(std::uint64_t address) {
    constexpr std::uint32_t kFirstRoom = 32;
    constexpr std::uint32_t kMoreRoom = 16;
    constexpr std::uint32_t kMost = 1u << 24;
    const std::uint64_t pointer = word_at(address);
    const std::uint64_t numbers = word_at(address + 8);
    const auto used = static_cast<std::uint32_t>(numbers);
    const auto room = static_cast<std::uint32_t>(numbers >> 32);
    if (used == 0 || used > room || room < kFirstRoom || room % kMoreRoom != 0 || room > kMost) {
      return {};
    }
    if (pointer % 16 != 0) return {};
    bool has_entry = false;
    for (std::uint32_t at = 0; at < used; ++at) {
      if (!pages_.has(pointer + 8 * at)) return {};
      const std::uint64_t entry = word_at(pointer + 8 * at);
      if (entry == 0) continue;
      if (!is_entry(entry)) return {};
      has_entry = true;
    }
    if (!has_entry) return {};
    return {reinterpret_cast<const std::uint64_t*>(pointer), used};
  }

 private:
  bool is_entry(std::uint64_t address) {
    if (address % 8 != 0 || !pages_.has(address) || !pages_.has(address + 16)) return false;
    const Object* entry = object_at(address);
    const Object* arguments = load_object(entry, 8);
    const Object* keywords = load_object(entry, 16);
    return is_object(load_object(entry, 0)) &&
           (arguments == nullptr || is_object_of(arguments, symbols.PyTuple_Type)) &&
           (keywords == nullptr || is_object_of(keywords, symbols.PyDict_Type));
  }
  bool is_object(const Object* object) {
    const std::uint64_t type_at =
        address_of(object) + 8 + static_cast<std::uint64_t>(layout.header);
    return may_be_object(object) && pages_.has(type_at) && may_be_object(type_of(object)) &&
           pages_.has(address_of(type_of(object)));
  }
  bool is_object_of(const Object* object, std::uint64_t type) {
    return is_object(object) && is_exactly(object, type);
  }

  ReadablePages pages_;
};

/// Whether all of it are tuples as they have to be.
bool is_list_of_functions(const Object* list) {
  for (std::int64_t at = 0; at < list_size(list); ++at) {
    const Object* tuple = list_item(list, at);
    if (tuple == nullptr || !is_exactly(tuple, symbols.PyTuple_Type)) return false;
    if (tuple_size(tuple) != 3) return false;
    const Object* arguments = tuple_item(tuple, 1);
    const Object* keywords = tuple_item(tuple, 2);
    if (arguments == nullptr || keywords == nullptr) return false;
    const bool is_none = address_of(keywords) == symbols._Py_NoneStruct;
    if (!is_exactly(arguments, symbols.PyTuple_Type)) return false;
    if (!is_none && !is_exactly(keywords, symbols.PyDict_Type)) return false;
  }
  return list_size(list) > 0;
}

ExitFunctions list_in(const HeapWalk& walk, const Range& memory) {
  for (std::uint64_t at = memory.begin; at < memory.end; at += 8) {
    const Object* object = object_at(word_at(at));
    const std::uint32_t number = may_be_object(object) ? walk.find_number(object) : stream::kNoNode;
    if (number == stream::kNoNode || walk.object_of(number) != object) continue;
    if (is_exactly(object, symbols.PyList_Type) && is_list_of_functions(object)) {
      return {.list = object};
    }
  }
  return {};
}

bool is_called_atexit(const Object* name) {
  return name != nullptr && is_exactly(name, symbols.PyUnicode_Type) && is_text(name, "atexit");
}

const Object* modules_of(const char* interpreter) {
  if (layout.interpreter_modules >= 0) {
    return load_object(interpreter, layout.interpreter_modules);
  }
  const bool is_only_one =
      interpreter == first_interpreter() && next_interpreter(interpreter) == nullptr;
  return is_only_one ? call<const Object*>(symbols.PyImport_GetModuleDict) : nullptr;
}

/// Whether it is what the interpreter imports by that name: another one of the name has nothing.
bool is_atexit_of(const char* interpreter, const Object* module) {
  const Object* modules = modules_of(interpreter);
  if (modules == nullptr || !is_exactly(modules, symbols.PyDict_Type)) return false;
  const Dict dict = read_dict(modules);
  for (std::int64_t at = 0; at < dict.count; ++at) {
    if (dict.value_at(at) == module && is_called_atexit(dict.key(at))) return true;
  }
  return false;
}

}  // namespace

ExitFunctions exit_functions_of(const HeapWalk& walk, const Object* module) {
  if (!is_called_atexit(name_of_module(module))) return {};
  ArraySearch search;
  if (layout.minor <= 9) {
    constexpr int kState = 32;
    const auto state = load<std::uint64_t>(module, kState + layout.header);
    return state != 0 ? search.find_at(state) : ExitFunctions{};
  }
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    if (!is_atexit_of(at, module)) continue;
    if (layout.minor <= 11) return search.find_in(memory_of_state(at));
    // The state of an interpreter that is not the main one is elsewhere, and its size not known.
    const Range runtime = runtime_memory();
    const bool is_main = address_of(at) >= runtime.begin && address_of(at) < runtime.end;
    if (!is_main) return {};
    return layout.minor <= 13 ? search.find_in(runtime) : list_in(walk, runtime);
  }
  return {};
}

}  // namespace ouro::python::walker
