#include "python/walker/roots.hpp"

#include "python/walker/dict.hpp"
#include "python/walker/heap_walk.hpp"
#include "python/walker/interpreter.hpp"
#include "python/walker/str.hpp"

namespace ouro::python::walker {

namespace {

using stream::Root;
using stream::RootWhat;

Root root_of(HeapWalk& walk, const Object* object, graph::RootKind kind, RootWhat what) {
  return {.node = walk.number_of(object),
          .kind = static_cast<std::uint16_t>(kind),
          .what = static_cast<std::uint16_t>(what),
          .references = 0,
          .thread = stream::kNoNode,
          .depth = stream::kNoNode,
          .name = stream::kNoNode};
}

/// Modules by their names; the dict counts the references.
void emit_modules(HeapWalk& walk, const Object* modules) {
  if (modules == nullptr || !is_exactly(modules, symbols.PyDict_Type)) return;
  const Dict dict = read_dict(modules);
  for (std::int64_t at = 0; at < dict.count; ++at) {
    const Object* module = dict.value_at(at);
    const Object* name = dict.key(at);
    if (module == nullptr || name == nullptr) continue;
    if (!has_flag(type_of(name), TypeFlag::kStrSubclass)) continue;
    constexpr std::int64_t kMostCharacters = 200;
    char text[4 * kMostCharacters + 1];
    text[write_utf8(read_str(name), kMostCharacters, text)] = 0;
    walk.emit_root(root_of(walk, module, graph::RootKind::kGlobal, RootWhat::kModule), text);
  }
}

/// A reference that the interpreter's state owns.
void emit_owned(HeapWalk& walk, const char* interpreter, std::int64_t offset, const char* text) {
  if (offset < 0) return;
  const Object* object = load_object(interpreter, offset);
  if (object == nullptr) return;
  Root root = root_of(walk, object, graph::RootKind::kStatic, RootWhat::kInterpreter);
  root.references = 1;
  walk.emit_root(root, text);
}

}  // namespace

void emit_interpreter_roots(HeapWalk& walk) {
  for (const char* at = first_interpreter(); at != nullptr; at = next_interpreter(at)) {
    if (layout.interpreter_modules >= 0) {
      emit_modules(walk, load_object(at, layout.interpreter_modules));
    }
    emit_owned(walk, at, layout.interpreter_modules, "sys.modules");
    emit_owned(walk, at, layout.interpreter_sysdict, "sys.__dict__");
    emit_owned(walk, at, layout.interpreter_builtins, "builtins.__dict__");
    emit_owned(walk, at, layout.interpreter_dict, "dict of the interpreter");
  }
  if (layout.interpreter_modules < 0) {
    const auto* modules = call<const Object*>(symbols.PyImport_GetModuleDict);
    emit_modules(walk, modules);
    if (modules != nullptr) {
      Root root = root_of(walk, modules, graph::RootKind::kStatic, RootWhat::kInterpreter);
      root.references = 1;
      walk.emit_root(root, "sys.modules");
    }
  }
}

// Static types begin with one reference that nobody gives back; from 3.12 on they are immortal.
void emit_static_types(HeapWalk& walk) {
  for (const std::uint32_t number : walk.static_types()) {
    Root root =
        root_of(walk, walk.object_of(number), graph::RootKind::kStatic, RootWhat::kInterpreter);
    root.references = layout.minor <= 11 ? 1 : 0;
    walk.emit_root(root, "built-in type");
  }
}

}  // namespace ouro::python::walker
