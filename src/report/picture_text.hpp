// A picture of references as a tree of text, for terminals and where there is no Graphviz.
//
//   Dungeon#1  40 B, count 101
//   └─ .monsters[0..99] → Monster × 100  3.1 KiB, count 1 each
//      └─ .dungeon → Dungeon#1 ↺
//
// Each node is shown with what it leads to where it was found first, under the node nearest to the
// starts; elsewhere only its name stands. Of kBackrefs the arrow points from the referrer, which is
// to its right. No line is wider than asked for: previews give way first, then sizes.
#pragma once

#include <cstddef>
#include <string>

#include "report/reference_picture.hpp"
#include "report/table.hpp"

namespace ouro::report {

/// Lines that end with a line break.
std::string picture_text(const ReferencePicture& picture, std::size_t width = kAnyWidth);

}  // namespace ouro::report
