#include "capture/static_storage.hpp"

#include <link.h>
#include <pthread.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include "capture/elf_symbols.hpp"

namespace ouro::capture {

namespace {

/// One word of memory that may be anybody's: another thread's, or between two variables.
#if defined(__clang__) || defined(__GNUC__)
__attribute__((no_sanitize("address", "thread")))
#endif
std::uint64_t
word_at(std::uint64_t address) {
  return *reinterpret_cast<const volatile std::uint64_t*>(address);
}

struct Range {
  std::uint64_t low;
  std::uint64_t high;
};

/// What can be read and written, from /proc/self/maps, by address.
std::vector<Range> writable_memory() {
  std::vector<Range> ranges;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    Range range{};
    char dash = 0;
    std::string rights;
    fields >> std::hex >> range.low >> dash >> range.high >> rights;
    if (!rights.starts_with("rw")) continue;
    if (!ranges.empty() && ranges.back().high == range.low) {
      ranges.back().high = range.high;
    } else {
      ranges.push_back(range);
    }
  }
  return ranges;
}

struct Module {
  std::string path;
  std::string name;
  std::uint64_t base;
  std::vector<Range> storage;
};

int add_module(dl_phdr_info* info, std::size_t, void* data) {
  auto& modules = *static_cast<std::vector<Module>*>(data);
  const bool is_program = modules.empty();
  Module module;
  module.path = is_program ? "/proc/self/exe" : info->dlpi_name;
  module.name = is_program ? "the program" : module.path.substr(module.path.rfind('/') + 1);
  module.base = info->dlpi_addr;
  for (int at = 0; at < info->dlpi_phnum; ++at) {
    const ElfW(Phdr)& header = info->dlpi_phdr[at];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
    const std::uint64_t low = info->dlpi_addr + header.p_vaddr;
    module.storage.push_back(
        {(low + 7) & ~std::uint64_t{7}, (low + header.p_memsz) & ~std::uint64_t{7}});
  }
  modules.push_back(std::move(module));
  return 0;
}

class Finder {
 public:
  explicit Finder(const std::function<bool(const void*)>& is_object)
      : is_object_(is_object), memory_(writable_memory()) {}

  void look_through(const Module& module) {
    module_ = &module;
    variables_ = variables_of(module.path);
    for (const Range& range : module.storage) {
      // Parts of a segment may have been made read-only since (RELRO).
      for (const Range& part : memory_) {
        scan({std::max(range.low, part.low), std::min(range.high, part.high)});
      }
    }
  }

  std::vector<StaticReference> found() && { return std::move(found_); }

 private:
  void scan(Range range) {
    for (std::uint64_t at = range.low; at + 8 <= range.high; at += 8) {
      const std::uint64_t word = word_at(at);
      if (word == 0) continue;
      if (is_object(word)) {
        add(at, word, false, 0);
      } else if (at + 24 <= range.high &&
                 looks_like_vector(word, word_at(at + 8), word_at(at + 16))) {
        scan_elements(at, word, word_at(at + 8));
      }
    }
  }

  bool is_object(std::uint64_t word) const {
    return is_object_(reinterpret_cast<const void*>(word));
  }

  bool looks_like_vector(std::uint64_t begin, std::uint64_t end, std::uint64_t storage_end) const {
    if (begin % 8 != 0 || end % 8 != 0 || begin >= end || end > storage_end) return false;
    const auto after = std::ranges::upper_bound(memory_, begin, {}, &Range::low);
    return after != memory_.begin() && storage_end <= std::prev(after)->high;
  }

  void scan_elements(std::uint64_t vector, std::uint64_t begin, std::uint64_t end) {
    const Variable* const variable = variable_at(vector);
    if (variable == nullptr || variable->bytes < 24) return;  // three words that merely rise
    for (std::uint64_t at = begin; at < end; at += 8) {
      const std::uint64_t word = word_at(at);
      if (word != 0 && is_object(word)) add(vector, word, true, (at - begin) / 8);
    }
  }

  const Variable* variable_at(std::uint64_t address) const {
    const std::uint64_t in_file = address - module_->base;
    const auto after = std::ranges::upper_bound(variables_, in_file, {}, &Variable::address);
    if (after == variables_.begin()) return nullptr;
    const Variable& variable = *std::prev(after);
    return in_file < variable.address + variable.bytes ? &variable : nullptr;
  }

  void add(std::uint64_t place, std::uint64_t object, bool is_element, std::uint64_t index) {
    const Variable* const variable = variable_at(place);
    StaticReference reference{
        .object = reinterpret_cast<const void*>(object),
        .variable_address = place,
        .variable_bytes = 0,
        .variable = "a variable of " + module_->name,
        .offset = 0,
        .is_element = is_element,
        .index = index,
    };
    if (variable != nullptr) {
      reference.variable_address = variable->address + module_->base;
      reference.variable_bytes = variable->bytes;
      reference.variable = variable->name;
      reference.offset = place - reference.variable_address;
    }
    found_.push_back(std::move(reference));
  }

  const std::function<bool(const void*)>& is_object_;
  std::vector<Range> memory_;
  const Module* module_ = nullptr;
  std::vector<Variable> variables_;
  std::vector<StaticReference> found_;
};

}  // namespace

std::vector<StaticReference> find_static_references(
    const std::function<bool(const void*)>& is_object) {
  std::vector<Module> modules;
  dl_iterate_phdr(&add_module, &modules);
  Finder finder(is_object);
  for (const Module& module : modules) finder.look_through(module);
  return std::move(finder).found();
}

std::vector<const void*> find_stack_references(const std::function<bool(const void*)>& is_object) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
  void* lowest = nullptr;
  std::size_t bytes = 0;
  pthread_attr_getstack(&attributes, &lowest, &bytes);
  pthread_attr_destroy(&attributes);
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  const std::uint64_t top = reinterpret_cast<std::uint64_t>(lowest) + bytes;
  std::vector<const void*> found;
  for (std::uint64_t at = (here + 7) & ~std::uint64_t{7}; at + 8 <= top; at += 8) {
    const auto* const object = reinterpret_cast<const void*>(word_at(at));
    if (object != nullptr && is_object(object)) found.push_back(object);
  }
  return found;
}

}  // namespace ouro::capture
