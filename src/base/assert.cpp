// What a failed OURO_ASSERT does, see <ouro/base/assert.hpp>.
#include <ouro/base/assert.hpp>

#include <cstdio>
#include <cstdlib>

namespace ouro::detail {

void assertion_failed(const char* condition, const char* sentence, const char* file,
                      int line) noexcept {
  std::fprintf(stderr, "ouro: internal error at %s:%d: not true that %s (%s)\n", file, line,
               sentence, condition);
  std::abort();
}

}  // namespace ouro::detail
