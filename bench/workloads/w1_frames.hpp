// W1: the frames of a game. Each frame makes 10 dungeons and adds 100 monsters to each; a monster
// knows its dungeon and the dungeon its monsters, so 1,010 objects are a cycle when the frame is
// over.
//
//   way      what becomes of the cycles: the peer's own list (dropped, unlinked by hand, weak
//   references, ids) beside   none; live: `live` nodes are held beside the frames; world: and every
//   dungeon also holds their root
//
// Cost measured: the whole frame, the share of the collector that fell into it included.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ending.hpp"
#include "live_graph.hpp"
#include "measure.hpp"
#include "peer.hpp"
#include "resident_memory.hpp"

namespace bench {

inline constexpr std::size_t kDungeonsPerFrame = 10;
inline constexpr std::size_t kMonstersPerDungeon = 100;
// Frames that are not recorded: first page faults and the growth of the heap to its working size.
inline constexpr std::size_t kWarmUpFrames = 50;
// All frames together allocate more than twice this, so a peer that stays below it frees what it
// drops.
inline constexpr double kMostGrowthBytes = 10e6;

template <class DungeonType, class MonsterType>
auto play_dungeon(const peer::Ref<peer::Node>& world) {
  auto dungeon = peer::make<DungeonType>();
  if (world) dungeon->world = world;
  for (std::size_t i = 0; i < kMonstersPerDungeon; ++i) {
    auto monster = peer::make<MonsterType>();
    monster->on_add_to_dungeon(dungeon);
    dungeon->monsters.push_back(std::move(monster));
  }
  escape(dungeon);
  return dungeon;
}

// Checks once that a dungeon of this way is what the seed's is: full, and known to its monsters.
template <class DungeonType, class MonsterType>
void check_dungeon(peer::Ending ending) {
  auto dungeon = play_dungeon<DungeonType, MonsterType>(peer::Ref<peer::Node>{});
  require(dungeon->monsters.size() == kMonstersPerDungeon, "a dungeon lacks monsters");
  for (const auto& monster : dungeon->monsters) {
    require(monster->knows(dungeon), "a monster does not know its dungeon");
  }
  if (ending == peer::Ending::kDestroy) peer::destroy(dungeon);
}

inline void run_frames(const Parameters& parameters) {
  const std::string way(parameters.text("way", "default"));
  const std::string beside(parameters.text("beside", "none"));
  const std::size_t frame_count = parameters.number("frames", 500);

  peer::Ref<peer::Node> live{};
  if (beside != "none") {
    live = build_graph(parameters.number("live", 1'000'000), "sequential")[0];
    peer::collect();
    peer::collect();
  }
  const peer::Ref<peer::Node> world = beside == "world" ? live : peer::Ref<peer::Node>{};

  std::vector<double> frames;
  frames.reserve(kWarmUpFrames + frame_count);
  const bool known =
      peer::with_way(way, [&]<class DungeonType, class MonsterType>(peer::Ending ending) {
        check_dungeon<DungeonType, MonsterType>(ending);
        const double before = resident_bytes();
        for (std::size_t i = 0; i < kWarmUpFrames + frame_count; ++i) {
          const double begin = thread_cpu_ns();
          for (std::size_t j = 0; j < kDungeonsPerFrame; ++j) {
            auto dungeon = play_dungeon<DungeonType, MonsterType>(world);
            if (ending == peer::Ending::kDestroy) peer::destroy(dungeon);
          }
          frames.push_back(thread_cpu_ns() - begin);
        }
        require(beside != "none" || resident_bytes() - before < kMostGrowthBytes,
                "the frames leak");
      });
  require(known, "this peer has no such way");
  frames.erase(frames.begin(), frames.begin() + kWarmUpFrames);
  report("frame", "ns", frames);
}

}  // namespace bench
