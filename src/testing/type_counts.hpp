// How many objects of each type are alive: in the current heap, and in those that threads which
// have ended left behind.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace ouro::testing {

using CountByType = std::map<std::string, std::size_t, std::less<>>;

/// O(pages).
CountByType count_by_type();
/// The part of it that such threads left behind.
CountByType count_of_ended_threads();

/// The types of which there are more in `after`, and how many more.
CountByType growth(const CountByType& before, const CountByType& after);

/// Of each type the smaller number; types that are in one alone are left out.
CountByType least(const CountByType& one, const CountByType& other);

}  // namespace ouro::testing
