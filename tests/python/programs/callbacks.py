"""Callbacks that are registered and never taken away: closures, bound methods, partials."""

import functools

from ready import wait_for_the_test


class Window:
    def __init__(self, number):
        self.pixels = bytearray(4000)
        self.number = number

    def on_resize(self, event):
        return self.number


class Signal:
    def __init__(self):
        self.listeners = []

    def connect(self, listener):
        self.listeners.append(listener)


theme_changed = Signal()
resized = Signal()
closed = Signal()


def open_window(number):
    window = Window(number)
    theme_changed.connect(lambda name: window.pixels.clear())
    other = Window(-number)
    resized.connect(other.on_resize)
    closed.connect(functools.partial(print, Window(number)))


for number in range(500):
    open_window(number)
wait_for_the_test()
