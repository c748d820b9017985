// How objgraph reads and writes the names of types.
#pragma once

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include <ouro/detail/type_info.hpp>
#include <ouro/detail/type_name.hpp>

namespace ouro::objgraph {

/// What a caller means by a name: one type if it is qualified, all types of that last part if not.
class WantedName {
 public:
  explicit WantedName(std::string_view name) noexcept
      : name_(name), is_qualified_(detail::unqualified(name).size() != name.size()) {}

  bool matches(const detail::TypeInfo& type) const noexcept {
    return name_ == (is_qualified_ ? type.name : detail::unqualified(type.name));
  }

 private:
  std::string_view name_;
  bool is_qualified_;
};

inline std::string_view shown_name(const detail::TypeInfo& type, bool shortnames) noexcept {
  return shortnames ? detail::unqualified(type.name) : type.name;
}

/// Order of tables: the largest number first, equals by name.
template <class Row, class Number>
void sort_by_number(std::vector<Row>& rows, Number&& number) {
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    const auto number_of_a = std::invoke(number, a);
    const auto number_of_b = std::invoke(number, b);
    return number_of_a != number_of_b ? number_of_a > number_of_b : a.name < b.name;
  });
}

}  // namespace ouro::objgraph
