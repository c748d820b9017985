// Which types' fields are found without a declaration, and that what is found is right: number,
// types, names and places.
//
// Everything is asked twice, of aggregate.hpp (C++20) and of reflection.hpp, which is the same
// thing unless the compiler has C++26's reflection; `scripts/with_sid` runs these tests with such a
// compiler.

#include <gtest/gtest.h>

#include <any>
#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ouro/detail/aggregate.hpp>
#include <ouro/detail/reflection.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace {

namespace aggregate = ouro::detail::aggregate;
using ouro::detail::ReflectableAggregate;
using ouro::detail::TypeList;

template <class T>
std::string names() {
  std::string joined;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((joined += (I > 0 ? " " : "") + std::string(aggregate::field_name<T, I>())), ...);
  }(std::make_index_sequence<aggregate::field_count<T>>{});
  return joined;
}

template <class T>
std::string reflected_names() {
  std::string joined;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((joined += (I > 0 ? " " : "") + std::string(ouro::detail::field_name<T, I>())), ...);
  }(std::make_index_sequence<ouro::detail::field_count<T>>{});
  return joined;
}

/// The fields of T have the types given, by either means, and `expected` names.
template <class T, class... Types>
void expect_fields(std::string_view expected) {
  static_assert(ReflectableAggregate<T>);
  static_assert(ReflectableAggregate<const T>);
  static_assert(aggregate::field_count<T> == sizeof...(Types));
  static_assert(std::same_as<aggregate::field_types<T>, TypeList<Types...>>);
  static_assert(ouro::detail::Reflectable<T>);
  static_assert(ouro::detail::field_count<T> == sizeof...(Types));
  static_assert(std::same_as<ouro::detail::field_types<T>, TypeList<Types...>>);
  EXPECT_EQ(names<T>(), expected);
  EXPECT_EQ(reflected_names<T>(), expected);
}

using Place = const volatile void*;

Place place_of(auto& field) {
  return static_cast<Place>(std::addressof(field));
}

template <class T>
std::vector<Place> places(T& object) {
  std::vector<Place> places;
  aggregate::for_each_field(object, [&](auto index, auto& field) {
    EXPECT_EQ(index, places.size());
    places.push_back(place_of(field));
  });
  std::vector<Place> reflected;
  ouro::detail::for_each_field(object,
                               [&](auto, auto& field) { reflected.push_back(place_of(field)); });
  EXPECT_EQ(places, reflected);
  return places;
}

struct Incomplete;
struct NeedsValue {
  explicit NeedsValue(int) {}
  NeedsValue(const NeedsValue&) = delete;
};
struct ExplicitDefault {
  explicit ExplicitDefault() = default;
};
struct TakesAnything {
  template <class U>
    requires(!std::same_as<std::remove_cvref_t<U>, TakesAnything>)
  TakesAnything(U&&) {}
};
struct Point {
  int x;
  int y;
};
struct Empty {};
union Number {
  int integer;
  float real;
};

// ---- What works.

struct Dungeon;
struct Monster {
  Dungeon* dungeon;
  Monster* prey;
  std::vector<Monster> minions;
  int hp = 10;
};

TEST(Aggregate, HasTheFieldsOfAPlainStruct) {
  expect_fields<Monster, Dungeon*, Monster*, std::vector<Monster>, int>("dungeon prey minions hp");
  expect_fields<Point, int, int>("x y");
  expect_fields<Empty>("");
}

TEST(Aggregate, VisitsFieldsInOrderAndByReference) {
  Monster monster{nullptr, nullptr, {}, 3};
  EXPECT_EQ(places(monster), (std::vector<Place>{place_of(monster.dungeon), place_of(monster.prey),
                                                 place_of(monster.minions), place_of(monster.hp)}));
  aggregate::for_each_field(monster, [](auto, auto& field) {
    if constexpr (std::same_as<decltype(field), int&>) field = 4;
  });
  EXPECT_EQ(monster.hp, 4);
}

