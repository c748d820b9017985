// The references of one object: HeapWalk's knowledge of what lies where.
#include "python/walker/dict.hpp"
#include "python/walker/exit_functions.hpp"
#include "python/walker/frames.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/interpreter.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

/// How far ahead of the item in hand the map's slots are asked for.
constexpr std::int64_t kItemsAhead = 8;

int add_traversed(Object* object, void* walk) {
  static_cast<HeapWalk*>(walk)->add_edge(object, owned(EdgeMeaning::kOther));
  return 0;
}

/// The table of interned strings, which holds each as key and value and counts neither: a large
/// dict, each key of which is its value and interned.
bool is_interned_table(const Dict& dict) {
  constexpr std::int64_t kFewest = 500;
  if (dict.count <= kFewest || dict.is_split() || dict.is_general) return false;
  for (std::int64_t at = 0; at < dict.count; ++at) {
    const Object* value = dict.value_at(at);
    if (value == nullptr) continue;
    if (value != dict.key(at) || !is_exactly(value, symbols.PyUnicode_Type)) return false;
    if (!read_str(value).is_interned) return false;
  }
  return true;
}

/// What keys of a dict are to it.
EdgeKind key_kind(const Dict& dict) {
  if (dict.is_split()) return weak(EdgeMeaning::kKey);  // the class owns the shared table
  return dict.is_general ? owned(EdgeMeaning::kKey) : not_traversed(EdgeMeaning::kKey);
}

}  // namespace

void HeapWalk::walk_edges(Object* object, const TypeInfo& info, bool is_collectable) {
  if (is_collectable) {
    switch (info.edge_rule) {
      case EdgeRule::kNone:
        break;
      case EdgeRule::kList:
        return walk_list(object);
      case EdgeRule::kTuple:
        return walk_tuple(object);
      case EdgeRule::kSet:
        return walk_set(object);
      case EdgeRule::kDict:
        return walk_dict(object);
      case EdgeRule::kTraverse:
        info.traverse(object, add_traversed, this);
        break;
    }
  }
  next_to_label_ = 0;
  misses_ = 0;
  if (info.is_heap_type) label_class(info);
  if (info.is_type) return label_type(object, info);
  label_fields(object, info);
  if (info.dict_from_end != 0) label_dict_behind_items(object, info);
  if (info.has_managed_dict) label_managed_dict(object, info);
  label_containers(object, info);
  if (info.owns_frame) label_frame_edges(*this, object);
  if (info.is_function) add_closure_names(object);
  if (info.is_code) add_code_edges(object);
  if (info.text_rule == TextRule::kModule) add_exit_functions(object);
  if (info.is_lru_cache) add_cache_entries(object);
  if (info.is_weakref) {
    const Object* referent = load_object(object, 16 + layout.header);
    if (referent != nullptr) add_edge(referent, weak(EdgeMeaning::kAttribute), named("referent"));
  }
}

void HeapWalk::walk_list(const Object* list) {
  const auto* items = load<Object* const*>(list, layout.list_items);
  const std::int64_t count = list_size(list);
  for (std::int64_t at = 0; at < count; ++at) {
    if (at + kItemsAhead < count) numbers_.prefetch(address_of(items[at + kItemsAhead]));
    if (items[at] == nullptr) continue;
    writer_.add_edge(number_of(items[at]), owned(EdgeMeaning::kItem), LabelKind::kIndex,
                     static_cast<std::uint32_t>(at));
    writer_.spill_if_many();
  }
}

void HeapWalk::walk_tuple(const Object* tuple) {
  const std::int64_t count = tuple_size(tuple);
  for (std::int64_t at = 0; at < count; ++at) {
    const Object* item = tuple_item(tuple, at);
    if (item == nullptr) continue;
    writer_.add_edge(number_of(item), owned(EdgeMeaning::kItem), LabelKind::kIndex,
                     static_cast<std::uint32_t>(at));
    writer_.spill_if_many();
  }
}

// setobject.c: a table of [ key | hash ]; of a removed key the place has a dummy, whose hash is -1.
void HeapWalk::walk_set(const Object* set) {
  const auto* table = load<const char*>(set, layout.set_table);
  const auto mask = load<std::int64_t>(set, layout.set_mask);
  for (std::int64_t at = 0; at <= mask; ++at) {
    if (at + kItemsAhead <= mask) {
      numbers_.prefetch(load<std::uint64_t>(table, 16 * (at + kItemsAhead)));
    }
    const Object* key = load_object(table, 16 * at);
    if (key == nullptr || load<std::int64_t>(table, 16 * at + 8) == -1) continue;
    add_edge(key, owned(EdgeMeaning::kElement));
    writer_.spill_if_many();
  }
}

