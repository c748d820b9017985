#include "python/attach/target.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace ouro::python::attach {

namespace {

constexpr std::uint8_t kSystemCallAndReturn[] = {0x0F, 0x05, 0xC3};
// mov $15, %rax (or %eax); syscall: what every C library returns from signal handlers by.
constexpr std::uint8_t kSignalReturn[] = {0x48, 0xC7, 0xC0, 0x0F, 0, 0, 0, 0x0F, 0x05};
constexpr std::uint8_t kShortSignalReturn[] = {0xB8, 0x0F, 0, 0, 0, 0x0F, 0x05};

bool is_c_library(const Module& module) {
  const std::string_view name = module.file_name();
  return name.starts_with("libc.so") || name.starts_with("libc-2.") ||
         name.starts_with("ld-musl") || name.starts_with("libpthread");
}

bool is_loader(const Module& module) {
  return module.file_name().starts_with("ld-");
}

/// Programs link Python in, or load libpython; a few load it as a part of something else.
std::vector<std::size_t> python_candidates(const std::vector<Module>& modules) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (modules[i].file_name().starts_with("libpython")) order.push_back(i);
  }
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const bool is_known = modules[i].file_name().starts_with("libpython");
    if (!is_known && !is_c_library(modules[i]) && !is_loader(modules[i])) order.push_back(i);
  }
  return order;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

/// "3.11.7" or "3.13.0rc1+": digits, a dot, a digit, and what a release adds.
bool is_version(std::string_view text) {
  const std::size_t dot = text.find('.', 2);
  if (text.size() > 12 || dot == std::string_view::npos || dot == 2 || dot > 4) return false;
  if (dot + 1 >= text.size() || !is_digit(text[dot + 1])) return false;
  return std::ranges::all_of(text.substr(2, dot - 2), is_digit) &&
         std::ranges::all_of(text.substr(dot + 1),
                             [](char c) { return is_digit(c) || std::strchr("abrc+", c); });
}

/// PY_VERSION, which ends with a zero; linkers let it be the end of a longer text.
std::string version_in(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  for (std::size_t at = text.find("3."); at != std::string_view::npos;
       at = text.find("3.", at + 1)) {
    if (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.')) continue;
    const std::string_view version = text.substr(at, text.substr(at, 16).find('\0'));
    if (is_version(version)) return std::string(version);
  }
  return {};
}

std::uint64_t find_code(std::vector<Module>& modules, std::span<const std::uint8_t> bytes) {
  // The C library's is the one that is surely there tomorrow.
  for (const bool is_first_pass : {true, false}) {
    for (Module& module : modules) {
      if (is_c_library(module) != is_first_pass || module.open()) continue;
      if (const std::uint64_t address = module.find_code(bytes)) return address;
    }
  }
  return 0;
}

std::uint64_t find_function(std::vector<Module>& modules, std::string_view name) {
  for (const bool is_first_pass : {true, false}) {
    for (Module& module : modules) {
      if (is_c_library(module) != is_first_pass || module.open()) continue;
      if (const std::uint64_t address = module.address_of(name)) return address;
    }
  }
  return 0;
}

Error lacks(const Target& target, const std::string& what) {
  return {ErrorCode::kUnsupported, target.python_file, what};
}

/// The first required symbol that is not there; null: all are.
const char* fill_symbols(const Module& python, agent::Request& request) {
  const std::string_view own[] = {"Py_IsInitialized", "Py_AddPendingCall", "PyGILState_Ensure",
                                  "PyGILState_Release"};
  std::uint64_t* const own_fields[] = {&request.is_initialized, &request.add_pending_call,
                                       &request.gil_ensure, &request.gil_release};
  std::vector<std::string_view> names(std::begin(own), std::end(own));
  names.insert(names.end(), std::begin(walker::kPythonSymbolNames),
               std::end(walker::kPythonSymbolNames));
  const std::vector<std::uint64_t> addresses = python.addresses_of(names);
  for (std::size_t i = 0; i < std::size(own); ++i) {
    if (addresses[i] == 0) return own[i].data();
    *own_fields[i] = addresses[i];
  }
  static_assert(sizeof(request.symbols) == walker::kPythonSymbolCount * sizeof(std::uint64_t));
  std::memcpy(&request.symbols, &addresses[std::size(own)], sizeof(request.symbols));
  for (std::size_t i = 0; i < walker::kPythonSymbolCount; ++i) {
    if (addresses[std::size(own) + i] == 0 && walker::kPythonSymbolIsRequired[i]) {
      return walker::kPythonSymbolNames[i];
    }
  }
  return nullptr;
}

std::vector<Range> allocating_code(const TargetProcess& process, std::vector<Module>& modules,
                                   const std::string& python_file) {
  std::vector<Range> ranges;
  const std::vector<Mapping> mappings = process.mappings();
  for (Module& module : modules) {
    const bool is_system = is_c_library(module) || is_loader(module);
    // Python's own allocator is no malloc; what CPython is linked with statically is not told.
    const bool is_other_allocator = !is_system && module.path() != python_file && !module.open() &&
                                    module.address_of("malloc") != 0;
    if (!is_system && !is_other_allocator) continue;
    for (const Mapping& mapping : mappings) {
      if (mapping.is_executable && module.contains(mapping.begin)) {
        ranges.push_back({mapping.begin, mapping.end});
      }
    }
  }
  return ranges;
}

}  // namespace

