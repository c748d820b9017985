#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

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

/// The columns of the table, which have rows of cells by setting.
struct Column {
  TableColumn title;
  std::vector<std::string> cells;
  /// Those of a rank are left out where lines are too long, the highest first; --json has them.
  /// 0: never.
  int rank = 0;
};

std::vector<Column> columns_of(const std::vector<ComparedSetting>& settings) {
  const bool has_rate = settings[0].rate.has_value();
  const bool has_cost = settings[0].cost.has_value();
  std::vector<Column> columns;
  const auto add = [&](TableColumn title, int rank, auto&& cell) {
    Column& column = columns.emplace_back(Column{std::move(title), {}, rank});
    for (const ComparedSetting& setting : settings) column.cells.push_back(cell(setting));
  };
  const auto is_default = [&](const ComparedSetting& setting) { return &setting == &settings[0]; };
  // Where there was no collection there are no pauses.
  const auto pause = [](const ComparedSetting& setting, double seconds) {
    return setting.collections > 0 ? format_seconds(seconds) : "-";
  };
  using Setting = const ComparedSetting&;
  add({"setting", Align::kLeft, Shrink::kWhenNeeded}, 0, [](Setting s) { return s.name; });
  if (has_rate) {
    add({settings[0].runs->runs[0].unit + "/s"}, 0,
        [](Setting s) { return s.rate ? rate_of(s) : "-"; });
  }
  add({has_cost ? "processor" : "wall"}, 0,
      [&](Setting s) { return format_seconds((has_cost ? s.processor : s.wall).spread.median); });
  if (has_cost) {
    add({"change"}, 0, [&](Setting s) { return s.cost ? change_of(*s.cost, is_default(s)) : "-"; });
  }
  add({"collector"}, 3,
      [](Setting s) { return format_seconds(s.collector_seconds.spread.median); });
  add({"share"}, 2, [](Setting s) { return percent_of(s.collector_part); });
  add({"p50"}, 4, [&](Setting s) { return pause(s, s.p50_seconds); });
  add({"p99"}, 0, [&](Setting s) { return pause(s, s.p99_seconds.spread.median); });
  add({"max"}, 0, [&](Setting s) { return pause(s, s.longest_seconds.spread.median); });
  add({"memory"}, 0, [](Setting s) { return bytes_of(s.peak_bytes); });
  add({"change"}, 1, [&](Setting s) { return change_of(s.peak_bytes, is_default(s)); });
  return columns;
}

Table table_of(const std::vector<Column>& columns) {
  std::vector<TableColumn> titles;
  for (const Column& column : columns) titles.push_back(column.title);
  Table table(titles);
  for (std::size_t row = 0; row < columns[0].cells.size(); ++row) {
    std::vector<std::string> cells;
    for (const Column& column : columns) cells.push_back(column.cells[row]);
    table.add(std::move(cells));
  }
  return table;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, width_of(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return longest;
}

std::string table_of(const std::vector<ComparedSetting>& settings, std::size_t width) {
  std::vector<Column> columns = columns_of(settings);
  while (longest_line(table_of(columns).to_text()) > width) {
    const auto dispensable = std::ranges::max_element(columns, {}, &Column::rank);
    if (dispensable->rank == 0) break;
    columns.erase(dispensable);
  }
  return table_of(columns).to_text(width);
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
