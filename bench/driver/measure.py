"""Runs the cases, peers and repeats interleaved (A B C A B C), and keeps what was measured."""

import json
import statistics
import subprocess
import sys

TIMEOUT_SECONDS = 900


def quantile(ordered, part):
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def frame_summary(frames):
    """What W1 is judged by, of one run's frames in nanoseconds: in microseconds."""
    ordered = sorted(frames)
    return {
        "mean": statistics.fmean(frames) / 1000,
        "p50": quantile(ordered, 0.50) / 1000,
        "p99": quantile(ordered, 0.99) / 1000,
        "max": ordered[-1] / 1000,
    }


class Results:
    """Values by (work, case, metric, peer label, variant), one a run; medians of them."""

    def __init__(self):
        self.values = {}
        self.frames = {}  # (case, peer label, variant) -> one list of frames a run, nanoseconds
        self.failures = []

    def add(self, case, peer, variant, lines):
        for line in lines:
            printed = json.loads(line)
            if printed["metric"] == "frame":
                self.frames.setdefault((case.label, peer.label, variant), []).append(
                    printed["values"]
                )
                measured = frame_summary(printed["values"])
            else:
                measured = {printed["metric"]: statistics.median(printed["values"])}
            for metric, value in measured.items():
                self.values.setdefault(
                    (case.work, case.label, metric, peer.label, variant), []
                ).append(value)

    def has(self, case, peer, variant):
        return any(
            (case.work, case.label, metric, peer.label, variant) in self.values
            for metric, _ in case.columns
        )

    def median(self, work, label, metric, peer_label, variant=""):
        values = self.values.get((work, label, metric, peer_label, variant))
        return statistics.median(values) if values else None

    def typical_frames(self, label, peer_label, variant):
        """Each frame's median over the runs, in nanoseconds.

        The work of a frame is the same in each run, the machine's noise is not.
        """
        runs = self.frames.get((label, peer_label, variant))
        return [statistics.median(frame) for frame in zip(*runs)] if runs else None


def contenders(case, peers, results):
    """The peers of a case; of a heavy one, the CPythons that were the two fastest so far.

    The targets compare with the fastest CPython, and ten million nodes take one a minute each time.
    """
    if not case.heavy:
        return peers

    def so_far(peer):
        keys = [key for key in results.values if key[0] == case.work and key[3] == peer.label]
        return sum(statistics.median(results.values[key]) for key in keys)

    measured = [peer for peer in peers if peer.kind.name == "cpython" and so_far(peer) > 0]
    slow = sorted(measured, key=so_far)[2:]
    return [peer for peer in peers if peer not in slow]


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text[:100])
        sys.stderr.flush()


def run_cases(cases, peers):
    results = Results()
    failed = set()
    for case in cases:
        rows = list(case.rows(contenders(case, peers, results)))
        for run in range(max((case.runs_of(peer) for peer, _, _ in rows), default=0)):
            for peer, variant, arguments in rows:
                if run >= case.runs_of(peer):
                    continue
                if (case.work, case.label, peer.label, variant) in failed:
                    continue
                progress(
                    "%s %s, run %d of %d: %s %s"
                    % (case.work, case.label, run + 1, case.runs_of(peer), peer.label, variant)
                )
                try:
                    results.add(
                        case, peer, variant, peer.run(case.work, arguments, TIMEOUT_SECONDS)
                    )
                except subprocess.SubprocessError as error:
                    failed.add((case.work, case.label, peer.label, variant))
                    reason = (getattr(error, "stderr", None) or "").strip().splitlines()
                    what = " ".join([case.work, case.label, peer.label, variant]).strip()
                    results.failures.append("%s: %s" % (what, reason[-1] if reason else error))
    progress("")
    return results
