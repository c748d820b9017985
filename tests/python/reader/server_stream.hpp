// A small heap with one of everything, as a stream:
//
//   module __main__ --.__dict__--> dict --['_CONNECTIONS']--> list --[0]--> Connection --.sock-->
//   int 7 thread 1 (MainThread), frame handle server.py:41, local conn --> Connection module
//   threading --.__dict__--> dict --['_active']--> dict --[4711]--> Thread --._name--> str
#pragma once

#include "support/stream_builder.hpp"

namespace ouro::test {

struct ServerStream {
  StreamBuilder stream;
  std::uint32_t module_type, dict, list, connection_type, int_type, str_type, code_type,
      thread_type;
  std::uint32_t connections, connection, seven, code;
};

inline ServerStream server_stream() {
  using graph::EdgeMeaning;
  using graph::RootKind;
  using stream::LabelKind;
  using stream::RootWhat;
  ServerStream server;
  StreamBuilder& to = server.stream;
  const std::uint32_t namespace_name = to.name("__dict__");
  server.module_type = to.add_class("builtins", "module");
  server.dict = to.add_class("builtins", "dict");
  server.list = to.add_class("builtins", "list");
  server.connection_type = to.add_class("__main__", "Connection");
  server.int_type = to.add_class("builtins", "int");
  server.str_type = to.add_class("builtins", "str");
  server.code_type = to.add_class("builtins", "code");
  server.thread_type = to.add_class("threading", "Thread");
  const auto str = [&](std::string_view text) {
    const std::uint32_t number =
        to.add({.type = server.str_type, .flags = 0, .more = stream::NodeRecord::kInterned});
    to.str(number, text);
    return number;
  };
  const std::uint32_t connections_name = str("_CONNECTIONS");
  const std::uint32_t sock_name = str("sock");
  const std::uint32_t conn_name = str("conn");
  const std::uint32_t active_name = str("_active");
  const std::uint32_t name_name = str("_name");
  const std::uint32_t main_thread = str("MainThread");
  server.seven =
      to.add({.type = server.int_type, .count = 1000, .flags = graph::NodeFlags::kImmortal});
  to.integer(server.seven, 7);
  const std::uint32_t ident = to.add({.type = server.int_type, .flags = 0});
  to.integer(ident, 4711);
  server.code = to.add({.type = server.code_type, .flags = 0});
  to.text(server.code, stream::TextKind::kCode,
          std::string_view("Handler.handle\0/srv/server.py\0"
                           "38",
                           32));
  server.connection = to.add({.type = server.connection_type, .count = 4});
  to.edge(server.connection_type, EdgeMeaning::kType);
  to.edge(server.seven, EdgeMeaning::kAttribute, LabelKind::kNode, sock_name);
  server.connections = to.add({.type = server.list, .size_bytes = 1ull << 33});
  to.edge(server.connection, EdgeMeaning::kItem, LabelKind::kIndex, 0);
  const auto module = [&](std::string_view name, std::uint32_t key, std::uint32_t value) {
    const std::uint32_t dict = to.add({.type = server.dict});
    to.edge(key, graph::EdgeKind(EdgeMeaning::kKey, graph::EdgeKind::kNotTraversed));
    to.edge(value, EdgeMeaning::kValue, LabelKind::kNode, key);
    const std::uint32_t number = to.add({.type = server.module_type});
    to.edge(dict, EdgeMeaning::kAttribute, LabelKind::kName, namespace_name);
    to.text(number, stream::TextKind::kModule, name);
    to.root(number, RootKind::kGlobal, RootWhat::kModule, name, 1);
  };
  const std::uint32_t thread = to.add({.type = server.thread_type});
  to.edge(main_thread, EdgeMeaning::kAttribute, LabelKind::kNode, name_name);
  const std::uint32_t active = to.add({.type = server.dict});
  to.edge(thread, EdgeMeaning::kValue, LabelKind::kNode, ident);
  module("threading", active_name, active);
  module("__main__", connections_name, server.connections);
  to.thread(0, 4711);
  to.frame(0, 0, server.code, 41);
  to.root(server.connection, RootKind::kLocal, RootWhat::kLocal, "", 1, 0, 0, conn_name);
  return server;
}

}  // namespace ouro::test
