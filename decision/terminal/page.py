"""The page, from any folder: `streamlit run app.py` with the settings that lie beside app.py."""

from __future__ import annotations

import argparse
import datetime as dt
import runpy
import sys
from typing import NoReturn

from decision.places import APP


def page(arguments: argparse.Namespace, _today: dt.date) -> NoReturn:
    """Serve until told to stop; the process ends with Streamlit's own exit code. Streamlit says itself when a setting or a port will not do."""
    said = {"port": arguments.port, "address": arguments.address}
    settings = [f"--server.{name}={value}" for name, value in said.items() if value is not None]
    sys.argv = ["streamlit", "run", str(APP), *settings, *arguments.setting]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    sys.exit()
