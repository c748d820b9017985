#include "extension/attach.hpp"

#include <chrono>
#include <cmath>
#include <mutex>
#include <utility>

#include <nanobind/nanobind.h>

#include "extension/error.hpp"
#include "extension/patience.hpp"
#include "python/attach/preflight.hpp"
#include "python/attach/snapshot.hpp"

namespace nb = nanobind;

namespace ouro::extension {

namespace {

namespace injector = python::attach;

Failure failure_of(const injector::Finding& obstacle) {
  const std::string help = obstacle.help.empty() ? "" : "; " + obstacle.help;
  return Failure({ErrorCode::kPermissionDenied, "", obstacle.what + help});
}

std::chrono::milliseconds patience_of(double seconds) {
  constexpr double kMost = 1e9;
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::isfinite(seconds) ? std::min(seconds * 1000, kMost) : kMost));
}

[[noreturn]] void raise_interruption() {
  const nb::gil_scoped_acquire with_gil;
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  nb::raise_python_error();
}

}  // namespace

std::shared_ptr<Heap> attach(const AttachOptions& options) {
  // Handlers of signals are the process's, and there is one Interruption at a time.
  static std::mutex mutex;
  const std::scoped_lock one_at_a_time(mutex);
  injector::Preflight preflight =
      injector::check(options.process, {.walks_in_place = !options.clones});
  if (const auto* obstacle = preflight.obstacle()) throw failure_of(*obstacle);
  const injector::SnapshotOptions snapshot{.path = {},
                                           .walks_in_place = !options.clones,
                                           .keeps_values = options.keeps_values,
                                           .patience = patience_of(options.timeout_seconds),
                                           .more_facts = {}};
  auto captured = [&] {
    const injector::Interruption interruption;
    auto result = injector::capture(*preflight.target, snapshot, interruption);
    if (!result && interruption.has_come()) raise_interruption();
    return value_or_throw(std::move(result));
  }();
  Patience patience;
  return Heap::make(std::move(captured.heap.graph), &patience);
}

}  // namespace ouro::extension
