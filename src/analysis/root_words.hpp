// The names of roots, shorter:
//
//   module app                                                   app
//   thread 1 (MainThread), frame serve server.py:54, local conn  serve server.py:54: conn
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ouro::analysis {

/// Of the root that is a local variable.
struct LocalVariable {
  std::string_view frame;  ///< "serve server.py:54"
  std::string_view name;   ///< "conn"
};
std::optional<LocalVariable> local_variable_of(std::string_view root);

/// Of the root that is a module: "app".
std::optional<std::string_view> module_of(std::string_view root);

/// Other names stay as they are.
std::string short_root_name(std::string_view root);

}  // namespace ouro::analysis
