// JSON as the command prints it: fields in the order they were set.
#pragma once

#include <nlohmann/json.hpp>

namespace ouro::report {

using Json = nlohmann::ordered_json;

}  // namespace ouro::report
