// The frames of the caller's interpreter, of all its threads: nothing of Python runs meanwhile.
#pragma once

#include "python/walker/frame_view.hpp"
#include "python/walker/in_process/tracked.hpp"

namespace ouro::python::walker {

template <class VisitFrame>
void for_each_own_frame(VisitFrame visit) {
  for (const void* thread = call<void*>(symbols.PyInterpreterState_ThreadHead, own_interpreter());
       thread != nullptr; thread = call<void*>(symbols.PyThreadState_Next, thread)) {
    for (const void* at = newest_python_frame(thread); at != nullptr;) {
      const FrameView frame(at);
      visit(frame);
      at = python_frame_from(frame.previous());
    }
  }
}

/// `visit(object)` for what a frame says it holds, counted or not. Of a frame whose variables are
/// being given back, as in a finalizer that CPython 3.11 runs then, some may be no objects any
/// more.
template <class VisitObject>
void for_each_held_by(const FrameView& frame, VisitObject visit) {
  const auto visit_if_any = [&](Object* object) {
    if (object != nullptr) visit(object);
  };
  if (frame_layout.is_object) {
    visit_if_any(object_at(address_of(frame.address())));
  } else {
    visit_if_any(frame.frame_object());
  }
  visit_if_any(frame.function().object);
  visit_if_any(frame.namespace_dict());
  visit_if_any(frame.generator());
  for (int at = 0; at < frame.variable_count(); ++at) {
    visit_if_any(frame.variable_at(at).slot.object);
  }
  const int depth = frame.stack_depth();
  for (int at = 0; at < depth; ++at) visit_if_any(frame.stack_at(at).object);
}

}  // namespace ouro::python::walker
