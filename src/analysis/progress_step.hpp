// One step of long work for a Progress that may be absent: at(done) is one comparison most times.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/progress.hpp"

namespace ouro::analysis {

class ProgressStep {
 public:
  ProgressStep(Progress* progress, std::string_view what, std::uint64_t total)
      : progress_(progress), stride_(total / kMostCalls + 1) {
    if (progress == nullptr) return;
    next_ = stride_;
    progress->begin(what, total);
  }

  void at(std::uint64_t done) {
    if (done < next_) [[likely]]
      return;
    progress_->advance(done);
    next_ = done + stride_;
  }

 private:
  static constexpr std::uint64_t kMostCalls = 500;

  Progress* progress_;
  std::uint64_t stride_;
  std::uint64_t next_ = UINT64_MAX;  ///< never, without a Progress
};

}  // namespace ouro::analysis
