// What attaching could break without Python noticing, called by target.py through ctypes, which
// lets go of the GIL meanwhile.
#include <cpuid.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr int kRegisters = 32;
constexpr int kBytesOfRegister = 64;

struct Registers {
  alignas(64) unsigned char vectors[kRegisters * kBytesOfRegister];
  std::uint64_t general[8];
  std::uint64_t red_zone[4];
};

bool has_avx512() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_AVX512F) != 0;
}

bool has_avx() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_AVX) != 0;
}

#define EACH_16(DO) \
  DO(0)             \
  DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)
#define EACH_HIGH_16(DO) \
  DO(16)                 \
  DO(17)                 \
  DO(18) DO(19) DO(20) DO(21) DO(22) DO(23) DO(24) DO(25) DO(26) DO(27) DO(28) DO(29) DO(30) DO(31)

#define LOAD_512(n) "vmovdqu64 " #n "*64(%%rdi), %%zmm" #n "\n"
#define STORE_512(n) "vmovdqu64 %%zmm" #n ", " #n "*64(%%rsi)\n"
#define LOAD_256(n) "vmovdqu " #n "*64(%%rdi), %%ymm" #n "\n"
#define STORE_256(n) "vmovdqu %%ymm" #n ", " #n "*64(%%rsi)\n"
#define LOAD_128(n) "movdqu " #n "*64(%%rdi), %%xmm" #n "\n"
#define STORE_128(n) "movdqu %%xmm" #n ", " #n "*64(%%rsi)\n"

// rdi: what to load, rsi: where to store, rcx: how often to go round with all of it in registers
// and in the 128 bytes below the stack pointer.
#define GENERAL 2048
#define RED_ZONE 2112
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number
#define LOAD_GENERAL(n, i) "movq " TEXT(GENERAL) "+8*" #i "(%%rdi), %%r" #n "\n"
#define STORE_GENERAL(n, i) "movq %%r" #n ", " TEXT(GENERAL) "+8*" #i "(%%rsi)\n"
#define EACH_GENERAL(DO) \
  DO(8, 0) DO(9, 1) DO(10, 2) DO(11, 3) DO(12, 4) DO(13, 5) DO(14, 6) DO(15, 7)
#define ROUND \
  "movq " TEXT(RED_ZONE) "(%%rdi), %%rax\n" \
  "movq %%rax, -8(%%rsp)\n"                 \
  "movq %%rax, -128(%%rsp)\n"               \
  "1: decq %%rcx\n"                         \
  "jnz 1b\n"                                \
  "movq -8(%%rsp), %%rax\n"                 \
  "movq %%rax, " TEXT(RED_ZONE) "(%%rsi)\n" \
  "movq -128(%%rsp), %%rax\n"               \
  "movq %%rax, " TEXT(RED_ZONE) "+8(%%rsi)\n"

#define VECTORS_0_TO_15                                                                    \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
      "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

__attribute__((noinline)) void keep_512(const Registers* from, Registers* to, std::uint64_t n) {
  asm volatile(EACH_16(LOAD_512) EACH_HIGH_16(LOAD_512) EACH_GENERAL(LOAD_GENERAL)
                   ROUND EACH_GENERAL(STORE_GENERAL) EACH_16(STORE_512)
                       EACH_HIGH_16(STORE_512) "vzeroupper"
               : "+D"(from), "+S"(to), "+c"(n)
               :
               : "rax", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc",
                 VECTORS_0_TO_15);
}

__attribute__((noinline)) void keep_256(const Registers* from, Registers* to, std::uint64_t n) {
  asm volatile(EACH_16(LOAD_256) EACH_GENERAL(LOAD_GENERAL) ROUND EACH_GENERAL(STORE_GENERAL)
                   EACH_16(STORE_256) "vzeroupper"
               : "+D"(from), "+S"(to), "+c"(n)
               :
               : "rax", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc",
                 VECTORS_0_TO_15);
}

__attribute__((noinline)) void keep_128(const Registers* from, Registers* to, std::uint64_t n) {
  asm volatile(EACH_16(LOAD_128) EACH_GENERAL(LOAD_GENERAL) ROUND EACH_GENERAL(STORE_GENERAL)
                   EACH_16(STORE_128)
               : "+D"(from), "+S"(to), "+c"(n)
               :
               : "rax", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc",
                 VECTORS_0_TO_15);
}

std::int64_t now_ms() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1000000;
}

bool differs(const unsigned char* a, const unsigned char* b, std::size_t bytes) {
  return std::memcmp(a, b, bytes) != 0;
}

}  // namespace

extern "C" {

/// Registers that changed while nobody here changed them, in so many milliseconds.
int canary_keep_registers(int milliseconds) {
  static_assert(offsetof(Registers, general) == GENERAL);
  static_assert(offsetof(Registers, red_zone) == RED_ZONE);
  Registers from, to;
  auto* bytes = reinterpret_cast<unsigned char*>(&from);
  for (std::size_t i = 0; i < sizeof(from); ++i) bytes[i] = static_cast<unsigned char>(i * 7 + 13);
  const int width = has_avx512() ? 64 : has_avx() ? 32 : 16;
  const int count = has_avx512() ? 32 : 16;
  constexpr std::uint64_t kRounds = 200000;
  int changed = 0;
  for (const std::int64_t end = now_ms() + milliseconds; now_ms() < end;) {
    std::memset(&to, 0, sizeof(to));
    if (width == 64) {
      keep_512(&from, &to, kRounds);
    } else if (width == 32) {
      keep_256(&from, &to, kRounds);
    } else {
      keep_128(&from, &to, kRounds);
    }
    for (int i = 0; i < count; ++i) {
      const int at = i * kBytesOfRegister;
      changed += differs(from.vectors + at, to.vectors + at, static_cast<std::size_t>(width));
    }
    for (int i = 0; i < 8; ++i) changed += from.general[i] != to.general[i];
    changed += from.red_zone[0] != to.red_zone[0] || from.red_zone[0] != to.red_zone[1];
  }
  return changed;
}

/// Allocates and frees for so many milliseconds; blocks whose contents changed.
int canary_allocate(int milliseconds) {
  constexpr int kBlocks = 64;
  unsigned char* blocks[kBlocks] = {};
  std::size_t sizes[kBlocks] = {};
  unsigned state = 12345;
  int changed = 0;
  for (const std::int64_t end = now_ms() + milliseconds; now_ms() < end;) {
    for (int round = 0; round < 2000; ++round) {
      state = state * 1664525 + 1013904223;
      const unsigned i = (state >> 16) % kBlocks;
      if (blocks[i] != nullptr) {
        changed += blocks[i][0] != i || blocks[i][sizes[i] - 1] != i;
        std::free(blocks[i]);
      }
      // Now and then one that malloc() gets by mmap().
      sizes[i] = 16 + (state >> 8) % 3000 + (round == 0 ? 300000u : 0u);
      blocks[i] = static_cast<unsigned char*>(std::malloc(sizes[i]));
      blocks[i][0] = blocks[i][sizes[i] - 1] = static_cast<unsigned char>(i);
    }
  }
  for (unsigned char* block : blocks) std::free(block);
  return changed;
}
}
