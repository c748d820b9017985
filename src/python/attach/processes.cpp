#include "python/attach/processes.hpp"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/utf8.hpp"

namespace ouro::python::attach {

namespace {

bool is_python_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.starts_with("libpython3") || name.starts_with("python3") || name == "python";
}

}  // namespace

std::vector<pid_t> all_processes() {
  std::vector<pid_t> processes;
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return processes;
  while (const dirent* entry = readdir(folder)) {
    const int pid = std::atoi(entry->d_name);
    if (pid > 0) processes.push_back(pid);
  }
  closedir(folder);
  std::ranges::sort(processes);
  return processes;
}

bool looks_like_python(const TargetProcess& process) {
  return std::ranges::any_of(process.mappings(), [](const Mapping& mapping) {
    return mapping.offset == 0 && is_python_name(mapping.path);
  });
}

std::vector<pid_t> python_processes() {
  std::vector<pid_t> found;
  for (const pid_t pid : all_processes()) {
    if (pid != getpid() && looks_like_python(TargetProcess(pid))) found.push_back(pid);
  }
  return found;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const pid_t pid : all_processes()) {
    if (TargetProcess(pid).status("PPid") == std::to_string(parent)) found.push_back(pid);
  }
  return found;
}

std::string command_of(const TargetProcess& process) {
  std::string text;
  std::vector<std::string> words = process.command_line();
  if (!words.empty()) words[0] = words[0].substr(words[0].rfind('/') + 1);
  for (const std::string& word : words) {
    if (word.empty()) continue;
    text += (text.empty() ? "" : " ") + word;
  }
  if (text.empty()) text = process.name();
  std::ranges::replace(text, '\n', ' ');  // of `python3 -c` with a program of several lines
  return printable(text);
}

std::string described(const TargetProcess& process) {
  constexpr std::size_t kMost = 40;
  std::string text = command_of(process);
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  return std::to_string(process.pid()) + " (" + text + ')';
}

std::string listed(const std::vector<pid_t>& processes) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, processes.size()); ++i) {
    if (i > 0) text += ", ";
    text += described(TargetProcess(processes[i]));
  }
  if (processes.size() > kMost)
    text += " and " + std::to_string(processes.size() - kMost) + " more";
  return text;
}

}  // namespace ouro::python::attach
