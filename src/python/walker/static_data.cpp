#include "python/walker/static_data.hpp"

#include <asm/unistd.h>
#include <elf.h>
#include <linux/fcntl.h>

#include "python/agent/system_calls.hpp"
#include "python/walker/counts.hpp"
#include "python/walker/frame_view.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/interpreter_memory.hpp"
#include "python/walker/lookup.hpp"

namespace ouro::python::walker {
namespace {

using stream::kNoNode;

constexpr std::uint64_t kMostFileNameBytes = 100;
constexpr const char* kInterpreterText = "the interpreter's state";

/// Classes whose freed objects the interpreter keeps in an array for the next one to be made. There
/// (up to 3.13) the pointers stay that objects in use had been kept by; a list of freed objects
/// that are linked to each other has none of those.
constexpr const char* kRecycled[] = {"list", "dict", "async_generator_asend",
                                     "async_generator_wrapped_value"};

bool is_recycled(const Object* object) {
  const Object* type = type_of(object);
  if (layout.minor >= 14) return false;
  if (has_flag(type, TypeFlag::kHeapType)) return false;
  for (const char* name : kRecycled) {
    if (is_named(type, name)) return true;
  }
  return false;
}

/// Whose memory is looked at.
enum class Owner { kInterpreter, kOther };

/// Says which objects words of static memory point to.
class StaticMemory {
 public:
  explicit StaticMemory(HeapWalk& walk) : walk_(walk), runtime_(runtime_memory()) {}

  /// `begin` and `end` are multiples of 8, and readable.
  void scan(std::uint64_t begin, std::uint64_t end, Owner owner, const char* text) {
    std::uint64_t at = begin;
    while (at + 8 <= end) {
      if (const std::uint64_t bytes = bytes_of_object_at(at, end)) {
        emit(number_of_object(at), text);
        at += bytes;
        continue;
      }
      const std::uint32_t number = number_of_object(word_at(at));
      const bool is_in_runtime = at >= runtime_.begin && at < runtime_.end;
      at += 8;
      if (number == kNoNode) continue;
      if (owner == Owner::kInterpreter && is_recycled(walk_.object_of(number))) continue;
      emit(number, is_in_runtime ? kInterpreterText : text);
    }
  }

 private:
  void emit(std::uint32_t number, const char* text) {
    // A count that says nothing needs no explanation.
    if (is_immortal(walk_.object_of(number))) return;
    walk_.emit_root({.node = number,
                     .kind = static_cast<std::uint16_t>(graph::RootKind::kOutside),
                     .what = static_cast<std::uint16_t>(stream::RootWhat::kStaticData),
                     .references = 0,
                     .thread = kNoNode,
                     .depth = kNoNode,
                     .name = kNoNode},
                    text);
  }

  std::uint32_t number_of_object(std::uint64_t address) const {
    if (!may_be_object(object_at(address))) return kNoNode;
    const std::uint32_t number = walk_.find_number(object_at(address));
    return number != kNoNode && walk_.object_of(number) == object_at(address) ? number : kNoNode;
  }

  /// 0 where none begins there.
  std::uint64_t bytes_of_object_at(std::uint64_t address, std::uint64_t end) const {
    if (address + 16 + static_cast<std::uint64_t>(layout.header) > end) return 0;
    const std::uint64_t type = word_at(address + 8 + static_cast<std::uint64_t>(layout.header));
    if (type < 4096 || type % 8 != 0) return 0;
    if (number_of_object(address) == kNoNode || number_of_object(type) == kNoNode) return 0;
    // What `type` makes is a class made at run time, with more behind it.
    const std::int64_t bytes = has_flag(object_at(type), TypeFlag::kTypeSubclass)
                                   ? layout.type_object_size
                                   : type_basic_size(object_at(type));
    return bytes >= 16 && bytes <= 1 << 16 ? static_cast<std::uint64_t>(bytes + 7) / 8 * 8 : 0;
  }

  HeapWalk& walk_;
  Range runtime_;
};

/// The writable memory of one library or program, as its program headers say it.
class LoadedFile {
 public:
  /// `begin`: of a mapping of the beginning of a file.
  void open(std::uint64_t begin, std::uint64_t end) {
    count_ = 0;
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(begin);
    if (end - begin < sizeof(Elf64_Ehdr)) return;
    if (__builtin_memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return;
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(Elf64_Phdr)) {
      return;
    }
    const std::uint64_t table = header->e_phoff;
    if (table > end - begin || header->e_phnum * sizeof(Elf64_Phdr) > end - begin - table) return;
    const auto* headers = reinterpret_cast<const Elf64_Phdr*>(begin + table);
    std::uint64_t first = ~std::uint64_t{0};
    for (int i = 0; i < header->e_phnum; ++i) {
      if (headers[i].p_type == PT_LOAD && headers[i].p_vaddr < first) first = headers[i].p_vaddr;
    }
    for (int i = 0; i < header->e_phnum && count_ < kMostRanges; ++i) {
      if (headers[i].p_type != PT_LOAD || (headers[i].p_flags & PF_W) == 0) continue;
      const std::uint64_t from = begin + (headers[i].p_vaddr - first / 4096 * 4096);
      ranges_[count_++] = {(from + 7) / 8 * 8, (from + headers[i].p_memsz) / 8 * 8};
    }
  }
  void close() { count_ = 0; }

  Owner owner() const {
    for (int i = 0; i < count_; ++i) {
      if (symbols.PyType_Type >= ranges_[i].begin && symbols.PyType_Type < ranges_[i].end) {
        return Owner::kInterpreter;
      }
    }
    return Owner::kOther;
  }

