#include "python/heap/edge_names.hpp"

#include <string>
#include <utility>

namespace ouro::python::heap {

using graph::EdgeIndex;
using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::NodeIndex;
using graph::StringIndex;
using stream::LabelKind;

std::string_view without_quotes(std::string_view repr) {
  if (repr.size() < 2 || (repr.front() != '\'' && repr.front() != '"')) return repr;
  const bool is_plain = repr.back() == repr.front() && repr.find('\\') == std::string_view::npos;
  return is_plain ? repr.substr(1, repr.size() - 2) : repr;
}

namespace {

class Naming {
 public:
  explicit Naming(AssembledHeap& heap) : heap_(heap) {
    text_by_node_.extend(heap.node_count());
    for (std::size_t at = 0; at < heap.preview_nodes.size(); ++at) {
      text_by_node_[heap.preview_nodes[at]] = heap.preview_texts[at];
    }
    plain_by_text_.extend(heap.strings.size());
    name_by_type_.extend(heap.type_rows.size());
  }

  StringIndex attribute(NodeIndex name) {
    const StringIndex text = text_by_node_[name];
    if (text == 0) return key(name);
    StringIndex& plain = plain_by_text_[text];
    if (plain == 0) {
      plain = heap_.strings.add(std::string(without_quotes(heap_.strings.view()[text])));
    }
    return plain;
  }

  StringIndex key(NodeIndex node) {
    if (const StringIndex text = text_by_node_[node]; text != 0) return text;
    const auto type = static_cast<std::uint32_t>(heap_.types[node]);
    StringIndex& name = name_by_type_[type];
    if (name == 0) {
      const std::string text(heap_.strings.view()[heap_.type_rows[type].name]);
      name = heap_.strings.add(text == "NoneType"   ? "None"
                               : text == "ellipsis" ? "..."
                                                    : '(' + text + ')');
    }
    return name;
  }

 private:
  AssembledHeap& heap_;
  GrowingArray<StringIndex> text_by_node_;
  GrowingArray<StringIndex> plain_by_text_;  ///< 0: not made yet
  GrowingArray<StringIndex> name_by_type_;   ///< 0: not made yet
};

bool is_named_by_text(EdgeKind kind) {
  return kind.meaning() == EdgeMeaning::kAttribute || kind.meaning() == EdgeMeaning::kVariable ||
         kind.meaning() == EdgeMeaning::kOther;
}

}  // namespace

void name_edges(CollectedHeap& collected, AssembledHeap& heap) {
  Naming naming(heap);
  for (std::size_t edge = 0; edge < collected.labels.size(); ++edge) {
    const std::uint8_t byte = collected.kinds[edge];
    const auto label_kind = static_cast<LabelKind>((byte & kLabelMask) >> kLabelShift);
    const auto kind = EdgeKind::from_byte(static_cast<std::uint8_t>(byte & ~kLabelMask));
    collected.kinds[edge] = kind.byte();
    std::uint32_t& label = collected.labels[edge];
    std::uint32_t index = 0;
    if (label_kind == LabelKind::kNode) {
      label = is_named_by_text(kind) ? naming.attribute(label) : naming.key(label);
    } else if (label_kind == LabelKind::kName) {
      label = collected.names[label];
    } else {
      index = label_kind == LabelKind::kIndex ? label : 0;
      label = 0;
    }
    heap.indexes.push_back(index);
  }
  heap.kinds = std::move(collected.kinds);
  heap.names = std::move(collected.labels);
}

}  // namespace ouro::python::heap
