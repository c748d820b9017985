// The walk: breadth first over objects in the order of their discovery.
//
//   number every object of the collector's lists            numbers 0 ... tracked
//   for i = 0, 1, ... while there is an object i:
//     write type, count, size, flags of object i
//     for each reference of i: number its target if it has no number; write the edge
//     (when the numbers run out the first time: the interpreter's roots and the frames)
//
// An object's record is final when it was looked at, and is written and forgotten: what the walk
// keeps is the queue of addresses and the map from address to number.
//
// Edges of one object: first tp_traverse produces them all as kOther, then whoever knows the
// object's layout labels them, in the order tp_traverse visits. So the owned and traversed edges
// are those of CPython exactly, whatever a layout table says.
#pragma once

#include <cstdint>
#include <span>

#include "graph/edge_kind.hpp"
#include "graph/root.hpp"
#include "python/stream/records.hpp"
#include "python/walker/object.hpp"
#include "python/walker/object_numbers.hpp"
#include "python/walker/stream_writer.hpp"
#include "python/walker/type_info.hpp"
#include "python/walker/type_totals.hpp"

namespace ouro::python::walker {

using graph::EdgeKind;
using graph::EdgeMeaning;
using stream::LabelKind;

/// Traversed by the collector; owned but skipped by it; neither counted nor keeping alive.
inline constexpr EdgeKind owned(EdgeMeaning meaning) {
  return EdgeKind(meaning);
}
inline constexpr EdgeKind not_traversed(EdgeMeaning meaning) {
  return EdgeKind(meaning, EdgeKind::kNotTraversed);
}
inline constexpr EdgeKind weak(EdgeMeaning meaning) {
  return EdgeKind(meaning, EdgeKind::kWeak);
}

/// What an edge is called.
struct Label {
  LabelKind kind = LabelKind::kNone;
  std::uint32_t value = 0;
};

/// What a walk says.
enum class Says {
  kAll,
  /// How many objects there are of each class, and their bytes. The same objects are found by the
  /// same steps; nothing is kept of their edges, texts, counts and roots.
  kTotals,
};

class HeapWalk {
 public:
  explicit HeapWalk(StreamWriter& writer, Says says = Says::kAll)
      : writer_(writer), says_totals_(says == Says::kTotals) {
    if (says_totals_) writer_.leave_out_nodes();
  }
  HeapWalk(const HeapWalk&) = delete;
  HeapWalk& operator=(const HeapWalk&) = delete;

  /// First of all. False where there is no memory.
  bool open() { return writer_.open() && numbers_.open(); }
  /// Numbers what the collector tracks.
  void list();
  /// What the free-threaded collector's visitor shows, instead of list(), which then counts.
  void discover_tracked(Object* object) { number_of(object); }
  /// Walks and writes all but Hello, Totals and End.
  void run();
  const TypeTotals& totals() const { return totals_; }
  /// Numbers below the first are of generation 0, below the second of generation 1, ...
  const std::uint32_t* generation_ends() const { return generation_ends_; }
  std::uint64_t memory_bytes() const;
  /// Classes that were made in C and are never freed, of the objects walked so far.
  std::span<const std::uint32_t> static_types() const {
    return {static_types_.data(), static_type_count_};
  }
  std::uint32_t object_count() const { return numbers_.count(); }
  std::uint32_t interpreter_count() const { return interpreter_count_; }

  /// The walk ends, and a Failure record says why.
  void fail(const char* sentence) {
    if (failure_ == nullptr) failure_ = sentence;
  }
  const char* failure() const { return failure_; }

  // ---- objects

  /// The object's number; it gets one, and will be walked, if it has none. Never of null.
  std::uint32_t number_of(const Object* object) { return numbers_.number_of(address_of(object)); }
  /// Its number, or kNoNode where nothing has led to it yet.
  std::uint32_t find_number(const Object* object) const {
    return numbers_.find(address_of(object));
  }
  Object* object_of(std::uint32_t number) const { return object_at(numbers_.address_at(number)); }

  // ---- labels

  Label index(std::int64_t place) const {
    return {LabelKind::kIndex, static_cast<std::uint32_t>(place)};
  }
  /// `name` is a str, or the key of a mapping.
  Label named_by(const Object* name) { return {LabelKind::kNode, number_of(name)}; }
  /// A name that is no Python string. `name` must live as long as the walk: a literal.
  Label named(const char* name) { return {LabelKind::kName, writer_.name_number(name)}; }

  // ---- edges of the object being walked

  /// Adds an edge that tp_traverse did not produce. Of null it adds nothing.
  void add_edge(const Object* target, EdgeKind kind, Label label = {}) {
    if (target != nullptr) writer_.add_edge(number_of(target), kind, label.kind, label.value);
  }
  /// Gives the next edge to `target` that has no label yet its kind and label: the next after the
  /// one labelled last, else from the first on. False where tp_traverse produced no such edge.
  bool label(const Object* target, EdgeKind kind, Label label = {});

  // ---- what is no object

  StreamWriter& writer() { return writer_; }
  /// Roots: fill a stream::Root (node by number_of) and a text.
  void emit_root(const stream::Root& root, const char* text);
  /// Greenlets, of the objects walked so far.
  std::span<const std::uint32_t> greenlets() const { return {greenlets_.data(), greenlet_count_}; }
  std::uint32_t emit_thread(std::uint32_t interpreter, std::uint64_t ident,
                            std::uint64_t native_id);
  void emit_frame(std::uint32_t thread, std::uint32_t depth, const Object* code,
                  std::uint32_t line);

 private:
  void walk_from(std::uint32_t first);
  void walk_object(std::uint32_t number);
  void write_node(std::uint32_t number, Object* object, const TypeInfo& info, bool is_collectable);
  std::uint8_t flags_of(std::uint32_t number, const Object* object, const TypeInfo& info,
                        bool is_collectable) const;

  void walk_edges(Object* object, const TypeInfo& info, bool is_collectable);
  void walk_list(const Object* list);
  void walk_tuple(const Object* tuple);
  void walk_set(const Object* set);
  void walk_dict(const Object* dict);
  void label_class(const TypeInfo& info);
  void label_fields(Object* object, const TypeInfo& info);
  void label_dict_behind_items(Object* object, const TypeInfo& info);
  void label_managed_dict(Object* object, const TypeInfo& info);
  void label_containers(Object* object, const TypeInfo& info);
  void label_dict(const Object* dict, const TypeInfo& info);
  void label_items_in_order();
  void label_type(Object* type, const TypeInfo& metaclass);
  void add_static_type_states(Object* type);
  void add_cache_entries(const Object* cache);
  void add_exit_functions(const Object* module);
  void add_closure_names(const Object* function);
  void add_code_edges(const Object* code);

  StreamWriter& writer_;
  bool says_totals_;
  ObjectNumbers numbers_;
  TypeInfos types_;
  TypeTotals totals_;
  std::uint32_t generation_ends_[4] = {};
  std::uint32_t interpreter_count_ = 0;
  std::uint32_t thread_count_ = 0;
  GrowingArray<std::uint32_t> static_types_;
  std::uint32_t static_type_count_ = 0;
  GrowingArray<std::uint32_t> greenlets_;
  std::uint32_t greenlet_count_ = 0;
  std::uint64_t next_to_label_ = 0;  ///< of the object's edges: where label() begins to search
  std::uint32_t misses_ = 0;         ///< of label() at this object
  const char* failure_ = nullptr;
};

}  // namespace ouro::python::walker
