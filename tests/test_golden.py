"""Golden cases: bills worked out by hand, in tests/golden/*.yaml, with the arithmetic beside each figure.

A case holds the keys of a scenario file and

    option:     an option of its own, made of the product's meters, for what no file of data/options/ bills
    charges:    things counted at a catalog price, for what no meter counts: {price, things, free}
    expect:     by option: a category, billed (all but people), total, per_session (of billed), run, build, delay, exit, moving,
                lines and quantities (by label), months (billed, by the number of the month); charges (by price id);
                together (billed of all options named, and the charges)
    breakeven:  {between, driver, range, basis, at, winners, first_whole}
    gates:      by gate: the options it removes
    advice:     option and status of the recommendation, ranking (options left), says and never_says (words of its sentence, conditions, warnings)
    refused:    words of the error that must come instead of a bill
    tolerance:  absolute; where absent, figures agree to a relative 1e-9
"""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from decision import strict_yaml
from decision.analysis.breakeven import Basis, pairwise
from decision.catalog import Catalog, Option, unit_size
from decision.costs.bill import Bill, bill
from decision.costs.costs import Costs, ownership
from decision.costs.line_items import Category, LineItem
from decision.errors import BadInput
from decision.framework import verdict
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import Inputs, inputs_of, scenario_from
from tests import record

GOLDEN = Path(__file__).parent / "golden"
EXPECTATIONS = {"expect", "breakeven", "gates", "advice", "refused"}
BESIDE_THE_SCENARIO = {"name", "option", "charges", "tolerance", *EXPECTATIONS}

OPTION_OF_A_CASE = {
    "colour": "slate", "mark": "long_dashed", "family": "portable_managed", "summary": "Only in this case.",
    "hosts_models": "any", "session_state": "vendor", "sold_by": "none", "provides": [], "glue": "none", "agent_exit_share": 0,
}  # fmt: skip

Case = dict[str, Any]


def cases(*having: str) -> list[Any]:
    read = [(path.stem, case) for path in sorted(GOLDEN.glob("*.yaml")) for case in strict_yaml.read(path)]
    return [pytest.param(case, id=f"{stem}: {case['name']}") for stem, case in read if set(having) <= set(case)]


def inputs_for(case: Case, catalog: Catalog) -> Inputs:
    if "option" in case:
        option = Option.model_validate({**OPTION_OF_A_CASE, "name": case["option"]["id"], "short_name": case["option"]["id"], **case["option"]})
        catalog = dataclasses.replace(catalog, options={**catalog.options, option.id: option})
    return inputs_of(scenario_from({key: value for key, value in case.items() if key not in BESIDE_THE_SCENARIO}), catalog)


def figures(option_id: str, inputs: Inputs) -> dict[str, Any]:
    """Everything a case may expect of one option."""
    billed = bill(option_id, inputs)
    owned = ownership(option_id, inputs)
    return {
        **{category.value: billed.of(category) for category in Category},
        "billed": without_people(billed),
        "total": billed.total,
        "per_session": without_people(billed) / billed.sessions,
        "lines": by_label(billed, "cost"),
        "quantities": by_label(billed, "quantity"),
        "months": {str(month): without_people(bill(option_id, inputs, float(month))) for month in range(1, 13)},
        "run": owned.run, "build": owned.build, "delay": owned.delay, "exit": owned.exit, "moving": owned.moving,
    }  # fmt: skip


def without_people(billed: Bill) -> Any:
    return billed.of(*(category for category in Category if category is not Category.UPKEEP))


def all_bills(case: Case, catalog: Catalog) -> list[Bill]:
    inputs = inputs_for(case, catalog)
    return [bill(option_id, inputs) for option_id in inputs.options]


