"""Threads that wait forever, each with a job in a local variable."""

import queue
import threading
import time

from ready import wait_for_the_test


class Job:
    def __init__(self, number):
        self.data = bytes(50000)
        self.number = number


def work(job, answers):
    answers.get()


for number in range(60):
    threading.Thread(target=work, args=(Job(number), queue.Queue()), daemon=True).start()
time.sleep(0.3)
wait_for_the_test()
