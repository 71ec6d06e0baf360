"""Answers that no feed should give: each is read, or refused whole with a sentence; none ends the run, and what is no number is no price."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from decision import strict_yaml
from decision.catalog import DATA
from decision.catalog.watched import feeds_of, links
from decision.feeds.answers import Refusal, SchemaChanged, reading
from decision.feeds.judging import Asked, judged
from decision.feeds.refresh import matched
from decision.loading import load
from tests.feeds.kept_answers import ANSWERS, DAY

ODD: tuple[Any, ...] = (
    None, True, -1, 0, "", "NaN", "Infinity", "-1", "1e400", "١٢", "1_000", " 1 ", 10**30, 1e300, 1e-300, [], {}, [[]], {"a": 1}, "x" * 99, "\u202e1",
)  # fmt: skip
FEEDS = feeds_of(DATA)
TEXTS = {name: (ANSWERS / f"{name}.answer").read_text(encoding="utf-8") for name in FEEDS}


def tree(name: str) -> Any:
    """An answer as plain values; None where it is no tree."""
    if FEEDS[name].format == "genai":
        return strict_yaml.read("answer", TEXTS[name])
    return json.loads(TEXTS[name]) if TEXTS[name].lstrip().startswith(("{", "[")) else None


def with_something_odd(tree: Any, chance: random.Random) -> None:
    """Put something odd in one place of a tree, at any depth."""
    part = tree
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            return
        key = chance.choice(keys)
        if not isinstance(part[key], (dict, list)) or not part[key] or chance.random() < 0.15:
            part[key] = copy.deepcopy(chance.choice(ODD))
            return
        part = part[key]


def torn(text: str, chance: random.Random) -> str:
    """A text with a mishap: cut off, a line twice, another end of lines, a mark of byte order, letters out of place."""
    lines, where = text.splitlines(), chance.randrange(len(text))
    line = chance.randrange(len(lines))
    again, without = [*lines[:line], lines[line], *lines[line:]], [*lines[:line], *lines[line + 1 :]]
    letter = chance.choice("\0\"{|,'-9$\u0661")
    return chance.choice((
        text[:where], text[:where] + letter + text[where:], "\n".join(again), "\n".join(without), "\r\n".join(lines), "\ufeff" + text, "",
        text.replace(".", ",", 1 + chance.randrange(5)),
    ))  # fmt: skip


def taken(name: str, text: str) -> None:
    """Through reading and matching; what is there is a price or a reason."""
    try:
        found = matched(FEEDS[name], links(FEEDS[name], load()), text.encode("utf-8", "surrogatepass"), DAY)
    except SchemaChanged:
        return
    judged(found, Asked(name, FEEDS[name], DAY, {}), load())
    for each in found:
        for price in (*([each.now] if each.now else ()), *each.ahead):
            assert price.amount.is_finite()
            assert price.amount >= 0


@pytest.mark.parametrize("name", [name for name in FEEDS if tree(name) is not None])
def test_something_odd_anywhere_in_a_tree(name: str) -> None:
    chance = random.Random(f"odd {name}")
    for _ in range(60):
        answer = tree(name)
        for _ in range(chance.randrange(1, 4)):
            with_something_odd(answer, chance)
        taken(name, json.dumps(answer, default=str))


@pytest.mark.parametrize("name", FEEDS)
def test_a_text_that_was_torn(name: str) -> None:
    chance = random.Random(f"torn {name}")
    for _ in range(60):
        taken(name, torn(TEXTS[name], chance))


@pytest.mark.parametrize(
    "value", ["", "١٢", "1_000", " 1", "1,5", "0x1F", "NaN", "-Infinity", "1e9999999", "+-1", True, None, [], 10**12, -1, "-0.01"]
)
def test_what_looks_like_a_number_and_is_none(value: object) -> None:
    assert isinstance(reading("a", value, "month"), Refusal)


def test_a_key_given_twice_is_refused_whole() -> None:
    text = TEXTS["linode"].replace('"id": "g6-standard-1",', '"id": "g6-standard-1", "price": {"monthly": 1},', 1)
    with pytest.raises(SchemaChanged, match="'price' stands twice in one place"):
        matched(FEEDS["linode"], links(FEEDS["linode"], load()), text.encode(), DAY)