def by_label(billed: Bill, attribute: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in billed.items:
        found[item.label] = found.get(item.label, 0.0) + getattr(item, attribute)
    return found


def charged(case: Case, inputs: Inputs) -> dict[str, float]:
    """Things less the free ones, in the price's unit, at the catalog's price of the day."""
    found = {}
    for charge in case.get("charges", ()):
        price = inputs.prices()[charge["price"]]
        things = max(charge["things"] - charge.get("free", 0), 0)
        item = LineItem(price.id, Category.SERVICES, None, things / unit_size(price.pricing_unit), price, "things at their price")
        found[price.id] = float(item.cost)
    return found


def assert_figure(what: str, found: float, expected: float, tolerance: float | None) -> None:
    close = pytest.approx(expected, rel=1e-9, abs=1e-12) if tolerance is None else pytest.approx(expected, rel=0, abs=tolerance)
    assert float(found) == close, f"{what}: found {found}, expected {expected}"


def test_data_says_what_the_record_says(catalog: Catalog) -> None:
    difference = record.changes(record.recorded(), record.lines(catalog))
    assert not difference, difference


@pytest.mark.parametrize("case", cases())
def test_a_case_is_named_dated_and_expects_something(case: Case) -> None:
    assert case["name"]
    assert isinstance(case["as_of"], dt.date)
    assert EXPECTATIONS & set(case)


@pytest.mark.parametrize("case", cases("expect"))
def test_bills_are_as_worked_out(case: Case, catalog: Catalog) -> None:
    inputs, tolerance = inputs_for(case, catalog), case.get("tolerance")
    expected = dict(case["expect"])
    charges = charged(case, inputs)
    together, expected_charges = expected.pop("together", None), expected.pop("charges", {})
    billed = sum(charges.values())
    for price_id, figure in expected_charges.items():
        assert_figure(price_id, charges[price_id], figure, tolerance)
    for option_id, of_option in expected.items():
        found = figures(option_id, inputs)
        billed += found["billed"]
        for name, figure in of_option.items():
            for label, value in figure.items() if isinstance(figure, dict) else (("", figure),):
                assert_figure(f"{option_id} {name} {label}", found[name][label] if label else found[name], value, tolerance)
    if together is not None:
        assert_figure("together", billed, together, tolerance)


def test_every_option_has_a_bill_worked_out(catalog: Catalog) -> None:
    worked_out = {option_id for case in strict_yaml.read(GOLDEN / "every_option.yaml") for option_id in case["expect"]}
    assert worked_out == set(catalog.options), "add the bill of each option to tests/golden/every_option.yaml, with its arithmetic"


@pytest.mark.parametrize("case", cases("breakeven"))
def test_break_even_points_are_as_worked_out(case: Case, catalog: Catalog) -> None:
    inputs = inputs_for(case, catalog)
    for expected in case["breakeven"]:
        (a, b), (low, high) = expected["between"], expected["range"]
        found = pairwise(inputs, a, b, expected["driver"], low, high, Basis(expected["basis"]))
        assert [crossing.at for crossing in found] == pytest.approx(expected["at"], rel=1e-6)
        assert [(crossing.before, crossing.after) for crossing in found] == [tuple(pair) for pair in expected["winners"]]
        if "first_whole" in expected:
            assert [crossing.first_whole for crossing in found] == expected["first_whole"]


@pytest.mark.parametrize("case", cases("gates"))
def test_gates_remove_what_they_must(case: Case, catalog: Catalog) -> None:
    hits = verdict(Costs(inputs_for(case, catalog))).gates
    for gate, removed in case["gates"].items():
        assert gate in {known.id for known in load().framework.gates}
        assert {option_id for hit in hits if hit.id == gate for option_id in hit.removes} == set(removed)


@pytest.mark.parametrize("case", cases("advice"))
def test_the_advice_is_what_an_expert_would_say(case: Case, catalog: Catalog) -> None:
    found, expected = recommend(inputs_for(case, catalog)), case["advice"]
    said = " ".join((found.because, found.rests_on, *found.conditions, *found.warnings))
    assert (found.option, found.status) == (expected["option"], expected["status"]), said
    if "ranking" in expected:
        assert set(found.ranking) == set(expected["ranking"])
    for words in expected.get("says", ()):
        assert words in said
    for words in expected.get("never_says", ()):
        assert words not in said


@pytest.mark.parametrize("case", cases("refused"))
def test_what_has_no_price_is_refused_by_name(case: Case, catalog: Catalog) -> None:
    with pytest.raises(BadInput) as refusal:
        all_bills(case, catalog)
    for word in case["refused"]:
        assert word in str(refusal.value)
