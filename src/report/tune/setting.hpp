// A way to set a program's cycle collector, as `ouro tune` tries it and as a person would write it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ouro::report {

struct CollectorSetting {
  /// What gc.set_threshold() is given, one to three numbers; empty: nothing.
  std::vector<std::int64_t> thresholds = {};
  bool is_disabled = false;
  /// When gc.freeze() is called: "imports", "call:MODULE:NAME", "after:SECONDS"; empty: never.
  std::string freeze = {};
  /// MODULE:NAME, after each call of which gc.collect() is called; empty: never.
  std::string collect = {};

  bool is_default() const {
    return thresholds.empty() && !is_disabled && freeze.empty() && collect.empty();
  }
};

/// "default", "threshold 10,000", "freeze + threshold 10,000".
std::string name_of(const CollectorSetting& setting);
/// The lines of Python that set it, and where they belong as a comment. Nothing for the default.
std::vector<std::string> code_of(const CollectorSetting& setting);
/// For the shim: "threshold=10000,10,10;freeze=imports".
std::string words_of(const CollectorSetting& setting);

/// What is tried unless a person says something else.
std::vector<CollectorSetting> usual_settings();

}  // namespace ouro::report
