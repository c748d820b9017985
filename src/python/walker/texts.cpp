#include "python/walker/texts.hpp"

#include <initializer_list>

#include "python/walker/frames.hpp"
#include "python/walker/lookup.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

using stream::kMostBytesShown;
using stream::kMostCodePoints;
using stream::TextKind;

constexpr std::int64_t kMostNameCharacters = kMostNameBytes / 4;

bool is_str(const Object* object) {
  return object != nullptr && has_flag(type_of(object), TypeFlag::kStrSubclass);
}

std::uint32_t write_c_string(const char* text, char* to) {
  std::uint32_t bytes = 0;
  while (bytes < kMostNameCharacters && text[bytes] != 0) {
    to[bytes] = text[bytes];
    ++bytes;
  }
  return bytes;
}

void write_str(StreamWriter& writer, std::uint32_t number, const Object* object) {
  const Str str = read_str(object);
  char* to = writer.begin_text(4 * kMostCodePoints);
  const std::uint32_t bytes = write_utf8(str, kMostCodePoints, to);
  writer.finish_text(number, TextKind::kStr, bytes, static_cast<std::uint64_t>(str.length),
                     str.length > kMostCodePoints);
}

void write_some_bytes(StreamWriter& writer, std::uint32_t number, const char* from,
                      std::int64_t length) {
  char* to = writer.begin_text(kMostBytesShown);
  const bool is_cut = length > kMostBytesShown;
  const auto bytes = is_cut ? kMostBytesShown : static_cast<std::uint32_t>(length);
  for (std::uint32_t at = 0; at < bytes; ++at) to[at] = from[at];
  writer.finish_text(number, TextKind::kBytes, bytes, static_cast<std::uint64_t>(length), is_cut);
}

// Digits of 30 bits, lowest first; the sign in ob_size, from 3.12 on in the low bits of lv_tag
// (0 positive, 1 zero, 2 negative).
void write_int(StreamWriter& writer, std::uint32_t number, const Object* object) {
  const std::int64_t size = size_field(object);
  const bool is_negative = layout.minor >= 12 ? (size & 3) == 2 : size < 0;
  const std::int64_t digits = layout.minor >= 12
                                  ? static_cast<std::int64_t>(static_cast<std::uint64_t>(size) >> 3)
                              : size < 0 ? -size
                                         : size;
  char* to = writer.begin_text(1 + stream::kMostBytesOfInt + 8);
  to[0] = is_negative ? 1 : 0;
  std::uint32_t bytes = 0;
  std::uint64_t pending = 0;
  unsigned pending_bits = 0;
  std::uint32_t highest = 0;
  for (std::int64_t at = 0; at < digits; ++at) {
    highest = load<std::uint32_t>(object, layout.int_digits + 4 * at);
    if (bytes >= stream::kMostBytesOfInt) {
      highest = load<std::uint32_t>(object, layout.int_digits + 4 * (digits - 1));
      break;
    }
    pending |= std::uint64_t{highest} << pending_bits;
    for (pending_bits += 30; pending_bits >= 8; pending_bits -= 8) {
      to[1 + bytes++] = static_cast<char>(pending & 0xFF);
      pending >>= 8;
    }
  }
  if (pending != 0) to[1 + bytes++] = static_cast<char>(pending);
  const std::uint64_t bits =
      digits == 0 ? 0
                  : 30 * static_cast<std::uint64_t>(digits - 1) +
                        static_cast<std::uint64_t>(highest == 0 ? 0 : 32 - __builtin_clz(highest));
  const bool is_cut = bits > 8 * std::uint64_t{stream::kMostBytesOfInt};
  if (is_cut) bytes = stream::kMostBytesOfInt;
  while (bytes > 0 && to[bytes] == 0) --bytes;
  writer.finish_text(number, TextKind::kInt, 1 + bytes, bits, is_cut);
}

void write_value(StreamWriter& writer, std::uint32_t number, TextKind what, const char* from,
                 std::uint32_t bytes) {
  char* to = writer.begin_text(bytes);
  for (std::uint32_t at = 0; at < bytes; ++at) to[at] = from[at];
  writer.finish_text(number, what, bytes, bytes, false);
}

