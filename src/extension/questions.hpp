// The questions of the command, to a heap: docs/reference/json.md has the form of the answers.
//
// Each is asked without the GIL. A limit of 0 is none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/several_paths.hpp"
#include "extension/answer.hpp"
#include "extension/heap.hpp"
#include "report/reference_picture.hpp"
#include "report/top.hpp"

namespace ouro::extension {

using HeapPointer = std::shared_ptr<Heap>;
using graph::NodeIndex;

Answer top(const HeapPointer& heap, report::TopOrder order, bool has_retained, std::size_t limit);
Answer why(const HeapPointer& heap, NodeIndex node, analysis::Distinct each, std::size_t limit);
Answer cycles(const HeapPointer& heap, bool wants_all, std::size_t limit);
Answer garbage(const HeapPointer& heap, std::size_t limit);
Answer unexplained(const HeapPointer& heap, std::size_t limit);
/// `node`: kNoNode for the heap as a whole.
Answer retained(const HeapPointer& heap, NodeIndex node, std::size_t limit);
Answer retained_together(const HeapPointer& heap, const std::vector<NodeIndex>& nodes,
                         const std::string& words);
Answer diff(const HeapPointer& before, const HeapPointer& after, std::size_t limit);
Answer leaks(const HeapPointer& heap, std::size_t limit);

struct Picture {
  Answer answer;
  std::string dot;
};
Picture picture(const HeapPointer& heap, const std::vector<NodeIndex>& starts,
                const report::PictureOptions& options);

}  // namespace ouro::extension
