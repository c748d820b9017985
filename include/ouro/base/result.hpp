// Result<T>: a value, or what was wrong with the world (a file, a process, memory, input) when it
// was asked for.
//
// An Error has a code for programs, a place (file, record, offset) and a message for people: a
// sentence that names what was wrong and, where something helps, what helps. Bugs of Ouro are
// OURO_ASSERT, misuse is a documented precondition; neither is a Result. (C++20 has no
// std::expected; the names are taken from it, so that moving over is a search and replace.)
//
//   if (ouro::Result<ouro::MemoryInfo> info = ouro::memory_info(pid)) {
//     use(info->rss);
//   } else {
//     std::cerr << info.error().to_string() << '\n';
//   }
//
// Works without exceptions and RTTI. Thread-safety: that of a plain value.
#pragma once

#include <ouro/base/assert.hpp>

#include <string>
#include <utility>
#include <variant>

namespace ouro {

enum class ErrorCode {
  kNotFound,          // the process, file or name does not exist (any more)
  kPermissionDenied,  // it exists, and this process may not have it
  kUnsupported,       // this kernel, format version or build cannot do it
  kCorrupt,           // the bytes contradict their format
  kInputOutput,       // reading or writing failed for another reason
};

struct Error {
  ErrorCode code;
  std::string place;    // where: "/proc/42/statm", "heap.ouro: section 3, offset 128"
  std::string message;  // what is wrong and what helps; a sentence without a full stop

  std::string to_string() const { return place.empty() ? message : place + ": " + message; }
};

template <class T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function returns its value, or an Error, by name.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  // Precondition: has_value().
  T& value() & { return *checked_value(std::get_if<0>(&state_)); }
  const T& value() const& { return *checked_value(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(*checked_value(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T value_or(T other) const& { return has_value() ? value() : std::move(other); }
  T value_or(T other) && { return has_value() ? std::move(*this).value() : std::move(other); }

  // Precondition: !has_value().
  const Error& error() const& {
    const Error* error = std::get_if<1>(&state_);
    OURO_ASSERT(error != nullptr, "a Result asked for its error holds one");
    return *error;
  }

 private:
  template <class Value>
  static Value* checked_value(Value* value) {
    OURO_ASSERT(value != nullptr, "a Result asked for its value holds one");
    return value;
  }

  std::variant<T, Error> state_;
};

}  // namespace ouro
