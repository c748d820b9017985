#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

#include "model/options.hpp"
#include "model/random_program.hpp"

namespace ouro::model {

namespace {
Options given;
}

const Options& options() {
  return given;
}

}  // namespace ouro::model

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  using ouro::model::given;
  given.operations = OURO_MODEL_OPERATIONS;
  if (const char* wanted = std::getenv("OURO_MODEL_OPERATIONS")) {
    given.operations = std::strtoull(wanted, nullptr, 10);
  }
  for (int at = 1; at < argc; ++at) {
    const std::string_view argument = argv[at];
    if (argument == "--verbose") given.is_verbose = true;
    if (argument == "--seed" && at + 1 < argc) given.seed = std::strtoull(argv[++at], nullptr, 10);
  }
  ouro::model::install_unraisable_hook();
  return RUN_ALL_TESTS();
}
