#include "text/edge_list.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "text/number_scan.hpp"
#include "text/plain_graph_builder.hpp"
#include "text/quote.hpp"

namespace ouro::text {
namespace {

enum class Class : std::uint8_t { kName, kBlank, kComma, kLineEnd, kZero };

constexpr std::array<Class, 256> kClassByByte = [] {
  std::array<Class, 256> classes{};
  classes[' '] = classes['\t'] = classes['\r'] = Class::kBlank;
  classes[','] = Class::kComma;
  classes['\n'] = Class::kLineEnd;
  classes['\0'] = Class::kZero;
  return classes;
}();

Class class_of(char byte) {
  return kClassByByte[static_cast<unsigned char>(byte)];
}

// Lines that wait for their names to come from memory.
class PendingLines {
 public:
  static constexpr std::size_t kMostLines = 256;

  bool is_full() const { return count_ == kMostLines; }
  void add_edge(const PendingName& from, const PendingName& to) {
    lines_[count_++] = {from, to, true};
  }
  void add_node(const PendingName& node) { lines_[count_++] = {node, {}, false}; }

  void flush_to(PlainGraphBuilder& builder) {
    for (std::size_t at = 0; at < count_; ++at) {
      builder.names().prefetch_record(lines_[at].from);
      if (lines_[at].is_edge) builder.names().prefetch_record(lines_[at].to);
    }
    for (std::size_t at = 0; at < count_; ++at) {
      const NodeIndex from = builder.names().add(lines_[at].from);
      if (lines_[at].is_edge) builder.add_edge(from, builder.names().add(lines_[at].to));
    }
    count_ = 0;
  }

 private:
  struct Line {
    PendingName from;
    PendingName to;
    bool is_edge;
  };
  std::array<Line, kMostLines> lines_;
  std::size_t count_ = 0;
};

class EdgeListReader {
 public:
  EdgeListReader(Input& input, Progress* progress) : input_(input), progress_(progress) {}

  Result<PlainGraph> read() {
    if (progress_ != nullptr) progress_->begin("reading", input_.total_bytes());
    for (;;) {
      const Result<std::string_view> block = input_.next();
      if (!block) return block.error();
      if (block->empty()) break;
      if (const std::optional<Error> error = read_block(*block)) return *error;
      if (progress_ != nullptr) progress_->advance(input_.bytes_done());
    }
    if (const std::optional<Error> error = read_carried("\n")) return *error;
    return std::move(builder_).build(progress_);
  }

 private:
  // A line that no text has: without a limit, a file without line ends would fill the memory.
  static constexpr std::size_t kMostLineBytes = std::size_t{16} << 20;
  // What a block and the line carried into it can add at most.
  static constexpr std::uint64_t kMostBytesAtOnce = ByteSource::kBlockBytes + kMostLineBytes;

  // Lines are read where they lie, except the one that goes on in the next block: its beginning is
  // carried over.
  std::optional<Error> read_block(std::string_view block) {
    if (!builder_.names().has_room_for(kMostBytesAtOnce) ||
        builder_.edge_count() > kMostEdges - kMostBytesAtOnce) {
      return error(
          "more does not fit: a graph has at most some 4,270 million nodes and as many "
          "edges, and names of 16 GiB");
    }
    if (!carried_.empty()) {
      const std::size_t end = block.find('\n');
      if (end == std::string_view::npos) return carry(block);
      if (const std::optional<Error> error = read_carried(block.substr(0, end + 1))) return error;
      block.remove_prefix(end + 1);
    }
    const std::size_t end = block.rfind('\n') + 1;  // 0 where there is none
    if (const std::optional<Error> error = read_lines(block.substr(0, end))) return error;
    return carry(block.substr(end));
  }

  std::optional<Error> carry(std::string_view part) {
    carried_ += part;
    if (carried_.size() <= kMostLineBytes) return std::nullopt;
    ++line_;
    return error("expected lines, found one longer than 16 MiB; is this a text file?");
  }

  std::optional<Error> read_carried(std::string_view end) {
    std::string line = std::exchange(carried_, {});
    line += end;
    const std::size_t size = line.size();
    line.append(ByteSource::kPaddingBytes, '\0');
    return read_lines(std::string_view(line).substr(0, size));
  }

  // Precondition: empty, or a line feed is the last byte.
  std::optional<Error> read_lines(std::string_view lines) {
    if (line_ == 0 && lines.starts_with("\xEF\xBB\xBF")) lines.remove_prefix(3);
    const char* at = lines.data();
    const char* const end = at + lines.size();
    while (at != end) {
      ++line_;
      if (pending_.is_full()) pending_.flush_to(builder_);
      if (read_number_line(at)) continue;
      if (std::optional<Error> error = read_any_line(at)) return error;
    }
    pending_.flush_to(builder_);  // while its texts are there
    return std::nullopt;
  }