void write_named(StreamWriter& writer, std::uint32_t number, TextKind what, const Object* name) {
  if (!is_str(name)) return;
  char* to = writer.begin_text(4 * kMostNameCharacters);
  const std::uint32_t bytes = write_name(name, to);
  writer.finish_text(number, what, bytes, static_cast<std::uint64_t>(size_field(name)),
                     size_field(name) > kMostNameCharacters);
}

/// "qualified name", 0, "file", 0, "first line".
void write_code(StreamWriter& writer, std::uint32_t number, const Object* code) {
  char* to = writer.begin_text(8 * kMostNameCharacters + 16);
  const int name = layout.code_qualname >= 0 ? layout.code_qualname : layout.code_name;
  std::uint32_t bytes = write_name(load_object(code, name), to);
  to[bytes++] = 0;
  bytes += write_name(load_object(code, layout.code_filename), to + bytes);
  to[bytes++] = 0;
  bytes += write_decimal(load<std::int32_t>(code, layout.code_first_line), to + bytes);
  writer.finish_text(number, TextKind::kCode, bytes, bytes, false);
}

struct TypeName {
  std::uint32_t name_bytes = 0;
  std::uint32_t module_bytes = 0;
};

/// The qualified name to `name`, the module to `module`, each of room for 4 * kMostNameCharacters.
TypeName write_type_name(const Object* type, char* name, char* module) {
  TypeName written;
  if (has_flag(type, TypeFlag::kHeapType)) {
    written.name_bytes = write_name(load_object(type, layout.heap_type_qualname), name);
    if (const Object* dict = dict_of_type(type)) {
      written.module_bytes = write_name(find_in_dict(dict, names.module), module);
    }
    return written;
  }
  // A static type says "collections.deque", or "int" of builtins.
  const char* text = type_name(type);
  std::uint32_t dot = 0;
  for (std::uint32_t at = 0; at < kMostNameCharacters && text[at] != 0; ++at) {
    if (text[at] == '.') dot = at;
  }
  written.name_bytes = write_c_string(dot == 0 ? text : text + dot + 1, name);
  written.module_bytes = dot == 0 ? write_c_string("builtins", module) : dot;
  for (std::uint32_t at = 0; at < dot; ++at) module[at] = text[at];
  return written;
}

/// "module.qualname".
void write_class(StreamWriter& writer, std::uint32_t number, const Object* type) {
  char module[4 * kMostNameCharacters];
  char name[4 * kMostNameCharacters];
  const TypeName written = write_type_name(type, name, module);
  char* to = writer.begin_text(written.name_bytes + written.module_bytes + 1);
  std::uint32_t bytes = 0;
  for (; bytes < written.module_bytes; ++bytes) to[bytes] = module[bytes];
  if (bytes > 0) to[bytes++] = '.';
  for (std::uint32_t at = 0; at < written.name_bytes; ++at) to[bytes++] = name[at];
  writer.finish_text(number, TextKind::kClass, bytes, bytes, false);
}

}  // namespace

std::uint32_t write_name(const Object* object, char* to) {
  return is_str(object) ? write_utf8(read_str(object), kMostNameCharacters, to) : 0;
}

