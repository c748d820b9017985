"""Each session asks to be closed at the end of the program, and so stays until then."""

import atexit
import sys
import types

from ready import wait_for_the_test


class Session:
    def __init__(self, number):
        self.buffer = bytearray(20000)
        self.number = number
        atexit.register(self.close)

    def close(self, why=None):
        self.buffer = None


def forgotten(session, why):
    session.close(why)


for number in range(300):
    Session(number)
atexit.register(forgotten, Session, why=["the end"])
atexit.unregister(forgotten)
# Another module of the name has nothing.
sys.modules["atexit_of_others"] = types.ModuleType("atexit")
wait_for_the_test()