TEST(Aggregate, FieldsOfAConstObjectAreConst) {
  const Point point{1, 2};
  int sum = 0;
  aggregate::for_each_field(point, [&](auto, auto& field) {
    static_assert(std::same_as<decltype(field), const int&>);
    sum += field;
  });
  EXPECT_EQ(sum, 3);
}

constexpr int sum_of(Point point) {
  int sum = 0;
  ouro::detail::for_each_field(point, [&](auto, auto& field) { sum += field; });
  return sum;
}

TEST(Aggregate, WorksInConstantExpressions) {
  static_assert(sum_of({3, 4}) == 7);
  static_assert(aggregate::field_name<Point, 1>() == "y");
  static_assert(ouro::detail::field_name<Point, 0>() == "x");
}

TEST(Aggregate, NamesEndWithANul) {
  constexpr const char* kName = aggregate::field_name<Monster, 0>().data();
  constexpr const char* kReflected = ouro::detail::field_name<const Monster, 0>().data();
  EXPECT_STREQ(kName, "dungeon");
  EXPECT_STREQ(kReflected, "dungeon");
}

struct Scalars {
  bool flag;
  char letter;
  const int constant;
  double real;
  void* pointer;
  const char* text;
  std::nullptr_t null;
  int (*function)(int);
  int Point::* member;
  int (Monster::*method)(int) const;
  enum Color { kRed } color;
  enum class Shape : char { kRound } shape;
};

TEST(Aggregate, HasFieldsOfEveryScalarType) {
  expect_fields<Scalars, bool, char, const int, double, void*, const char*, std::nullptr_t,
                int (*)(int), int Point::*, int (Monster::*)(int) const, Scalars::Color,
                Scalars::Shape>(
      "flag letter constant real pointer text null function member method color shape");
}

struct Device {
  int before;
  volatile int ports[2];
  int c, d, e, f, g, h, i, j;
  volatile int last;
};

TEST(Aggregate, NamesNoFieldNextToAVolatileOneIfTheCompilerCannot) {
  static_assert(
      std::same_as<
          aggregate::field_types<Device>,
          TypeList<int, volatile int[2], int, int, int, int, int, int, int, int, volatile int>>);
  Device device{};
  EXPECT_EQ(places(device).back(), &device.last);
#if defined(__clang__)
  EXPECT_EQ(names<Device>(), "before ports c d e f g h i j last");
#else
  EXPECT_EQ(names<Device>(), "#0 #1 #2 #3 #4 #5 #6 #7 #8 #9 #10");
#endif
}

struct StandardTypes {
  std::string name;
  const std::string title;
  std::vector<std::unique_ptr<int>> owned;
  std::optional<int> count;
  std::optional<Point> point;
  std::optional<std::any> nested;
  std::variant<int, float, std::string> value;
  std::variant<int> one;
  std::unique_ptr<Incomplete> hidden;
  std::shared_ptr<Incomplete> shared;
  std::function<void()> callback;
  std::function<int(std::any)> greedy;
  std::any anything;
  std::tuple<int> single;
  std::tuple<int, std::any> pair;
  std::array<int, 3> fixed;
  std::map<std::string, int> sorted;
  std::string_view view;
  std::pair<int, std::string> entry;
  std::thread thread;
};

TEST(Aggregate, HasFieldsOfStandardTypes) {
  expect_fields<StandardTypes, std::string, const std::string, std::vector<std::unique_ptr<int>>,
                std::optional<int>, std::optional<Point>, std::optional<std::any>,
                std::variant<int, float, std::string>, std::variant<int>,
                std::unique_ptr<Incomplete>, std::shared_ptr<Incomplete>, std::function<void()>,
                std::function<int(std::any)>, std::any, std::tuple<int>, std::tuple<int, std::any>,
                std::array<int, 3>, std::map<std::string, int>, std::string_view,
                std::pair<int, std::string>, std::thread>(
      "name title owned count point nested value one hidden shared callback greedy anything single "
      "pair fixed sorted view entry thread");
}

