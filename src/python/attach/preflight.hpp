// What attaching to a process needs, looked at before anything is touched.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "python/attach/target.hpp"

namespace ouro::python::attach {

struct Finding {
  enum class Weight {
    kFact,      ///< as it is
    kWarning,   ///< it works, but
    kObstacle,  ///< it does not work
  };

  Weight weight;
  std::string what;  ///< a sentence without a full stop
  std::string help;  ///< what to do about it, a sentence too; may be empty
};

struct Preflight {
  std::vector<Finding> findings;
  std::optional<Target> target;  ///< where nothing is in the way

  /// The first one; null: attaching will work.
  const Finding* obstacle() const;
};

struct PreflightOptions {
  bool walks_in_place = false;
  std::string command = "attach";  ///< what `ouro` is asked to do, for its hints
};

/// Reads /proc and files of the target; stops nothing, changes nothing.
Preflight check(pid_t pid, const PreflightOptions& options = {});

}  // namespace ouro::python::attach
