#include "report/top.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "analysis/dominator_order.hpp"
#include "analysis/dominators.hpp"
#include "analysis/retained.hpp"
#include "report/units.hpp"

namespace ouro::report {

Top top_of(const graph::HeapGraph& graph, const TopQuestion& question, Progress* progress) {
  Top top;
  for (const analysis::TypeTotal& total : analysis::type_totals(graph, progress)) {
    top.rows.push_back({.type = graph.type_name(total.type), .amount = total.amount});
    top.whole += total.amount;
  }
  top.type_count = top.rows.size();
  top.has_retained = question.has_retained;
  if (question.has_retained) {
    const analysis::DominatorTree tree = analysis::dominators(graph, progress);
    const analysis::DominatorOrder order(tree);
    std::map<std::string, std::uint64_t> retained;
    for (const auto& row : analysis::retained_by_type(graph, tree, order)) {
      retained[graph.type_name(row.type)] += row.retained.bytes;
    }
    for (TopRow& row : top.rows) row.retained_bytes = retained[row.type];
  }
  arrange(top, question.order, question.most_rows);
  return top;
}

void arrange(Top& top, TopOrder order, std::size_t most_rows) {
  const auto key = [order](const TopRow& row) {
    const std::uint64_t first = order == TopOrder::kBytes   ? row.amount.bytes
                                : order == TopOrder::kCount ? row.amount.count
                                                            : row.retained_bytes;
    return std::tuple(first, row.amount.bytes, row.amount.count);
  };
  std::ranges::sort(top.rows, [&](const TopRow& a, const TopRow& b) {
    return key(a) == key(b) ? a.type < b.type : key(a) > key(b);
  });
  if (most_rows != 0 && top.rows.size() > most_rows) top.rows.resize(most_rows);
}

std::string to_text(const Top& top, std::size_t width, const std::string& all) {
  std::string text = counted(top.whole.count, "object") + ", " + format_bytes(top.whole.bytes) +
                     ", " + counted(top.type_count, "type") + "\n\n";
  std::vector<TableColumn> columns{{"bytes"}, {"share"}, {"objects"}};
  if (top.has_retained) columns.push_back({"retained"});
  columns.push_back({"type", Align::kLeft, Shrink::kWhenNeeded});
  Table table(columns);
  for (const TopRow& row : top.rows) {
    std::vector<std::string> cells{format_bytes(row.amount.bytes),
                                   percentage(row.amount.bytes, top.whole.bytes),
                                   with_separators(row.amount.count)};
    if (top.has_retained) cells.push_back(format_bytes(row.retained_bytes));
    cells.push_back(row.type);
    table.add(std::move(cells));
  }
  text += table.to_text(width);
  if (top.rows.size() < top.type_count) {
    text += "... and " + counted(top.type_count - top.rows.size(), "type") + " more; " + all + '\n';
  }
  return text;
}

Json to_json(const Top& top) {
  Json json;
  json["objects"] = top.whole.count;
  json["bytes"] = top.whole.bytes;
  json["type_count"] = top.type_count;
  json["types"] = Json::array();
  for (const TopRow& row : top.rows) {
    Json type{{"type", row.type}, {"objects", row.amount.count}, {"bytes", row.amount.bytes}};
    if (top.has_retained) type["retained_bytes"] = row.retained_bytes;
    json["types"].push_back(std::move(type));
  }
  return json;
}

}  // namespace ouro::report