  template <class Scan>
  void for_each_part_in(const Range& mapping, Scan scan) const {
    for (int i = 0; i < count_; ++i) {
      const std::uint64_t begin =
          ranges_[i].begin > mapping.begin ? ranges_[i].begin : mapping.begin;
      const std::uint64_t end = ranges_[i].end < mapping.end ? ranges_[i].end : mapping.end;
      if (begin < end) scan(begin, end);
    }
  }

 private:
  static constexpr int kMostRanges = 8;
  Range ranges_[kMostRanges];
  int count_ = 0;
};

/// A line of /proc/self/maps: "7f00-7f08 rw-p 00002000 08:01 4711    /usr/lib/libpython3.11.so".
struct Mapping {
  Range range;
  bool is_readable;
  bool is_writable;
  std::uint64_t offset;
  const char* path;  ///< of so many bytes; none: an anonymous one
  std::uint64_t path_bytes;
};

class MapsText {
 public:
  MapsText(const char* text, std::uint64_t bytes) : at_(text), end_(text + bytes) {}

  bool next(Mapping& mapping) {
    if (at_ >= end_) return false;
    mapping.range.begin = hexadecimal();
    ++at_;
    mapping.range.end = hexadecimal();
    ++at_;
    mapping.is_readable = at_ < end_ && *at_ == 'r';
    mapping.is_writable = at_ + 1 < end_ && at_[1] == 'w';
    skip_word();
    mapping.offset = hexadecimal();
    ++at_;
    skip_word();
    skip_word();
    while (at_ < end_ && *at_ == ' ') ++at_;
    mapping.path = at_;
    while (at_ < end_ && *at_ != '\n') ++at_;
    mapping.path_bytes = static_cast<std::uint64_t>(at_ - mapping.path);
    ++at_;
    return true;
  }

 private:
  std::uint64_t hexadecimal() {
    std::uint64_t value = 0;
    for (; at_ < end_; ++at_) {
      if (*at_ >= '0' && *at_ <= '9') {
        value = 16 * value + static_cast<std::uint64_t>(*at_ - '0');
      } else if (*at_ >= 'a' && *at_ <= 'f') {
        value = 16 * value + static_cast<std::uint64_t>(*at_ - 'a' + 10);
      } else {
        break;
      }
    }
    return value;
  }
  void skip_word() {
    while (at_ < end_ && *at_ != ' ' && *at_ != '\n') ++at_;
    if (at_ < end_ && *at_ == ' ') ++at_;
  }

  const char* at_;
  const char* end_;
};

/// "static data of libpython3.11.so.1.0".
void write_label_of(const Mapping& mapping, char* to) {
  const char* from = mapping.path;
  for (std::uint64_t at = 0; at < mapping.path_bytes; ++at) {
    if (mapping.path[at] == '/') from = mapping.path + at + 1;
  }
  std::uint64_t bytes = mapping.path_bytes - static_cast<std::uint64_t>(from - mapping.path);
  if (bytes > kMostFileNameBytes) bytes = kMostFileNameBytes;
  for (const char* word = "static data of "; *word != 0; ++word) *to++ = *word;
  for (std::uint64_t at = 0; at < bytes; ++at) *to++ = from[at];
  *to = 0;
}

std::uint64_t read_maps(GrowingArray<char>& text) {
  const long file = agent::system_call(__NR_openat, AT_FDCWD,
                                       reinterpret_cast<long>("/proc/self/maps"), O_RDONLY);
  if (file < 0) return 0;
  constexpr std::uint64_t kMostBytes = 64u << 20;
  constexpr std::uint64_t kBytesAtOnce = 1u << 16;
  std::uint64_t size = 0;
  while (size < kMostBytes && text.reserve(size + kBytesAtOnce)) {
    const long count = agent::system_call(__NR_read, file,
                                          reinterpret_cast<long>(text.data() + size), kBytesAtOnce);
    if (count <= 0) break;
    size += static_cast<std::uint64_t>(count);
  }
  agent::system_call(__NR_close, file);
  return size;
}

void scan_loaded_files(StaticMemory& memory) {
  GrowingArray<char> text;
  MapsText maps(text.data(), 0);
  const std::uint64_t bytes = read_maps(text);
  maps = MapsText(text.data(), bytes);
  LoadedFile file;
  char label[kMostFileNameBytes + 32];
  for (Mapping mapping{}; maps.next(mapping);) {
    const bool is_of_file = mapping.path_bytes > 0 && mapping.path[0] == '/';
    if (is_of_file && mapping.offset == 0 && mapping.is_readable) {
      file.open(mapping.range.begin, mapping.range.end);
      write_label_of(mapping, label);
    } else if (!is_of_file && mapping.path_bytes > 0 && mapping.path[0] != '[') {
      file.close();
    }
    if (!mapping.is_readable || !mapping.is_writable) continue;
    file.for_each_part_in(mapping.range, [&](std::uint64_t begin, std::uint64_t end) {
      memory.scan(begin, end, file.owner(), label);
    });
  }
}

void scan_interpreters(StaticMemory& memory) {
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    const Range state = memory_of_state(at);
    memory.scan(state.begin, state.end, Owner::kInterpreter, kInterpreterText);
  }
}

}  // namespace

void emit_static_data(HeapWalk& walk) {
  StaticMemory memory(walk);
  scan_loaded_files(memory);
  scan_interpreters(memory);
}

}  // namespace ouro::python::walker
