#include "python/attach/processor_time.hpp"

#include <unistd.h>

#include <cstdint>
#include <sstream>
#include <string>

namespace ouro::python::attach {

std::optional<std::chrono::nanoseconds> processor_time(const TargetProcess& process) {
  const auto text = process.text("stat");
  if (!text) return std::nullopt;
  // "4711 (a name) with) brackets) S 1 ...": the fields are behind the last bracket.
  const std::size_t bracket = text->rfind(')');
  if (bracket == std::string::npos) return std::nullopt;
  std::istringstream fields(text->substr(bracket + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  const auto ticks_a_second = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  return std::chrono::nanoseconds((user + system) * (1'000'000'000 / ticks_a_second));
}

}  // namespace ouro::python::attach
