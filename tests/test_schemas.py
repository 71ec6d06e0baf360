"""The schemas that lie beside the data are those of the shapes, accept every data file, and refuse a typo as an editor would."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from decision import strict_yaml
from decision.__main__ import main
from decision.catalog import DATA
from decision.catalog.schemas import SHAPES
from tests.test_planted_mistakes import AT_LOADING

FILES = sorted(DATA.rglob("*.yaml"))
KINDS = ["scenario", *SHAPES]
SEEN_BY_AN_EDITOR = [
    "pricing unit", "currency", "family", "counted quantity", "kind of gate", "family of an outcome", "lever of no name", "line without a name",
    "option that nobody sells tokens for", "seller without a price of searches", "factor of nothing",
]  # fmt: skip


def kind_of(path: Path) -> str:
    return {"prices": "prices", "options": "option", "feeds": "readings", "scenarios": "scenario"}.get(path.parent.name, path.stem)


def problems(path: Path, text: str) -> list[Any]:
    """What an editor would underline. Dates are text to JSON."""
    schema = json.loads((DATA / "schema" / f"{kind_of(path)}.json").read_text(encoding="utf-8"))
    content = json.loads(json.dumps(strict_yaml.read(path.name, text), default=str))
    return list(jsonschema.Draft202012Validator(schema).iter_errors(content))


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_the_one_that_the_command_prints(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind]) == 0
    lies_there = (DATA / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == lies_there, f"data/schema/{kind}.json is behind: python -m decision schema {kind} > data/schema/{kind}.json"


def test_every_schema_belongs_to_a_kind_of_file() -> None:
    assert {path.stem for path in (DATA / "schema").iterdir()} == set(KINDS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_data_file_names_its_schema_and_follows_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == (DATA / "schema" / f"{kind_of(path)}.json").resolve()
    assert not problems(path, text)


@pytest.mark.parametrize("name", SEEN_BY_AN_EDITOR)
def test_an_editor_sees_the_typo(name: str) -> None:
    mistake = AT_LOADING[name]
    path = DATA / mistake["in"]
    text = path.read_text(encoding="utf-8")
    assert not problems(path, text)
    assert problems(path, text.replace(mistake["stands"], mistake["written"], 1))


def test_an_unknown_kind_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "options"]) == 2
    assert '"options" is not a kind of file. Did you mean "option"?' in capsys.readouterr().err
