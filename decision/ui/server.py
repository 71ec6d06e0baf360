"""The web application around the page: the door in front of it, in its order, and warm-up before the first visit."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from starlette.middleware import Middleware

from decision.errors import BadInput
from decision.ui.door import log
from decision.ui.door.compression import Compression
from decision.ui.door.headers import SecurityHeaders
from decision.ui.door.hosts import OwnHosts
from decision.ui.door.log import RequestLog
from decision.ui.door.metrics import ClosedMetrics
from decision.ui.door.paths import KnownPaths
from decision.ui.door.provider import providers_of
from decision.ui.door.sessions import sessions
from decision.ui.door.settings import SIGN_IN, secrets_files, settings
from decision.ui.door.sign_in import Door

SCRIPT = Path(__file__).with_name("main.py")


def middleware() -> list[Middleware]:
    """The door around the page, outermost layer first. Ends the process with a sentence where sign-in is asked for and cannot work."""
    try:
        said = settings()
        providers = providers_of(said.sign_in) if said.sign_in else {}
    except BadInput as error:
        sys.exit("The server does not start.\n" + "\n".join(error.problems))
    if said.off and secrets_files():
        log.warn(f"{SIGN_IN}=off: the secrets file is set aside, and everybody may read.")
    layers = [Middleware(SecurityHeaders), Middleware(OwnHosts), Middleware(Compression), Middleware(KnownPaths), Middleware(ClosedMetrics)]
    if said.sign_in:
        layers.append(Middleware(Door, sign_in=said.sign_in, providers=providers, sessions=sessions()))
    return [Middleware(RequestLog), *layers] if said.log else layers


def warm_up() -> None:
    """Import what the first visit needs and answer the first example; then take it all out of the garbage collector's rounds, and have fewer.

    An answer is made of thousands of small objects that live as long as it is cached: rounds as often as usual find nothing in them.
    """
    for module in (
        "pandas",
        "decision.ui.form.assumptions",
        "decision.ui.form.questions",
        "decision.ui.form.groups",
        "decision.ui.decide.bill",
        "decision.ui.decide.breakeven",
        "decision.ui.decide.reasons",
    ):  # Streamlit itself needs pandas for every chart
        importlib.import_module(module)
    from decision import charts
    from decision.loading import load
    from decision.recommendation import recommend
    from decision.scenario import inputs_of, read_scenario, ready_made
    from decision.ui import state

    charts.build_all()
    recommend(inputs_of(read_scenario(ready_made()[state.FIRST_PRESET]), load(), state.today()))
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@asynccontextmanager
async def warm_start(_: object) -> AsyncIterator[dict[str, object]]:
    """The application's lifespan: nobody's first visit waits for imports."""
    await anyio.to_thread.run_sync(warm_up)
    yield {}
