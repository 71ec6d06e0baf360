"""What the door says itself: a small page with a few sentences, complete in one answer, since nothing else may be open yet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from starlette.responses import HTMLResponse

TITLE = "Where should our agents run?"
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 Inter, system-ui, sans-serif }
body { max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem }
h1 { font-size: 1.7rem; line-height: 1.25 }
a { display: inline-block; margin: .5rem .5rem 0 0; padding: .5rem 1rem; border-radius: .5rem; text-decoration: none }
a { color: #fff; background: #0b5cad }
@media (prefers-color-scheme: dark) { a { color: #0e1420; background: #8cc3ff } }
"""


def answer(status: int, says: Sequence[str], ways: Sequence[tuple[str, str]] = (), *, goes_on: bool = False) -> HTMLResponse:
    """A page with one paragraph for each sentence. ways: label and address of each way on; goes_on: the first is taken without a click."""
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in says)
    links = "".join(f'<a href="{escape(address)}">{escape(label)}</a>' for label, address in ways)
    onward = f'<meta http-equiv="refresh" content="0; url={escape(ways[0][1])}">' if goes_on else ""
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"{onward}<title>{TITLE}</title><style>{_STYLE}</style></head><body><main><h1>{TITLE}</h1>{paragraphs}{links}</main></body></html>"
    )
    headers = {"Cache-Control": "no-store"} | ({"WWW-Authenticate": "Session"} if status == 401 else {})  # RFC 9110 wants a scheme named
    return HTMLResponse(page, status, headers)
