"""A server while links made to hurt are opened: everybody is answered, and the health check soon."""

from __future__ import annotations

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx

from decision.scenario import MOST_GROUPS
from tests.benchmarks.wire import Visitor, visitors
from tests.streamlit_server import PATIENCE, ROOT, Server, serving
from tests.test_hard_inputs import KINDS, Link, largest
from tests.test_link import packed

VISITORS = 20
SOON = 0.2  # seconds: nineteen of twenty health checks; where the machine is so busy that an idle server needs as long, a multiple of that
MULTIPLE = 20
FROZEN = 5.0  # seconds, which no check of them all takes
CHECKS, PAUSE = 100, 0.02  # of an idle server; seconds from one to the next


def hostile_links() -> list[str]:
    """The longest links of every kind, and two of the largest scenarios that there may be."""
    found = [[one.code for one in make() if isinstance(one, Link)] for make in KINDS.values()]
    each = (VISITORS - 2) // len(found)
    codes = [code for codes in found for code in sorted(codes, key=len)[-each:]]
    return [*codes, packed(largest()), packed(largest(MOST_GROUPS - 1))]


async def _checked(url: str, enough: asyncio.Event, checks: int = 1_000_000) -> list[float]:
    """Seconds of each health check, until there are enough."""
    waits: list[float] = []
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        while not enough.is_set() and len(waits) < checks:
            begun = time.perf_counter()
            assert (await client.get(f"{url}/_stcore/health")).text == "ok"
            waits.append(time.perf_counter() - begun)
            await asyncio.sleep(PAUSE)
    return waits


async def _open(url: str, code: str) -> None:
    """Open the page with a link, until all of it has been sent."""
    async with visitors(url) as socket:
        await Visitor(socket).rerun(query=urlencode({"s": code}))


async def _besieged(server: Server) -> tuple[list[float], list[float]]:
    """Seconds of each health check of the idle server, and while all the links are opened at once."""
    enough = asyncio.Event()
    idle = await _checked(server.url, enough, CHECKS)
    checks = asyncio.create_task(_checked(server.url, enough))
    await asyncio.gather(*(_open(server.url, code) for code in hostile_links()))
    enough.set()
    return idle, await checks


def test_the_health_check_answers_while_hostile_links_are_opened(tmp_path: Path) -> None:
    with serving(ROOT / "app.py", tmp_path / "log.txt") as server:
        with ThreadPoolExecutor(1) as apart:  # the browser tests may have left a loop running in this one
            idle, besieged = apart.submit(asyncio.run, _besieged(server)).result()
        assert "Traceback" not in server.log_text(), server.log_text()[-3000:]
    assert max(besieged) < FROZEN
    assert statistics.quantiles(besieged, n=20)[-1] < max(SOON, MULTIPLE * statistics.quantiles(idle, n=20)[-1])
