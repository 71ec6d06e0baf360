"""The data that `--format json` prints. This docstring is its documentation; the names are stable.

Money is unrounded USD. Dates are 2026-11-20. A value that does not exist is null; NaN and infinity are never written.

`recommend`; `bill` is the same without `recommendation`, `trade`, `rests_on`, `load`, `prices_confirmed` and `framework`:
    as_of, catalog_version      the day whose prices hold, and a digest of data/
    recommendation              {option, status, because, conditions}; status: agree | close_call | disagree | indifferent | none
    framework                   {families, path: [{question, answer}], gates: [{id, removes, because}], signals, token_to_runtime_ratio}
    prices_confirmed            {first, last, oldest}: the days between which the list prices used were last confirmed, and the id of the one
                                confirmed on the first; null where all are the team's own
    trade                       {option, hours_per_month, build_weeks, hours_per_month_now, build_weeks_now, weeks_for_an_hour, sentence}: people of
                                one option that would turn an answer which rests on assumed hours; null where it rests on none
    rests_on                    the assumed hours of people on which the order rests, as a sentence; null where the team gave them
    load                        sessions open at once: {mean, peak, now, month_12, worst_month: {month, mean, peak}, beyond_limits}; mean and peak
                                are of month 12; beyond_limits: option left -> share of draws in which a limit of its vendor is exceeded
    options                     the options considered, and the others that have prices that day:
      id, name, considered      considered: ranked, as opposed to priced on request
      ruled_out_by              ids of the gates that remove it
      monthly, ownership        null for an option without prices that day; `warnings` says why
        monthly                 the bill of month 12: {total, differential, per_session, per_active_hour, line_items}; differential: beyond the
                                tokens that every option pays; per_session and per_active_hour are null without sessions or hours
        line_items              {label, category, group, quantity, pricing_unit, list_unit_price, currency, cost, working, assumed, source}
          category              tokens | runtime | servers | tools | services | upkeep; group: null when it serves the whole fleet
          assumed               the quantity or the price rests on an estimate
          source                {title, url, kind, effective_from, retrieved}
      ownership                 {total, run, build, delay, exit, moving, horizon_months}; moving: leaving, now, what the agents run on already
      plan                      the plan of the vendor that is billed; null where there is none to choose
      costs                     what is paid for: {monthly: {models, machines, people}, horizon: {models, machines, people, delay}}; models: tokens
                                and searches; people: upkeep, and over the horizon build and exit too
      people                    {hours_per_month, build_weeks, exit_weeks, evidence}: of month 12; evidence: what the hours rest on
    flips                       {option, driver, unit, now, flips_at, low, high, likely}; low, high: its likely range, and likely: whether
                                it flips inside; flips_at: null when no value in range makes the option the cheapest
    given, assumed, measured    inputs by origin: {path, label, unit, value, low, high, why, basis}; unit, low and high are null where the value is
                                a word; basis: measured, derived or assumed, of a rate of a kind of work
    warnings                    sentences

`report --format json`          {format, title, status, date, decision_makers, consulted, informed, question, scenario, recommendation, find_out:
                                [{path, label, worth}], prices: [{id, price, pricing_unit, source}], tool: {name, version, catalog_version, seed},
                                link, check}; recommendation: as `recommend`; prices: every price on the bills; find_out: worth in USD;
                                check: what `check` reads
`check`                         {title, filed, checked, catalog_version: {filed, now}, option: {filed, now}, stands, status, fired: [{kind, words,
                                subject, above, below, was, on, because}], conditions, monthly: {filed, then, now}, causes}; kind: input | cost |
                                price | stale | review; monthly: of the option filed, USD as filed, by today's data on that day, and now; causes:
                                why then and now differ
`breakeven`                     {as_of, driver, label, unit, now, basis, range: {low, high}, cheapest_at_low, crossings: [{at, first_whole, before,
                                after, step, cost}], left_out: {option: why}}; first_whole: null for a driver that is not counted
`flips`                         {as_of, flips, warnings} as above
`framework`                     {questions: [{id, text, answered_by, answers}], flow: [{when, outcome, families}], thresholds}
`framework FILE`                as_of and the block `framework` above
`outlook`                       {as_of, draws, seed, horizon_months, varied, reference, options: [{id, odds, regret, monthly, total, cumulative,
                                payback}], left_out}; monthly, total and each month of cumulative (0 to horizon): {low, median, high, mean};
                                payback: {low, median, high, never}, when the reference becomes cheaper than this option, null for itself
`tornado`                       {as_of, option, rival, now, swings: [{driver, label, unit, low, high, at_low, at_high, width, turns}]}
`voi`                           {as_of, best, rival, evpi, evpi_error, sentence, draws, seed, inputs: [{driver, label, unit, value, error, matters,
                                variance_share}]}
`map`                           {as_of, basis, x, y: {driver, label, unit, low, high, log, centres}, here, options, winner, gap, shares, left_out};
                                winner and gap have one row per value of y, the lowest first
`levers`                        {as_of, recommended, cheapest, levers: [{levers, cheapest, flips, savings, changes}], combined, naive_sum, exposures,
                                left_out}; savings: option -> {monthly, total, why}
`split`                         {as_of, total, monthly, single, single_total, single_monthly, saving, material, exact, at_most_above,
                                stacks: [{option, groups, total, monthly}], conventions, left_out}
`compare`                       {before, after: {name, as_of}, cheapest_before, cheapest_after, flips, options: [{id, before, after, monthly_change,
                                total_change}], bridge: {option_before, option_after, start, end, causes, changes}}
`prices list`                   {as_of, catalog_version, prices: [{id, description, vendor, price, pricing_unit, currency,
                                source}]}; price: null when there is none that day
`prices show`                   {id, description, vendor, pricing_unit, currency, rows: [{effective_from, dated_by, price, source, also, note}]}
`prices stale`                  {as_of, max_age_days, stale: [{id, price, last_read, age_days, source}], announced: [the same]}; announced: in force
                                and not read since they took effect
`prices refresh`                {day, confirmed, written, feeds: [{id, unread, warning, unchanged, confirmed, findings: [{id, status, on_file, read,
                                effective_from, dated_by, read_on, level, why}]}], rows: [{id, feed, price, effective_from}], without_feed: [{id,
                                last_read}]}; status: changed | announced | cancelled | older | missing | refused;
                                on_file, read: in the feed's currency
`prices diff`                   {from, to, changes: [{id, before, after, effective_from, source}]}
`claims`                        {checked, about, claims: [{id, claim, sources, verdict, correct, result, figures: [{name, what, unit, published, ours,
                                agrees, working}]}]}; result: agree | disagree | not numeric
`board create`, `board import`  {id, title, links: {facilitator, participant, watcher}}
`board list`                    {boards: [{id, title, created, changed, deleted, events}]}; `board prune` the same under `pruned`
`board export`                  {format, withheld, events}; withheld: answers that nobody was shown, which stay out
`board record`                  {title, status, created, prices_of, proposed, recommended, odds, because, decision_makers, dissent, stood_aside,
                                settled, disagreements, votes, revisit_when, closings}; status: open | proposed | accepted | accepted with objections
`schema`                        JSON Schema of the scenario file
`check-data`                    how many of each kind were read
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from decision.analysis.flips import Flip
from decision.catalog import PriceInForce, Source
from decision.costs.bill import Bill
from decision.costs.costs import Costed
from decision.costs.line_items import MACHINES, MODELS, PEOPLE, LineItem
from decision.costs.load import Load
from decision.costs.ownership import CostOfOwnership
from decision.framework import Framework, Verdict
from decision.recommendation import InputLine, OptionResult, Recommendation
from decision.recommendation.people import evidence
from decision.recommendation.prices_used import Confirmed, last_confirmed
from decision.report.document import Report
from decision.report.sections.bill import Billed
from decision.report.sections.breakeven import Crossings
from decision.report.sections.evidence import is_assumed
from decision.scenario import Inputs

Data = dict[str, Any]


def write(report: Report) -> str:
    """The data of the report as JSON."""
    return written(report.data())


def written(data: Any) -> str:
    """Data as JSON text. Raises ValueError on NaN or infinity, which no caller hands over."""
    return json.dumps(_plain(data), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(data: Any) -> Any:
    """Arrays of one element and NumPy numbers as floats, dates and enumerations as text, infinity as null."""
    if isinstance(data, np.ndarray | np.generic):
        data = data.item() if data.size == 1 else data.tolist()
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    if isinstance(data, enum.StrEnum | dt.date):
        return str(data)
    return None if isinstance(data, float) and math.isinf(data) else data


# -- scenarios -----------------------------------------------------------------------------------------


def recommendation(found: Recommendation) -> Data:
    """`recommend`. Options that are not considered and have no price that day are left out."""
    return {
        "as_of": found.as_of,
        "catalog_version": found.catalog_version,
        "recommendation": {"option": found.option, "status": found.status, "because": found.because, "conditions": found.conditions},
        "rests_on": found.rests_on or None,
        "trade": dataclasses.asdict(found.trade) if found.trade else None,
        "load": load(found.load, found.beyond_limits),
        "prices_confirmed": _confirmed(last_confirmed(found)),
        "framework": verdict(found.verdict),
        "options": [_option(result, found) for result in found.options if result.considered or result.costed],
        "flips": flips(found.flips),
        **{origin: [_input(line) for line in getattr(found, origin)] for origin in ("given", "assumed", "measured")},
        "warnings": found.warnings,
    }


def load(found: Load, beyond_limits: Mapping[str, float]) -> Data:
    """The block `load`: sessions at once, of month 12 unless another month is named."""
    now, last, worst = (at._asdict() for at in (found.now, found.month_12, found.worst))
    return {"mean": last["mean"], "peak": last["peak"], "now": now, "month_12": last, "worst_month": worst, "beyond_limits": beyond_limits}


def _confirmed(found: Confirmed | None) -> Data | None:
    return None if found is None else {"first": found.first, "last": found.last, "oldest": found.oldest}


def _option(result: OptionResult, found: Recommendation) -> Data:
    costed = result.costed
    return {
        "id": result.id, "name": result.name, "considered": result.considered, "ruled_out_by": result.ruled_out_by,
        "monthly": monthly(costed.bill, result.differential) if costed else None,
        "ownership": ownership(costed.owned, found.horizon_months) if costed else None,
        "plan": costed.bill.plan if costed else None,
        "costs": costs(costed) if costed else None,
        "people": people(costed, evidence(found.inputs, result.id)) if costed else None,
    }  # fmt: skip


def costs(costed: Costed) -> Data:
    """The block `costs`."""
    bill, run = costed.bill, costed.run
    return {
        "monthly": {"models": bill.of(*MODELS), "machines": bill.of(*MACHINES), "people": bill.of(*PEOPLE)},
        "horizon": {"models": run.models, "machines": run.machines, "people": costed.people, "delay": costed.owned.delay},
    }


def people(costed: Costed, evidence: str) -> Data:
    """The block `people`."""
    return {
        "hours_per_month": costed.bill.upkeep_hours,
        "build_weeks": costed.owned.build_weeks,
        "exit_weeks": costed.owned.exit_weeks,
        "evidence": evidence,
    }


def _input(line: InputLine) -> Data:
    return {
        "path": line.path,
        "label": line.label,
        "unit": line.unit,
        "value": line.value,
        "low": line.low,
        "high": line.high,
        "why": line.why or None,
        "basis": line.basis,
    }


def bill(inputs: Inputs, billed: Billed, flips_found: Iterable[Flip]) -> Data:
    """`bill`: that of `recommend` without what says which option to take."""
    bills = [costed.bill for costed in billed.costed]
    return {
        "as_of": inputs.as_of,
        "catalog_version": inputs.catalog.version,
        "options": [
            {
                "id": bill.option.id, "name": bill.option.name, "considered": bill.option.id in inputs.options,
                "ruled_out_by": [hit.id for hit in billed.gates if bill.option.id in hit.removes],
                "monthly": monthly(bill, float(bill.total) - billed.common),
                "ownership": ownership(costed.owned, inputs.scenario.horizon_months),
                "plan": bill.plan, "costs": costs(costed), "people": people(costed, evidence(inputs, bill.option.id)),
            }
            for costed in billed.costed if (bill := costed.bill)
        ],
        "flips": flips(flips_found),
        **facts(inputs, {bill.option.id for bill in bills}),
        "warnings": [
            *billed.missing.values(),
            *(f"{bill.option.short_name}: {warning}" for bill in bills for warning in bill.option.warnings),
        ],
    }  # fmt: skip


def ownership(owned: CostOfOwnership, horizon_months: int) -> Data:
    """The block `ownership`."""
    return {
        "total": owned.total, "run": owned.run, "build": owned.build, "delay": owned.delay, "exit": owned.exit, "moving": owned.moving,
        "horizon_months": horizon_months,
    }  # fmt: skip


def monthly(bill: Bill, differential: float | None) -> Data:
    """The block `monthly`."""
    total = float(bill.total)
    return {
        "total": total,
        "differential": differential,
        "per_session": total / float(bill.sessions) if bill.sessions else None,
        "per_active_hour": total / float(bill.active_hours) if bill.active_hours else None,
        "line_items": [line_item(item) for item in bill.items],
    }


def line_item(item: LineItem) -> Data:
    """One line of a bill."""
    return {
        "label": item.label, "category": item.category, "group": item.group, "quantity": item.quantity, "pricing_unit": item.price.pricing_unit,
        "list_unit_price": item.price.amount, "currency": "USD", "cost": item.cost, "working": item.explained(),
        "assumed": is_assumed(item), "source": price_source(item.price),
    }  # fmt: skip


def price_source(price: PriceInForce) -> Data:
    """Who says so, since when it holds and when it was read."""
    return {**cited(price.source), "effective_from": price.effective_from, "retrieved": price.source.retrieved}


def cited(source: Source) -> Data:
    """Who says so."""
    return {"title": source.title, "url": source.url, "kind": source.kind}


def facts(inputs: Inputs, option_ids: Collection[str]) -> Data:
    """The blocks `given`, `assumed` and `measured`, without the numbers of other options."""
    felt = [fact for fact in inputs.facts.values() if not fact.path.startswith("options.") or fact.path.split(".")[1] in option_ids]
    return {
        origin: [
            {
                "path": fact.path, "label": inputs.driver_spec(fact.path).label, "unit": fact.spec.unit, "value": fact.amount.likely,
                "low": fact.amount.low, "high": fact.amount.high, "why": fact.why or None,
            }
            for fact in felt if fact.origin == origin
        ]
        for origin in ("given", "assumed", "measured")
    }  # fmt: skip


def flips(found: Iterable[Flip]) -> list[Data]:
    """The block `flips`."""
    return [
        {
            "option": flip.option,
            "driver": flip.driver,
            "unit": flip.unit,
            "now": flip.now,
            "flips_at": flip.flips_at,
            "low": flip.low,
            "high": flip.high,
            "likely": flip.is_likely,
        }
        for flip in found
    ]


def verdict(found: Verdict) -> Data:
    """The block `framework`."""
    return {
        "families": found.families,
        "path": [{"question": step.question, "answer": step.answer} for step in found.path],
        "gates": [{"id": hit.id, "removes": hit.removes, "because": hit.because} for hit in found.gates],
        "signals": [{"id": signal.id, "side": signal.side, "text": signal.text, "weight": signal.weight} for signal in found.signals],
        "token_to_runtime_ratio": found.token_to_runtime_ratio,
    }


def framework(rules: Framework) -> Data:
    """`framework` without a scenario."""
    return {
        "questions": [
            {
                "id": question.id, "text": question.text, "answered_by": question.answered_by,
                "answers": [{"id": answer.id, "label": rules.label(question.id, answer.id)} for answer in question.classes],
            }
            for question in rules.questions
        ],
        "flow": [{"when": row.when, "outcome": row.outcome, "families": rules.outcomes[row.outcome].families} for row in rules.flow],
        "thresholds": [{"id": name, "label": each.label, "value": each.value, "unit": each.unit} for name, each in rules.thresholds.items()],
    }  # fmt: skip


def breakeven(inputs: Inputs, found: Crossings) -> Data:
    """`breakeven`."""
    driver = found.driver
    return {
        "as_of": inputs.as_of, "driver": driver.name, "label": driver.spec.label, "unit": driver.spec.unit, "now": driver.now, "basis": found.basis,
        "range": {"low": driver.low, "high": driver.high}, "cheapest_at_low": found.cheapest_at_low,
        "crossings": [
            {
                "at": point.at, "first_whole": point.first_whole if driver.spec.counted else None, "before": point.before, "after": point.after,
                "step": point.step, "cost": point.cost,
            }
            for point in found.points
        ],
        "left_out": found.left_out,
    }  # fmt: skip
