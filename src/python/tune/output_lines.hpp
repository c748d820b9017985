// What a measured program prints: not kept, but for its last lines and what it says of its work.
//
//   ouro: 500 frames        500 units of work more are done, called frames
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ouro::python::tune {

class OutputLines {
 public:
  /// `wanted`: a text that somebody waits for in a line; may be empty.
  explicit OutputLines(std::string wanted = {}) : wanted_(std::move(wanted)) {}

  void add(std::string_view bytes);
  /// What came behind the last line break counts, too.
  void end();

  double units() const { return units_; }
  const std::string& unit() const { return unit_; }
  bool has_wanted() const { return has_wanted_; }
  /// At most some kilobytes.
  const std::string& last() const { return last_; }

 private:
  void take(std::string_view line);

  std::string wanted_;
  std::string line_;
  std::string last_;
  double units_ = 0;
  std::string unit_;
  bool has_wanted_ = false;
};

}  // namespace ouro::python::tune
