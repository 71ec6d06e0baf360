"""What is shown once it is revealed: the board's answer, the agenda, everybody's intervals and reasons, each person's own answer, the votes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from decision.catalog import Catalog
from decision.charts import PALETTE, Interval, interval_rows
from decision.errors import BadInput
from decision.loading import load
from decision.planning.agenda import Item, OwnAnswer, Vote, agenda, own_answers, voted
from decision.planning.board import Board
from decision.planning.events import question_of
from decision.planning.pool import spread_words
from decision.planning.record import value_words
from decision.planning.study import Study, study_of
from decision.recommendation import Recommendation
from decision.scenario import Amount
from decision.ui import views
from decision.ui.form.fields import label_with_unit
from decision.ui.plan.live import names
from decision.ui.plan.meeting import Meeting
from decision.words import about_money, counted, in_unit, odds_words, sentence_case, typed_amount


@dataclass(frozen=True)
class Found:
    """What the revealed estimates of a board come to. problem: why they allow no recommendation."""

    study: Study
    answer: Recommendation | None
    items: tuple[Item, ...] = ()
    own: tuple[OwnAnswer, ...] = ()
    votes: tuple[Vote, ...] = ()
    problem: str = ""


def _fingerprint(board: Board) -> str:
    return repr(board.shown)


@st.cache_resource(max_entries=200, show_spinner=False, hash_funcs={Board: _fingerprint, Catalog: lambda catalog: catalog.version})
def studied(board: Board, catalog: Catalog) -> Study:
    """The study of what everybody may see: one for all who look at the board. Raises BadInput where its scenario cannot be used any more."""
    return study_of(board.shown, catalog)


@st.cache_resource(max_entries=50, show_spinner="Working out what the differences change", hash_funcs={Board: _fingerprint})
def found_on(board: Board) -> Found:
    """What follows from what is revealed: worked out once for all who look."""
    study = studied(board, load())
    try:
        answer = study.pooled()
        return Found(study, answer, agenda(study), own_answers(study), tuple(voted(study)))
    except BadInput as error:
        return Found(study, None, problem=error.problems[0])


def results(meeting: Meeting, study: Study) -> None:
    """Everything revealed. The pictures come first onto the page, since what the differences change takes some seconds to work out."""
    board = meeting.board
    revealed = [subject for subject in board.subjects if board.standing(subject)]
    if not revealed:
        return
    above, below = st.container(), st.container()
    with below:
        st.header("What everybody said", anchor=False)
        inputs = [subject for subject in revealed if not question_of(subject)]
        with st.grid(2, min_column_width=420):
            for subject in inputs:
                _picture(meeting, study, subject)
    with above:
        found = found_on(board)
        _answer(found)
        _agenda(found)
    with below:
        _own(found, meeting)
        _votes(found, meeting)


def _answer(found: Found) -> None:
    st.header("Where the board stands", anchor=False)
    if found.answer is None:
        views.notice(found.problem)
        return
    best = found.answer.recommended
    if best is None:
        views.paragraph(found.answer.because, "verdict")
        return
    months = found.answer.horizon_months
    with views.piece():
        views.figures(
            [
                ("With what the board takes", best.option.short_name, "settled values, else everybody's pooled with equal weights"),
                ("Odds", odds_words(best.odds) if best.odds is not None else "none", "of the draws, in which it is the cheapest"),
                ("Cost", about_money(best.total) if best.total is not None else "none", f"over {months} months"),
            ]
        )
        views.paragraph(found.answer.because, "verdict")


def _agenda(found: Found) -> None:
    matters = [item for item in found.items if item.matters]
    settled = [item for item in found.items if not item.matters]
    with views.piece("agenda", "Agenda"):
        if not found.items:
            views.paragraph("Nobody differs yet: an input needs the estimates of at least two people.")
        elif not matters:
            views.paragraph("Nothing to argue about: whoever is right, the answer stays the same.")
        if matters:
            views.heading("Talk about these")
            views.numbered([item.sentence for item in matters])
        if settled:
            views.heading("Leave these")
            views.bullets([item.sentence for item in settled])


def _picture(meeting: Meeting, study: Study, subject: str) -> None:
    board, spec, estimates = meeting.board, study.specs[subject], meeting.board.estimates(subject)
    pool, said = study.pools[subject], board.standing(subject)
    together = _interval("all together", pool.amount, spec.unit, strong=True)
    rows = [together, *(_interval(board.name(person), amount, spec.unit) for person, amount in estimates.items())]
    rounds = board.rounds_of(subject)
    with st.container(border=True, key=meeting.key("picture", subject)):
        with views.piece():
            views.heading(spec.label)
            apart = f"You differ {spread_words(estimates, spec)}. " if len(estimates) > 1 else ""
            views.paragraph(f"{apart}All together: {together.words}.")
            if pool.left_out:
                views.note(f"Left out as outliers: {names(meeting, pool.left_out)}.")
            if settlement := board.settled(subject):
                views.notice(f"Settled at {value_words(study, settlement)}{f': {settlement.note}' if settlement.note else ''}")
        alt = f"Estimates of {spec.label}: an interval for each of {counted(len(estimates), 'participant')}, and of all together."
        views.chart("intervals", {"x": label_with_unit(spec)}, interval_rows(rows, PALETTE[views.mode()]), alt)
        with views.piece():
            views.bullets([_line(meeting, person, estimates[person], spec.unit, said[person].reason, said[person].late) for person in estimates])
            if len(rounds) > 1:
                views.folded(f"{counted(len(rounds), 'round')}", _history(meeting, subject, spec.unit))


def _interval(name: str, amount: Amount, unit: str, strong: bool = False) -> Interval:
    return Interval(name, amount.low, amount.likely, amount.high, _value(amount, unit), strong)


def _value(amount: Amount, unit: str) -> str:
    return f"{typed_amount(_rounded(amount))} {unit}" if amount.is_range else in_unit(amount.likely, unit)


def _rounded(amount: Amount) -> Amount:
    return Amount(*(float(f"{value:.3g}") for value in (amount.low, amount.likely, amount.high)))


def _line(meeting: Meeting, person: str, amount: Amount, unit: str, reason: str, late: bool) -> str:
    after = " (after the reveal)" if late else ""
    return f"{meeting.board.name(person)}: {_value(amount, unit)}{after}{f'. {reason}' if reason else ''}"


def _history(meeting: Meeting, subject: str, unit: str) -> list[str]:
    return [
        f"Round {each.number}, {meeting.board.name(person)}: {_value(answer.estimate, unit)}"
        for each in meeting.board.rounds_of(subject)
        if each.revealed
        for person, answer in each.said.items()
        if answer.estimate
    ]


def _own(found: Found, meeting: Meeting) -> None:
    if not found.own:
        return
    st.header("Each person's own answer", anchor=False)
    catalog = load()

    def row(name: str, option: str | None, odds: float | None, total: float | None, problem: str) -> list[views.Cell]:
        shown = catalog.option(option) if option else None
        return [
            views.Cell(name),
            views.Cell(shown.short_name if shown else "none", problem, views.swatch(shown) if shown else ""),
            views.Cell(odds_words(odds) if odds is not None else "", right=True),
            views.Cell(about_money(total) if total is not None else "", right=True),
        ]

    rows = [("", row(meeting.board.name(own.person), own.option, own.odds, own.total, own.problem)) for own in found.own]
    if found.answer and (best := found.answer.recommended):
        rows.insert(0, ("pick", row("all together", found.answer.option, best.odds, best.total, "")))
    views.table("What each set of estimates recommends, everything else as the board takes it.", ("who", "answer", "odds", "total"), rows)


def _votes(found: Found, meeting: Meeting) -> None:
    if not found.votes:
        return
    st.header("Votes", anchor=False)
    for vote in found.votes:
        rows = [
            ("", [views.Cell(sentence_case(words)), views.Cell(names(meeting, people)), views.Cell(outcome)])
            for words, people, outcome in vote.answers
        ]
        matters = "It decides where the rules lead." if vote.matters else "Whoever is right, the rules lead to the same."
        views.table(f"{vote.text} {matters}", ("answer", "who", "the rules lead to"), rows)
