"""Where the files that are not Python lie: beside the package in a checkout, inside it once installed (pyproject.toml, force-include)."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = (_PACKAGE / "page" / "app.py").exists()

DATA = _PACKAGE / "data" if _INSTALLED else _PACKAGE.parent / "data"
APP = _PACKAGE / "page" / "app.py" if _INSTALLED else _PACKAGE.parent / "app.py"  # .streamlit/config.toml lies beside it
