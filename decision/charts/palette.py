"""One palette for the whole tool, in a light and a dark version. An option's file says which colour and which mark are its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from decision.catalog import Option
from decision.catalog.options import MARKS, Colour, Mark

Mode = Literal["light", "dark"]


@dataclass(frozen=True)
class Ink:
    """Colours of one mode. Every option and category colour has at least 4.5:1 (categories 3:1) against the background."""

    background: str
    text: str
    faint: str
    grid: str
    ruled_out: str
    options: Mapping[Colour, str]
    categories: Mapping[str, str]


# The colours of the five default options stay apart for colour-blind readers (tests/test_charts.py).
PALETTE: Mapping[Mode, Ink] = {
    "light": Ink(
        background="#ffffff",
        text="#0b1220",
        faint="#4b586b",
        grid="#dfe4ec",
        ruled_out="#9aa5b5",
        options={
            "orange": "#b34700",
            "blue": "#0a66c2",
            "navy": "#0b2f66",
            "green": "#0b7a4b",
            "magenta": "#a3248f",
            "ochre": "#6b4e00",
            "red": "#7a1f1f",
            "slate": "#4a5a6a",
        },
        categories={
            "tokens": "#7d8a9c",
            "runtime": "#c25a00",
            "servers": "#00786b",
            "tools": "#7b4fb5",
            "services": "#1769c4",
            "upkeep": "#22324a",
            "run": "#5b6b80",
            "build": "#c25a00",
            "delay": "#7b4fb5",
            "exit": "#00786b",
            "moving": "#1769c4",
        },
    ),
    "dark": Ink(
        background="#0e1420",
        text="#eef2f8",
        faint="#a9b6c8",
        grid="#2a3547",
        ruled_out="#5f6d82",
        options={
            "orange": "#ff9d5c",
            "blue": "#5cb0ff",
            "navy": "#c4d4f0",
            "green": "#3ed598",
            "magenta": "#ff6fb5",
            "ochre": "#e3c34d",
            "red": "#ff8f8f",
            "slate": "#9fb2c8",
        },
        categories={
            "tokens": "#76859a",
            "runtime": "#ff9d5c",
            "servers": "#35c7b4",
            "tools": "#b794f0",
            "services": "#62aefc",
            "upkeep": "#d5deea",
            "run": "#8fa0b8",
            "build": "#ff9d5c",
            "delay": "#b794f0",
            "exit": "#35c7b4",
            "moving": "#62aefc",
        },
    ),
}

DASHES: Mapping[Mark, tuple[int, ...]] = {
    "solid": (1, 0),
    "dashed": (7, 3),
    "dotted": (2, 2),
    "dash_dot": (10, 3, 2, 3),
    "short_dashed": (4, 4),
    "long_dashed": (12, 4),
}
"""Pixels drawn and left out, in turn."""


def colour(option: Option, mode: Mode) -> str:
    """The option's colour: always the same one."""
    return PALETTE[mode].options[option.colour]


def dash(option: Option) -> int:
    """Which dash pattern the option's lines have, so that colour is not the only sign; as `axes.dashes` has it."""
    return MARKS.index(option.mark)


def category_colour(category: str, mode: Mode) -> str:
    """The colour of a charge category, from another family than the options'."""
    return PALETTE[mode].categories[category]
