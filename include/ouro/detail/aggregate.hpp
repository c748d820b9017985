// The fields of an aggregate, found without a declaration in C++20: how many, their types, their
// names.
//
// Counting. An aggregate accepts at most as many initializers as it has elements, whether a list is
// accepted can be asked without an error, and empty braces initialize any element that can do
// without a value, an array included. So the count is the longest accepted `T{{}, {}, ...}`, found
// by bisection. A field that needs a value breaks that; the fallback offers objects that convert to
// anything, which enter arrays one by one ("brace elision"):
//
//   struct Room { int doors; Exit exits[2]; Key key; };   Exit, Key: no default constructor
//   accepted:  Room{any, any, any, any}                   four leaves
//   an array?  Room{any, {any, any}, any}                 yes, of two leaves: three fields
//
// Reaching. With the count known, a structured binding names the fields (bound_fields.hpp). That is
// an error, not an answer, for a wrong count, an anonymous union or a field in a base, so these are
// ruled out first.
//
// Naming. The compiler prints a pointer to a field given as a template argument,
// `&never_built<T>.object.doors`; the name is its last word. No T is ever built.
//
// Cost: none at run time, for_each_field is plain member access. To compile, a type of 5 fields
// costs 10 ms with g++ 12 and 22 ms with clang++ 19, a name 2 ms more. (Measured with 200 types;
// Boost.PFR 1.81: 22 and 20 ms.) docs/decisions/0001-own-aggregate-reflection.md says why not PFR.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <ouro/detail/base_offset.hpp>
#include <ouro/detail/bound_fields.hpp>
#include <ouro/detail/type_list.hpp>
#include <ouro/detail/type_name.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ouro::detail::aggregate {

inline constexpr std::size_t kMaximumFields = 64;
inline constexpr std::size_t kMaximumLeaves = 256;

// The initializers offered. They give prvalues, which even an immovable element can be made from,
// and cannot be copied themselves, so that std::any and the like do not store the initializer
// instead of being made from what it gives.

/// Initializes an element of any type but an array and a reference to non-const.
struct AnyField {
  AnyField() = default;
  explicit AnyField(std::size_t);
  AnyField(const AnyField&) = delete;
  template <class U>
  operator U() const;
};

/// Initializes references, which AnyField cannot.
struct AnyReference {
  AnyReference() = default;
  AnyReference(const AnyReference&) = delete;
  template <class U>
  operator U&() const;
};

/// Initializes a base class of T; kEmpty: only one without fields.
template <class T, bool kEmpty>
struct AnyBase {
  AnyBase() = default;
  AnyBase(const AnyBase&) = delete;
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T> && (!kEmpty || std::is_empty_v<U>))
  operator U() const;
};

/// The type of an anonymous union or struct, or of a variable declared together with its type.
template <class U>
constexpr bool is_unnamed() noexcept {
  if constexpr (std::is_class_v<U> || std::is_union_v<U>) {
    for (const std::string_view kind : {"struct", "union", "class"}) {
      for (const std::string_view mark : {"<unnamed ", "(unnamed ", "(anonymous "}) {
        for (std::string_view rest = raw_type_name<U>(); !rest.empty();) {
          const std::size_t at = rest.find(mark);
          rest = at == rest.npos ? std::string_view() : rest.substr(at + mark.size());
          if (rest.starts_with(kind)) return true;
        }
      }
    }
  }
  return false;
}

struct AnyUnnamed {
  AnyUnnamed() = default;
  AnyUnnamed(const AnyUnnamed&) = delete;
  template <class U>
    requires(is_unnamed<U>())
  operator U() const;
};

struct AnyNamedClass {
  AnyNamedClass() = default;
  AnyNamedClass(const AnyNamedClass&) = delete;
  template <class U>
    requires((std::is_class_v<U> || std::is_union_v<U>) && !is_unnamed<U>())
  operator U() const;
};

/// Initializes nothing by itself: who accepts it has a constructor that takes anything, so that its
/// accepting one of the others says nothing.
struct Nothing {
  Nothing() = default;
  Nothing(const Nothing&) = delete;
};

/// Not T itself, which `T(initializer)` would be a copy of.
template <class T>
struct AnyNamedBelow {
  explicit AnyNamedBelow(std::size_t);
  AnyNamedBelow(const AnyNamedBelow&) = delete;
  template <class U>
    requires(!std::is_same_v<U, T> && !is_unnamed<U>())
  operator U() const;
};

template <std::size_t kCount>
using Indexes = std::make_index_sequence<kCount>;

