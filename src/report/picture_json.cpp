#include "report/picture_json.hpp"

namespace ouro::report {

namespace {

Json node_json(const PictureNode& node, std::size_t place, const ObjectNames& names) {
  Json json;
  json["id"] = place;
  json["name"] = node.name;
  json["objects"] = node.count;
  json["address"] = names.json(node.node)["address"];
  json["type"] = node.type;
  json["size_bytes"] = node.size_bytes;
  if (node.reference_count) json["count"] = *node.reference_count;
  if (!node.preview.empty()) json["preview"] = node.preview;
  json["immortal"] = node.is_immortal;
  json["start"] = node.is_start;
  json["in_cycle"] = node.is_in_cycle;
  json["depth"] = node.depth;
  if (node.roots.count > 0) {
    json["roots"] = {
        {"text", node.roots.text}, {"count", node.roots.count}, {"left_out", node.roots.left_out}};
  }
  json["left_out"] = node.left_out;
  json["partial"] = node.is_partial;
  return json;
}

Json edge_json(const PictureEdge& edge) {
  return {{"from", edge.from},        {"to", edge.to},        {"label", edge.label},
          {"references", edge.count}, {"weak", edge.is_weak}, {"in_cycle", edge.is_in_cycle}};
}

}  // namespace

Json picture_json(const ReferencePicture& picture, const ObjectNames& names) {
  Json json;
  json["direction"] = picture.direction == Direction::kRefs ? "refs" : "backrefs";
  json["nodes"] = Json::array();
  for (std::size_t place = 0; place < picture.nodes.size(); ++place) {
    json["nodes"].push_back(node_json(picture.nodes[place], place, names));
  }
  json["edges"] = Json::array();
  for (const PictureEdge& edge : picture.edges) json["edges"].push_back(edge_json(edge));
  json["left_out_starts"] = picture.left_out_starts;
  json["hidden_edges"] = picture.hidden_edges;
  return json;
}

}  // namespace ouro::report
