#include "python/attach/memory_room.hpp"

#include <algorithm>
#include <cstdlib>

namespace ouro::python::attach {

namespace {

/// "VmRSS:   123 kB" as bytes; 0 where it is not there.
std::uint64_t kibibytes(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string_view::npos) return 0;
  return std::strtoull(text.data() + at + label.size(), nullptr, 10) * 1024;
}

/// Nothing where there is no such file, or it says "max".
std::optional<std::uint64_t> number_in(const std::string& path) {
  const auto text = text_of_file(path);
  if (!text || text->empty() || (*text)[0] < '0' || (*text)[0] > '9') return std::nullopt;
  return std::strtoull(text->c_str(), nullptr, 10);
}

/// Version 2 of control groups: "0::/system.slice/app.service".
std::string control_group(const TargetProcess& process) {
  const std::string text = process.text("cgroup").value_or("");
  const std::size_t at = text.find("0::/");
  if (at == std::string::npos) return {};
  return text.substr(at + 3, text.find('\n', at) - at - 3);
}

}  // namespace

MemoryRoom memory_room(const TargetProcess& process) {
  MemoryRoom room;
  const std::string status = process.text("status").value_or("");
  room.resident_bytes = kibibytes(status, "VmRSS:");
  room.swapped_bytes = kibibytes(status, "VmSwap:");
  room.available_bytes = kibibytes(text_of_file("/proc/meminfo").value_or(""), "MemAvailable:");
  room.limited_by = "the machine";
  room.commits_strictly = number_in("/proc/sys/vm/overcommit_memory").value_or(0) == 2;
  for (std::string group = control_group(process); group.size() > 1;
       group.resize(group.rfind('/'))) {
    const std::string folder = "/sys/fs/cgroup" + group;
    const auto limit = number_in(folder + "/memory.max");
    const auto used = number_in(folder + "/memory.current");
    if (!limit || !used) continue;
    const std::uint64_t left = *limit - std::min(*used, *limit);
    if (left >= room.available_bytes) continue;
    room.available_bytes = left;
    room.limited_by = "its control group " + group;
  }
  return room;
}

}  // namespace ouro::python::attach
