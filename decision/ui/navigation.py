"""Which pages there are, in the order of the navigation. A page that is not built is not in it.

Each page is the file screen.py of its folder: Streamlit takes a folder called pages/ beside its script for its older kind of multipage
application, and would then open a deep link without the frame of main.py.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
FIRST = "decide"  # the page that opens without a name in its address
_PAGES = (
    ("decide", "Decide"),
    ("explore", "Explore"),
    ("usage", "Your usage"),
    ("plan", "Plan together"),
    ("report", "Report"),
    ("prices", "Prices and sources"),
)


def pages() -> list[tuple[str, str, Path]]:
    """Name in the address, title and script of each page."""
    return [(name, title, path) for name, title in _PAGES if (path := HERE / name / "screen.py").exists()]
