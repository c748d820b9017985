#include "watch/identity.hpp"

#include <sstream>

namespace ouro::watch {

Identity identity_of(const python::attach::TargetProcess& process) {
  const std::string stat = process.text("stat").value_or("");
  // The name, in parentheses, may have blanks and parentheses in it.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream words(stat.substr(name_end + 1));
  constexpr int kBegan = 22 - 2;  // field 22 of proc(5), of which two stand before
  std::string state;
  std::string word;
  words >> state;
  for (int field = 2; field <= kBegan; ++field) words >> word;
  if (state == "Z" || state == "X") return {};
  return {.began = word, .placed = process.text("auxv").value_or("")};
}

}  // namespace ouro::watch
