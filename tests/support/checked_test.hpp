// For tests of the checked build: records the reports.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <ouro/checked.hpp>

namespace ouro::test {

static_assert(checked::kEnabled, "tests/checked is for the preset checked");

class CheckedTest : public testing::Test {
 protected:
  void SetUp() override {
    previous_ =
        checked::set_handler([this](const checked::Report& report) { reports_.push_back(report); });
  }
  void TearDown() override {
    checked::set_handler(std::move(previous_));
    for (const checked::Report& report : reports_)
      ADD_FAILURE() << "unexpected: " << report.message;
  }

  /// The only report so far, which then is forgotten.
  checked::Report only_report() {
    const std::vector<checked::Report> reports = std::exchange(reports_, {});
    std::string sentences;
    for (const checked::Report& report : reports) sentences += "\n  " + report.message;
    EXPECT_EQ(reports.size(), 1u) << "reported:" << sentences;
    return reports.empty() ? checked::Report{} : reports.front();
  }
  /// All reports so far, which then are forgotten.
  std::vector<checked::Report> all_reports() { return std::exchange(reports_, {}); }
  bool is_quiet() const { return reports_.empty(); }

 private:
  std::vector<checked::Report> reports_;
  checked::Handler previous_;
};

/// EXPECT_TRUE(contains(report.message, "...")) prints the sentence if it does not.
inline testing::AssertionResult contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << part << "\" in: " << text;
}

}  // namespace ouro::test
