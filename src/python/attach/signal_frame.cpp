#include "python/attach/signal_frame.hpp"

#include <cpuid.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include <algorithm>
#include <cstring>

namespace ouro::python::attach {

namespace {

constexpr std::uint64_t kRedZone = 128;
constexpr std::uint64_t kVectorAlignment = 64;

// The kernel's struct rt_sigframe: the return address, a ucontext whose last member is a mask of 8
// bytes. glibc's ucontext_t begins like it.
constexpr std::uint64_t kMaskOffset = offsetof(ucontext_t, uc_sigmask);
constexpr std::uint64_t kFrameBytes = sizeof(std::uint64_t) + kMaskOffset + sizeof(std::uint64_t);
static_assert(kMaskOffset == 296);

// Bits of uc_flags: vector registers are there, and the stack segment is to be restored as it is.
constexpr unsigned long kContextFlags = 1 | 2 | 4;
/// A stack for signal handlers that sigaltstack() refuses, so that the thread keeps its own.
constexpr int kNoSuchStack = 0x10;

// What XSAVE writes, in the layout of a signal frame: the processor's manual, and asm/sigcontext.h.
constexpr std::size_t kLegacyBytes = 512;
constexpr std::size_t kXsaveHeaderBytes = 64;
constexpr std::size_t kSoftwareBytes = 464;  ///< the bytes the processor leaves to software
constexpr std::uint32_t kMagic1 = 0x46505853;
constexpr std::uint32_t kMagic2 = 0x46505845;
constexpr unsigned kTileData = 18;

/// The end of the last component of the set, as this processor lays them out.
std::uint32_t xsave_bytes(std::uint64_t components) {
  std::uint32_t end = kLegacyBytes + kXsaveHeaderBytes;
  for (unsigned component = 2; component < 63; ++component) {
    if ((components & (std::uint64_t{1} << component)) == 0) continue;
    unsigned size = 0, offset = 0, c = 0, d = 0;
    if (__get_cpuid_count(0xD, component, &size, &offset, &c, &d) == 0) continue;
    end = std::max(end, offset + size);
  }
  return end;
}

/// The image a signal frame has, of the one that ptrace gives.
std::vector<std::byte> vector_image(const std::vector<std::byte>& traced) {
  std::vector<std::byte> image = traced;
  if (traced.size() < kLegacyBytes + kXsaveHeaderBytes) return image;
  std::uint64_t supported = 0, in_use = 0;
  std::memcpy(&supported, traced.data() + kSoftwareBytes, sizeof(supported));
  std::memcpy(&in_use, traced.data() + kLegacyBytes, sizeof(in_use));
  // The kernel gives a thread room for tiles (AMX) only once it has used them, and takes a frame
  // that is larger than its room for one without vector registers.
  if ((in_use & (std::uint64_t{1} << kTileData)) == 0) {
    supported &= ~(std::uint64_t{1} << kTileData);
  }
  const std::uint32_t bytes =
      std::min(xsave_bytes(supported), static_cast<std::uint32_t>(traced.size()));
  const struct {
    std::uint32_t magic;
    std::uint32_t bytes_with_end;
    std::uint64_t components;
    std::uint32_t bytes;
    std::uint32_t padding[7];
  } software{kMagic1, bytes + std::uint32_t{sizeof(kMagic2)}, supported, bytes, {}};
  static_assert(sizeof(software) == kLegacyBytes - kSoftwareBytes);
  image.resize(bytes + sizeof(kMagic2));
  std::memcpy(image.data() + kSoftwareBytes, &software, sizeof(software));
  std::memcpy(image.data() + bytes, &kMagic2, sizeof(kMagic2));
  return image;
}

/// At a 16-byte boundary less 8, where a function expects its return address.
std::uint64_t frame_below(std::uint64_t address) {
  return ((address - kFrameBytes) & ~std::uint64_t{15}) - 8;
}

}  // namespace

SignalFrames::SignalFrames(const ThreadState& state, const Gadgets& gadgets)
    : gadgets_(gadgets),
      blocked_signals_(state.blocked_signals),
      registers_(state.registers_to_go_on()) {
  const std::vector<std::byte> image = vector_image(state.vector_registers);
  vector_registers_ = (state.registers.rsp - kRedZone - image.size()) & ~(kVectorAlignment - 1);
  go_on_ = frame_below(vector_registers_);
  unmap_first_ = frame_below(go_on_);
  begin_ = unmap_first_;
  bytes_.resize(vector_registers_ + image.size() - begin_);
  std::ranges::copy(image,
                    bytes_.begin() + static_cast<std::ptrdiff_t>(vector_registers_ - begin_));
  put_frame(go_on_, registers_);
  set_mapping(0, 0);
}

void SignalFrames::set_mapping(std::uint64_t address, std::uint64_t size) {
  user_regs_struct unmap = registers_;
  unmap.rip = gadgets_.system_call_and_return;
  unmap.rsp = go_on_;
  unmap.rax = SYS_munmap;
  unmap.rdi = address;
  unmap.rsi = size;
  put_frame(unmap_first_, unmap);
}

void SignalFrames::put_frame(std::uint64_t at, const user_regs_struct& registers) {
  ucontext_t context{};
  context.uc_flags = kContextFlags;
  context.uc_stack.ss_flags = kNoSuchStack;
  auto& saved = context.uc_mcontext.gregs;
  const auto put = [&saved](int index, unsigned long long value) {
    saved[index] = static_cast<greg_t>(value);
  };
  put(REG_R8, registers.r8);
  put(REG_R9, registers.r9);
  put(REG_R10, registers.r10);
  put(REG_R11, registers.r11);
  put(REG_R12, registers.r12);
  put(REG_R13, registers.r13);
  put(REG_R14, registers.r14);
  put(REG_R15, registers.r15);
  put(REG_RDI, registers.rdi);
  put(REG_RSI, registers.rsi);
  put(REG_RBP, registers.rbp);
  put(REG_RBX, registers.rbx);
  put(REG_RDX, registers.rdx);
  put(REG_RAX, registers.rax);
  put(REG_RCX, registers.rcx);
  put(REG_RSP, registers.rsp);
  put(REG_RIP, registers.rip);
  put(REG_EFL, registers.eflags);
  // Four numbers of 16 bits: cs, gs, fs, ss.
  put(REG_CSGSFS, (registers.cs & 0xFFFF) | (registers.ss & 0xFFFF) << 48);
  context.uc_mcontext.fpregs = reinterpret_cast<fpregset_t>(vector_registers_);
  std::memcpy(&context.uc_sigmask, &blocked_signals_, sizeof(blocked_signals_));

  std::byte* to = bytes_.data() + (at - begin_);
  std::memcpy(to, &gadgets_.signal_return, sizeof(gadgets_.signal_return));
  std::memcpy(to + sizeof(gadgets_.signal_return), &context, kFrameBytes - sizeof(std::uint64_t));
}

}  // namespace ouro::python::attach
