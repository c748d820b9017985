// How the collector finds the references inside an object.
//
// Nothing needs to be said for: aggregates (structs without constructors, private members or
// bases), standard containers, optional, variant, tuple, pair, array, unique_ptr, and nests of
// these. With C++26 reflection nothing needs to be said for any class.
//
//   class Monster {                            // any other class: one line, anywhere in it
//     ouro::Ref<Dungeon> dungeon_;
//     std::vector<ouro::Ref<Item>> items_;
//     OURO_TRACE(dungeon_, items_)             // names every field that may hold references
//   };
//   class Boss : public Monster {
//     ouro::Ref<Monster> guard_;
//     OURO_TRACE_DERIVED(Monster, guard_)      // the base's fields, then its own
//   };
//   template <> struct ouro::Trace<Foreign> {  // a type one does not own
//     template <class V> static void trace(Foreign& f, V& visit) { visit("a", f.a); }
//   };
//
// What is not traced is safe, but keeps what it refers to alive: references captured in a
// std::function, in a std::shared_ptr, behind a raw pointer, or in a field that OURO_TRACE forgets
// (the checked build names that one).
//
// A trace function must visit each reference the object owns exactly once, must not copy, make or
// drop references, and must not throw.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <ouro/detail/reference.hpp>
#include <ouro/detail/reflection.hpp>
#include <ouro/detail/trace_macro.hpp>
#include <ouro/detail/weak_reference.hpp>

namespace ouro {

/// Specialise for a type that is not yours; see the file's head.
template <class T>
struct Trace;

namespace detail {

template <class T>
concept HasTraceSpecialisation = requires { sizeof(Trace<T>); };

template <class T>
concept IsComplete = requires { sizeof(T); };

template <class T, template <class...> class Template>
inline constexpr bool is_instance_of = false;
template <template <class...> class Template, class... Args>
inline constexpr bool is_instance_of<Template<Args...>, Template> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t kSize>
inline constexpr bool is_std_array<std::array<T, kSize>> = true;

/// Owns its elements: a range with an allocator. Views and spans have none.
template <class T>
concept OwningContainer = requires(T& container) {
  typename T::value_type;
  typename T::allocator_type;
  container.begin();
  container.end();
};

template <class T>
concept OwningMap = OwningContainer<T> && requires { typename T::mapped_type; };

/// std::stack, queue and priority_queue.
template <class T>
concept ContainerAdapter = requires { typename T::container_type; } && !OwningContainer<T>;

template <class Adapter>
typename Adapter::container_type& container_of(Adapter& adapter) noexcept {
  struct Opened : Adapter {
    static typename Adapter::container_type& of(Adapter& closed) { return closed.*&Opened::c; }
  };
  return Opened::of(adapter);
}

/// The door that OURO_TRACE opens.
struct TraceAccess {
  template <class T>
  static constexpr bool declares = requires(T& object) { object.ouro_trace_owner(); };

  /// The class whose OURO_TRACE a T has: its own, or that of a base.
  template <class T>
  using Owner = std::remove_pointer_t<decltype(std::declval<T&>().ouro_trace_owner())>;

  template <class T>
  static consteval bool holds_any() noexcept {
    return T::ouro_holds_any;
  }

