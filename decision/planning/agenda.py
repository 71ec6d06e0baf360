"""What is worth talking about: the inputs on which people disagree, by what the disagreement does to the recommendation.

For each input the recommendation is worked out as if one person were right about it, everything else as the board takes it. Where all of them
get the same answer, the disagreement does not matter, however wide. Where they do not, the flip points between them are searched by halving.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from decision.errors import BadInput
from decision.planning.pool import factor, spread_words
from decision.planning.study import Study
from decision.recommendation import Recommendation
from decision.scenario import Amount, Spec
from decision.words import about_money, in_unit, listed

_MOST_TRIED = 7  # values of one input; those between two that agree are taken to agree with them
_HALVINGS = 10  # of the interval between two people: a flip point is known to a thousandth of it


@dataclass(frozen=True)
class Side:
    """The people who, if right about the input, would all get the same recommendation. option: None where no option is left."""

    option: str | None
    people: tuple[str, ...]
    low: float
    high: float


@dataclass(frozen=True)
class Item:
    """An input on which people were asked.

    sides: in ascending order of the input. flips: the values between two sides. at_stake: USD over the horizon that the board's recommendation
    costs more than the cheapest option left, if the person it suits least is right.
    """

    subject: str
    label: str
    spec: Spec
    sides: tuple[Side, ...]
    flips: tuple[float, ...]
    at_stake: float
    spread: float
    sentence: str

    @property
    def matters(self) -> bool:
        """Whether it changes the recommendation who is right."""
        return len(self.sides) > 1


def agenda(study: Study) -> tuple[Item, ...]:
    """Every input with revealed estimates of at least two people: those that matter first, the most dollars at stake on top.

    Raises BadInput where the board's own estimates allow no recommendation.
    """
    now = study.pooled()
    items = [_item(study, subject, now) for subject in study.pools if len(study.board.estimates(subject)) > 1]
    return tuple(sorted(items, key=lambda item: (not item.matters, -item.at_stake, -item.spread, item.subject)))


def _item(study: Study, subject: str, now: Recommendation) -> Item:
    spec, estimates = study.specs[subject], study.board.estimates(subject)
    likely = sorted({estimate.likely for estimate in estimates.values()})
    answers = _answers(study, subject, likely)
    sides: list[Side] = []
    flips: list[float] = []
    for value in likely:
        people = tuple(person for person, estimate in estimates.items() if estimate.likely == value)
        if sides and sides[-1].option == answers[value]:
            last = sides[-1]
            sides[-1] = Side(last.option, last.people + people, last.low, value)
        else:
            if sides:
                flips.append(_flip(study, subject, sides[-1].high, value, sides[-1].option))
            sides.append(Side(answers[value], people, value, value))
    at_stake = max((_regret(study, subject, value, now) for value in (likely[0], likely[-1])), default=0.0)
    item = Item(subject, spec.label, spec, tuple(sides), tuple(flips), at_stake, factor(estimates), "")
    return Item(subject, spec.label, spec, item.sides, item.flips, at_stake, item.spread, _sentence(study, item))


def _recommended(study: Study, subject: str, value: float) -> Recommendation | None:
    """The recommendation if that value is right; None where it contradicts other answers, or nothing is left to recommend from."""
    try:
        return study.of({subject: Amount.point(value)})
    except BadInput:
        return None


def _option(study: Study, subject: str, value: float) -> str | None:
    found = _recommended(study, subject, value)
    return found.option if found else None


def _answers(study: Study, subject: str, values: list[float]) -> dict[float, str | None]:
    """The option for each value. Of many values some are tried, then those between two neighbours that differ."""
    tried = {round(n * (len(values) - 1) / max(1, _MOST_TRIED - 1)) for n in range(_MOST_TRIED)}
    found = {n: _option(study, subject, values[n]) for n in sorted(tried)}
    ends = sorted(found)
    for left, right in itertools.pairwise(ends):
        same = found[left] == found[right]
        for between in range(left + 1, right):
            found[between] = found[left] if same else _option(study, subject, values[between])
    return {values[n]: option for n, option in found.items()}


def _flip(study: Study, subject: str, low: float, high: float, below: str | None) -> float:
    """Where the recommendation changes between two values, the first of which recommends `below`."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _option(study, subject, middle) == below:
            low = middle
        else:
            high = middle
    return high


def _regret(study: Study, subject: str, value: float, now: Recommendation) -> float:
    """USD over the horizon that the board's recommendation costs more than the cheapest option left, if that value is right."""
    found = _recommended(study, subject, value)
    if found is None or now.option is None or not found.ranking:
        return 0.0
    mine, cheapest = found.result(now.option).total, found.result(found.ranking[0]).total
    return max(0.0, mine - cheapest) if mine is not None and cheapest is not None else 0.0


def _sentence(study: Study, item: Item) -> str:
    spread = spread_words(study.board.estimates(item.subject), item.spec)
    if not item.matters:
        if item.spread == 1:
            return f"{item.label}: you agree {spread.removeprefix('not at all ')}."
        return f"{item.label}: you differ {spread}, and it does not matter: whoever is right, the answer is {_name(study, item.sides[0].option)}."
    parts = [f"{_name(study, side.option)} for {listed(map(study.board.name, side.people))}" for side in item.sides]
    turns = listed(in_unit(float(f"{value:.3g}"), item.spec.unit) for value in item.flips)
    stake = f" {about_money(item.at_stake)} are at stake." if item.at_stake >= 1 else ""
    return f"{item.label}: you differ {spread}, and it decides. The answer changes at {turns}: {'; '.join(parts)}.{stake}"


def _name(study: Study, option: str | None) -> str:
    return study.catalog.option(option).short_name if option else "none"


@dataclass(frozen=True)
class Vote:
    """A question of the framework that was voted on. matters: whether it changes where the rules lead who is right."""

    subject: str
    text: str
    answers: tuple[tuple[str, tuple[str, ...], str], ...]
    """(answer, people, outcome that the rules reach with it), in the order of the framework."""

    @property
    def matters(self) -> bool:
        """Whether it changes the outcome."""
        return len({outcome for _, _, outcome in self.answers}) > 1


def voted(study: Study) -> Iterator[Vote]:
    """Every question with revealed votes, in the order asked."""
    for subject, labels in study.questions().items():
        votes = study.board.votes(subject) if subject in study.board.subjects else {}
        if not votes:
            continue
        question = subject.partition(":")[2]
        answers = tuple(
            (words, tuple(person for person, vote in votes.items() if vote == answer), study.outcome({question: answer}).label)
            for answer, words in labels.items()
            if answer in votes.values()
        )
        yield Vote(subject, study.label(subject), answers)


@dataclass(frozen=True)
class OwnAnswer:
    """What one person's estimates recommend, or why they allow none. odds: share of the draws in which the option is the cheapest."""

    person: str
    option: str | None
    odds: float | None
    total: float | None
    problem: str = ""


def own_answers(study: Study) -> tuple[OwnAnswer, ...]:
    """Each person with a revealed estimate, in the order in which they came."""
    speaking = [person for person in study.board.people if any(person in study.board.estimates(subject) for subject in study.pools)]
    return tuple(_own(study, person) for person in speaking)


def _own(study: Study, person: str) -> OwnAnswer:
    try:
        found = study.own(person)
    except BadInput as error:
        return OwnAnswer(person, None, None, None, error.problems[0])
    best = found.recommended
    return OwnAnswer(person, found.option, best.odds if best else None, best.total if best else None)
