#include "analysis/cycle_form.hpp"

#include <algorithm>

namespace ouro::analysis {

// Two rotations, that from `a` and that from `b`, equal in the first `same` places. Where they then
// differ, no rotation from the greater one's beginning up to the place of difference is the least:
// the other one's rotation as many places further on is less.
std::size_t least_rotation(std::span<const EdgeClass> cycle) {
  const std::size_t length = cycle.size();
  std::size_t a = 0;
  std::size_t b = 1;
  std::size_t same = 0;
  while (a < length && b < length && same < length) {
    const EdgeClass from_a = cycle[(a + same) % length];
    const EdgeClass from_b = cycle[(b + same) % length];
    if (from_a == from_b) {
      ++same;
      continue;
    }
    (from_a > from_b ? a : b) += same + 1;
    if (a == b) ++b;
    same = 0;
  }
  return std::min(a, b);
}

std::size_t round_length(std::span<const EdgeClass> cycle) {
  // border[i]: the longest proper prefix of cycle[0..i] that is also its suffix.
  std::vector<std::size_t> border(cycle.size());
  for (std::size_t at = 1; at < cycle.size(); ++at) {
    std::size_t length = border[at - 1];
    while (length > 0 && cycle[at] != cycle[length]) length = border[length - 1];
    border[at] = cycle[at] == cycle[length] ? length + 1 : length;
  }
  const std::size_t period = cycle.size() - border.back();
  return cycle.size() % period == 0 ? period : cycle.size();
}

CycleForm form_of(std::span<const EdgeClass> cycle) {
  CycleForm form(cycle.begin(), cycle.end());
  std::ranges::rotate(form, form.begin() + static_cast<std::ptrdiff_t>(least_rotation(cycle)));
  form.resize(round_length(form));
  return form;
}

}  // namespace ouro::analysis
