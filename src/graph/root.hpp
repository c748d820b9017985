// Where a heap is held from: what stands outside of the graph and refers into it.
#pragma once

#include <cstdint>
#include <string_view>

#include "graph/indexes.hpp"

namespace ouro::graph {

enum class RootKind : std::uint8_t {
  kOutside = 0,   ///< counts that come from outside the heap: variables, other libraries, C code
  kLocal = 1,     ///< a local variable of a running function
  kGlobal = 2,    ///< a global variable, or a module of the program
  kStatic = 3,    ///< the interpreter's own: built-in types, caches, interned strings
  kImmortal = 4,  ///< never freed, whoever refers to it
  kNamed = 5,     ///< named by whoever made the graph or asks about it
};
inline constexpr std::uint8_t kRootKindCount = 6;

/// "outside", "local", ...: the words of --json and of docs/format.
std::string_view name_of(RootKind kind);

struct Root {
  NodeIndex node = kNoNode;
  RootKind kind = RootKind::kNamed;
  StringIndex name = 0;  ///< "thread 2, frame handle server.py:41, local conn"; may be empty
  std::uint32_t references = 0;  ///< how many counts of the node it holds; 0: not known
};

}  // namespace ouro::graph
