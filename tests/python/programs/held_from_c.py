"""Objects that nothing in Python holds: C code took a reference and forgot to give it back."""

import ctypes

from ready import wait_for_the_test


class Image:
    def __init__(self, number):
        self.pixels = bytearray(30000)
        self.number = number


def lose(number):
    image = Image(number)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(image))


for number in range(200):
    lose(number)
wait_for_the_test()
