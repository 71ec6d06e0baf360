"""Published claims beside our own figures, each with the working behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import streamlit as st

from decision import claims
from decision.catalog import Catalog
from decision.claims import ComputedFigure, Recomputed, Result
from decision.loading import load
from decision.ui import views
from decision.ui.prices.listings import table_of
from decision.ui.views import html
from decision.words import computed, counted, day, listed

RESULTS = {Result.AGREE: "our figures agree", Result.DISAGREE: "our figures differ", Result.NOT_NUMERIC: "nothing to compute"}
_AGREES = {True: "agrees", False: "differs", None: "nothing published to compare"}


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Catalog: lambda catalog: catalog.version})
def _recomputed(catalog: Catalog) -> tuple[Recomputed, ...]:
    return claims.recomputed(catalog)


def published_claims() -> None:
    """How many claims hold, filters, and the claims; each opens to its figures."""
    said, found = load().claims, _recomputed(load())
    held = sum(claim.claim.verdict == "correct" for claim in found)
    views.paragraph(
        f"{len(found)} published claims on these runtimes, computed again at the prices of {day(said.checked)}: "
        f"{held} are correct, {len(found) - held} are not, or not quite. {said.closeness.assumption}"
    )
    shown = _filtered(found, said.sources)
    views.paragraph(f"{counted(len(shown), 'claim')} shown." if shown else "No claim fits all of these. Take one filter back.")
    if shown:
        html('<div class="claims">' + "".join(_claim(claim, said.sources) for claim in shown) + "</div>")


def _filtered(found: Sequence[Recomputed], sources: dict[str, str]) -> list[Recomputed]:
    verdicts = Counter(claim.claim.verdict for claim in found)
    results = Counter(claim.result for claim in found)
    chosen = st.pills(
        "Verdict of the check", [verdict for verdict, _ in verdicts.most_common()], selection_mode="multi",
        key="claim_verdicts", persist_state="session", format_func=lambda verdict: f"{verdict} {verdicts[verdict]}",
    )  # fmt: skip
    with st.grid(2, min_column_width=280):
        wanted = st.selectbox(
            "Our figures", list(RESULTS), index=None, key="claim_results", persist_state="session", placeholder="All",
            format_func=lambda result: f"{RESULTS[result]} ({results[result]})",
        )  # fmt: skip
        source = st.selectbox(
            "Published by",
            list(sources),
            index=None,
            key="claim_sources",
            persist_state="session",
            placeholder="Everybody",
            format_func=lambda name: sources[name],
        )
    return [
        claim
        for claim in found
        if (not chosen or claim.claim.verdict in chosen)
        and (wanted is None or claim.result is wanted)
        and (source is None or source in claim.claim.sources)
    ]


def _claim(found: Recomputed, sources: dict[str, str]) -> str:
    claim = found.claim
    tags = f'<span class="tag{"" if claim.verdict == "correct" else " third"}">{escape(claim.verdict)}</span>'
    if found.result is not Result.NOT_NUMERIC:
        tags += f'<span class="tag{"" if found.result is Result.AGREE else " assumed"}">{RESULTS[found.result]}</span>'
    body = [f"<p><b>Correct:</b> {escape(found.correct)}</p>"] if found.correct else []
    body += [_figures(found.figures)] if found.figures else ["<p>There is no figure in it to compute.</p>"]
    body.append(f"<p><small>Published by {escape(listed(sources[name] for name in claim.sources))}</small></p>")
    return (
        f'<details><summary><span>{escape(claim.id)}</span><span>{escape(claim.claim)}</span><span class="tags">{tags}</span></summary>'
        f'<div class="body">{"".join(body)}</div></details>'
    )


def _figures(figures: Sequence[ComputedFigure]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(figure.what)}</th><td data-name="Working">{escape(figure.working)}</td>'
        f'<td data-name="Ours"><b>{escape(_ours(figure))}</b></td><td data-name="Published">{escape(figure.published or "none")}</td>'
        f'<td data-name="Beside it">{_AGREES[figure.agrees]}</td></tr>'
        for figure in figures
    )
    return table_of("rows", "How we get there", ("Figure", "Working", "Ours", "Published", "Beside it"), rows)


def _ours(figure: ComputedFigure) -> str:
    return f"{computed(figure.ours)} {figure.unit}"


__all__ = ["published_claims"]
