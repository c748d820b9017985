// What the system says of its last failure.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <ouro/base/result.hpp>

namespace ouro {

/// The error that errno names, of a file or of a call of the system.
inline Error system_error(std::string place) {
  return {ErrorCode::kInputOutput, std::move(place), std::generic_category().message(errno)};
}

}  // namespace ouro
