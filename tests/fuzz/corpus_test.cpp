// Every input that fuzzing found interesting, once more, in every build.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "fuzz/targets.hpp"
#include "support/temporary_folder.hpp"

namespace {

std::vector<std::filesystem::path> inputs_of(std::string_view target) {
  const auto folder = std::filesystem::path(OURO_SOURCE_DIR "/tests/fuzz/corpus") / target;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

class Corpus : public testing::TestWithParam<ouro::fuzz::Target> {};

TEST_P(Corpus, DoesNoHarm) {
  const auto inputs = inputs_of(GetParam().name);
  ASSERT_FALSE(inputs.empty());
  for (const auto& path : inputs) {
    // What ends the process is the input named last.
    std::cout << path.filename().string() << std::endl;
    GetParam().run(ouro::test::read_file(path.string()));
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, testing::ValuesIn(ouro::fuzz::kTargets),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
