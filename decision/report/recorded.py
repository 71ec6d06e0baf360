"""A filed decision read again: what it said, what is the case now, and what lies between the two in dollars."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decision.analysis.comparison import Cause, bridge
from decision.catalog import Catalog
from decision.errors import BadInput, shown
from decision.recommendation import Recommendation, recommend
from decision.recommendation.triggers import Fired, Trigger, fired, triggers
from decision.scenario import Scenario, inputs_of, scenario_from

RECORD = "agent runtime decision record 1"
_MOST_TRIGGERS = 500
_FENCE = re.compile(r"^```json\s*\n(\{.*?^\})\s*\n```", re.DOTALL | re.MULTILINE)
_KINDS = ("input", "cost", "price", "stale", "review")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record keeps. monthly: the bill of month 12 of each option, USD."""

    title: str
    as_of: dt.date
    catalog_version: str
    option: str | None
    monthly: Mapping[str, float]
    scenario: Scenario
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A record beside what is the case now. causes: why the bill of the option filed differs, USD a month, by today's data on both days."""

    recorded: Recorded
    now: Recommendation
    fired: tuple[Fired, ...]
    causes: Mapping[Cause, float]
    then: float | None

    @property
    def stands(self) -> bool:
        """Whether the same option is recommended."""
        return self.now.option == self.recorded.option

    @property
    def monthly(self) -> dict[str, float | None]:
        """The bill of month 12 of the option filed: as filed, by today's data on that day, and now."""
        option = self.recorded.option
        known = option is not None and option in self.now.inputs.catalog.options
        now = self.now.result(option).monthly if option is not None and known else None
        return {"filed": self.recorded.monthly.get(option or ""), "then": self.then, "now": now}


def recorded(text: str) -> Recorded | None:
    """The record in a Markdown or JSON file; None where it holds none, so that it may be a scenario. Raises BadInput for one that is damaged."""
    if "decision record" not in text:
        return None
    found = _FENCE.search(text)
    try:
        content = json.loads(found[1] if found else text)
    except (ValueError, RecursionError):
        return None
    content = content.get("check", content) if isinstance(content, dict) else content
    if not isinstance(content, dict) or content.get("format") != RECORD:
        return None
    try:
        return Recorded(
            str(content["title"]), dt.date.fromisoformat(content["as_of"]), str(content["catalog_version"]), content["option"],
            {str(name): float(value) for name, value in content["monthly"].items()}, scenario_from(content["scenario"]),
            tuple(map(_trigger, content["triggers"][:_MOST_TRIGGERS])),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"the record is damaged ({shown(error, 80)}). File it again with `report`.") from None


def _trigger(said: Mapping[str, Any]) -> Trigger:
    kind = said["kind"]
    if kind not in _KINDS:
        raise ValueError(f"{kind} is no kind of condition")
    above, below, was = (None if said.get(name) is None else float(said[name]) for name in ("above", "below", "was"))
    on = dt.date.fromisoformat(said["on"]) if said.get("on") else None
    return Trigger(kind, str(said["words"]), str(said.get("subject", "")), above, below, was, on)


def as_recorded(scenario: Scenario, catalog: Catalog, today: dt.date) -> Recorded:
    """What a scenario would have been filed as, on its own day (today where it has none)."""
    found = recommend(inputs_of(scenario, catalog, today))
    monthly = {result.id: float(result.monthly) for result in found.considered if result.monthly is not None}
    return Recorded(scenario.name, found.as_of, found.catalog_version, found.option, monthly, scenario, triggers(found))


def check(said: Recorded, catalog: Catalog, today: dt.date, now: Scenario | None = None) -> Checked:
    """The record beside today: its own scenario, or the one of `now`, with today's catalog on today's prices. Raises what `recommend` raises."""
    before = inputs_of(said.scenario.model_copy(update={"as_of": said.as_of}), catalog)
    after = inputs_of((now or said.scenario).model_copy(update={"as_of": today}), catalog)
    found = recommend(after)
    causes, then = dict[Cause, float](), None
    if said.option is not None and said.option in catalog.options:
        try:
            steps = bridge(before, after, said.option)
            causes, then = {cause: float(value) for cause, value in steps.causes.items() if round(float(value), 2)}, float(steps.start)
        except BadInput:  # one of the two days has no price: a condition says so
            pass
    return Checked(said, found, fired(said.triggers, found), causes, then)
