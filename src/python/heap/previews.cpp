#include "python/heap/previews.hpp"

#include <bit>
#include <charconv>
#include <cstring>

#include "python/heap/python_repr.hpp"

namespace ouro::python::heap {

namespace {

using stream::TextEntry;
using stream::TextKind;

/// Behind the closing quote, where no text of the object's own can stand.
constexpr std::string_view kEllipsis = "\u2026";

std::string with_ellipsis(std::string text, const TextEntry& entry) {
  if ((entry.flags & TextEntry::kCut) != 0) text += kEllipsis;
  return text;
}

std::optional<double> double_at(std::string_view bytes, std::size_t offset) {
  if (bytes.size() < offset + sizeof(double)) return std::nullopt;
  double value;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;
}

std::optional<std::string> int_preview(const TextEntry& entry, std::string_view bytes) {
  if (bytes.empty() || bytes.size() > 1 + stream::kMostBytesOfInt) return std::nullopt;
  const bool is_negative = bytes.front() != 0;
  bytes.remove_prefix(1);
  if ((entry.flags & TextEntry::kCut) != 0) {
    const std::string power = std::to_string(entry.length == 0 ? 0 : entry.length - 1);
    return (is_negative ? "about -2**" : "about 2**") + power;
  }
  return repr_of_int(is_negative,
                     {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::optional<std::string> complex_preview(std::string_view bytes) {
  const auto real = double_at(bytes, 0);
  const auto imaginary = double_at(bytes, sizeof(double));
  if (!real || !imaginary) return std::nullopt;
  return repr_of_complex(*real, *imaginary);
}

/// Suspended is what most are, and needs no word.
std::string_view state_preview(char state) {
  switch (state) {
    case stream::FrameState::kCreated:
      return ", not begun";
    case stream::FrameState::kRunning:
      return ", running";
    case stream::FrameState::kFinished:
      return ", finished";
    default:
      return "";
  }
}

}  // namespace

std::string place_in_source(std::string_view file, std::uint32_t line) {
  const std::size_t slash = file.rfind('/');
  std::string place(slash == std::string_view::npos ? file : file.substr(slash + 1));
  if (line != 0) place += ':' + std::to_string(line);
  return place;
}

std::optional<CodeText> code_text_of(std::string_view bytes) {
  const std::size_t file = bytes.find('\0');
  if (file == std::string_view::npos) return std::nullopt;
  const std::size_t line = bytes.find('\0', file + 1);
  if (line == std::string_view::npos) return std::nullopt;
  CodeText text{bytes.substr(0, file), bytes.substr(file + 1, line - file - 1), 0};
  std::from_chars(bytes.data() + line + 1, bytes.data() + bytes.size(), text.first_line);
  return text;
}

std::optional<FrameText> frame_text_of(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[bytes.size() - 2] != '\0') return std::nullopt;
  const auto code = code_text_of(bytes.substr(0, bytes.size() - 2));
  if (!code) return std::nullopt;
  return FrameText{*code, bytes.back()};
}

std::optional<std::string> preview_of(const TextEntry& entry, std::string_view bytes) {
  switch (static_cast<TextKind>(entry.what)) {
    case TextKind::kStr:
      return with_ellipsis(repr_of_str(bytes), entry);
    case TextKind::kBytes:
      return with_ellipsis(repr_of_bytes(bytes), entry);
    case TextKind::kInt:
      return int_preview(entry, bytes);
    case TextKind::kFloat:
      if (const auto value = double_at(bytes, 0)) return repr_of_float(*value);
      return std::nullopt;
    case TextKind::kComplex:
      return complex_preview(bytes);
    case TextKind::kBool:
      if (bytes.empty()) return std::nullopt;
      return bytes.front() != 0 ? "True" : "False";
    case TextKind::kCode:
      if (const auto code = code_text_of(bytes)) {
        return std::string(code->name) + ' ' + place_in_source(code->file, code->first_line);
      }
      return std::nullopt;
    case TextKind::kFrame:
      if (const auto frame = frame_text_of(bytes)) {
        return std::string(frame->code.name) + ' ' +
               place_in_source(frame->code.file, frame->code.first_line) +
               std::string(state_preview(frame->state));
      }
      return std::nullopt;
    case TextKind::kFunction:
    case TextKind::kClass:
    case TextKind::kModule:
    case TextKind::kOther:
      return with_ellipsis(std::string(bytes), entry);
  }
  return std::nullopt;
}

bool shows_value(const TextEntry& entry) {
  switch (static_cast<TextKind>(entry.what)) {
    case TextKind::kBool:
    case TextKind::kCode:
    case TextKind::kFrame:
    case TextKind::kFunction:
    case TextKind::kClass:
    case TextKind::kModule:
      return false;
    default:
      return true;
  }
}

}  // namespace ouro::python::heap
