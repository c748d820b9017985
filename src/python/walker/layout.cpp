#include "python/walker/layout.hpp"

#include "python/walker/object.hpp"

namespace ouro::python::walker {

// constinit: a freestanding object has nobody to run constructors.
constinit Layout layout{};
constinit PythonSymbols symbols{};

namespace {

constexpr int kOldest = 8;
constexpr int kNewest = 15;

/// One number a version from 3.8 to 3.15, of default builds.
using Row = int[kNewest - kOldest + 1];

// From each version's own headers: PyHeapTypeObject lies behind PyTypeObject and the five suites.
//                                      3.8  3.9  3.10 3.11 3.12 3.13 3.14 3.15
constexpr Row kTypeObjectSize = /*   */ {416, 408, 408, 408, 416, 416, 416, 424};
constexpr Row kHeapTypeName = /*     */ {848, 840, 848, 848, 856, 856, 856, 864};
constexpr Row kCollecting = /*       */ {176, 176, 176, 176, 176, 176, 168, 104};
// PyInterpreterState: its members move even between patch releases, so what is read there is only
// used after a comparison with what a getter says (probe.cpp).
constexpr Row kModules = /*          */ {56, 856, 856, 888, 944, 7656, 7688, 7592};
constexpr Row kSysDict = /*          */ {72, 872, 872, 904, 352, 7640, 7672, 7576};
constexpr Row kBuiltins = /*         */ {80, 880, 880, 912, 360, 7648, 7680, 7584};
constexpr Row kInterpreterDict = /*  */ {544, 1376, 1344, 1400, 1720, 8448, 8496, 8448};
constexpr Row kStaticTypes = /*      */ {0, 0, 0, 0, 373704, 182968, 180240, 180264};
constexpr Row kExtensionTypes = /*   */ {0, 0, 0, 0, 0, 192584, 189856, 190024};
// The same of free-threaded builds, 3.13 to 3.15.
constexpr int kUniqueIdsFree[] = {0, 17112, 17064};
constexpr int kThreadCountsFree[] = {0, 19104, 19304};
constexpr int kTypeUniqueIdFree[] = {0, 952, 960};
constexpr int kModulesFree[] = {7664, 7712, 7592};
constexpr int kSysDictFree[] = {7648, 7696, 7576};
constexpr int kBuiltinsFree[] = {7656, 7704, 7584};
constexpr int kInterpreterDictFree[] = {8464, 8536, 8464};
constexpr int kStaticTypesFree[] = {186056, 186032, 186000};
constexpr int kExtensionTypesFree[] = {195672, 195648, 195760};

/// The minor version in the text of Py_GetVersion(), "3.12.1 (main, ..."; -1 for another one.
int minor_of(const char* version) {
  if (version[0] != '3' || version[1] != '.') return -1;
  int minor = 0;
  for (const char* at = version + 2; *at >= '0' && *at <= '9'; ++at) minor = 10 * minor + *at - '0';
  return minor;
}

/// The class of the class `type` is itself, which tells the builds apart by where it stands.
bool is_own_class(std::uint64_t type, int offset) {
  return load<std::uint64_t>(object_at(type), offset) == type;
}

void choose_type_offsets(Layout& chosen) {
  const int row = chosen.minor - kOldest;
  chosen.type_object_size = kTypeObjectSize[row] + chosen.header;
  chosen.heap_type_name = kHeapTypeName[row] + chosen.header;
  chosen.heap_type_slots = chosen.heap_type_name + 8;
  chosen.heap_type_qualname = chosen.heap_type_name + 16;
  chosen.heap_type_cached_keys = chosen.heap_type_name + 24;
  chosen.heap_type_module = chosen.minor >= 9 ? chosen.heap_type_name + 32 : -1;
}

void choose_container_offsets(Layout& chosen) {
  const int header = chosen.header;
  // 3.12 took wstr and its length out of str.
  const int wide_pointer = chosen.minor <= 11 ? 8 : 0;
  chosen.ascii_size = 40 + wide_pointer + header;
  chosen.utf8_length = 40 + wide_pointer + header;
  chosen.utf8 = 48 + wide_pointer + header;
  chosen.compact_size = 56 + 2 * wide_pointer + header;
  chosen.str_state_shift = chosen.free_threaded && chosen.minor >= 14 ? 8 : 2;
  chosen.tuple_items = (chosen.minor >= 14 ? 32 : 24) + header;  // 3.14: the hash stands before
  chosen.list_items = 24 + header;
  chosen.list_allocated = 32 + header;
  chosen.int_digits = 24 + header;
  chosen.dict_keys = 32 + header;
  chosen.dict_values = 40 + header;
  chosen.set_mask = 32 + header;
  chosen.set_table = 40 + header;
  chosen.set_small_table = 64 + header;
}

void choose_code_offsets(Layout& chosen) {
  const int header = chosen.header;
  const bool old_function = chosen.minor <= 9;
  chosen.function_code = (old_function ? 16 : 48) + header;
  chosen.function_qualname = (old_function ? 104 : 40) + header;
  chosen.function_closure = (old_function ? 48 : 72) + header;
  if (chosen.minor <= 10) {
    chosen.code_first_line = 40;
    chosen.code_freevars = 80;
    chosen.code_filename = 104;
    chosen.code_name = 112;
    return;
  }
  chosen.code_first_line = (chosen.minor == 11 ? 72 : 68) + header;
  chosen.code_localsplus_names = 96 + header;
  chosen.code_localsplus_kinds = 104 + header;
  chosen.code_filename = 112 + header;
  chosen.code_name = 120 + header;
  chosen.code_qualname = 128 + header;
}

void choose_interpreter_offsets(Layout& chosen) {
  const int row = chosen.minor - kOldest;
  chosen.collecting = kCollecting[row];
  chosen.interpreter_modules = kModules[row];
  chosen.interpreter_sysdict = kSysDict[row];
  chosen.interpreter_builtins = kBuiltins[row];
  chosen.interpreter_dict = kInterpreterDict[row];
  chosen.static_types_in_interpreter = kStaticTypes[row];
  chosen.extension_types_in_interpreter = kExtensionTypes[row];
  chosen.static_type_size = chosen.minor == 12 ? 40 : 48;
  chosen.static_type_dict = chosen.minor == 12 ? 16 : 24;
  if (!chosen.free_threaded) return;
  const int row_free = chosen.minor - 13;
  chosen.unique_ids_in_interpreter = kUniqueIdsFree[row_free];
  chosen.counts_in_thread = kThreadCountsFree[row_free];
  chosen.type_unique_id = kTypeUniqueIdFree[row_free];
  chosen.code_unique_id = 200;
  chosen.dict_unique_id = 40;
  chosen.interpreter_modules = kModulesFree[row_free];
  chosen.interpreter_sysdict = kSysDictFree[row_free];
  chosen.interpreter_builtins = kBuiltinsFree[row_free];
  chosen.interpreter_dict = kInterpreterDictFree[row_free];
  chosen.static_types_in_interpreter = kStaticTypesFree[row_free];
  chosen.extension_types_in_interpreter = kExtensionTypesFree[row_free];
}

}  // namespace

const char* choose_layout(const PythonSymbols& given, Layout& chosen) {
  chosen = Layout{};
  chosen.minor = minor_of(call<const char*>(given.Py_GetVersion));
  if (chosen.minor < kOldest) return "this CPython is older than 3.8";
  if (chosen.minor > kNewest) return "this CPython is newer than 3.15, the newest that is known";
  if (is_own_class(given.PyType_Type, 24)) {
    if (chosen.minor < 13) return "this CPython is a build that is not known (Py_TRACE_REFS?)";
    chosen.free_threaded = true;
    chosen.header = 16;
  } else if (!is_own_class(given.PyType_Type, 8)) {
    return "this CPython is a build that is not known";
  }
  choose_type_offsets(chosen);
  choose_container_offsets(chosen);
  choose_code_offsets(chosen);
  choose_interpreter_offsets(chosen);
  return nullptr;
}

}  // namespace ouro::python::walker
