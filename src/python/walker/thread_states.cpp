#include "python/walker/thread_states.hpp"

#include "python/walker/frame_view.hpp"
#include "python/walker/heap_walk.hpp"

namespace ouro::python::walker {
namespace {

/// A field of PyThreadState that owns an object, in 3.8, 3.9, ... 3.15; -1: it is not there.
/// (Include/cpython/pystate.h; the two of asyncio: Include/internal/pycore_tstate.h.)
struct OwningField {
  const char* text;
  int offset_by_minor[8];
};

constexpr int kFirstMinorOfFields = 8;
// clang-format off
constexpr OwningField kOwningFields[] = {
    //                                    3.8  3.9 3.10 3.11 3.12 3.13 3.14 3.15
    {"threading dictionary",            {152, 152, 152, 128, 112, 128, 128, 152}},
    {"context",                         {240, 240, 240, 224, 208, 208, 208, 232}},
    {"type of the handled exception",   {112, 112, 112,  -1,  -1,  -1,  -1,  -1}},
    {"handled exception",               {120, 120, 120, 320, 256, 256, 256, 288}},
    {"traceback of the handled exception",
                                        {128, 128, 128,  -1,  -1,  -1,  -1,  -1}},
    {"type of the raised exception",    { 88,  88,  88,  96,  -1,  -1,  -1,  -1}},
    {"raised exception",                { 96,  96,  96, 104,  96, 112, 112, 136}},
    {"traceback of the raised exception",
                                        {104, 104, 104, 112,  -1,  -1,  -1,  -1}},
    {"exception to be raised",          {168, 168, 168, 144, 128, 144, 144, 168}},
    {"hook of async generators: firstiter",
                                        {224, 224, 224, 208, 192, 192, 192, 216}},
    {"hook of async generators: finalizer",
                                        {232, 232, 232, 216, 200, 200, 200, 224}},
    {"profile function",                { 72,  72,  72,  80,  80,  96,  96, 120}},
    {"trace function",                  { 80,  80,  80,  88,  88, 104, 104, 128}},
    {"key of threading.local",          { -1,  -1,  -1,  -1,  -1, 288, 288, 328}},
    {"sentinel of threading.local",     { -1,  -1,  -1,  -1,  -1, 296, 296, 336}},
    {"running event loop",              { -1,  -1,  -1,  -1,  -1,  -1, 864,1024}},
    {"running asyncio task",            { -1,  -1,  -1,  -1,  -1,  -1, 872,1032}},
};
// clang-format on

void emit(HeapWalk& walk, const Object* object, std::uint32_t thread, std::uint32_t references,
          const char* text) {
  walk.emit_root({.node = walk.number_of(object),
                  .kind = static_cast<std::uint16_t>(graph::RootKind::kOutside),
                  .what = static_cast<std::uint16_t>(stream::RootWhat::kThreadState),
                  .references = references,
                  .thread = thread,
                  .depth = stream::kNoNode,
                  .name = stream::kNoNode},
                 text);
}

/// While a generator runs, the exception it handles is an item of its own on the thread's stack of
/// them, and an edge of the generator: named here, but no count.
///
///   thread state -> item in the inner generator -> ... -> the thread state's own item, the last
void emit_exceptions_of_generators(HeapWalk& walk, const void* state, std::uint32_t thread) {
  constexpr int kMostItems = 1 << 16;
  const char* last = static_cast<const char*>(state) + frame_layout.thread_exc_state;
  const auto* item = load<const char*>(state, frame_layout.thread_exc_info);
  for (int i = 0; i < kMostItems && item != nullptr && item != last; ++i) {
    const Object* value = load_object(item, frame_layout.exc_value);
    if (value != nullptr && address_of(value) != symbols._Py_NoneStruct) {
      emit(walk, value, thread, 0, "handled exception of a generator");
    }
    item = load<const char*>(item, frame_layout.exc_previous);
  }
}

}  // namespace

void emit_thread_state(HeapWalk& walk, const void* state, std::uint32_t thread) {
  for (const OwningField& field : kOwningFields) {
    const int offset = field.offset_by_minor[layout.minor - kFirstMinorOfFields];
    if (offset < 0) continue;
    const Object* object = load_object(state, offset);
    // None is how "nothing" is said of the exceptions.
    if (object == nullptr || address_of(object) == symbols._Py_NoneStruct) continue;
    emit(walk, object, thread, 1, field.text);
  }
  emit_exceptions_of_generators(walk, state, thread);
}

}  // namespace ouro::python::walker
