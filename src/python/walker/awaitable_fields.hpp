// Fields of the C classes that tasks and coroutines wait through: asyncio's futures and tasks, what
// `await` makes of them, and of asynchronous generators. No header shows these classes
// (Modules/_asynciomodule.c, Objects/genobject.c), so a field is believed only where tp_traverse
// visits what it refers to: a wrong offset costs a name. tests/python/frames compares them with
// Python's attributes.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/lookup.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct AwaitableField {
  std::int16_t offset;  ///< in a default build
  std::int8_t oldest;   ///< minor versions that have it there
  std::int8_t newest;
  const char* name;  ///< as in the class written in Python, where there is one
};

inline constexpr AwaitableField kFutureFields[] = {
    {16, 8, 15, "_loop"},
    {24, 8, 15, "_callback0"},
    {32, 8, 15, "_context0"},
    {40, 8, 15, "_callbacks"},
    {48, 8, 15, "_exception"},
    {56, 8, 9, "_result"},
    {64, 8, 9, "_source_traceback"},
    {72, 9, 9, "_cancel_message"},
    {56, 10, 15, "_exception_tb"},
    {64, 10, 15, "_result"},
    {72, 10, 15, "_source_traceback"},
    {80, 10, 15, "_cancel_message"},
    {88, 13, 15, "_cancelled_exc"},
    {96, 14, 15, "_asyncio_awaited_by"},
};
inline constexpr AwaitableField kTaskFields[] = {
    // Before those of its base, Future, in the order that tp_traverse visits.
    {128, 8, 8, "_context"},      {112, 8, 8, "_coro"},         {120, 8, 8, "_name"},
    {104, 8, 8, "_fut_waiter"},   {168, 9, 9, "_context"},      {152, 9, 9, "_coro"},
    {160, 9, 9, "_name"},         {144, 9, 9, "_fut_waiter"},   {176, 10, 10, "_context"},
    {160, 10, 10, "_coro"},       {168, 10, 10, "_name"},       {152, 10, 10, "_fut_waiter"},
    {152, 11, 12, "_context"},    {136, 11, 12, "_coro"},       {144, 11, 12, "_name"},
    {128, 11, 12, "_fut_waiter"}, {136, 13, 13, "_context"},    {120, 13, 13, "_coro"},
    {128, 13, 13, "_name"},       {112, 13, 13, "_fut_waiter"}, {144, 14, 15, "_context"},
    {128, 14, 15, "_coro"},       {136, 14, 15, "_name"},       {120, 14, 15, "_fut_waiter"},
};
inline constexpr AwaitableField kFutureIterFields[] = {{16, 8, 15, "future"}};
inline constexpr AwaitableField kStepFields[] = {{16, 8, 15, "task"}, {24, 8, 15, "argument"}};
inline constexpr AwaitableField kWrapperFields[] = {{16, 8, 15, "coroutine"}};
inline constexpr AwaitableField kAsyncGeneratorFields[] = {{16, 8, 15, "async generator"}};
inline constexpr AwaitableField kAnextFields[] = {{16, 10, 15, "wrapped"}, {24, 10, 15, "default"}};

struct AwaitableClass {
  const char* type_name;  ///< tp_name
  std::span<const AwaitableField> fields;
};

inline constexpr AwaitableClass kAwaitableClasses[] = {
    {"_asyncio.Task", kTaskFields},
    {"_asyncio.Future", kFutureFields},
    {"_asyncio.FutureIter", kFutureIterFields},
    {"TaskStepMethWrapper", kStepFields},
    {"_asyncio.TaskStepMethWrapper", kStepFields},
    {"TaskWakeupMethWrapper", kStepFields},
    {"coroutine_wrapper", kWrapperFields},
    {"async_generator_asend", kAsyncGeneratorFields},
    {"async_generator_athrow", kAsyncGeneratorFields},
    {"anext_awaitable", kAnextFields},
};

/// A class written in Python has no dot in its tp_name, and is never smaller than these; what else
/// is of that name gets no more than names that do not fit.
template <class Report>
void for_each_awaitable_field(const Object* type, Report report) {
  for (const AwaitableClass& known : kAwaitableClasses) {
    if (!is_named(type, known.type_name)) continue;
    // Task begins with the fields of Future, but tp_traverse of a task visits its own first.
    for (const AwaitableField& field : known.fields) {
      const int offset = field.offset + layout.header;
      if (layout.minor < field.oldest || layout.minor > field.newest) continue;
      if (offset + 8 <= type_basic_size(type)) report(offset, field.name);
    }
  }
}

}  // namespace ouro::python::walker
