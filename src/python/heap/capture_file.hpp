// A capture as a file, written while it is read: the structure of the heap in a thread of its own
// as soon as it is there, while references and roots get their names; then the rest.
//
//   reading thread   records ... | names of references, roots | flags, names, strings
//   writing thread               | addresses, types, targets  |
//
// The file is its owner's alone, and has its name when it is complete. Memory of what is written is
// given back: the file's pages take it.
#pragma once

#include <future>
#include <optional>
#include <string>

#include <ouro/base/result.hpp>
#include "graph/graph_file.hpp"
#include "python/heap/read_capture.hpp"

namespace ouro::python::heap {

class CaptureFile {
 public:
  explicit CaptureFile(std::string path);

  /// For ReadOptions::on_structure.
  void begin(const graph::HeapGraph& graph);
  /// `heap.graph` is of no use afterwards.
  std::optional<Error> finish(CapturedHeap heap);

 private:
  graph::GraphWriter writer_;
  std::future<std::optional<Error>> structure_;  ///< waited for before the writer goes
};

}  // namespace ouro::python::heap
