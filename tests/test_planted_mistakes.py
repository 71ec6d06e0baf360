"""Mistakes planted in copies of data/: each is refused with file, key, the nearest word that is known, and what to do; none hides another.

"name": ("file", "what stands there", "what is written instead", "words | of | the | sentence")
"""

import shutil
from pathlib import Path

import pytest

from decision import strict_yaml
from decision.catalog import DATA
from decision.errors import BadInput
from decision.loading import checked, load

Planted = dict[str, str]
"""in: the file; stands: what it says; written: what is written instead; says: words of the sentence about it, with | between them."""

MISTAKES: dict[str, dict[str, Planted]] = strict_yaml.read(Path(__file__).parent / "bad_data" / "planted.yaml")
SILENT, REFUSED, FURTHER, PRICED = (MISTAKES[kind] for kind in ("silent", "refused", "further", "priced"))
AT_LOADING = SILENT | REFUSED | FURTHER


def planted(folder: Path, *mistakes: Planted) -> Path:
    """A copy of data/ with these mistakes in it."""
    copy = folder / "data"
    shutil.copytree(DATA, copy)
    for mistake in mistakes:
        file, stands = copy / mistake["in"], mistake["stands"]
        text = file.read_text(encoding="utf-8")
        assert stands in text, f"{file.name} does not say {stands!r} any more"
        file.write_text(text.replace(stands, mistake["written"], 1), encoding="utf-8")
    return copy


def assert_said(problems: tuple[str, ...], mistake: Planted) -> None:
    """One of the sentences starts with the file and holds the words; every one ends as a sentence."""
    wanted = [word.strip() for word in mistake["says"].split(" | ")]
    said = [problem for problem in problems if problem.startswith(f"{mistake['in']}: ")]
    assert all(any(word in problem for problem in said) for word in wanted), problems
    assert all(problem.endswith((".", "?")) for problem in problems), problems


@pytest.mark.parametrize("name", AT_LOADING)
def test_a_planted_mistake_is_refused(name: str, tmp_path: Path) -> None:
    mistake = AT_LOADING[name]
    with pytest.raises(BadInput) as refusal:
        load(planted(tmp_path, mistake))
    assert_said(refusal.value.problems, mistake)


@pytest.mark.parametrize("name", PRICED)
def test_what_only_bills_show_is_refused_by_check_data(name: str, tmp_path: Path) -> None:
    folder = planted(tmp_path, PRICED[name])
    assert load(folder)
    with pytest.raises(BadInput) as refusal:
        checked(folder)
    assert_said(refusal.value.problems, PRICED[name])


def test_none_stops_the_next(tmp_path: Path) -> None:
    """A mistake of each sort, in six files, one of which cannot even be read in its shape."""
    several = [
        SILENT["placeholder of a limit"], SILENT["reference option"], FURTHER["threshold that nothing reads"], SILENT["key of an estimate"],
        SILENT["key of a search range"], SILENT["option with a budget"], REFUSED["currency"], FURTHER["format in a sentence"],
        FURTHER["options drawn alike"],
    ]  # fmt: skip
    with pytest.raises(BadInput) as refusal:
        load(planted(tmp_path, *several))
    for mistake in several:
        assert_said(refusal.value.problems, mistake)


def test_a_file_that_cannot_be_read_is_no_reason_to_doubt_the_others(tmp_path: Path) -> None:
    """Without the prices of Anthropic nobody can say which prices are known; that is not blamed on those who name them."""
    folder = planted(tmp_path, SILENT["placeholder of a condition"])
    (folder / "prices" / "anthropic.yaml").write_text("vendor: [", encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        load(folder)
    assert [problem.split(":")[0] for problem in refusal.value.problems] == ["prices/anthropic.yaml", "framework.yaml"]


@pytest.mark.parametrize(
    ("file", "words"), [("option/acme.yaml", "options/acme.yaml"), ("frame.yaml", "framework.yaml"), ("prices/acme.yml", "prices/acme.yaml")]
)
def test_a_file_in_the_wrong_place_is_not_passed_over(file: str, words: str, tmp_path: Path) -> None:
    folder = planted(tmp_path)
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text("id: acme\n", encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        load(folder)
    assert refusal.value.problems == (f'{file}: no file of this name is read. Did you mean "{words}"? Rename, move or remove it.',)


def test_data_as_it_comes_passes_every_check() -> None:
    assert checked().options.keys() == load().options.keys()
