"""Inputs made to hurt: whatever they hold, each is answered or refused at once, in little memory, in a few short sentences.

Every kind was found as one input that froze the server, filled its memory, raised something or gave a wrong figure. The table `KINDS` has
inputs of each; where a kind is about what is said and not about time, `ELSEWHERE` names the test that holds it.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import pytest
import yaml

from decision.scenario import LARGEST_FILE, MOST_GROUPS
from decision.scenario.link import LONGEST_CODE
from decision.scenario.model import UNITS, Group, PerSession, Sandbox, Tokens
from tests.bounded import Command, File, Input, Link, answered
from tests.fuzz.test_links_and_files import check_sentences
from tests.test_link import FULL, packed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the most memory that a process held is read from /proc")

MOST_SECONDS, MOST_MEGABYTES = 1.0, 200.0  # of processor time and memory for a link or a file; the usual one takes a hundredth and a third
LARGEST_MEGABYTES = 500.0  # for what is worked out of the largest scenario


def link(content: Any) -> Link:
    return Link(packed(content))


def file(content: Any) -> File:
    return File(content if isinstance(content, bytes) else json.dumps(content).encode())


def group(**said: Any) -> dict[str, Any]:
    return {"fleet": [said]}


def both(*contents: Any) -> list[Input]:
    """The same content as a link and as a file."""
    return [make(content) for content in contents for make in (link, file)]


def long_numbers() -> list[Input]:
    """A pattern that could be read in many ways takes a time that grows with the square of the length, and holds the interpreter meanwhile."""
    digits = [
        f"{digit * length}{end}" for digit in ("1", "1_", "1,", "1.", "1e", ",", "_") for length in (49, 450, 9_000) for end in ("x", "", " to ")
    ]
    words = [*digits, "1 to " * 190, "." * 99, "-" * 99, "1" + "_" * 98, "1 ,000" * 16, "1,000" * 19 + "x", " " * 9_000 + "1", "1" + " " * 900 + "x"]
    return both(
        *(group(agents=word) for word in words), *({**group(agents=3), "overrides": {"prices": {"managed-agents.session": w}}} for w in digits[:6])
    )


def long_whole_numbers() -> list[Input]:
    """Python converts no whole number of more than 4,300 digits, and takes its time for those below."""
    texts = [b"%s%s" % (digit * length, end) for digit in (b"1", b"0", b"9") for length in (400, 4_299, 4_301, 90_000) for end in (b"", b".5", b"e5")]
    return [make(b'{"fleet":[{"agents":' + text + b"}]}") for text in texts for make in (lambda content: Link(packed(content)), File)]


def very_many_entries() -> list[Input]:
    """Each wrong entry is one complaint, and a round of cutting may begin anew for each."""
    many: tuple[Any, ...] = (
        [0] * 60_000,
        [0] * 900,
        [{}] * 900,
        ["vps"] * 900,
        [None] * 51,
        {f"k{n}": n for n in range(900)},
        [[[]]] * 900,
        "x" * 900,
    )
    groups = [{f"field {n}": n for n in range(400)}] * MOST_GROUPS
    return both(
        *({"fleet": entries} for entries in many),
        *({**group(agents=3), field: entries} for entries in many for field in ("consider", "team", "overrides", "constraints")),
        *(group(agents=3, **{field: entries}) for entries in many for field in ("model_mix", "sandbox", "tokens_per_session")),
        *({**group(agents=3), "overrides": {field: entries}} for entries in many for field in ("prices", "options", "people")),
        {"fleet": groups},
        {"fleet": [{"name": f"g{n}", "model_mix": {f"m{k}": 0.05 for k in range(20)}} for n in range(MOST_GROUPS)]},
    )


def names_that_are_nearly_known() -> list[Input]:
    """Spelling help compares a wrong name with every known one."""
    names = [f"anthropic.batch-discoun{n}" for n in range(999)], [f"managed-agent{n}" for n in range(999)], ["managed-agents" * 70] * 2
    return both(
        *({**group(), "overrides": {field: dict.fromkeys(list_, 1)}} for list_ in names for field in ("prices", "people")),
        *({**group(), "overrides": {"options": {name: {} for name in list_}}} for list_ in names),
        *({**group(), "consider": list_} for list_ in names),
        *({**group(), "overrides": {"options": {"vps": {field: list_}}}} for list_ in names for field in ("providers", "buys")),
        {"fleet": [dict.fromkeys(names[1], 1)] * 10},
        {"fleet": [{"name": str(n), "model_mix": {f"claude-sonnet-{n}-{k}": 0.05 for k in range(19)}} for n in range(MOST_GROUPS)]},
    )


def deep_and_crooked() -> list[Input]:
    """What makes a parser recurse, expand or look back."""
    deep = [b"[" * 90_000, b'{"fleet":' * 20_000, b'{"fleet":[{"agents":' + b"[" * 2_000 + b"]" * 2_000 + b"}]}"]
    yaml = [
        b"fleet: [" + b"{a: [" * 400, b"- " * 90_000, b"a: &a [1]\n" + b"b: [*a, *a]\n" * 9_000, b"? " * 90_000, b"'" * 190_001, b'"\\' * 90_000,
        b"#" * 190_000, b"\n" * 190_000, b"\t" * 190_000, b"%" * 1_000, b"a: |\n" + b" x\n" * 60_000, b"a:\n" + b" " * 150_000 + b"b: 1",
        b"[" + b"a," * 90_000 + b"]", b"fleet: [" + b"0," * 90_000 + b"]", b"fleet:\n" + b"- agents: 1\n" * 15_000, b"x" * 190_000,
        b"\n".join(b"k%d: 1" % n for n in range(15_000)), b"<<: " * 40_000, b"!" * 190_000, b"- - " * 40_000, b"&a " * 60_000,
        b"fleet: [{agents: 1:1:1:1}]", b"\xff" * 190_000, "\u2028".encode() * 60_000, b"\xef\xbb\xbf" * 60_000, b"--- " * 40_000,
        b"...\n" * 40_000, b"{" * 90_000, b"a: b: " * 30_000,
    ]  # fmt: skip
    return [*(Link(packed(text)) for text in (*deep, *yaml)), *map(File, (*deep, *yaml))]


def links_that_are_none() -> list[Input]:
    letters = [
        "1" + "A" * (LONGEST_CODE - 1),
        "1" + "_" * 9_999,
        "1" + "=" * 9_999,
        "1" * LONGEST_CODE,
        "1" + "A" * 90_000,
        "\x00" * 900,
        "1" + "\u0661" * 900,
    ]
    return [*map(Link, letters), Link(packed(b" " * 250_000_000)), Link(packed(b"[" + b'"",' * 49_000 + b'""]'))]


KINDS = {make.__name__: make for make in (
    long_numbers, long_whole_numbers, very_many_entries, names_that_are_nearly_known, deep_and_crooked, links_that_are_none,
)}  # fmt: skip

ELSEWHERE = {
    "more values than a scenario has": ("tests.test_strict_yaml", "test_a_file_of_very_many_values_is_left_at_the_first_that_is_too_many"),
    "shares that may all vanish": ("tests.test_large_fleets", "test_shares_that_may_all_vanish_leave_the_most_likely_mix"),
    "nothing on offer is large enough": ("tests.test_large_fleets", "test_every_figure_is_a_number_where_nothing_is_large_enough_or_free"),
    "break-even of two staircases": ("tests.test_large_fleets", "test_two_staircases_that_cross_at_every_step_are_not_listed"),
    "more draws than memory": ("tests.test_large_fleets", "test_draws_that_do_not_fit_into_the_memory_are_refused"),
    "a comma that could mean two things": ("tests.test_scenario", "test_a_decimal_comma_could_mean_two_things_so_it_is_refused_everywhere"),
    "a share among the prices above 1": ("tests.test_link", "test_what_cannot_be_used_is_named_and_the_rest_is_kept"),
    "a package without its data": ("tests.test_package", "test_the_installed_package_reads_its_own_files"),
    "full, closed and endless streams": ("tests.test_cli", "test_a_closed_or_full_stream_is_told_in_a_sentence"),
    "half of a character, a version that is no number": ("tests.test_link", "test_an_unreadable_link_says_why"),
    "a name longer than the file system takes": ("tests.test_cli", "test_a_name_that_no_file_can_have_is_refused"),
    "keys and values that move a terminal's cursor": ("tests.test_cli", "test_whatever_was_typed_is_repeated_short_and_in_one_line"),
    "one group more than a fleet may have": ("tests.test_pages", "test_a_fleet_of_the_most_groups_takes_no_more"),
}
"""What is about a sentence or a figure: kind -> module and test."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_or_file_is_answered_or_refused_at_once(kind: str) -> None:
    inputs = KINDS[kind]()
    for one, took in zip(inputs, answered(inputs), strict=True):
        about = repr(one)[:200]
        assert took.seconds < MOST_SECONDS, about
        assert took.megabytes < MOST_MEGABYTES, about
        check_sentences(took.said.splitlines())


