"""A visitor without a browser: speaks Streamlit's websocket protocol, so that the server's share of the time can be told apart."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PAUSE = 3.0  # mean seconds between two changes of one user, exponentially distributed
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Visitor:
    """One session. `fields`: the text fields on its page, by id, which holds their key, with the fragment that each stands in ('' for none)."""

    socket: ClientConnection
    fields: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)  # hashes of the messages that a browser would keep, so that they are not sent again

    async def rerun(self, key: str = "", text: str = "", query: str = "") -> tuple[float, int]:
        """Type `text` into the field with that key (or open the page with a query) and wait for the end of the run: seconds, and bytes received."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.cached_message_hashes.extend(self.kept)
        if key:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = next(name for name in self.fields if key in name), text
            message.rerun_script.fragment_id = self.fields[state.id]
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        received = 0
        while True:
            data = await self.socket.recv(decode=False)
            received += len(data)
            answer = ForwardMsg.FromString(data)
            if answer.metadata.cacheable:
                self.kept.add(answer.hash)
            match answer.WhichOneof("type"):
                case "script_finished" if answer.script_finished in ENDS:
                    return time.perf_counter() - start, received
                case "delta" if answer.delta.WhichOneof("type") == "new_element":
                    self._note(answer.delta)

    def _note(self, delta: Delta) -> None:
        match delta.new_element.WhichOneof("type"):
            case "text_input":
                self.fields[delta.new_element.text_input.id] = delta.fragment_id
            case "exception":
                raise RuntimeError(delta.new_element.exception.message)


def visitors(url: str) -> connect:
    """A websocket to the page at `url`."""
    return connect(url.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=[Subprotocol("streamlit")], compression=None, max_size=None)


async def one_user(url: str, key: str, start: int, changes: int) -> tuple[list[float], list[int]]:
    """Seconds and bytes of each of `changes` reruns of a single visitor, who types `start` and the numbers after it.

    A number that nobody has typed before is measured without a cached answer.
    """
    async with visitors(url) as socket:
        visitor = Visitor(socket)
        await visitor.rerun()
        await visitor.rerun(key, str(start))
        results = [await visitor.rerun(key, str(start + 1 + n)) for n in range(changes)]
    return [seconds for seconds, _ in results], [received for _, received in results]


async def crowd(url: str, key: str, users: int, duration: float, seed: int = 1) -> list[float]:
    """Seconds of each rerun while `users` visitors change something every PAUSE seconds for `duration` seconds."""
    fresh = itertools.count(10_000 * users)
    opening = asyncio.Semaphore(4)
    steady = asyncio.Event()
    ready = itertools.count(1)

    async def user(number: int) -> list[float]:
        rng = random.Random(f"{seed} {users} {number}")
        async with visitors(url) as socket:
            visitor = Visitor(socket)
            async with opening:
                await visitor.rerun()
            if next(ready) == users:
                steady.set()
            await steady.wait()
            end = time.perf_counter() + duration
            times = []
            while True:
                await asyncio.sleep(rng.expovariate(1 / PAUSE))
                if time.perf_counter() >= end:
                    return times
                times.append((await visitor.rerun(key, str(next(fresh))))[0])

    return list(itertools.chain.from_iterable(await asyncio.gather(*(user(n) for n in range(users)))))
