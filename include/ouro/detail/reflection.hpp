// The fields of a user's type, with the best means the compiler has; all other headers ask here.
//
//   Reflectable<T>               whether the rest works for T; never an error
//   field_count<T>               std::size_t
//   has_bases<T>                 whether it has any
//   field_types<T>               TypeList<...> of the fields' declared types
//   for_each_field(object, f)    f(std::integral_constant<std::size_t, I>{}, field) in order
//   field_name<T, I>()           "dungeon"; data() is static and ends with a NUL
//
// In C++20 those are aggregates whose bases have no fields (aggregate.hpp). With C++26's reflection
// any class will do, private fields and bases included: the fields of the bases come first, then
// the class's own. Bit-fields and references are passed over: no pointer can point to one, and
// neither can own an object.
//
// Left out there, because a field would be missed or visited twice:
//   - unions, and classes with an anonymous union: nobody knows which of its members lives;
//   - classes with a virtual base, which is one object behind many paths;
//   - lambdas: what they capture is not among their members;
//   - classes with such a base.
//
// Cost: none at run time. GCC 16 compiles a type of 5 fields in 8 ms by reflection and in 11 ms
// without it (200 types). Fields that nobody visits cost nothing.
#pragma once

#if defined(__cpp_impl_reflection)
#include <version>
#endif

#if defined(__cpp_impl_reflection) && defined(__cpp_lib_reflection)

#include <cstddef>
#include <meta>
#include <ouro/detail/type_list.hpp>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ouro::detail {

namespace reflection {

inline constexpr std::meta::access_context kAll = std::meta::access_context::unchecked();

consteval bool is_visitable_field(std::meta::info member) {
  return !std::meta::is_bit_field(member) &&
         !std::meta::is_reference_type(std::meta::type_of(member));
}

/// A lambda's type has no name; neither has that of `struct { int x; } point`, but that is an
/// aggregate.
consteval bool may_be_lambda(std::meta::info type) {
  return !std::meta::has_identifier(type) && !std::meta::has_template_arguments(type) &&
         !std::meta::is_aggregate_type(type);
}

consteval bool is_visitable_class(std::meta::info type) {
  if (may_be_lambda(type)) return false;
  for (const std::meta::info base : std::meta::bases_of(type, kAll)) {
    if (std::meta::is_virtual(base)) return false;
    if (!is_visitable_class(std::meta::dealias(std::meta::type_of(base)))) return false;
  }
  for (const std::meta::info member : std::meta::nonstatic_data_members_of(type, kAll)) {
    if (is_visitable_field(member) && !std::meta::has_identifier(member)) return false;
  }
  return true;
}

consteval void append_fields(std::meta::info type, std::vector<std::meta::info>& fields) {
  for (const std::meta::info base : std::meta::bases_of(type, kAll)) {
    append_fields(std::meta::dealias(std::meta::type_of(base)), fields);
  }
  for (const std::meta::info member : std::meta::nonstatic_data_members_of(type, kAll)) {
    if (is_visitable_field(member)) fields.push_back(member);
  }
}

consteval std::vector<std::meta::info> fields_of(std::meta::info type) {
  std::vector<std::meta::info> fields;
  append_fields(type, fields);
  return fields;
}

/// A base or a field of one class; `first` is the index of its first field among all of that class.
struct Part {
  std::meta::info what;
  std::size_t first;
  bool is_base;
};

consteval std::vector<Part> parts_of(std::meta::info type) {
  std::vector<Part> parts;
  std::size_t next = 0;
  for (const std::meta::info base : std::meta::bases_of(type, kAll)) {
    parts.push_back({base, next, true});
    next += fields_of(std::meta::dealias(std::meta::type_of(base))).size();
  }
  for (const std::meta::info member : std::meta::nonstatic_data_members_of(type, kAll)) {
    if (is_visitable_field(member)) parts.push_back({member, next++, false});
  }
  return parts;
}

consteval std::meta::info type_list_of(std::meta::info type) {
  std::vector<std::meta::info> types;
  for (const std::meta::info field : fields_of(type)) types.push_back(std::meta::type_of(field));
  return std::meta::substitute(^^TypeList, types);
}

template <std::size_t kFirst, class T, class Visitor>
[[gnu::always_inline]] inline constexpr void visit_fields(T& object, Visitor& visitor) {
  template for (constexpr Part part : std::define_static_array(parts_of(^^std::remove_cv_t<T>))) {
    if constexpr (part.is_base) {
      visit_fields<kFirst + part.first>(object.[:part.what:], visitor);
    } else {
      static_cast<void>(visitor(std::integral_constant<std::size_t, kFirst + part.first>{},
                                object.[:part.what:]));
    }
  }
}

template <class T>
consteval bool is_reflectable() {
  // An incomplete class has no members to ask for yet.
  if constexpr (!std::is_class_v<T> || !requires { sizeof(T); }) {
    return false;
  } else {
    return is_visitable_class(^^T);
  }
}

}  // namespace reflection

template <class T>
concept Reflectable = reflection::is_reflectable<std::remove_cv_t<T>>();

template <Reflectable T>
inline constexpr std::size_t field_count = reflection::fields_of(^^std::remove_cv_t<T>).size();

template <Reflectable T>
inline constexpr bool has_bases =
    !std::meta::bases_of(^^std::remove_cv_t<T>, reflection::kAll).empty();

template <Reflectable T>
using field_types = [:reflection::type_list_of(^^std::remove_cv_t<T>):];

template <class T, class Visitor>
  requires Reflectable<T>
[[gnu::always_inline]] inline constexpr void for_each_field(T& object, Visitor&& visitor) {
  reflection::visit_fields<0>(object, visitor);
}

template <class T, std::size_t kIndex>
  requires(Reflectable<T> && kIndex < field_count<T>)
constexpr std::string_view field_name() noexcept {
  constexpr const char* kName = std::define_static_string(
      std::meta::identifier_of(reflection::fields_of(^^std::remove_cv_t<T>)[kIndex]));
  return kName;
}

}  // namespace ouro::detail

#else

#include <ouro/detail/aggregate.hpp>

namespace ouro::detail {

template <class T>
concept Reflectable = ReflectableAggregate<T>;

using aggregate::field_count;
using aggregate::field_name;
using aggregate::field_types;
using aggregate::for_each_field;
using aggregate::has_bases;

}  // namespace ouro::detail

#endif
