"""What the tests measure: says as JSON what it sees of itself, to the file that it is given."""

import gc
import json
import os
import sys

counted = []


class Node:
    pass


def count(phase, info):
    if phase == "stop":
        counted.append([info["generation"], info["collected"]])


def work(times):
    """Is called often, and drops cycles."""
    for _ in range(times):
        node = Node()
        node.itself = node


NUMBER = 1
if NUMBER == 2:
    import no_such_module

with open(sys.argv[1], "w") as file:
    gc.callbacks.append(count)
    frozen = gc.get_freeze_count()
    enabled = gc.isenabled()
    threshold = gc.get_threshold()
    for _ in range(20):
        work(500)
    gc.collect()
    gc.callbacks.remove(count)
    json.dump({
        "argv": sys.argv[1:], "name": __name__, "file": os.path.basename(__file__),
        "path": sys.path, "environment": dict(os.environ), "trace": sys.gettrace() is not None,
        "sitecustomize": getattr(sys.modules.get("sitecustomize"), "__file__", None),
        "descriptors": sorted(map(int, os.listdir("/proc/self/fd"))),
        "counted": counted, "frozen": frozen, "enabled": enabled, "threshold": threshold,
    }, file)
print("ouro: 20 works")
if len(sys.argv) > 2 and sys.argv[2] == "fail":
    print("it is broken", file=sys.stderr)
    sys.exit(3)
