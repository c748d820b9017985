"""What a test may leave behind."""

import fnmatch
from typing import Any, Iterable, List, Optional, Union

from ouro.leaktest.found import Leak

#: By name, with wildcards, or itself.
Class = Union[str, type]
Classes = Union[Class, Iterable[Class]]


class RuleError(Exception):
    """A rule that makes no sense, in a sentence."""


class Rules:
    """Of the command line, a marker or the fixture `ouro_leaks`; the nearer to the test has the word.

    limit    objects of each class that may stay
    allow    classes that may: "Symbol", "app.Symbol", "app.*", or the class itself
    types    only objects of these are looked at; all where there are none
    cycles   "tell", "fail" or "ignore"
    skip     do not look at the test
    """

    def __init__(
        self,
        limit: int = 0,
        allow: Classes = (),
        types: Classes = (),
        cycles: Optional[str] = None,
        skip: bool = False,
    ) -> None:
        self.limit = limit
        self._allow = _names(allow)
        self._types = _names(types)
        self.cycles = cycles
        self.skip = skip

    @classmethod
    def from_marker(cls, *arguments: Any, **rules: Any) -> "Rules":
        known = ("limit", "allow", "types", "cycles", "skip")
        if arguments:
            raise RuleError("the marker ouro_leaks takes names: %s" % ", ".join(known))
        for name in rules:
            if name not in known:
                raise RuleError("the marker ouro_leaks has no %r; it has %s" % (name, ", ".join(known)))
        for name in ("allow", "types"):
            value = rules.get(name, ())
            if not isinstance(value, (str, type, list, tuple, set, frozenset)):
                raise RuleError("%s=%r is no class and no list of classes" % (name, value))
        if rules.get("cycles") not in (None, "tell", "fail", "ignore"):
            raise RuleError("cycles=%r is none of tell, fail, ignore" % (rules["cycles"],))
        if not isinstance(rules.get("limit", 0), int):
            raise RuleError("limit=%r is no number" % (rules["limit"],))
        return cls(**rules)

    def allow(self, *classes: Class) -> None:
        self._allow += _names(classes)

    def joined(self, nearer: Optional["Rules"]) -> "Rules":
        if nearer is None:
            return self
        joined = Rules(max(self.limit, nearer.limit), skip=self.skip or nearer.skip)
        joined._allow = self._allow + nearer._allow
        joined._types = nearer._types or self._types
        joined.cycles = nearer.cycles or self.cycles
        return joined

    def allows(self, name: str) -> bool:
        """Whether objects of the class may stay, with what they hold."""
        return _fits(name, self._allow)

    def forbids(self, leak: Leak) -> bool:
        if leak["objects"] <= self.limit:
            return False
        return not self._types or _fits(leak["class"], self._types)


def _names(classes: Classes) -> List[str]:
    if isinstance(classes, (str, type)):
        classes = [classes]
    return [
        "%s.%s" % (one.__module__, one.__qualname__) if isinstance(one, type) else str(one)
        for one in classes
    ]


def _fits(name: str, patterns: Iterable[str]) -> bool:
    short = name.rpartition(".")[2]
    return any(fnmatch.fnmatchcase(name, one) or fnmatch.fnmatchcase(short, one) for one in patterns)
