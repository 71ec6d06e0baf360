"""From a kind of work to what a session takes: hours, tokens and searches that nobody gave, worked out from rates per active hour.

    completed(own, work)     # a group's own numbers by name, with every derived one filled in; what is there already stays

Requests and prompt length are the inputs; the classes of a prompt follow from its total, so that in every draw
requests x prompt length = uncached input + cache reads + cache writes. Values are floats or arrays that broadcast.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from decision.catalog import TOKEN_CLASSES, Catalog, Value
from decision.catalog.token_rates import PROMPT, Split, Work
from decision.scenario.model import UNITS, Group, Scenario, Tokens, TokensPerHour
from decision.scenario.quantity import Spec
from decision.words import listed

TOKENS = {name: f"tokens_per_session.{name}" for name in TOKEN_CLASSES}
_HOURLY = {name: f"tokens_per_active_hour.{name}" for name in TOKEN_CLASSES}
DERIVED: Mapping[str, tuple[str, ...]] = {
    "sessions_per_day": ("conversations_per_day",),
    "active_hours_per_session": (*UNITS, "requests_per_unit", "requests_per_active_hour"),
    **{TOKENS[name]: (_HOURLY[name], "active_hours_per_session") for name in TOKEN_CLASSES},
    "web_searches_per_session": ("web_searches_per_active_hour", "active_hours_per_session"),
}
"""Numbers of a group that follow from others where nobody gave them, and from which."""

RATES = frozenset(name for sources in DERIVED.values() for name in sources) - {"active_hours_per_session"}
"""Numbers that only say what others are, and not needed once those stand on their own."""

SPECS: Mapping[str, Spec] = {
    **{f"tokens_per_session.{name}": spec for name, spec, _ in Tokens().amounts()},
    **{name: spec for name, spec, _ in Group().amounts() if name in DERIVED},
}


def completed(own: Mapping[str, Value], work: Work) -> dict[str, Value]:
    """A group's own numbers by name, with those of DERIVED that are not there. What is there stays as it is."""
    found = dict(own)
    if "sessions_per_day" not in found and "conversations_per_day" in found:
        found["sessions_per_day"] = found["conversations_per_day"]
    if "active_hours_per_session" not in found and "requests_per_unit" in found:
        found["active_hours_per_session"] = _hours_of_units(found)
    if "active_hours_per_session" not in found:
        return found  # a group of which only a part is looked at
    hours = found["active_hours_per_session"]
    prompt: Mapping[str, Value] = {}
    if estimated(found):
        prompt = split(work.split, found["requests_per_active_hour"] * found["typical_prompt_tokens"])
    for name, path in TOKENS.items():
        if path not in found:
            found[path] = hours * (found[_HOURLY[name]] if _HOURLY[name] in found else prompt.get(name, 0.0))
    if "web_searches_per_session" not in found:
        found["web_searches_per_session"] = hours * found["web_searches_per_active_hour"]
    return found


def estimated(given: Collection[str]) -> tuple[str, ...]:
    """The classes of the prompt that are given neither by the session nor by the hour. given: names of a group's own numbers."""
    return tuple(name for name in PROMPT if TOKENS[name] not in given and _HOURLY[name] not in given)


def _hours_of_units(own: Mapping[str, Value]) -> Value:
    """Active hours of a session: its units of work, times the requests for one, over the requests of an hour."""
    units = next(own[name] for name in UNITS if name in own)
    each = np.maximum(own["sessions_per_day"], 1e-12)
    return units / each * own["requests_per_unit"] / own["requests_per_active_hour"]


def split(columns: Split, total: Value) -> dict[str, Value]:
    """Tokens of each class of a prompt, an active hour, when there are `total` of them: on straight lines between the columns of the rates.

    The classes add up to the total. Below the first column and above the last they keep its proportions.
    """
    inside = np.clip(total, columns.totals[0], columns.totals[-1])
    beyond = total / inside
    return {name: beyond * np.interp(inside, columns.totals, at) for name, at in columns.of_class.items()}


def kind_warnings(scenario: Scenario, catalog: Catalog) -> Iterator[str]:
    """A sentence for each group whose tokens rest on a kind of work that nobody said, or of whose tokens only some were given."""
    rates = catalog.token_rates
    for group in scenario.fleet:
        session, hour = group.tokens_per_session or Tokens(), group.tokens_per_active_hour or TokensPerHour()
        said = {TOKENS[name] for name, _, amount in session.amounts() if amount} | {_HOURLY[name] for name, _, amount in hour.amounts() if amount}
        missing = [*estimated(said), *(["output"] if said.isdisjoint((TOKENS["output"], _HOURLY["output"])) else [])]
        if not missing:
            continue
        kind = rates.of(group.kind).name.lower()
        if group.kind is None:
            yield f'The kind of work of "{group.name}" is not said, so its tokens are those of {kind}. {rates.because} Say its kind.'
        if said:
            names = listed(_WORDS[name] for name in missing)
            yield f'Of "{group.name}" only some tokens are given; {names} are those of {kind}. Write 0 where there are none.'


_WORDS = {"input": "uncached input", "cache_read": "cache reads", "cache_write_5m": "5-minute cache writes", "output": "output"}
