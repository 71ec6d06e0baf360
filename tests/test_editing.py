"""Data files changed as text: every line that stood there stands there, and the new one says what was meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from decision import strict_yaml
from decision.catalog import DATA
from decision.catalog.editing import added_entry, added_row
from decision.errors import BadInput

ROW = {
    "effective_from": dt.date(2027, 3, 1),
    "price": 1.25,
    "source": "types",
    "dated_by": "reading",
    "note": "a: note, [with] {marks} # and 'quotes'",
}

FILES = sorted((DATA / "prices").glob("*.yaml"))


def lists(content: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(kind, name, "rows") for kind in ("prices", "plans", "models") for name in content.get(kind, {})]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_row_at_the_end_of_every_list_of_every_file(path: Path) -> None:
    """The whole file read again is the one before with this one row more, and no line of it is gone."""
    text = before = path.read_text(encoding="utf-8")
    wanted = strict_yaml.read(path.name, before)
    for kind, name, rows in lists(wanted):
        text = added_row(text, (kind, name, rows), ROW, path.name)
        wanted[kind][name][rows].append(ROW)
    assert strict_yaml.read(path.name, text) == wanted
    left = iter(text.splitlines())
    for line in before.splitlines():
        stands = {line, line.removesuffix("]") + ","}  # a list on one line goes on in the next
        assert any(kept in stands for kept in left), line


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_and_a_model_of_ones_own(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    source = {"title": "A feed", "url": None, "kind": "official", "retrieved": dt.date(2027, 3, 1)}
    text = added_entry(before, ("sources",), "feed-2027-03-01", source, path.name)
    wanted = strict_yaml.read(path.name, before)
    wanted["sources"]["feed-2027-03-01"] = source
    assert strict_yaml.read(path.name, text) == wanted
    left = iter(text.splitlines())
    assert all(line in left for line in before.splitlines())


WITH_COMMENTS = """\
sources:
  a: {title: A}

  # about the sources
prices:
  one:
    rows:
      - effective_from: 2026-01-01
        price: 1
        note: >-
          folded
          # part of the text

          text
      # a comment below the row

  # a comment above two
  two:
    rows: [{price: 2}]  # on one line
# the end"""


def test_comments_stay_where_they_stand() -> None:
    text = added_row(WITH_COMMENTS, ("prices", "one", "rows"), {"price": 3}, "f.yaml")
    text = added_row(text, ("prices", "two", "rows"), {"price": 4}, "f.yaml")
    assert text == WITH_COMMENTS.replace("          text\n", "          text\n      - {price: 3}\n").replace(
        "[{price: 2}]", "[{price: 2},\n           {price: 4}]"
    ) + ("\n" if text.endswith("\n") else "")
    assert strict_yaml.read("f.yaml", text)["prices"]["two"]["rows"] == [{"price": 2}, {"price": 4}]


def test_what_has_no_place_is_refused() -> None:
    with pytest.raises(BadInput, match='there is no "three" at'):
        added_row(WITH_COMMENTS, ("prices", "three", "rows"), ROW, "f.yaml")
    with pytest.raises(BadInput, match="no list of rows stands here"):
        added_row(WITH_COMMENTS, ("prices", "one"), ROW, "f.yaml")
    with pytest.raises(BadInput, match='"a" stands here already'):
        added_entry(WITH_COMMENTS, ("sources",), "a", {"title": "B"}, "f.yaml")
    with pytest.raises(BadInput, match="no keys stand here, one on each line"):
        added_entry(WITH_COMMENTS, ("sources", "a"), "b", {"title": "B"}, "f.yaml")
