"""The data of filed decisions: what a record keeps for `check`, and what `check` finds; documented with all others in as_json.py."""

from __future__ import annotations

from collections.abc import Iterable

from decision.recommendation import Recommendation
from decision.recommendation.triggers import Trigger
from decision.report.as_json import Data
from decision.report.recorded import RECORD, Checked
from decision.scenario import plain


def to_check(title: str, found: Recommendation, conditions: Iterable[Trigger]) -> Data:
    """What a record keeps so that `check` can compute it again."""
    return {
        "format": RECORD, "title": title, "as_of": found.as_of, "catalog_version": found.catalog_version, "option": found.option,
        "monthly": {result.id: result.monthly for result in found.considered if result.costed},
        "scenario": plain(found.inputs.scenario), "triggers": [condition(each) for each in conditions],
    }  # fmt: skip


def condition(each: Trigger) -> Data:
    """One condition, without what it has not."""
    parts = {name: getattr(each, name) for name in ("kind", "words", "subject", "above", "below", "was", "on")}
    return {name: value for name, value in parts.items() if value not in (None, "")}


def checked(found: Checked) -> Data:
    """`check`."""
    return {
        "title": found.recorded.title, "filed": found.recorded.as_of, "checked": found.now.as_of,
        "catalog_version": {"filed": found.recorded.catalog_version, "now": found.now.catalog_version},
        "option": {"filed": found.recorded.option, "now": found.now.option}, "stands": found.stands, "status": found.now.status,
        "fired": [{**condition(each.trigger), "because": each.because} for each in found.fired], "conditions": len(found.recorded.triggers),
        "monthly": found.monthly, "causes": {str(cause): value for cause, value in found.causes.items()},
    }  # fmt: skip
