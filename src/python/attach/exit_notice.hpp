// Lets a Python program say that it is about to end, while its heap is still there.
//
// A folder with a module `sitecustomize` in front of PYTHONPATH: Python imports it when it starts.
// It takes itself out of the path and of the environment, imports the sitecustomize that would have
// been, and registers a function with atexit; being the first registered it is called last. That
// function writes a byte into one pipe, and waits until the other one is closed.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include <ouro/base/result.hpp>
#include "python/attach/descriptor.hpp"

namespace ouro::python::attach {

class ExitNotice {
 public:
  /// Errors: kInputOutput, no folder for temporary files.
  static Result<ExitNotice> create();
  ExitNotice(ExitNotice&&) = default;
  ExitNotice& operator=(ExitNotice&&) = default;
  /// Removes the folder.
  ~ExitNotice();

  /// In the child, between fork() and exec(): environment and descriptors.
  void set_up_child() const;
  /// In the parent, once the child has its own.
  void close_ends_of_child();

  /// Readable when the program is about to end.
  int number() const { return notices_.number(); }
  bool is_open() const { return notices_.is_open(); }
  /// False: nothing was said, the other end is closed.
  bool take();
  void let_go() { answers_.close(); }

 private:
  ExitNotice() = default;

  /// Empty once it belongs to another object.
  struct Folder {
    std::string path;
    Folder() = default;
    Folder(Folder&& other) noexcept : path(std::exchange(other.path, {})) {}
    Folder& operator=(Folder&& other) noexcept {
      std::swap(path, other.path);
      return *this;
    }
  } folder_;
  Descriptor notices_, answers_;              ///< ours: to read, to write
  Descriptor child_notices_, child_answers_;  ///< to write, to read
};

/// A program that has said that it exits goes to sleep at once. CPython 3.8 takes no pending calls
/// any more by then, and does not survive being asked; who sleeps is looked at by a thread.
void wait_until_it_waits(pid_t pid);

}  // namespace ouro::python::attach
