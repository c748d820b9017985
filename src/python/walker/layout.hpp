// Where CPython keeps what: byte offsets, chosen once by version and build (layout.cpp), constant
// after prepare().
//
// The same from 3.8 to 3.15, so written where it is used (object.hpp): the fields of PyTypeObject,
// list, dict, set. Of the rest one row a version, each from that version's own headers; the test
// tests/python/walker/layout_of_headers.py compares them with those headers.
//
// A free-threaded build has an object header of 32 bytes instead of 16: every offset within an
// object is 16 more (`header` below), those within threads, interpreters and frames are not.
//
//   default build       free-threaded
//   +0   ob_refcnt      +0   ob_tid
//   +8   ob_type        +8   ob_flags u16, ob_mutex u8 at 10, ob_gc_bits u8 at 11
//                       +12  ob_ref_local u32
//                       +16  ob_ref_shared i64
//                       +24  ob_type
//   +16  fields         +32  fields
#pragma once

#include <cstdint>

#include "python/walker/python_symbols.hpp"

namespace ouro::python::walker {

struct Layout {
  int minor = 0;  ///< 8 for CPython 3.8
  bool free_threaded = false;
  /// Bytes an object header is longer than that of a default build; add it to every offset within
  /// an object that a table gives for default builds. The members below contain it already.
  int header = 0;

  // PyTypeObject and PyHeapTypeObject.
  int type_object_size = 0;
  int heap_type_name = 0;
  int heap_type_slots = 0;
  int heap_type_qualname = 0;
  int heap_type_cached_keys = 0;
  int heap_type_module = -1;  ///< -1: there is none

  // str: sizes of the structures before the characters.
  int ascii_size = 0;
  int compact_size = 0;
  int utf8_length = 0;
  int utf8 = 0;
  int str_state_shift = 0;  ///< of `kind`: interned has 2 bits, or 8 where free-threaded

  int tuple_items = 0;
  int list_items = 0;
  int list_allocated = 0;
  int int_digits = 0;
  int dict_keys = 0;
  int dict_values = 0;
  /// The first node of an OrderedDict; -1: not known. Learnt by probe_layout().
  int ordered_dict_first = -1;
  int ordered_dict_index_size = -1;
  int set_mask = 0;
  int set_table = 0;
  int set_small_table = 0;

  // The function object.
  int function_code = 0;
  int function_qualname = 0;
  int function_closure = 0;

  // The code object. Before 3.11 names of variables are in three tuples.
  int code_filename = 0;
  int code_name = 0;
  int code_qualname = -1;  ///< from 3.11
  int code_first_line = 0;
  int code_freevars = -1;          ///< up to 3.10
  int code_localsplus_names = -1;  ///< from 3.11
  int code_localsplus_kinds = -1;  ///< from 3.11

  /// Up to 3.10: what dk_lookup of a dict with any keys points to.
  std::uint64_t general_lookup = 0;

  // The collector's lists: heads of generations 0, 1, 2 and the permanent one, relative to the
  // first; the first relative to its interpreter. Not where free-threaded.
  int permanent_head = 0;  ///< learnt by probe_layout()
  std::int64_t lists_in_interpreter = 0;
  std::uint64_t first_head = 0;                ///< of the interpreter that prepare() ran in
  int collecting = 0;                          ///< relative to the first head, an int
  std::int64_t collecting_in_interpreter = 0;  ///< from 3.13 on; 0: not known

  // Free-threaded, from 3.14 on: threads count some objects apart, by ids (counts.cpp).
  int type_unique_id = 0;
  int code_unique_id = 0;
  int dict_unique_id = 0;  ///< the upper half of the word
  std::int64_t unique_ids_in_interpreter = 0;
  std::int64_t counts_in_thread = 0;

  // Static types keep their dict per interpreter from 3.12 on. 0: where is not known.
  std::int64_t static_types_in_interpreter = 0;
  std::int64_t extension_types_in_interpreter = 0;
  int static_type_size = 0;
  int static_type_dict = 0;  ///< tp_subclasses is the word behind it

  // Objects the interpreter owns: sys.modules, the sys module's dict, builtins. -1: not known.
  std::int64_t interpreter_modules = -1;
  std::int64_t interpreter_sysdict = -1;
  std::int64_t interpreter_builtins = -1;
  std::int64_t interpreter_dict = -1;
};

/// Of the interpreter this process is: there is one. Filled by prepare().
extern Layout layout;
/// Addresses of the interpreter's symbols. Filled by prepare().
extern PythonSymbols symbols;

/// Null, or why this version or build is not known.
const char* choose_layout(const PythonSymbols& symbols, Layout& layout);

/// Compares with what the interpreter says of itself, from 3.13 on; learns where `collecting` is.
/// Null, or what does not fit.
const char* check_described_layout(Layout& layout);

/// Makes objects of the common kinds and reads them by the layout. Learns what only a live object
/// tells (general_lookup, first_head). Null, or what did not fit.
/// Precondition: `layout` and `symbols` above are filled by choose_layout().
const char* probe_layout(Layout& layout);

}  // namespace ouro::python::walker
