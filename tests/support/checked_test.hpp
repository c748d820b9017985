// For tests of the checked build: records the reports; skips the test, by name, in other builds.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <ouro/checked.hpp>

namespace ouro::test {

class CheckedTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!checked::kEnabled)
      GTEST_SKIP() << "looked for by the checked build alone (preset checked)";
    previous_ =
        checked::set_handler([this](const checked::Report& report) { reports_.push_back(report); });
    is_recording_ = true;
  }
  void TearDown() override {
    if (!is_recording_) return;
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
  bool is_recording_ = false;
};

/// EXPECT_TRUE(contains(report.message, "...")) prints the sentence if it does not.
inline testing::AssertionResult contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << part << "\" in: " << text;
}

}  // namespace ouro::test
