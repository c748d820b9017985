"""Like a small web framework: requests are answered on threads; a decorator's closure keeps every answer."""

import functools
import threading

from ready import wait_for_the_test


class Request:
    def __init__(self, path, user):
        self.path = path
        self.user = user
        self.headers = {"host": "example.org", "cookie": "session=%s" % user}
        self.app = app


class Response:
    def __init__(self, request, body):
        self.request = request
        self.body = body
        request.response = self


def remembered(function):
    answers = {}

    @functools.wraps(function)
    def wrapper(request):
        key = (request.path, request.user)
        if key not in answers:
            answers[key] = function(request)
        return answers[key]

    return wrapper


class App:
    def __init__(self):
        self.routes = {}
        self.before = []

    def route(self, path):
        def register(function):
            self.routes[path] = function
            return function

        return register

    def handle(self, path, user):
        request = Request(path, user)
        return self.routes[path](request)


app = App()


@app.route("/profile")
@remembered
def profile(request):
    return Response(request, "<h1>%s</h1>" % request.user + "x" * 500)


def work(first):
    for number in range(first, first + 500):
        app.handle("/profile", "user-%d" % number)
    stopped.wait()


stopped = threading.Event()
for number in range(4):
    threading.Thread(target=work, args=(number * 500,), name="worker-%d" % number, daemon=True).start()
while len(threading.enumerate()) < 5:
    pass
threading.Event().wait(0.3)
wait_for_the_test()
