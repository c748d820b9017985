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

/// What /proc/PID/cgroup calls a hierarchy of control groups, and where its files are.
struct Hierarchy {
  std::string_view line;  ///< how the line ends before the group
  const char* folder;
  const char* limit;
  const char* used;
};

constexpr Hierarchy kHierarchies[] = {
    // "0::/system.slice/app.service": version 2
    {"0::", "/sys/fs/cgroup", "/memory.max", "/memory.current"},
    // "9:memory:/docker/4f5a": version 1
    {":memory:", "/sys/fs/cgroup/memory", "/memory.limit_in_bytes", "/memory.usage_in_bytes"},
};

/// "/system.slice/app.service"; "" where the process is in none.
std::string control_group(const TargetProcess& process, const Hierarchy& hierarchy) {
  const std::string text = process.text("cgroup").value_or("");
  const std::size_t at = text.find(std::string(hierarchy.line) + '/');
  if (at == std::string::npos) return {};
  const std::size_t begin = at + hierarchy.line.size();
  return text.substr(begin, text.find('\n', begin) - begin);
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
  for (const Hierarchy& hierarchy : kHierarchies) {
    for (std::string group = control_group(process, hierarchy); group.size() > 1;
         group.resize(group.rfind('/'))) {
      const std::string folder = hierarchy.folder + group;
      const auto limit = number_in(folder + hierarchy.limit);
      const auto used = number_in(folder + hierarchy.used);
      if (!limit || !used) continue;
      const std::uint64_t left = *limit - std::min(*used, *limit);
      if (left >= room.available_bytes) continue;
      room.available_bytes = left;
      room.limited_by = "its control group " + group;
    }
  }
  return room;
}

}  // namespace ouro::python::attach