  // Moves behind the line if it is two plain numbers with one separator.
  bool read_number_line(const char*& at) {
    const ScannedNumber from = scan_number(at);
    if (from.digits == 0) return false;
    const char* separator = at + from.digits;
    if (*separator != ' ' && *separator != '\t' && *separator != ',') return false;
    const ScannedNumber to = scan_number(separator + 1);
    if (to.digits == 0) return false;
    const char* end = separator + 1 + to.digits;
    if (*end == '\r') ++end;
    if (*end != '\n') return false;
    if (from.value >= NodeNames::kNoNumber || to.value >= NodeNames::kNoNumber) return false;
    const NodeNames& names = builder_.names();
    pending_.add_edge(names.prefetch_number(static_cast<std::uint32_t>(from.value)),
                      names.prefetch_number(static_cast<std::uint32_t>(to.value)));
    at = end + 1;
    return true;
  }

  // Moves behind the line.
  std::optional<Error> read_any_line(const char*& at) {
    const char* const line = at;
    std::string_view names[2];
    std::size_t name_count = 0;
    bool is_behind_comma = false;
    for (;; ++at) {
      switch (class_of(*at)) {
        case Class::kBlank:
          break;
        case Class::kZero:
          return zero_byte_error();
        case Class::kComma:
          // One comma, between two names.
          if (is_behind_comma || name_count != 1) {
            return unexpected_comma_error(line, at, name_count);
          }
          is_behind_comma = true;
          break;
        case Class::kName:
          if (*at == '#') {
            at = skip_to_line_end(at) - 1;
            break;
          }
          if (name_count == 2) return too_many_names_error(line);
          names[name_count++] = take_name(at);
          is_behind_comma = false;
          --at;
          break;
        case Class::kLineEnd:
          if (is_behind_comma) return comma_error(line);
          add(names, name_count);
          ++at;
          return std::nullopt;
      }
    }
  }

  void add(const std::string_view (&names)[2], std::size_t name_count) {
    const NodeNames& known = builder_.names();
    if (name_count == 1) pending_.add_node(known.prefetch(names[0]));
    if (name_count == 2) pending_.add_edge(known.prefetch(names[0]), known.prefetch(names[1]));
  }

  static std::string_view take_name(const char*& at) {
    const char* const begin = at;
    while (class_of(*at) == Class::kName) ++at;
    return {begin, static_cast<std::size_t>(at - begin)};
  }

  static const char* skip_to_line_end(const char* at) {
    return static_cast<const char*>(rawmemchr(at, '\n'));
  }

  Error error(std::string message) const {
    return {ErrorCode::kCorrupt, input_.name() + ": line " + std::to_string(line_),
            std::move(message)};
  }
  static std::string quoted_line(const char* line) {
    const char* const end = skip_to_line_end(line);
    return quoted({line, static_cast<std::size_t>(end - line)});
  }
  Error too_many_names_error(const char* line) const {
    return error("expected one or two names, found more: " + quoted_line(line) +
                 "; an edge is `A B`, names hold no blanks (quotes do not help), and further "
                 "columns go by `awk '{print $1, $2}'`");
  }
  Error comma_error(const char* line) const {
    return error("expected a name on both sides of a comma: " + quoted_line(line) +
                 "; an edge is `A,B`, a node alone is `A`");
  }
  // `at` is a comma that cannot be: `A,B,C` has too many names, `A,B,` and `A,,B` miss one.
  Error unexpected_comma_error(const char* line, const char* at, std::size_t name_count) const {
    const char* next = at + 1;
    while (class_of(*next) == Class::kBlank) ++next;
    const bool is_name = class_of(*next) == Class::kName && *next != '#';
    return name_count == 2 && is_name ? too_many_names_error(line) : comma_error(line);
  }
  Error zero_byte_error() const {
    return error(
        "expected text in UTF-8, found a zero byte; is this a graph in text form? (UTF-16 goes by "
        "`iconv -f utf-16 -t utf-8`)");
  }

  Input& input_;
  Progress* progress_;
  PlainGraphBuilder builder_;
  PendingLines pending_;
  std::string carried_;
  std::uint64_t line_ = 0;
};

}  // namespace

Result<PlainGraph> read_edge_list(Input& input, Progress* progress) {
  return EdgeListReader(input, progress).read();
}

}  // namespace ouro::text
