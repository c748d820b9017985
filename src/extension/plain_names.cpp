#include "extension/plain_names.hpp"

#include <cstddef>

#include "python/walker/lookup.hpp"
#include "python/walker/str.hpp"

namespace ouro::extension {

namespace walker = python::walker;
using walker::Object;

namespace {

/// Whether reading `__name__` of classes with this metaclass reads what type has: no property, no
/// __getattribute__ of its own. (A __getattr__, enum's in 3.11, is asked for what is not there.)
bool has_plain_names(const Object* metaclass) {
  const Object* type = walker::object_at(walker::symbols.PyType_Type);
  if (metaclass == type) return true;
  for (const Object* name : {walker::names.getattribute, walker::names.name}) {
    if (walker::find_in_class(metaclass, name) != walker::find_in_class(type, name)) return false;
  }
  return true;
}

}  // namespace

std::string_view plain_name_of(const Object* type) {
  if (!has_plain_names(walker::type_of(type))) return {};
  if (walker::has_flag(type, walker::TypeFlag::kHeapType)) {
    const Object* name = walker::load_object(type, walker::layout.heap_type_name);
    if (name == nullptr || !walker::is_exactly(name, walker::symbols.PyUnicode_Type)) return {};
    const walker::Str str = walker::read_str(name);
    if (!str.is_ascii || str.data == nullptr) return {};
    return {reinterpret_cast<const char*>(str.data), static_cast<std::size_t>(str.length)};
  }
  const std::string_view name = walker::type_name(type);
  const std::size_t dot = name.rfind('.');
  return dot == name.npos ? name : name.substr(dot + 1);
}

}  // namespace ouro::extension
