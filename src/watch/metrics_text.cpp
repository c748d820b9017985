#include "watch/metrics_text.hpp"

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "python/attach/processes.hpp"

namespace ouro::watch {

namespace {

using Labels = std::initializer_list<std::pair<const char*, std::string_view>>;

/// One metric after the other, each with its HELP and TYPE before its first series.
class Exposition {
 public:
  void begin(std::string name, const char* type, const char* help) {
    name_ = std::move(name);
    text_ += "# HELP " + name_ + ' ' + help + "\n# TYPE " + name_ + ' ' + type + '\n';
  }
  void add(double value, Labels labels = {}) {
    char number[48];
    std::snprintf(number, sizeof(number), "%.17g", value);
    add_text(number, labels);
  }
  void add(std::uint64_t value, Labels labels = {}) { add_text(std::to_string(value), labels); }
  std::string take() && { return std::move(text_); }

 private:
  void add_text(const std::string& value, Labels labels) {
    text_ += name_;
    char before = '{';
    for (const auto& [label, content] : labels) {
      text_ += before;
      text_ += std::string(label) + "=\"" + escaped(content) + '"';
      before = ',';
    }
    if (before == ',') text_ += '}';
    text_ += ' ' + value + '\n';
  }

  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char character : printable(text)) {
      if (character == '\\' || character == '"') out += '\\';
      out += character;
    }
    return out;
  }

  std::string name_;
  std::string text_;
};

double in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

void add_memory(Exposition& out, const MemoryInfo& memory) {
  out.begin("ouro_memory_bytes", "gauge", "Memory of the process as the kernel counts it.");
  out.add(memory.rss, {{"kind", "rss"}});
  out.add(memory.uss, {{"kind", "uss"}});
  out.add(memory.pss, {{"kind", "pss"}});
  out.add(memory.swap, {{"kind", "swap"}});
}

void add_looks(Exposition& out, const Watch& watch) {
  out.begin("ouro_looks_total", "counter", "How often the objects were counted.");
  out.add(watch.look_count());
  out.begin("ouro_stood_still_seconds_total", "counter",
            "Time the program stood still because it was looked at.");
  out.add(in_seconds(watch.stood_still()));
  out.begin("ouro_cost_ratio", "gauge",
            "Share of the program's time that watching it takes, CPU time of clones included.");
  out.add(watch.cost_share());
}

void add_verdict(Exposition& out, const Verdict& verdict) {
  out.begin("ouro_verdict", "gauge", "1 for what the watch says of the memory, else 0.");
  for (const Verdict::Is is : kAllVerdicts) {
    out.add(std::uint64_t{verdict.is == is}, {{"is", word_of(is)}});
  }
  out.begin("ouro_growth_bytes_per_second", "gauge",
            "By how much memory (or objects) grows; 0 where it does not.");
  out.add(verdict.grows() ? verdict.bytes_a_second : 0.0);
}

void add_collector(Exposition& out, const report::CollectorSummary& summary) {
  const auto add_all = [&](const char* name, const char* type, const char* help, auto value_of) {
    out.begin(name, type, help);
    int generation = 0;
    for (const report::CollectedGeneration& one : summary.generations) {
      out.add(value_of(one), {{"generation", std::to_string(generation++)}});
    }
  };
  const auto counted = [](std::int64_t number) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number));
  };
  using Generation = report::CollectedGeneration;
  add_all("ouro_gc_collections_total", "counter", "Collections since the program began.",
          [&](const Generation& one) { return counted(one.collections); });
  add_all("ouro_gc_objects_collected_total", "counter",
          "Objects that collections freed since the program began.",
          [&](const Generation& one) { return counted(one.collected); });
  add_all("ouro_gc_objects_uncollectable_total", "counter",
          "Objects found to be garbage that could not be freed.",
          [&](const Generation& one) { return counted(one.uncollectable); });
  add_all("ouro_gc_threshold", "gauge", "gc.get_threshold().",
          [&](const Generation& one) { return counted(one.threshold); });
  add_all("ouro_gc_pause_seconds_total", "counter",
          "Time of collections since the watch began, estimated from samples.",
          [&](const Generation& one) { return one.paused_seconds; });
}

}  // namespace

std::string MetricsText::text_of(const Watch& watch) {
  Exposition out;
  const auto& target = watch.target();
  out.begin("ouro_target_info", "gauge", "What is watched.");
  out.add(std::uint64_t{1}, {{"process", std::to_string(target.process.pid())},
                             {"program", python::attach::command_of(target.process)},
                             {"python", target.python_version}});
  out.begin("ouro_up", "gauge", "1 while the program runs.");
  out.add(std::uint64_t{watch.goes_on()});
  add_memory(out, watch.sample().memory);
  add_looks(out, watch);
  add_verdict(out, watch.verdict());
  if (const auto summary = watch.collector()) add_collector(out, *summary);
  if (watch.look() == nullptr) return std::move(out).take();

  const std::vector<TypeRow> rows = watch.types().rows(TypeOrder::kBytes);
  for (std::size_t at = 0; at < std::min(rows.size(), kTypesAtOnce); ++at) {
    if (types_.size() < kMostTypes) types_.emplace(rows[at].type);
  }
  const auto add_types = [&](const char* name, const char* help, auto value_of) {
    std::uint64_t others = 0;
    out.begin(name, "gauge", help);
    for (const TypeRow& row : rows) {
      if (types_.contains(row.type)) {
        out.add(value_of(row), {{"type", row.type}});
      } else {
        others += value_of(row);
      }
    }
    out.add(others, {{"type", "(other)"}});
  };
  add_types("ouro_objects", "Objects of the Python heap by type.",
            [](const TypeRow& row) { return row.objects; });
  add_types("ouro_object_bytes", "Bytes of these objects, as sys.getsizeof counts them.",
            [](const TypeRow& row) { return row.bytes; });
  return std::move(out).take();
}

}  // namespace ouro::watch
