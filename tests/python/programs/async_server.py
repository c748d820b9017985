"""An asyncio server whose sessions are never taken out of a dict: tasks that wait for each other."""

import asyncio

from ready import wait_for_the_test


class Session:
    def __init__(self, name):
        self.name = name
        self.inbox = asyncio.Queue()
        self.history = []

    async def next_message(self):
        return await self.inbox.get()

    async def run(self):
        while True:
            message = await self.next_message()
            self.history.append(message)


class Hub:
    def __init__(self):
        self.sessions = {}

    async def handle(self, name):
        session = self.sessions[name] = Session(name)
        await session.run()


async def ticks(limit):
    for number in range(limit):
        yield number
        await asyncio.sleep(3600)


async def watch():
    async for number in ticks(10):
        print(number, file=open("/dev/null", "w"))


async def main():
    hub = Hub()
    tasks = [asyncio.ensure_future(hub.handle("guest-%d" % number)) for number in range(300)]
    tasks += [asyncio.ensure_future(watch()), asyncio.ensure_future(asyncio.gather(*tasks[:3]))]
    if hasattr(tasks[0], "set_name"):
        tasks[0].set_name("session of guest-0")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for session in hub.sessions.values():
        session.inbox.put_nowait("hello " * 20)
    await asyncio.sleep(0.05)
    wait_for_the_test()


asyncio.run(main())
