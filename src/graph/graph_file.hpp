// Heap graphs as files: `.ouro`, specified in docs/format/ouro-file.md.
//
// Opening maps the file and looks at its header, its table of sections and its small tables: some
// milliseconds, whatever its size. The columns are read in place; HeapGraph::require checks those
// that are about to be used, once: their checksums, and that every number in them is in range. So a
// damaged or hostile file is an error that names section, offset, expected and found, never a
// crash. (A file that another program shortens while it is mapped ends the process, as any mapped
// file.)
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <ouro/base/result.hpp>
#include "base/atomic_file.hpp"
#include "graph/heap_graph.hpp"

namespace ouro::graph {

/// Called with each stretch of the graph's columns of nodes and edges once it is written: who does
/// not need it any more may give its memory back.
using OnWritten = std::function<void(std::span<const std::byte>)>;

/// Writes all of the graph; an older file of the name is replaced when the new one is complete.
/// Precondition: require() has succeeded.
std::optional<Error> write_graph(const HeapGraph& graph, const std::string& path,
                                 FileAccess access = FileAccess::kUsual,
                                 const OnWritten& on_written = {});

/// The same in two steps, for a graph whose structure is there before its names: the first may run
/// in another thread while these are made.
///
///   writer.write_structure(graph.columns());   // what objects are, where references lead
///   writer.finish(graph.columns());            // all else; then the file has its name
class GraphWriter {
 public:
  explicit GraphWriter(std::string path, FileAccess access = FileAccess::kUsual,
                       OnWritten on_written = {});
  GraphWriter(const GraphWriter&) = delete;
  GraphWriter& operator=(const GraphWriter&) = delete;
  /// An unfinished file is removed.
  ~GraphWriter();

  /// Addresses, types, sizes and counts of nodes, begins and targets of edges. Columns are not
  /// given back before finish().
  std::optional<Error> write_structure(const Columns& columns);
  /// With the structure where that is not written yet. Precondition: those columns are the same.
  std::optional<Error> finish(const Columns& columns);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Errors: kNotFound, kPermissionDenied, kUnsupported (a newer format), kCorrupt.
Result<HeapGraph> open_graph(const std::string& path);

/// What a file is made of, for `ouro info`.
struct SectionSummary {
  std::string name;  ///< "targ", "size exceptions"
  unsigned width;
  std::uint64_t count;
  std::uint64_t bytes;
};
Result<std::vector<SectionSummary>> describe_sections(const std::string& path);

/// Whether a file begins like one of these. `bytes` is the beginning, as much as there is.
bool looks_like_graph_file(std::string_view bytes);

}  // namespace ouro::graph
