// So many objects of so many bytes, as JSON.
#pragma once

#include "analysis/amount.hpp"
#include "report/json.hpp"

namespace ouro::report {

inline Json amount_json(const analysis::Amount& amount) {
  return {{"objects", amount.count}, {"bytes", amount.bytes}};
}

}  // namespace ouro::report