struct Immovable {
  std::mutex mutex;
  std::atomic<int> count;
  std::once_flag once;
};
struct Difficult {
  int before;
  NeedsValue value;
  ExplicitDefault explicit_default;
  TakesAnything anything;
  int after;
};
struct OnlyDifficult {
  NeedsValue value;
};

TEST(Aggregate, HasFieldsThatCannotBeMovedOrDefaultConstructed) {
  expect_fields<Immovable, std::mutex, std::atomic<int>, std::once_flag>("mutex count once");
  expect_fields<Difficult, int, NeedsValue, ExplicitDefault, TakesAnything, int>(
      "before value explicit_default anything after");
  expect_fields<OnlyDifficult, NeedsValue>("value");
  Immovable immovable;
  EXPECT_EQ(places(immovable).back(), &immovable.once);
}

struct Defaults {
  int first = 1;
  NeedsValue value = NeedsValue(2);
  std::string text = "three";
  int last;
};
struct LastDefault {
  int first;
  NeedsValue value = NeedsValue(2);
};

TEST(Aggregate, HasFieldsWithDefaultInitializers) {
  expect_fields<Defaults, int, NeedsValue, std::string, int>("first value text last");
  expect_fields<LastDefault, int, NeedsValue>("first value");
}

struct Arrays {
  int one[1];
  int before;
  int line[3];
  int matrix[2][2];
  Point points[2];
  std::string texts[2];
  char buffer[4096];
  std::unique_ptr<int> after;
};
struct OnlyArray {
  int matrix[3][3];
};

TEST(Aggregate, ArraysAreOneFieldEach) {
  expect_fields<Arrays, int[1], int, int[3], int[2][2], Point[2], std::string[2], char[4096],
                std::unique_ptr<int>>("one before line matrix points texts buffer after");
  expect_fields<OnlyArray, int[3][3]>("matrix");
  Arrays arrays{};
  EXPECT_EQ(places(arrays)[3], &arrays.matrix);
  EXPECT_EQ(places(arrays).back(), &arrays.after);
}

struct DifficultArrays {
  NeedsValue first[3];
  int line[2];
  Difficult nested;
  Point point;
  NeedsValue matrix[2][2];
  NeedsValue one[1];
  std::string texts[2];
  int last;
};
struct ManyLeaves {
  NeedsValue value;
  char buffer[200];
};

TEST(Aggregate, ArraysWhoseElementsNeedValuesAreOneFieldEach) {
  expect_fields<DifficultArrays, NeedsValue[3], int[2], Difficult, Point, NeedsValue[2][2],
                NeedsValue[1], std::string[2], int>(
      "first line nested point matrix one texts last");
  expect_fields<ManyLeaves, NeedsValue, char[200]>("value buffer");
}

struct Nested {
  Point point;
  Arrays arrays;
  struct Inner {
    Point from, to;
  } inner;
  Empty empty;
  int last;
};

TEST(Aggregate, NestedAggregatesAreOneFieldEach) {
  expect_fields<Nested, Point, Arrays, Nested::Inner, Empty, int>("point arrays inner empty last");
}

struct Overlapping {
  [[no_unique_address]] Empty nothing;
  Empty something;
  [[no_unique_address]] std::allocator<int> allocator;
  int last;
};

TEST(Aggregate, HasFieldsWithoutAnAddressOfTheirOwn) {
  expect_fields<Overlapping, Empty, Empty, std::allocator<int>, int>(
      "nothing something allocator last");
}

struct WithUnion {
  int before;
  Number number;
  int after;
};
struct AnonymousWithin {
  struct Tagged {
    union {
      int integer;
      float real;
    };
    bool is_real;
  } tagged;
  int after;
};

