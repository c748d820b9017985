// Greenlets: functions of gevent, eventlet and SQLAlchemy that wait for each other in one thread.
//
// The extension keeps what it takes off the thread when a greenlet waits (greenlet from 2.0 on,
// TGreenlet.hpp), all of it in one C++ object of the greenlet's own:
//
//   greenlet  [ header | weak references | __dict__ | pimpl ]
//   pimpl     [ ... start stop copy saved | link | context | newest frame object | ... ]
//
// The four words are its piece of the C stack; one of the other words is the greenlet itself. The
// places differ from release to release (2.0 to 3.5), so they are found by what they are: a word
// that points to a frame object whose frame points back to it is one. What does not fit is no
// greenlet that waits, and nothing is said of it.
//
// From 3.12 on a Python function that C code called has an entry frame of the interpreter's below
// it, which lies on the C stack: of a greenlet that waits the first `saved` bytes from `start` on
// were copied away, the rest is still where it was.
#pragma once

#include <cstdint>

#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// Whether its objects are greenlets whose frames nobody else shows. Asked once a class.
bool is_greenlet_type(const Object* type);

/// The frames of a greenlet that waits.
class GreenletStack {
 public:
  explicit GreenletStack(const Object* greenlet);

  /// The frame of the newest function, as FrameView takes it; null: it does not wait.
  const void* newest() const { return newest_; }
  /// That of the function that called it; null at the oldest.
  const void* caller_of(const void* frame) const;

 private:
  struct Piece {  ///< of the C stack
    std::uint64_t start;
    std::uint64_t stop;
    std::uint64_t copy;
    std::uint64_t saved;  ///< bytes
  };
  /// What was at this address when it ran; all ones where that is not known.
  std::uint64_t word_at(std::uint64_t address) const;
  /// FrameOwner of a frame that may lie on the C stack; -1: not known.
  int owner_of(std::uint64_t frame) const;

  const void* newest_ = nullptr;
  Piece piece_{};
};

}  // namespace ouro::python::walker
