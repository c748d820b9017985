#include "report/diff.hpp"

#include <algorithm>
#include <string_view>

#include "report/amount_json.hpp"
#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

using analysis::Holder;
using analysis::PathGrowth;
using analysis::ShapeGrowth;
using analysis::TypeGrowth;

std::size_t limit_of(std::size_t rows, std::size_t most_rows) {
  return most_rows == 0 ? rows : std::min(rows, most_rows);
}

bool has_changed(const TypeGrowth& row) {
  return row.appeared.count != 0 || row.gone.count != 0 || row.growth_bytes() != 0;
}

std::string own_text(const DiffView& view, std::size_t most_rows, std::size_t width) {
  if (view.own.empty()) return "";
  Table table({{"objects"},
               {"with all they hold"},
               {"type", Align::kLeft, Shrink::kWhenNeeded},
               {"most are in", Align::kLeft, Shrink::kWhenNeeded}});
  for (std::size_t at = 0; at < limit_of(view.own.size(), most_rows); ++at) {
    const OwnGrowth& row = view.own[at];
    table.add({signed_number(row.objects), signed_bytes(static_cast<std::int64_t>(row.held_bytes)),
               row.type, row.place});
  }
  return "Of the program's own classes:\n" + table.to_text(width) + '\n';
}

std::string types_text(const DiffView& view, std::size_t most_rows, std::size_t width) {
  const analysis::Diff& diff = view.diff;
  Table table({{"growth"},
               {"objects"},
               {"new"},
               {"gone"},
               {"now"},
               {"type", Align::kLeft, Shrink::kWhenNeeded},
               {"most are in", Align::kLeft, Shrink::kWhenNeeded}});
  std::size_t rows = 0;
  std::size_t changed = 0;
  for (const TypeGrowth& row : diff.types) {
    if (!has_changed(row)) continue;
    ++changed;
    if (most_rows != 0 && rows == most_rows) continue;
    ++rows;
    table.add({signed_bytes(row.growth_bytes()), signed_number(row.growth_count()),
               with_separators(row.appeared.count), with_separators(row.gone.count),
               format_bytes(row.after.bytes), row.type,
               place_of_new(diff, row, view.places, view.names)});
  }
  std::string text = "By type:\n" + table.to_text(width);
  if (rows < changed) {
    text += "... and " + counted(changed - rows, "type") + " more; -n 0 shows all\n";
  }
  return text;
}

std::string paths_text(const analysis::Diff& diff, std::size_t most_rows, std::size_t width) {
  Table table({{"growth"},
               {"new"},
               {"gone"},
               {"type", Align::kLeft, Shrink::kWhenNeeded},
               {"path from a root", Align::kLeft, Shrink::kWhenNeeded}});
  for (std::size_t at = 0; at < limit_of(diff.paths.size(), most_rows); ++at) {
    const PathGrowth& row = diff.paths[at];
    table.add({signed_bytes(row.growth_bytes()), with_separators(row.appeared.count),
               with_separators(row.gone.count), row.type, row.path});
  }
  return "By path:\n" + table.to_text(width);
}

std::string shapes_text(const analysis::Diff& diff, std::size_t most_rows, std::size_t width) {
  Table table({{"new"}, {"bytes"}, {"reference", Align::kLeft, Shrink::kWhenNeeded}});
  for (std::size_t at = 0; at < limit_of(diff.shapes.size(), most_rows); ++at) {
    const ShapeGrowth& row = diff.shapes[at];
    const bool is_root = row.holder_type.empty();
    table.add({with_separators(row.appeared.count), format_bytes(row.appeared.bytes),
               (is_root ? "(" + row.shape + ")" : row.holder_type + row.shape) + " → " + row.type});
  }
  return "By what refers to the new ones:\n" + table.to_text(width);
}

/// What stands in the tables as "(not reached)", where it is a thousandth of the heap: nearly every
/// program has a few objects that wait for a collection.
std::string unreached_text(const analysis::Diff& diff, std::size_t width) {
  const analysis::Amount& now = diff.unreached_after;
  if (now.count == 0 || now.bytes < diff.after.bytes / 1000) return "";
  return wrapped("No root leads to " + counted(now.count, "object") + " of " +
                     format_bytes(now.bytes) + " (" + with_separators(diff.unreached_before.count) +
                     " of " + format_bytes(diff.unreached_before.bytes) +
                     " before): garbage in cycles, as a rule, that waits for a collection " +
                     "(`ouro garbage` shows it, `ouro cycles` what makes it).",
                 width);
}

std::string two_processes_text(std::size_t width) {
  return wrapped(
      "The snapshots name two processes, and few objects of one are found again in the other: what "
      "is new and gone says nothing, what has grown by type is right.",
      width);
}

/// A process and a fork of it have most objects in common, and one that was looked at from inside
/// and from outside of a container has two numbers.
bool is_of_two_processes(const graph::HeapGraph& before, const graph::HeapGraph& after,
                         const analysis::Diff& diff) {
  const std::string_view first = before.fact("pid");
  const std::string_view second = after.fact("pid");
  return !first.empty() && !second.empty() && first != second &&
         diff.gone.count * 2 > diff.before.count;
}

