"""Random values of Python and their repr(), for python_repr_test.cpp: a line each of

    kind, the value's bytes in hexadecimal, its repr in hexadecimal

Code points that this Python's Unicode does not know are left out: another version may.
"""

import random
import struct
import sys
import unicodedata


def random_str(source):
    ranges = ((0x20, 0x7F), (0, 0x100), (0x100, 0x3000), (0x3000, 0x10000), (0x10000, 0x110000))
    text = []
    for _ in range(source.randrange(12)):
        first, last = ranges[source.choice((0, 0, 0, 1, 2, 3, 4))]
        character = chr(source.randrange(first, last))
        category = unicodedata.category(character)
        text.append(source.choice("'\"\\\n\t") if category in ("Cn", "Cs") else character)
    return "".join(text)


def random_float(source):
    if source.randrange(3) == 0:
        return struct.unpack("<d", struct.pack("<Q", source.getrandbits(64)))[0]
    return source.choice((1, -1)) * source.randrange(10 ** 6) * 10.0 ** source.randrange(-12, 25)


def random_int(source):
    return source.choice((1, -1)) * source.getrandbits(source.choice((3, 31, 64, 200, 512)))


def magnitude(value):
    return abs(value).to_bytes((abs(value).bit_length() + 7) // 8, "little")


def main():
    source = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        text = random_str(source)
        data = bytes(source.choice((39, 34, 92, source.randrange(256)))
                     for _ in range(source.randrange(9)))
        number, integer = random_float(source), random_int(source)
        pair = complex(source.choice((0.0, -0.0, number)), random_float(source))
        for kind, raw, value in (
                ("s", text.encode(), text), ("b", data, data),
                ("f", struct.pack("<d", number), number),
                ("c", struct.pack("<dd", pair.real, pair.imag), pair),
                ("i", bytes([integer < 0]) + magnitude(integer), integer)):
            print(kind, raw.hex() or "-", repr(value).encode().hex())


main()