std::uint32_t write_decimal(std::int32_t value, char* to) {
  char digits[12];
  std::uint32_t count = 0;
  auto rest = static_cast<std::uint32_t>(value < 0 ? 0 : value);
  do {
    digits[count++] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  for (std::uint32_t at = 0; at < count; ++at) to[at] = digits[count - 1 - at];
  return count;
}

TextRule choose_text_rule(const Object* type, std::uint64_t flags) {
  const std::uint64_t address = address_of(type);
  if ((flags & TypeFlag::kTypeSubclass) != 0) return TextRule::kClass;
  if ((flags & TypeFlag::kStrSubclass) != 0) return TextRule::kStr;
  if ((flags & TypeFlag::kBytesSubclass) != 0) return TextRule::kBytes;
  if (address == symbols.PyBool_Type) return TextRule::kBool;
  if ((flags & TypeFlag::kIntSubclass) != 0) return TextRule::kInt;
  if (address == symbols.PyFunction_Type) return TextRule::kFunction;
  if (address == symbols.PyCode_Type) return TextRule::kCode;
  if (owns_frame(type)) return TextRule::kFrame;
  if (address == symbols.PyCFunction_Type || address == symbols.PyCMethod_Type) {
    return TextRule::kBuiltin;
  }
  for (const std::uint64_t descriptor :
       {symbols.PyMethodDescr_Type, symbols.PyClassMethodDescr_Type, symbols.PyMemberDescr_Type,
        symbols.PyGetSetDescr_Type, symbols.PyWrapperDescr_Type}) {
    if (address == descriptor) return TextRule::kDescriptor;
  }
  for (const Object* base = type; base != nullptr; base = type_base(base)) {
    const std::uint64_t at = address_of(base);
    if (at == symbols.PyFloat_Type) return TextRule::kFloat;
    if (at == symbols.PyComplex_Type) return TextRule::kComplex;
    if (at == symbols.PyByteArray_Type) return TextRule::kByteArray;
    if (at == symbols.PyModule_Type) return TextRule::kModule;
  }
  return TextRule::kNone;
}

void write_text(StreamWriter& writer, std::uint32_t number, Object* object, TextRule rule) {
  const int fields = 16 + layout.header;
  const char* base = reinterpret_cast<const char*>(object);
  switch (rule) {
    case TextRule::kNone:
      return;
    case TextRule::kStr:
      return write_str(writer, number, object);
    case TextRule::kBytes:
      return write_some_bytes(writer, number, base + 32 + layout.header, size_field(object));
    case TextRule::kByteArray:
      return write_some_bytes(writer, number, load<const char*>(object, 40 + layout.header),
                              size_field(object));
    case TextRule::kInt:
      return write_int(writer, number, object);
    case TextRule::kBool: {
      const bool is_true = load<std::uint32_t>(object, layout.int_digits) != 0 &&
                           address_of(object) != 0 && size_field(object) != 0;
      const char byte = is_true ? 1 : 0;
      return write_value(writer, number, TextKind::kBool, &byte, 1);
    }
    case TextRule::kFloat:
      return write_value(writer, number, TextKind::kFloat, base + fields, 8);
    case TextRule::kComplex:
      return write_value(writer, number, TextKind::kComplex, base + fields, 16);
    case TextRule::kFunction:
      return write_named(writer, number, TextKind::kFunction,
                         load_object(object, layout.function_qualname));
    case TextRule::kDescriptor:
      return write_named(writer, number, TextKind::kFunction,
                         load_object(object, 24 + layout.header));
    case TextRule::kBuiltin: {
      // m_ml -> PyMethodDef { name, ...
      const auto* definition = load<const char*>(object, fields);
      char* to = writer.begin_text(kMostNameCharacters);
      const std::uint32_t bytes = write_c_string(load<const char*>(definition, 0), to);
      return writer.finish_text(number, TextKind::kFunction, bytes, bytes, false);
    }
    case TextRule::kModule:
      return write_named(writer, number, TextKind::kModule, name_of_module(object));
    case TextRule::kClass:
      return write_class(writer, number, object);
    case TextRule::kCode:
      return write_code(writer, number, object);
    case TextRule::kFrame:
      return write_frame_text(writer, number, object);
  }
}

void write_type(StreamWriter& writer, std::uint32_t number, Object* type) {
  char module[4 * kMostNameCharacters];
  char name[4 * kMostNameCharacters];
  const TypeName written = write_type_name(type, name, module);
  const stream::Type record{.node = number,
                            .name_bytes = written.name_bytes,
                            .module_bytes = written.module_bytes,
                            .reserved = 0};
  writer.add_record(stream::RecordKind::kType, &record, sizeof record, name, written.name_bytes,
                    module, written.module_bytes);
}

}  // namespace ouro::python::walker
