"""Compare: this scenario against another, or against itself on another day, and why the bill differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import streamlit as st

from decision import charts
from decision.analysis.comparison import Bridge, Cause, Comparison, Side, bridge, on_day
from decision.analysis.comparison import compare as compare_of
from decision.report.sections import compare as section
from decision.scenario import Inputs, inputs_of, read_scenario
from decision.ui import state, views
from decision.ui.explore import study
from decision.ui.explore.study import Study, Words
from decision.ui.views import Cell
from decision.words import CAUSES, cents, day, listed, money, sentence_case, value_or_word

_WITH = {"ready": "An example", "day": "Another day", "file": "A file"}
_CHEAPEST = ""
_MOST_CHANGES = 40


@st.cache_resource(max_entries=100, show_spinner="Pricing both", hash_funcs={Inputs: state.fingerprint})
def _compared(before: Inputs, after: Inputs) -> Comparison:
    return compare_of(before, after)


@st.cache_resource(max_entries=100, show_spinner="Splitting the difference by cause", hash_funcs={Inputs: state.fingerprint})
def _bridge(before: Inputs, after: Inputs, option: str, option_after: str) -> Bridge:
    return bridge(before, after, option, option_after)


@study.section
def compare(found: Study) -> None:
    """The section."""
    sides = _sides(found)
    if sides is None:
        return
    before, after = sides
    done = _compared(before, after)
    study.lead(section.lead(done).spoken())
    _table(done)
    _explain(done)


# -- the other side ------------------------------------------------------------------------------------


def _sides(found: Study) -> tuple[Inputs, Inputs] | None:
    """The two scenarios, the earlier day first. Raises BadInput for a file or a day that cannot be used."""
    how = st.segmented_control(
        "Compare with",
        list(_WITH),
        default="ready",
        required=True,
        format_func=lambda value: _WITH[value],
        key="compare_with",
        persist_state="session",
    )
    if how == "file":
        return _file(found)
    return _on_day(found) if how == "day" else _ready(found)


def _ready(found: Study) -> tuple[Inputs, Inputs]:
    ready, own = state.presets(), state.sheet().origin
    names = [name for name in ready if name != own or state.sheet().edited]
    chosen = st.selectbox(
        "Example", names, format_func=lambda name: ready[name].name, key=f"compare_ready@{len(names)}@{own}", persist_state="session", width=360
    )
    return found.inputs, inputs_of(ready[chosen], found.inputs.catalog, found.inputs.as_of)


def _on_day(found: Study) -> tuple[Inputs, Inputs] | None:
    now, earliest = found.inputs.as_of, _first_day(found.inputs)
    start = max(earliest, _months_before(now, 6))
    chosen = st.date_input(
        "The same scenario on",
        start,
        earliest,
        max(state.today(), now),
        key=f"compare_day@{now}",
        format="YYYY-MM-DD",
        persist_state="session",
        width=220,
    )
    if not isinstance(chosen, dt.date):
        return None
    if chosen == now:
        study.lead(f"That is the day this scenario is priced on already, {day(now)}. Choose another.")
        return None
    other = on_day(found.inputs.scenario, found.inputs.catalog, chosen)
    return (other, found.inputs) if chosen < now else (found.inputs, other)


def _first_day(inputs: Inputs) -> dt.date:
    """The first day on which anything had a price."""
    return min(row.effective_from for series in inputs.catalog.prices.values() for row in series.rows)


def _months_before(when: dt.date, months: int) -> dt.date:
    count = when.year * 12 + when.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, 1)


def _file(found: Study) -> tuple[Inputs, Inputs] | None:
    upload = st.file_uploader("A scenario file", type=["yaml", "yml"], key="compare_file")
    if upload is None:
        study.lead("Choose a scenario file: one downloaded from this tool, or written by hand. It is compared and not opened; your answers stay.")
        return None
    return found.inputs, inputs_of(read_scenario(upload.name, upload.getvalue()), found.inputs.catalog, found.inputs.as_of)


# -- both sides ----------------------------------------------------------------------------------------


def _name(done: Comparison, option_id: str) -> str:
    return done.before.catalog.option(option_id).short_name


def _table(done: Comparison) -> None:
    titles = section.titles(done)
    rows = []
    for row in done.rows:
        months = [None if side.monthly is None else side.monthly.shown_total for side in (row.before, row.after)]
        totals = [None if side.ownership is None else float(side.ownership.shown_total) for side in (row.before, row.after)]
        why = " ".join(dict.fromkeys(side.missing for side in (row.before, row.after) if side.missing))
        rows.append(
            (
                "",
                [
                    Cell(_name(done, row.option), why, views.swatch(done.after.catalog.option(row.option))),
                    *_trio(months, cents),
                    *_trio(totals, money),
                ],
            )
        )
    heads = ("Option", "Month 12, A", "Month 12, B", "B less A", "In all, A", "In all, B", "B less A in all")
    horizons = dict.fromkeys(str(inputs.scenario.horizon_months) for inputs in (done.before, done.after))
    views.table(f"A: {titles[0]}. B: {titles[1]}. US dollars; in all is the total cost of ownership over {listed(horizons)} months.", heads, rows)


def _trio(sides: list[float | None], words: Words) -> Iterable[Cell]:
    start, end = sides
    yield Cell("no price" if start is None else words(start), right=True)
    yield Cell("no price" if end is None else words(end), right=True)
    yield Cell("" if start is None or end is None else _signed(words, end - start), right=True)


def _signed(words: Words, change: float) -> str:
    return f"{'+' if round(change, 2) > 0 else ''}{words(change)}"


# -- the bridge ----------------------------------------------------------------------------------------


def _explain(done: Comparison) -> None:
    study.heading("Why the bill of month 12 differs")
    both = [row.option for row in done.rows if row.before.monthly is not None and row.after.monthly is not None]
    cheapest = (done.cheapest_before, done.cheapest_after)
    options = ([_CHEAPEST] if done.flips and all(cheapest) else []) + both
    if not options:
        views.paragraph("No option has a price on both sides, so there is nothing to explain.")
        return
    first = options.index(cheapest[1]) if not done.flips and cheapest[1] in options else 0
    words = {_CHEAPEST: "the cheapest of each", **{option_id: _name(done, option_id) for option_id in both}}
    chosen = st.selectbox(
        "The bill of",
        options,
        index=first,
        format_func=lambda i: words.get(i, i),
        key=f"bridge_of@{'|'.join(options)}",
        persist_state="session",
        width=260,
    )
    ends = (cheapest[0] or chosen, cheapest[1] or chosen) if chosen == _CHEAPEST else (chosen, chosen)
    _draw(done, _bridge(done.before, done.after, *ends))


def _draw(done: Comparison, steps: Bridge) -> None:
    sums = _sums(done, steps)
    causes = {sentence_case(CAUSES[cause]): value for cause, value in _adding_up(steps, sums[1] - sums[0]).items()}
    names = (f"A, {_name(done, steps.option_before)}", f"B, {_name(done, steps.option_after)}")
    most = max(causes, key=lambda cause: abs(causes[cause]), default=None)
    views.paragraph(
        f"{cents(sums[0])} becomes {cents(sums[1])}. "
        + (f"Most of it is {most.lower()}: {_signed(cents, causes[most])}." if most else "Nothing that this bill reads differs.")
    )
    bars = charts.step_bars((names[0], sums[0]), causes, (names[1], sums[1]), cents, views.mode())
    study.bars("US dollars in month 12", bars, "Bridge by cause.", lambda: _steps_table(names, sums, causes), "bridge")
    views.note(
        "Each cause has its average effect over all orders in which the causes could have come, so that they add up exactly and no order is favoured."
    )
    if steps.changes:
        shown = [
            f"{sentence_case(CAUSES[change.cause])}: {change.label}, {value_or_word(change.before)} to {value_or_word(change.after)} {change.unit}"
            for change in steps.changes[:_MOST_CHANGES]
        ]
        more = len(steps.changes) - len(shown)
        views.folded(f"What changed ({len(steps.changes)})", [*shown, *([f"and {more} more"] if more else [])])


def _sums(done: Comparison, steps: Bridge) -> tuple[float, float]:
    """The two ends as they are shown everywhere: sums of lines rounded to the cent."""

    def shown(side: Side) -> float:
        assert side.monthly is not None  # an end of the bridge has a price
        return side.monthly.shown_total

    rows = {row.option: row for row in done.rows}
    return shown(rows[steps.option_before].before), shown(rows[steps.option_after].after)


def _adding_up(steps: Bridge, change: float) -> dict[Cause, float]:
    """The causes to the cent; the largest takes what rounding leaves over, so that they add up to the change shown."""
    shown = {cause: round(float(value), 2) for cause, value in steps.causes.items() if float(value)}
    if shown:
        largest = max(shown, key=lambda cause: abs(shown[cause]))
        shown[largest] = round(shown[largest] + change - sum(shown.values()), 2)
    return {cause: value for cause, value in shown.items() if value}


def _steps_table(names: tuple[str, ...], sums: tuple[float, float], causes: dict[str, float]) -> None:
    rows = [("", [Cell(names[0]), Cell(cents(sums[0]), right=True)])]
    rows += [("", [Cell(cause), Cell(_signed(cents, value), right=True)]) for cause, value in causes.items()]
    views.table("US dollars in month 12", ("Cause", "US dollars"), [*rows, ("pick", [Cell(names[1]), Cell(cents(sums[1]), right=True)])])


__all__ = ["compare"]
