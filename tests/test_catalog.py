"""The catalog: dated prices with their sources, and what one YAML file can add."""

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from decision.catalog import DATA, Catalog
from decision.catalog.checks import euros_have_a_rate
from decision.costs.bill import bill
from decision.costs.costs import standing
from decision.costs.line_items import LineItem
from decision.errors import BadInput, PriceMissing
from decision.loading import load
from decision.scenario import inputs_of, scenario_from

DAY = dt.date(2026, 11, 20)
LAST_LOOKED_UP = dt.date(2026, 11, 25)  # some rules in force on DAY were read in a copy of five days later, and their notes say so

# -- days ------------------------------------------------------------------------------------------------


def test_every_price_row_holds_from_its_day_until_the_next(catalog: Catalog) -> None:
    for price_id, series in catalog.prices.items():
        for row in series.rows:
            if row.price is None:
                with pytest.raises(PriceMissing, match=str(row.effective_from)):
                    catalog.listed(price_id, row.effective_from)
            elif series.currency == "USD":
                assert catalog.listed(price_id, row.effective_from).amount == row.price
        with pytest.raises(PriceMissing) as refusal:
            catalog.listed(price_id, series.rows[0].effective_from - dt.timedelta(days=1))
        assert price_id in str(refusal.value)
        assert f"the first row starts on {series.rows[0].effective_from}" in str(refusal.value)


def test_a_change_replaces_the_price_on_its_day_and_not_before(catalog: Catalog) -> None:
    before, after = (catalog.listed("claude-sonnet-5-5.cache_read", dt.date(2026, 10, day)) for day in (6, 7))
    assert (before.amount, before.effective_from) == (0.2, dt.date(2026, 9, 28))
    assert (after.amount, after.effective_from) == (0.1, dt.date(2026, 10, 7))


def test_two_days_of_one_scenario_differ_only_in_sonnet_cache_reads(catalog: Catalog) -> None:
    tokens = {"input": 10_000, "cache_read": 40_000, "cache_write_5m": 5_000, "output": 15_000, "cache_write_1h": 0}
    fleet = [{"model_mix": {"claude-sonnet-5-5": 1}, "tokens_per_session": tokens}]
    earlier, later = (
        {item.label: item for item in bill("managed-agents", inputs_of(scenario_from({"as_of": day, "fleet": fleet}), catalog)).items}
        for day in ("2026-09-30", "2026-11-20")
    )
    assert earlier.keys() == later.keys()
    assert [label for label in earlier if earlier[label].cost != later[label].cost] == ["Claude Sonnet 5.5, cache reads"]
    reads = later["Claude Sonnet 5.5, cache reads"]
    assert reads.cost == pytest.approx(earlier[reads.label].cost / 2)
    assert reads.price.effective_from == dt.date(2026, 10, 7)
    assert "cache read" in reads.price.source.title
    assert reads.price.note == "cache reads halved from 0.20 to 0.10; the other prices unchanged"


def test_a_changed_copy_of_a_catalog_remembers_nothing_of_the_first() -> None:
    first, name, day = load(), "managed-agents.session", dt.date(2026, 11, 20)
    assert float(first.listed(name, day).amount) == 0.08
    series = first.prices[name]
    dearer = series.model_copy(update={"rows": tuple(row.model_copy(update={"price": 0.16}) for row in series.rows)})
    copy = dataclasses.replace(first, prices={**first.prices, name: dearer})
    assert float(copy.listed(name, day).amount) == 0.16
    assert float(first.listed(name, day).amount) == 0.08


def test_every_change_day_changes_something(catalog: Catalog) -> None:
    days = catalog.change_days()
    assert days == sorted(set(days))
    assert dt.date(2026, 10, 7) in days


# -- euros -----------------------------------------------------------------------------------------------


def test_a_price_in_euros_shows_its_rate(catalog: Catalog) -> None:
    rate = catalog.listed("fx.eur-usd", DAY)
    found = catalog.listed("contabo.cloud-vps-10", DAY)
    in_euros = catalog.prices["contabo.cloud-vps-10"].rows[-1].price
    assert in_euros is not None
    assert found.amount == pytest.approx(in_euros * rate.amount)
    assert str(rate.effective_from) in (found.note or "")


def test_a_rate_of_ones_own_is_taken_for_every_price_in_euros(catalog: Catalog) -> None:
    rate = catalog.listed("fx.eur-usd", DAY).amount
    listed, own = catalog.prices_on(DAY), catalog.prices_on(DAY, {"fx.eur-usd": 2 * rate})
    in_euros = [price_id for price_id, series in catalog.prices.items() if series.currency == "EUR" and listed.priced(price_id)]
    assert in_euros
    assert {price_id: own[price_id].amount for price_id in in_euros} == pytest.approx({i: 2 * listed[i].amount for i in in_euros})


def test_prices_in_euros_without_a_rate_are_told(catalog: Catalog) -> None:
    without = {price_id: series for price_id, series in catalog.prices.items() if price_id != "fx.eur-usd"}
    assert [("is priced in EUR" in problem) for problem in euros_have_a_rate(dataclasses.replace(catalog, prices=without))] == [True]
    assert list(euros_have_a_rate(catalog)) == []


def test_a_price_in_euros_before_the_first_rate_is_refused(catalog: Catalog) -> None:
    price_id = next(price_id for price_id, s in catalog.prices.items() if s.currency == "EUR" and s.rows[0].effective_from < dt.date(2026, 5, 27))
    with pytest.raises(PriceMissing, match=rf"{price_id}: priced in euros, and fx\.eur-usd: no price on"):
        catalog.listed(price_id, catalog.prices[price_id].rows[0].effective_from)


