// A picture of references in Graphviz's language DOT; write_picture (base/picture_file.hpp) draws
// it.
//
// Boxes have a light colour by type, the same in every picture as far as the types of one picture
// can have different ones; several objects have a double border, starts a thick one. Roots are
// green tags. The cycle is red and bold, weak references are dashed, what is left out is plain
// text.
#pragma once

#include <string>

#include "report/reference_picture.hpp"

namespace ouro::report {

std::string picture_dot(const ReferencePicture& picture);

}  // namespace ouro::report
