// What an object shows of itself, as a person reads it: from an entry of a Texts record.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "python/stream/records.hpp"

namespace ouro::python::heap {

/// 'alice', 42, about 2**4096, 3.5, handle, server.Connection. Nothing where the bytes are not what
/// the kind says.
std::optional<std::string> preview_of(const stream::TextEntry& entry, std::string_view bytes);

/// Whether it is of what the program works on, not of the program itself.
bool shows_value(const stream::TextEntry& entry);

/// "/srv/app/server.py" and 41 as "server.py:41".
std::string place_in_source(std::string_view file, std::uint32_t line);

/// What a code object says of itself.
struct CodeText {
  std::string_view name;
  std::string_view file;
  std::uint32_t first_line = 0;
};
std::optional<CodeText> code_text_of(std::string_view bytes);

/// What a frame, generator or coroutine says of itself.
struct FrameText {
  CodeText code;   ///< `first_line` is the line it is at
  char state = 0;  ///< stream::FrameState
};
std::optional<FrameText> frame_text_of(std::string_view bytes);

}  // namespace ouro::python::heap
