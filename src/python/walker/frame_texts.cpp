// What generators, coroutines and frames say of themselves: which function, where in it, and
// whether it has begun, waits, runs or is done.
#include "python/walker/frame_view.hpp"
#include "python/walker/frames.hpp"
#include "python/walker/generators.hpp"
#include "python/walker/stream_writer.hpp"
#include "python/walker/texts.hpp"

namespace ouro::python::walker {
namespace {

using stream::FrameState;
using stream::TextKind;

struct FrameText {
  const Object* name = nullptr;  ///< a str
  const Object* code = nullptr;
  int line = 0;
  char state = FrameState::kFinished;
};

const Object* name_of_code(const Object* code) {
  const int name = frame_layout.code_qualified_name;
  return load_object(code, name >= 0 ? name : frame_layout.code_name);
}

/// Up to 3.10: a frame says of itself how it stands; its generator is there while it is not done.
char state_of_object_frame(const Object* frame) {
  if (frame_layout.state >= 0) {
    // FRAME_CREATED is -2, then suspended, executing; what is above is done.
    const int state = load<signed char>(frame, frame_layout.state);
    if (state > 0) return FrameState::kFinished;
    if (state == 0) return FrameState::kRunning;
    return state == -1 ? FrameState::kSuspended : FrameState::kCreated;
  }
  const FrameView view(frame);
  if (view.stack_depth() < 0) {
    // The stack's end is null while the frame runs, and after.
    const bool is_executing = load<char>(frame, frame_layout.is_executing) != 0;
    return is_executing ? FrameState::kRunning : FrameState::kFinished;
  }
  return view.instruction_offset() < 0 ? FrameState::kCreated : FrameState::kSuspended;
}

/// From 3.11 on, by what the generator says: FRAME_CREATED, ... in pycore_frame.h.
char state_of_generator(int state) {
  if (layout.minor >= 15) {
    if (state == 0) return FrameState::kCreated;
    if (state <= 3) return FrameState::kSuspended;
    return state == 4 ? FrameState::kRunning : FrameState::kFinished;
  }
  if (state > 0) return FrameState::kFinished;
  if (state == 0) return FrameState::kRunning;
  const int created = layout.minor >= 13 ? -3 : -2;
  return state == created ? FrameState::kCreated : FrameState::kSuspended;
}

/// `frame`: a frame object of up to 3.10.
FrameText text_of_object_frame(const Object* frame) {
  const FrameView view(frame);
  if (!view.is_python()) return {};
  const Object* code = view.code().object;
  return {name_of_code(code), code, view.line(), state_of_object_frame(frame)};
}

FrameText text_of_generator(const Object* generator) {
  FrameText text;
  if (frame_layout.is_object) {
    const Object* frame = load_object(generator, frame_layout.generator_frame);
    if (frame != nullptr) text = text_of_object_frame(frame);
    if (frame == nullptr) text.code = load_object(generator, frame_layout.generator_code);
  } else {
    const FrameView view(reinterpret_cast<const char*>(generator) + frame_layout.generator_frame);
    if (!view.is_python()) return {};
    text.code = view.code().object;
    text.state = state_of_generator(load<signed char>(generator, frame_layout.generator_state));
    if (text.state != FrameState::kFinished) text.line = view.line();
  }
  text.name = load_object(generator, frame_layout.generator_name + 8);
  return text;
}

FrameText text_of_frame_object(const Object* object) {
  if (frame_layout.is_object) return text_of_object_frame(object);
  const void* frame = load<const void*>(object, frame_layout.frame_object_frame);
  if (frame == nullptr) return {};
  const FrameView view(frame);
  if (!view.is_python()) return {};
  FrameText text{name_of_code(view.code().object), view.code().object, view.line(),
                 FrameState::kFinished};
  if (const Object* generator = view.generator()) {
    text.state = state_of_generator(load<signed char>(generator, frame_layout.generator_state));
  } else if (load<signed char>(frame, frame_layout.owner) == FrameOwner::kThread) {
    text.state = FrameState::kRunning;
  }
  return text;
}

}  // namespace

void write_frame_text(StreamWriter& writer, std::uint32_t number, const Object* object) {
  const FrameText text =
      is_generator_type(type_of(object)) ? text_of_generator(object) : text_of_frame_object(object);
  if (text.code == nullptr || text.name == nullptr) return;
  const int line = text.line > 0 ? text.line : load<int>(text.code, frame_layout.code_first_line);
  char* to = writer.begin_text(2 * kMostNameBytes + 16);
  std::uint32_t bytes = write_name(text.name, to);
  to[bytes++] = 0;
  bytes += write_name(load_object(text.code, frame_layout.code_file), to + bytes);
  to[bytes++] = 0;
  bytes += write_decimal(line, to + bytes);
  to[bytes++] = 0;
  to[bytes++] = text.state;
  writer.finish_text(number, TextKind::kFrame, bytes, bytes, false);
}

}  // namespace ouro::python::walker
