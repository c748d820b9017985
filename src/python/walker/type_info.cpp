#include "python/walker/type_info.hpp"

#include <initializer_list>

#include "python/walker/awaitable_fields.hpp"
#include "python/walker/borrowed_members.hpp"
#include "python/walker/frames.hpp"
#include "python/walker/greenlets.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/known_fields.hpp"
#include "python/walker/lookup.hpp"
#include "python/walker/sizes.hpp"
#include "python/walker/texts.hpp"

namespace ouro::python::walker {

namespace {

// PyMemberDef { name, type int, offset i64, flags int, doc }, 40 bytes; T_OBJECT and T_OBJECT_EX
// are members that hold an object.
constexpr int kMemberBytes = 40;
constexpr int kObjectMember = 6;
constexpr int kObjectOrErrorMember = 16;

bool is_one_of(const Object* type, std::initializer_list<std::uint64_t> addresses) {
  for (const std::uint64_t address : addresses) {
    if (address != 0 && address_of(type) == address) return true;
  }
  return false;
}

bool has_base(const Object* type, std::initializer_list<std::uint64_t> addresses) {
  for (; type != nullptr; type = type_base(type)) {
    if (is_one_of(type, addresses)) return true;
  }
  return false;
}

EdgeRule edge_rule_of(const TypeInfo& info) {
  if (info.traverse == nullptr) return EdgeRule::kNone;
  if (is_one_of(info.type, {symbols.PyList_Type})) return EdgeRule::kList;
  if (is_one_of(info.type, {symbols.PyTuple_Type})) return EdgeRule::kTuple;
  if (is_one_of(info.type, {symbols.PyDict_Type, symbols.PyFrozenDict_Type})) {
    return EdgeRule::kDict;
  }
  if (is_one_of(info.type, {symbols.PySet_Type, symbols.PyFrozenSet_Type})) return EdgeRule::kSet;
  return EdgeRule::kTraverse;
}

}  // namespace

const TypeInfo& TypeInfos::make(HeapWalk& walk, std::uint32_t number, Object* type) {
  if (!number_by_type_.reserve(std::uint64_t{number} + 1) || !infos_.reserve(info_count_ + 1)) {
    walk.fail("there is no memory for the classes");
    // Whatever it says, the walk ends before it is written.
    static constinit TypeInfo none{};
    return none;
  }
  TypeInfo& info = infos_[info_count_];
  info = TypeInfo{};
  info.type = type;
  info.flags = type_flags(type);
  info.traverse = (info.flags & TypeFlag::kHaveGc) != 0 ? type_traverse(type) : nullptr;
  info.is_gc = type_is_gc(type);
  info.basic_size = type_basic_size(type);
  info.item_size = type_item_size(type);
  info.is_list = (info.flags & TypeFlag::kListSubclass) != 0;
  info.is_tuple = (info.flags & TypeFlag::kTupleSubclass) != 0;
  info.is_dict = (info.flags & TypeFlag::kDictSubclass) != 0 ||
                 (symbols.PyFrozenDict_Type != 0 && has_base(type, {symbols.PyFrozenDict_Type}));
  info.is_set = has_base(type, {symbols.PySet_Type, symbols.PyFrozenSet_Type});
  info.is_ordered_dict = has_base(type, {symbols.PyODict_Type});
  info.is_deque = false;
  info.is_lru_cache = is_named(type, "functools._lru_cache_wrapper");
  info.is_lru_link = is_named(type, "functools._lru_list_elem");
  info.is_type = (info.flags & TypeFlag::kTypeSubclass) != 0;
  info.is_weakref = has_base(type, {symbols._PyWeakref_RefType, symbols._PyWeakref_ProxyType,
                                    symbols._PyWeakref_CallableProxyType});
  info.is_function = is_one_of(type, {symbols.PyFunction_Type});
  info.is_code = is_one_of(type, {symbols.PyCode_Type});
  info.owns_frame = owns_frame(type);
  info.is_greenlet = is_greenlet_type(type);
  info.has_managed_dict = layout.minor >= 11 && (info.flags & TypeFlag::kManagedDict) != 0;
  const std::int64_t dict_offset = type_dict_offset(type);
  if (dict_offset < 0 && !info.has_managed_dict && !info.is_type) info.dict_from_end = dict_offset;
  info.is_heap_type = (info.flags & TypeFlag::kHeapType) != 0;
  info.edge_rule = edge_rule_of(info);
  info.text_rule = choose_text_rule(type, info.flags);
  choose_size_rule(info);
  info.is_deque = info.size_rule == SizeRule::kDeque;
  // Where a frame is, frames.cpp names all edges.
  if (!info.owns_frame) collect_fields(walk, info);
  ++info_count_;
  number_by_type_[number] = info_count_;
  write_type(walk.writer(), number, type);
  return info;
}

void TypeInfos::add_field(std::int64_t offset, LabelKind kind, std::uint32_t label,
                          std::uint32_t first, bool is_only_name) {
  if (offset < 16 + layout.header || offset > 1 << 16) return;
  for (std::uint32_t at = first; at < total_field_count_; ++at) {
    if (fields_[at].offset == offset) return;
  }
  if (!fields_.reserve(total_field_count_ + 1)) return;
  fields_[total_field_count_++] = {.offset = static_cast<std::int32_t>(offset),
                                   .label = label,
                                   .label_kind = kind,
                                   .is_only_name = is_only_name};
}

// In the order in which tp_traverse of a class made by `class` visits: its own slots, those of its
// bases, then what the base in C knows.
void TypeInfos::collect_fields(HeapWalk& walk, TypeInfo& info) {
  const std::uint32_t first = total_field_count_;
  info.first_field = first;
  for (const Object* type = info.type; type != nullptr; type = type_base(type)) {
    // Classes are looked at field by field in edges.cpp.
    if (address_of(type) == symbols.PyType_Type) break;
    const Object* slots =
        has_flag(type, TypeFlag::kHeapType) ? load_object(type, layout.heap_type_slots) : nullptr;
    std::int64_t at = 0;
    const char* member = type_members(type);
    for (; member != nullptr && load<const char*>(member, 0) != nullptr;
         member += kMemberBytes, ++at) {
      const int what = load<int>(member, 8);
      if (what != kObjectMember && what != kObjectOrErrorMember) continue;
      const auto offset = load<std::int64_t>(member, 16);
      // The members of a class statement are its __slots__, in the same order.
      if (slots != nullptr && at < tuple_size(slots)) {
        add_field(offset, LabelKind::kNode, walk.number_of(tuple_item(slots, at)), first);
      } else {
        const char* name = load<const char*>(member, 0);
        add_field(offset, LabelKind::kName, walk.named(name).value, first,
                  is_borrowed_member(type, name));
      }
    }
    for_each_known_field(type, [&](std::int64_t offset, const char* name) {
      add_field(offset, LabelKind::kName, walk.named(name).value, first);
    });
    for_each_awaitable_field(type, [&](std::int64_t offset, const char* name) {
      add_field(offset, LabelKind::kName, walk.named(name).value, first, true);
    });
  }
  if (const std::int64_t offset = type_dict_offset(info.type); offset > 0 && !info.is_type) {
    add_field(offset, LabelKind::kName, walk.named("__dict__").value, first);
  }
  info.field_count = total_field_count_ - first;
}

}  // namespace ouro::python::walker
