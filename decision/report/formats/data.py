"""A decision record as JSON: the answer of `recommend` with what a record adds to it."""

from __future__ import annotations

from decision.analysis.draws import USUAL_SEED
from decision.recommendation.triggers import triggers
from decision.report import as_json, record_json
from decision.report.document import cell_words
from decision.report.recorded import RECORD
from decision.report.sections.decision import DecisionRecord, question
from decision.scenario import plain


def write(record: DecisionRecord) -> str:
    """The record as JSON text."""
    return as_json.written(as_data(record)) + "\n"


def as_data(record: DecisionRecord) -> as_json.Data:
    """The record as documented data: format, title, status, date, people, question, scenario, recommendation, find_out, prices, tool, link."""
    found, unknown = record.found, record.unknown
    return {
        "format": RECORD,
        "title": record.title,
        "status": record.status,
        "date": record.date,
        "decision_makers": record.people.decision_makers, "consulted": record.people.consulted, "informed": record.people.informed,
        "question": cell_words(question(record)),
        "scenario": plain(found.inputs.scenario),
        "recommendation": as_json.recommendation(found),
        "find_out": [{"path": each.path, "label": each.label, "worth": each.value} for each in unknown.inputs if each.matters] if unknown else [],
        "prices": [
            {"id": price_id, "price": price.amount, "pricing_unit": price.pricing_unit, "source": as_json.price_source(price)}
            for price_id, price in sorted(record.prices.items())
        ],
        "tool": {"name": "agent-runtime-decision", "version": record.version, "catalog_version": found.catalog_version, "seed": USUAL_SEED},
        "link": f"?s={record.link}",
        "check": record_json.to_check(record.title, found, triggers(found)),
    }  # fmt: skip
