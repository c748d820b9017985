"""Exceptions that are kept keep their tracebacks, these their frames, and these all local variables."""

from ready import wait_for_the_test


class Upload:
    def __init__(self, number):
        self.content = bytes(20000 + number)


class BadUpload(ValueError):
    pass


errors = []


def check(upload):
    if upload.content[0] == 0:
        raise BadUpload("empty")


def receive(number):
    upload = Upload(number)
    try:
        check(upload)
    except BadUpload as error:
        errors.append(error)


for number in range(300):
    receive(number)

try:
    check(Upload(1))
except BadUpload:
    wait_for_the_test()
