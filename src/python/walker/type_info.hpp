// What the walk needs to know of a class, found once: how its objects are measured, which of their
// fields have names, what text they say of themselves.
#pragma once

#include <cstdint>

#include "python/stream/records.hpp"
#include "python/walker/memory.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

class HeapWalk;

/// How sys.getsizeof measures the objects of a class.
enum class SizeRule : std::uint8_t {
  kBasic,  ///< object.__sizeof__: tp_basicsize and items
  kList,
  kInt,
  kStr,
  kDict,
  kOrderedDict,
  kSet,
  kByteArray,
  kType,
  kDeque,
  kCall,    ///< its own __sizeof__ in C, called
  kPython,  ///< a __sizeof__ that is not called: as kBasic, and marked
};

/// Where the references of an object come from.
enum class EdgeRule : std::uint8_t {
  kNone,      ///< not the collector's business
  kTraverse,  ///< tp_traverse, then labels
  kList,      ///< these by their layout, without a call
  kTuple,
  kDict,
  kSet,
};

/// Which text an object has.
enum class TextRule : std::uint8_t {
  kNone,
  kStr,
  kBytes,
  kByteArray,
  kInt,
  kBool,
  kFloat,
  kComplex,
  kFunction,
  kBuiltin,
  kDescriptor,
  kModule,
  kClass,
  kCode,
  kFrame,
};

/// A field that holds a counted reference, by its place.
struct Field {
  std::int32_t offset;
  std::uint32_t label;
  stream::LabelKind label_kind;
  /// It names what tp_traverse visits, and is believed no further: of classes whose layout no
  /// header tells.
  bool is_only_name;
};

struct TypeInfo {
  Object* type;
  std::uint64_t flags;
  Traverse traverse;  ///< null: its objects are not the collector's
  IsGc is_gc;
  std::int64_t basic_size;
  std::int64_t item_size;
  std::int64_t dict_from_end;          ///< of __dict__, from the end of the items; 0: not there
  std::int32_t header_size;            ///< what getsizeof adds for what lies before the object
  std::int32_t collector_header_size;  ///< the same for objects the collector may track
  SizeRule size_rule;
  EdgeRule edge_rule;
  TextRule text_rule;
  bool is_dict;   ///< dict, a subclass of it, frozendict
  bool is_list;   ///< a subclass of list
  bool is_tuple;  ///< a subclass of tuple
  bool is_set;    ///< a subclass of set or frozenset
  bool is_ordered_dict;
  bool is_deque;
  bool is_lru_cache;
  bool is_lru_link;  ///< an entry of a functools.lru_cache
  bool is_function;
  bool is_code;
  bool is_heap_type;
  bool is_type;  ///< a metaclass: its objects are classes
  bool is_weakref;
  bool owns_frame;   ///< frames.hpp
  bool is_greenlet;  ///< greenlets.hpp
  bool has_managed_dict;
  Object* (*size_of)(Object*, Object*);  ///< of kCall
  std::uint32_t first_field;
  std::uint32_t field_count;
};

class TypeInfos {
 public:
  /// Of the class with that number: made, and its Type record written, when it is new.
  const TypeInfo& at(HeapWalk& walk, std::uint32_t number, Object* type) {
    if (number < number_by_type_.capacity()) {
      if (const std::uint32_t found = number_by_type_[number]) return infos_[found - 1];
    }
    return make(walk, number, type);
  }
  const Field* fields_of(const TypeInfo& info) const { return fields_.data() + info.first_field; }
  /// Which of the classes it is: from 0, in the order in which they were made.
  std::uint32_t place_of(const TypeInfo& info) const {
    return static_cast<std::uint32_t>(&info - infos_.data());
  }

 private:
  const TypeInfo& make(HeapWalk& walk, std::uint32_t number, Object* type);
  void collect_fields(HeapWalk& walk, TypeInfo& info);
  void add_field(std::int64_t offset, stream::LabelKind kind, std::uint32_t label,
                 std::uint32_t first, bool is_only_name = false);

  /// Index in infos_ + 1; 0: none. Sparse: touched at the numbers of classes only.
  GrowingArray<std::uint32_t> number_by_type_;
  GrowingArray<TypeInfo> infos_;
  std::uint32_t info_count_ = 0;
  GrowingArray<Field> fields_;
  std::uint32_t total_field_count_ = 0;
};

}  // namespace ouro::python::walker
