#include "capture/heap_capture.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ouro/detail/edge_visitor.hpp>
#include <ouro/detail/weak_reference.hpp>
#include <ouro/version.hpp>
#include "capture/named_roots.hpp"
#include "capture/static_storage.hpp"
#include "graph/graph_builder.hpp"

namespace ouro::capture {

namespace {

using detail::ObjectHeader;
using detail::Page;
using graph::EdgeKind;
using graph::EdgeMeaning;
using graph::GraphBuilder;
using graph::kNoNode;
using graph::NodeFlags;
using graph::NodeIndex;
using graph::RootKind;

/// Which node an object is: by page, then by slot.
class NodeNumbers {
 public:
  void add(const Page& page, const ObjectHeader* header, NodeIndex node) {
    std::vector<NodeIndex>& slots = nodes_by_page_[&page];
    if (slots.empty()) slots.assign(page.slot_count, kNoNode);
    slots[slot_of(page, header)] = node;
  }

  /// kNoNode for whatever is not the start of an object of the heap.
  NodeIndex find(const void* object) const {
    if (!detail::region.contains(object)) return kNoNode;
    const Page& page = detail::region.page_of(object);
    const auto found = nodes_by_page_.find(&page);
    if (found == nodes_by_page_.end()) return kNoNode;
    const auto* const header = static_cast<const ObjectHeader*>(object) - 1;
    const std::uint32_t offset = page.offset_of(header);
    const bool is_slot = offset >= page.first_offset && offset < page.end_offset &&
                         (offset - page.first_offset) % page.slot_bytes == 0;
    return is_slot ? found->second[slot_of(page, header)] : kNoNode;
  }

 private:
  static std::size_t slot_of(const Page& page, const ObjectHeader* header) {
    return (page.offset_of(header) - page.first_offset) / page.slot_bytes;
  }

  std::unordered_map<const Page*, std::vector<NodeIndex>> nodes_by_page_;
};

/// A way to a reference, "monsters[3].dungeon", as an edge has it: "monsters[].dungeon" and 3. Of
/// several indexes the last becomes the number.
struct Label {
  explicit Label(const std::string& way) {
    const std::size_t open = way.rfind('[');
    const std::size_t close = open == std::string::npos ? open : way.find(']', open);
    const std::string_view text(way);
    if (close == std::string::npos || close == open + 1) {
      name = way;
      return;
    }
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    const bool is_number = std::ranges::all_of(
        inside, [](char digit) { return std::isdigit(static_cast<unsigned char>(digit)) != 0; });
    if (!is_number || inside.size() > 18) {
      name = way;
      return;
    }
    meaning = EdgeMeaning::kItem;
    index = std::stoull(std::string(inside));
    name.append(text.substr(0, open + 1)).append(text.substr(close));
  }

  EdgeMeaning meaning = EdgeMeaning::kAttribute;
  std::string name;
  std::uint64_t index = 0;
};

class Capture final : public detail::ObjectWalker, private detail::EdgeVisitor {
 public:
  graph::HeapGraph run(detail::HeapCore& heap) {
    detail::walk_heap(heap, *this);
    unexplained_.resize(objects_.size());
    for (NodeIndex node = 0; node < objects_.size(); ++node) {
      unexplained_[node] = header_of(node).is_immortal() ? 0 : header_of(node).count;
    }
    for (NodeIndex node = 0; node < objects_.size(); ++node) {
      source_ = node;
      const detail::TypeInfo& type = *detail::region.page_of(objects_[node]).type;
      if (type.visit_edges != nullptr) type.visit_edges(objects_[node], *this);
    }
    add_named_roots();
    add_static_roots();
    add_other_roots();
    add_facts();
    return std::move(builder_).build();
  }

  void object(const detail::WalkedObject& walked) override {
    const detail::TypeInfo& type = *walked.page->type;
    NodeFlags flags = walked.is_tracked ? NodeFlags::tracked(walked.generation) : NodeFlags();
    if (walked.is_frozen) flags = flags.with(NodeFlags::kFrozen);
    if (walked.header->is_immortal()) flags = flags.with(NodeFlags::kImmortal);
    if ((walked.header->bits & ObjectHeader::kFinalized) != 0) {
      flags = flags.with(NodeFlags::kFinalized);
    }
    void* const object = walked.header->object();
    const NodeIndex node = builder_.add_node({.address = reinterpret_cast<std::uint64_t>(object),
                                              .type = type_of(type),
                                              .size_bytes = type.slot_bytes,
                                              .reference_count = walked.header->count,
                                              .flags = flags});
    objects_.push_back(object);
    numbers_.add(*walked.page, walked.header, node);
  }

 private:
  void reference(detail::Reference& reference) override {
    add_edge(reference.object_, std::uint8_t{0});
  }
  void weak(detail::WeakReference& reference) override {
    add_edge(reference.target(), EdgeKind::kWeak);
  }

