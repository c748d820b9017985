#include "extension/error.hpp"

namespace nb = nanobind;

namespace ouro::extension {

namespace {

const char* word_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kPermissionDenied:
      return "permission denied";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kInputOutput:
      return "input/output";
  }
  return "";
}

}  // namespace

void add_error(nb::module_& module) {
  // Of the module's life, as long as the process: translators cannot be taken back.
  static PyObject* error_class = nullptr;
  error_class = PyErr_NewExceptionWithDoc(
      "ouro.Error",
      "What was wrong with a file, a process or a query, in a sentence.\n\n"
      "``code`` is one of \"not found\", \"permission denied\", \"unsupported\", \"corrupt\" and\n"
      "\"input/output\".",
      PyExc_RuntimeError, nullptr);
  if (error_class == nullptr) nb::raise_python_error();
  module.attr("Error") = nb::borrow(error_class);
  nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const Failure& failure) {
      nb::object error = nb::borrow(error_class)(failure.what());
      error.attr("code") = word_of(failure.code());
      PyErr_SetObject(error_class, error.ptr());
    }
  });
}

}  // namespace ouro::extension