# -- what is unknown -------------------------------------------------------------------------------------


def test_unknown_ids_are_refused_with_the_nearest_known_one(catalog: Catalog) -> None:
    with pytest.raises(PriceMissing, match=r'Did you mean "managed-agents\.session"\?'):
        catalog.series("managed-agents.sesion")
    with pytest.raises(BadInput, match=r'Did you mean "claude-opus-5-5"\?'):
        catalog.model("claude-opus-5.5")
    with pytest.raises(BadInput, match=r'Did you mean "multica"\?'):
        catalog.option("multika")


def test_an_unpublished_price_is_an_error_and_never_0(catalog: Catalog) -> None:
    prices = catalog.prices_on(DAY)
    assert not prices.priced("managed-agents-own-service.licence")
    with pytest.raises(PriceMissing, match="not published"):
        _ = prices["managed-agents-own-service.licence"].amount


def test_a_free_thing_is_a_row_of_0_with_a_source(catalog: Catalog) -> None:
    free = [price_id for price_id, series in catalog.prices.items() if series.rows[-1].price == 0]
    assert free
    for price_id in free:
        assert catalog.source_of(price_id, catalog.prices[price_id].rows[-1]).title


# -- evidence --------------------------------------------------------------------------------------------


def test_every_row_of_every_price_has_a_source_that_was_read(catalog: Catalog) -> None:
    for price_id, series in catalog.prices.items():
        for row in series.rows:
            source = catalog.source_of(price_id, row)
            assert source.title
            if row.effective_from <= DAY:  # a later row was read later
                assert source.retrieved <= LAST_LOOKED_UP, price_id


def test_every_estimate_has_a_source_or_says_that_it_is_an_assumption(catalog: Catalog) -> None:
    for estimates in (catalog.estimates.scenario, *(option.estimates for option in catalog.options.values())):
        for estimate in estimates.values():
            assert (estimate.source is None) != (estimate.assumption is None)


def test_nothing_is_priced_under_two_names(catalog: Catalog) -> None:
    assert [price_id for price_id in catalog.prices if "secret" in price_id and catalog.prices[price_id].rows[-1].price == 0.4] == ["aws.secret"]


# -- one more file ---------------------------------------------------------------------------------------

ONE_MORE_OPTION = """
id: acme
name: Acme runtime
short_name: Acme
colour: slate
mark: long_dashed
family: portable_managed
summary: Memory and CPU as allocated.
hosts_models: any
session_state: vendor
sold_by: makers
provides: [sandbox]
glue: none
agent_exit_share: 0.1
meters: [{meter: allocated_compute, cpu: daytona.vcpu, memory: daytona.memory, idle: [scale_to_zero]}]
"""

ONE_MORE_PRICE = """
vendor: Acme
sources:
  page: {title: Acme pricing, url: "https://acme.example/pricing", kind: official, retrieved: 2026-11-20}
plans:
  acme.tiny:
    {provider: Acme, name: Tiny, vcpu: 64, ram_gb: 256, cpu: x86, currency: USD, rows: [{effective_from: 2026-11-20, price: 1, source: page}]}
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def test_one_more_option_is_one_more_file(copy: Path) -> None:
    (copy / "options" / "acme.yaml").write_text(ONE_MORE_OPTION, encoding="utf-8")
    group = {"agents": 100, "days_per_month": 1, "active_hours_per_session": 1, "sandbox": {"vcpu": 1, "memory_gb": 2}}
    inputs = inputs_of(scenario_from({"fleet": [group], "consider": ["acme"]}), load(copy), DAY)
    compute: list[LineItem] = [item for item in bill("acme", inputs).items if item.category == "runtime"]
    assert sum(item.cost for item in compute) == pytest.approx(100 * (0.0504 + 2 * 0.0162))
    # onboarding 2 + orchestrator 3 + session state 2 + vault 2 + observability 2, and 9 further agents that differ (100 ** 0.5 - 1)
    assert standing(inputs, "acme.build_weeks") == pytest.approx(11 + 9 * 0.3)


def test_no_two_options_look_alike(copy: Path, catalog: Catalog) -> None:
    assert len({(option.colour, option.mark) for option in catalog.options.values()}) == len(catalog.options)
    twin = ONE_MORE_OPTION.replace("colour: slate\nmark: long_dashed", "colour: blue\nmark: dashed")
    (copy / "options" / "acme.yaml").write_text(twin, encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        load(copy)
    assert refusal.value.problems == (
        "options/agentcore-v1.yaml: colour, mark: blue, dashed is how acme is drawn. Give each its own; orange, dash_dot is free.",
    )


def test_one_more_price_is_one_more_file(copy: Path) -> None:
    (copy / "prices" / "acme.yaml").write_text(ONE_MORE_PRICE, encoding="utf-8")
    inputs = inputs_of(scenario_from({"fleet": [{"agents": 100}]}), load(copy), DAY)
    assert [item.cost for item in bill("vps", inputs).items if item.category == "servers"] == [1]


def test_the_version_changes_with_the_data_and_only_with_it(copy: Path, catalog: Catalog) -> None:
    assert load(copy).version == catalog.version
    (copy / "prices" / "acme.yaml").write_text(ONE_MORE_PRICE, encoding="utf-8")
    load.cache_clear()
    assert load(copy).version != catalog.version
