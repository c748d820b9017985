#include "analysis/query.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace ouro::analysis {

namespace {

using graph::EdgeIndex;
using graph::HeapGraph;
using graph::NodeFlags;
using graph::NodeIndex;
using graph::TypeIndex;

constexpr std::pair<std::string_view, QueryTerm::Kind> kNumbers[] = {
    {"size", QueryTerm::Kind::kSize},
    {"count", QueryTerm::Kind::kCount},
    {"generation", QueryTerm::Kind::kGeneration},
    {"refs", QueryTerm::Kind::kReferences},
};

constexpr std::pair<std::string_view, std::uint8_t> kFlags[] = {
    {"tracked", NodeFlags::kTracked},   {"frozen", NodeFlags::kFrozen},
    {"immortal", NodeFlags::kImmortal}, {"finalized", NodeFlags::kFinalized},
    {"class", NodeFlags::kIsType},
};

// The longer first: ">=" is not ">".
constexpr std::pair<std::string_view, Comparison> kComparisons[] = {
    {">=", Comparison::kGreaterOrEqual},
    {"<=", Comparison::kLessOrEqual},
    {"!=", Comparison::kNotEqual},
    {"==", Comparison::kEqual},
    {"=", Comparison::kEqual},
    {">", Comparison::kGreater},
    {"<", Comparison::kLess},
};

/// Words at blanks; a quoted text is one word, with its quotes.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (const char character : text) {
    if (quote == 0 && (character == ' ' || character == '\t')) {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
      continue;
    }
    word += character;
    if (quote != 0) {
      if (character == quote) quote = 0;
    } else if (word.size() == 1 && (character == '"' || character == '\'')) {
      quote = character;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::optional<std::uint64_t> number_of(std::string_view digits, int base) {
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
  return is_whole && !digits.empty() ? std::optional(number) : std::nullopt;
}

/// "" is 1, "KiB" and "KB" 1024, and so on to T.
std::optional<std::uint64_t> factor_of(std::string_view unit) {
  if (unit.empty() || unit == "B" || unit == "b") return 1;
  constexpr std::string_view kUnits = "KMGT";
  const char first = unit[0] >= 'a' ? static_cast<char>(unit[0] - 'a' + 'A') : unit[0];
  const std::size_t power = kUnits.find(first);
  const std::string_view after = unit.substr(1);
  const bool is_unit = power != std::string_view::npos &&
                       (after.empty() || after == "B" || after == "iB" || after == "b");
  return is_unit ? std::optional(std::uint64_t{1024} << (10 * power)) : std::nullopt;
}

/// "10", "10KiB", "1.5MiB", "2GB" (which is 2 GiB too); nothing from 2^64 on. Whole numbers are
/// exact, where a double would round them from 2^53 on.
std::optional<std::uint64_t> amount_of(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view digits = text.substr(0, end);
  const std::optional<std::uint64_t> factor = factor_of(text.substr(end));
  if (!factor) return std::nullopt;
  if (digits.find('.') == std::string_view::npos) {
    const std::optional<std::uint64_t> number = number_of(digits, 10);
    constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
    if (!number || *number > kLargest / *factor) return std::nullopt;
    return *number * *factor;
  }
  double value = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + end, value);
  if (error != std::errc() || rest != digits.data() + end) return std::nullopt;
  value *= static_cast<double>(*factor);
  return value < 0x1p64 ? std::optional(static_cast<std::uint64_t>(value)) : std::nullopt;
}

Error not_understood(const std::string& word, const std::string& why) {
  return {ErrorCode::kUnsupported, "query", "'" + word + "' " + why};
}

/// The comparison in the word, and where it stands.
struct FoundComparison {
  std::size_t at;
  std::size_t length;
  Comparison comparison;
};
std::optional<FoundComparison> find_comparison(std::string_view word) {
  const std::size_t at = word.find_first_of("<>=!");
  if (at == std::string_view::npos) return std::nullopt;
  for (const auto& [sign, comparison] : kComparisons) {
    if (word.substr(at).starts_with(sign)) return FoundComparison{at, sign.size(), comparison};
  }
  return std::nullopt;
}

Result<QueryTerm> comparison_term(const std::string& word, const FoundComparison& found) {
  const std::string_view name = std::string_view(word).substr(0, found.at);
  const std::string_view value = std::string_view(word).substr(found.at + found.length);
  if (name == "type" && found.comparison == Comparison::kEqual) {
    return QueryTerm{.kind = QueryTerm::Kind::kType, .text = std::string(value), .target = {}};
  }
  for (const auto& [known, kind] : kNumbers) {
    if (name != known) continue;
    const std::optional<std::uint64_t> number = amount_of(value);
    if (!number) {
      return not_understood(word, "compares with no number; write for example " +
                                      std::string(known) + ">1000 or size>=10MiB");
    }
    return QueryTerm{
        .kind = kind, .text = {}, .target = {}, .comparison = found.comparison, .number = *number};
  }
  return not_understood(word,
                        "compares something unknown; there are size, count, generation, refs, "
                        "type and .field=TYPE");
}

Result<QueryTerm> term_of(const std::string& word) {
  using Kind = QueryTerm::Kind;
  if (word[0] == '"' || word[0] == '\'') {
    if (word.size() < 2 || word.back() != word[0])
      return not_understood(word, "has no closing quote");
    return QueryTerm{.kind = Kind::kPreview, .text = word.substr(1, word.size() - 2), .target = {}};
  }
  if (word[0] == '.') {
    const std::size_t equals = word.find('=');
    if (word.size() == 1 || equals == 1)
      return not_understood(word, "names no field; write .field");
    if (equals == std::string::npos) {
      return QueryTerm{.kind = Kind::kField, .text = word.substr(1), .target = {}};
    }
    return QueryTerm{.kind = Kind::kField,
                     .text = word.substr(1, equals - 1),
                     .target = word.substr(equals + 1)};
  }
  if (word.starts_with("0x")) {
    const auto address = number_of(std::string_view(word).substr(2), 16);
    if (!address) return not_understood(word, "is no address; one looks like 0x7f3a10");
    return QueryTerm{.kind = Kind::kAddress, .text = {}, .target = {}, .number = *address};
  }
  if (const auto found = find_comparison(word)) return comparison_term(word, *found);
  for (const auto& [name, bit] : kFlags) {
    if (word == name)
      return QueryTerm{.kind = Kind::kFlag, .text = {}, .target = {}, .number = bit};
  }
  // The last '#': C++ names have none, but a lambda's may.
  const std::size_t hash = word.rfind('#');
  if (hash == std::string::npos) return QueryTerm{.kind = Kind::kType, .text = word, .target = {}};
  const auto rank = number_of(std::string_view(word).substr(hash + 1), 10);
  if (!rank || *rank == 0) {
    return not_understood(word,
                          "has no rank after '#'; the first is " + word.substr(0, hash) + "#1");
  }
  return QueryTerm{
      .kind = Kind::kRank, .text = word.substr(0, hash), .target = {}, .number = *rank};
}

bool holds(Comparison comparison, std::uint64_t left, std::uint64_t right) {
  switch (comparison) {
    case Comparison::kEqual:
      return left == right;
    case Comparison::kNotEqual:
      return left != right;
    case Comparison::kLess:
      return left < right;
    case Comparison::kLessOrEqual:
      return left <= right;
    case Comparison::kGreater:
      return left > right;
    default:
      return left >= right;
  }
}

/// Whether each type fits, short name or full; what is printed without its module may have it.
std::vector<bool> fitting_types(const HeapGraph& graph, std::string_view pattern) {
  std::vector<bool> fitting;
  for (TypeIndex type = 0; type <= graph.type_count(); ++type) {
    fitting.push_back(fits(pattern, graph.short_type_name(type)) ||
                      fits(pattern, graph.full_type_name(type)));
  }
  return fitting;
}

/// Answers one term for nodes that come in order.
class Matcher {
 public:
  Matcher(const HeapGraph& graph, const QueryTerm& term) : graph_(graph), term_(term) {
    using Kind = QueryTerm::Kind;
    if (term.kind == Kind::kType || term.kind == Kind::kRank) {
      types_ = fitting_types(graph, term.text);
    }
    if (term.kind == Kind::kField && !term.target.empty()) {
      types_ = fitting_types(graph, term.target);
    }
  }

