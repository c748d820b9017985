// How objgraph reads and writes the names of types.
#pragma once

#include <string_view>

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

}  // namespace ouro::objgraph
