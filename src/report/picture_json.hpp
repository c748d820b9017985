// A picture of references as JSON:
//
//   {"direction": "refs",                 or "backrefs"
//    "nodes": [{"id": 0,                  of edges
//               "name": "Monster",        "Monster#1" where it is one object
//               "objects": 98,            how many it stands for
//               "address": "0x7f3a10",    of the first of them
//               "type": "game.Monster",
//               "size_bytes": 3136,       of all of them
//               "count": 2,               of references; left out where unknown or not the same
//               "preview": "'alice'",     left out where there is none
//               "immortal": false,
//               "start": true,
//               "in_cycle": true,         of the cycle that pictures highlight
//               "depth": 0,
//               "roots": {"text": "module server", "count": 1, "left_out": 0},   or left out
//               "left_out": 37,           objects next to it that no node has
//               "partial": false}],       it has more edges than were looked at
//    "edges": [{"from": 0,                the id of the referrer, whatever the direction
//               "to": 1,
//               "label": ".monsters[0..97]",
//               "references": 98,
//               "weak": false,
//               "in_cycle": true}],
//    "left_out_starts": 0,                objects asked for that no node has
//    "hidden_edges": 12}                  references of and to classes and modules, not shown
#pragma once

#include "report/json.hpp"
#include "report/reference_picture.hpp"

namespace ouro::report {

/// `names`: those that the picture was made with.
Json picture_json(const ReferencePicture& picture, const ObjectNames& names);

}  // namespace ouro::report
