"""Links and scenario files made at random: each gets an answer or a few short sentences, and nothing else.

Another run: AGENT_RUNTIME_FUZZ_SEED=7 python -m pytest tests/fuzz. A failure names the seed and the number of its input.
"""

from __future__ import annotations

import copy
import json
import os
import random
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from decision.catalog import Catalog
from decision.errors import MOST_SHOWN, BadInput
from decision.scenario import read_scenario, ready_made
from decision.scenario.inputs import inputs_of
from decision.scenario.link import link_code, open_link
from decision.scenario.model import LAST_DAY
from tests.test_link import packed

SEED = int(os.environ.get("AGENT_RUNTIME_FUZZ_SEED", "20261126"))
LONGEST = 2_000  # characters of a sentence
HOSTILE: tuple[Any, ...] = (
    None, True, [], {}, "", -1, 0, 1e308, -1e308, 1e-320, 2**1200, float("nan"), float("inf"), "1e999 to 2e999", "1" * 90 + "x", "1" * 5_000,
    "1,5 to 2,5", "0 to 1", {"low": 0, "likely": 1, "high": 1}, {"low": 5, "high": 1}, {"measured": 3, "n": 0}, "\ud83d", "\u202e abc", "\x1b[2J",
    "a\nb", "\0", "0001-01-01", "9999-12-31", "all", ["all", "vps"], [{}] * 51, [0] * 1_200, {"k" * 900: 1}, [[[[[[[[1]]]]]]]],
)  # fmt: skip
HOSTILE_FILES = (
    b"", b"\0", b"\xff\xfe", b"[" * 3_000, b"fleet: [{agents: " + b"0" * 4_500 + b"1}]", b"a: &a [1]\nb: *a", b"fleet: [{}]\nfleet: [{}]",
    b"fleet: [{agents: 1" + b"_" * 2_000 + b"x}]", b"? [a]\n: b", b"!!python/object:os.system {}", b"fleet: [" + b"0," * 9_000 + b"]", b"x" * 300_000,
)  # fmt: skip


def places(content: Any) -> list[tuple[Any, Any]]:
    """Each list or mapping of some content with each of its keys."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [found for key, value in inside for found in ((content, key), *places(value))]


def changed(content: Any, chance: random.Random) -> Any:
    """A copy in which one to three values are hostile, gone, or under another name."""
    content = json.loads(json.dumps(content, default=str))
    for _ in range(chance.randint(1, 3)):
        if not (found := places(content)):
            break
        holder, key = chance.choice(found)
        match chance.randrange(4):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[chance.choice(("\x1b]0;", "colour", "k" * 1_500, "\u2028", "agents "))] = holder.pop(key)
            case _:
                holder[key] = copy.deepcopy(chance.choice(HOSTILE))
    return content


def damaged(text: bytes, chance: random.Random) -> bytes:
    """A text of which a few bytes are others, or whose end is missing."""
    letters = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        letters[chance.randrange(len(letters))] = chance.randrange(256)
    return bytes(letters[: chance.randint(1, len(letters))] if chance.random() < 0.2 else letters)


def check_sentences(sentences: tuple[str, ...] | list[str]) -> None:
    """At most twenty and how many more; none is long, or holds what moves a terminal's cursor."""
    assert len(sentences) <= MOST_SHOWN + 1
    for sentence in sentences:
        assert 0 < len(sentence) <= LONGEST, sentence[:200]
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in sentence), ascii(sentence)


def run(count: int, kind: str, answer: Callable[[random.Random], None]) -> None:
    """So many inputs, each with a chance of its own."""
    for number in range(count):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                answer(random.Random(f"{SEED} {kind} {number}"))
        except BadInput as error:
            check_sentences(error.problems)
        except BaseException as error:
            error.add_note(f"AGENT_RUNTIME_FUZZ_SEED={SEED}, {kind}, input {number}")
            raise


@pytest.fixture(scope="module")
def contents() -> list[Any]:
    return [yaml.safe_load(path.read_bytes()) for path in ready_made().values()]


def test_links(catalog: Catalog, contents: list[Any]) -> None:
    codes = [link_code(read_scenario(path)) for path in ready_made().values()]

    def answer(chance: random.Random) -> None:
        if chance.random() < 0.3:
            code = damaged(chance.choice(codes).encode(), chance).decode("latin-1")
        else:
            code = packed(changed(chance.choice(contents), chance))
        check_sentences(open_link(code, catalog).dropped)

    run(5_000, "link", answer)


def test_files(catalog: Catalog, contents: list[Any]) -> None:
    texts = [path.read_bytes() for path in ready_made().values()]

    def answer(chance: random.Random) -> None:
        kind = chance.random()
        if kind < 0.05:
            text = chance.choice(HOSTILE_FILES)
        elif kind < 0.5:
            text = damaged(chance.choice(texts), chance)
        else:
            text = json.dumps(changed(chance.choice(contents), chance)).encode()
        inputs_of(read_scenario("a file", text), catalog, LAST_DAY)

    run(1_000, "file", answer)
