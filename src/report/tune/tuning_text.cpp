#include <algorithm>
#include <cstdio>

#include "report/collector.hpp"
#include "report/table.hpp"
#include "report/tune/tuning.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

std::string command_of(const Tuning& tuning) {
  std::string text;
  for (const std::string& word : tuning.words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// "-9.6 %", with a ~ where it is within the spread.
std::string change_of(const Compared& compared, bool is_default) {
  if (is_default) return "";
  char text[32];
  std::snprintf(text, sizeof(text), "%s%+.1f %%",
                compared.to_default == Difference::kWithinSpread ? "~" : "", 100 * compared.change);
  return text;
}

std::string percent_of(double part) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %%", 100 * part);
  return text;
}

std::string bytes_of(const Compared& compared) {
  return format_bytes(static_cast<std::uint64_t>(compared.spread.median));
}

std::string rate_of(const ComparedSetting& setting) {
  char text[32];
  const double rate = setting.rate->spread.median;
  std::snprintf(text, sizeof(text), rate < 100 ? "%.3g" : "%.0f", rate);
  return text;
}

std::string table_of(const std::vector<ComparedSetting>& settings, std::size_t width) {
  const bool has_rate = settings[0].rate.has_value();
  const bool has_cost = settings[0].cost.has_value();
  const std::string& unit = settings[0].runs->runs[0].unit;
  std::vector<TableColumn> columns{{"setting", Align::kLeft, Shrink::kWhenNeeded}};
  if (has_rate) columns.push_back({unit + "/s"});
  columns.push_back({has_cost ? "processor" : "wall"});
  if (has_cost) columns.push_back({"change"});
  for (const char* title : {"collector", "share", "p50", "p99", "max", "memory", "change"}) {
    columns.push_back({title});
  }
  Table table(columns);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const ComparedSetting& setting = settings[i];
    const bool is_default = i == 0;
    std::vector<std::string> cells{setting.name};
    if (has_rate) cells.push_back(setting.rate ? rate_of(setting) : "-");
    const Compared& time = has_cost ? setting.processor : setting.wall;
    cells.push_back(format_seconds(time.spread.median));
    if (has_cost) cells.push_back(setting.cost ? change_of(*setting.cost, is_default) : "-");
    cells.push_back(format_seconds(setting.collector_seconds.spread.median));
    cells.push_back(percent_of(setting.collector_part));
    const bool has_pauses = setting.collections > 0;
    cells.push_back(has_pauses ? format_seconds(setting.p50_seconds) : "-");
    cells.push_back(has_pauses ? format_seconds(setting.p99_seconds.spread.median) : "-");
    cells.push_back(has_pauses ? format_seconds(setting.longest_seconds.spread.median) : "-");
    cells.push_back(bytes_of(setting.peak_bytes));
    cells.push_back(change_of(setting.peak_bytes, is_default));
    table.add(std::move(cells));
  }
  return table.to_text(width);
}

std::string heading_of(const Tuning& tuning) {
  const MeasuredRun& run = tuning.default_runs().runs.front();
  std::string text = command_of(tuning) + ", CPython " + version_text(run.python_version) + ": " +
                     counted(tuning.rounds(), "round") + " of " +
                     counted(tuning.settings.size(), "setting");
  if (tuning.rounds() < tuning.rounds_wanted) {
    text += " (of " + std::to_string(tuning.rounds_wanted) + " rounds asked for)";
  }
  return text + ". Numbers are medians of the rounds, ~ marks what is within their spread.";
}

std::string recommended(const char* what, const Recommendation& recommendation, std::size_t width) {
  std::string text = '\n' + wrapped(std::string(what) + recommendation.why, width) + '\n';
  for (const std::string& line : recommendation.code) text += "    " + line + '\n';
  return text;
}

}  // namespace

std::vector<std::string> cut_advice(const Tuning& tuning) {
  constexpr double kWorthNaming = 0.05;
  constexpr std::size_t kMost = 3;
  std::vector<std::string> advice;
  if (!tuning.cycles || tuning.settings.empty() || tuning.default_runs().runs.empty()) {
    return advice;
  }
  const ComparedSetting of_default = compare(tuning.settings).front();
  const double collector = of_default.collector_seconds.spread.median;
  for (const CycleSaving& row : tuning.cycles->rows) {
    const double part = tuning.cycles->part(row);
    if (part < kWorthNaming || advice.size() == kMost) break;
    char text[32];
    std::snprintf(text, sizeof(text), part < 0.9995 ? "%.1f %%" : "%.0f %%", 100 * part);
    advice.push_back("Cut " + row.cut + " (make it a weak reference, or unlink it by hand): " +
                     text + " of what the collector frees, in cycles " + row.shape +
                     ". Saves up to " + format_seconds(part * collector) + " of the " +
                     format_seconds(collector) + " that the collector takes.");
  }
  return advice;
}

std::string to_text(const Tuning& tuning, std::size_t width) {
  const std::vector<ComparedSetting> settings = compare(tuning.settings);
  if (settings.empty()) return {};
  std::string text = wrapped(heading_of(tuning), width) + '\n' + table_of(settings, width);
  for (const SettingRuns& one : tuning.settings) {
    if (one.trouble.empty()) continue;
    const std::string sentence =
        std::string("`").append(name_of(one.setting)).append("`: ").append(one.trouble).append(".");
    text += '\n' + wrapped(sentence, width);
  }
  const Recommendations recommendations = recommend(settings);
  if (recommendations.for_time) {
    text += recommended("To save time: ", *recommendations.for_time, width);
  }
  if (recommendations.for_pauses) {
    text += recommended("For short pauses: ", *recommendations.for_pauses, width);
  }
  for (const std::string& remark : recommendations.remarks) text += '\n' + wrapped(remark, width);
  if (std::ranges::any_of(tuning.default_runs().runs, &MeasuredRun::sets_thresholds)) {
    text += '\n' + wrapped(
                       "The program calls gc.set_threshold() itself: change it there, or it "
                       "undoes what is set before.",
                       width);
  }
  for (const std::string& cut : cut_advice(tuning)) text += '\n' + wrapped(cut, width);
  if (!tuning.cycles_trouble.empty()) {
    text +=
        '\n' + wrapped("Which cycles to cut is not known: " + tuning.cycles_trouble + ".", width);
  }
  if (!tuning.picture.empty()) text += '\n' + tuning.picture + '\n';
  return text;
}

}  // namespace ouro::report
