"""Frames of a game that make dungeons full of monsters, and drop them: each monster knows its dungeon,
so each dungeon is a reference cycle. Four ways to get rid of them:

    dungeon.py cycles      the collector finds them, at its default thresholds
    dungeon.py threshold   ... at a threshold of 10,000
    dungeon.py unlink      the program unlinks each dungeon by hand
    dungeon.py weak        monsters know their dungeon by a weak reference

    dungeon.py WAY [FRAMES [LIVE]]     500 frames, beside LIVE objects that stay
"""

import gc
import sys
import weakref

DUNGEONS_PER_FRAME = 5
MONSTERS_PER_DUNGEON = 200
ATTRIBUTES = ["attribute_%d" % i for i in range(5)]


class Dungeon:
    def __init__(self):
        self._monsters = []

    def add_monster(self, monster):
        self._monsters.append(monster)
        monster.on_add_to_dungeon(self)

    def destroy(self):
        self._monsters = []


class Monster:
    def __init__(self):
        self._dungeon = None
        for i, name in enumerate(ATTRIBUTES):
            self.__dict__[name] = i

    def on_add_to_dungeon(self, dungeon):
        self._dungeon = dungeon


class MonsterWithWeakref(Monster):
    def on_add_to_dungeon(self, dungeon):
        self._dungeon = weakref.ref(dungeon)


def run_frame(way):
    for _ in range(DUNGEONS_PER_FRAME):
        dungeon = Dungeon()
        for _ in range(MONSTERS_PER_DUNGEON):
            dungeon.add_monster(MonsterWithWeakref() if way == "weak" else Monster())
        if way == "unlink":
            dungeon.destroy()


def main(way="cycles", frames="500", live="0"):
    if way not in ("cycles", "threshold", "unlink", "weak"):
        sys.exit(__doc__)
    if way == "threshold":
        gc.set_threshold(10000, 10, 10)
    level = [[i] for i in range(int(live))]
    for _ in range(int(frames)):
        run_frame(way)
    print("ouro: %s frames" % frames)
    return level


if __name__ == "__main__":
    main(*sys.argv[1:])
