// The walk: breadth first over objects in the order of their discovery.
//
//   number every object of the collector's lists            numbers 0 ... tracked
//   for i = 0, 1, ... while there is an object i:
//     write type, count, size, flags of object i
//     for each reference of i: number its target if it has no number; write the edge
//     (when the numbers run out the first time: the frames, the interpreter's roots)
//
// An object's record is final when it was looked at, and is written and forgotten: what the walk
// keeps is the queue of addresses and the map from address to number.
//
// Edges of one object: first tp_traverse produces them all as kOther, then whoever knows the
// object's layout labels them, in the order tp_traverse visits. So the owned and traversed edges
// are those of CPython exactly, whatever a layout table says.
#pragma once

#include <cstdint>

#include "graph/edge_kind.hpp"
#include "graph/root.hpp"
#include "python/stream/records.hpp"
#include "python/walker/object.hpp"
#include "python/walker/object_numbers.hpp"
#include "python/walker/stream_writer.hpp"
#include "python/walker/type_info.hpp"

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

class HeapWalk {
 public:
  HeapWalk(StreamWriter& writer, bool in_place) : writer_(writer), in_place_(in_place) {}

  /// Lists, walks, writes all but Hello and End. Once.
  void run();
  /// Numbers what the free-threaded collector's visitor shows, instead of the lists.
  void discover_tracked(Object* object) { number_of(object); }

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
  std::uint32_t emit_thread(std::uint32_t interpreter, std::uint64_t ident,
                            std::uint64_t native_id);
  void emit_frame(std::uint32_t thread, std::uint32_t depth, const Object* code,
                  std::uint32_t line);

 private:
  void walk_from(std::uint32_t first);
  void walk_object(std::uint32_t number);

  StreamWriter& writer_;
  bool in_place_;
  ObjectNumbers numbers_;
  TypeInfos types_;
};

}  // namespace ouro::python::walker