void HeapWalk::walk_dict(const Object* object) {
  const Dict dict = read_dict(object);
  if (dict.is_embedded) {
    // Whether the dict or the instance visits the values they share changed within 3.13 (and with
    // 3.14): let tp_traverse say.
    type_traverse(type_of(object))(const_cast<Object*>(object), add_traversed, this);
    next_to_label_ = 0;
    misses_ = 0;
    for (std::int64_t at = 0; at < dict.count; ++at) {
      const Object* value = dict.value_at(at);
      if (value == nullptr) continue;
      const Object* key = dict.key(at);
      add_edge(key, weak(EdgeMeaning::kKey));
      if (!label(value, owned(EdgeMeaning::kValue), named_by(key))) {
        add_edge(value, weak(EdgeMeaning::kValue), named_by(key));
      }
    }
    return;
  }
  const bool is_interned = is_interned_table(dict);
  const EdgeKind keys = is_interned ? weak(EdgeMeaning::kKey) : key_kind(dict);
  const EdgeKind values = is_interned ? weak(EdgeMeaning::kValue) : owned(EdgeMeaning::kValue);
  for (std::int64_t at = 0; at < dict.count; ++at) {
    if (at + kItemsAhead < dict.count) {
      numbers_.prefetch(address_of(dict.key(at + kItemsAhead)));
      numbers_.prefetch(address_of(dict.value_at(at + kItemsAhead)));
    }
    const Object* value = dict.value_at(at);
    if (value == nullptr) continue;
    const std::uint32_t key = number_of(dict.key(at));
    writer_.add_edge(key, keys, LabelKind::kNone, 0);
    writer_.add_edge(number_of(value), values, LabelKind::kNode, key);
    writer_.spill_if_many();
  }
}

// Every object of a class that was made at run time counts as a reference to it. Those of the
// entries of a functools.lru_cache are visited by the cache.
void HeapWalk::label_class(const TypeInfo& info) {
  if (!label(info.type, owned(EdgeMeaning::kType))) {
    add_edge(info.type,
             info.is_lru_link ? weak(EdgeMeaning::kType) : not_traversed(EdgeMeaning::kType));
  }
}

// A functools.lru_cache begins with the head of a ring of entries, [ previous | next | ... ], and
// counts each once more than the dict of its entries does.
void HeapWalk::add_cache_entries(const Object* cache) {
  constexpr std::int64_t kNext = 24;
  const Object* entry = load_object(cache, kNext + layout.header);
  while (entry != nullptr && entry != cache) {
    add_edge(entry, not_traversed(EdgeMeaning::kOther));
    entry = load_object(entry, kNext + layout.header);
  }
}

// Up to 3.9 the module visits them, then they have no labels yet.
void HeapWalk::add_exit_functions(const Object* module) {
  const bool are_visited = layout.minor <= 9;
  const ExitFunctions functions = exit_functions_of(*this, module);
  if (functions.list != nullptr) {
    add_edge(functions.list, not_traversed(EdgeMeaning::kOther), named("callbacks"));
  }
  for (std::uint32_t at = 0; at < functions.count; ++at) {
    if (functions.entries[at] == 0) continue;
    for (const int part : {0, 8, 16}) {
      const Object* target = load_object(object_at(functions.entries[at]), part);
      if (target == nullptr) continue;
      if (are_visited) {
        label(target, owned(EdgeMeaning::kItem), index(at));
      } else {
        add_edge(target, not_traversed(EdgeMeaning::kItem), index(at));
      }
    }
    if (!are_visited) writer_.spill_if_many();
  }
}

void HeapWalk::label_fields(Object* object, const TypeInfo& info) {
  const Field* fields = types_.fields_of(info);
  for (std::uint32_t at = 0; at < info.field_count; ++at) {
    const Object* target = load_object(object, fields[at].offset);
    if (target == nullptr) continue;
    const Label name{fields[at].label_kind, fields[at].label};
    const bool is_labelled = label(target, owned(EdgeMeaning::kAttribute), name);
    if (!is_labelled && !fields[at].is_only_name) {
      add_edge(target, not_traversed(EdgeMeaning::kAttribute), name);
    }
  }
}

// A negative tp_dictoffset counts from the end of the object: _PyObject_GetDictPtr().
void HeapWalk::label_dict_behind_items(Object* object, const TypeInfo& info) {
  std::int64_t items = size_field(object);
  if (layout.minor >= 12 && (info.flags & TypeFlag::kIntSubclass) != 0) {
    items = static_cast<std::int64_t>(static_cast<std::uint64_t>(items) >> 3);
  }
  if (items < 0) items = -items;
  const std::int64_t end = (info.basic_size + items * info.item_size + 7) / 8 * 8;
  const Object* dict = load_object(object, end + info.dict_from_end);
  if (dict != nullptr) label(dict, owned(EdgeMeaning::kAttribute), named("__dict__"));
}