bool Target::may_be_allocating(std::uint64_t address) const {
  return std::ranges::any_of(allocating_code, [address](const Range& range) {
    return address >= range.begin && address < range.end;
  });
}

Result<Target> find_target(pid_t pid) {
  Target target{TargetProcess(pid), {}, {}, {}, {}, {}, {}};
  const std::string place = "process " + std::to_string(pid);
  std::vector<Module> modules = modules_of(target.process);
  if (modules.empty()) {
    return Error{ErrorCode::kPermissionDenied, place, "does not show its memory map"};
  }
  const Module* python = nullptr;
  std::optional<Error> unreadable;
  for (const std::size_t i : python_candidates(modules)) {
    Module& module = modules[i];
    auto error = module.open();
    if (error && module.file_name().find("python") != std::string_view::npos && !unreadable) {
      unreadable = error;
    }
    if (error || module.address_of("Py_AddPendingCall") == 0) continue;
    python = &module;
    break;
  }
  if (python == nullptr) {
    if (unreadable) return *unreadable;
    return Error{ErrorCode::kNotFound, place, "has no CPython in it"};
  }
  target.python_file = python->path();
  target.python_version = version_in(python->elf().bytes());
  if (const char* missing = fill_symbols(*python, target.request)) {
    return lacks(target, std::string("has no symbol ") + missing +
                             ": it is no CPython 3.8 or later, or was stripped of its symbols");
  }
  for (const Module& module : modules) {
    if (is_c_library(module) && target.c_library_file.empty())
      target.c_library_file = module.path();
  }
  target.gadgets.system_call_and_return = find_code(modules, kSystemCallAndReturn);
  target.gadgets.signal_return = find_code(modules, kSignalReturn);
  if (target.gadgets.signal_return == 0) {
    target.gadgets.signal_return = find_code(modules, kShortSignalReturn);
  }
  target.request.pthread_create = find_function(modules, "pthread_create");
  target.request.pthread_detach = find_function(modules, "pthread_detach");
  target.request.system_call_and_return = target.gadgets.system_call_and_return;
  if (target.gadgets.system_call_and_return == 0 || target.gadgets.signal_return == 0 ||
      target.request.pthread_create == 0 || target.request.pthread_detach == 0) {
    return lacks(target, "is linked with a C library that Ouro does not know");
  }
  target.allocating_code = allocating_code(target.process, modules, target.python_file);
  return target;
}

}  // namespace ouro::python::attach
