#include "report/collector.hpp"

#include <cmath>
#include <cstdio>

#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

using std::chrono::duration;

std::string number_of(std::int64_t number) {
  return signed_number(number).substr(number > 0 ? 1 : 0);
}

std::string share_of(double part, double whole) {
  if (!(whole > 0)) return {};
  char text[32];
  const double percent = 100 * part / whole;
  std::snprintf(text, sizeof(text), percent > 0 && percent < 1 ? "%.2f %%" : "%.1f %%", percent);
  return text;
}

/// "0.31 ms", or "< 0.13 ms" where it was too short to be seen.
std::string pause_text(const CollectorSummary& summary, const PauseHistogram& pauses,
                       std::optional<std::chrono::nanoseconds> pause) {
  if (pauses.count() == 0) return "-";
  if (!pause || pause->count() == 0) {
    return "< " + format_seconds(duration<double>(summary.period).count());
  }
  return format_seconds(duration<double>(*pause).count());
}

Json seconds_json(std::optional<std::chrono::nanoseconds> pause) {
  if (!pause) return nullptr;
  return duration<double>(*pause).count();
}

std::string heading_of(const CollectorSummary& summary) {
  std::string text = "Process " + std::to_string(summary.process) +
                     (summary.program.empty() ? "" : " (" + summary.program + ")");
  if (!summary.python_version.empty()) text += ", CPython " + summary.python_version;
  if (summary.is_free_threaded) text += ", free-threaded";
  if (summary.other_interpreters > 0) {
    text +=
        ", its main interpreter (the " +
        (summary.other_interpreters == 1 ? std::string("other one has a collector of its own")
                                         : "other " + std::to_string(summary.other_interpreters) +
                                               " have collectors of their own") +
        ")";
  }
  return text + ". Automatic collection is " + (summary.is_enabled ? "enabled" : "disabled") + '.';
}

std::string table_of_state(const CollectorSummary& summary, std::size_t width) {
  Table table({{"generation"},
               {"threshold"},
               {"count"},
               {"objects"},
               {"collections"},
               {"freed"},
               {"uncollectable"}});
  const auto objects = [&](std::size_t i) {
    return summary.tracked[i] ? with_separators(*summary.tracked[i]) : std::string("-");
  };
  for (std::size_t i = 0; i < kCollectorGenerations; ++i) {
    const CollectedGeneration& generation = summary.generations[i];
    table.add({std::to_string(i), number_of(generation.threshold), number_of(generation.count),
               objects(i), number_of(generation.collections), number_of(generation.collected),
               number_of(generation.uncollectable)});
  }
  table.add({"frozen", "", "", objects(kCollectorGenerations), "", "", ""});
  return table.to_text(width);
}

std::string table_of_pauses(const CollectorSummary& summary, std::size_t width) {
  Table table({{"generation"},
               {"collections"},
               {"mean"},
               {"p50"},
               {"p99"},
               {"max"},
               {"time"},
               {"share"},
               {"freed"}});
  for (std::size_t i = 0; i < kCollectorGenerations; ++i) {
    const CollectedGeneration& generation = summary.generations[i];
    const PauseHistogram& pauses = generation.pauses;
    const auto mean = generation.mean_seconds();
    table.add(
        {std::to_string(i), number_of(generation.collections_watched),
         mean ? format_seconds(*mean) : "-", pause_text(summary, pauses, pauses.quantile(0.5)),
         pause_text(summary, pauses, pauses.quantile(0.99)),
         pause_text(summary, pauses, pauses.longest()), format_seconds(generation.paused_seconds),
         share_of(generation.paused_seconds, summary.watched_seconds),
         number_of(generation.collected_watched)});
  }
  return table.to_text(width);
}

std::string how_it_is_known(const CollectorSummary& summary) {
  if (summary.measures_itself) {
    return "Times are this CPython's own, exact; percentiles to 1/32 of themselves.";
  }
  return "Looked at each " + format_seconds(duration<double>(summary.period).count()) +
         ", at most " + format_seconds(duration<double>(summary.longest_period).count()) +
         " apart, from outside. Numbers of collections and of what they freed are exact, mean, "
         "time and "
         "share unbiased; a single pause is known to about the time between two looks.";
}

}  // namespace

