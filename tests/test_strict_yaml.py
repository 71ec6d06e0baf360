"""YAML as people write it: what is read, and that nothing else is."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from decision.errors import BadInput
from decision.strict_yaml import read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 3", {"a": 3}),
        ("a: -3.5", {"a": -3.5}),
        ("a: 1_000", {"a": 1000}),
        ("a: 010", {"a": 10}),  # what a person means by it; YAML 1.1 would read 8
        ("a: 1.0e+3", {"a": 1000.0}),
        ("a: true", {"a": True}),
        ("a: null", {"a": None}),
        ("a:", {"a": None}),
        ("a: 2026-11-20", {"a": dt.date(2026, 11, 20)}),
        ("a: '2026-11-20'", {"a": "2026-11-20"}),
        ("a: 'yes'", {"a": "yes"}),
        ("'on': 1", {"on": 1}),
        ("1: one", {"1": "one"}),
        ("2026-11-20: day", {"2026-11-20": "day"}),
        ("a: [1, two, [3]]", {"a": [1, "two", [3]]}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 2 to 8", {"a": "2 to 8"}),
        ("a: 20 %", {"a": "20 %"}),
    ],
)
def test_plain_values_are_read_as_people_mean_them(text: str, value: Any) -> None:
    assert read("note.yaml", text) == value
    assert read("note.yaml", text.encode()) == value


def test_whole_numbers_stay_whole() -> None:
    assert isinstance(read("note.yaml", "a: 3")["a"], int)
    assert isinstance(read("note.yaml", "a: 3.0")["a"], float)


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "Yes", "NO", "True", "FALSE"])
def test_words_that_yaml_takes_for_true_or_false_are_refused(word: str) -> None:
    with pytest.raises(BadInput, match=f'line 2: "{word}" is read as true or false'):
        read("note.yaml", f"# a note\na: {word}")
    with pytest.raises(BadInput, match=f'line 1: the key "{word}" is read as true or false'):
        read("note.yaml", f"{word}: 1")


def test_the_message_names_the_file_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        read(path)
    assert str(refusal.value) == 'twice.yaml: line 2: duplicate key "a". Keep one of the two.'


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(min_size=1), PLAIN, min_size=1, max_size=4))
def test_what_is_written_plainly_is_read_back(content: dict[str, Any]) -> None:
    assert read("note.yaml", yaml.safe_dump(content)) == content


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str | bytes) -> None:
    assert_read_or_refused_in_words(text)


@given(st.text(alphabet="[]{}:,-&*!|>'\"%@`#?<~ \n\ta1.", max_size=60))
def test_any_punctuation_is_read_or_refused_in_words(text: str) -> None:
    assert_read_or_refused_in_words(text)


def assert_read_or_refused_in_words(text: str | bytes) -> None:
    refusal = ""
    try:
        read("note.yaml", text)
    except BadInput as error:
        refusal = str(error)
    assert not refusal or (refusal.startswith("note.yaml: ") and refusal.endswith("."))


def test_a_file_of_very_many_values_is_left_at_the_first_that_is_too_many() -> None:
    assert read("a file", "- 1\n" * 99, max_values=100) == [1] * 99
    with pytest.raises(BadInput, match=r"a file: line 100: more than 100 values\."):
        read("a file", "- 1\n" * 5_000 + "- [", max_values=100)