// Where the attributes of an instance are that has no tp_dictoffset:
//
//   3.11    word -4: the values, word -3: the dict; one of them is null
//   3.12    word -3: the dict, or the values with bit 0 set
//   3.13+   word -3, or -1 where free-threaded, which has no collector's header: the dict, or null;
//           the values at tp_basicsize, if the class has the flag
//           [ capacity u8 | size u8 | embedded u8 | valid u8 ], at +8 pointers
//
// The values' names are the keys of the class's shared table, at the same places.
void HeapWalk::label_managed_dict(Object* object, const TypeInfo& info) {
  const char* base = reinterpret_cast<const char*>(object);
  const char* values = nullptr;
  const Object* dict = nullptr;
  std::int64_t most = 0xFFFF;
  if (layout.minor == 11) {
    values = load<const char*>(base, -32);
    dict = load_object(base, -24);
  } else if (layout.minor == 12) {
    const auto word = load<std::uint64_t>(base, -24);
    if ((word & 1) != 0) {
      values = reinterpret_cast<const char*>(word + 1);
    } else {
      dict = object_at(word);
    }
  } else {
    dict = load_object(base, layout.free_threaded ? -8 : -24);
    const char* inline_values = base + info.basic_size;
    if ((info.flags & TypeFlag::kInlineValues) != 0 && load<std::uint8_t>(inline_values, 3) != 0) {
      most = load<std::uint8_t>(inline_values, 0);
      values = inline_values + 8;
    }
  }
  if (dict != nullptr) label(dict, owned(EdgeMeaning::kAttribute), named("__dict__"));
  const auto* keys = load<const char*>(info.type, layout.heap_type_cached_keys);
  if (values == nullptr || keys == nullptr) return;
  const DictKeys names = read_dict_keys(keys);
  const std::int64_t count = names.count < most ? names.count : most;
  for (std::int64_t at = 0; at < count; ++at) {
    const Object* value = load_object(values, 8 * at);
    if (value == nullptr) continue;
    label(value, owned(EdgeMeaning::kAttribute), named_by(names.key(at)));
  }
}

void HeapWalk::label_containers(Object* object, const TypeInfo& info) {
  if (info.is_dict) label_dict(object, info);
  // list_traverse and tupletraverse begin with the last item.
  if (info.is_list) {
    for (std::int64_t at = list_size(object); at-- > 0;) {
      const Object* item = list_item(object, at);
      if (item != nullptr) label(item, owned(EdgeMeaning::kItem), index(at));
    }
  }
  if (info.is_tuple) {
    for (std::int64_t at = tuple_size(object); at-- > 0;) {
      const Object* item = tuple_item(object, at);
      if (item != nullptr) label(item, owned(EdgeMeaning::kItem), index(at));
    }
  }
  if (info.is_set) {
    const auto* table = load<const char*>(object, layout.set_table);
    const auto mask = load<std::int64_t>(object, layout.set_mask);
    for (std::int64_t at = 0; at <= mask; ++at) {
      const Object* key = load_object(table, 16 * at);
      if (key == nullptr || load<std::int64_t>(table, 16 * at + 8) == -1) continue;
      label(key, owned(EdgeMeaning::kElement));
    }
  }
  if (info.is_deque) label_items_in_order();
}

// deque_traverse visits the items from left to right; whatever else a deque refers to has its
// label already.
void HeapWalk::label_items_in_order() {
  const PendingEdges edges = writer_.pending_edges();
  std::uint32_t place = 0;
  for (std::uint64_t at = 0; at < edges.count; ++at) {
    const auto kind = EdgeKind::from_byte(
        static_cast<std::uint8_t>(edges.kinds[at] & ~stream::EdgeColumns::kLabelMask));
    if (kind != owned(EdgeMeaning::kOther)) continue;
    edges.relabel(at, owned(EdgeMeaning::kItem), LabelKind::kIndex, place++);
  }
}

// A subclass of dict. An OrderedDict also has a list of nodes, each of which counts its key:
// odict_traverse visits those first. A node is [ key | hash | next | previous ].
void HeapWalk::label_dict(const Object* object, const TypeInfo& info) {
  if (info.is_ordered_dict && layout.ordered_dict_first >= 0) {
    const auto* node = load<const char*>(object, layout.ordered_dict_first);
    for (std::int64_t left = size_field(object); node != nullptr && left > 0; --left) {
      label(load_object(node, 0), owned(EdgeMeaning::kKey));
      node = load<const char*>(node, 16);
    }
  }
  const Dict dict = read_dict(object);
  for (std::int64_t at = 0; at < dict.count; ++at) {
    const Object* value = dict.value_at(at);
    if (value == nullptr) continue;
    const Object* key = dict.key(at);
    if (!label(value, owned(EdgeMeaning::kValue), named_by(key)) && dict.is_embedded) {
      add_edge(value, weak(EdgeMeaning::kValue), named_by(key));
    }
    if (dict.is_general) {
      label(key, owned(EdgeMeaning::kKey));
    } else {
      add_edge(key, key_kind(dict));
    }
  }
}

