// Fields of C objects that hold a counted reference and that no PyMemberDef names: by class, their
// offsets from each version's headers. exactness.py compares with attributes.
#pragma once

#include <cstdint>
#include <span>

#include "python/walker/lookup.hpp"
#include "python/walker/object.hpp"

namespace ouro::python::walker {

struct KnownField {
  std::int16_t offset;  ///< in a default build
  std::int8_t oldest;   ///< minor versions that have it there
  std::int8_t newest;
  const char* name;
};

inline constexpr KnownField kFunctionFields[] = {
    {16, 8, 9, "__code__"},           {24, 8, 9, "__globals__"},
    {32, 8, 9, "__defaults__"},       {40, 8, 9, "__kwdefaults__"},
    {48, 8, 9, "__closure__"},        {56, 8, 9, "__doc__"},
    {64, 8, 9, "__name__"},           {72, 8, 9, "__dict__"},
    {88, 8, 9, "__module__"},         {96, 8, 9, "__annotations__"},
    {104, 8, 9, "__qualname__"},      {16, 10, 15, "__globals__"},
    {24, 10, 15, "__builtins__"},     {32, 10, 15, "__name__"},
    {40, 10, 15, "__qualname__"},     {48, 10, 15, "__code__"},
    {56, 10, 15, "__defaults__"},     {64, 10, 15, "__kwdefaults__"},
    {72, 10, 15, "__closure__"},      {80, 10, 15, "__doc__"},
    {88, 10, 15, "__dict__"},         {104, 10, 15, "__module__"},
    {112, 10, 15, "__annotations__"}, {120, 12, 13, "__type_params__"},
    {120, 14, 15, "__annotate__"},    {128, 14, 15, "__type_params__"},
};
inline constexpr KnownField kBuiltinFields[] = {{24, 8, 15, "__self__"}, {32, 8, 15, "__module__"}};
inline constexpr KnownField kCellFields[] = {{16, 8, 15, "cell_contents"}};
inline constexpr KnownField kModuleFields[] = {
    {16, 8, 15, "__dict__"}, {48, 8, 14, "md_name"}, {40, 15, 15, "md_name"}};
inline constexpr KnownField kTraceBackFields[] = {{16, 8, 15, "tb_next"}, {24, 8, 15, "tb_frame"}};
inline constexpr KnownField kDictProxyFields[] = {{16, 8, 15, "mapping"}};
inline constexpr KnownField kWeakrefFields[] = {{24, 8, 15, "__callback__"}};
inline constexpr KnownField kDescriptorFields[] = {
    {16, 8, 15, "__objclass__"}, {24, 8, 15, "__name__"}, {32, 8, 15, "__qualname__"}};
inline constexpr KnownField kInstanceMethodFields[] = {{16, 8, 15, "__func__"}};
// Where the frame of a generator is not in it, the rest is frames.cpp's.
inline constexpr KnownField kGeneratorFields[] = {
    {32, 8, 9, "gi_code"},    {48, 8, 9, "__name__"},       {56, 8, 9, "__qualname__"},
    {24, 10, 10, "gi_code"},  {40, 10, 10, "__name__"},     {48, 10, 10, "__qualname__"},
    {24, 12, 15, "__name__"}, {32, 12, 15, "__qualname__"}, {16, 11, 11, "gi_code"},
    {32, 11, 11, "__name__"}, {40, 11, 11, "__qualname__"},
};
// From 3.11 on code has no member for the names and kinds of its variables.
inline constexpr KnownField kCodeFields[] = {{24, 11, 15, "co_consts"},
                                             {32, 11, 15, "co_names"},
                                             {40, 11, 15, "co_exceptiontable"},
                                             {96, 11, 15, "co_localsplusnames"},
                                             {104, 11, 15, "co_localspluskinds"},
                                             {112, 11, 15, "co_filename"},
                                             {120, 11, 15, "co_name"},
                                             {128, 11, 15, "co_qualname"},
                                             {136, 11, 15, "co_linetable"},
                                             {152, 11, 11, "co_code"}};
inline constexpr KnownField kExceptionFields[] = {
    {24, 8, 15, "args"},         {32, 11, 15, "__notes__"}, {32, 8, 10, "__traceback__"},
    {40, 8, 10, "__context__"},  {48, 8, 10, "__cause__"},  {40, 11, 15, "__traceback__"},
    {48, 11, 15, "__context__"}, {56, 11, 15, "__cause__"},
};
// Up to 3.9 the collector does not see what an abstract base class knows of its subclasses.
inline constexpr KnownField kAbstractClassFields[] = {
    {16, 8, 9, "_abc_registry"}, {24, 8, 9, "_abc_cache"}, {32, 8, 9, "_abc_negative_cache"}};

template <class Report>
void for_each_known_field(const Object* type, Report report) {
  const std::uint64_t address = address_of(type);
  const auto report_all = [&](std::span<const KnownField> fields) {
    for (const KnownField& field : fields) {
      if (layout.minor >= field.oldest && layout.minor <= field.newest) {
        report(field.offset + layout.header, field.name);
      }
    }
  };
  if (address == symbols.PyFunction_Type) report_all(kFunctionFields);
  if (address == symbols.PyCFunction_Type) report_all(kBuiltinFields);
  if (address == symbols.PyCell_Type) report_all(kCellFields);
  if (address == symbols.PyModule_Type) report_all(kModuleFields);
  if (address == symbols.PyTraceBack_Type) report_all(kTraceBackFields);
  if (address == symbols.PyDictProxy_Type) report_all(kDictProxyFields);
  if (address == symbols.PyInstanceMethod_Type) report_all(kInstanceMethodFields);
  if (address == symbols.PyCode_Type) report_all(kCodeFields);
  if (address == symbols._PyWeakref_RefType || address == symbols._PyWeakref_ProxyType ||
      address == symbols._PyWeakref_CallableProxyType) {
    report_all(kWeakrefFields);
  }
  if (address == symbols.PyMethodDescr_Type || address == symbols.PyClassMethodDescr_Type ||
      address == symbols.PyMemberDescr_Type || address == symbols.PyGetSetDescr_Type ||
      address == symbols.PyWrapperDescr_Type) {
    report_all(kDescriptorFields);
  }
  if (address == symbols.PyGen_Type || address == symbols.PyCoro_Type ||
      address == symbols.PyAsyncGen_Type) {
    report_all(kGeneratorFields);
  }
  if (layout.minor <= 9 && (is_named(type, "_abc_data") || is_named(type, "_abc._abc_data"))) {
    report_all(kAbstractClassFields);
  }
  if (address == load<std::uint64_t>(object_at(symbols.PyExc_BaseException), 0)) {
    report_all(kExceptionFields);
  }
}

}  // namespace ouro::python::walker
