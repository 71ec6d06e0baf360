"""What a board leaves behind: the record of the decision, and the whole board as a file that can be moved to another server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from decision.errors import BadInput, shown
from decision.planning.agenda import agenda, voted
from decision.planning.board import Board, Settlement, project
from decision.planning.events import Event, Said, event_from
from decision.planning.limits import LARGEST_FILE, MOST_EVENTS
from decision.planning.rights import is_blind
from decision.planning.study import Study
from decision.recommendation import Recommendation
from decision.recommendation.triggers import turning
from decision.scenario import Amount
from decision.words import in_unit, typed_amount

FORMAT = "decision board 1"


class Reached(NamedTuple):
    """An input whose value turns the recommendation to another option."""

    label: str
    flips_at: float
    unit: str
    option: str


def status_words(board: Board) -> str:
    """How far the decision is: proposed, accepted, accepted with objections, or open."""
    if board.proposal is None:
        return "open"
    if board.status != "closed":
        return "proposed"
    objections = any(stance == "object" for stance, _ in board.proposal.stances.values())
    return "accepted with objections" if objections else "accepted"


def value_words(study: Study, settlement: Settlement) -> str:
    """A settled value in words."""
    if isinstance(settlement.value, Amount):
        spec = study.specs.get(settlement.subject)
        unit = spec.unit if spec else ""
        return in_unit(settlement.value.likely, unit) if not settlement.value.is_range else f"{typed_amount(settlement.value)} {unit}"
    return study.questions().get(settlement.subject, {}).get(settlement.value, settlement.value)


def revisit_triggers(answer: Recommendation) -> list[Reached]:
    """The nearest changes of a single input that turn the recommendation, as a filed decision has them."""
    return [Reached(flip.label, flip.flips_at, flip.unit, flip.option) for flip in turning(answer) if flip.flips_at is not None]


def record(study: Study) -> dict[str, Any]:
    """The record of the decision as plain data: who decided what, who objected and why, what was settled and why, and when to look again.

    Revisit when: the smallest change of a single input that turns the recommendation, as `Recommendation.flips` has it.
    Raises BadInput where the board's estimates allow no recommendation.
    """
    board, answer = study.board, study.pooled()
    proposal = board.proposal
    stances = proposal.stances if proposal else {}
    best = answer.recommended
    return {
        "title": board.title,
        "status": status_words(board),
        "created": board.created.isoformat(),
        "prices_of": answer.as_of.isoformat(),
        "proposed": {"option": proposal.option, "text": proposal.text, "at": proposal.at.isoformat()} if proposal else None,
        "recommended": answer.option,
        "odds": best.odds if best else None,
        "because": answer.because,
        "decision_makers": [board.name(person) for person, (stance, _) in stances.items() if stance == "agree"],
        "dissent": [{"name": board.name(person), "reason": reason} for person, (stance, reason) in stances.items() if stance == "object"],
        "stood_aside": [{"name": board.name(person), "reason": reason} for person, (stance, reason) in stances.items() if stance == "stand_aside"],
        "settled": [
            {
                "input": study.label(each.subject), "value": value_words(study, each), "how": each.how,
                "whose": board.name(each.whose) if each.whose else None, "note": each.note, "at": each.at.isoformat(),
            }
            for subject in board.subjects
            if (each := board.settled(subject))
        ],
        "disagreements": [{"input": item.label, "matters": item.matters, "said": item.sentence} for item in agenda(study)],
        "votes": [
            {"question": vote.text, "matters": vote.matters, "answers": {words: [*map(board.name, who)] for words, who, _ in vote.answers}}
            for vote in voted(study)
        ],
        "revisit_when": [
            {"input": flip.label, "reaches": in_unit(float(f"{flip.flips_at:.3g}"), flip.unit), "option": flip.option}
            for flip in revisit_triggers(answer)
        ],
        "closings": [{"what": what, "at": at.isoformat(), "reason": reason} for what, at, reason in board.closings],
    }  # fmt: skip


def exported(events: Sequence[Event]) -> dict[str, Any]:
    """The whole board as plain data, its links apart. What nobody has been shown is left out, and counted.

    That is every answer of a round that is still blind, and what somebody had said in a round before they changed it and it was revealed.
    """
    board = project(events)
    last = {(event.subject, event.round, event.author): event.id for event in events if isinstance(event, Said)}
    kept = [
        event
        for event in events
        if not isinstance(event, Said) or (not is_blind(board, event) and last[event.subject, event.round, event.author] == event.id)
    ]
    return {"format": FORMAT, "withheld": len(events) - len(kept), "events": [event.model_dump(mode="json") for event in kept]}


def imported(text: str | bytes, name: str) -> tuple[Event, ...]:
    """The events of an exported board. Raises BadInput for anything else."""
    if len(text) > LARGEST_FILE:
        raise BadInput(f"{name}: {len(text):,} bytes; an exported board has at most {LARGEST_FILE:,}. Check that it is the right file.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"{name}: this is not JSON, or it was damaged. Import a file that this tool has exported.") from None
    if not isinstance(content, Mapping) or content.get("format") != FORMAT or not isinstance(content.get("events"), list):
        raise BadInput(f'{name}: this is no exported board: it has no "format": "{FORMAT}" with events. Import a file that this tool has exported.')
    found = content["events"]
    if len(found) > MOST_EVENTS:
        raise BadInput(f"{name}: {len(found):,} events; a board holds at most {MOST_EVENTS:,}. Check that it is the right file.")
    events = tuple(event_from(each, f"{shown(name)}: events[{n}]") for n, each in enumerate(found))
    if len({event.id for event in events}) < len(events):
        raise BadInput(f"{name}: two events have the same id. Import the file as it was exported.")
    project(events)
    return events