  /// To be asked of every node in order, of those that other terms refuse as well: ranks count.
  bool matches(NodeIndex node) {
    using Kind = QueryTerm::Kind;
    switch (term_.kind) {
      case Kind::kType:
        return has_type(node);
      case Kind::kRank:
        return has_type(node) && ++rank_ == term_.number;
      case Kind::kAddress:
        return graph_.address(node) == term_.number;
      case Kind::kSize:
        return holds(term_.comparison, graph_.size_bytes(node), term_.number);
      case Kind::kCount:
        return holds(term_.comparison, graph_.reference_count(node), term_.number);
      case Kind::kGeneration:
        return holds(term_.comparison, static_cast<std::uint64_t>(graph_.flags(node).generation()),
                     term_.number);
      case Kind::kReferences:
        return holds(term_.comparison, graph_.targets(node).size(), term_.number);
      case Kind::kFlag:
        return (graph_.flags(node).byte() & term_.number) != 0;
      case Kind::kField:
        return has_field(node);
      default:
        return graph_.preview(node).find(term_.text) != std::string_view::npos;
    }
  }

  /// Whether it costs more than a look at a column: asked last.
  bool is_slow() const {
    return term_.kind == QueryTerm::Kind::kField || term_.kind == QueryTerm::Kind::kPreview;
  }