std::optional<double> CollectedGeneration::mean_seconds() const {
  if (collections_watched <= 0) return std::nullopt;
  return paused_seconds / static_cast<double>(collections_watched);
}

double CollectorSummary::paused_seconds() const {
  double seconds = 0;
  for (const CollectedGeneration& generation : generations) seconds += generation.paused_seconds;
  return seconds;
}

std::int64_t CollectorSummary::collections_watched() const {
  std::int64_t collections = 0;
  for (const CollectedGeneration& generation : generations) {
    collections += generation.collections_watched;
  }
  return collections;
}

std::string format_seconds(double seconds) {
  struct Unit {
    double below;
    double factor;
    const char* format;
  };
  constexpr Unit kUnits[] = {{0.99995e-4, 1e6, "%.0f us"}, {0.99995e-2, 1e3, "%.2f ms"},
                             {0.99995e-1, 1e3, "%.1f ms"}, {0.9995, 1e3, "%.0f ms"},
                             {9.995, 1, "%.2f s"},         {99.95, 1, "%.1f s"}};
  char text[32];
  if (seconds <= 0) return "0";
  for (const Unit& unit : kUnits) {
    if (seconds >= unit.below) continue;
    std::snprintf(text, sizeof(text), unit.format, seconds * unit.factor);
    return text;
  }
  std::snprintf(text, sizeof(text), "%.0f s", seconds);
  return text;
}

std::string to_text(const CollectorSummary& summary, std::size_t width) {
  std::string text = wrapped(heading_of(summary), width) + "\nSince the program began:\n\n" +
                     table_of_state(summary, width);
  text += "\nWhile watched for " + format_seconds(summary.watched_seconds) + ":\n\n" +
          table_of_pauses(summary, width) + '\n';
  text += wrapped(how_it_is_known(summary), width);
  for (const std::string& sentence : collector_advice(summary))
    text += '\n' + wrapped(sentence, width);
  return text;
}

Json to_json(const CollectorSummary& summary) {
  const auto tracked = [&](std::size_t i) -> Json {
    return summary.tracked[i] ? Json(*summary.tracked[i]) : Json(nullptr);
  };
  Json json{{"process", summary.process},
            {"program", summary.program},
            {"python", summary.python_version},
            {"free_threaded", summary.is_free_threaded},
            {"incremental", summary.is_incremental},
            {"other_interpreters", summary.other_interpreters},
            {"enabled", summary.is_enabled},
            {"frozen_objects", tracked(kCollectorGenerations)},
            {"long_lived_objects", summary.long_lived},
            {"watched_seconds", summary.watched_seconds},
            {"processor_seconds",
             summary.processor_seconds ? Json(*summary.processor_seconds) : Json(nullptr)},
            {"paused_seconds", summary.paused_seconds()},
            {"looks", summary.looks},
            {"period_seconds", duration<double>(summary.period).count()},
            {"longest_period_seconds", duration<double>(summary.longest_period).count()},
            {"exact_pauses", summary.measures_itself},
            {"generations", Json::array()},
            {"advice", collector_advice(summary)}};
  for (std::size_t i = 0; i < kCollectorGenerations; ++i) {
    const CollectedGeneration& generation = summary.generations[i];
    const PauseHistogram& pauses = generation.pauses;
    const auto mean = generation.mean_seconds();
    json["generations"].push_back(
        {{"threshold", generation.threshold},
         {"count", generation.count},
         {"objects", tracked(i)},
         {"collections", generation.collections},
         {"collected", generation.collected},
         {"uncollectable", generation.uncollectable},
         {"watched",
          {{"collections", generation.collections_watched},
           {"collected", generation.collected_watched},
           {"uncollectable", generation.uncollectable_watched},
           {"paused_seconds", generation.paused_seconds},
           {"mean_seconds", mean ? Json(*mean) : Json(nullptr)},
           {"p50_seconds", seconds_json(pauses.quantile(0.5))},
           {"p99_seconds", seconds_json(pauses.quantile(0.99))},
           {"max_seconds",
            pauses.count() > pauses.unseen() ? seconds_json(pauses.longest()) : Json(nullptr)},
           {"shorter_than_period", pauses.unseen()}}}});
  }
  return json;
}

}  // namespace ouro::report
