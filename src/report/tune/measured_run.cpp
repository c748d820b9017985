#include "report/tune/measured_run.hpp"

namespace ouro::report {

double MeasuredRun::collector_seconds() const {
  double seconds = 0;
  for (const Generation& generation : generations) seconds += generation.seconds;
  return seconds;
}

std::int64_t MeasuredRun::collections() const {
  std::int64_t number = 0;
  for (const Generation& generation : generations) number += generation.collections;
  return number;
}

std::int64_t MeasuredRun::collected() const {
  std::int64_t number = 0;
  for (const Generation& generation : generations) number += generation.collected;
  return number;
}

PauseHistogram MeasuredRun::pauses() const {
  PauseHistogram all;
  for (const Generation& generation : generations) all.add(generation.pauses);
  return all;
}

std::optional<double> MeasuredRun::cost_seconds() const {
  if (units > 0) return processor_seconds / units;
  if (end == End::kTimeLimit || end == End::kMemoryLimit) return std::nullopt;
  return processor_seconds;
}

std::string version_text(std::uint32_t hex_version) {
  return std::to_string(hex_version >> 24) + '.' + std::to_string(hex_version >> 16 & 0xFF) + '.' +
         std::to_string(hex_version >> 8 & 0xFF);
}

}  // namespace ouro::report
