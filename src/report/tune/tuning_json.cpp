#include "report/tune/tuning.hpp"

namespace ouro::report {

namespace {

Json compared_json(const Compared& compared) {
  const char* const words[] = {"less", "more", "within the spread"};
  return {{"median", compared.spread.median}, {"least", compared.spread.least},
          {"most", compared.spread.most},     {"by_round", compared.by_round},
          {"change", compared.change},        {"is", words[static_cast<int>(compared.to_default)]}};
}

Json compared_json(const std::optional<Compared>& compared) {
  return compared ? compared_json(*compared) : Json(nullptr);
}

Json setting_json(const ComparedSetting& setting) {
  Json json{{"name", setting.name},
            {"code", code_of(setting.runs->setting)},
            {"trouble", setting.runs->trouble},
            {"cost_seconds", compared_json(setting.cost)},
            {"processor_seconds", compared_json(setting.processor)},
            {"wall_seconds", compared_json(setting.wall)},
            {"units_per_second", compared_json(setting.rate)},
            {"collector_seconds", compared_json(setting.collector_seconds)},
            {"longest_pause_seconds", compared_json(setting.longest_seconds)},
            {"peak_bytes", compared_json(setting.peak_bytes)},
            {"collector_part", setting.collector_part},
            {"collections", setting.collections},
            {"collected", setting.collected},
            {"p50_seconds", setting.p50_seconds},
            {"p99_seconds", compared_json(setting.p99_seconds)},
            {"generations", Json::array()}};
  const std::vector<MeasuredRun>& runs = setting.runs->runs;
  for (std::size_t i = 0; i < runs.front().generations.size(); ++i) {
    PauseHistogram pauses;
    std::int64_t collections = 0;
    std::int64_t collected = 0;
    double seconds = 0;
    for (const MeasuredRun& run : runs) {
      pauses.add(run.generations[i].pauses);
      collections += run.generations[i].collections;
      collected += run.generations[i].collected;
      seconds += run.generations[i].seconds;
    }
    const auto quantile = [&](double part) -> Json {
      const auto pause = pauses.quantile(part);
      if (!pause) return nullptr;
      return std::chrono::duration<double>(*pause).count();
    };
    // Of all rounds together.
    json["generations"].push_back({{"collections", collections},
                                   {"collected", collected},
                                   {"seconds", seconds},
                                   {"p50_seconds", quantile(0.5)},
                                   {"p99_seconds", quantile(0.99)},
                                   {"max_seconds", quantile(1)}});
  }
  return json;
}

Json recommendation_json(const std::optional<Recommendation>& recommendation,
                         const std::vector<ComparedSetting>& settings) {
  if (!recommendation) return nullptr;
  return {{"setting", settings[recommendation->setting].name},
          {"why", recommendation->why},
          {"code", recommendation->code}};
}

Json cycles_json(const Tuning& tuning, double collector_seconds) {
  if (!tuning.cycles) return nullptr;
  Json json{{"objects", tuning.cycles->objects},
            {"bytes", tuning.cycles->bytes},
            {"cuts", Json::array()}};
  for (const CycleSaving& row : tuning.cycles->rows) {
    const double part = tuning.cycles->part(row);
    json["cuts"].push_back({{"cut", row.cut},
                            {"shape", row.shape},
                            {"cycles", row.cycles},
                            {"objects", row.objects},
                            {"freed_objects", row.freed},
                            {"freed_bytes", row.freed_bytes},
                            {"part", part},
                            {"saves_seconds", part * collector_seconds}});
  }
  return json;
}

}  // namespace

Json to_json(const Tuning& tuning) {
  const std::vector<ComparedSetting> settings = compare(tuning.settings);
  const Recommendations recommendations = recommend(settings);
  Json json{{"command", tuning.words},
            {"python", ""},
            {"rounds", tuning.rounds()},
            {"unit", ""},
            {"settings", Json::array()},
            {"failed", Json::array()},
            {"for_time", recommendation_json(recommendations.for_time, settings)},
            {"for_pauses", recommendation_json(recommendations.for_pauses, settings)},
            {"remarks", recommendations.remarks},
            {"cycles", nullptr},
            {"cut_advice", cut_advice(tuning)},
            {"cycles_trouble", tuning.cycles_trouble},
            {"picture", tuning.picture.empty() ? Json(nullptr) : Json(tuning.picture)}};
  for (const SettingRuns& one : tuning.settings) {
    if (!one.runs.empty()) continue;
    json["failed"].push_back({{"name", name_of(one.setting)}, {"trouble", one.trouble}});
  }
  if (settings.empty()) return json;
  const MeasuredRun& run = settings.front().runs->runs.front();
  json["python"] = version_text(run.python_version);
  json["unit"] = run.unit;
  for (const ComparedSetting& setting : settings) json["settings"].push_back(setting_json(setting));
  json["cycles"] = cycles_json(tuning, settings.front().collector_seconds.spread.median);
  return json;
}

}  // namespace ouro::report
