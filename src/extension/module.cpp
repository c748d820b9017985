// The module ouro._ouro: what the Python files of the package (python/ouro) are written on. Its
// names are not for users; theirs are in the package.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <ouro/version.hpp>
#include "base/graphviz.hpp"
#include "extension/attach.hpp"
#include "extension/backrefs.hpp"
#include "extension/capture_here.hpp"
#include "extension/collect.hpp"
#include "extension/columns.hpp"
#include "extension/error.hpp"
#include "extension/growth.hpp"
#include "extension/heap.hpp"
#include "extension/node_facts.hpp"
#include "extension/patience.hpp"
#include "extension/questions.hpp"
#include "extension/referrers.hpp"
#include "extension/tracked_ids.hpp"
#include "extension/tracked_objects.hpp"
#include "graph/graph_file.hpp"
#include "report/find_objects.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ouro::extension {

namespace {

using WithoutGil = nb::call_guard<nb::gil_scoped_release>;

report::TopOrder order_named(const std::string& name) {
  if (name == "bytes") return report::TopOrder::kBytes;
  if (name == "count") return report::TopOrder::kCount;
  if (name == "retained") return report::TopOrder::kRetained;
  throw nb::value_error(("by='" + name + "' is none of bytes, count, retained").c_str());
}

analysis::Distinct distinct_named(const std::string& name) {
  if (name == "holders") return analysis::Distinct::kHolders;
  if (name == "roots") return analysis::Distinct::kRoots;
  if (name == "kinds") return analysis::Distinct::kRootKinds;
  throw nb::value_error(("each='" + name + "' is none of holders, roots, kinds").c_str());
}

/// Numbers from Python may be anything.
NodeIndex checked(const HeapPointer& heap, std::uint64_t node) {
  if (node >= heap->graph().node_count()) throw nb::index_error("no such node");
  return static_cast<NodeIndex>(node);
}

std::vector<NodeIndex> checked(const HeapPointer& heap, const std::vector<std::uint64_t>& nodes) {
  std::vector<NodeIndex> all;
  for (const std::uint64_t node : nodes) all.push_back(checked(heap, node));
  return all;
}

nb::dict facts_of(const HeapPointer& heap) {
  nb::dict facts;
  const graph::HeapGraph& graph = heap->stored();
  for (const graph::FactRow& fact : graph.facts()) {
    const std::string_view key = graph.string(fact.key);
    const std::string_view value = graph.string(fact.value);
    facts[text_of(key)] = text_of(value);
  }
  return facts;
}

void add_heap(nb::module_& module) {
  nb::class_<Heap>(module, "Heap")
      .def_prop_ro("node_count", [](const Heap& heap) { return heap.stored().node_count(); })
      .def_prop_ro("edge_count", [](const Heap& heap) { return heap.stored().edge_count(); })
      .def_prop_ro("type_count", [](const Heap& heap) { return heap.stored().type_count(); })
      .def_prop_ro("root_count", [](const Heap& heap) { return heap.stored().roots().size(); });
  nb::class_<Answer>(module, "Answer")
      .def_ro("json", &Answer::json)
      .def(
          "text", [](const Answer& answer, std::size_t width) { return answer.text(width); },
          "width"_a);
}

/// Snapshots that no object of Python stands for yet, so that a snapshot to be taken later does not
/// have these objects as new ones. With the GIL.
std::map<std::uint64_t, HeapPointer>& kept_heaps() {
  static std::map<std::uint64_t, HeapPointer> heaps;
  return heaps;
}

std::uint64_t keep_heap(HeapPointer heap) {
  static std::uint64_t last_number = 0;
  kept_heaps()[++last_number] = std::move(heap);
  return last_number;
}

HeapPointer take_kept(std::uint64_t number) {
  auto kept = kept_heaps().extract(number);
  return kept.empty() ? nullptr : std::move(kept.mapped());
}

void add_sources(nb::module_& module) {
  module.def(
      "open",
      [](const std::string& path) {
        Patience patience;
        return Heap::open(path, &patience);
      },
      "path"_a, WithoutGil());
  module.def(
      "capture_here",
      [](bool fork, bool values, unsigned own_frames, std::uint64_t argument,
         const std::string& program) {
        return capture_here({.clones = fork,
                             .keeps_values = values,
                             .own_frames = own_frames,
                             .argument = argument,
                             .program = program});
      },
      "fork"_a, "values"_a, "own_frames"_a, "argument"_a, "program"_a);
  module.def(
      "capture_and_keep",
      [](bool fork, unsigned own_frames, const std::string& program) {
        return keep_heap(capture_here({.clones = fork,
                                       .keeps_values = true,
                                       .own_frames = own_frames,
                                       .argument = 0,
                                       .program = program}));
      },
      "fork"_a, "own_frames"_a, "program"_a);
  module.def("take_kept", &take_kept, "number"_a);
  module.def(
      "attach",
      [](int process, bool fork, bool values, double timeout) {
        return attach({.process = process,
                       .clones = fork,
                       .keeps_values = values,
                       .timeout_seconds = timeout});
      },
      "process"_a, "fork"_a, "values"_a, "timeout"_a, WithoutGil());
  module.def(
      "save",
      [](const HeapPointer& heap, const std::string& path) {
        if (const auto error = graph::write_graph(heap->stored(), path, FileAccess::kOwnerAlone)) {
          throw Failure(*error);
        }
      },
      "heap"_a, "path"_a, WithoutGil());
}

void add_columns(nb::module_& module) {
  module.def("column", &column, "heap"_a, "name"_a);
  module.def("addresses", &addresses, "heap"_a);
  module.def("strings", &strings, "heap"_a);
  module.def("facts", &facts_of, "heap"_a);
  module.def("types", &types_of, "heap"_a);
  module.def("roots", &roots_of, "heap"_a);
}

void add_nodes(nb::module_& module) {
  module.def(
      "find",
      [](const HeapPointer& heap, const std::string& query, std::size_t most) {
        return value_or_throw(
            report::find_objects(heap->graph(), query, most == 0 ? ~std::size_t{0} : most));
      },
      "heap"_a, "query"_a, "most"_a, WithoutGil());
  module.def("node_at", &node_at, "heap"_a, "address"_a);
  module.def(
      "node_facts",
      [](const HeapPointer& heap, std::uint64_t node) {
        return dumped(heap->names().json(checked(heap, node)));
      },
      "heap"_a, "node"_a, WithoutGil());
  module.def(
      "references",
      [](const HeapPointer& heap, std::uint64_t node) {
        return references_of(heap, checked(heap, node));
      },
      "heap"_a, "node"_a);
  module.def(
      "referrers",
      [](const HeapPointer& heap, std::uint64_t node) {
        return referrers_of(heap, checked(heap, node));
      },
      "heap"_a, "node"_a);
}

void add_questions(nb::module_& module) {
  module.def(
      "top",
      [](const HeapPointer& heap, const std::string& by, bool retained, std::size_t limit) {
        const report::TopOrder order = order_named(by);
        return top(heap, order, retained || order == report::TopOrder::kRetained, limit);
      },
      "heap"_a, "by"_a, "retained"_a, "limit"_a, WithoutGil());
  module.def(
      "why",
      [](const HeapPointer& heap, std::uint64_t node, const std::string& each, std::size_t limit) {
        return why(heap, checked(heap, node), distinct_named(each), limit);
      },
      "heap"_a, "node"_a, "each"_a, "limit"_a, WithoutGil());
  module.def("cycles", &cycles, "heap"_a, "all"_a, "limit"_a, WithoutGil());
  module.def("garbage", &garbage, "heap"_a, "limit"_a, WithoutGil());
  module.def("unexplained", &unexplained, "heap"_a, "limit"_a, WithoutGil());
  module.def(
      "retained",
      [](const HeapPointer& heap, std::size_t limit) {
        return retained(heap, graph::kNoNode, limit);
      },
      "heap"_a, "limit"_a, WithoutGil());
  module.def(
      "retained_by",
      [](const HeapPointer& heap, std::uint64_t node, std::size_t limit) {
        return retained(heap, checked(heap, node), limit);
      },
      "heap"_a, "node"_a, "limit"_a, WithoutGil());
  module.def(
      "retained_together",
      [](const HeapPointer& heap, const std::vector<std::uint64_t>& nodes,
         const std::string& words) { return retained_together(heap, checked(heap, nodes), words); },
      "heap"_a, "nodes"_a, "words"_a, WithoutGil());
  module.def("diff", &diff, "before"_a, "after"_a, "limit"_a, WithoutGil());
  module.def("report", &leaks, "heap"_a, "limit"_a, WithoutGil());
  nb::class_<Picture>(module, "Picture")
      .def_ro("answer", &Picture::answer)
      .def_ro("dot", &Picture::dot);
  module.def(
      "picture",
      [](const HeapPointer& heap, const std::vector<std::uint64_t>& starts, bool backwards,
         std::size_t depth, std::size_t nodes, std::size_t children, bool weak, bool classes) {
        return picture(
            heap, checked(heap, starts),
            {.direction = backwards ? report::Direction::kBackrefs : report::Direction::kRefs,
             .max_depth = depth,
             .max_nodes = std::max<std::size_t>(nodes, 1),
             .max_children = std::max<std::size_t>(children, 1),
             .weak_edges = weak ? report::WeakEdges::kShown : report::WeakEdges::kHidden,
             .class_edges = classes ? report::ClassEdges::kShown : report::ClassEdges::kHidden});
      },
      "heap"_a, "starts"_a, "backwards"_a, "depth"_a, "nodes"_a, "children"_a, "weak"_a,
      "classes"_a, WithoutGil());
  module.def(
      "draw",
      [](const std::string& dot, const std::string& format, const std::string& path) {
        return value_or_throw(draw_dot(dot, format, path)) == Drawing::kDone;
      },
      "dot"_a, "format"_a, "path"_a, WithoutGil());
}

}  // namespace

}  // namespace ouro::extension

NB_MODULE(_ouro, module) {
  using namespace ouro::extension;
  // A snapshot that lives until the interpreter ends is nobody's mistake.
  nanobind::set_leak_warnings(false);
  module.attr("version") = std::to_string(OURO_VERSION_MAJOR) + "." +
                           std::to_string(OURO_VERSION_MINOR) + "." +
                           std::to_string(OURO_VERSION_PATCH);
  add_error(module);
  add_heap(module);
  add_sources(module);
  add_columns(module);
  add_nodes(module);
  add_questions(module);
  add_tracked_objects(module);
  add_tracked_ids(module);
  add_collect(module);
  add_growth(module);
  add_backrefs(module);
  add_referrers(module);
}