/// Parentheses do not enter arrays, so this holds only if all elements are of named types and none
/// is an array. Nearly every type passes it, which saves looking at its elements one by one.
template <class T, std::size_t... I>
constexpr bool is_plain(std::index_sequence<I...>) noexcept {
  return requires { T(AnyNamedBelow<T>{I}...); };
}

// ---- Elements by empty braces: exact when everything can be initialized from them.

/// The last count of empty braces that T accepts, where T accepts kLow of them.
template <class T, unsigned kLow, unsigned kHigh>
constexpr unsigned last_accepted_braces() noexcept {
  constexpr unsigned kMiddle = (kLow + kHigh + 1) / 2;
  if constexpr (kLow == kHigh) {
    return kLow;
  } else if constexpr (BoundFields<kMiddle>::template accepts<T>) {
    return last_accepted_braces<T, kMiddle, kHigh>();
  } else {
    return last_accepted_braces<T, kLow, kMiddle - 1>();
  }
}

/// Not surely a named element. One that accepts an unnamed value may only have let it through to
/// its own first field; it is of a named class itself if it takes a value of such a class, and not
/// just for its first field.
template <class T, unsigned kElement>
constexpr bool may_be_anonymous() noexcept {
  using Before = BoundFields<kElement>;
  return Before::template accepts<T, AnyUnnamed> &&
         !(Before::template accepts<T, AnyNamedClass> &&
           !Before::template accepts_braced<T, AnyNamedClass>);
}

// ---- Elements by leaves: for the other types.

template <class T, std::size_t... I>
constexpr bool accepts_leaves(std::index_sequence<I...>) noexcept {
  return requires { T{AnyField{I}...}; };
}

template <class T, std::size_t... Before, std::size_t... Inside, std::size_t... After>
constexpr bool accepts_group(std::index_sequence<Before...>, std::index_sequence<Inside...>,
                             std::index_sequence<After...>) noexcept {
  return requires { T{AnyField{Before}..., {AnyField{Inside}...}, AnyField{After}...}; };
}

template <class T, class Probe, std::size_t... Before, std::size_t... After>
constexpr bool accepts_probe(std::index_sequence<Before...>,
                             std::index_sequence<After...>) noexcept {
  return requires { T{AnyField{Before}..., Probe{}, AnyField{After}...}; };
}

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// The most leaves that T accepts, or kNone. The accepted numbers have no gap, but may start late:
/// a last field without default initialization makes all shorter lists fail.
template <class T, std::size_t kLeaves = 0, bool kAcceptedOneFewer = false>
constexpr std::size_t last_accepted_leaves() noexcept {
  // A leaf has at least a bit of its own, but for empty ones, of which there is at most one a byte
  // and one a base.
  if constexpr (kLeaves > kMaximumLeaves || kLeaves > 8 * sizeof(T) + 1) {
    return kNone;
  } else if constexpr (accepts_leaves<T>(Indexes<kLeaves>{})) {
    return last_accepted_leaves<T, kLeaves + 1, true>();
  } else if constexpr (kAcceptedOneFewer) {
    return kLeaves - 1;
  } else {
    return last_accepted_leaves<T, kLeaves + 1, false>();
  }
}

/// Leaves of the array that starts at leaf kAt, or 1 if no array of several leaves does. A group of
/// k leaves uses up k of them exactly if it is an array of k; any other element would leave room
/// for one more behind the group.
template <class T, std::size_t kLeaves, std::size_t kAt, std::size_t kLength = 2>
constexpr std::size_t array_leaves_at() noexcept {
  if constexpr (kAt + kLength > kLeaves) {
    return 1;
  } else if constexpr (constexpr std::size_t kBehind = kLeaves - kAt - kLength;
                       accepts_group<T>(Indexes<kAt>{}, Indexes<kLength>{}, Indexes<kBehind>{}) &&
                       !accepts_group<T>(Indexes<kAt>{}, Indexes<kLength>{},
                                         Indexes<kBehind + 1>{})) {
    return kLength;
  } else {
    return array_leaves_at<T, kLeaves, kAt, kLength + 1>();
  }
}

/// What initialization tells of a type. `leaves` is 0 if all elements can be left to default
/// initialization.
struct Elements {
  bool known;
  std::size_t count;
  std::size_t leaves;
};

inline constexpr Elements kUnknown{false, 0, 0};

template <class T, std::size_t kLeaves, std::size_t kAt = 0, std::size_t kCount = 0>
constexpr Elements elements_among_leaves() noexcept {
  if constexpr (kAt >= kLeaves) {
    return {true, kCount, kLeaves};
  } else {
    constexpr std::size_t kWidth = array_leaves_at<T, kLeaves, kAt>();
    if constexpr (kWidth == 1 &&
                  accepts_probe<T, AnyUnnamed>(Indexes<kAt>{}, Indexes<kLeaves - kAt - 1>{})) {
      return kUnknown;
    } else {
      return elements_among_leaves<T, kLeaves, kAt + kWidth, kCount + 1>();
    }
  }
}

