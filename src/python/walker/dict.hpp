// A dict (or frozendict) by its layout.
//
//   dict     +32 ma_keys -> keys       +40 ma_values: null, or the values of a split table
//
//   keys, up to 3.10                   keys, from 3.11
//   +0   dk_refcnt i64                 +0   dk_refcnt i64
//   +8   dk_size i64                   +8   dk_log2_size u8
//   +16  dk_lookup                     +9   dk_log2_index_bytes u8
//   +24  dk_usable i64                 +10  dk_kind u8: 0 general, 1 str keys, 2 split
//   +32  dk_nentries i64               +16  dk_usable i64
//   +40  indexes, then entries         +24  dk_nentries i64
//                                      +32  indexes, then entries
//
//   entry    [ hash | key | value ]; from 3.11 [ key | value ] where all keys are str
//   values   up to 3.12: pointers; from 3.13: [ capacity u8 | size u8 | embedded u8 | valid u8 ],
//            then at +8 pointers. Embedded: they lie in an instance, which owns them.
//
// dict_traverse visits all values except embedded ones, and keys of general tables only: keys that
// are str cannot be part of a cycle.
#pragma once

#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct DictKeys {
  const char* keys = nullptr;
  const char* entries = nullptr;
  std::int64_t count = 0;  ///< entries in use or once used
  std::int64_t slots = 0;  ///< of the index
  std::int64_t index_bytes = 0;
  int entry_size = 0;
  int key_offset = 0;
  bool is_general = false;

  Object* key(std::int64_t at) const { return load_object(entries, at * entry_size + key_offset); }
  Object* value(std::int64_t at) const {
    return load_object(entries, at * entry_size + key_offset + 8);
  }
  /// What sys.getsizeof counts: dk_usable at its beginning, used or not.
  std::int64_t size_bytes() const {
    return (layout.minor <= 10 ? 40 : 32) + index_bytes + (2 * slots / 3) * entry_size;
  }
  std::int64_t reference_count() const { return load<std::int64_t>(keys, 0); }
};

inline DictKeys read_dict_keys(const char* keys) {
  DictKeys read;
  read.keys = keys;
  if (layout.minor <= 10) {
    read.slots = load<std::int64_t>(keys, 8);
    read.is_general = load<std::uint64_t>(keys, 16) == layout.general_lookup;
    read.count = load<std::int64_t>(keys, 32);
    const std::int64_t width = read.slots <= 0xFF         ? 1
                               : read.slots <= 0xFFFF     ? 2
                               : read.slots <= 0xFFFFFFFF ? 4
                                                          : 8;
    read.index_bytes = read.slots * width;
    read.entries = keys + 40 + read.index_bytes;
    read.entry_size = 24;
  } else {
    read.slots = std::int64_t{1} << load<std::uint8_t>(keys, 8);
    read.index_bytes = std::int64_t{1} << load<std::uint8_t>(keys, 9);
    read.is_general = load<std::uint8_t>(keys, 10) == 0;
    read.count = load<std::int64_t>(keys, 24);
    read.entries = keys + 32 + read.index_bytes;
    read.entry_size = read.is_general ? 24 : 16;
  }
  read.key_offset = read.entry_size == 24 ? 8 : 0;
  return read;
}

struct Dict : DictKeys {
  const char* values = nullptr;  ///< null: in the entries
  bool is_embedded = false;      ///< an instance owns the values

  bool is_split() const { return values != nullptr; }
  Object* value_at(std::int64_t at) const {
    return values != nullptr ? load_object(values, 8 * at) : value(at);
  }
};

inline Dict read_dict(const Object* dict) {
  Dict read;
  static_cast<DictKeys&>(read) = read_dict_keys(load<const char*>(dict, layout.dict_keys));
  read.values = load<const char*>(dict, layout.dict_values);
  if (read.values != nullptr && layout.minor >= 13) {
    const auto capacity = load<std::uint8_t>(read.values, 0);
    read.is_embedded = load<std::uint8_t>(read.values, 2) != 0;
    if (read.count > capacity) read.count = capacity;
    read.values += 8;
  }
  return read;
}

/// The value of a key that is the very object `key` (interned names are), or null.
inline Object* find_in_dict(const Object* dict, const Object* key) {
  const Dict read = read_dict(dict);
  for (std::int64_t at = 0; at < read.count; ++at) {
    if (read.key(at) == key) {
      if (Object* value = read.value_at(at)) return value;
    }
  }
  return nullptr;
}

}  // namespace ouro::python::walker
