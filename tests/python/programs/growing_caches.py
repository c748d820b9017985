"""Four containers that only grow: an lru_cache without a bound on a method, a deque, a set, a dict."""

import collections
import functools

from ready import wait_for_the_test


class Page:
    def __init__(self, number):
        self.number = number
        self.text = "page %d " % number * 40


class Site:
    @functools.lru_cache(maxsize=None)
    def page(self, number):
        return Page(number)


class Event:
    def __init__(self, number):
        self.payload = bytes(200)
        self.number = number


class Visitor:
    def __init__(self, number):
        self.name = "visitor %d" % number


class Statistics:
    def __init__(self):
        self.recent = collections.deque()
        self.visitors = set()
        self.count_by_hour = {}


statistics = Statistics()
site = Site()
for number in range(3000):
    site.page(number)
    statistics.recent.append(Event(number))
    statistics.visitors.add(Visitor(number))
    statistics.count_by_hour[number * 3600] = [number, number + 0.5]
wait_for_the_test()