  void add_edge(const void* object, std::uint8_t properties) {
    if (object == nullptr) return;
    const NodeIndex target = numbers_.find(object);
    if (target == kNoNode) return;  // of another heap
    const Label label(this->label());
    builder_.add_edge(source_, target, EdgeKind(label.meaning, properties), label.name,
                      label.index);
    if (properties == 0) explain(target, 1);
  }

  ObjectHeader& header_of(NodeIndex node) { return *ObjectHeader::of(objects_[node]); }

  /// How many of the references were believed: no more than are unexplained.
  std::uint32_t explain(NodeIndex node, std::uint32_t references) {
    const std::uint32_t believed = std::min(unexplained_[node], references);
    unexplained_[node] -= believed;
    return believed;
  }

  graph::TypeIndex type_of(const detail::TypeInfo& type) {
    const auto [found, is_new] = type_by_info_.try_emplace(&type, 0);
    if (is_new) found->second = builder_.add_type("", type.name);
    return found->second;
  }

  /// A variable outside of the heap that holds several objects.
  NodeIndex add_variable(std::uint64_t address, std::uint64_t bytes, RootKind kind,
                         const std::string& name, const std::string& variable) {
    const NodeIndex node = builder_.add_node({.address = address,
                                              .type = builder_.add_type("", "variable"),
                                              .size_bytes = bytes,
                                              .reference_count = 1,
                                              .flags = NodeFlags()});
    builder_.set_preview(node, variable);
    builder_.add_root(node, kind, name, 1);
    return node;
  }

  void add_named_roots() {
    for_each_named_root([this](const ouro::detail::RootRegistration& root) {
      source_ = add_variable(reinterpret_cast<std::uint64_t>(root.address), root.bytes,
                             RootKind::kNamed, root.name, root.name);
      root.visit(*this);
    });
  }

  void add_static_roots() {
    const auto is_held = [this](const void* object) {
      const NodeIndex node = numbers_.find(object);
      return node != kNoNode && unexplained_[node] > 0;
    };
    std::unordered_map<std::uint64_t, NodeIndex> node_by_vector;
    for (const StaticReference& reference : find_static_references(is_held)) {
      const NodeIndex target = numbers_.find(reference.object);
      if (explain(target, 1) == 0) continue;  // an earlier word explained the last
      std::string name = "global variable " + reference.variable;
      if (reference.offset != 0) name += " +" + std::to_string(reference.offset);
      if (!reference.is_element) {
        builder_.add_root(target, RootKind::kGlobal, name, 1);
        continue;
      }
      const std::uint64_t vector = reference.variable_address + reference.offset;
      const auto [found, is_new] = node_by_vector.try_emplace(vector, kNoNode);
      if (is_new) {
        found->second = add_variable(vector, reference.variable_bytes, RootKind::kGlobal, name,
                                     reference.variable);
      }
      builder_.add_edge(found->second, target, EdgeMeaning::kItem, "", reference.index);
    }
  }

  void add_other_roots() {
    std::vector<std::uint32_t> on_stack(objects_.size(), 0);
    const auto is_held = [this](const void* object) {
      const NodeIndex node = numbers_.find(object);
      return node != kNoNode && unexplained_[node] > 0;
    };
    for (const void* object : find_stack_references(is_held)) ++on_stack[numbers_.find(object)];
    for (NodeIndex node = 0; node < objects_.size(); ++node) {
      const std::uint32_t locals = on_stack[node] == 0 ? 0 : explain(node, on_stack[node]);
      if (locals > 0) {
        builder_.add_root(node, RootKind::kLocal, "a local variable of the thread", locals);
      }
      if (unexplained_[node] > 0) {
        builder_.add_root(node, RootKind::kOutside, "a variable outside the heap",
                          unexplained_[node]);
      }
      if (header_of(node).is_immortal()) {
        builder_.add_root(node, RootKind::kImmortal, "immortal", 0);
      }
    }
  }

  void add_facts() {
    std::array<char, 32> time{};
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    std::array<char, 4096> program{};
    const ssize_t length = readlink("/proc/self/exe", program.data(), program.size());
    builder_.add_fact("writer", std::string("ouro ") + version());
    builder_.add_fact("runtime", "ouro");
    if (length > 0) {
      const std::string_view path(program.data(), static_cast<std::size_t>(length));
      builder_.add_fact("program", path.substr(path.rfind('/') + 1));
    }
    builder_.add_fact("pid", std::to_string(getpid()));
    builder_.add_fact("time", time.data());
  }

  GraphBuilder builder_;
  NodeNumbers numbers_;
  std::vector<void*> objects_;
  std::vector<std::uint32_t> unexplained_;
  std::unordered_map<const detail::TypeInfo*, graph::TypeIndex> type_by_info_;
  NodeIndex source_ = 0;
};

}  // namespace

graph::HeapGraph capture_heap(detail::HeapCore& heap) {
  return Capture().run(heap);
}

}  // namespace ouro::capture