  template <class T, class Visit>
  static void trace(T& object, Visit& visit) {
    static_assert(
        std::is_same_v<Owner<T>, T>,
        "ouro: this class inherits OURO_TRACE from a base and would hide its own fields from "
        "the collector. Write OURO_TRACE_DERIVED(Base, its, own, fields) in it.");
    object.ouro_trace(visit);
  }
  template <class Base, class T, class Visit>
  static void trace_base(T& object, Visit& visit);
};

// ---- which types can hold references at all -------------------------------------------------

/// Which references are asked for: Refs, WeakRefs, or both.
enum class Wanted { kStrong, kWeak, kAny };

template <Wanted kWanted, class T, class... Seen>
consteval bool can_hold_references() noexcept;

template <Wanted kWanted, class Types, class... Seen>
struct AnyHolds;
template <Wanted kWanted, class... Types, class... Seen>
struct AnyHolds<kWanted, TypeList<Types...>, Seen...> {
  static constexpr bool value =
      (can_hold_references<kWanted, std::remove_cv_t<Types>, Seen...>() || ...);
};
template <Wanted kWanted, class... Types, class... Seen>
struct AnyHolds<kWanted, std::tuple<Types...>, Seen...>
    : AnyHolds<kWanted, TypeList<Types...>, Seen...> {};
template <Wanted kWanted, class... Types, class... Seen>
struct AnyHolds<kWanted, std::variant<Types...>, Seen...>
    : AnyHolds<kWanted, TypeList<Types...>, Seen...> {};

/// False where no T can ever hold what is wanted. A type that contains itself, through a container,
/// holds what its other members hold: `Seen` are the types the question is already being asked of.
template <Wanted kWanted, class T, class... Seen>
consteval bool can_hold_references() noexcept {
  if constexpr ((std::is_same_v<T, Seen> || ...)) {
    return false;
  } else if constexpr (std::is_base_of_v<Reference, T>) {
    return kWanted != Wanted::kWeak;
  } else if constexpr (std::is_base_of_v<WeakReference, T>) {
    return kWanted != Wanted::kStrong;
  } else if constexpr (std::is_bounded_array_v<T>) {
    return can_hold_references<kWanted, std::remove_cv_t<std::remove_all_extents_t<T>>, Seen...>();
  } else if constexpr (!std::is_class_v<T>) {
    return false;
  } else if constexpr (!IsComplete<T>) {
    return false;
  } else if constexpr (HasTraceSpecialisation<T>) {
    return true;
  } else if constexpr (TraceAccess::declares<T>) {
    return TraceAccess::holds_any<T>();
  } else if constexpr (is_instance_of<T, std::optional>) {
    return can_hold_references<kWanted, std::remove_cv_t<typename T::value_type>, T, Seen...>();
  } else if constexpr (is_instance_of<T, std::unique_ptr>) {
    return can_hold_references<kWanted, std::remove_cv_t<typename T::element_type>, T, Seen...>();
  } else if constexpr (is_instance_of<T, std::pair>) {
    return AnyHolds<kWanted, TypeList<typename T::first_type, typename T::second_type>, T,
                    Seen...>::value;
  } else if constexpr (is_instance_of<T, std::tuple> || is_instance_of<T, std::variant>) {
    return AnyHolds<kWanted, T, T, Seen...>::value;
  } else if constexpr (is_std_array<T> || OwningContainer<T>) {
    return can_hold_references<kWanted, std::remove_cv_t<typename T::value_type>, T, Seen...>();
  } else if constexpr (ContainerAdapter<T>) {
    return can_hold_references<kWanted, typename T::container_type, T, Seen...>();
  } else if constexpr (Reflectable<T>) {
    return AnyHolds<kWanted, field_types<T>, T, Seen...>::value;
  } else {
    return false;
  }
}

template <class T>
inline constexpr bool holds_references =
    can_hold_references<Wanted::kStrong, std::remove_cv_t<T>>();
template <class T>
inline constexpr bool holds_weak_references =
    can_hold_references<Wanted::kWeak, std::remove_cv_t<T>>();

/// Whether a visitor of this kind has anything to do in a T.
template <class Visitor, class T>
inline constexpr bool concerns =
    can_hold_references<Visitor::kWantsWeak ? Wanted::kAny : Wanted::kStrong,
                        std::remove_cv_t<T>>();

// ---- visiting -------------------------------------------------------------------------------

template <class Visitor, class T>
void trace_value(Visitor& visitor, T& value);

/// What a user's trace function is given: `visit("name", field)`, or `visit(field)`.
template <class Visitor>
class FieldVisit {
 public:
  explicit FieldVisit(Visitor& visitor) noexcept : visitor_(visitor) {}

  template <class T>
  void operator()(const char* name, T& field) {
    if constexpr (concerns<Visitor, T>) {
      if constexpr (Visitor::kWantsLabels) visitor_.enter_field(name, &field, sizeof(T));
      trace_value(visitor_, field);
      if constexpr (Visitor::kWantsLabels) visitor_.leave();
    }
  }
  template <class T>
  void operator()(T& field) {
    if constexpr (concerns<Visitor, T>) trace_value(visitor_, field);
  }

  Visitor& visitor() noexcept { return visitor_; }

