#include "report/tune/setting.hpp"

#include <string_view>

#include "report/units.hpp"

namespace ouro::report {

namespace {

std::string joined(const std::vector<std::int64_t>& numbers, std::string_view separator,
                   bool is_code) {
  std::string text;
  for (const std::int64_t number : numbers) {
    if (!text.empty()) text += separator;
    std::string digits = with_separators(static_cast<std::uint64_t>(number));
    for (char& character : digits) {
      if (character == ',' && is_code) character = '_';
    }
    text += digits;
  }
  return text;
}

std::string after_colon(const std::string& text) {
  return text.substr(text.find(':') + 1);
}

std::string name_of_freeze(const std::string& freeze) {
  if (freeze == "imports") return "freeze";
  if (freeze.starts_with("call:")) return std::string("freeze at ").append(after_colon(freeze));
  return std::string("freeze after ").append(after_colon(freeze)).append(" s");
}

std::string place_of_freeze(const std::string& freeze) {
  if (freeze == "imports") return "after the imports";
  if (freeze.starts_with("call:"))
    return std::string("at the beginning of ").append(after_colon(freeze));
  return after_colon(freeze) + " s after the start";
}

}  // namespace

std::string name_of(const CollectorSetting& setting) {
  std::string name;
  const auto add = [&name](const std::string& text) {
    name.append(name.empty() ? "" : " + ").append(text);
  };
  if (!setting.freeze.empty()) add(name_of_freeze(setting.freeze));
  if (!setting.thresholds.empty()) {
    add((setting.thresholds.size() == 1 ? "threshold " : "thresholds ") +
        joined(setting.thresholds, " ", false));
  }
  if (!setting.collect.empty()) {
    add("collect after " + setting.collect);
  } else if (setting.is_disabled) {
    add("disabled");
  }
  return name.empty() ? "default" : name;
}

std::vector<std::string> code_of(const CollectorSetting& setting) {
  if (setting.is_default()) return {};
  std::vector<std::string> lines{"import gc"};
  if (!setting.thresholds.empty()) {
    lines.push_back("gc.set_threshold(" + joined(setting.thresholds, ", ", true) + ")");
  }
  if (setting.is_disabled) lines.emplace_back("gc.disable()");
  if (!setting.freeze.empty()) {
    lines.push_back("gc.collect(); gc.freeze()  # " + place_of_freeze(setting.freeze));
  }
  if (!setting.collect.empty()) lines.push_back("gc.collect()  # at the end of " + setting.collect);
  return lines;
}

std::string words_of(const CollectorSetting& setting) {
  std::string words;
  const auto add = [&words](const std::string& text) {
    words.append(words.empty() ? "" : ";").append(text);
  };
  if (!setting.thresholds.empty()) {
    std::string numbers;
    for (const std::int64_t number : setting.thresholds) {
      numbers.append(numbers.empty() ? "" : ",").append(std::to_string(number));
    }
    add("threshold=" + numbers);
  }
  if (setting.is_disabled) add("disable=1");
  if (!setting.freeze.empty()) add("freeze=" + setting.freeze);
  if (!setting.collect.empty()) add("collect=" + setting.collect);
  return words;
}

std::vector<CollectorSetting> usual_settings() {
  std::vector<CollectorSetting> settings(6);
  settings[1].thresholds = {10'000};
  settings[2].thresholds = {100'000};
  settings[3].freeze = "imports";
  settings[4].freeze = "imports";
  settings[4].thresholds = {10'000};
  settings[5].is_disabled = true;
  return settings;
}

}  // namespace ouro::report
