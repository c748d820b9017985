"""What is found of a test, as it goes from process to process and into --ouro-leaks-json."""

from typing import List, TypedDict

#: Objects of a class that each run leaves; `depth`: how many that leak hold one.
Leak = TypedDict(
    "Leak", {"class": str, "objects": int, "bytes": int, "depth": int, "held_by": List[str]}
)


class Cycle(TypedDict):
    """Groups of objects that referred to each other alike."""

    shape: str
    make_weak: str
    groups: int
    objects: int


class Found(TypedDict, total=False):
    """Of one test; what was not found is not there."""

    test: str
    seconds: float  # spent on looking
    leaks: List[Leak]
    runs: int  # that each left the leaks
    cycles: List[Cycle]
    fail_on_cycles: bool
    copied: bool
    unknown: str  # why nobody knows whether it leaks
