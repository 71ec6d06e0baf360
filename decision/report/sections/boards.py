"""Boards: the record of a decision that several people made, and the operator's answers about the boards on a server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from decision.planning.agenda import agenda, voted
from decision.planning.board import Settlement
from decision.planning.limits import GRACE_DAYS
from decision.planning.links import Links
from decision.planning.record import revisit_triggers, status_words, value_words
from decision.planning.store import Listed
from decision.planning.study import Study
from decision.report.document import Block, Figure, Gap, Heading, Section, sentence, table
from decision.words import counted, in_unit, listed, sentence_case

HOW = {"median": "the median", "person": "one person's", "typed": "typed by the facilitator"}


def board_record(study: Study) -> Iterator[Block]:
    """Who decided what, who objected and why, what was settled and why, what people differ on, and when to look again.

    Raises BadInput where the board's estimates allow no recommendation.
    """
    board, answer = study.board, study.pooled()
    yield Heading(board.title, f"decision record, {status_words(board)}, prices of {answer.as_of}, catalog {answer.catalog_version}")
    yield from _decision(study)
    yield Gap()
    yield Section("What the figures say")
    yield sentence(answer.because)
    best = answer.recommended
    if best and best.odds is not None:
        yield sentence(f"{best.name} is the cheapest in ", Figure(best.odds, "odds_words"), " of the draws.")
    yield Gap()
    yield Section("Settled")
    rows = [_settled(study, each) for subject in board.subjects if (each := board.settled(subject))]
    if rows:
        yield table(("what", "value", "whose", "why"), rows, gives_way=3)
    else:
        yield sentence("Nothing was settled: what people said is pooled, everybody with the same weight.")
    yield from _differences(study)
    yield Gap()
    yield Section("Look again when")
    triggers = revisit_triggers(answer)
    for trigger in triggers:
        reached = in_unit(float(f"{trigger.flips_at:.3g}"), trigger.unit)
        yield sentence(f"{trigger.label} reaches {reached}: then {study.catalog.option(trigger.option).name}", lead="- ")
    if not triggers:
        yield sentence("No change of a single input to half or twice its value turns the answer.")
    yield from _closings(study)


def _decision(study: Study) -> Iterator[Block]:
    board = study.board
    if board.proposal is None:
        yield sentence("No decision has been proposed.")
        return
    option = study.catalog.options.get(board.proposal.option)
    yield sentence(board.proposal.text, lead=f"{option.name if option else board.proposal.option}: ")
    stances = board.proposal.stances.items()
    yield sentence(listed(board.name(who) for who, (stance, _) in stances if stance == "agree") or "nobody", lead="Agreed: ")
    for wanted, lead in (("object", "Objects: "), ("stand_aside", "Stands aside: ")):
        for who, why in [(who, why) for who, (stance, why) in stances if stance == wanted]:
            yield sentence(f"{board.name(who)}{f': {why}' if why else ''}", lead=lead)


def _settled(study: Study, settlement: Settlement) -> tuple[str, str, str, str]:
    whose = study.board.name(settlement.whose) if settlement.whose else HOW[settlement.how]
    return study.label(settlement.subject), value_words(study, settlement), whose, settlement.note or "no note"


def _differences(study: Study) -> Iterator[Block]:
    items = agenda(study)
    for title, matters in (("Disagreement that decides", True), ("Disagreement that does not matter", False)):
        if of_kind := [item for item in items if item.matters is matters]:
            yield Gap()
            yield Section(title)
            for item in of_kind:
                yield sentence(item.sentence, lead="- ")
    votes = list(voted(study))
    if votes:
        yield Gap()
        yield Section("Votes on the questions")
    for vote in votes:
        yield sentence(f"{vote.text} {'It decides where the rules lead.' if vote.matters else 'It does not change where the rules lead.'}", lead="- ")
        for words, people, outcome in vote.answers:
            yield sentence(f"{sentence_case(words)}: {listed(map(study.board.name, people))}. The rules then lead to: {outcome}.", depth=2)


def _closings(study: Study) -> Iterator[Block]:
    if study.board.closings:
        yield Gap()
        yield Section("Closed and reopened")
    for what, at, reason in study.board.closings:
        yield sentence(f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC, {what}{f': {reason}' if reason else ''}")


# -- the operator ----------------------------------------------------------------------------------------


def opened_board(board_id: str, title: str, links: Links, page: str) -> Iterator[Block]:
    """A board that was made or imported, and its three links, which are shown this once."""
    yield Heading(title, f"board {board_id}")
    for role, link in addresses(links, page).items():
        yield sentence(link, lead=f"{role}: ")
    yield Gap()
    yield sentence("Keep the links: the server has only digests of them and cannot show them again. Who has one needs nothing else.", depth=0)


def addresses(links: Links, page: str) -> dict[str, str]:
    """What each link is for -> its address on the page."""
    return {role: f"{page.rstrip('/')}/plan?board={secret}" for role, secret in links._asdict().items()}


def board_list(found: Sequence[Listed]) -> Iterator[Block]:
    """The boards of a server."""
    if not found:
        yield sentence("There is no board on this server.", depth=0)
        return
    yield Heading(counted(len(found), "board"), "the one that changed last on top, times in UTC")
    rows = ((each.id, each.title, each.changed[:16], str(each.events), f"deleted {each.deleted[:10]}" if each.deleted else "") for each in found)
    yield table(("id", "title", "changed", "events", ""), rows, numbers=(3,), gives_way=1)


def pruned_boards(found: Sequence[Listed]) -> Iterator[Block]:
    """What was taken away for good."""
    yield sentence(f"{counted(len(found), 'board')} deleted more than {GRACE_DAYS} days ago: gone for good.", depth=0)
    for each in found:
        yield sentence(f"{each.id}  {each.title}", lead="- ")


def as_data(found: Sequence[Listed]) -> list[dict[str, Any]]:
    """Rows of the list as data."""
    return [{name: getattr(each, name) for name in Listed.__slots__} for each in found]
