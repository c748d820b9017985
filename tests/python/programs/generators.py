"""Generators that are begun and never finished: their frames keep what they work on."""

from ready import wait_for_the_test


class Cursor:
    def __init__(self, number):
        self.rows = [float(number + row) for row in range(200)]


def rows_of(number):
    cursor = Cursor(number)
    for row in cursor.rows:
        yield row


def doubled(rows):
    yield from (2 * row for row in rows)


unfinished = []
for number in range(200):
    rows = doubled(rows_of(number))
    next(rows)
    unfinished.append(rows)
wait_for_the_test()
