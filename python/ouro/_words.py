"""Numbers in words."""

from typing import Optional


def counted(number: int, what: str, several: Optional[str] = None) -> str:
    """ "1 shape", "1,000 shapes" """
    return "{:,} {}".format(number, what if number == 1 else several or what + "s")
