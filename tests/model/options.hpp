// What the command line and the environment ask of the tests in this folder.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ouro::model {

struct Options {
  std::uint64_t seed = 0;      ///< --seed N: this program alone
  bool is_verbose = false;     ///< --verbose: each operation
  std::size_t operations = 0;  ///< OURO_MODEL_OPERATIONS, or what the build is given time for
};

const Options& options();

}  // namespace ouro::model