def largest(groups: int = MOST_GROUPS) -> dict[str, Any]:
    """The largest fleet, every group with two models and growing, every figure a range, and every option."""
    said = {"agents": "2 to 6", "agents_in_12_months": "5 to 90", "sessions_per_day": "1 to 4", "active_hours_per_session": "1 to 3"}
    mix = {"claude-sonnet-5-5": 0.5, "claude-opus-5": 0.5}
    return {"consider": ["all"], "fleet": [{"name": f"g{n}", **said, "batchable_share": "0.1 to 0.5", "model_mix": mix} for n in range(groups)]}


_RANGE = {"low": 0.51234567, "likely": 0.71234567, "high": 0.99876543}


def test_the_largest_file_is_a_scenario_and_read_like_a_small_one() -> None:
    """What a scenario may hold is more than half of what a file may: a smaller bound would refuse a team that answers everything."""

    def ranges(model: Group | Tokens | Sandbox | PerSession) -> dict[str, Any]:
        return {name: {key: spec.at_least + value for key, value in _RANGE.items()} for name, spec, _ in model.amounts() if name not in twice}

    twice = {
        *UNITS,
        "conversations_per_day",
        "requests_per_unit",
        "web_searches_per_active_hour",
    }  # what says the same in another way is refused beside it
    parts = {"sandbox": ranges(Sandbox()), "tokens_per_session": ranges(Tokens()), "per_session": ranges(PerSession())}
    groups = [
        {"name": f"a team of some name {n}", "model_mix": FULL["fleet"][0]["model_mix"], **ranges(Group()), **parts} for n in range(MOST_GROUPS)
    ]
    text = yaml.safe_dump(json.loads(json.dumps({"fleet": groups}))).encode()  # from JSON, so that no anchor stands for what is the same
    (took,) = answered([File(text)])
    assert not took.said
    assert took.code == 0
    assert LARGEST_FILE / 2 < len(text) <= LARGEST_FILE
    assert took.seconds < MOST_SECONDS
    assert took.megabytes < MOST_MEGABYTES


AT_THE_LIMIT = ("recommend -", "levers -", "voi -", "breakeven - --driver agents --range 1:1000000", "outlook monitoring --draws 262144")


@pytest.mark.parametrize("line", AT_THE_LIMIT)
def test_the_largest_scenario_is_worked_out_in_bounded_memory(line: str) -> None:
    (took,) = answered([Command(tuple(line.split()), json.dumps(largest()).encode())])
    assert not took.said
    assert took.code == 0
    assert took.megabytes < LARGEST_MEGABYTES


def test_the_largest_scenario_takes_a_bounded_multiple_of_a_small_one() -> None:
    """Processor time against that of a small scenario in the same process, so that the machine's speed does not matter: 60 to 80 times."""
    small = Command(("recommend", "monitoring", "--format", "json"))
    whole = Command(("recommend", "-", "--format", "json"), json.dumps(largest()).encode())
    *usual, took = answered([*[small] * 5, whole])
    assert took.seconds < 160 * min(one.seconds for one in usual)


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_kinds_that_are_about_what_is_said_have_their_test(kind: str) -> None:
    module, test = ELSEWHERE[kind]
    assert callable(getattr(importlib.import_module(module), test))
