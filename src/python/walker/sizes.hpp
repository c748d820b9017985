// sys.getsizeof without Python: by the layout of what is common, else by the type's own __sizeof__
// in C.
#pragma once

#include "python/walker/type_info.hpp"

namespace ouro::python::walker {

/// How objects of the class are measured: by the __sizeof__ that its method resolution order finds.
/// Fills size_rule, size_of and both header sizes; the rest of `info` is filled already.
void choose_size_rule(TypeInfo& info);

/// sys.getsizeof(object). `is_collectable`: whether the collector may track it.
std::uint64_t size_of(Object* object, const TypeInfo& info, bool is_collectable);

}  // namespace ouro::python::walker