Json holder_json(const Holder& holder, const ObjectNames& names) {
  if (holder.count == 0 || holder.node == graph::kNoNode) return nullptr;
  return {{"object", names.json(holder.node)}, {"holds", holder.count}};
}

}  // namespace

DiffView diff_view(const graph::HeapGraph& before, const graph::HeapGraph& after,
                   const Places& places, const ObjectNames& names, std::size_t most_rows,
                   Progress* progress) {
  // Of more types than are shown it is asked who holds them: the program's own may be small.
  constexpr std::size_t kFewest = 100;
  constexpr std::size_t kAll = 1'000'000;
  const std::size_t most = most_rows == 0 ? kAll : std::max(most_rows, kFewest);
  analysis::Diff diff = analysis::diff(before, after, {.most_rows = most}, progress);
  std::vector<OwnGrowth> own = own_growth(diff, after, places, names, progress);
  const bool is_of_two = is_of_two_processes(before, after, diff);
  return {.diff = std::move(diff),
          .own = std::move(own),
          .places = places,
          .names = names,
          .is_of_two_processes = is_of_two};
}

std::string diff_text(const DiffView& view, std::size_t most_rows, std::size_t width) {
  const analysis::Diff& diff = view.diff;
  const auto growth = static_cast<std::int64_t>(diff.after.bytes - diff.before.bytes);
  std::string text = wrapped(
      format_bytes(diff.before.bytes) + " before, " + format_bytes(diff.after.bytes) + " after (" +
          signed_bytes(growth) + "); " + counted(diff.appeared.count, "object") + " new, " +
          with_separators(diff.gone.count) + " gone.",
      width);
  const bool is_same = diff.appeared.count == 0 && diff.gone.count == 0 && growth == 0;
  if (is_same && diff.unreached_before == diff.unreached_after) {
    return text + "Nothing has changed.\n";
  }
  text += unreached_text(diff, width);
  if (view.is_of_two_processes) text += two_processes_text(width);
  text += '\n' + own_text(view, most_rows, width) + types_text(view, most_rows, width);
  if (!diff.paths.empty()) text += '\n' + paths_text(diff, most_rows, width);
  if (!diff.shapes.empty()) text += '\n' + shapes_text(diff, most_rows, width);
  return text;
}

Json diff_json(const DiffView& view, std::size_t most_rows) {
  const analysis::Diff& diff = view.diff;
  const ObjectNames& names = view.names;
  Json json{{"before", amount_json(diff.before)},
            {"after", amount_json(diff.after)},
            {"new", amount_json(diff.appeared)},
            {"gone", amount_json(diff.gone)},
            {"unreached",
             {{"before", amount_json(diff.unreached_before)},
              {"after", amount_json(diff.unreached_after)}}},
            {"is_of_two_processes", view.is_of_two_processes},
            {"own_types", Json::array()},
            {"types", Json::array()},
            {"paths", Json::array()},
            {"references", Json::array()}};
  for (std::size_t at = 0; at < limit_of(view.own.size(), most_rows); ++at) {
    const OwnGrowth& row = view.own[at];
    json["own_types"].push_back({{"type", row.type},
                                 {"growth_objects", row.objects},
                                 {"held_bytes", row.held_bytes},
                                 {"place", row.place}});
  }
  for (const TypeGrowth& row : diff.types) {
    if (!has_changed(row)) continue;
    if (most_rows != 0 && json["types"].size() == most_rows) break;
    json["types"].push_back({{"type", row.type},
                             {"growth_objects", row.growth_count()},
                             {"growth_bytes", row.growth_bytes()},
                             {"before", amount_json(row.before)},
                             {"after", amount_json(row.after)},
                             {"new", amount_json(row.appeared)},
                             {"gone", amount_json(row.gone)},
                             {"place", place_of_new(diff, row, view.places, names)},
                             {"holder", holder_json(row.holder, names)}});
  }
  for (std::size_t at = 0; at < limit_of(diff.paths.size(), most_rows); ++at) {
    const PathGrowth& row = diff.paths[at];
    json["paths"].push_back(
        {{"path", row.path},
         {"type", row.type},
         {"growth_bytes", row.growth_bytes()},
         {"new", amount_json(row.appeared)},
         {"gone", amount_json(row.gone)},
         {"example", row.example == graph::kNoNode ? Json() : names.json(row.example)},
         {"holder", holder_json(row.holder, names)}});
  }
  for (std::size_t at = 0; at < limit_of(diff.shapes.size(), most_rows); ++at) {
    const ShapeGrowth& row = diff.shapes[at];
    json["references"].push_back({{"holder_type", row.holder_type},
                                  {"reference", row.shape},
                                  {"type", row.type},
                                  {"new", amount_json(row.appeared)}});
  }
  return json;
}

}  // namespace ouro::report