template <class T>
constexpr Elements elements_by_leaves() noexcept {
  constexpr std::size_t kLeaves = last_accepted_leaves<T>();
  if constexpr (kLeaves == kNone) {
    return kUnknown;
  } else if constexpr (accepts_probe<T, AnyReference>(Indexes<kLeaves>{}, Indexes<0>{}) ||
                       accepts_group<T>(Indexes<kLeaves>{}, Indexes<0>{}, Indexes<0>{})) {
    return kUnknown;  // One more element, which no leaf can initialize.
  } else if constexpr (is_plain<T>(Indexes<kLeaves>{})) {
    return {true, kLeaves, kLeaves};
  } else {
    return elements_among_leaves<T, kLeaves>();
  }
}

template <class T>
constexpr Elements elements() noexcept {
  if constexpr (!BoundFields<0>::accepts<T>) {
    return elements_by_leaves<T>();
  } else {
    constexpr unsigned kCount = last_accepted_braces<T, 0, kMaximumFields>();
    using Counted = BoundFields<kCount>;
    if constexpr (Counted::template accepts<T, AnyField> ||
                  Counted::template accepts<T, AnyReference>) {
      // One more element, which its own default initializer can initialize and empty braces cannot.
      return elements_by_leaves<T>();
    } else if constexpr (is_plain<T>(Indexes<kCount>{})) {
      return {true, kCount, 0};
    } else {
      return []<unsigned... I>(std::integer_sequence<unsigned, I...>) {
        return Elements{!(may_be_anonymous<T, I>() || ...), kCount, 0};
      }(std::make_integer_sequence<unsigned, kCount>{});
    }
  }
}

template <class T, class... Probes, std::size_t... After>
constexpr bool starts_with(std::index_sequence<After...>) noexcept {
  return requires { T{Probes{}..., AnyField{After}...}; };
}

/// Bases come first among the elements, so if T has any, the first element is one. Whether the
/// second element is another base or a field of an indirect base's type, initialization does not
/// tell; nor what a first element is whose constructor takes anything.
template <class T>
constexpr Elements fields_of() noexcept {
  constexpr Elements kElements = elements<T>();
  if constexpr (!kElements.known || kElements.count == 0) {
    return {kElements.known && std::is_empty_v<T>, 0, 0};
  } else {
    using Base = AnyBase<T, false>;
    constexpr std::size_t kOther = kElements.leaves > 0 ? kElements.leaves - 1 : 0;
    constexpr std::size_t kOtherTwo = kOther > 0 ? kOther - 1 : 0;
    if constexpr (starts_with<T, Nothing>(Indexes<kOther>{})) {
      return kUnknown;
    } else if constexpr (!starts_with<T, Base>(Indexes<kOther>{})) {
      return {kElements.count <= kMaximumFields, kElements.count, 0};
    } else if constexpr (starts_with<T, AnyBase<T, true>>(Indexes<kOther>{}) &&
                         !starts_with<T, Base, Base>(Indexes<kOtherTwo>{})) {
      return {kElements.count - 1 <= kMaximumFields, kElements.count - 1, 0};
    } else {
      return kUnknown;
    }
  }
}

template <class T>
inline constexpr Elements fields = fields_of<T>();

template <class T>
using Bound = BoundFields<static_cast<unsigned>(fields<std::remove_cv_t<T>>.count)>;

template <class T>
using Description = decltype(Bound<T>::describe(std::declval<std::remove_cv_t<T>&>()));

template <class T>
constexpr bool is_reflectable() noexcept {
  // An incomplete class would make the traits below ill-formed.
  if constexpr (!std::is_class_v<T> || !requires { sizeof(T); }) {
    return false;
  } else if constexpr (!std::is_aggregate_v<T> || requires { std::tuple_size<T>::value; }) {
    return false;
  } else if constexpr (!fields<T>.known) {
    return false;
  } else {
    return Description<T>::addressable;
  }
}

}  // namespace ouro::detail::aggregate

