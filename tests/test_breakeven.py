"""Break-even and flip points: published cases, step costs, and a brute-force check of every answer."""

import datetime as dt

import numpy as np
import pytest

from decision.analysis import flips
from decision.analysis.breakeven import Basis, costs_by, crossings, pairwise
from decision.analysis.flips import flip_points
from decision.analysis.search import search_range
from decision.costs.costs import Costs, all_costs
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Inputs, inputs_of, read_scenario, ready_made, scenario_from

DAY = dt.date(2026, 11, 20)
SERVER = {"price_month": 60, "vcpu": 8, "ram_gb": 16}


def inputs(group: dict[str, object], **rest: object) -> Inputs:
    return inputs_of(scenario_from({"as_of": DAY, "fleet": [group], **rest}), load())


def own_server(**vps: object) -> dict[str, object]:
    return {"options": {"vps": {"server": SERVER, **vps}}}


EIGHT_HOURS = {"agents": 3, "sessions_per_day": 1, "active_hours_per_session": 8, "days_per_month": 30}
GROWING = {"agents": 3, "agents_in_12_months": 10, "sessions_per_day": 4, "active_hours_per_session": 8, "days_per_month": 30}


def test_one_60_dollar_server_breaks_even_at_3_125_agents() -> None:
    # 60 / (8 h x 30 d x 0.08) = 3.125: three stay managed, four go to the server
    (found,) = pairwise(inputs(EIGHT_HOURS, overrides=own_server()), "managed-agents", "vps", "agents", 0.1, 20, Basis.RUNTIME)
    assert (found.before, found.after, found.step) == ("managed-agents", "vps", False)
    assert found.at == pytest.approx(3.125, abs=1e-9)
    assert found.first_whole == 4


def test_always_on_breaks_even_at_1_0417_agents() -> None:
    # 60 / (24 h x 30 d x 0.08) = 1.041666...
    always_on = {**EIGHT_HOURS, "active_hours_per_session": 24}
    (found,) = pairwise(inputs(always_on, overrides=own_server()), "managed-agents", "vps", "agents", 0.1, 20, Basis.RUNTIME)
    assert found.at == pytest.approx(60 / (720 * 0.08), abs=1e-9)


def test_upkeep_of_0_4_fte_is_worth_69_4_always_on_agents() -> None:
    # 0.4 x 120,000 / 12 = 4,000 a month = 50,000 session-hours; / 720 h = 69.4 agents, with a server that costs nothing
    free = {"options": {"vps": {"server": {"price_month": 0, "vcpu": 4096, "ram_gb": 65536}, "upkeep_fte": 0.4}, "managed-agents": {"upkeep_fte": 0}}}
    always_on = {**EIGHT_HOURS, "active_hours_per_session": 24}
    scenario = inputs(always_on, team={"engineer_cost_per_year": 120_000}, overrides=free)
    (found,) = pairwise(scenario, "managed-agents", "vps", "agents", 1, 200, Basis.PEOPLE)
    assert found.at == pytest.approx(50_000 / 720, abs=1e-6)


def test_a_second_server_brings_the_managed_runtime_back() -> None:
    # one server holds 14 / 7 = 2 agents (60 dollars); two session-hours a day: 2 x 30 x 0.08 = 4.80 an agent
    own = own_server(ram_per_agent_gb=7)
    dear = {**EIGHT_HOURS, "active_hours_per_session": 16}  # 38.40 an agent: crosses 60 at 1.5625, steps to 120 above 2, crosses at 3.125, ...
    found = pairwise(inputs(dear, overrides=own), "managed-agents", "vps", "agents", 0.1, 6.5, Basis.RUNTIME)
    assert [(round(c.at, 4), c.after, c.step) for c in found] == [
        (1.5625, "vps", False), (2.0, "managed-agents", True), (3.125, "vps", False),
        (4.0, "managed-agents", True), (4.6875, "vps", False), (6.0, "managed-agents", True), (6.25, "vps", False),
    ]  # fmt: skip


def test_none_in_range_is_an_answer() -> None:
    assert pairwise(inputs(EIGHT_HOURS, overrides=own_server()), "managed-agents", "vps", "agents", 0.1, 3, Basis.RUNTIME) == ()


@pytest.mark.parametrize(
    "driver",
    [
        "agents",
        "active_hours_per_session",
        "engineer_cost_per_year",
        "vps.upkeep_fte",
        "cpu_busy_share",
        "tokens_per_session.output",
        "managed-agents.session",
    ],
)
def test_every_crossing_separates_two_winners_and_none_is_missed(driver: str) -> None:
    scenario = inputs(GROWING)
    found = crossings(scenario, scenario.options, driver)
    low, high = search_range(scenario, scenario.driver_path(driver) if driver == "agents" else driver)
    points = np.linspace(low, high, 1501)  # another grid than the search uses
    table = np.array(list(costs_by(scenario, scenario.options, driver, points).values()))
    winners = [scenario.options[i] for i in table.argmin(axis=0)]
    for point, winner in zip(points, winners, strict=True):
        passed = [c for c in found if c.at <= point - 1e-6 * (high - low)]
        near = any(abs(c.at - point) <= 1e-6 * (high - low) for c in found)
        assert near or winner == (passed[-1].after if passed else found[0].before if found else winners[0])


