"""A visitor without a browser: speaks Streamlit's websocket protocol, so that the server's share of the time can be told apart."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PAUSE = 3.0  # mean seconds between two changes of one user, exponentially distributed


@dataclass
class Visitor:
    """One session. `inputs`: the ids of the text fields of the last run, which contain their keys."""

    socket: ClientConnection
    inputs: list[str] = field(default_factory=list)

    async def rerun(self, key: str = "", text: str = "") -> tuple[float, int]:
        """Type `text` into the field with that key (or open the page) and wait for the end of the run: seconds, and bytes received."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        if key:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = next(field for field in self.inputs if key in field), text
        self.inputs.clear()
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        received = 0
        while True:
            data = await self.socket.recv(decode=False)
            received += len(data)
            answer = ForwardMsg.FromString(data)
            kind = answer.WhichOneof("type")
            if kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - start, received
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self._note(answer.delta.new_element)

    def _note(self, element: Element) -> None:
        match element.WhichOneof("type"):
            case "text_input":
                self.inputs.append(element.text_input.id)
            case "exception":
                raise RuntimeError(element.exception.message)


def visitors(url: str) -> connect:
    """A websocket to the page at `url`."""
    return connect(url.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=[Subprotocol("streamlit")], compression=None, max_size=None)


async def one_user(url: str, key: str, changes: int) -> tuple[list[float], list[int]]:
    """Seconds and bytes of each of `changes` reruns of a single visitor; every value typed is new, so that no cached answer is measured."""
    async with visitors(url) as socket:
        visitor = Visitor(socket)
        await visitor.rerun()
        await visitor.rerun(key, "2")
        results = [await visitor.rerun(key, str(3 + n)) for n in range(changes)]
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
