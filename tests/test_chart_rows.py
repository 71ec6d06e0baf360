"""Charts from their rows: every spec is whole, options keep their colours and dashes, and rows say what the analysis said."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, get_args

import numpy as np
import pytest

from decision import charts
from decision.analysis.breakeven import Crossing
from decision.analysis.map import Axis, who_wins
from decision.analysis.outlook import Band, outlook
from decision.analysis.tornado import tornado
from decision.catalog import Catalog, Option
from decision.charts import (
    BUILDERS,
    DOLLARS,
    PALETTE,
    Bar,
    Mode,
    band_bars,
    bar_rows,
    breakeven_rows,
    build_all,
    chart,
    cumulative_rows,
    map_rows,
    step_bars,
    tornado_rows,
)
from decision.scenario import Inputs, inputs_of, scenario_from

MODES: tuple[Mode, ...] = get_args(Mode)
DAY = dt.date(2026, 11, 20)
NO_TITLES = ("bill", "ownership", "history")  # what their axes say stands in the words above


def words(usd: float) -> str:
    return f"${usd:,.0f}"


@pytest.fixture
def inputs(catalog: Catalog) -> Inputs:
    return inputs_of(scenario_from({"as_of": DAY.isoformat(), "fleet": [{"agents": {"low": 2, "likely": 5, "high": 90}}]}), catalog)


@pytest.fixture
def options(inputs: Inputs) -> dict[str, Option]:
    return {option_id: inputs.catalog.option(option_id) for option_id in inputs.options}


def fields_of(spec: dict[str, Any]) -> dict[str, set[str]]:
    """The fields that each dataset of a layered spec must have."""
    found: dict[str, set[str]] = {}
    for layer in spec["layer"]:
        encoding = layer.get("encoding", {})
        wanted = {part["field"] for channel in encoding.values() for part in (channel if isinstance(channel, list) else [channel]) if "field" in part}
        made: set[str] = set()
        for step in layer.get("transform", ()):
            if "lookup" in step:
                source = step["from"]
                wanted.add(step["lookup"])
                found.setdefault(source["data"]["name"], set()).update({source["key"], *source["fields"]})
                made.update(source["fields"])
            else:
                made.add(step["as"])
        found.setdefault(layer["data"]["name"], set()).update(wanted - made)
    return found


def check(spec: dict[str, Any]) -> None:
    """Every field that the spec draws is in its rows, and no mark is left open."""
    assert "@" not in json.dumps({key: part for key, part in spec.items() if key != "datasets"})
    for name, wanted in fields_of(spec).items():
        rows = spec["datasets"][name]
        present = set(rows) if isinstance(rows, dict) else set(rows[0]) if rows else wanted
        assert wanted <= present, f"{name} lacks {wanted - present}"


def test_every_spec_is_built_for_both_modes() -> None:
    build_all()
    for name in BUILDERS:
        for mode in MODES:
            spec = chart(name, mode, {"x": "across", "y": "up"})
            assert spec["layer"]
            assert spec["width"] == "container"
            assert ("across" in json.dumps(spec)) == (name not in NO_TITLES)


def test_titles_and_number_formats_are_put_in_as_text_and_nothing_else() -> None:
    title = 'Agents "now" \\ (agents)'
    spec = chart("breakeven", "light", {"x": title, "y": "US dollars"})
    axis = spec["layer"][0]["encoding"]["x"]["axis"]
    assert axis["title"] == title
    assert spec["layer"][0]["encoding"]["y"]["axis"]["labelExpr"] == DOLLARS


def test_specs_share_nothing_that_a_caller_could_change() -> None:
    first = chart("bars", "light", {"x": "one"})
    first["layer"].clear()
    assert chart("bars", "light", {"x": "two"})["layer"]


@pytest.mark.parametrize(("name", "layer"), [("breakeven", 0), ("cumulative", 2), ("history", 1)])
def test_lines_have_the_dashes_of_the_legend(catalog: Catalog, name: str, layer: int) -> None:
    scale = chart(name, "light", {"x": "x", "y": "y"})["layer"][layer]["encoding"]["strokeDash"]["scale"]
    drawn = dict(zip(scale["domain"], scale["range"], strict=True))
    for option in catalog.options.values():
        assert drawn[charts.dash(option)] == list(charts.DASHES[option.mark])


@pytest.mark.parametrize("mode", MODES)
def test_bars_keep_their_order_and_say_their_words(mode: Mode) -> None:
    rows = bar_rows([Bar("One", 10.0, "$10", "#111111"), Bar("Two", -4.0, "-$4", "#222222", "costs more", tick=2.0)])
    check(chart("bars", mode, {"x": "US dollars"}, **rows))
    assert [row["title"] for row in rows["main"]] == ["One: $10", "Two: -$4"]
    assert [row["row"] for row in rows["main"]] == [0, 1]
    assert rows["ticks"] == [{"row": 1, "at": 2.0}]


def test_bands_reach_from_low_to_high_with_the_median_marked(options: dict[str, Option]) -> None:
    band = Band(10.0, 20.0, 40.0, 22.0)
    (bar,) = band_bars({"vps": band}, {"vps": options["vps"]}, words, "light")
    assert (bar.start, bar.tick, bar.value) == (10.0, 20.0, 40.0)
    assert bar.words == "$20 ($10 to $40)"
    assert bar.colour == charts.colour(options["vps"], "light")


@pytest.mark.parametrize("causes", [{}, {"Prices": 30.0, "Volume": -50.0, "People": 5.0}])
def test_steps_join_the_two_sums(causes: dict[str, float]) -> None:
    end = 100.0 + sum(causes.values())
    bars = step_bars(("before", 100.0), causes, ("after", end), words, "dark")
    at = bars[0].value
    for bar in bars[1:-1]:
        assert bar.start == at
        at = bar.value
    assert at == bars[-1].value == end
    assert len({bar.colour for bar, change in zip(bars[1:-1], causes.values(), strict=True) if change > 0}) <= 1


@pytest.mark.parametrize("mode", MODES)
def test_a_tornado_starts_every_bar_where_the_difference_stands_now(inputs: Inputs, mode: Mode) -> None:
    found = tornado(inputs, "managed-agents", "vps")
    rows = tornado_rows(found, 4, words, lambda swing: (f"{swing.low:g}", f"{swing.high:g}"), mode)
    check(chart("tornado", mode, {"x": "US dollars"}, **rows))
    assert {segment["x"] for segment in rows["segments"]} == {found.now}
    ends = [(segment["row"], segment["x2"]) for segment in rows["segments"]]
    assert ends == [(n, at) for n, swing in enumerate(found.swings[:4]) for at in (swing.at_low, swing.at_high)]
    assert {line["words"]: line["x"] for line in rows["lines"]} == {"equal": 0.0, "now": found.now}
    light = {segment["hint"].split()[1]: segment["colour"] for segment in rows["segments"]}
    assert sum(int(light["low"][i : i + 2], 16) for i in (1, 3, 5)) > sum(int(light["high"][i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("log", [False, True])
def test_a_break_even_chart_draws_what_its_rows_say(options: dict[str, Option], log: bool) -> None:
    values = np.array([1.0, 10.0, 100.0])
    costs = {"vps": np.array([5.0, 5.0, 5.0]), "multica": np.array([1.0, 4.0, 9.0])}
    rows = breakeven_rows(costs, values, [(Crossing(40.0, "multica", "vps", False, 5.0), "a")], 10.0, options, words, "light", log)
    check(chart("breakeven_log" if log else "breakeven", "light", {"x": "x", "y": "y"}, **rows))


def test_a_logarithmic_axis_takes_logarithmic_scales() -> None:
    assert chart("breakeven_log", "light", {"x": "x", "y": "y"})["layer"][0]["encoding"]["x"]["scale"]["type"] == "log"
    for name, channels in (("map", ""), ("map_log_x", "x"), ("map_log_y", "y"), ("map_log_xy", "xy")):
        encoding = chart(name, "light", {"x": "x", "y": "y"})["layer"][0]["encoding"]
        assert {channel for channel in "xy" if encoding[channel]["scale"].get("type") == "log"} == set(channels)


def test_cumulative_lines_are_the_medians_of_the_outlook(inputs: Inputs, options: dict[str, Option]) -> None:
    found = outlook(inputs, options, draws=256, reference="vps")
    payback = found.payback["managed-agents"]
    rows = cumulative_rows(found, options, ["vps"], payback, "dark")
    check(chart("cumulative", "dark", {"x": "x", "y": "y"}, **rows))
    months = inputs.scenario.horizon_months + 1
    assert len(rows["main"]["month"]) == months * len(options)
    assert rows["main"]["cost"][months - 1] == pytest.approx(found.cumulative[next(iter(options))][-1].median, abs=0.01)
    assert {band["option"] for band in rows["bands"]} == {options["vps"].short_name}
    assert [mark["median"] for mark in rows["payback"]] == ([] if payback.median is None else [payback.median])


def test_a_map_tiles_its_axes_and_names_the_fields_that_have_room(inputs: Inputs, options: dict[str, Option]) -> None:
    found = who_wins(inputs, Axis("managed-agents.upkeep_fte", 0.0, 1.0), Axis("agents", 1.0, 200.0, log=True), tuple(options))
    rows = map_rows(found, (5000.0, 20000.0), options, words, words, words, "light")
    check(chart("map_log_y", "light", {"x": "x", "y": "y"}, **rows))
    area = sum((row["x2"] - row["x"]) * np.log(row["y2"] / row["y"]) for row in rows["main"])
    assert area == pytest.approx(np.log(200.0))
    assert {row["option"] for row in rows["main"]} == {options[option_id].short_name for option_id in found.winners()}
    for name in rows["names"]:
        row, column = found.y.cell_of(name["y"]), found.x.cell_of(name["x"])
        assert options[found.option_ids[found.winner[row, column]]].short_name == name["words"]
    assert rows["here"] == [{"x": found.here[0], "y": found.here[1], "words": f"{words(found.here[0])}; {words(found.here[1])}"}]


@pytest.mark.parametrize("mode", MODES)
def test_words_on_the_map_stand_out_from_every_field(mode: Mode) -> None:
    layers = chart("map", mode, {"x": "x", "y": "y"})["layer"]
    written = {layer["mark"]["color"] for layer in layers if layer["mark"]["type"] == "text"}
    assert written == {PALETTE[mode].background}  # every option colour has 4.5:1 against it, see test_charts.py