 private:
  bool has_type(NodeIndex node) const {
    const TypeIndex type = graph_.type(node);
    return type < types_.size() && types_[type];
  }

  bool has_field(NodeIndex node) const {
    for (EdgeIndex edge = graph_.edges_begin(node); edge < graph_.edges_end(node); ++edge) {
      if (is_named(graph_.string(graph_.edge_name(edge))) &&
          (term_.target.empty() || has_type(graph_.target(edge)))) {
        return true;
      }
    }
    return false;
  }

  /// "monsters" finds "monsters[]" as well, and the key "'monsters'" of a dict: folded into its
  /// owner, it is an attribute.
  bool is_named(std::string_view name) const {
    const std::string_view text = term_.text;
    if (name.size() != text.size() + 2) return name == text;
    const bool is_quoted = (name.front() == '\'' || name.front() == '"') &&
                           name.back() == name.front() && name.substr(1, text.size()) == text;
    return is_quoted || (name.starts_with(text) && name.ends_with("[]")) || name == text;
  }

  const HeapGraph& graph_;
  const QueryTerm& term_;
  std::vector<bool> types_;
  std::uint64_t rank_ = 0;
};

}  // namespace

bool Query::needs_edges() const {
  return std::ranges::any_of(terms, [](const QueryTerm& term) {
    return term.kind == QueryTerm::Kind::kField || term.kind == QueryTerm::Kind::kReferences;
  });
}

bool Query::needs_texts() const {
  return std::ranges::any_of(
      terms, [](const QueryTerm& term) { return term.kind == QueryTerm::Kind::kPreview; });
}

Result<Query> parse_query(std::string_view text) {
  Query query;
  for (const std::string& word : words_of(text)) {
    if (word == "and" || word == "&" || word == "&&") continue;
    Result<QueryTerm> term = term_of(word);
    if (!term) return term.error();
    query.terms.push_back(*std::move(term));
  }
  if (query.terms.empty()) {
    return Error{ErrorCode::kUnsupported, "query",
                 "is empty; write for example Connection, Connection#1, 0x7f3a10 or 'size>1MiB'"};
  }
  return query;
}

std::vector<NodeIndex> select(const HeapGraph& graph, const Query& query, std::size_t most) {
  std::vector<Matcher> matchers;
  for (const bool slow : {false, true}) {
    for (const QueryTerm& term : query.terms) {
      if (Matcher matcher(graph, term); matcher.is_slow() == slow) matchers.push_back(matcher);
    }
  }
  std::vector<NodeIndex> found;
  for (NodeIndex node = 0; node < graph.node_count() && found.size() < most; ++node) {
    bool matches = true;
    for (Matcher& matcher : matchers) {
      if (!matches && matcher.is_slow()) break;
      matches = matcher.matches(node) && matches;
    }
    if (matches) found.push_back(node);
  }
  return found;
}

bool fits(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t place = 0;
  while (place < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = place;
    } else if (at < pattern.size() && pattern[at] == text[place]) {
      ++at;
      ++place;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      place = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace ouro::analysis
