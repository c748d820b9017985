// The module that measures from inside (shim.py), as a folder in front of PYTHONPATH.
#pragma once

#include <string>
#include <utility>

#include <ouro/base/result.hpp>

namespace ouro::python::tune {

class Shim {
 public:
  /// Errors: kInputOutput, no folder for temporary files.
  static Result<Shim> create();
  Shim(Shim&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  Shim& operator=(Shim&&) = delete;
  /// Removes the folder.
  ~Shim();

  const std::string& folder() const { return folder_; }
  /// In the child, between fork() and exec(): environment and descriptor. `words` say the setting,
  /// `descriptor` where to count.
  void set_up_child(const std::string& words, int descriptor) const;

 private:
  explicit Shim(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
};

}  // namespace ouro::python::tune