TEST(Aggregate, NamedUnionsAreFieldsWhateverTheyHold) {
  expect_fields<WithUnion, int, Number, int>("before number after");
  expect_fields<AnonymousWithin, AnonymousWithin::Tagged, int>("tagged after");
}

struct Uncopyable {
  Uncopyable() = default;
  Uncopyable(const Uncopyable&) = delete;
};
class Protected {
 protected:
  Protected() = default;
  ~Protected() = default;
};
struct Tagged : Empty {
  int x;
  std::string name;
};
struct OnlyTagged : Empty {};
struct TaggedUncopyable : Uncopyable {
  int x;
};
struct TaggedDifficult : Empty {
  NeedsValue value;
  NeedsValue values[2];
};

TEST(Aggregate, AnEmptyBaseIsNoField) {
  expect_fields<Tagged, int, std::string>("x name");
  expect_fields<OnlyTagged>("");
  expect_fields<TaggedUncopyable, int>("x");
  expect_fields<TaggedDifficult, NeedsValue, NeedsValue[2]>("value values");
}

struct Base {
  int x;
};
struct BeginsWithAnything {
  TakesAnything anything;
  int y;
};
struct EmptyTwo {};
struct EmptyBelow : Empty {};
struct WithBase : Base {
  int y;
};
struct WithTwoBases : Empty, EmptyTwo {
  int y;
};
struct WithProtectedBase : Protected {
  int y;
};
struct WithFieldLikeABase : EmptyBelow {
  Empty empty;
  int y;
};

TEST(Aggregate, RefusesOtherBases) {
  static_assert(!ReflectableAggregate<WithBase>);
  static_assert(!ReflectableAggregate<WithTwoBases>);
  static_assert(!ReflectableAggregate<WithProtectedBase>);
  static_assert(!ReflectableAggregate<WithFieldLikeABase>);
  static_assert(!ReflectableAggregate<BeginsWithAnything>);
}

// ---- Where types stand.

struct Outer {
  struct Inside {
    int deep;
  };
};
template <class T>
struct Box {
  T content;
  T spare[2];
};
struct Unicode {
  int größe;
};
struct Operators {
  struct Hostile {
    void operator&() const = delete;
    void operator,(int) const = delete;
  } hostile;
  int last;
};

TEST(Aggregate, NamesFieldsOfTypesInAnyScope) {
  struct Local {
    int here;
    std::unique_ptr<Point> there;
  };
  expect_fields<Local, int, std::unique_ptr<Point>>("here there");
  expect_fields<Outer::Inside, int>("deep");
  expect_fields<Box<Local>, Local, Local[2]>("content spare");
  expect_fields<Box<NeedsValue>, NeedsValue, NeedsValue[2]>("content spare");
  expect_fields<Unicode, int>("größe");
  expect_fields<Operators, Operators::Hostile, int>("hostile last");
  [] {
    struct InLambda {
      int inner;
    };
    expect_fields<InLambda, int>("inner");
  }();
}

TEST(Aggregate, HasFieldsOfLambdaType) {
  auto add = [offset = 1](int x) { return x + offset; };
  expect_fields<Box<decltype(add)>, decltype(add), decltype(add)[2]>("content spare");
}

struct SixtyFour {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2,
      c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5,
      e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, last;
};
struct SixtyFive {
  SixtyFour lots[1];
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2,
      c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5,
      e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, last;
};
struct SixtyFiveDifficult {
  NeedsValue value;
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2,
      c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5,
      e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, last;
};

TEST(Aggregate, HasUpToSixtyFourFields) {
  static_assert(aggregate::field_count<SixtyFour> == 64);
  EXPECT_EQ((aggregate::field_name<SixtyFour, 63>()), "last");
  SixtyFour many{};
  EXPECT_EQ(places(many).back(), &many.last);
  static_assert(!ReflectableAggregate<SixtyFive>);
  static_assert(!ReflectableAggregate<SixtyFiveDifficult>);
}

// ---- What is refused, and never an error.

