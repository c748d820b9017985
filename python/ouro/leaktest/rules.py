"""What a test may leave behind."""

import fnmatch


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

    def __init__(self, limit=0, allow=(), types=(), cycles=None, skip=False):
        self.limit = limit
        self._allow = _names(allow)
        self._types = _names(types)
        self.cycles = cycles
        self.skip = skip

    @classmethod
    def from_marker(cls, *arguments, **rules):
        known = ("limit", "allow", "types", "cycles", "skip")
        if arguments:
            raise RuleError("the marker ouro_leaks takes names: %s" % ", ".join(known))
        for name in rules:
            if name not in known:
                raise RuleError("the marker ouro_leaks has no %r; it has %s" % (name, ", ".join(known)))
        if rules.get("cycles", "tell") not in ("tell", "fail", "ignore"):
            raise RuleError("cycles=%r is none of tell, fail, ignore" % (rules["cycles"],))
        if not isinstance(rules.get("limit", 0), int):
            raise RuleError("limit=%r is no number" % (rules["limit"],))
        return cls(**rules)

    def allow(self, *classes):
        self._allow += _names(classes)

    def joined(self, nearer):
        if nearer is None:
            return self
        joined = Rules(max(self.limit, nearer.limit), skip=self.skip or nearer.skip)
        joined._allow = self._allow + nearer._allow
        joined._types = nearer._types or self._types
        joined.cycles = nearer.cycles or self.cycles
        return joined

    def allows(self, name):
        """Whether objects of the class may stay, with what they hold."""
        return _fits(name, self._allow)

    def forbids(self, leak):
        if leak["objects"] <= self.limit:
            return False
        return not self._types or _fits(leak["class"], self._types)


def _names(classes):
    if isinstance(classes, (str, type)):
        classes = [classes]
    return [
        "%s.%s" % (one.__module__, one.__qualname__) if isinstance(one, type) else str(one)
        for one in classes
    ]


def _fits(name, patterns):
    short = name.rpartition(".")[2]
    return any(fnmatch.fnmatchcase(name, one) or fnmatch.fnmatchcase(short, one) for one in patterns)
