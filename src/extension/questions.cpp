#include "extension/questions.hpp"

#include <utility>

#include "analysis/cycles_of_heap.hpp"
#include "analysis/garbage.hpp"
#include "analysis/retained.hpp"
#include "analysis/unexplained_counts.hpp"
#include "extension/error.hpp"
#include "extension/patience.hpp"
#include "report/cycles.hpp"
#include "report/diff.hpp"
#include "report/explain.hpp"
#include "report/garbage.hpp"
#include "report/leak_search.hpp"
#include "report/picture_dot.hpp"
#include "report/picture_json.hpp"
#include "report/picture_text.hpp"
#include "report/retained.hpp"

namespace ouro::extension {

Answer top(const HeapPointer& heap, report::TopOrder order, bool has_retained, std::size_t limit) {
  Patience patience;
  report::Top top = report::top_of(
      heap->graph(), {.order = order, .most_rows = limit, .has_retained = has_retained}, &patience);
  return {dumped(to_json(top)),
          [top = std::move(top)](std::size_t width) { return to_text(top, width); }};
}

Answer why(const HeapPointer& heap, NodeIndex node, analysis::Distinct each, std::size_t limit) {
  Patience patience;
  report::Why why = report::explain(heap->graph(), node, heap->names(),
                                    {.distinct = each, .most_paths = limit}, &patience);
  return {dumped(to_json(why, heap->names())), [heap, why = std::move(why)](std::size_t width) {
            return to_text(why, heap->graph(), heap->names(), width);
          }};
}

Answer cycles(const HeapPointer& heap, bool wants_all, std::size_t limit) {
  Patience patience;
  auto found = analysis::cycles_of_heap(
      heap->graph(),
      wants_all ? analysis::StructureCycles::kShown : analysis::StructureCycles::kHidden,
      &patience);
  return {dumped(cycles_json(found.cycles, heap->graph(), heap->names(), limit)),
          [heap, limit, found = std::move(found)](std::size_t width) {
            return cycles_text(found, heap->graph(), heap->names(), limit, width, "all=True");
          }};
}

Answer garbage(const HeapPointer& heap, std::size_t limit) {
  Patience patience;
  auto view = report::garbage_view(analysis::find_garbage(heap->graph(), &patience), heap->graph());
  return {dumped(to_json(view, heap->names(), limit)),
          [heap, limit, view = std::move(view)](std::size_t width) {
            return to_text(view, heap->names(), limit, width);
          }};
}

Answer unexplained(const HeapPointer& heap, std::size_t limit) {
  Patience patience;
  auto counts = analysis::find_unexplained_counts(heap->graph(), &patience);
  return {dumped(unexplained_json(counts, heap->graph(), heap->names(), limit)),
          [heap, limit, counts = std::move(counts)](std::size_t width) {
            return unexplained_text(counts, heap->graph(), heap->names(), limit, width);
          }};
}

Answer retained(const HeapPointer& heap, NodeIndex node, std::size_t limit) {
  Patience patience;
  auto view =
      value_or_throw(report::retained_view(heap->graph(), heap->names(), node, limit, &patience));
  const report::Places& places = heap->places(&patience);
  return {dumped(to_json(view, places, heap->names())),
          [heap, &places, view = std::move(view)](std::size_t width) {
            return to_text(view, heap->graph(), places, heap->names(), width);
          }};
}

Answer retained_together(const HeapPointer& heap, const std::vector<NodeIndex>& nodes,
                         const std::string& words) {
  Patience patience;
  const analysis::Amount amount = analysis::retained_by(heap->graph(), nodes, &patience);
  const std::size_t size = nodes.size();
  return {dumped(report::set_json(size, amount, words)), [size, amount, words](std::size_t width) {
            return report::set_text(size, amount, words, width);
          }};
}

Answer diff(const HeapPointer& before, const HeapPointer& after, std::size_t limit) {
  Patience patience;
  const report::Places& places = after->places(&patience);
  auto view = std::make_shared<report::DiffView>(
      report::diff_view(before->graph(), after->graph(), places, after->names(), limit, &patience));
  return {dumped(diff_json(*view, limit)), [before, after, limit, view](std::size_t width) {
            return diff_text(*view, limit, width);
          }};
}

Answer leaks(const HeapPointer& heap, std::size_t limit) {
  Patience patience;
  auto found = std::make_shared<report::LeakReport>(
      report::find_leaks(heap->graph(), heap->names(), limit, &patience));
  return {dumped(to_json(*found, heap->graph(), heap->names())), [heap, found](std::size_t width) {
            return to_text(*found, heap->graph(), heap->names(), width);
          }};
}

Picture picture(const HeapPointer& heap, const std::vector<NodeIndex>& starts,
                const report::PictureOptions& options) {
  Patience patience;
  const analysis::ReverseEdges* reverse =
      options.direction == report::Direction::kBackrefs ? &heap->reverse_edges(&patience) : nullptr;
  auto picture =
      report::picture_of_references(heap->graph(), heap->names(), reverse, starts, options);
  std::string dot = picture_dot(picture);
  return {
      {dumped(picture_json(picture, heap->names())),
       [picture = std::move(picture)](std::size_t width) { return picture_text(picture, width); }},
      std::move(dot)};
}

}  // namespace ouro::extension
