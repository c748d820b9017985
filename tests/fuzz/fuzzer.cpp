// The entry of libFuzzer for the target OURO_FUZZ_TARGET.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.hpp"

// libFuzzer's name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ouro::fuzz::OURO_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
