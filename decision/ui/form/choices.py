"""What a scenario says with one of a few words: how the form asks for it, and the values in words. tests/test_form.py proves that none is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from decision.loading import load
from decision.ui import state
from decision.ui.form.fields import choice
from decision.ui.sheet import Place
from decision.words import COMPONENT_WORDS


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the scenario with a few values. words: value -> how it reads."""

    label: str
    words: Mapping[str, str]


_WAYS = {"not_needed": "Not needed", "option": "The option's", "runs": "Runs already", "buys": "Bought", "builds": "We build it"}

CHOICES: Mapping[str, Choice] = {
    "fleet.kind": Choice("Kind of work", {kind: work.name for kind, work in load().token_rates.kinds.items()}),
    "fleet.load": Choice("Load", {"steady": "Steady", "bursty": "In bursts"}),
    "fleet.stakes": Choice("What is at stake?", {"normal": "Ordinary", "high": "A failure is expensive"}),
    "team.platform_talent": Choice("Platform engineers free", {"bench": "Yes, on the bench", "stretched": "No, they are stretched"}),
    "team.thoroughness": Choice("How thorough is the team?", {"minimal": "Minimal", "standard": "Standard", "hardened": "Hardened"}),
    "team.on_call": Choice("On call outside hours", {"none": "Nobody", "around_the_clock": "Around the clock"}),
    **{f"team.components.{name}": Choice(words, _WAYS) for name, words in COMPONENT_WORDS.items()},
    "constraints.models": Choice("Models", {"claude_only": "Claude only", "mixed": "Other models too"}),
    "constraints.data_residency": Choice(
        "Where may session data live?",
        {
            "none": "Anywhere",
            "vendor_region": "A vendor's region",
            "own_account": "Our own cloud account",
            "own_machines": "Our own machines",
            "air_gapped": "Air-gapped",
        },
    ),
    "constraints.observability": Choice("Observability", {"none": "Nothing to keep", "mature": "Our own pipeline stays"}),
}
"""By the path of the field; groups of the fleet are not told apart."""


def choice_at(place: Place) -> Choice | None:
    """The choice that is made at a place; None where the answer is a number, a text or a yes."""
    return CHOICES.get(".".join(part for part in place if isinstance(part, str)))


def choice_field(place: Place, label: str = "", hint: str | None = None, at: str = "", ours: bool = False) -> None:
    """The field for a choice, asked as the form asks it unless told; see `fields.choice`. Raises KeyError where there is none."""
    asked = CHOICES[".".join(part for part in place if isinstance(part, str))]
    choice(place, label or asked.label, asked.words, hint, at, ours)


def said(place: Place) -> str:
    """What was chosen there, in words; '' where nothing was."""
    asked, value = choice_at(place), state.sheet().at(place)
    return asked.words[value] if asked and value else ""
