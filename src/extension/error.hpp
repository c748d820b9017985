// From an Error of Ouro to an exception of Python: `ouro.Error`, whose `code` says which kind.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <nanobind/nanobind.h>

#include <ouro/base/result.hpp>

namespace ouro::extension {

class Failure : public std::runtime_error {
 public:
  explicit Failure(const Error& error) : std::runtime_error(error.to_string()), code_(error.code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

/// The value, or its error thrown.
template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw Failure(result.error());
  return *std::move(result);
}

/// Makes `Error` in the module and has every Failure raised as one.
void add_error(nanobind::module_& module);

}  // namespace ouro::extension
