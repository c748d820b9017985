// The walker (python/walker) made ready for the interpreter that this module is in.
#pragma once

#include "python/walker/walker.hpp"

namespace ouro::extension {

/// Throws Failure where this interpreter is not walked. Precondition: with the GIL, as all of them.
void require_walker();

/// Whether questions may be asked in place: the walker knows this interpreter, and no thread runs
/// on meanwhile (as in a free-threaded one).
bool walks_in_place();

}  // namespace ouro::extension
