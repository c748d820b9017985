// What pictures of references say of their nodes, be they drawn or written.
#pragma once

#include <string>

#include "report/reference_picture.hpp"

namespace ouro::report {

/// "Monster × 98", "Monster#3".
std::string title_of(const PictureNode& node);
/// "2.3 KiB, count 5".
std::string facts_of(const PictureNode& node);
/// "+ 37 more", or "" where nothing is left out.
std::string left_out_text(const PictureNode& node);
/// "module server; outside + 3 more".
std::string roots_text(const PictureRoots& roots);
/// "12 references of or to classes and modules are not shown", or "" where there are none.
std::string hidden_edges_text(const ReferencePicture& picture);

}  // namespace ouro::report
