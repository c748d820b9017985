#include "python/heap/name_texts.hpp"

#include <string>

namespace ouro::python::heap {

using graph::NodeIndex;
using graph::StringIndex;

std::string_view without_quotes(std::string_view repr) {
  if (repr.size() < 2 || (repr.front() != '\'' && repr.front() != '"')) return repr;
  const bool is_plain = repr.back() == repr.front() && repr.find('\\') == std::string_view::npos;
  return is_plain ? repr.substr(1, repr.size() - 2) : repr;
}

NameTexts::NameTexts(const CollectedHeap& collected, AssembledHeap& heap)
    : heap_(heap), hidden_(collected.hidden_strings) {
  text_by_node_.extend(heap.node_count());
  for (std::size_t at = 0; at < heap.preview_nodes.size(); ++at) {
    text_by_node_[heap.preview_nodes[at]] = heap.preview_texts[at];
  }
  if (collected.hidden_texts.empty()) return;
  hidden_by_node_.extend(heap.node_count());
  for (const NodeText& text : collected.hidden_texts.span()) {
    hidden_by_node_[text.node] = text.text;
  }
}

StringIndex NameTexts::literal(NodeIndex object) {
  return literal(object, Which::kInterned);
}

StringIndex NameTexts::literal_of_program(NodeIndex object) {
  return literal(object, Which::kAny);
}

StringIndex NameTexts::literal(NodeIndex object, Which which) {
  StringIndex& text = text_by_node_[object];
  if (text != 0 || hidden_by_node_.empty()) return text;
  const StringIndex hidden = hidden_by_node_[object];
  const bool is_interned = (heap_.flags[object] & kInternedFlag) != 0;
  if (hidden != 0 && (is_interned || which == Which::kAny)) {
    text = heap_.strings.add(hidden_.view()[hidden]);
  }
  return text;
}

StringIndex NameTexts::plain(NodeIndex object) {
  const StringIndex text = literal(object);
  if (text == 0) return 0;
  if (plain_by_text_.size() <= text) plain_by_text_.extend(text + 1 - plain_by_text_.size());
  StringIndex& plain = plain_by_text_[text];
  if (plain == 0) {
    plain = heap_.strings.add(std::string(without_quotes(heap_.strings.view()[text])));
  }
  return plain;
}

}  // namespace ouro::python::heap
