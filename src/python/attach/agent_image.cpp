#include "python/attach/agent_image.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>

#include "python/attach/elf_file.hpp"
#include "python/attach/page.hpp"
#include "python/embedded_agent.hpp"

namespace ouro::python::attach {

namespace {

/// What a build of the agent got wrong; no user can meet it.
Error unusable(const char* message) {
  return {ErrorCode::kUnsupported, "the agent in this command", message};
}

std::uint64_t dynamic_value(std::span<const Elf64_Dyn> entries, Elf64_Sxword tag) {
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == tag) return entry.d_un.d_val;
  }
  return 0;
}

}  // namespace

Result<AgentImage> AgentImage::load() {
  const auto elf = ElfFile::parse(embedded_agent());
  if (!elf) return unusable("is no ELF file");
  AgentImage image;
  std::uint64_t end = 0;
  image.writable_offset_ = ~std::size_t{0};
  for (const Elf64_Phdr& segment : elf->segments()) {
    if (segment.p_type != PT_LOAD) continue;
    end = std::max(end, segment.p_vaddr + segment.p_memsz);
    if ((segment.p_flags & PF_W) == 0) continue;
    image.writable_offset_ = std::min(image.writable_offset_, segment.p_vaddr & ~(kPage - 1));
  }
  image.bytes_.resize((end + kPage - 1) & ~(kPage - 1));
  std::span<const Elf64_Dyn> dynamic;
  for (const Elf64_Phdr& segment : elf->segments()) {
    if (segment.p_type == PT_LOAD) {
      std::memcpy(image.bytes_.data() + segment.p_vaddr, elf->bytes().data() + segment.p_offset,
                  segment.p_filesz);
    } else if (segment.p_type == PT_DYNAMIC) {
      dynamic = {reinterpret_cast<const Elf64_Dyn*>(elf->bytes().data() + segment.p_offset),
                 segment.p_filesz / sizeof(Elf64_Dyn)};
    }
  }
  if (dynamic_value(dynamic, DT_JMPREL) != 0) return unusable("calls functions of libraries");
  const std::uint64_t relocations = dynamic_value(dynamic, DT_RELA);
  for (std::uint64_t i = 0; i < dynamic_value(dynamic, DT_RELASZ) / sizeof(Elf64_Rela); ++i) {
    Elf64_Rela relocation;
    std::memcpy(&relocation, image.bytes_.data() + relocations + i * sizeof(relocation),
                sizeof(relocation));
    if (ELF64_R_TYPE(relocation.r_info) != R_X86_64_RELATIVE) {
      return unusable("has a relocation that is not relative");
    }
    image.relocations_.push_back(
        {relocation.r_offset, static_cast<std::uint64_t>(relocation.r_addend)});
  }
  image.entry_offset_ = elf->address_of("ouro_agent_enter");
  image.request_offset_ = elf->address_of("ouro_agent_request");
  if (image.entry_offset_ == 0 || image.request_offset_ < image.writable_offset_) {
    return unusable("has no entry");
  }
  return image;
}

std::vector<std::byte> AgentImage::placed_at(std::uint64_t address,
                                             const agent::Request& request) const {
  std::vector<std::byte> bytes = bytes_;
  for (const Relocation& relocation : relocations_) {
    const std::uint64_t value = address + relocation.addend;
    std::memcpy(bytes.data() + relocation.offset, &value, sizeof(value));
  }
  std::memcpy(bytes.data() + request_offset_, &request, sizeof(request));
  return bytes;
}

}  // namespace ouro::python::attach
