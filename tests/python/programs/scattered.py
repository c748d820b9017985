"""What no single place has much of: requests in many modules, loggers, and threads that wait."""

import logging
import sys
import threading
import types

from ready import wait_for_the_test


class Request:
    def __init__(self, number):
        self.body = "body %d" % number


for number in range(200):
    plugin = types.ModuleType("plugin_%d" % number)
    plugin.waiting = [Request(10 * number + place) for place in range(10)]
    sys.modules[plugin.__name__] = plugin
    logging.getLogger("connections.%d" % number)
for number in range(1500):
    logging.getLogger("client.%d" % number)
timers = [threading.Timer(1000, print) for _ in range(120)]
for timer in timers:
    timer.daemon = True
    timer.start()
wait_for_the_test()
