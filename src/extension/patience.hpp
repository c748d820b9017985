// Long work of the module, done without the GIL, that Ctrl-C ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include <nanobind/nanobind.h>

#include "base/progress.hpp"

namespace ouro::extension {

/// A Progress that shows nothing, but has Python look after its signals ten times a second: what a
/// handler raises leaves the work as an exception. Precondition: used without the GIL.
class Patience final : public Progress {
 public:
  void begin(std::string_view, std::uint64_t) override { look_after_signals(); }
  void advance(std::uint64_t) override { look_after_signals(); }

 private:
  void look_after_signals() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    const nanobind::gil_scoped_acquire with_gil;
    if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
  }

  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace ouro::extension
