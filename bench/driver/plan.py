"""What is run: the cases of each workload, and their rows: a peer in one of its variants."""

from dataclasses import dataclass, field

WORKLOADS = {
    "w1": ("W1  frames of 10 dungeons with 100 monsters each", "us a frame"),
    "w2": ("W2  full collection of a live graph", "ns an object"),
    "w3": ("W3  collection of garbage", "ns an object"),
    "w4": ("W4  copy and drop a reference", "ns"),
    "w5": ("W5  allocate and free an object with two references", "ns an object"),
    "w6": ("W6  binary trees, build and drop", "ns a node"),
    "w7": ("W7  memory of an object with two references", "bytes"),
}

# The variant of Ouro's frames with nothing beside them, in a case that has something there.
ALONE = "alone"


@dataclass
class Case:
    work: str
    label: str
    arguments: dict
    runs: int
    # The metrics that become columns, as (metric a peer prints, heading).
    columns: list = field(default_factory=list)
    # W1 beside a live graph is about collectors: only the way `default` of peers that have one.
    default_way_only: bool = False
    # So large that a CPython takes a minute: run once, and only with the CPythons fastest so far.
    heavy: bool = False
    # W1 beside a live graph: Ouro is run alone, too, and each as often as this. One of the targets
    # compares the two, and what differs between two minutes of a machine is more than they may.
    runs_of_ouro: int = 0
    # W4 to W6 take a compiled peer a second or less, the frames of W1 milliseconds, and their targets
    # are near: each is run this often. CPythons, which take longer, are run as often as elsewhere.
    runs_of_compiled: int = 0

    def rows(self, peers):
        """(peer, variant, arguments) of each row, in the order in which a run interleaves them."""
        for peer in peers:
            for variant, extra in self.variants(peer.kind):
                yield peer, variant, dict(self.arguments, **extra)
            if self.runs_of_ouro and peer.kind.name == "ouro":
                yield peer, ALONE, dict(self.arguments, beside="none")

    def runs_of(self, peer):
        if peer.kind.name == "ouro" and self.runs_of_ouro:
            return self.runs_of_ouro
        if peer.kind.name != "cpython" and self.runs_of_compiled:
            return self.runs_of_compiled
        return self.runs

    def variants(self, kind):
        if self.work == "w1":
            ways = [
                way
                for way in kind.ways
                if not self.default_way_only or (way == "default" and kind.collects)
            ]
            return [(way, {"way": way}) for way in ways]
        if self.work in ("w2", "w3") and not kind.collects:
            return []
        if self.work == "w4":
            if not kind.counts:
                return []
            return [("", {})] + ([("threads started", {"threads": 1})] if kind.threads else [])
        return [("", {})]


@dataclass
class Size:
    """How large a benchmark run is."""

    runs: int
    short_runs: int  # of what takes a second or less
    frames: int
    live: tuple  # nodes beside the frames of W1
    graphs: tuple  # nodes of W2
    garbage: int
    copies: int
    batch: int
    depths: tuple
    objects: int


FULL = Size(
    runs=5,
    short_runs=15,
    frames=500,
    live=(1_000_000, 10_000_000),
    graphs=(1_000_000, 10_000_000),
    garbage=1_000_000,
    copies=20_000_000,
    batch=1_000_000,
    depths=(16, 18, 20),
    objects=4_000_000,
)
QUICK = Size(
    runs=1,
    short_runs=1,
    frames=500,
    live=(100_000,),
    graphs=(100_000,),
    garbage=100_000,
    copies=2_000_000,
    batch=100_000,
    depths=(12, 14),
    objects=500_000,
)
# Only W1 is run.
DEMO = Size(
    runs=3,
    short_runs=9,
    frames=500,
    live=(1_000_000,),
    graphs=(),
    garbage=0,
    copies=0,
    batch=0,
    depths=(),
    objects=0,
)

HEAVY = 5_000_000  # nodes from which on a case is heavy


def short(count):
    return "%dM" % (count // 1_000_000) if count >= 1_000_000 else "%dk" % (count // 1000)


def frames_cases(size):
    columns = [(name, name) for name in ("mean", "p50", "p99", "max")]
    yield Case(
        "w1",
        "alone",
        {"frames": size.frames},
        size.runs,
        columns,
        runs_of_compiled=size.short_runs,
    )
    labels = {
        "live": "%s live objects beside it",
        "world": "%s live, every dungeon holds their root",
    }
    for live in size.live:
        heavy = live >= HEAVY
        runs = 1 if heavy else min(size.runs, 3)
        for beside, label in labels.items():
            arguments = {"frames": size.frames, "beside": beside, "live": live}
            yield Case(
                "w1",
                label % short(live),
                arguments,
                runs,
                columns,
                default_way_only=True,
                heavy=heavy,
                runs_of_ouro=size.runs,
            )


def live_graph_cases(size):
    columns = [("held all", "all held"), ("held root", "root held")]
    for count in size.graphs:
        heavy = count >= HEAVY
        runs = 1 if heavy else min(size.runs, 3)
        for order in ("sequential", "random"):
            arguments = {"n": count, "order": order, "repeats": 1 if heavy else 3}
            label = "%s %s" % (short(count), order)
            yield Case("w2", label, arguments, runs, columns, heavy=heavy)


def garbage_cases(size):
    for shape, label in (("pairs", "pairs"), ("ring", "one ring")):
        arguments = {"n": size.garbage, "shape": shape}
        yield Case(
            "w3",
            label,
            arguments,
            min(size.runs, 3),
            [("collect", "%s %s" % (short(size.garbage), label))],
        )


def object_cases(size):
    """W4 to W7."""
    runs, short_runs = min(size.runs, 3), size.short_runs
    columns = [("one", "one object"), ("many", "1,024 in turn")]
    yield Case("w4", "", {"n": size.copies}, runs, columns, runs_of_compiled=short_runs)
    columns = [
        ("lifo", "one at a time"),
        ("batch", "batch"),
        ("batch, collector off", "batch, GC off"),
    ]
    yield Case("w5", "", {"n": size.batch}, runs, columns, runs_of_compiled=short_runs)
    for depth in size.depths:
        metric = "depth %d" % depth
        columns = [(metric, metric)]
        yield Case("w6", metric, {"depth": depth}, runs, columns, runs_of_compiled=short_runs)
    if size.objects:
        yield Case("w7", "", {"n": size.objects}, 1, [("object", "an object")])


def cases(size, works):
    every = [
        *frames_cases(size),
        *live_graph_cases(size),
        *garbage_cases(size),
        *object_cases(size),
    ]
    return [case for case in every if case.work in works]
