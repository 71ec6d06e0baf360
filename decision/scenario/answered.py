"""Where the number at a path is answered in a scenario, and the scenario with other answers there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decision.errors import BadInput, shown
from decision.scenario import paths
from decision.scenario.model import Scenario
from decision.scenario.quantity import Amount

Place = tuple[str | int, ...]
"""Where a value stands in a scenario file: ("fleet", 0, "agents"), ("overrides", "options", "vps", "upkeep_fte")."""


def place_of(scenario: Scenario, path: str) -> Place | None:
    """Where the input at `path` is answered; None for what a scenario cannot say (general assumptions, a group that it has not)."""
    known = paths.parsed(path)
    if known.group is not None:
        slugs = [group.slug for group in scenario.fleet]
        field, _, rest = known.name.partition(".")
        return ("fleet", slugs.index(known.group), field, *([rest] if rest else [])) if known.group in slugs else None
    if known.price is not None:
        return ("overrides", "prices", known.price)
    if known.option is not None:
        return ("overrides", "options", known.option, *known.name.split("."))
    first, _, rest = path.partition(".")
    if first == "people":
        return ("overrides", "people", rest)
    return None if first == "general" else tuple(path.split("."))


def answered(content: Mapping[str, Any], scenario: Scenario, answers: Mapping[str, Amount]) -> dict[str, Any]:
    """A scenario's plain content with these answers by path. Raises BadInput for a path that no scenario can answer."""
    changed: dict[str, Any] = dict(content)
    for path, amount in answers.items():
        place = place_of(scenario, path)
        if place is None:
            raise BadInput(f'"{shown(path)}" is not an input that a scenario answers. Choose another one.')
        changed = _with(changed, place, amount.plain())
    return changed


def _with(holder: Any, place: Place, value: Any) -> Any:
    """A copy with `value` at `place`; what is not on the way there is shared."""
    if not place:
        return value
    first, *rest = place
    if isinstance(first, int):
        return [_with(each, tuple(rest), value) if n == first else each for n, each in enumerate(holder)]
    known = holder if isinstance(holder, Mapping) else {}
    return {**known, first: _with(known.get(first), tuple(rest), value)}
