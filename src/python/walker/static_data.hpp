// What C code holds in its static variables, and what the interpreter keeps in its own state: where
// the references are that no object explains.
//
//   /proc/self/maps   file of a library, at its beginning      -> its program headers (ELF)
//                     [ .data | .bss ] of it                    -> words that are objects'
//                     addresses
//
// A word that is an object's address is a pointer to it: in 64 bits, by chance there is none. But
// it need not be a counted reference, so these roots have none, and who reads the stream takes of
// them what the object's count leaves unexplained (heap/held_from_c.hpp). What the interpreter's
// lists of freed objects were once is left out: objects of classes that have such lists.
//
// Objects that lie in static memory themselves, as static types do, are jumped over: what they
// refer to are edges. Each gets a root too: such an object begins with a count of 1 that nobody
// holds. One pass over the writable memory of all libraries: 1 to 2 MB of the interpreter and its
// extensions, a millisecond; 10 ms where numerical libraries bring tens of them.
#pragma once

namespace ouro::python::walker {

class HeapWalk;

/// After all objects were found. Numbers no objects.
void emit_static_data(HeapWalk& walk);

}  // namespace ouro::python::walker