// type_traverse visits tp_dict, tp_cache, tp_mro, tp_bases, tp_base and ht_module of heap types,
// and is not called for static ones, which own the same but tp_base: that is set in C without
// counting.
void HeapWalk::label_type(Object* type, const TypeInfo& metaclass) {
  const int header = layout.header;
  const bool is_heap_type = has_flag(type, TypeFlag::kHeapType);
  const auto own = [&](std::int64_t offset, const char* name) {
    const Object* target = load_object(type, offset);
    if (target == nullptr) return;
    if (!label(target, owned(EdgeMeaning::kAttribute), named(name))) {
      add_edge(target, not_traversed(EdgeMeaning::kAttribute), named(name));
    }
  };
  if (is_managed_static_type(type)) {
    add_static_type_states(type);
  } else {
    own(264 + header, "__dict__");
    own(360 + header, "tp_subclasses");
  }
  own(352 + header, "tp_cache");
  own(344 + header, "__mro__");
  own(336 + header, "__bases__");
  const Object* base = type_base(type);
  if (!is_heap_type) {
    if (base != nullptr) add_edge(base, weak(EdgeMeaning::kAttribute), named("__base__"));
    return;
  }
  own(256 + header, "__base__");
  if (layout.heap_type_module >= 0) own(layout.heap_type_module, "ht_module");
  own(layout.heap_type_name, "__name__");
  own(layout.heap_type_qualname, "__qualname__");
  own(layout.heap_type_slots, "__slots__");
  // The table of keys that the dicts of its instances share.
  if (const auto* keys = load<const char*>(type, layout.heap_type_cached_keys)) {
    const DictKeys shared = read_dict_keys(keys);
    for (std::int64_t at = 0; at < shared.count; ++at) {
      const Object* key = shared.key(at);
      if (key != nullptr) {
        add_edge(key, not_traversed(EdgeMeaning::kOther), named("ht_cached_keys"));
      }
    }
  }
  label_fields(type, metaclass);
}

void HeapWalk::add_static_type_states(Object* type) {
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    const StaticTypeState state = static_type_state(at, type);
    add_edge(state.dict, not_traversed(EdgeMeaning::kAttribute), named("__dict__"));
    add_edge(state.subclasses, not_traversed(EdgeMeaning::kAttribute), named("tp_subclasses"));
  }
  if (layout.static_types_in_interpreter == 0) {
    add_edge(dict_of_type(type), not_traversed(EdgeMeaning::kAttribute), named("__dict__"));
  }
}

// The cells of a closure are items of a tuple; their names are in the code. Weak edges from the
// function to the cells say both.
void HeapWalk::add_closure_names(const Object* function) {
  const Object* closure = load_object(function, layout.function_closure);
  const Object* code = load_object(function, layout.function_code);
  if (closure == nullptr || code == nullptr) return;
  constexpr std::uint8_t kFree = 0x80;  // CO_FAST_FREE
  const std::int64_t cells = tuple_size(closure);
  std::int64_t cell = 0;
  const auto name_next = [&](const Object* name) {
    if (cell >= cells || name == nullptr) return;
    add_edge(tuple_item(closure, cell++), weak(EdgeMeaning::kVariable), named_by(name));
  };
  if (layout.minor <= 10) {
    const Object* names = load_object(code, layout.code_freevars);
    for (std::int64_t at = 0; at < tuple_size(names); ++at) name_next(tuple_item(names, at));
    return;
  }
  const Object* names = load_object(code, layout.code_localsplus_names);
  const Object* kinds = load_object(code, layout.code_localsplus_kinds);
  for (std::int64_t at = 0; at < tuple_size(names); ++at) {
    if ((load<std::uint8_t>(kinds, 32 + layout.header + at) & kFree) != 0) {
      name_next(tuple_item(names, at));
    }
  }
}

// From 3.12 on code keeps what its attributes were asked for: _PyCoCached { co_code, co_varnames,
// co_cellvars, co_freevars }.
void HeapWalk::add_code_edges(const Object* code) {
  if (layout.minor < 12) return;
  const auto* cached = load<const char*>(code, (layout.minor == 12 ? 152 : 160) + layout.header);
  if (cached == nullptr) return;
  constexpr const char* kNames[] = {"co_code", "co_varnames", "co_cellvars", "co_freevars"};
  for (int at = 0; at < 4; ++at) {
    add_edge(load_object(cached, 8 * at), not_traversed(EdgeMeaning::kAttribute),
             named(kNames[at]));
  }
}

}  // namespace ouro::python::walker
