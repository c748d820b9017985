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

bool is_readable_object(const Object* object) {
  return may_be_object(object) && is_readable(address_of(object)) &&
         may_be_object(type_of(object)) && is_readable(address_of(type_of(object)));
}

bool is_readable_exactly(const Object* object, std::uint64_t type) {
  return is_readable_object(object) && is_exactly(object, type);
}

bool is_entry(std::uint64_t address) {
  if (address % 8 != 0 || address < 4096) return false;
  if (!is_readable(address) || !is_readable(address + 8) || !is_readable(address + 16)) {
    return false;
  }
  const Object* entry = object_at(address);
  const Object* arguments = load_object(entry, 8);
  const Object* keywords = load_object(entry, 16);
  return is_readable_object(load_object(entry, 0)) &&
         (arguments == nullptr || is_readable_exactly(arguments, symbols.PyTuple_Type)) &&
         (keywords == nullptr || is_readable_exactly(keywords, symbols.PyDict_Type));
}

/// Of the array whose pointer stands there, with the numbers behind it.
ExitFunctions functions_at(std::uint64_t address) {
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
  if (pointer < 4096 || pointer % 16 != 0) return {};
  bool has_entry = false;
  for (std::uint32_t at = 0; at < used; ++at) {
    if (!is_readable(pointer + 8 * at)) return {};
    const std::uint64_t entry = word_at(pointer + 8 * at);
    if (entry == 0) continue;
    if (!is_entry(entry)) return {};
    has_entry = true;
  }
  if (!has_entry) return {};
  return {reinterpret_cast<const std::uint64_t*>(pointer), used};
}

/// Whether all of it are tuples as they have to be.
bool is_list_of_functions(const Object* list) {
  for (std::int64_t at = 0; at < list_size(list); ++at) {
    const Object* tuple = list_item(list, at);
    if (!is_exactly(tuple, symbols.PyTuple_Type) || tuple_size(tuple) != 3) return false;
    if (!is_exactly(tuple_item(tuple, 1), symbols.PyTuple_Type)) return false;
    const Object* keywords = tuple_item(tuple, 2);
    const bool is_none = address_of(keywords) == symbols._Py_NoneStruct;
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

ExitFunctions array_in(const Range& memory) {
  for (std::uint64_t at = memory.begin; at + 16 <= memory.end; at += 8) {
    const ExitFunctions found = functions_at(at);
    if (found.count > 0) return found;
  }
  return {};
}

bool is_called_atexit(const Object* module) {
  const Object* name = name_of_module(module);
  return name != nullptr && is_exactly(name, symbols.PyUnicode_Type) && is_text(name, "atexit");
}

/// Whether it is the interpreter's, by sys.modules.
bool has_module(const char* interpreter, const Object* module) {
  if (layout.interpreter_modules < 0) return next_interpreter(interpreter) == nullptr;
  const Object* modules = load_object(interpreter, layout.interpreter_modules);
  if (modules == nullptr || !is_exactly(modules, symbols.PyDict_Type)) return false;
  const Dict dict = read_dict(modules);
  for (std::int64_t at = 0; at < dict.count; ++at) {
    if (dict.value_at(at) == module) return true;
  }
  return false;
}

}  // namespace

ExitFunctions exit_functions_of(const HeapWalk& walk, const Object* module) {
  if (!is_called_atexit(module)) return {};
  if (layout.minor <= 9) {
    constexpr int kState = 32;
    const auto state = load<std::uint64_t>(module, kState + layout.header);
    return state != 0 ? functions_at(state) : ExitFunctions{};
  }
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    if (!has_module(at, module)) continue;
    if (layout.minor <= 11) return array_in(memory_of_state(at));
    // The state of an interpreter that is not the main one is elsewhere, and its size not known.
    const Range runtime = runtime_memory();
    const bool is_main = address_of(at) >= runtime.begin && address_of(at) < runtime.end;
    if (!is_main) return {};
    return layout.minor <= 13 ? array_in(runtime) : list_in(walk, runtime);
  }
  return {};
}

}  // namespace ouro::python::walker
