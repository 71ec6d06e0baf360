"""Words and boxes of the house style, as markup. All text is escaped here, once: callers pass plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from decision.ui.formats import escaped

_CSS = (Path(__file__).parents[1] / "static" / "style.css").read_text(encoding="utf-8")
_WITHOUT_COMMENTS = re.sub(r"/[*].*?[*]/|\s+", " ", _CSS, flags=re.DOTALL)  # it is sent on every change
STYLE = f"<style>{_WITHOUT_COMMENTS}</style>"


def html(body: str) -> None:
    """Markup made in this module, in the house style. Words in it are escaped already."""
    collected = _PIECE.get()
    if collected is None:
        st.html(f'<div class="dt">{body}</div>')
    else:
        collected.append(body)


@contextmanager
def piece(name: str = "", title: str = "") -> Iterator[None]:
    """Everything that this module draws inside travels to the browser as one element: what has no widget or chart in it costs far less.

    name: makes it a frame of its own, a section of class `name`, with its title.
    """
    collected: list[str] = [f"<h3>{escape(title)}</h3>"] if title else []
    token = _PIECE.set(collected)
    try:
        yield
    finally:
        _PIECE.reset(token)
    inside = "".join(collected)
    html(f'<section class="card {name}">{inside}</section>' if name else inside)


_PIECE: ContextVar[list[str] | None] = ContextVar("piece", default=None)


# -- boxes -------------------------------------------------------------------------------------------


@contextmanager
def card(key: str, words: str) -> Iterator[None]:
    """A framed part of the page with its own heading, for what has widgets or charts in it; `piece` is the same for words and tables."""
    with st.container(border=True, key=f"card_{key}"):
        html(f"<h3>{escape(words)}</h3>")
        yield


def fold(title: str, key: str) -> Any:
    """A fold that draws again when it is opened. title: it must not follow what is typed inside, or typing would close the fold."""
    return st.expander(f"**{escaped(title)}**", key=key, on_change="rerun")


def summary(words: str, wrong: str = "") -> None:
    """What a closed fold holds, below it. wrong: what in it must be corrected."""
    html(f'<p class="summary"><small>{escape(words[:1].upper() + words[1:])}{f" · <b>{escape(wrong)}</b>" if wrong else ""}</small></p>')


def say(kind: str, sentences: Sequence[str]) -> None:
    """A notice; the first sentence leads. What a person typed may be in it, so it is escaped."""
    lead, *rest = sentences
    {"error": st.error, "warning": st.warning, "success": st.success}.get(kind, st.info)(
        "\n".join([escaped(lead), *(f"\n- {escaped(line)}" for line in rest)])
    )


# -- the answer --------------------------------------------------------------------------------------


def badge(words: str) -> None:
    """A word or two on what kind of answer it is."""
    html(f'<p><span class="badge">{escape(words)}</span></p>')


def figures(shown: Sequence[tuple[str, str, str]]) -> None:
    """Figures side by side: (name, value, what it means)."""
    boxes = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}" + (f"<small>{escape(meaning)}</small>" if meaning else "") + "</dd></div>"
        for name, value, meaning in shown
    )
    html(f'<dl class="figures">{"".join(boxes)}</dl>')


def notice(words: str) -> None:
    """Something that must not be overlooked."""
    html(f'<p class="notice">{escape(words)}</p>')


def heading(words: str) -> None:
    """A heading inside a card."""
    html(f"<h4>{escape(words)}</h4>")


# -- words -------------------------------------------------------------------------------------------


def paragraph(words: str, kind: str = "") -> None:
    """Plain words, of whatever origin."""
    html(f'<p class="{kind}">{escape(words)}</p>')


def assumption(words: str, why: str, decisive: bool) -> None:
    """A value taken where nobody said one, and why; marked where it alone could change the answer."""
    mark = ' <span class="tag">could change the answer</span>' if decisive else ""
    html(f"<p>{escape(words)}{mark}<small>{escape(why)}</small></p>")


def label(words: str) -> None:
    """The name of several fields that belong together."""
    html(f'<div class="label">{escape(words)}</div>')


def note(words: str) -> None:
    """Small words under a field; nothing where there are none."""
    if words:
        html(f"<small>{escape(words)}</small>")


def numbered(lines: Sequence[str]) -> None:
    """Plain lines with numbers."""
    html(f'<ol class="plain">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ol>')


def folded(title: str, lines: Sequence[str]) -> None:
    """Plain lines that open on a click."""
    inside = "".join(f"<li>{escape(line)}</li>" for line in lines)
    html(f'<details><summary><span>{escape(title)}</span></summary><div class="body"><ul class="plain">{inside}</ul></div></details>')


def bullets(lines: Sequence[str]) -> None:
    """Plain lines with dots."""
    html(f'<ul class="plain">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>')
