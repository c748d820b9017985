"""A command on a terminal that exists in memory: what it shows, what it is typed, how it leaves it."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

import pyte


class Terminal:
    """Emulated is Linux's console, which is what pyte knows best."""

    def __init__(self, words, rows=24, columns=80, **environment):
        self.master, self.slave = pty.openpty()
        self.resize_to(rows, columns)
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.modes_before = termios.tcgetattr(self.slave)
        self.bytes = b""
        environment = {"TERM": "linux", "LC_ALL": "C.UTF-8", **environment}
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
                for number in range(3):
                    os.dup2(self.slave, number)
                os.closerange(3, 256)
                given = {name: value for name, value in {**os.environ, **environment}.items()
                         if value is not None}
                os.execve(words[0], words, given)
            finally:
                os._exit(127)
        self.status = None

    def resize_to(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        self.resize_to(rows, columns)

    def read(self, seconds):
        """Shows what comes within that time."""
        end = time.time() + seconds
        while True:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.time()))
            if not ready:
                return
            data = os.read(self.master, 65536)
            self.bytes += data
            self.stream.feed(data)

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, wanted, seconds=30):
        """Until the text is shown, be it over several lines."""
        end = time.time() + seconds
        while wanted not in " ".join(self.text.split()):
            if time.time() > end:
                raise AssertionError("%r is not shown within %d s:\n%s" % (wanted, seconds, self.text))
            self.read(0.1)

    def type(self, text, then=0.4):
        os.write(self.master, text.encode())
        self.read(then)

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds=30):
        """The exit code."""
        end = time.time() + seconds
        while time.time() < end:
            self.read(0.1)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.status = status
                self.read(0.1)
                return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        raise AssertionError("it does not end:\n" + self.text)

    def is_as_before(self):
        return termios.tcgetattr(self.slave) == self.modes_before

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)


if __name__ == "__main__":
    sys.exit(__doc__)
