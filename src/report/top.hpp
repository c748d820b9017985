// `ouro top`: which types take the memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/type_totals.hpp"
#include "base/progress.hpp"
#include "graph/heap_graph.hpp"
#include "report/json.hpp"
#include "report/table.hpp"

namespace ouro::report {

struct TopRow {
  std::string type;
  analysis::Amount amount;
  std::uint64_t retained_bytes = 0;
};

struct Top {
  analysis::Amount whole;
  std::uint64_t type_count = 0;  ///< that have objects; rows may be fewer
  bool has_retained = false;
  std::vector<TopRow> rows;
};

enum class TopOrder { kBytes, kCount, kRetained };

struct TopQuestion {
  TopOrder order = TopOrder::kBytes;
  std::size_t most_rows = 20;  ///< 0: all
  bool has_retained = false;   ///< what would be freed if all objects of the type went
};

/// Needs Part::kNodes, with has_retained Part::kEdges too.
Top top_of(const graph::HeapGraph& graph, const TopQuestion& question,
           Progress* progress = nullptr);

/// The rows in order, at most `most_rows` of them (0: all).
void arrange(Top& top, TopOrder order, std::size_t most_rows);

/// `all`: what to say of rows left out.
std::string to_text(const Top& top, std::size_t width, const std::string& all = "-n 0 shows all");
Json to_json(const Top& top);

}  // namespace ouro::report
