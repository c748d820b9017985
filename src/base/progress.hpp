// How long work tells who waits for it how far it is.
#pragma once

#include <cstdint>
#include <string_view>

namespace ouro {

/// A step begins, advances some times and is followed by the next. Called at most some thousand
/// times a step, from the thread that works.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `total` in whatever unit advance() counts; 0 where nobody knows. `what` is static.
  virtual void begin(std::string_view what, std::uint64_t total) = 0;
  virtual void advance(std::uint64_t done) = 0;
};

}  // namespace ouro
