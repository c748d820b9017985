// What C++20 can only say with the number of fields written out: BoundFields<N> for N from 0 to 64.
//
// Neither a structured binding nor a list of empty braces can be made from a parameter pack before
// C++26, so that one struct for each number stands here, written by a macro. Nothing in it is
// specific to tracing. aggregate.hpp finds N.
//
// The structs are no templates, only their members are, so that a type pays for the few members it
// uses.
#pragma once

#include <ouro/detail/type_list.hpp>
#include <type_traits>

namespace ouro::detail::aggregate {

/// What structured bindings say of a type's fields.
template <bool kAddressable, class... Types>
struct FieldsDescription {
  using types = TypeList<Types...>;
  /// False if a field is a reference or a bit-field: nothing can point to those.
  static constexpr bool addressable = kAddressable && (!std::is_reference_v<Types> && ...);
};

constexpr bool all(auto... conditions) noexcept {
  return (conditions && ...);
}

/// An overloaded operator& of a class does not matter: a field of class type is never a bit-field.
template <class Field>
constexpr bool is_addressable(bool has_address) noexcept {
  return std::is_class_v<Field> || has_address;
}

template <unsigned kCount>
struct BoundFields;

template <>
struct BoundFields<0> {
  template <class T, class... Next>
  static constexpr bool accepts = requires { T{Next{}...}; };

  template <class T, class Next>
  static constexpr bool accepts_braced = requires { T{{Next{}}}; };

  template <class T>
  static auto describe(T&) -> FieldsDescription<true>;

