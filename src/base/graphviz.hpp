// Graphviz's program `dot`, run as a process of its own.
#pragma once

#include <string>
#include <string_view>

#include <ouro/base/result.hpp>

namespace ouro {

enum class Drawing {
  kDone,
  kNoGraphviz,  ///< there is no program `dot` to be found by PATH; nothing was written
};

/// Draws a DOT text in a format that `dot` knows ("svg", "png", ...) to the file. Blocks until it
/// is done. Needs no shell and no file but the result; takes nothing from standard input.
Result<Drawing> draw_dot(std::string_view dot_text, const std::string& format,
                         const std::string& path);

}  // namespace ouro
