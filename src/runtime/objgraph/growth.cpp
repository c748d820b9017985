// What grew, by counts and by addresses.
#include <algorithm>
#include <array>
#include <iterator>
#include <ostream>

#include <ouro/objgraph.hpp>

#include "runtime/objgraph/look.hpp"
#include "runtime/objgraph/names.hpp"

namespace ouro::objgraph {

namespace {

// Numbers are written by ourselves, whatever flags and locale the caller's stream has.

std::string with_sign(long long number) {
  std::string text = std::to_string(number);
  if (number >= 0) text.insert(0, 1, '+');
  return text;
}

std::string aligned_left(std::string_view text, std::size_t width) {
  std::string aligned(text);
  if (aligned.size() < width) aligned.append(width - aligned.size(), ' ');
  return aligned;
}

std::string aligned_right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

}  // namespace

GrowthState& default_growth_state() noexcept {
  static thread_local GrowthState state;
  return state;
}

std::vector<Growth> growth(std::size_t limit, GrowthState& peak_stats,
                           const StatsOptions& options) {
  std::vector<Growth> grown;
  for (const auto& [name, count] : typestats(options)) {
    std::size_t& peak = peak_stats[name];
    if (count <= peak) continue;
    grown.push_back({name, count, count - peak});
    peak = count;
  }
  sort_by_number(grown, &Growth::delta);
  if (grown.size() > limit) grown.resize(limit, {});
  return grown;
}

void show_growth(std::size_t limit, GrowthState& peak_stats, std::ostream& out,
                 const StatsOptions& options) {
  const std::vector<Growth> grown = growth(limit, peak_stats, options);
  std::size_t width = 0;
  for (const Growth& type : grown) width = std::max(width, type.name.size());
  for (const Growth& type : grown) {
    out << aligned_left(type.name, width) << aligned_right(std::to_string(type.count), 9)
        << aligned_right(with_sign(static_cast<long long>(type.delta)), 10) << '\n';
  }
}

NewIdsState& default_new_ids_state() noexcept {
  static thread_local NewIdsState state;
  return state;
}

namespace {

IdsByType ids_now(bool shortnames) {
  IdsByType ids;
  for_each_visible(used_heap(), [&](const void* object, const detail::TypeInfo& type) {
    ids[shown_name(type, shortnames)].push_back(object);
  });
  for (auto& [name, addresses] : ids) std::ranges::sort(addresses);
  return ids;
}

void update(NewIdsState& state, bool shortnames) {
  state.old_ids = std::move(state.current_ids);
  state.current_ids = ids_now(shortnames);
  state.new_ids.clear();
  for (const auto& [name, now] : state.current_ids) {
    const std::vector<const void*>& before = state.old_ids[name];
    std::ranges::set_difference(now, before, std::back_inserter(state.new_ids[name]));
  }
  // A type whose last object is gone is still a row: its count went down.
  for (const auto& [name, before] : state.old_ids) state.new_ids.try_emplace(name);
}

struct Row {
  std::string_view name;
  std::array<long long, 4> columns;  ///< by NewIdsColumn
};

std::vector<Row> rows_of(const NewIdsState& state, const NewIdsOptions& options) {
  const auto size_in = [](const IdsByType& ids, std::string_view name) {
    const auto entry = ids.find(name);
    return entry == ids.end() ? 0 : static_cast<long long>(entry->second.size());
  };
  std::vector<Row> rows;
  for (const auto& [name, added] : state.new_ids) {
    const long long old = size_in(state.old_ids, name);
    const long long current = size_in(state.current_ids, name);
    rows.push_back({name, {old, current, static_cast<long long>(added.size()), current - old}});
  }
  const auto column = static_cast<std::size_t>(options.sortby);
  sort_by_number(rows, [&](const Row& row) { return row.columns[column]; });
  if (rows.size() > options.limit) rows.resize(options.limit);
  return rows;
}

void print(std::ostream& out, const std::vector<Row>& rows) {
  constexpr std::size_t kColumnWidth = 13;
  constexpr std::string_view kTitle = "Type";
  std::size_t width = kTitle.size();
  for (const Row& row : rows) width = std::max(width, row.name.size());
  const std::string line = std::string(width + 4 * kColumnWidth, '=') + '\n';

  out << line << aligned_left(kTitle, width);
  for (const char* title : {"Old_ids", "Current_ids", "New_ids", "Count_Deltas"}) {
    out << aligned_right(title, kColumnWidth);
  }
  out << '\n' << line;
  for (const auto& [name, columns] : rows) {
    out << aligned_left(name, width) << aligned_right(std::to_string(columns[0]), kColumnWidth)
        << aligned_right(std::to_string(columns[1]), kColumnWidth)
        << aligned_right(with_sign(columns[2]), kColumnWidth)
        << aligned_right(with_sign(columns[3]), kColumnWidth) << '\n';
  }
  out << line;
}

}  // namespace

const IdsByType& get_new_ids(const NewIdsOptions& options, NewIdsState& state) {
  if (!options.skip_update) update(state, options.shortnames);
  if (options.limit > 0) {
    print(options.output != nullptr ? *options.output : detail::standard_output(),
          rows_of(state, options));
  }
  return state.new_ids;
}

}  // namespace ouro::objgraph
