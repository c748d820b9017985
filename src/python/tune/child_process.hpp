// A program that is started and measured: a process group of its own, its streams in pipes, ended
// with this process.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include <ouro/base/result.hpp>
#include "python/attach/descriptor.hpp"
#include "python/tune/output_lines.hpp"

namespace ouro::python::tune {

struct ChildProcess {
  pid_t pid = -1;
  attach::Descriptor
      life;  ///< readable when it has ended; closed where the kernel knows no such thing
  attach::Descriptor output;
  attach::Descriptor errors;
};

/// `words` as execvp() takes them; `set_up` runs in the child, before it becomes the program. Who
/// starts it waits for it. Errors: kNotFound, kPermissionDenied, kInputOutput.
Result<ChildProcess> start_child(const std::vector<std::string>& words, const std::string& input,
                                 const std::function<void()>& set_up);

/// What is there to be read now; closes the pipe at its end.
void drain(attach::Descriptor& pipe, OutputLines& lines);

}  // namespace ouro::python::tune
