// How a frame leaves its dungeons. Each peer's `with_way` pairs a Dungeon, a Monster and an ending
// by the way's name.
#pragma once

namespace peer {

enum class Ending {
  kForget,   // the dungeon is dropped as it is: a cycle unless the way breaks it elsewhere
  kDestroy,  // the dungeon's list is emptied first, as in the seed's `destroy`
};

}  // namespace peer
