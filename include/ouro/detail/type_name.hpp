// The name of a type as its author wrote it, without RTTI: "Dungeon", "game::Monster",
// "std::vector<int>". Cut out of the compiler's own rendering of a function signature, at compile
// time.
#pragma once

#include <string_view>

namespace ouro::detail {

template <class T>
constexpr std::string_view raw_signature() noexcept {
  return __PRETTY_FUNCTION__;
}

template <class T>
constexpr std::string_view raw_type_name() noexcept {
  // Where the name stands is found with a type whose name is known, so no compiler's wording is
  // written down here.
  constexpr std::string_view known = raw_signature<double>();
  constexpr std::size_t before = known.rfind("double");
  constexpr std::size_t after = known.size() - before - 6;
  constexpr std::string_view whole = raw_signature<T>();
  return whole.substr(before, whole.size() - before - after);
}

/// The name without the marks that compilers put in for scopes that have no name.
template <class T>
constexpr std::string_view type_name() noexcept {
  std::string_view name = raw_type_name<T>();
#if defined(__GNUC__) && !defined(__clang__)
  // GCC appends what aliases in the signature stand for: "T = X; std::string_view = ...".
  if (const std::size_t end = name.find("; std::string_view"); end != name.npos) {
    name = name.substr(0, end);
  }
#endif
  for (const std::string_view nameless :
       {std::string_view("{anonymous}::"), std::string_view("(anonymous namespace)::")}) {
    if (name.starts_with(nameless)) name.remove_prefix(nameless.size());
  }
  return name;
}

/// The last part of a qualified name, its template arguments kept: "Monster" of "game::Monster".
constexpr std::string_view unqualified(std::string_view name) noexcept {
  int depth = 0;
  for (std::size_t at = name.size(); at > 0; --at) {
    const char c = name[at - 1];
    if (c == '>' || c == ')') ++depth;
    if (c == '<' || c == '(') --depth;
    if (depth == 0 && c == ':') return name.substr(at);
  }
  return name;
}

}  // namespace ouro::detail
