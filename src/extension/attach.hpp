// A snapshot of another process, in memory.
#pragma once

#include <memory>

#include "extension/heap.hpp"

namespace ouro::extension {

struct AttachOptions {
  int process = 0;
  bool clones = true;
  bool keeps_values = true;
  double timeout_seconds = 60;
};

/// Without the GIL. Throws Failure with what is in the way and what helps; Ctrl-C ends it as
/// KeyboardInterrupt once the program is as it was.
std::shared_ptr<Heap> attach(const AttachOptions& options);

}  // namespace ouro::extension
