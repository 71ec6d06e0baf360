"""The who-wins map: every cell is what a single evaluation says, and the drawing tiles the map."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision.analysis.breakeven import Basis
from decision.analysis.map import Axis, WhoWins, usual_axis, who_wins
from decision.costs.costs import all_costs
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import Inputs, inputs_of, scenario_from

CATALOG = load()
DAY = dt.date(2026, 11, 20)
OPTIONS = ("managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica")


def inputs(**more: object) -> Inputs:
    content = {"fleet": [{"name": "tickets", "agents": 3}], "overrides": {"options": {"vps": {"upkeep_fte": 0.05, "build_weeks": 6}}}, **more}
    return inputs_of(scenario_from(content), CATALOG, DAY)


AGENTS = Axis("agents", 1, 400, log=True)
HOURS = Axis("active_hours_per_session", 1, 24)
MAP = who_wins(inputs(), AGENTS, HOURS)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 39), st.integers(0, 39))
def test_a_cell_is_what_a_single_evaluation_says(row: int, column: int) -> None:
    at = {"agents": float(AGENTS.centres[column]), "active_hours_per_session": float(HOURS.centres[row])}
    totals = sorted((float(cost.total), option) for option, cost in all_costs(inputs().vary(at), OPTIONS).items())
    assert MAP.option_ids[MAP.winner[row, column]] == totals[0][1]
    assert MAP.gap[row, column] == pytest.approx(totals[1][0] - totals[0][0], rel=1e-9, abs=1e-6)


def test_the_map_has_more_than_one_winner_and_their_shares_add_up() -> None:
    winners = MAP.winners()
    assert len(winners) >= 2
    assert sum(winners.values()) == pytest.approx(1)
    assert list(winners.values()) == sorted(winners.values(), reverse=True)


def test_rectangles_tile_the_map() -> None:
    painted = np.full(MAP.winner.shape, -1)
    for rectangle in MAP.rectangles():
        columns = (AGENTS.centres > rectangle.x_low) & (AGENTS.centres < rectangle.x_high)
        rows = (HOURS.centres > rectangle.y_low) & (HOURS.centres < rectangle.y_high)
        block = np.ix_(rows, columns)
        assert (painted[block] == -1).all()
        painted[block] = MAP.option_ids.index(rectangle.option)
    assert (painted == MAP.winner).all()
    assert len(MAP.rectangles()) < MAP.winner.size / 10


def test_where_we_are() -> None:
    row, column = MAP.here_cell or (-1, -1)
    assert MAP.here == (3.0, 8.0)
    assert AGENTS.at(column) <= 3 <= AGENTS.at(column + 1)
    assert HOURS.at(row) <= 8 <= HOURS.at(row + 1)
    assert who_wins(inputs(), Axis("agents", 10, 20), HOURS).here_cell is None


def test_the_edges_of_an_axis_belong_to_it() -> None:
    assert (AGENTS.cell_of(1), AGENTS.cell_of(400), AGENTS.cell_of(401)) == (0, 39, None)


def plane(gap: list[list[float]]) -> WhoWins:
    table = np.array(gap)
    axes = [Axis(name, 0, size, cells=size) for name, size in (("agents", table.shape[1]), ("days_per_month", table.shape[0]))]
    return WhoWins(axes[0], axes[1], Basis.TOTAL, ("vps",), {}, np.zeros(table.shape, dtype=int), table, (1.0, 1.0))


def test_a_contour_lies_where_the_gap_has_its_level() -> None:
    # gap = 100 x (column + 0.5) + 10 x (row + 0.5), a plane in the units of the axes: x = column + 0.5, y = row + 0.5
    pieces = plane([[100 * (x + 0.5) + 10 * (y + 0.5) for x in range(6)] for y in range(5)]).contours((275,))
    assert len(pieces) >= 4
    for piece in pieces:
        for x, y in (piece.start, piece.end):
            assert 100 * x + 10 * y == pytest.approx(275)


@pytest.mark.parametrize(("low", "joined"), [(0.0, False), (9.0, True)])
def test_a_saddle_is_cut_as_its_middle_says(low: float, joined: bool) -> None:
    # high corners (row 0, column 0) and (row 1, column 1) at 20; level 10. The middle is (20 + 20 + 2 x low) / 4: 10 when low is 0, 14.5 when 9
    pieces = plane([[20, low - 1], [low - 1, 20]]).contours((10,))
    assert len(pieces) == 2
    high_corner = np.array([0.5, 0.5])
    cut_off = any(np.linalg.norm(np.array(p.start) - high_corner) < 0.95 and np.linalg.norm(np.array(p.end) - high_corner) < 0.95 for p in pieces)
    assert cut_off != joined


def test_an_option_without_a_price_that_day_is_left_out_with_the_reason() -> None:
    early = inputs_of(scenario_from({"as_of": "2026-09-01", "fleet": [{"agents": 3}]}), CATALOG)
    found = who_wins(early, AGENTS, HOURS)
    assert set(found.left_out) == {"agentcore-v2"}
    assert "2026-09-18" in found.left_out["agentcore-v2"]
    assert "agentcore-v2" not in found.option_ids


def test_usual_axes_hold_the_scenario() -> None:
    for log in (False, True):
        axis = usual_axis(inputs(), "agents", log=log)
        assert axis.low <= 3 <= axis.high


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (Axis("agents", 10, 1), "Give a lower bound below an upper bound"),
        (Axis("agents", 0, 10, log=True), "Start above 0"),
        (Axis("active_hours_per_session", 1, 12), "Choose another driver"),
        (Axis("fleet.tickets.active_hours_per_session", 1, 12), "Choose another driver"),
        (Axis("agentz", 1, 10), 'Did you mean "agents"'),
        (Axis("vps.upkeep_fte", 0, 2000), "Narrow the range"),
        (Axis("agents", 1, 10, cells=0), "Choose 1 to 400"),
    ],
)
def test_bad_axes_get_a_sentence(x: Axis, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        who_wins(inputs(), x, HOURS)


def test_a_map_needs_two_options_and_a_log_axis_needs_a_place() -> None:
    with pytest.raises(BadInput, match="at least two options"):
        who_wins(inputs(), AGENTS, HOURS, ("vps",))
    with pytest.raises(BadInput, match="linear axis"):
        usual_axis(inputs(), "batchable_share", log=True)
