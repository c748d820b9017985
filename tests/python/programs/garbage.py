"""Cyclic garbage that the collector has not looked at, and some that a __del__ keeps busy."""

import gc

from ready import wait_for_the_test


class Node:
    def __init__(self, number):
        self.number = number
        self.children = []
        self.parent = None


class Document:
    def __init__(self, number):
        self.root = Node(number)
        self.root.document = self
        for child in range(3):
            node = Node(child)
            node.parent = self.root
            self.root.children.append(node)


gc.collect()
gc.disable()
for number in range(400):
    Document(number)
wait_for_the_test()
