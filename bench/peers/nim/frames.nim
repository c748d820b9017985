## W1 on Nim's ORC: the frames of workloads/w1_frames.hpp, with cycles dropped, unlinked by hand, or
## avoided by a `cursor` (Nim's reference that does not count; ORC has no weak references).
import graphs, measure

const
  DungeonsPerFrame = 10
  MonstersPerDungeon = 100
  WarmUpFrames = 50

type
  Dungeon = ref object
    monsters: seq[Monster]
    world: Node
  Monster = ref object
    dungeon: Dungeon
    hp, attack, defence, speed: int32

  DungeonOfCursors = ref object
    monsters: seq[MonsterWithCursor]
    world: Node
  MonsterWithCursor = ref object
    dungeon {.cursor.}: DungeonOfCursors
    hp, attack, defence, speed: int32

proc playDungeon[D, M](world: Node): D =
  result = D()
  if world != nil: result.world = world
  for i in 0 ..< MonstersPerDungeon:
    let monster = M(hp: 10, attack: 1, defence: 2, speed: 3)
    monster.dungeon = result
    result.monsters.add monster  # its last use: moved, so that the count never falls to non-zero
  escape(cast[pointer](result))

proc runWay[D, M](world: Node, manual: bool, frameCount: int) =
  block:
    let dungeon = playDungeon[D, M](nil)
    require(dungeon.monsters.len == MonstersPerDungeon, "a dungeon lacks monsters")
    for monster in dungeon.monsters:
      require(monster.dungeon == dungeon, "a monster does not know its dungeon")
  let before = getOccupiedMem()
  var frames: seq[float]
  proc frame() =
    for j in 0 ..< DungeonsPerFrame:
      let dungeon = playDungeon[D, M](world)
      if manual: dungeon.monsters.setLen(0)
  for i in 0 ..< WarmUpFrames + frameCount:
    let begin = threadCpuNs()
    frame()
    frames.add(threadCpuNs() - begin)
  GC_fullCollect()
  require(getOccupiedMem() - before < 1_000_000, "the frames' garbage was not collected")
  report("frame", "ns", frames[WarmUpFrames .. ^1])

proc runFrames*() =
  let beside = text("beside", "none")
  let frameCount = number("frames", 500)
  # All nodes stay held by the list: dropping it would make a million candidates, and ORC's
  # threshold would adapt to them by never collecting again.
  var live: seq[Node]
  if beside != "none": live = buildGraph(number("live", 1_000_000), "sequential")
  let world = if beside == "world": live[0] else: nil
  case text("way", "default")
  of "default": runWay[Dungeon, Monster](world, false, frameCount)
  of "manual": runWay[Dungeon, Monster](world, true, frameCount)
  of "cursor": runWay[DungeonOfCursors, MonsterWithCursor](world, false, frameCount)
  else: require(false, "this peer has no such way")
