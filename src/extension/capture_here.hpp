// A snapshot of the process that this module is in.
//
//   with a clone    the caller holds the GIL for the clone alone: milliseconds. The clone walks;
//   the
//                   caller reads what it says, without the GIL.
//   in place        the caller holds the GIL and walks; a thread reads what it says.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "extension/heap.hpp"

namespace ouro::extension {

struct HereOptions {
  bool clones = true;
  bool keeps_values = true;
  /// So many of the caller's newest frames are the asker's own: what they hold is not shown.
  unsigned own_frames = 0;
  /// Address of the object that is asked about, or 0: that it is an argument is not shown either.
  std::uint64_t argument = 0;
  std::string program;  ///< a fact of the snapshot: "server.py"
};

/// Precondition: with the GIL. Throws Failure where this interpreter is not walked.
std::shared_ptr<Heap> capture_here(const HereOptions& options);

}  // namespace ouro::extension
