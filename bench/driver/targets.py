"""The speed targets, judged against what was measured in the same run."""

from dataclasses import dataclass

from driver.plan import ALONE

# Two means of one program on a shared machine differ by this much without a cause.
UNCHANGED = 1.15
UNCHANGED_P99 = 1.3


@dataclass
class Verdict:
    sentence: str
    ours: float
    limit: float

    @property
    def outcome(self):
        if self.ours is None or self.limit is None:
            return "not measured"
        return "met" if self.ours <= self.limit else "MISSED"


class Judge:
    def __init__(self, cases, peers, results):
        self.cases = cases
        self.results = results
        self.cpythons = [peer.label for peer in peers if peer.kind.name == "cpython"]
        self.verdicts = []

    def value(self, case, metric, peer_label, variant=""):
        return self.results.median(case.work, case.label, metric, peer_label, variant)

    def add(self, sentence, ours, theirs, factor):
        self.verdicts.append(Verdict(sentence, ours, None if theirs is None else theirs * factor))

    def fastest_cpython(self, case, metric, variant=""):
        values = [self.value(case, metric, label, variant) for label in self.cpythons]
        return min((value for value in values if value is not None), default=None)

    def frames(self, case):
        ours = {metric: self.value(case, metric, "Ouro", "default") for metric in ("mean", "p99")}
        newest = max(
            (label for label in self.cpythons if label.startswith("CPython 3.13")),
            default="CPython 3.13",
        )
        raw = self.value(case, "mean", "new/delete, glibc", "manual")
        self.add("W1 mean: at most glibc new/delete unlinked by hand", ours["mean"], raw, 1)
        nim = "Nim ORC"
        self.add(
            "W1 mean: at most 1/3 of Nim ORC",
            ours["mean"],
            self.value(case, "mean", nim, "default"),
            1 / 3,
        )
        self.add(
            "W1 mean: at most 1/12 of CPython 3.13",
            ours["mean"],
            self.value(case, "mean", newest, "default"),
            1 / 12,
        )
        self.add(
            "W1 p99: at most 1/10 of Nim ORC",
            ours["p99"],
            self.value(case, "p99", nim, "default"),
            1 / 10,
        )
        # The largest live heap of the run stands for the ten million.
        beside = [
            other for other in self.cases if other.work == "w1" and "beside" in other.arguments
        ][-2:]
        for other in beside:
            for metric, factor in (("mean", UNCHANGED), ("p99", UNCHANGED_P99)):
                sentence = "W1 %s: unchanged (%.2fx) with %s" % (metric, factor, other.label)
                self.add(
                    sentence,
                    self.value(other, metric, "Ouro", "default"),
                    self.value(other, metric, "Ouro", ALONE),
                    factor,
                )

    def live_graph(self, case):
        for metric, heading in case.columns:
            sentence = "W2 %s, %s: 5 times faster than the fastest CPython" % (case.label, heading)
            self.add(
                sentence,
                self.value(case, metric, "Ouro"),
                self.fastest_cpython(case, metric),
                1 / 5,
            )

    def garbage(self, case):
        ours = self.value(case, "collect", "Ouro")
        nim = self.value(case, "collect", "Nim ORC")
        self.add("W3 %s: 2.5 times faster than Nim ORC" % case.label, ours, nim, 1 / 2.5)
        self.add(
            "W3 %s: 10 times faster than CPython" % case.label,
            ours,
            self.fastest_cpython(case, "collect"),
            1 / 10,
        )

    def references(self, case):
        for metric, heading in case.columns:
            sentence = "W4 %s: within 15 %% of boost::intrusive_ptr" % heading
            self.add(
                sentence,
                self.value(case, metric, "Ouro"),
                self.value(case, metric, "boost::intrusive_ptr"),
                1.15,
            )

    def allocation(self, case):
        for metric, heading in case.columns:
            theirs = self.value(case, metric.split(",")[0], "new/delete, mimalloc")
            self.add(
                "W5 %s: not slower than mimalloc" % heading,
                self.value(case, metric, "Ouro"),
                theirs,
                1,
            )

    def trees(self, case):
        ours = self.value(case, case.label, "Ouro")
        self.add(
            "W6 %s: not slower than Nim ORC" % case.label,
            ours,
            self.value(case, case.label, "Nim ORC"),
            1,
        )
        mimalloc = self.value(case, case.label, "new/delete, mimalloc")
        self.add("W6 %s: within 1.5 times of mimalloc" % case.label, ours, mimalloc, 1.5)

    def footprint(self, case):
        # The resident set holds the heap's page table too: a little above the 24 of the slot.
        self.add(
            "W7: 24 bytes (by the resident set: 24.5)", self.value(case, "object", "Ouro"), 24.5, 1
        )


def judge(cases, peers, results):
    judge = Judge(cases, peers, results)
    by_work = {
        "w2": judge.live_graph,
        "w3": judge.garbage,
        "w4": judge.references,
        "w5": judge.allocation,
        "w6": judge.trees,
        "w7": judge.footprint,
    }
    for case in cases:
        if case.work == "w1" and case.label == "alone":
            judge.frames(case)
        elif case.work != "w1":
            by_work[case.work](case)
    return judge.verdicts
