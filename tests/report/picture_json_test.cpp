// Pictures of references as JSON.
#include "report/picture_json.hpp"

#include <gtest/gtest.h>

#include "report/picture_support.hpp"

namespace {

using namespace ouro;
using namespace ouro::report;
using test::graph_of;
using test::NamedGraph;
using test::picture_of;

TEST(PictureJson, HasTheDocumentedFields) {
  const NamedGraph heap = graph_of(test::dungeon_text(98));
  const ObjectNames names(heap.graph);
  EXPECT_EQ(picture_json(picture_of(heap.graph, {heap["d"]}), names), Json::parse(R"({
    "direction": "refs",
    "nodes": [
      {"id": 0, "name": "Dungeon#1", "objects": 1, "address": "0x10000", "type": "Dungeon",
       "size_bytes": 40, "count": 99, "immortal": false, "start": true, "in_cycle": true,
       "depth": 0, "roots": {"text": "d", "count": 1, "left_out": 0}, "left_out": 0,
       "partial": false},
      {"id": 1, "name": "Monster", "objects": 98, "address": "0x10020", "type": "Monster",
       "size_bytes": 3136, "count": 1, "immortal": false, "start": false, "in_cycle": true,
       "depth": 1, "left_out": 0, "partial": false}],
    "edges": [
      {"from": 0, "to": 1, "label": ".monsters[0..97]", "references": 98, "weak": false,
       "in_cycle": true},
      {"from": 1, "to": 0, "label": ".dungeon", "references": 98, "weak": false,
       "in_cycle": true}],
    "left_out_starts": 0,
    "hidden_edges": 0})"));
}

TEST(PictureJson, HostileTextsAreJson) {
  const graph::HeapGraph heap = test::hostile_heap();
  const std::string text = picture_json(picture_of(heap, {0}), ObjectNames(heap)).dump();
  EXPECT_EQ(Json::parse(text).at("nodes").size(), 2u);
}

}  // namespace