class Private {
  [[maybe_unused]] int hidden_ = 0;
};
struct Constructed {
  Constructed(int) {}
  int x = 0;
};
struct Virtual {
  virtual ~Virtual() = default;
  int x;
};
struct BoundByItself {
  int x;
};
int global = 0;
struct Reference {
  int before;
  int& reference;
};
struct ConstReference {
  const std::string& reference;
  int after;
};
struct MovedReference {
  std::string&& reference;
};
struct DefaultReference {
  int before = 0;
  int& reference = global;
};
struct Bits {
  int low : 3;
  int high;
};
struct ConstBits {
  int before;
  const int bits : 4;
};
struct OnlyPadding {
  int : 4;
};
struct AnonymousUnion {
  int before;
  union {
    int integer;
    float real;
  };
  int after;
};
struct AnonymousUnionOfStructs {
  union {
    Point point;
    Number numbers[2];
  };
};
struct AnonymousUnionOfTagged {
  int array[2];
  union {
    AnonymousWithin::Tagged tagged;
    int integer;
  };
};
struct OnlyAnonymousUnion {
  union {
    int integer;
    float real;
  };
};
struct AnonymousUnionAndArray {
  int array[3];
  NeedsValue value;
  union {
    int integer;
    float real;
  };
};
struct UnnamedType {
  struct {
    int x;
  } point;
};
struct TooManyLeaves {
  NeedsValue value;
  char buffer[300];
};

}  // namespace

template <>
struct std::tuple_size<BoundByItself> : std::integral_constant<std::size_t, 5> {};

namespace {

TEST(Aggregate, RefusesWhatIsNoAggregateClass) {
  static_assert(!ReflectableAggregate<int>);
  static_assert(!ReflectableAggregate<int&>);
  static_assert(!ReflectableAggregate<Point&>);
  static_assert(!ReflectableAggregate<Point*>);
  static_assert(!ReflectableAggregate<void>);
  static_assert(!ReflectableAggregate<void()>);
  static_assert(!ReflectableAggregate<int[3]>);
  static_assert(!ReflectableAggregate<int[]>);
  static_assert(!ReflectableAggregate<std::array<int, 3>>);
  static_assert(!ReflectableAggregate<std::string>);
  static_assert(!ReflectableAggregate<std::any>);
  static_assert(!ReflectableAggregate<Number>);
  static_assert(!ReflectableAggregate<Scalars::Color>);
  static_assert(!ReflectableAggregate<Incomplete>);
  static_assert(!ReflectableAggregate<Private>);
  static_assert(!ReflectableAggregate<Constructed>);
  static_assert(!ReflectableAggregate<Virtual>);
  static_assert(!ReflectableAggregate<BoundByItself>);
}

TEST(Aggregate, RefusesReferencesAndBitFields) {
  static_assert(!ReflectableAggregate<Reference>);
  static_assert(!ReflectableAggregate<ConstReference>);
  static_assert(!ReflectableAggregate<MovedReference>);
  static_assert(!ReflectableAggregate<DefaultReference>);
  static_assert(!ReflectableAggregate<Bits>);
  static_assert(!ReflectableAggregate<ConstBits>);
  static_assert(!ReflectableAggregate<OnlyPadding>);
}

TEST(Aggregate, RefusesAnonymousUnionsAndUnnamedTypes) {
  static_assert(!ReflectableAggregate<AnonymousUnion>);
  static_assert(!ReflectableAggregate<AnonymousUnionOfStructs>);
  static_assert(!ReflectableAggregate<AnonymousUnionOfTagged>);
  static_assert(!ReflectableAggregate<OnlyAnonymousUnion>);
  static_assert(!ReflectableAggregate<AnonymousUnionAndArray>);
  static_assert(!ReflectableAggregate<AnonymousWithin::Tagged>);
  static_assert(!ReflectableAggregate<UnnamedType>);
}

TEST(Aggregate, RefusesTooManyLeavesNextToAFieldThatNeedsAValue) {
  static_assert(!ReflectableAggregate<TooManyLeaves>);
}

#if defined(__cpp_lib_reflection)

class Person {
 public:
  explicit Person(int& place) : place_(place) {}
  const int& age() const { return age_; }

