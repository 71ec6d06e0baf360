"""The right side of the Decide page: the recommendation and its reasons, each in a card that says in words what it shows."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import streamlit as st

from decision import charts
from decision.analysis.breakeven import Basis, Crossing, Flip, costs_by, crossings
from decision.analysis.search import search_range
from decision.costs.line_items import Category
from decision.errors import BadInput, PriceMissing
from decision.framework import edges, load_framework
from decision.recommendation import OptionResult, Recommendation
from decision.scenario import Inputs
from decision.ui import state, toolbar, views
from decision.ui.formats import about, counted, day, escaped, in_unit, listed, money, number, percent, rounded, scalar
from decision.ui.views import Cell

STATUS = {
    "agree": ("Rules and bill agree", ":material/check_circle:", "green"),
    "close_call": ("Close call", ":material/balance:", "orange"),
    "disagree": ("Rules and bill disagree", ":material/call_split:", "orange"),
    "none": ("No option is left", ":material/block:", "red"),
}
BASES = {Basis.TOTAL: "Total cost", Basis.MONTHLY: "Whole monthly bill", Basis.PEOPLE: "Runtime and people", Basis.RUNTIME: "Runtime only"}
DRIVERS = ("agents", "active_hours_per_session", "sessions_per_day", "engineer_cost_per_year")
POINTS = 101  # of a break-even line; steps narrower than the range over this are drawn as slopes, but listed exactly
WIDTH_OF_NOW, WIDTH_OF_CROSSING = 3.0, 1.25  # the chart reaches this far beyond where we are, and beyond the next crossing
MOST_FLIPS, MOST_CROSSINGS = 8, 5


@contextmanager
def card(key: str, title: str) -> Iterator[None]:
    """A bordered part of the page with its own heading."""
    with st.container(border=True, key=f"card_{key}"):
        st.subheader(title, anchor=False)
        yield


def _shown(answer: Recommendation) -> list[OptionResult]:
    """The options considered that have a price: those left by total cost, then those ruled out."""
    priced = [result for result in answer.options if result.considered and result.costed]
    return sorted(priced, key=lambda result: (bool(result.ruled_out_by), result.total))


def _names(answer: Recommendation) -> dict[str, str]:
    return {result.id: result.option.short_name for result in _shown(answer)}


# -- the answer --------------------------------------------------------------------------------------


def verdict(answer: Recommendation) -> None:
    """The answer as a headline: what, for how much, how sure, and the sentence that decided."""
    words, icon, colour = STATUS[answer.status]
    best = answer.recommended
    with st.container(key="verdict", gap="xsmall"):
        views.paragraph("Where should our agents run?", "brand")
        title = f"{best.name}, {money(best.monthly or 0)} a month" if best else "None of these options can be used"
        st.title(escaped(title), anchor=False)
        st.badge(words, icon=icon, color=colour)  # type: ignore[arg-type]
        views.paragraph(answer.because, "verdict")
        if best:
            _headline_figures(answer, best)
        if answer.conditions:
            views.bullets(answer.conditions)


def no_verdict(error: BadInput) -> None:
    """Why there is no answer, and the way out where a click is enough."""
    with st.container(key="verdict", gap="xsmall"):
        views.paragraph("Where should our agents run?", "brand")
        st.title("No recommendation for these answers yet", anchor=False)
        toolbar.say("error", error.problems)
        if isinstance(error, PriceMissing) and state.sheet().scenario.as_of:
            st.button(
                "Take today's prices",
                key="todays_prices",
                icon=":material/today:",
                on_click=state.write,
                args=(("as_of",), None, "Prices of the day", True),
            )


def _headline_figures(answer: Recommendation, best: OptionResult) -> None:
    months = answer.horizon_months
    rival = next((answer.result(option_id) for option_id in answer.ranking if option_id != best.id), None)
    with st.grid(4, min_column_width=150):
        st.metric("A month", escaped(money(best.monthly or 0)), border=True, height="stretch")
        st.metric(f"Over {months} months", escaped(money(best.total or 0)), border=True, height="stretch")
        if best.odds is not None:
            st.metric(
                "Odds",
                percent(best.odds),
                border=True,
                height="stretch",
                help="Share of draws from the ranges, given and assumed, in which it costs least.",
            )
        if rival:
            lead = (rival.total or 0) - (best.total or 0)
            words = f"Over {months} months, {'less' if lead >= 0 else 'more'} than {rival.option.short_name}, the next best option."
            st.metric("Lead" if lead >= 0 else "Costs more by", escaped(money(abs(lead))), border=True, height="stretch", help=escaped(words))


def worked_out(answer: Recommendation) -> dict[str, str]:
    """What the engine worked out for the questions that nobody has to answer, and assumed for those that nobody did."""
    found, ratio = answer.verdict.answers.found, answer.verdict.token_to_runtime_ratio
    words = {question: f"Worked out from your answers: {step.label}." for question, step in found.items() if step.origin == "computed"}
    words |= {question: f"Not answered, so assumed: {step.label}." for question, step in found.items() if step.origin == "assumed"}
    if ratio is not None and "token_to_runtime" in words:
        words["token_to_runtime"] = (
            f"Worked out from your answers: tokens cost {about(ratio)} times the managed runtime ({found['token_to_runtime'].label})."
        )
    return words


# -- what the options cost ---------------------------------------------------------------------------


def options(answer: Recommendation) -> None:
    """Monthly and total cost of each option; what is ruled out, and why."""
    rows = []
    for result in _shown(answer):
        assert result.costed is not None
        owned, out = result.costed.owned, result.ruled_out_by
        note = "Ruled out: " + " ".join(_reasons(answer, result)) if out else "Recommended" if result.id == answer.option else ""
        cells = [
            Cell(result.option.short_name, note, views.swatch(result.id)),
            Cell(money(result.monthly or 0), right=True),
            Cell(money(result.total or 0), f"of it build {money(owned.build)}, exit {money(owned.exit)}", right=True),
            Cell("" if result.odds is None else percent(result.odds), right=True),
        ]
        rows.append(("out" if out else "pick" if result.id == answer.option else "", cells))
    with card("options", "What each option costs"):
        views.table(
            f"US dollars at the prices of {day(answer.as_of)}, cheapest first",
            ("Option", "A month", f"Over {answer.horizon_months} months", "Odds"),
            rows,
        )
        if answer.warnings:
            views.folded(f"{counted(len(answer.warnings), 'thing')} to know about these options", answer.warnings)


def _reasons(answer: Recommendation, result: OptionResult) -> list[str]:
    return list(dict.fromkeys(hit.because for hit in answer.verdict.ruled_out_by(result.id)))


def bills(answer: Recommendation) -> None:
    """The bill as stacked bars, and the line items of one option."""
    shown = _shown(answer)
    with card("bill", "Where the money goes"):
        periods = {"month": "A month", "machines": "Without people", "horizon": f"{answer.horizon_months} months"}
        what = st.segmented_control(
            "What the bars show",
            list(periods),
            default="month",
            required=True,
            key="bill_period",
            label_visibility="collapsed",
            persist_state="session",
            format_func=lambda value: periods[value],
        )
        words = views.OWNERSHIP if what == "horizon" else views.CATEGORIES
        parts = [(result.option.short_name, _parts(result, what), bool(result.ruled_out_by)) for result in shown]
        used = {name: label for name, label in words.items() if any(costs.get(name) for _, costs, _ in parts)}
        if what == "machines":
            views.note("A month without engineers' upkeep, which is left out here; the ranking and the headline count it.")
        views.legend(categories=used, said="; ".join(f"{name} {money(sum(costs.values()))}" for name, costs, _ in parts) + ".")
        views.figure(
            "ownership" if what == "horizon" else "bill",
            charts.stack_rows(parts, words, money),
            f"Stacked bars: {periods[what].lower()}, what each of {_by_name(shown)} costs, in parts.",
            lambda: _stack_table(parts, used),
            "bill",
        )
        _lines_of_one(answer, shown)


def _parts(result: OptionResult, what: str | None) -> dict[str, float]:
    assert result.costed is not None
    if what == "horizon":
        return {name: scalar(getattr(result.costed.owned, name)) for name in views.OWNERSHIP}
    return {name: scalar(result.costed.bill.of(Category(name))) for name in views.CATEGORIES if what != "machines" or name != Category.UPKEEP}


def _by_name(shown: list[OptionResult]) -> str:
    """The options by name, in an order that no change of a number changes."""
    return listed(sorted(result.option.short_name for result in shown))


def _stack_table(parts: list[tuple[str, dict[str, float], bool]], used: dict[str, str]) -> None:
    rows = [
        ("out" if out else "", [Cell(name), *(Cell(money(costs[c]), right=True) for c in used), Cell(money(sum(costs.values())), right=True)])
        for name, costs, out in parts
    ]
    views.table("US dollars", ("Option", *used.values(), "Total"), rows)


def _lines_of_one(answer: Recommendation, shown: list[OptionResult]) -> None:
    names = [result.id for result in shown]
    words = _names(answer)
    chosen = st.selectbox(
        "Every line of the bill of",
        names,
        format_func=lambda option_id: words[option_id],
        key=f"lines_of_{answer.option}",
        persist_state="session",
        index=names.index(answer.option) if answer.option in names else 0,
    )
    costed = answer.result(chosen).costed if chosen in names else None
    if costed:
        views.line_items(costed.bill)


# -- break-even --------------------------------------------------------------------------------------


@st.cache_resource(max_entries=500, show_spinner=False, hash_funcs={Inputs: state.fingerprint})
def _lines(inputs: Inputs, option_ids: tuple[str, ...], driver: str, basis: Basis) -> tuple[Any, dict[str, Any], tuple[Crossing, ...]]:
    """Values of the driver, cost of each option there, and every crossing in the search range."""
    found = crossings(inputs, option_ids, driver, basis=basis)
    lowest, highest = search_range(inputs, driver)
    now = scalar(inputs.driver_value(driver))
    ahead = [crossing.at for crossing in found if crossing.at > now][:1] or [crossing.at for crossing in found][-1:]
    reach = min(highest, max(WIDTH_OF_NOW * now, *(WIDTH_OF_CROSSING * at for at in ahead), highest / 20 if driver == "agents" else 0, lowest + 1e-6))
    values = np.linspace(max(lowest, reach / POINTS if lowest == 0 else lowest), reach, POINTS)
    return values, costs_by(inputs, option_ids, driver, values, basis), found


def felt_by_whole_numbers(found: Sequence[Crossing]) -> tuple[Crossing, ...]:
    """Crossings of an input that only comes in whole numbers: those with no whole number between them are one, or none where they cancel out."""
    felt = []
    for _, same in itertools.groupby(found, key=lambda crossing: crossing.first_whole):
        first, *rest = same
        last = rest[-1] if rest else first
        if first.before != last.after:
            felt.append(dataclasses.replace(last, before=first.before))
    return tuple(felt)


def breakeven(answer: Recommendation) -> None:
    """Cost by one input, with the team's own point and every change of the cheapest option."""
    option_ids = answer.ranking
    if len(option_ids) < 2:
        return
    sheet, names = state.sheet(), _names(answer)
    specs = {driver: sheet.inputs.driver_spec(driver) for driver in DRIVERS}
    with card("breakeven", "When another option becomes cheaper"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            driver = st.selectbox(
                "As this input changes",
                DRIVERS,
                format_func=lambda name: specs[name].label,
                key="breakeven_driver",
                persist_state="session",
                width=260,
            )
            basis = st.selectbox("Compare", list(BASES), format_func=lambda b: BASES[b], key="breakeven_basis", persist_state="session", width=220)
        values, costs, found = _lines(sheet.inputs, option_ids, driver, basis)
        spec, now = specs[driver], scalar(sheet.inputs.driver_value(driver))

        def words(crossing: Crossing) -> str:
            at = in_unit(crossing.first_whole if spec.whole or driver == "agents" else rounded(crossing.at), spec.unit)
            return f"From {at} on, {names[crossing.after]} is cheaper than {names[crossing.before]}" + (
                ", where a cost steps up." if crossing.step else "."
            )

        if spec.whole or driver == "agents":
            found = felt_by_whole_numbers(found)
        near = sorted(sorted(found, key=lambda crossing: abs(crossing.at - now))[:MOST_CROSSINGS], key=lambda crossing: crossing.at)
        if near:
            views.numbered([words(crossing) for crossing in near])
            if len(found) > len(near):
                views.paragraph(f"{len(found) - len(near)} more further away.")
        else:
            low, high = search_range(sheet.inputs, driver)
            best = min(costs, key=lambda option_id: costs[option_id][-1])
            views.paragraph(f"No break-even between {number(low)} and {in_unit(high, spec.unit)}: {names[best]} stays the cheapest.")
        views.legend(options={option_id: names[option_id] for option_id in option_ids})
        data = charts.breakeven_rows(costs, values, near, now, names, words, money, views.mode())
        unit = "over the horizon" if basis is Basis.TOTAL else "a month"
        st.caption(f"US dollars {unit}, by {escaped(spec.label.lower())} ({escaped(spec.unit)}). You are at {escaped(in_unit(now, spec.unit))}.")
        views.figure(
            "breakeven",
            data,
            f"Lines: what each of {listed(sorted(names[i] for i in option_ids))} costs as this changes: {spec.label}.",
            lambda: _line_table(values, costs, names, spec.label),
            "breakeven",
        )


def _line_table(values: Any, costs: dict[str, Any], names: dict[str, str], label: str) -> None:
    at = range(0, len(values), max(1, len(values) // 10))
    views.table(
        "US dollars",
        (label, *(names[i] for i in costs)),
        [("", [Cell(number(values[n])), *(Cell(money(costs[i][n]), right=True) for i in costs)]) for n in at],
    )


# -- what would change it ----------------------------------------------------------------------------


def flips(answer: Recommendation) -> None:
    """The smallest changes of single inputs that give another answer, smallest first."""
    names = _names(answer)
    reachable = sorted((flip for flip in answer.flips if flip.flips_at is not None and flip.option in names), key=lambda flip: flip.change)
    with card("flips", "What would change this answer"):
        if not reachable:
            views.paragraph("No single input, changed alone within its range, makes another option the cheapest.")
            return
        views.paragraph("One input at a time, the smallest change first; everything else stays as it is.")
        views.numbered([_flip_words(flip, names) for flip in reachable[:MOST_FLIPS]])
        lost = [names[i] for i in names if i != answer.option and not any(flip.option == i for flip in reachable) and i in answer.ranking]
        if lost:
            views.paragraph(f"No single change in range makes {listed(lost, 'or')} the cheapest.")


def _flip_words(flip: Flip, names: dict[str, str]) -> str:
    assert flip.flips_at is not None
    way = "rising" if flip.flips_at > flip.now else "falling"
    to = in_unit(rounded(flip.flips_at), flip.unit)
    return f"{flip.label}, {way} from {in_unit(flip.now, flip.unit)} to {to}, makes {names[flip.option]} the cheapest."


def rules_shown(answer: Recommendation) -> Any:
    """What the rules show: see `parts`."""
    return answer.verdict, answer.status, answer.option, [result.id for result in answer.options if result.considered]


def rules(answer: Recommendation) -> None:
    """The four-question framework with the way walked, what it says beside the bill, gates and signals."""
    found = answer.verdict
    with card("rules", "What the four questions say"):
        views.paragraph(found.sentence)
        best = answer.recommended
        if answer.status == "disagree" and best:
            st.warning(
                escaped(f"The bill says otherwise: {best.name} costs least of what is left."),
                icon=":material/call_split:",
                title="Rules and bill disagree",
            )
        views.flow(*edges(load_framework(), found.path))
        if found.outcome.shown:
            views.bullets(
                [f"The published flowchart: {found.outcome.flowchart}", f"The prose beside it: {found.outcome.prose}", f"Here: {found.outcome.shown}"]
            )
        considered = {result.id for result in answer.options if result.considered}
        hits = [hit for hit in found.gates if considered & set(hit.removes)]
        if hits:
            st.markdown("**Ruled out**")
            catalog = state.sheet().catalog
            removed = [listed(catalog.options[option_id].short_name for option_id in hit.removes if option_id in considered) for hit in hits]
            views.bullets([f"{names}: {hit.because} To relax it: {hit.relax}" for names, hit in zip(removed, hits, strict=True)])
        if found.signals:
            st.markdown("**Also speaks for a side**")
            views.bullets(
                [
                    f"{signal.text} For {'self-hosting' if signal.side == 'self_hosted' else 'a managed runtime'}, {signal.weight}."
                    for signal in found.signals
                ]
            )
