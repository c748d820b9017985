#include <ouro/testing/leak_options.hpp>

#include <algorithm>

namespace ouro::testing {

namespace {

/// match(pattern, text), where `*` may stand for more:
///   on a mismatch after a `*`, let that `*` take one more character, and go on behind it.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  for (std::size_t read = 0; read < text.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = read;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[read])) {
      ++at;
      ++read;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      read = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace

std::size_t LeakOptions::limit_of(std::string_view type, std::string_view test) const {
  std::size_t most = 0;
  for (const Limit& limit : limits_) {
    if (matches(limit.type_pattern, type) && matches(limit.test_pattern, test)) {
      most = std::max(most, limit.objects);
    }
  }
  return most;
}

bool LeakOptions::skips(std::string_view test) const {
  return std::ranges::any_of(skipped_,
                             [&](const std::string& pattern) { return matches(pattern, test); });
}

}  // namespace ouro::testing
