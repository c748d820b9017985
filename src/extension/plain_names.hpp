// Names of classes, where they can be read without running anything of Python.
#pragma once

#include <string_view>

#include "python/walker/object.hpp"

namespace ouro::extension {

/// The `__name__` of a class; empty where only Python can say it. It lies in the heap.
std::string_view plain_name_of(const python::walker::Object* type);

}  // namespace ouro::extension
