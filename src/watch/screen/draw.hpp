// The screen of a watch: what stands where.
//
//    title          which program, for how long
//    memory         rss uss pss swap, now
//    curves         a third of the height
//    verdict        in words, three lines at most
//    collector      where it can be read
//    looks          their distance and cost
//    types          a table, as long as there is room; or the answer to `w`, or help
//    keys
//
// A terminal of fewer than 12 rows or 40 columns shows the numbers and the verdict alone.
#pragma once

#include "watch/screen/canvas.hpp"
#include "watch/screen/view.hpp"
#include "watch/watch.hpp"

namespace ouro::watch {

/// Corrects the places the view has scrolled to, where there is not so much.
void draw(Canvas& canvas, const Watch& watch, View& view);

}  // namespace ouro::watch
