#include "report/cycles.hpp"

#include <algorithm>

#include "report/table.hpp"
#include "report/units.hpp"

namespace ouro::report {

namespace {

using analysis::CycleShape;

std::size_t shown_rows(const analysis::Cycles& cycles, std::size_t most_rows) {
  return most_rows == 0 ? cycles.shapes.size() : std::min(most_rows, cycles.shapes.size());
}

/// "all are garbage", "2 of 5 are garbage", "held from outside".
std::string held_or_not(const CycleShape& shape) {
  const std::uint64_t garbage = shape.all.components - shape.held.components;
  if (garbage == 0) return "all held from outside";
  if (shape.held.components == 0) return "garbage";
  return with_separators(garbage) + " of " + with_separators(shape.all.components) + " garbage";
}

/// One reference fewer frees nothing where every object is in other cycles, too.
bool needs_more_cuts(const CycleShape& shape) {
  return shape.cut.freed.objects == 0;
}

/// What the cut does, in words.
std::string proof_of(const CycleShape& shape) {
  if (needs_more_cuts(shape)) {
    return "This alone frees nothing: " +
           std::string(of_number(shape.all.components, "the group", "each group")) +
           " is held together by more cycles, through other references.";
  }
  std::string text = std::string("With ") +
                     (shape.cut.references == 1
                          ? "this reference"
                          : "these " + with_separators(shape.cut.references) + " references") +
                     " weak, ";
  if (shape.cut.freed.components == shape.all.components) {
    text += "no cycle is left, and counts alone free " +
            counted(shape.cut.freed.objects, "object") + ", " +
            format_bytes(shape.cut.freed.size_bytes);
  } else {
    text += "cycles are left in " +
            with_separators(shape.all.components - shape.cut.freed.components) + " of " +
            counted(shape.all.components, "group") + "; counts alone free " +
            counted(shape.cut.freed.objects, "object") + ", " +
            format_bytes(shape.cut.freed.size_bytes);
  }
  return text;
}

std::string example_text(const CycleShape& shape, const graph::HeapGraph& graph,
                         const ObjectNames& names) {
  std::string text;
  for (const graph::EdgeIndex edge : shape.example) {
    text += names.name(graph.source(edge)) + graph.edge_label(edge) + " → ";
  }
  if (!shape.example.empty()) text += names.name(graph.source(shape.example.front()));
  return text;
}

Json tally_json(const analysis::CycleTally& tally) {
  return {{"groups", tally.components}, {"objects", tally.objects}, {"bytes", tally.size_bytes}};
}

}  // namespace

std::string cut_of(const CycleShape& shape) {
  if (shape.steps.empty()) return "";
  return shape.steps.back().type + shape.steps.back().reference;
}

std::string cut_words(const CycleShape& shape) {
  return cut_of(shape) + (needs_more_cuts(shape) ? ", and others" : "");
}

std::string cycles_text(const analysis::Cycles& cycles, const graph::HeapGraph& graph,
                        const ObjectNames& names, std::size_t most_rows, std::size_t width) {
  if (cycles.shapes.empty()) return "There are no reference cycles.\n";
  std::string text = wrapped(counted(cycles.shape_by_component.size(), "group") +
                                 " of objects that refer to each other in cycles, of " +
                                 counted(cycles.shapes.size(), "shape") + ".",
                             width);
  const std::size_t rows = shown_rows(cycles, most_rows);
  for (std::size_t at = 0; at < rows; ++at) {
    const CycleShape& shape = cycles.shapes[at];
    text += '\n' + std::to_string(at + 1) + ". " +
            shortened(to_string(shape.steps), width == kAnyWidth ? width : width - 4) + '\n';
    Table table({{"", Align::kLeft}, {"", Align::kLeft, Shrink::kWhenNeeded}});
    table.add({"   how many", counted(shape.all.components, "group") + ", " +
                                  counted(shape.all.objects, "object") + ", " +
                                  format_bytes(shape.all.size_bytes) + ", " + held_or_not(shape)});
    table.add({"   example", example_text(shape, graph, names)});
    table.add({"   make weak", cut_words(shape)});
    text += table.to_text(width) + wrapped(proof_of(shape), width, "   ");
    if (shape.sampled_components > 0) {
      text += wrapped(counted(shape.sampled_components, "group") +
                          " too large to search whole: a shorter cycle may be in there.",
                      width, "   ");
    }
  }
  if (rows < cycles.shapes.size()) {
    text +=
        "\n... and " + counted(cycles.shapes.size() - rows, "shape") + " more; -n 0 shows all\n";
  }
  return text;
}

std::string cycles_text(const analysis::CyclesOfHeap& of_heap, const graph::HeapGraph& graph,
                        const ObjectNames& names, std::size_t most_rows, std::size_t width,
                        const std::string& all) {
  std::string text = cycles_text(of_heap.cycles, graph, names, most_rows, width);
  if (!of_heap.is_structure_hidden) return text;
  return text + '\n' +
         wrapped(
             "Cycles through classes and modules, which every Python program has, are left out: " +
                 all + " shows them.",
             width);
}

Json cycles_json(const analysis::Cycles& cycles, const graph::HeapGraph& graph,
                 const ObjectNames& names, std::size_t most_rows) {
  Json json{{"groups", cycles.shape_by_component.size()},
            {"shape_count", cycles.shapes.size()},
            {"shapes", Json::array()}};
  for (std::size_t at = 0; at < shown_rows(cycles, most_rows); ++at) {
    const CycleShape& shape = cycles.shapes[at];
    Json row{{"shape", to_string(shape.steps)},
             {"steps", Json::array()},
             {"all", tally_json(shape.all)},
             {"held", tally_json(shape.held)},
             {"cut",
              {{"reference", cut_of(shape)},
               {"references", shape.cut.references},
               {"freed", tally_json(shape.cut.freed)},
               {"freed_held", tally_json(shape.cut.freed_held)}}},
             {"is_exact", shape.sampled_components == 0},
             {"example", Json::array()}};
    for (const analysis::CycleStep& step : shape.steps) {
      row["steps"].push_back({{"type", step.type}, {"reference", step.reference}});
    }
    for (const graph::EdgeIndex edge : shape.example) {
      row["example"].push_back(
          {{"object", names.json(graph.source(edge))}, {"label", graph.edge_label(edge)}});
    }
    json["shapes"].push_back(std::move(row));
  }
  return json;
}

}  // namespace ouro::report
