"""The palette keeps its promises, and charts carry their rows."""

from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pytest

from decision import charts
from decision.analysis.breakeven import Crossing
from decision.catalog.options import COLOURS, MARKS
from decision.charts import PALETTE, Mode
from decision.loading import load
from decision.scenario import DEFAULT_OPTIONS

MODES: tuple[Mode, ...] = get_args(Mode)

# Severe protanopia and deuteranopia in linear RGB: Machado, Oliveira, Fernandes 2009, table 1, severity 1.0.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    light, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* under D65."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("mode", MODES)
def test_every_colour_stands_out_from_the_background(mode: Mode) -> None:
    ink = PALETTE[mode]
    for colour in (ink.text, ink.faint, *ink.options.values()):
        assert contrast(colour, ink.background) >= 4.5, colour
    for category, colour in ink.categories.items():
        assert contrast(colour, ink.background) >= 3, category


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("reader", SEEN_BY)
def test_the_five_default_options_look_different_to_every_reader(mode: Mode, reader: str) -> None:
    options = {option_id: load().option(option_id) for option_id in DEFAULT_OPTIONS}
    seen = {option_id: lab(SEEN_BY[reader] @ linear(charts.colour(option, mode))) for option_id, option in options.items()}
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 11, (one, other)  # 2.3 is a just noticeable difference
        assert charts.dash(options[one]) != charts.dash(options[other])


@pytest.mark.parametrize("mode", MODES)
def test_no_two_options_of_the_catalog_are_drawn_alike(mode: Mode) -> None:
    drawn = [(charts.colour(option, mode), charts.dash(option)) for option in load().options.values()]
    assert len(set(drawn)) == len(drawn)


def test_the_palette_has_every_colour_and_mark_that_a_file_may_name() -> None:
    for mode in MODES:
        assert tuple(PALETTE[mode].options) == COLOURS
        assert len(set(PALETTE[mode].options.values())) == len(COLOURS)
    assert tuple(charts.DASHES) == MARKS
    assert len(set(charts.DASHES.values())) == len(MARKS)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", charts.BUILDERS)
def test_a_chart_is_a_spec_with_its_data(name: str, mode: Mode) -> None:
    spec = charts.chart(name, mode, {}, main=[{"option": "x"}])
    assert spec["datasets"] == {"main": [{"option": "x"}]}
    assert "layer" in spec
    assert charts.chart(name, mode, {}, main=[])["datasets"] == {"main": []}  # the kept spec was not changed by the first


def test_totals_stand_at_the_end_of_the_stack_and_zero_parts_are_left_out() -> None:
    parts = [("A", {"run": 10.0, "build": 5.0, "delay": 0.0, "exit": 1.0}, False), ("B", {"run": 1.0, "build": 0.0, "delay": 0.0, "exit": 0.0}, True)]
    rows = charts.stack_rows(parts, {"run": "Bills", "build": "Build", "delay": "Delay", "exit": "Exit"}, lambda usd: f"${usd:.0f}")
    assert [(row["option"], row["category"]) for row in rows["main"]] == [("A", "run"), ("A", "build"), ("A", "exit"), ("B", "run")]
    assert [(row["total"], row["words"]) for row in rows["totals"]] == [(16.0, "$16"), (1.0, "$1\nruled out")]
    assert rows["totals"][1]["pixels"] > rows["totals"][0]["pixels"]


def test_bars_stand_in_the_order_of_their_rank_even_after_new_rows() -> None:
    parts = [("B", {"run": 1.0}, False), ("A", {"run": 2.0}, False)]
    rows = charts.stack_rows(parts, {"run": "Bills"}, lambda usd: f"${usd:.0f}")
    assert [(row["option"], row["rank"]) for row in (*rows["main"], *rows["totals"])] == [("B", 0), ("A", 1)] * 2
    layers = charts.chart("bill", "light", {}, **rows)["layer"]
    sorts = [layer["encoding"]["y"]["sort"] for layer in layers if "y" in layer["encoding"]]
    assert sorts == [{"field": "rank", "op": "min"}] * 2


@pytest.mark.parametrize("log", [False, True])
def test_crossings_that_would_cover_each_other_share_a_mark(log: bool) -> None:
    values = np.geomspace(1, 100, 11) if log else np.linspace(1, 100, 11)
    found = [(Crossing(at, "vps", "multica", False, 5.0), f"at {at:g}") for at in (50.0, 51.0, 90.0, 400.0)]
    options = load().options
    names = [options[option_id].short_name for option_id in ("vps", "multica")]
    rows = charts.breakeven_rows({"vps": values, "multica": 101 - values}, values, found, 30.0, options, "${:.0f}".format, "light", log)
    assert [(mark["label"], mark["words"]) for mark in rows["crossings"]] == [("1-2", "at 50 at 51"), ("3", "at 90")]
    assert rows["here"][0]["at"] == 30.0
    assert [(point["option"], point["cost"]) for point in rows["own"]] == list(zip(names, [pytest.approx(30.0), pytest.approx(71.0)], strict=True))
    assert {(who["option"], who["colour"], who["dash"]) for who in rows["who"]} == {
        (options[i].short_name, charts.colour(options[i], "light"), charts.dash(options[i])) for i in ("vps", "multica")
    }
    if not log:
        assert list(rows["main"]["at"]) == [1, 100, 1, 100]  # straight lines are sent as their ends
        assert list(rows["main"]["cost"]) == [1, 100, 100, 1]


def test_the_points_left_out_of_a_line_would_not_be_seen() -> None:
    at = np.linspace(0, 200, 401)
    for cost in (30 + 2 * at, 60 * np.ceil(at / 7), at**1.5, np.where(at < 50, 10.0, at), np.zeros(401)):
        kept = charts.vertices(at, cost, tolerance=0.5)
        assert np.abs(np.interp(at, at[kept], cost[kept]) - cost).max() <= 0.5
        assert kept[0] == 0
        assert kept[-1] == 400
    assert charts.vertices(at, 30 + 2 * at, 1e-6) == [0, 400]


def test_nobody_is_here_when_the_own_point_is_outside_the_range() -> None:
    values = np.linspace(10, 20, 3)
    rows = charts.breakeven_rows({"vps": values}, values, [], 5.0, load().options, "${:.0f}".format, "light")
    assert rows["here"] == []
    assert rows["own"] == []