@pytest.mark.parametrize("group", [EIGHT_HOURS, GROWING])
def test_a_flip_point_flips_and_nothing_nearer_does(group: dict[str, object]) -> None:
    scenario = inputs(group)
    flips = flip_points(Costs(scenario), scenario.options)
    assert any(flip.flips_at is not None for flip in flips)

    def cheapest(driver: str, value: float) -> str:
        totals = {o: owned.total for o, owned in all_costs(scenario.vary({driver: value}), scenario.options).items()}
        return min(totals, key=lambda o: float(totals[o]))

    for flip in flips:
        if flip.flips_at is None:
            continue
        way = np.sign(flip.flips_at - flip.now)
        past = flip.flips_at + way * 1e-4 * abs(flip.flips_at - flip.now)
        assert cheapest(flip.driver, past) == flip.option, flip
        for share in (0.2, 0.5, 0.9, 0.99):
            assert cheapest(flip.driver, flip.now + share * (flip.flips_at - flip.now)) != flip.option, flip


def test_every_share_of_a_mix_can_be_what_flips() -> None:
    # the one option without tokens wins when more of them are dear: whichever share is turned, the other model takes up the rest
    mix = {"claude-opus-5-5": 0.1, "claude-haiku-5-5": 0.9}
    tokens = {"input": 200_000, "output": 40_000, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0}
    scenario = inputs({**EIGHT_HOURS, "agents": 400, "model_mix": mix, "tokens_per_session": tokens}, consider=["managed-agents", "gpu-node"])
    found = {flip.driver: flip for flip in flip_points(Costs(scenario), scenario.options) if flip.flips_at is not None}
    up, down = (found[f"fleet.agents.model_mix.{model}"] for model in mix)
    assert up.flips_at is not None
    assert down.flips_at is not None
    assert up.flips_at + down.flips_at == pytest.approx(1, abs=1e-3)


def test_flips_leave_out_the_winner_and_cover_every_other_option() -> None:
    scenario = inputs(EIGHT_HOURS)
    owned = all_costs(scenario, scenario.options)
    best = min(owned, key=lambda o: float(owned[o].total))
    assert {flip.option for flip in flip_points(Costs(scenario), scenario.options)} == set(scenario.options) - {best}


def test_a_price_can_be_the_driver_that_flips() -> None:
    scenario = inputs(GROWING)
    found = [f for f in flip_points(Costs(scenario), scenario.options) if f.driver == "prices.managed-agents.session" and f.flips_at is not None]
    assert found
    assert all(f.now == 0.08 and f.flips_at > 0.08 for f in found)


@pytest.mark.parametrize(
    ("driver", "low", "high", "words"),
    [
        ("agents", 10, 2, "runs from 10 to 2"),
        ("cpu_busy_share", 0, 3, "lies between 0 and 1"),
        ("agent", 0, 3, 'Did you mean "agents"'),
        ("upkeep_fte", 0, 3, "could mean"),
    ],
)
def test_bad_ranges_and_drivers_get_a_sentence(driver: str, low: float, high: float, words: str) -> None:
    with pytest.raises(BadInput, match=words.replace("(", r"\(")):
        crossings(inputs(EIGHT_HOURS), ("managed-agents", "vps"), driver, low, high)


@pytest.mark.parametrize(
    "name", ["support-desk-30-days", "five-departmental-specialists", "ten-token-light-agents-running-hot", "high-stakes-bug-fixer"]
)
def test_a_search_eight_times_as_dense_finds_the_same_flip_points(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = inputs_of(read_scenario(ready_made()[name]), load(), DAY)
    usual = {(flip.option, flip.driver): flip.flips_at for flip in flip_points(Costs(scenario), scenario.options)}
    monkeypatch.setattr(flips, "_COARSE", 8 * flips._COARSE)
    for flip in flip_points(Costs(scenario), scenario.options):
        found = usual[flip.option, flip.driver]
        assert flip.flips_at == (None if found is None else pytest.approx(found, rel=1e-3)), flip


def test_flips_inside_the_likely_range_come_first_and_are_those_that_the_range_holds() -> None:
    """A range of the price of leaving nobody on: a server at 200 to 2,000 USD a month wins below its crossing, and the crossing is inside."""
    said = {
        "fleet": [{"agents": 12}],
        "consider": ["managed-agents", "vps"],
        "team": {"engineer_cost_per_year": {"low": 0, "likely": 120_000, "high": 200_000}},
    }
    scenario = inputs_of(scenario_from(said), load(), DAY)
    found = [flip for flip in flip_points(Costs(scenario), scenario.options) if flip.flips_at is not None]
    assert {flip.driver for flip in found if flip.is_likely} >= {"team.engineer_cost_per_year"}
    assert [flip.is_likely for flip in found] == sorted((flip.is_likely for flip in found), reverse=True)
    for flip in found:
        assert flip.low <= flip.high
        assert flip.is_likely == (flip.low <= flip.flips_at <= flip.high)  # type: ignore[operator]
    point = inputs_of(scenario_from({**said, "team": {"engineer_cost_per_year": 120_000}}), load(), DAY)
    assert not any(flip.is_likely for flip in flip_points(Costs(point), point.options) if flip.driver == "team.engineer_cost_per_year")


def test_the_likely_range_of_what_adds_up_is_that_of_its_components() -> None:
    scenario = inputs_of(
        scenario_from({"fleet": [{"agents": {"low": 2, "likely": 3, "high": 40}}], "consider": ["managed-agents", "vps"]}), load(), DAY
    )
    found = {flip.driver: flip for flip in flip_points(Costs(scenario), scenario.options)}
    people = {path: fact.amount for path, fact in scenario.facts.items() if path.startswith("people.")}
    low, high = (
        float(Costs(scenario.vary({path: getattr(amount, end) for path, amount in people.items()})).costed("vps").bill.upkeep_hours) / 160
        for end in ("low", "high")
    )
    upkeep = found["options.vps.upkeep_fte"]
    assert (upkeep.low, upkeep.high) == pytest.approx((low, high))
    assert low < upkeep.now < high
    assert (found["agents"].low, found["agents"].high) == (2, 40)
