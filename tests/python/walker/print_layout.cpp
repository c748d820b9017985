// Prints the walker's table of a version, a line a field: print_layout 14 [free-threaded].
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "python/walker/layout.hpp"

namespace walker = ouro::python::walker;

namespace {

std::string version;
const char* get_version() {
  return version.c_str();
}

struct Line {
  const char* name;
  std::int64_t offset;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  version = std::string("3.") + argv[1] + ".0";
  const bool free_threaded = argc > 2;
  // A class of itself, as `type` is: where it says so tells the builds apart.
  std::uint64_t type[8] = {};
  const auto address = reinterpret_cast<std::uint64_t>(type);
  type[free_threaded ? 3 : 1] = address;
  walker::PythonSymbols symbols{};
  symbols.Py_GetVersion = reinterpret_cast<std::uint64_t>(&get_version);
  symbols.PyType_Type = address;
  walker::Layout layout;
  if (const char* reason = walker::choose_layout(symbols, layout)) {
    std::fprintf(stderr, "%s\n", reason);
    return 1;
  }
  const Line lines[] = {
      {"header", layout.header + 16},
      {"type_object_size", layout.type_object_size},
      {"heap_type_name", layout.heap_type_name},
      {"heap_type_slots", layout.heap_type_slots},
      {"heap_type_qualname", layout.heap_type_qualname},
      {"heap_type_cached_keys", layout.heap_type_cached_keys},
      {"heap_type_module", layout.heap_type_module},
      {"ascii_size", layout.ascii_size},
      {"compact_size", layout.compact_size},
      {"utf8_length", layout.utf8_length},
      {"utf8", layout.utf8},
      {"tuple_items", layout.tuple_items},
      {"list_items", layout.list_items},
      {"list_allocated", layout.list_allocated},
      {"int_digits", layout.int_digits},
      {"dict_keys", layout.dict_keys},
      {"dict_values", layout.dict_values},
      {"set_mask", layout.set_mask},
      {"set_table", layout.set_table},
      {"set_small_table", layout.set_small_table},
      {"function_code", layout.function_code},
      {"function_qualname", layout.function_qualname},
      {"function_closure", layout.function_closure},
      {"code_filename", layout.code_filename},
      {"code_name", layout.code_name},
      {"code_qualname", layout.code_qualname},
      {"code_first_line", layout.code_first_line},
      {"code_freevars", layout.code_freevars},
      {"code_localsplus_names", layout.code_localsplus_names},
      {"code_localsplus_kinds", layout.code_localsplus_kinds},
      {"type_unique_id", layout.type_unique_id},
      {"code_unique_id", layout.code_unique_id},
      {"dict_unique_id", layout.dict_unique_id},
  };
  for (const Line& line : lines) {
    std::printf("%s %lld\n", line.name, static_cast<long long>(line.offset));
  }
  return 0;
}
