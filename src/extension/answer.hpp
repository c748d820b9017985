// The answer to a question: as JSON, of which Python makes objects, and as the text that the
// command prints.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "report/json.hpp"

namespace ouro::extension {

struct Answer {
  std::string json;
  /// For a width in characters. Holds what it needs.
  std::function<std::string(std::size_t)> text;
};

inline std::string dumped(const report::Json& json) {
  // Bytes that are no UTF-8 may stand in previews: they become U+FFFD.
  return json.dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

}  // namespace ouro::extension
