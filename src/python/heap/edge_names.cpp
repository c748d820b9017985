#include "python/heap/edge_names.hpp"

#include <string>
#include <utility>

namespace ouro::python::heap {

using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::NodeIndex;
using graph::StringIndex;
using stream::EdgeColumns;
using stream::LabelKind;

namespace {

class EdgeNaming {
 public:
  EdgeNaming(NameTexts& texts, AssembledHeap& heap) : texts_(texts), heap_(heap) {
    name_by_type_.extend(heap.type_rows.size());
  }

  StringIndex attribute(NodeIndex name) {
    const StringIndex text = texts_.plain(name);
    return text != 0 ? text : type_of(name);
  }
  StringIndex key(NodeIndex node) {
    const StringIndex text = texts_.literal(node);
    return text != 0 ? text : type_of(node);
  }

 private:
  StringIndex type_of(NodeIndex node) {
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

  NameTexts& texts_;
  AssembledHeap& heap_;
  GrowingArray<StringIndex> name_by_type_;  ///< 0: not made yet
};

bool is_named_by_text(EdgeKind kind) {
  return kind.meaning() == EdgeMeaning::kAttribute || kind.meaning() == EdgeMeaning::kVariable ||
         kind.meaning() == EdgeMeaning::kOther;
}

}  // namespace

void name_edges(CollectedHeap& collected, NameTexts& texts, AssembledHeap& heap) {
  EdgeNaming naming(texts, heap);
  for (std::size_t edge = 0; edge < collected.labels.size(); ++edge) {
    const std::uint8_t byte = collected.kinds[edge];
    const auto label_kind =
        static_cast<LabelKind>((byte & EdgeColumns::kLabelMask) >> EdgeColumns::kLabelShift);
    const auto kind =
        EdgeKind::from_byte(static_cast<std::uint8_t>(byte & ~EdgeColumns::kLabelMask));
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