 private:
  Visitor& visitor_;
};

template <class Base, class T, class Visit>
void TraceAccess::trace_base(T& object, Visit& visit) {
  static_assert(std::is_base_of_v<Base, T>,
                "ouro: OURO_TRACE_DERIVED must begin with a base class");
  visit(static_cast<Base&>(object));
}

template <class Visitor, class Range>
void trace_elements(Visitor& visitor, Range& range) {
  using Element = std::remove_reference_t<decltype(*std::begin(range))>;
  if constexpr (std::is_base_of_v<Reference, Element> && requires { visitor.references(range); }) {
    visitor.references(range);
    return;
  }
  [[maybe_unused]] std::size_t index = 0;
  for (auto& element : range) {
    if constexpr (Visitor::kWantsLabels) visitor.enter_index(index++);
    trace_value(visitor, element);
    if constexpr (Visitor::kWantsLabels) visitor.leave();
  }
}

template <class Visitor, class Map>
void trace_entries(Visitor& visitor, Map& map) {
  using Key = typename Map::key_type;
  using Mapped = typename Map::mapped_type;
  for (auto& [key, value] : map) {
    if constexpr (concerns<Visitor, Key>) {
      if constexpr (Visitor::kWantsLabels) visitor.enter_field("key");
      trace_value(visitor, key);
      if constexpr (Visitor::kWantsLabels) visitor.leave();
    }
    if constexpr (concerns<Visitor, Mapped>) {
      if constexpr (Visitor::kWantsLabels) visitor.enter_key(key);
      trace_value(visitor, value);
      if constexpr (Visitor::kWantsLabels) visitor.leave();
    }
  }
}

template <class Visitor, class Variant, std::size_t... I>
void trace_alternative(Visitor& visitor, Variant& variant, std::index_sequence<I...>) {
  // get_if instead of std::visit: a variant that lost its value holds nothing, and nothing throws.
  static_cast<void>(
      ((variant.index() == I && (trace_value(visitor, *std::get_if<I>(&variant)), true)) || ...));
}

/// Visits every reference that `value` owns. Inlined into each type's loops.
template <class Visitor, class T>
inline void trace_value(Visitor& visitor, T& value) {
  using Plain = std::remove_cv_t<T>;
  if constexpr (!concerns<Visitor, T>) {
    return;
  } else if constexpr (std::is_const_v<T>) {
    // Keys of sets and maps: the collector nulls them only once nobody can look at them any more.
    trace_value(visitor, const_cast<Plain&>(value));
  } else if constexpr (std::is_base_of_v<Reference, T>) {
    visitor.reference(value);
  } else if constexpr (std::is_base_of_v<WeakReference, T>) {
    if constexpr (Visitor::kWantsWeak) visitor.weak(value);
  } else if constexpr (std::is_bounded_array_v<T>) {
    trace_elements(visitor, value);
  } else if constexpr (HasTraceSpecialisation<T>) {
    FieldVisit<Visitor> visit(visitor);
    Trace<T>::trace(value, visit);
  } else if constexpr (TraceAccess::declares<T>) {
    FieldVisit<Visitor> visit(visitor);
    TraceAccess::trace(value, visit);
  } else if constexpr (is_instance_of<T, std::optional>) {
    if (value.has_value()) trace_value(visitor, *value);
  } else if constexpr (is_instance_of<T, std::unique_ptr>) {
    if (value != nullptr) trace_value(visitor, *value);
  } else if constexpr (is_instance_of<T, std::pair>) {
    FieldVisit<Visitor> visit(visitor);
    visit("first", value.first);
    visit("second", value.second);
  } else if constexpr (is_instance_of<T, std::tuple>) {
    [[maybe_unused]] std::size_t index = 0;
    std::apply(
        [&](auto&... element) {
          const auto one = [&](auto& item) {
            if constexpr (Visitor::kWantsLabels) visitor.enter_index(index++);
            trace_value(visitor, item);
            if constexpr (Visitor::kWantsLabels) visitor.leave();
          };
          (one(element), ...);
        },
        value);
  } else if constexpr (is_instance_of<T, std::variant>) {
    trace_alternative(visitor, value, std::make_index_sequence<std::variant_size_v<T>>());
  } else if constexpr (OwningMap<T>) {
    trace_entries(visitor, value);
  } else if constexpr (is_std_array<T> || OwningContainer<T>) {
    trace_elements(visitor, value);
  } else if constexpr (ContainerAdapter<T>) {
    trace_value(visitor, container_of(value));
  } else {
    for_each_field(value, [&](auto index, auto& field) {
      if constexpr (concerns<Visitor, std::remove_reference_t<decltype(field)>>) {
        if constexpr (Visitor::kWantsLabels) {
          visitor.enter_field(field_name<T, decltype(index)::value>().data(), &field,
                              sizeof(field));
        }
        trace_value(visitor, field);
        if constexpr (Visitor::kWantsLabels) visitor.leave();
      }
    });
  }
}

}  // namespace detail
}  // namespace ouro
