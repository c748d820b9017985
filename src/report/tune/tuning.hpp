// `ouro tune`: a program measured under several settings of its collector, as data, text and JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/json.hpp"
#include "report/tune/comparison.hpp"
#include "report/tune/cycle_savings.hpp"
#include "report/tune/measured_run.hpp"
#include "report/tune/recommendation.hpp"

namespace ouro::report {

struct Tuning {
  std::vector<std::string> words;     ///< the program
  std::vector<SettingRuns> settings;  ///< the first is the default
  std::uint32_t rounds_wanted = 0;
  std::optional<CycleSavings> cycles;  ///< where the collector frees something
  std::string cycles_trouble;          ///< why they are not known
  std::string picture;                 ///< the file; empty: none

  const SettingRuns& default_runs() const { return settings.front(); }
  std::size_t rounds() const { return settings.empty() ? 0 : default_runs().runs.size(); }
};

std::string to_text(const Tuning& tuning, std::size_t width);
Json to_json(const Tuning& tuning);

/// "Cut Monster._dungeon: 98 % of what the collector frees; about 0.31 s of its 0.33 s." One for
/// each cut that is worth it.
std::vector<std::string> cut_advice(const Tuning& tuning);

}  // namespace ouro::report