  template <class T, class Visitor>
  [[gnu::always_inline]] static constexpr decltype(auto) apply(T&, Visitor&& visitor) {
    return visitor();
  }
};

// OURO_FIELDS_3(each) is each(f1), each(f2), each(f3).
#define OURO_FIELDS_1(each) each(f1)
#define OURO_FIELDS_2(each) OURO_FIELDS_1(each), each(f2)
#define OURO_FIELDS_3(each) OURO_FIELDS_2(each), each(f3)
#define OURO_FIELDS_4(each) OURO_FIELDS_3(each), each(f4)
#define OURO_FIELDS_5(each) OURO_FIELDS_4(each), each(f5)
#define OURO_FIELDS_6(each) OURO_FIELDS_5(each), each(f6)
#define OURO_FIELDS_7(each) OURO_FIELDS_6(each), each(f7)
#define OURO_FIELDS_8(each) OURO_FIELDS_7(each), each(f8)
#define OURO_FIELDS_9(each) OURO_FIELDS_8(each), each(f9)
#define OURO_FIELDS_10(each) OURO_FIELDS_9(each), each(f10)
#define OURO_FIELDS_11(each) OURO_FIELDS_10(each), each(f11)
#define OURO_FIELDS_12(each) OURO_FIELDS_11(each), each(f12)
#define OURO_FIELDS_13(each) OURO_FIELDS_12(each), each(f13)
#define OURO_FIELDS_14(each) OURO_FIELDS_13(each), each(f14)
#define OURO_FIELDS_15(each) OURO_FIELDS_14(each), each(f15)
#define OURO_FIELDS_16(each) OURO_FIELDS_15(each), each(f16)
#define OURO_FIELDS_17(each) OURO_FIELDS_16(each), each(f17)
#define OURO_FIELDS_18(each) OURO_FIELDS_17(each), each(f18)
#define OURO_FIELDS_19(each) OURO_FIELDS_18(each), each(f19)
#define OURO_FIELDS_20(each) OURO_FIELDS_19(each), each(f20)
#define OURO_FIELDS_21(each) OURO_FIELDS_20(each), each(f21)
#define OURO_FIELDS_22(each) OURO_FIELDS_21(each), each(f22)
#define OURO_FIELDS_23(each) OURO_FIELDS_22(each), each(f23)
#define OURO_FIELDS_24(each) OURO_FIELDS_23(each), each(f24)
#define OURO_FIELDS_25(each) OURO_FIELDS_24(each), each(f25)
#define OURO_FIELDS_26(each) OURO_FIELDS_25(each), each(f26)
#define OURO_FIELDS_27(each) OURO_FIELDS_26(each), each(f27)
#define OURO_FIELDS_28(each) OURO_FIELDS_27(each), each(f28)
#define OURO_FIELDS_29(each) OURO_FIELDS_28(each), each(f29)
#define OURO_FIELDS_30(each) OURO_FIELDS_29(each), each(f30)
#define OURO_FIELDS_31(each) OURO_FIELDS_30(each), each(f31)
#define OURO_FIELDS_32(each) OURO_FIELDS_31(each), each(f32)
#define OURO_FIELDS_33(each) OURO_FIELDS_32(each), each(f33)
#define OURO_FIELDS_34(each) OURO_FIELDS_33(each), each(f34)
#define OURO_FIELDS_35(each) OURO_FIELDS_34(each), each(f35)
#define OURO_FIELDS_36(each) OURO_FIELDS_35(each), each(f36)
#define OURO_FIELDS_37(each) OURO_FIELDS_36(each), each(f37)
#define OURO_FIELDS_38(each) OURO_FIELDS_37(each), each(f38)
#define OURO_FIELDS_39(each) OURO_FIELDS_38(each), each(f39)
#define OURO_FIELDS_40(each) OURO_FIELDS_39(each), each(f40)
#define OURO_FIELDS_41(each) OURO_FIELDS_40(each), each(f41)
#define OURO_FIELDS_42(each) OURO_FIELDS_41(each), each(f42)
#define OURO_FIELDS_43(each) OURO_FIELDS_42(each), each(f43)
#define OURO_FIELDS_44(each) OURO_FIELDS_43(each), each(f44)
#define OURO_FIELDS_45(each) OURO_FIELDS_44(each), each(f45)
#define OURO_FIELDS_46(each) OURO_FIELDS_45(each), each(f46)
#define OURO_FIELDS_47(each) OURO_FIELDS_46(each), each(f47)
#define OURO_FIELDS_48(each) OURO_FIELDS_47(each), each(f48)
#define OURO_FIELDS_49(each) OURO_FIELDS_48(each), each(f49)
#define OURO_FIELDS_50(each) OURO_FIELDS_49(each), each(f50)
#define OURO_FIELDS_51(each) OURO_FIELDS_50(each), each(f51)
#define OURO_FIELDS_52(each) OURO_FIELDS_51(each), each(f52)
#define OURO_FIELDS_53(each) OURO_FIELDS_52(each), each(f53)
#define OURO_FIELDS_54(each) OURO_FIELDS_53(each), each(f54)
#define OURO_FIELDS_55(each) OURO_FIELDS_54(each), each(f55)
#define OURO_FIELDS_56(each) OURO_FIELDS_55(each), each(f56)
#define OURO_FIELDS_57(each) OURO_FIELDS_56(each), each(f57)
#define OURO_FIELDS_58(each) OURO_FIELDS_57(each), each(f58)
#define OURO_FIELDS_59(each) OURO_FIELDS_58(each), each(f59)
#define OURO_FIELDS_60(each) OURO_FIELDS_59(each), each(f60)
#define OURO_FIELDS_61(each) OURO_FIELDS_60(each), each(f61)
#define OURO_FIELDS_62(each) OURO_FIELDS_61(each), each(f62)
#define OURO_FIELDS_63(each) OURO_FIELDS_62(each), each(f63)
#define OURO_FIELDS_64(each) OURO_FIELDS_63(each), each(f64)

#define OURO_FIELD(field) field
// clang-format off: it takes the braces for a block.
#define OURO_EMPTY_BRACES(field) {}
// clang-format on
#define OURO_ADDRESSABLE(field) is_addressable<decltype(field)>(requires { &field; })

//   accepts<T, Next...>       a T can be made from `count` empty braces and a Next{} of each type
//   accepts_braced<T, Next>   the same with the last one in braces of its own
// and, if T has exactly `count` fields,
//   describe(object)          never called: the type of its result is the FieldsDescription of T
//   apply(object, visitor)    visitor(first_field, second_field, ...)
#define OURO_BOUND_FIELDS(count)                                                                 \
  template <>                                                                                    \
  struct BoundFields<count> {                                                                    \
    template <class T, class... Next>                                                            \
    static constexpr bool accepts =                                                              \
        requires { T{OURO_FIELDS_##count(OURO_EMPTY_BRACES), Next{}...}; };                      \
                                                                                                 \
    template <class T, class Next>                                                               \
    static constexpr bool accepts_braced =                                                       \
        requires { T{OURO_FIELDS_##count(OURO_EMPTY_BRACES), {Next{}}}; };                       \
                                                                                                 \
    template <class T>                                                                           \
    static constexpr auto describe(T& object) {                                                  \
      auto& [OURO_FIELDS_##count(OURO_FIELD)] = object;                                          \
      return FieldsDescription<all(OURO_FIELDS_##count(OURO_ADDRESSABLE)),                       \
                               OURO_FIELDS_##count(decltype)>{};                                 \
    }                                                                                            \
                                                                                                 \
    template <class T, class Visitor>                                                            \
    [[gnu::always_inline]] static constexpr decltype(auto) apply(T& object, Visitor&& visitor) { \
      auto& [OURO_FIELDS_##count(OURO_FIELD)] = object;                                          \
      return visitor(OURO_FIELDS_##count(OURO_FIELD));                                           \
    }                                                                                            \
  };

// clang-format off: no semicolons, so the formatter takes them for one nested expression.
OURO_BOUND_FIELDS(1) OURO_BOUND_FIELDS(2) OURO_BOUND_FIELDS(3) OURO_BOUND_FIELDS(4)
OURO_BOUND_FIELDS(5) OURO_BOUND_FIELDS(6) OURO_BOUND_FIELDS(7) OURO_BOUND_FIELDS(8)
OURO_BOUND_FIELDS(9) OURO_BOUND_FIELDS(10) OURO_BOUND_FIELDS(11) OURO_BOUND_FIELDS(12)
OURO_BOUND_FIELDS(13) OURO_BOUND_FIELDS(14) OURO_BOUND_FIELDS(15) OURO_BOUND_FIELDS(16)
OURO_BOUND_FIELDS(17) OURO_BOUND_FIELDS(18) OURO_BOUND_FIELDS(19) OURO_BOUND_FIELDS(20)
OURO_BOUND_FIELDS(21) OURO_BOUND_FIELDS(22) OURO_BOUND_FIELDS(23) OURO_BOUND_FIELDS(24)
OURO_BOUND_FIELDS(25) OURO_BOUND_FIELDS(26) OURO_BOUND_FIELDS(27) OURO_BOUND_FIELDS(28)
OURO_BOUND_FIELDS(29) OURO_BOUND_FIELDS(30) OURO_BOUND_FIELDS(31) OURO_BOUND_FIELDS(32)
OURO_BOUND_FIELDS(33) OURO_BOUND_FIELDS(34) OURO_BOUND_FIELDS(35) OURO_BOUND_FIELDS(36)
OURO_BOUND_FIELDS(37) OURO_BOUND_FIELDS(38) OURO_BOUND_FIELDS(39) OURO_BOUND_FIELDS(40)
OURO_BOUND_FIELDS(41) OURO_BOUND_FIELDS(42) OURO_BOUND_FIELDS(43) OURO_BOUND_FIELDS(44)
OURO_BOUND_FIELDS(45) OURO_BOUND_FIELDS(46) OURO_BOUND_FIELDS(47) OURO_BOUND_FIELDS(48)
OURO_BOUND_FIELDS(49) OURO_BOUND_FIELDS(50) OURO_BOUND_FIELDS(51) OURO_BOUND_FIELDS(52)
OURO_BOUND_FIELDS(53) OURO_BOUND_FIELDS(54) OURO_BOUND_FIELDS(55) OURO_BOUND_FIELDS(56)
OURO_BOUND_FIELDS(57) OURO_BOUND_FIELDS(58) OURO_BOUND_FIELDS(59) OURO_BOUND_FIELDS(60)
OURO_BOUND_FIELDS(61) OURO_BOUND_FIELDS(62) OURO_BOUND_FIELDS(63) OURO_BOUND_FIELDS(64)
// clang-format on

#undef OURO_BOUND_FIELDS
#undef OURO_ADDRESSABLE
#undef OURO_EMPTY_BRACES
#undef OURO_FIELD
#undef OURO_FIELDS_1
#undef OURO_FIELDS_2
#undef OURO_FIELDS_3
#undef OURO_FIELDS_4
#undef OURO_FIELDS_5
#undef OURO_FIELDS_6
#undef OURO_FIELDS_7
#undef OURO_FIELDS_8
#undef OURO_FIELDS_9
#undef OURO_FIELDS_10
#undef OURO_FIELDS_11
#undef OURO_FIELDS_12
#undef OURO_FIELDS_13
#undef OURO_FIELDS_14
#undef OURO_FIELDS_15
#undef OURO_FIELDS_16
#undef OURO_FIELDS_17
#undef OURO_FIELDS_18
#undef OURO_FIELDS_19
#undef OURO_FIELDS_20
#undef OURO_FIELDS_21
#undef OURO_FIELDS_22
#undef OURO_FIELDS_23
#undef OURO_FIELDS_24
#undef OURO_FIELDS_25
#undef OURO_FIELDS_26
#undef OURO_FIELDS_27
#undef OURO_FIELDS_28
#undef OURO_FIELDS_29
#undef OURO_FIELDS_30
#undef OURO_FIELDS_31
#undef OURO_FIELDS_32
#undef OURO_FIELDS_33
#undef OURO_FIELDS_34
#undef OURO_FIELDS_35
#undef OURO_FIELDS_36
#undef OURO_FIELDS_37
#undef OURO_FIELDS_38
#undef OURO_FIELDS_39
#undef OURO_FIELDS_40
#undef OURO_FIELDS_41
#undef OURO_FIELDS_42
#undef OURO_FIELDS_43
#undef OURO_FIELDS_44
#undef OURO_FIELDS_45
#undef OURO_FIELDS_46
#undef OURO_FIELDS_47
#undef OURO_FIELDS_48
#undef OURO_FIELDS_49
#undef OURO_FIELDS_50
#undef OURO_FIELDS_51
#undef OURO_FIELDS_52
#undef OURO_FIELDS_53
#undef OURO_FIELDS_54
#undef OURO_FIELDS_55
#undef OURO_FIELDS_56
#undef OURO_FIELDS_57
#undef OURO_FIELDS_58
#undef OURO_FIELDS_59
#undef OURO_FIELDS_60
#undef OURO_FIELDS_61
#undef OURO_FIELDS_62
#undef OURO_FIELDS_63
#undef OURO_FIELDS_64

}  // namespace ouro::detail::aggregate
