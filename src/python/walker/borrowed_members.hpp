// Members of C classes that hold an object without counting it: the object outlives its holder for
// another reason. PyMemberDef does not say so. A reference made of one would explain a count that
// is not there.
#pragma once

#include <string_view>

#include "python/walker/object.hpp"

namespace ouro::python::walker {

/// Up to 3.15 a connection refers so to ten exceptions of its module: Warning, Error, DataError ...
inline bool is_borrowed_member(const Object* type, std::string_view name) {
  return std::string_view(type_name(type)) == "sqlite3.Connection" &&
         (name == "Warning" || name.ends_with("Error"));
}

}  // namespace ouro::python::walker
