// What the walker needs of the interpreter, by name: found by whoever loads it (the injector in the
// target's ELF files, a test by dlsym) and given as a table of addresses in this order.
#pragma once

#include <cstdint>

// OURO_PYTHON_SYMBOLS(REQUIRED, OPTIONAL): each is called with the symbol's name. REQUIRED are
// those that every version from 3.8 to 3.15 exports.
#define OURO_PYTHON_SYMBOLS(REQUIRED, OPTIONAL) \
  REQUIRED(Py_GetVersion)                       \
  REQUIRED(PyBaseObject_Type)                   \
  REQUIRED(PyType_Type)                         \
  REQUIRED(PyList_Type)                         \
  REQUIRED(PyTuple_Type)                        \
  REQUIRED(PyDict_Type)                         \
  REQUIRED(PySet_Type)                          \
  REQUIRED(PyFrozenSet_Type)                    \
  REQUIRED(PyLong_Type)                         \
  REQUIRED(PyBool_Type)                         \
  REQUIRED(PyFloat_Type)                        \
  REQUIRED(PyComplex_Type)                      \
  REQUIRED(PyUnicode_Type)                      \
  REQUIRED(PyBytes_Type)                        \
  REQUIRED(PyByteArray_Type)                    \
  REQUIRED(PyFunction_Type)                     \
  REQUIRED(PyCFunction_Type)                    \
  REQUIRED(PyMethod_Type)                       \
  REQUIRED(PyInstanceMethod_Type)               \
  REQUIRED(PyModule_Type)                       \
  REQUIRED(PyCode_Type)                         \
  REQUIRED(PyCell_Type)                         \
  REQUIRED(PyGen_Type)                          \
  REQUIRED(PyCoro_Type)                         \
  REQUIRED(PyAsyncGen_Type)                     \
  REQUIRED(PyFrame_Type)                        \
  REQUIRED(PyTraceBack_Type)                    \
  REQUIRED(PyMethodDescr_Type)                  \
  REQUIRED(PyClassMethodDescr_Type)             \
  REQUIRED(PyMemberDescr_Type)                  \
  REQUIRED(PyGetSetDescr_Type)                  \
  REQUIRED(PyWrapperDescr_Type)                 \
  REQUIRED(PyDictProxy_Type)                    \
  REQUIRED(PyProperty_Type)                     \
  REQUIRED(PyStaticMethod_Type)                 \
  REQUIRED(PyClassMethod_Type)                  \
  REQUIRED(PySlice_Type)                        \
  REQUIRED(PyODict_Type)                        \
  REQUIRED(PyExc_BaseException)                 \
  REQUIRED(_PyWeakref_RefType)                  \
  REQUIRED(_PyWeakref_ProxyType)                \
  REQUIRED(_PyWeakref_CallableProxyType)        \
  REQUIRED(PyList_New)                          \
  REQUIRED(PyList_Append)                       \
  REQUIRED(PyList_AsTuple)                      \
  REQUIRED(PySet_New)                           \
  REQUIRED(PyDict_New)                          \
  REQUIRED(PyDict_SetItem)                      \
  REQUIRED(PyLong_FromLong)                     \
  REQUIRED(PyLong_AsSsize_t)                    \
  REQUIRED(PyUnicode_FromString)                \
  REQUIRED(PyUnicode_InternFromString)          \
  REQUIRED(Py_DecRef)                           \
  REQUIRED(PyErr_Clear)                         \
  REQUIRED(PyMem_GetAllocator)                  \
  REQUIRED(PyMem_SetAllocator)                  \
  REQUIRED(PyImport_GetModuleDict)              \
  REQUIRED(PyInterpreterState_Head)             \
  REQUIRED(PyInterpreterState_Next)             \
  REQUIRED(PyInterpreterState_ThreadHead)       \
  REQUIRED(PyThreadState_Next)                  \
  REQUIRED(PyThreadState_Get)                   \
  OPTIONAL(PyInterpreterState_Get)              \
  OPTIONAL(PyInterpreterState_GetDict)          \
  OPTIONAL(PyType_GetDict)                      \
  OPTIONAL(PyCMethod_Type)                      \
  OPTIONAL(PyFrozenDict_Type)                   \
  OPTIONAL(PyODict_New)                         \
  OPTIONAL(PyODict_SetItem)                     \
  OPTIONAL(PyUnstable_GC_VisitObjects)          \
  OPTIONAL(_Py_NoneStruct)                      \
  OPTIONAL(_Py_TrueStruct)                      \
  OPTIONAL(_Py_FalseStruct)                     \
  OPTIONAL(_Py_EllipsisObject)                  \
  OPTIONAL(_PyRuntime)

namespace ouro::python::walker {

/// The table: 0 for an optional symbol the interpreter does not have.
struct PythonSymbols {
#define OURO_FIELD(name) std::uint64_t name;
  OURO_PYTHON_SYMBOLS(OURO_FIELD, OURO_FIELD)
#undef OURO_FIELD
};

inline constexpr const char* kPythonSymbolNames[] = {
#define OURO_NAME(name) #name,
    OURO_PYTHON_SYMBOLS(OURO_NAME, OURO_NAME)
#undef OURO_NAME
};
inline constexpr bool kPythonSymbolIsRequired[] = {
#define OURO_REQUIRED(name) true,
#define OURO_OPTIONAL(name) false,
    OURO_PYTHON_SYMBOLS(OURO_REQUIRED, OURO_OPTIONAL)
#undef OURO_REQUIRED
#undef OURO_OPTIONAL
};
inline constexpr std::uint32_t kPythonSymbolCount =
    sizeof(kPythonSymbolNames) / sizeof(*kPythonSymbolNames);

/// Calls a function of the table: call<Object*>(symbols.PyList_New, std::int64_t{0}).
template <class Result, class... Arguments>
inline Result call(std::uint64_t function, Arguments... arguments) {
  return reinterpret_cast<Result (*)(Arguments...)>(function)(arguments...);
}

}  // namespace ouro::python::walker
