// What a walker says that gave up.
#pragma once

#include <ouro/base/result.hpp>
#include "python/stream/stream_reader.hpp"

namespace ouro::python::stream {

/// Of a record of kind kFailure, as an error for people.
Error failure_of(const Record& record);

}  // namespace ouro::python::stream
