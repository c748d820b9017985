// What the interpreter holds by itself: modules, its own dicts, built-in types.
#pragma once

namespace ouro::python::walker {

class HeapWalk;

/// Modules and dicts: may discover objects.
void emit_interpreter_roots(HeapWalk& walk);
/// Static types live as long as the interpreter, whatever they count. When all objects were walked.
void emit_static_types(HeapWalk& walk);

}  // namespace ouro::python::walker
