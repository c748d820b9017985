"""Leaks that come with much that is the interpreter's own."""

import asyncio
import functools
import threading

_KEPT = []
_LOOP = asyncio.new_event_loop()


class Owner:
    @functools.lru_cache(maxsize=None)  # noqa: B019
    def answer(self):
        return 42


def test_leaves_a_thread():
    thread = threading.Thread(target=threading.Event().wait, daemon=True)
    thread.start()
    _KEPT.append(thread)


def test_leaves_a_task():
    async def begin():
        _KEPT.append(asyncio.ensure_future(asyncio.sleep(3600)))

    _LOOP.run_until_complete(begin())


def test_leaves_an_entry_of_a_cache():
    Owner().answer()
