// See proc_memory.hpp.
#include "base/proc_memory.hpp"

#include <charconv>
#include <limits>
#include <string>

namespace ouro::detail {

namespace {

constexpr std::uint64_t kBytesPerKilobyte = 1024;

// Takes the lines of a text one after the other; `offset` is that of the line last taken.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  // The next line without its end. The kernel ends every line, so one without an end was cut off.
  std::optional<std::string_view> next() {
    offset_ = next_;
    const std::size_t end = text_.find('\n', next_);
    if (end == std::string_view::npos) return std::nullopt;
    next_ = end + 1;
    return text_.substr(offset_, end - offset_);
  }

  std::size_t offset() const { return offset_; }
  bool at_end() const { return next_ == text_.size(); }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
  std::size_t offset_ = 0;
};

// Bytes from the kernel go into a message only as far as a person can read them.
std::string quoted(std::string_view bytes) {
  constexpr std::size_t kMaxLength = 40;
  std::string result = "\"";
  for (char byte : bytes.substr(0, kMaxLength)) {
    const bool is_printable = byte >= ' ' && byte <= '~';
    result += is_printable ? byte : '?';
  }
  result += bytes.size() > kMaxLength ? "...\"" : "\"";
  return result;
}

Error corrupt(std::string_view place, std::size_t offset, std::string_view expected,
              std::string_view found) {
  std::string message = "expected ";
  message += expected;
  message += " at offset " + std::to_string(offset) + ", found " + quoted(found);
  return Error{ErrorCode::kCorrupt, std::string(place), std::move(message)};
}

void skip_blanks(std::string_view& text) {
  const std::size_t blanks = text.find_first_not_of(" \t");
  text.remove_prefix(blanks == std::string_view::npos ? text.size() : blanks);
}

// Takes a number off the front of the text, blanks before it included, and scales it to bytes.
std::optional<std::uint64_t> take_bytes(std::string_view& text, std::uint64_t unit_bytes) {
  skip_blanks(text);
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count > std::numeric_limits<std::uint64_t>::max() / unit_bytes) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return count * unit_bytes;
}

// "   120 kB", all of it.
std::optional<std::uint64_t> parse_kilobytes(std::string_view text) {
  const std::optional<std::uint64_t> bytes = take_bytes(text, kBytesPerKilobyte);
  return text == " kB" ? bytes : std::nullopt;
}

// Splits "Key:value" lines; headers of mappings have no key and give "".
std::string_view take_key(std::string_view& line) {
  const std::size_t colon = line.find(':');
  // "5560d1ca7000-7ffd28b3a000 r-xp 00000000 08:01 42 Pss: 1 kB" is a mapping whose file has an odd
  // name.
  if (colon == std::string_view::npos || line.find(' ') < colon) return {};
  const std::string_view key = line.substr(0, colon);
  line.remove_prefix(colon + 1);
  return key;
}

std::uint64_t* smaps_field(std::string_view key, MemoryInfo& info) {
  if (key == "Private_Clean" || key == "Private_Dirty" || key == "Private_Hugetlb") {
    return &info.uss;
  }
  if (key == "Pss") return &info.pss;
  if (key == "Swap") return &info.swap;
  return nullptr;
}

}  // namespace

std::optional<Error> parse_statm(std::string_view text, std::string_view place,
                                 std::uint64_t page_bytes, MemoryInfo& info) {
  std::string_view rest = text;
  for (std::uint64_t* field : {&info.vms, &info.rss, &info.shared}) {
    const std::optional<std::uint64_t> bytes = take_bytes(rest, page_bytes);
    // A number at the very end may have lost digits.
    if (!bytes || rest.empty() || (rest.front() != ' ' && rest.front() != '\n')) {
      return corrupt(place, text.size() - rest.size(), "a number of pages", rest);
    }
    *field = *bytes;
  }
  return std::nullopt;
}

std::optional<Error> parse_status(std::string_view text, std::string_view place, MemoryInfo& info) {
  Lines lines(text);
  while (!lines.at_end()) {
    std::optional<std::string_view> line = lines.next();
    if (!line) return corrupt(place, lines.offset(), "a whole line", text.substr(lines.offset()));
    if (take_key(*line) != "VmHWM") continue;
    const std::optional<std::uint64_t> bytes = parse_kilobytes(*line);
    if (!bytes) return corrupt(place, lines.offset(), "VmHWM in kB", *line);
    info.peak_rss = *bytes;
  }
  return std::nullopt;
}

std::optional<Error> parse_smaps(std::string_view text, std::string_view place, MemoryInfo& info) {
  bool found_pss = text.empty();
  Lines lines(text);
  while (!lines.at_end()) {
    std::optional<std::string_view> line = lines.next();
    if (!line) return corrupt(place, lines.offset(), "a whole line", text.substr(lines.offset()));
    const std::string_view key = take_key(*line);
    std::uint64_t* field = smaps_field(key, info);
    if (field == nullptr) continue;
    const std::optional<std::uint64_t> bytes = parse_kilobytes(*line);
    if (!bytes || __builtin_add_overflow(*field, *bytes, field)) {
      return corrupt(place, lines.offset(), std::string(key) + " in kB", *line);
    }
    found_pss = found_pss || field == &info.pss;
  }
  if (!found_pss) return corrupt(place, text.size(), "a line with Pss", "");
  return std::nullopt;
}

bool is_zombie(std::string_view status) {
  Lines lines(status);
  while (std::optional<std::string_view> line = lines.next()) {
    if (take_key(*line) != "State") continue;
    skip_blanks(*line);
    return line->starts_with('Z') || line->starts_with('X');
  }
  return false;
}

}  // namespace ouro::detail