namespace ouro::detail {

/// A type whose fields the rest of this header can reach. Any type may be asked about. When in
/// doubt the answer is no, and the user writes OURO_TRACE. No is the answer for
///   - what is no aggregate class, or is incomplete, or says itself how it is bound
///     (std::tuple_size: std::array);
///   - more than 64 fields; 256 leaves, if there is an array next to a field that needs a value;
///   - bases with fields in them; more than one base: a second one looks like a field of that type;
///   - a first field whose constructor takes anything at all: it might as well be a base;
///   - fields that are references, bit-fields, anonymous unions or structs. A named one of an
///     unnamed type cannot be told from an anonymous one, nor an array of classes that begin with
///     one.
///
/// Two oddities are errors nevertheless: a field with a constructor template whose very declaration
/// fails for some types (noexcept(...), auto), and an array of zero or unknown length, which is no
/// C++.
template <class T>
concept ReflectableAggregate = aggregate::is_reflectable<std::remove_cv_t<T>>();

}  // namespace ouro::detail

namespace ouro::detail::aggregate {

template <ReflectableAggregate T>
inline constexpr std::size_t field_count = fields<std::remove_cv_t<T>>.count;

template <ReflectableAggregate T>
inline constexpr bool has_bases = elements<std::remove_cv_t<T>>().count != field_count<T>;

/// TypeList of the fields' types as declared, in order.
template <ReflectableAggregate T>
using field_types = typename Description<T>::types;

/// Calls visitor(std::integral_constant<std::size_t, I>{}, field) for each field in order; fields
/// of a const object are const. An exception of the visitor passes through.
template <class T, class Visitor>
  requires ReflectableAggregate<T>
[[gnu::always_inline]] inline constexpr void for_each_field(T& object, Visitor&& visitor) {
  Bound<T>::apply(object, [&visitor](auto&... field) __attribute__((always_inline)) {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      (static_cast<void>(visitor(std::integral_constant<std::size_t, I>{}, field)), ...);
    }(Indexes<sizeof...(field)>{});
    static_cast<void>(visitor);
  });
}

// ---- Names.

template <std::size_t>
using SkippedField = const volatile void*;

template <std::size_t... Before>
constexpr auto pointer_behind(std::index_sequence<Before...>) noexcept {
  return [](SkippedField<Before>..., auto* pointer, auto*...) { return pointer; };
}

template <class T, std::size_t kIndex>
constexpr auto field_pointer() noexcept {
  return Bound<T>::apply(never_built<T>.object, [](auto&... field) {
    return pointer_behind(Indexes<kIndex>{})(std::addressof(field)...);
  });
}

/// Returns no std::string_view but an array's reference, as GCC would explain the alias in the
/// text.
template <auto kPointer>
constexpr const auto& pointer_text() noexcept {
  return __PRETTY_FUNCTION__;
}

constexpr bool is_in_identifier(char c) noexcept {
  // Bytes from 0x80 are letters beyond ASCII in UTF-8.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// "dungeon" of "... [with auto kPointer = (&
/// never_built<Monster>.NeverBuilt<Monster>::object.Monster::dungeon)]" (GCC) and of "... [kPointer
/// = &never_built.object.dungeon]" (Clang).
constexpr std::string_view last_identifier(std::string_view text) noexcept {
  while (!text.empty() && !is_in_identifier(text.back())) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_in_identifier(text[begin - 1])) --begin;
  return text.substr(begin);
}

template <auto>
struct Constant;

/// GCC cannot point to the fields of a type in a constant expression if any of them is volatile: it
/// takes binding a reference to that one for a read.
template <class T, std::size_t kIndex>
concept NamedByPointer = requires { typename Constant<field_pointer<T, kIndex>()>; };

template <class T, std::size_t kIndex>
constexpr auto make_field_name() noexcept {
  if constexpr (NamedByPointer<T, kIndex>) {
    constexpr std::string_view kName = last_identifier(pointer_text<field_pointer<T, kIndex>()>());
    std::array<char, kName.size() + 1> characters{};
    for (std::size_t i = 0; i < kName.size(); ++i) characters[i] = kName[i];
    return characters;
  } else if constexpr (kIndex < 10) {
    return std::array<char, 3>{'#', '0' + kIndex, '\0'};
  } else {
    return std::array<char, 4>{'#', '0' + kIndex / 10, '0' + kIndex % 10, '\0'};
  }
}

/// A copy of the name alone: the compiler's text, several times as long, then stays out of the
/// program.
template <class T, std::size_t kIndex>
inline constexpr auto field_name_storage = make_field_name<T, kIndex>();

/// The name of field kIndex as written in the class, or "#3" (NamedByPointer says when); data() is
/// static and ends with a NUL.
template <class T, std::size_t kIndex>
  requires(ReflectableAggregate<T> && kIndex < field_count<T>)
constexpr std::string_view field_name() noexcept {
  const auto& storage = field_name_storage<std::remove_cv_t<T>, kIndex>;
  return {storage.data(), storage.size() - 1};
}

}  // namespace ouro::detail::aggregate
