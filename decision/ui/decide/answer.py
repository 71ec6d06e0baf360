"""The answer in one line with its figures, and what each option costs."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from decision.costs.ownership import CostOfOwnership
from decision.errors import BadInput, PriceMissing
from decision.recommendation import OptionResult, Recommendation
from decision.recommendation.at_once import limit_sentences, load_sentence
from decision.recommendation.prices_used import changes_sentence, last_confirmed
from decision.ui import state, views
from decision.ui.form.questions import places_of
from decision.ui.formats import escaped
from decision.ui.views import Cell
from decision.words import MONTHS_AND_HORIZON, STATUS, about, counted, day, money, odds_words, sentence_case


def shown(answer: Recommendation) -> list[OptionResult]:
    """The options considered that have a price: those left by total cost, then those ruled out."""
    priced = [result for result in answer.considered if result.costed]
    return sorted(priced, key=lambda result: (bool(result.ruled_out_by), result.total))


def names_of(answer: Recommendation) -> dict[str, str]:
    """The options shown, by id."""
    return {result.id: result.option.short_name for result in shown(answer)}


def verdict(answer: Recommendation) -> None:
    """The answer as a headline: what, for how much, how sure, and the sentence that decided."""
    best = answer.recommended
    # a heading of Streamlit's own is on screen before the browser has fetched what shows markup
    st.title(escaped(f"{best.name}, {money(best.monthly or 0)} a month" if best else "No recommendation"), anchor=False)
    with views.piece():
        views.badge(sentence_case(STATUS[answer.status]))
        views.paragraph(answer.because, "verdict")
        if answer.rests_on:
            views.paragraph(answer.rests_on)
        if answer.trade:
            views.paragraph(answer.trade.sentence)
        if best:
            views.figures(list(_headline_figures(answer, best)))
        if answer.conditions:
            views.bullets(answer.conditions)
        if said := " ".join(_of_the_prices(answer)):
            views.paragraph(said)


def _of_the_prices(answer: Recommendation) -> Iterator[str]:
    """When they were last confirmed, and what changed since the day of the answer."""
    if confirmed := last_confirmed(answer):
        yield confirmed.sentence
    if changes := changes_sentence(answer, state.today()):
        yield changes


def no_verdict(error: BadInput) -> None:
    """Why there is no answer, and the way out where a click is enough."""
    st.title("No recommendation for these answers yet", anchor=False)
    views.say("error", error.problems)
    if isinstance(error, PriceMissing) and state.sheet().scenario.as_of:
        st.button(
            "Take today's prices",
            key="todays_prices",
            icon=":material/today:",
            on_click=state.write,
            args=(("as_of",), None, "Prices of the day", True),
        )


def _headline_figures(answer: Recommendation, best: OptionResult) -> Iterator[tuple[str, str, str]]:
    months = answer.horizon_months
    yield "A month", money(best.monthly or 0), "month 12, upkeep included"
    yield f"Over {months} months", money(best.total or 0), "bills, build, delay, expected exit"
    if best.odds is not None:
        yield "Odds", odds_words(best.odds), "of the draws from all ranges have it cheapest"
    rival = next((answer.result(option_id) for option_id in answer.ranking if option_id != best.id), None)
    if rival:
        lead, than = (rival.total or 0) - (best.total or 0), f"than {rival.option.short_name}"
        yield ("Lead", money(lead), f"less {than}, the next best") if lead >= 0 else ("Costs more by", money(-lead), f"{than}, the cheapest")


def worked_out(answer: Recommendation) -> dict[str, str]:
    """What the engine worked out for the questions that nobody has to answer, and assumed for those that nobody did."""
    found, ratio = answer.verdict.answers.found, answer.verdict.token_to_runtime_ratio
    by_nobody = {question.id for question in answer.inputs.catalog.framework.questions if not places_of(question)}
    words = {question: f"Worked out from your answers: {step.label}." for question, step in found.items() if question in by_nobody}
    words |= {question: f"Not answered, so assumed: {step.label}." for question, step in found.items() if step.origin == "assumed"}
    if ratio is not None and "token_to_runtime" in words:
        words["token_to_runtime"] = (
            f"Worked out from your answers: tokens cost {about(ratio)} times the managed runtime ({found['token_to_runtime'].label})."
        )
    return words


def options(answer: Recommendation) -> None:
    """Monthly and total cost of each option; what is ruled out, and why."""
    rows = []
    for result in shown(answer):
        assert result.costed is not None
        owned, out = result.costed.owned, result.ruled_out_by
        note = "Ruled out: " + " ".join(_reasons(answer, result)) if out else "Recommended" if result.id == answer.option else ""
        cells = [
            Cell(result.option.short_name, note, views.swatch(result.option)),
            Cell(money(result.monthly or 0), right=True),
            Cell(money(result.total or 0), _once(owned), right=True),
            Cell("" if result.odds is None else odds_words(result.odds), right=True),
        ]
        rows.append(("out" if out else "pick" if result.id == answer.option else "", cells))
    with views.piece("options", "What each option costs"):
        views.table(
            f"US dollars at the prices of {day(answer.as_of)}, cheapest first",
            ("Option", "A month", f"Over {answer.horizon_months} months", "Odds"),
            rows,
        )
        views.paragraph(" ".join([load_sentence(answer.load), *limit_sentences(answer.beyond_limits, answer.inputs.catalog.options)]))
        views.note(MONTHS_AND_HORIZON)
        if answer.warnings:
            views.folded(f"{counted(len(answer.warnings), 'thing')} to know about these options", answer.warnings)


def _once(owned: CostOfOwnership) -> str:
    """What is paid once, in words."""
    parts = {"build": owned.build, "exit": owned.exit} | ({"moving away": owned.moving} if owned.moving else {})
    return "of it " + ", ".join(f"{words} {money(usd)}" for words, usd in parts.items())


def _reasons(answer: Recommendation, result: OptionResult) -> list[str]:
    return list(dict.fromkeys(hit.because for hit in answer.verdict.ruled_out_by(result.id)))
