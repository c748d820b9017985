"""A shop with a leak, a cache, and a cycle."""

SESSIONS = []
_TEMPLATES = {}


class Session:
    def __init__(self, user):
        self.user = user
        self.basket = Basket(self)


class Basket:
    def __init__(self, session):
        self.session = session
        self.items = []


class Template:
    def __init__(self, name):
        self.text = "Hello, {}, this is %s" % name


def log_in(user):
    session = Session(user)
    SESSIONS.append(session)  # and who removes it?
    return session


def template(name):
    if name not in _TEMPLATES:
        _TEMPLATES[name] = Template(name)
    return _TEMPLATES[name]
