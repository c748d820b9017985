// Heaps and pictures that the tests of pictures share.
#pragma once

#include <string>
#include <vector>

#include "report/reference_picture.hpp"
#include "support/graph_text.hpp"

namespace ouro::test {

inline report::ReferencePicture picture_of(const graph::HeapGraph& graph,
                                           const std::vector<graph::NodeIndex>& starts,
                                           const report::PictureOptions& options = {}) {
  const report::ObjectNames names(graph);
  const analysis::ReverseEdges reverse(graph, analysis::EdgeFilter::kAll);
  return report::picture_of_references(graph, names, &reverse, starts, options);
}

/// d -> m0 ... m(count - 1) -> d, and a root holds d.
inline std::string dungeon_text(int count) {
  std::string text = "d: Dungeon 40\n";
  for (int at = 0; at < count; ++at) {
    const std::string name = 'm' + std::to_string(at);
    text += name + ": Monster 32\nd -> " + name + " .monsters[" + std::to_string(at) + "]\n" +
            name + " -> d .dungeon\n";
  }
  return text + "root d\n";
}

/// A server whose list of connections grows; each has a handler that refers back, and a socket that
/// refers back weakly. Something else holds the third.
inline std::string server_text(int count) {
  std::string text = "s: Server 64\nl: list 80\ns -> l .connections\nroot s\n";
  for (int at = 0; at < count; ++at) {
    const std::string number = std::to_string(at);
    const std::string connection = 'c' + number;
    text +=
        connection + ": Connection 56\nh" + number + ": Handler 48\nk" + number + ": Socket 128\n";
    text += "l -> " + connection + " [" + number + "]\n";
    text += connection + " -> h" + number + " .handler\nh" + number + " -> " + connection +
            " .connection\n";
    text +=
        connection + " -> k" + number + " .socket\nk" + number + " ~> " + connection + " .owner\n";
  }
  return text + "s -> c2 .current\n";
}

/// One object whose every text is hostile to terminals, to DOT, to HTML and to JSON.
inline graph::HeapGraph hostile_heap() {
  using namespace std::string_literals;
  graph::GraphBuilder builder;
  const std::string bytes = "\"\\\n\r\t\0<b>&\x1b[31m\xff\xc3\x28\xef\xbf\xbf\x7f'{}|"s;
  const auto type = builder.add_type(bytes, bytes);
  const auto from = builder.add_node({.type = type, .size_bytes = 1});
  const auto to = builder.add_node({.type = type, .size_bytes = 1});
  builder.set_preview(from, bytes);
  builder.set_preview(to, std::string(100000, '\\'));
  builder.add_edge(from, to, graph::EdgeMeaning::kAttribute, bytes);
  builder.add_edge(to, from, graph::EdgeMeaning::kValue, bytes + "]--></b>");
  builder.add_root(from, graph::RootKind::kGlobal, bytes, 1);
  return std::move(builder).build();
}

}  // namespace ouro::test
