// The version of the library as built, see <ouro/version.hpp>.
#include <ouro/version.hpp>

#define OURO_QUOTE(token) #token
#define OURO_QUOTE_VALUE(macro) OURO_QUOTE(macro)

namespace ouro {

const char* version() noexcept {
  return OURO_QUOTE_VALUE(OURO_VERSION_MAJOR) "." OURO_QUOTE_VALUE(
      OURO_VERSION_MINOR) "." OURO_QUOTE_VALUE(OURO_VERSION_PATCH);
}

}  // namespace ouro