 private:
  std::string name_ = "Ada";
  int bits_ : 3 = 1;
  int& place_;

 protected:
  int age_ = 36;
};
class Worker : private Person, public Tagged {
 public:
  explicit Worker(int& place) : Person(place), Tagged{{}, 1, "tag"} {}
  const Person& person() const { return *this; }

 private:
  double salary_ = 10;
};
struct WithVirtualBase : virtual Base {
  int y;
};
struct BelowVirtualBase : WithVirtualBase {};
template <class... Functions>
struct Overloaded : Functions... {};

template <class T, class... Types>
void expect_reflected_fields(std::string_view expected) {
  static_assert(ouro::detail::Reflectable<T>);
  static_assert(std::same_as<ouro::detail::field_types<T>, TypeList<Types...>>);
  EXPECT_EQ(reflected_names<T>(), expected);
}

TEST(Reflection, ReachesPrivateFieldsAndPassesOverBitFieldsAndReferences) {
  expect_reflected_fields<Person, std::string, int>("name_ age_");
  expect_reflected_fields<Private, int>("hidden_");
  expect_reflected_fields<Virtual, int>("x");
  expect_reflected_fields<Bits, int>("high");
  expect_reflected_fields<Reference, int>("before");
  expect_reflected_fields<BoundByItself, int>("x");
}

TEST(Reflection, VisitsTheFieldsOfBasesFirst) {
  expect_reflected_fields<Worker, std::string, int, int, std::string, double>(
      "name_ age_ x name salary_");
  expect_reflected_fields<WithBase, int, int>("x y");
  expect_reflected_fields<WithFieldLikeABase, Empty, int>("empty y");

  int place = 0;
  const Worker worker(place);
  std::vector<Place> places;
  ouro::detail::for_each_field(worker, [&](auto index, auto& field) {
    static_assert(std::is_const_v<std::remove_reference_t<decltype(field)>>);
    EXPECT_EQ(index, places.size());
    places.push_back(place_of(field));
  });
  ASSERT_EQ(places.size(), 5u);
  EXPECT_EQ(places[1], &worker.person().age());
  EXPECT_EQ(places[2], &worker.x);
}

TEST(Reflection, HasNoLimitOfFields) {
  static_assert(ouro::detail::field_count<SixtyFive> == 65);
  static_assert(ouro::detail::field_count<TooManyLeaves> == 2);
  static_assert(ouro::detail::field_count<UnnamedType> == 1);
}

TEST(Reflection, RefusesWhatItWouldMissOrVisitTwice) {
  auto lambda = [text = std::string()] { return text; };
  static_assert(!ouro::detail::Reflectable<decltype(lambda)>);
  static_assert(!ouro::detail::Reflectable<Overloaded<decltype(lambda)>>);
  static_assert(!ouro::detail::Reflectable<WithVirtualBase>);
  static_assert(!ouro::detail::Reflectable<BelowVirtualBase>);
  static_assert(!ouro::detail::Reflectable<Number>);
  static_assert(!ouro::detail::Reflectable<AnonymousUnion>);
  static_assert(!ouro::detail::Reflectable<Incomplete>);
  static_assert(!ouro::detail::Reflectable<int>);
  static_assert(!ouro::detail::Reflectable<int[2]>);
  static_assert(!ouro::detail::Reflectable<Point&>);
}

#else

TEST(Reflection, IsThatOfAggregatesBeforeCpp26) {
  static_assert(ouro::detail::Reflectable<Point>);
  static_assert(!ouro::detail::Reflectable<Private>);
  static_assert(!ouro::detail::Reflectable<WithBase>);
}

#endif

}  // namespace
