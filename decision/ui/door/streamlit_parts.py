"""What the door takes from Streamlit that Streamlit does not document, in one place: a test runs each with the version installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit
from streamlit.config import is_manually_set
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

STATIC = Path(streamlit.__file__).parent / "static"  # its page, scripts and styles
FILES = ("static", "app/static", "component")  # below the base path: what is the same for everybody
PREFIXES = ("_stcore", "media", *FILES)  # everything below the base path beside the pages
HEALTH = "/_stcore/health"
METRICS = "/_stcore/metrics"

__all__ = ["FILES", "HEALTH", "METRICS", "PREFIXES", "STATIC", "go_to", "is_host_allowed", "is_manually_set", "root_files"]


@cache
def root_files() -> frozenset[str]:
    """What lies beside Streamlit's index.html, such as its icon."""
    return frozenset(path.name for path in STATIC.iterdir() if path.is_file())


def go_to(address: str) -> bytes:
    """The message that takes an open page to another address, as st.logout() sends it."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    return message.SerializeToString()
