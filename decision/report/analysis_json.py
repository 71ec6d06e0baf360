"""The data of the analysis commands; documented with all others in as_json.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decision.analysis.comparison import Bridge, Comparison, Side
from decision.analysis.exposure import Exposure
from decision.analysis.information import Information
from decision.analysis.levers import Effect, Levers
from decision.analysis.map import Axis, WhoWins
from decision.analysis.outlook import Band, Outlook
from decision.analysis.portfolio import Split
from decision.analysis.tornado import Tornado
from decision.costs.costs import Priced
from decision.scenario import Inputs

Data = dict[str, Any]


def outlook(inputs: Inputs, found: Outlook, left_out: Mapping[str, str]) -> Data:
    """`outlook`."""
    return {
        "as_of": inputs.as_of, "draws": found.draws, "seed": found.seed, "horizon_months": inputs.scenario.horizon_months, "varied": found.varied,
        "reference": found.reference,
        "options": [
            {
                "id": option_id, "odds": found.odds[option_id], "regret": found.regret[option_id], "monthly": _band(found.monthly[option_id]),
                "total": _band(found.total[option_id]), "cumulative": [_band(month) for month in found.cumulative[option_id]],
                "payback": _payback(found, option_id),
            }
            for option_id in found.option_ids
        ],
        "left_out": left_out,
    }  # fmt: skip


def _band(band: Band) -> Data:
    return {"low": band.low, "median": band.median, "high": band.high, "mean": band.mean}


def _payback(found: Outlook, option_id: str) -> Data | None:
    payback = found.payback.get(option_id)
    return None if payback is None else {"low": payback.low, "median": payback.median, "high": payback.high, "never": payback.never}


def tornado(inputs: Inputs, found: Tornado) -> Data:
    """`tornado`."""
    return {
        "as_of": inputs.as_of, "option": found.option, "rival": found.rival, "now": found.now,
        "swings": [
            {
                "driver": swing.path, "label": swing.label, "unit": swing.unit, "low": swing.low, "high": swing.high, "at_low": swing.at_low,
                "at_high": swing.at_high, "width": swing.width, "turns": swing.turns,
            }
            for swing in found.swings
        ],
    }  # fmt: skip


def information(inputs: Inputs, found: Information) -> Data:
    """`voi`."""
    return {
        "as_of": inputs.as_of, "best": found.best, "rival": found.rival, "evpi": found.evpi, "evpi_error": found.evpi_error,
        "sentence": found.sentence,
        "draws": found.draws, "seed": found.seed,
        "inputs": [
            {
                "driver": worth.path, "label": worth.label, "unit": worth.unit, "value": worth.value, "error": worth.error, "matters": worth.matters,
                "variance_share": worth.variance_share,
            }
            for worth in found.inputs
        ],
    }  # fmt: skip


def who_wins(inputs: Inputs, found: WhoWins) -> Data:
    """`map`."""
    return {
        "as_of": inputs.as_of, "basis": found.basis, "x": _axis(inputs, found.x), "y": _axis(inputs, found.y), "here": found.here,
        "options": found.option_ids,
        "winner": [[found.option_ids[i] for i in row] for row in found.winner.tolist()], "gap": found.gap, "shares": found.winners(),
        "left_out": found.left_out,
    }  # fmt: skip


def _axis(inputs: Inputs, axis: Axis) -> Data:
    spec = inputs.driver_spec(axis.driver)
    return {
        "driver": axis.driver,
        "label": spec.label,
        "unit": spec.unit,
        "low": axis.low,
        "high": axis.high,
        "log": axis.log,
        "centres": axis.centres,
    }


def levers(inputs: Inputs, found: Levers, exposures: Priced[Exposure]) -> Data:
    """`levers`."""
    return {
        "as_of": inputs.as_of, "recommended": found.recommended, "cheapest": found.cheapest, "levers": [_effect(effect) for effect in found.effects],
        "combined": _effect(found.combined), "naive_sum": found.naive_sum,
        "exposures": [
            {
                "option": each.option, "group": each.group, "hours": each.hours, "without_limit": each.without, "with_limit": each.capped,
                "limit": each.limit,
                "why": each.why,
            }
            for each in exposures.costs.values()
        ],
        "left_out": found.left_out,
    }  # fmt: skip


def _effect(effect: Effect) -> Data:
    return {
        "levers": effect.levers, "cheapest": effect.cheapest, "flips": effect.flips,
        "savings": {
            option_id: {"monthly": saving.monthly, "total": saving.total, "why": saving.why or None}
            for option_id, saving in effect.savings.items()
        },
        "changes": [
            {"path": change.path, "label": change.label, "unit": change.unit, "before": change.before, "after": change.after}
            for change in effect.changes
        ],
    }  # fmt: skip


def split(inputs: Inputs, found: Split) -> Data:
    """`split`."""
    return {
        "as_of": inputs.as_of, "total": found.total, "monthly": found.monthly, "single": found.single, "single_total": found.single_total,
        "single_monthly": found.single_monthly, "saving": found.saving, "material": found.material, "exact": found.exact,
        "at_most_above": found.at_most_above,
        "stacks": [
            {"option": stack.option, "groups": stack.groups, "total": stack.ownership.total, "monthly": stack.monthly} for stack in found.stacks
        ],
        "conventions": found.conventions, "left_out": found.left_out,
    }  # fmt: skip


def comparison(found: Comparison, steps: Bridge | None) -> Data:
    """`compare`."""
    return {
        "before": {"name": found.before.scenario.name, "as_of": found.before.as_of},
        "after": {"name": found.after.scenario.name, "as_of": found.after.as_of},
        "cheapest_before": found.cheapest_before, "cheapest_after": found.cheapest_after, "flips": found.flips,
        "options": [
            {
                "id": row.option, "before": _side(row.before), "after": _side(row.after), "monthly_change": row.monthly_change,
                "total_change": row.total_change,
            }
            for row in found.rows
        ],
        "bridge": steps and {
            "option_before": steps.option_before, "option_after": steps.option_after, "start": steps.start, "end": steps.end, "causes": steps.causes,
            "changes": [
                {
                    "cause": change.cause, "path": change.path, "label": change.label, "unit": change.unit, "before": change.before,
                    "after": change.after,
                }
                for change in steps.changes
            ],
        },
    }  # fmt: skip


def _side(side: Side) -> Data:
    return {
        "monthly": side.monthly.total if side.monthly else None, "total": side.ownership.total if side.ownership else None, "missing": side.missing,
    }  # fmt: skip
