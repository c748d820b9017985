#include "python/attach/process_facts.hpp"

#include <ctime>

#include "python/attach/memory_room.hpp"

namespace ouro::python::attach {

std::string time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void add_memory(const TargetProcess& process,
                std::vector<std::pair<std::string, std::string>>& to) {
  const MemoryRoom room = memory_room(process);
  to.emplace_back("memory", std::to_string(room.resident_bytes));
  if (room.swapped_bytes > 0) to.emplace_back("swap", std::to_string(room.swapped_bytes));
}

}  // namespace ouro::python::attach
