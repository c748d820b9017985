#include "analysis/edge_filter.hpp"

namespace ouro::analysis {

namespace {

/// A whole block at a time, so that the compiler uses vectors.
bool any_has(const std::uint8_t* kinds, std::uint32_t count, std::uint8_t bits) {
  constexpr std::uint32_t kBlock = 4096;
  for (std::uint32_t begin = 0; begin < count;) {
    const std::uint32_t end = count - begin < kBlock ? count : begin + kBlock;
    std::uint8_t all = 0;
    for (std::uint32_t at = begin; at < end; ++at) all |= kinds[at];
    if ((all & bits) != 0) return true;
    begin = end;
  }
  return false;
}

}  // namespace

EdgeSelection::EdgeSelection(const graph::HeapGraph& graph, EdgeFilter filter) {
  if (filter == EdgeFilter::kOwned) left_out_ = graph::EdgeKind::kWeak;
  if (filter == EdgeFilter::kTraversed) {
    left_out_ = graph::EdgeKind::kWeak | graph::EdgeKind::kNotTraversed;
  }
  const graph::Column& column = graph.columns().kinds;
  if (left_out_ == 0 || column.size() == 0) return;
  const std::uint8_t* kinds = nullptr;
  if (column.width() == 1) {
    kinds = reinterpret_cast<const std::uint8_t*>(column.data());
  } else {
    kinds_copy_.resize(column.size());
    column.for_each([this](std::uint32_t edge, std::uint64_t kind) {
      kinds_copy_[edge] = static_cast<std::uint8_t>(kind);
    });
    kinds = kinds_copy_.data();
  }
  if (any_has(kinds, column.size(), left_out_)) kinds_ = kinds;
}

}  // namespace ouro::analysis
