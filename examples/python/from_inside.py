"""A server that asks itself: the Python package `ouro` in its own process.

    pip install .  (in the project's folder), then: python3 from_inside.py
"""

import ouro


class Connection:
    def __init__(self, peer):
        self.peer = peer
        self.handler = Handler(self)


class Handler:
    def __init__(self, connection):
        self.connection = connection  # the way back: a cycle


CONNECTIONS = {}


def serve(clients):
    """Clients come and go, and nobody takes them off the list."""
    for number in clients:
        peer = f"10.0.0.{number}"
        CONNECTIONS[peer] = Connection(peer)


def say(question, answer):
    print(f">>> {question}\n{answer}\n")


serve(range(3))  # what is made once is made

# ---- what grew, and where it is
with ouro.growth() as growth:
    serve(range(100, 150))
for row in growth.diff.own_types:
    say("growth.diff.own_types", f"{row.growth_objects:+} {row.type} in {row.place}")

# ---- why one of them is alive
say("ouro.why(CONNECTIONS['10.0.0.120'])", ouro.why(CONNECTIONS["10.0.0.120"]))

# ---- the same as objects
path = ouro.why(CONNECTIONS["10.0.0.120"]).paths[0]
say("path.root.name, path.labels", (path.root.name, path.labels))

# ---- which cycles there are, and what to cut
heap = ouro.snapshot()
shape = next(shape for shape in heap.cycles() if shape.steps[0].type == "Connection")
say("shape.shape", shape.shape)
say("shape.cut.reference", f"{shape.cut.reference}, in {shape.cut.freed.groups} cycles")

# ---- from an object to its node in the snapshot and back
node = heap.node(CONNECTIONS)
say("node.type, len(node.references)", (node.type, len(node.references)))
say("heap['Connection#1'].obj.peer", heap["Connection#1"].obj.peer)
say("heap.find('Connection count>1', limit=2)", heap.find("Connection count>1", limit=2))
say("heap.retained(CONNECTIONS)", node.retained(limit=2))
