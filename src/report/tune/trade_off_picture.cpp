#include "report/tune/trade_off_picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string_view>

#include "report/collector.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

constexpr double kRow = 30;
constexpr double kTop = 92;
constexpr double kPanel = 190;
constexpr double kGap = 42;
constexpr double kCharacter = 7.2;  ///< of the font at 13 px, about
constexpr std::size_t kMostOfName = 44;

/// Contrast of text 4.5 and more on both grounds. Without CSS variables, which not all that draw
/// SVG know.
constexpr const char* kStyle = R"(<style>
  text { font: 13px system-ui, 'Helvetica Neue', Arial, sans-serif; fill: #0f172a; }
  .title { font-size: 16px; font-weight: 600; }
  .head { font-weight: 600; }
  text.quiet { fill: #475569; font-size: 12px; }
  .ground { fill: #ffffff; }
  .stripe { fill: #f1f5f9; }
  .axis { stroke: #94a3b8; }
  .default { stroke: #475569; stroke-dasharray: 3 3; }
  .spread { stroke: #475569; stroke-width: 2; }
  .dot { fill: #475569; }
  .chosen .spread { stroke: #1d4ed8; }
  .chosen .dot, .chosen text { fill: #1d4ed8; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f1f5f9; }
    text.quiet { fill: #a3b1c6; }
    .ground { fill: #0f172a; }
    .stripe { fill: #1b2740; }
    .axis { stroke: #64748b; }
    .default, .spread { stroke: #a3b1c6; }
    .dot { fill: #a3b1c6; }
    .chosen .spread { stroke: #7fb0ff; }
    .chosen .dot, .chosen text { fill: #7fb0ff; }
  }
</style>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    switch (character) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += character >= '\0' && character < ' ' ? ' ' : character;
    }
  }
  return out;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

std::string text_at(double x, double y, const std::string& text, const char* style = "",
                    const char* anchor = "start") {
  std::string out = "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
  if (*style != '\0') out += std::string(" class=\"") + style + "\"";
  if (std::string_view(anchor) != "start") out += std::string(" text-anchor=\"") + anchor + "\"";
  return out + ">" + escaped(text) + "</text>\n";
}

std::string line_at(double x1, double y1, double x2, double y2, const char* style) {
  return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
         "\" y2=\"" + number(y2) + "\" class=\"" + style + "\"/>\n";
}

/// One number of all settings.
struct Panel {
  std::string title;
  std::function<const Compared*(const ComparedSetting&)> value;
  std::function<std::string(double)> words;
  bool is_logarithmic = false;
};

/// Values to places: from the least to the most there is, a little wider.
class Scale {
 public:
  Scale(const Panel& panel, const std::vector<ComparedSetting>& settings, double left)
      : is_logarithmic_(panel.is_logarithmic), left_(left) {
    double least = INFINITY;
    double most = 0;
    for (const ComparedSetting& setting : settings) {
      const Compared* value = panel.value(setting);
      if (value == nullptr || !(value->spread.most > 0)) continue;
      least = std::min(least, std::max(value->spread.least, 1e-9));
      most = std::max(most, value->spread.most);
    }
    if (!(least <= most)) least = most = 1;
    // One that is far away shall not push the others together.
    constexpr double kFar = 4;
    is_logarithmic_ = is_logarithmic_ || most > kFar * least;
    if (is_logarithmic_) {
      least_ = std::log(least) - 0.05;
      most_ = std::log(most) + 0.05;
    } else {
      // Small differences shall not look large: at least a fifth of the value is shown.
      const double middle = (least + most) / 2;
      const double half = std::max((most - least) / 2 * 1.08, middle * 0.1);
      least_ = middle - half;
      most_ = middle + half;
    }
  }

  double at(double value) const {
    const double place = is_logarithmic_ ? std::log(std::max(value, 1e-9)) : value;
    return left_ + kPanel * std::clamp((place - least_) / (most_ - least_), 0.0, 1.0);
  }
  double value_at(double part) const {
    const double place = least_ + part * (most_ - least_);
    return is_logarithmic_ ? std::exp(place) : place;
  }

 private:
  bool is_logarithmic_;
  double left_;
  double least_ = 0;
  double most_ = 1;
};

std::vector<Panel> panels_of(const std::vector<ComparedSetting>& settings) {
  const bool has_cost = settings[0].cost.has_value();
  const bool has_rate = settings[0].rate.has_value();
  std::vector<Panel> panels;
  if (has_cost) {
    panels.push_back({has_rate ? "processor time a unit" : "processor time",
                      [](const ComparedSetting& one) { return one.cost ? &*one.cost : nullptr; },
                      format_seconds});
  } else {
    panels.push_back({"time in the collector",
                      [](const ComparedSetting& one) { return &one.collector_seconds; },
                      format_seconds});
  }
  panels.push_back({"longest pause",
                    [](const ComparedSetting& one) {
                      return one.collections > 0 ? &one.longest_seconds : nullptr;
                    },
                    format_seconds, true});
  panels.push_back({"peak memory", [](const ComparedSetting& one) { return &one.peak_bytes; },
                    [](double bytes) { return format_bytes(static_cast<std::uint64_t>(bytes)); }});
  return panels;
}

bool is_chosen(const Recommendations& recommendations, std::size_t setting) {
  const auto is = [setting](const std::optional<Recommendation>& one) {
    return one && one->setting == setting;
  };
  return is(recommendations.for_time) || is(recommendations.for_pauses);
}

double row_y(std::size_t row) {
  return kTop + kRow * (static_cast<double>(row) + 0.5);
}

std::string value_in(const Panel& panel, const Scale& scale, const ComparedSetting& setting,
                     double left, double y) {
  const Compared* value = panel.value(setting);
  if (value == nullptr) return text_at(left, y + 4, "none", "quiet");
  const Spread& spread = value->spread;
  std::string out = line_at(scale.at(spread.least), y, scale.at(spread.most), y, "spread");
  out += "<circle cx=\"" + number(scale.at(spread.median)) + "\" cy=\"" + number(y) +
         "\" r=\"5\" class=\"dot\"><title>" +
         escaped(setting.name + ": " + panel.words(spread.median) + ", " +
                 panel.words(spread.least) + " to " + panel.words(spread.most)) +
         "</title></circle>\n";
  return out;
}

}  // namespace

std::string trade_off_svg(const std::string& title, const std::vector<ComparedSetting>& settings,
                          const Recommendations& recommendations) {
  std::size_t longest_name = 0;
  for (const ComparedSetting& setting : settings) {
    longest_name = std::max(longest_name, width_of(setting.name));
  }
  const double names =
      24 + kCharacter * static_cast<double>(std::min(longest_name, kMostOfName)) + 20;
  const std::vector<Panel> panels = panels_of(settings);
  const double bottom = kTop + kRow * static_cast<double>(settings.size());
  const double width = names + (kPanel + kGap) * static_cast<double>(panels.size()) + 10;
  const double height = bottom + 80;
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) +
                    ' ' + number(height) + "\" width=\"" + number(width) + "\" height=\"" +
                    number(height) + "\" role=\"img\">\n";
  out += "<title>" + escaped(title) + "</title>\n" + kStyle;
  out += "<rect width=\"100%\" height=\"100%\" class=\"ground\"/>\n";
  const auto most_of_title = static_cast<std::size_t>(width / 9);
  out += text_at(24, 34, shortened(title, most_of_title), "title");
  for (std::size_t row = 0; row < settings.size(); row += 2) {
    out += "<rect x=\"12\" y=\"" + number(row_y(row) - kRow / 2) + "\" width=\"" +
           number(width - 24) + "\" height=\"" + number(kRow) + "\" class=\"stripe\"/>\n";
  }
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const double left = names + (kPanel + kGap) * static_cast<double>(i);
    const Scale scale(panels[i], settings, left);
    out += text_at(left, kTop - 14, panels[i].title, "head");
    out += line_at(left, bottom, left + kPanel, bottom, "axis");
    out += text_at(left, bottom + 18, panels[i].words(scale.value_at(0)), "quiet");
    out += text_at(left + kPanel, bottom + 18, panels[i].words(scale.value_at(1)), "quiet", "end");
    if (const Compared* of_default = panels[i].value(settings[0])) {
      const double x = scale.at(of_default->spread.median);
      out += line_at(x, kTop, x, bottom, "default");
    }
  }
  for (std::size_t row = 0; row < settings.size(); ++row) {
    const double y = row_y(row);
    out += is_chosen(recommendations, row) ? "<g class=\"chosen\">\n" : "<g>\n";
    out += text_at(24, y + 4, shortened(settings[row].name, kMostOfName));
    for (std::size_t i = 0; i < panels.size(); ++i) {
      const double left = names + (kPanel + kGap) * static_cast<double>(i);
      out += value_in(panels[i], Scale(panels[i], settings, left), settings[row], left, y);
    }
    out += "</g>\n";
  }
  // Two lines: with three panels and short names one is wider than the picture.
  out += text_at(24, height - 32,
                 "Dots: medians of the rounds. Lines: least to most. Dashed: the default. In "
                 "colour: recommended.",
                 "quiet");
  out += text_at(24, height - 14, "Scales are logarithmic where the most is far from the least.",
                 "quiet");
  return out + "</svg>\n";
}

}  // namespace ouro::report
