"""A report is blocks; a writer makes one format of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import decision
from decision.report import as_json, text
from decision.report.document import Block, Figure, Gap, Heading, Report, Section, Source, Sources, sentence, table

ROOM = Path(decision.__file__).parent


def written(*blocks: Block) -> str:
    return text.write(Report(lambda: blocks, dict))


def test_a_sentence_of_the_terminal_names_the_currency_after_the_figure_unless_its_words_do() -> None:
    cost = Figure(34508.4, "dollars")
    assert written(sentence("It costs ", cost, ".")) == "  It costs 34,508 USD."
    assert written(sentence("USD: ", cost, ".", in_currency=True)) == "  USD: 34,508."
    assert sentence("It costs ", cost, ".").spoken() == "It costs $34,508."


def test_a_figure_reads_by_its_kind_and_a_change_has_its_sign() -> None:
    assert Figure(0.125, "in_unit", "share").shown() == "12.5 %"
    assert Figure(12.5, "cents", signed=True).shown() == "+$12.50"
    assert Figure(-12.5, "cents", signed=True).shown("") == "-12.50"


def test_sources_are_numbered_by_what_they_say_and_listed_once() -> None:
    one, other = Source("One (official)", "https://example.org"), Source("Other (given)")
    shown = written(table(("id", "src"), [("a", one), ("b", other), ("c", one)]), Gap(), Sources())
    assert [line.split()[-1] for line in shown.splitlines()[2:5]] == ["[1]", "[2]", "[1]"]
    assert shown.splitlines()[-3:] == ["Sources", "  [1] One (official), https://example.org", "  [2] Other (given)"]


def test_titles_stand_above_a_line_and_columns_of_numbers_end_on_one_edge() -> None:
    shown = written(Heading("Title", "note"), Section("Part"), table(("a", "b"), [("x", Figure(5)), ("y", Figure(1200))], numbers=(1,)))
    assert shown.splitlines()[:5] == [f"Title{'note':>95}", "=" * 100, "", "Part", "----"]
    assert shown.splitlines()[-2:] == ["  x      5", "  y  1,200"]


def test_a_report_without_words_is_its_data_in_every_format() -> None:
    report = Report(None, lambda: {"type": "object"})
    assert text.write(report) == as_json.write(report) == '{\n  "type": "object"\n}'


@pytest.mark.parametrize("room", ["terminal"])
def test_no_command_words_its_answer(room: str) -> None:
    """A command hands over arguments, inputs and a report; the only sentences it writes are refusals."""
    for path in (ROOM / room).glob("*.py"):
        imported = {node.module for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)}
        assert not imported & {"decision.report.text", "decision.report.sections.evidence"}, path.name
        assert "sentence(" not in path.read_text(encoding="utf-8"), path.name
