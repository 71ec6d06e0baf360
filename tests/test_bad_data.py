"""Broken files, each with the words that its error must contain: what is wrong, where, and what to do next.

    # expect: word | word | word            first line of every file of tests/bad_data/
    # file: prices/acme.yaml                second line of catalog files: the file of data/ that it adds or replaces

Files that cannot be kept as text (binary, 50 MB, a thousand levels deep) are written when the test runs.
"""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from decision import strict_yaml
from decision.catalog import DATA, Catalog
from decision.costs.bill import bill
from decision.errors import BadInput
from decision.loading import load
from decision.scenario import inputs_of, read_scenario

BAD = Path(__file__).parent / "bad_data"
DAY = dt.date(2026, 11, 20)
SEVERAL_PROBLEMS = {"everything_wrong_at_once": 3, "model_mix_with_negative_share": 2}


def expected(path: Path) -> list[str]:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    return [word.strip() for word in first.removeprefix("# expect:").split("|")]


def bad_files(folder: str) -> list[Path]:
    return sorted((BAD / folder).glob("*.yaml"))


def use(path: Path, catalog: Catalog) -> None:
    """What the command line does with a scenario file."""
    inputs = inputs_of(read_scenario(path), catalog, DAY)
    for option_id in inputs.options:
        bill(option_id, inputs)


def assert_helpful(error: BadInput, words: list[str]) -> None:
    message = str(error)
    for word in words:
        assert word in message
    for problem in error.problems:
        assert len(problem) < 600
        assert problem.endswith((".", "?", "..."))


def test_there_are_at_least_forty_broken_files() -> None:
    assert len(bad_files("scenario")) + len(bad_files("catalog")) >= 40


@pytest.mark.parametrize("path", [*bad_files("scenario"), *bad_files("catalog")], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_broken_file_says_what_where_and_what_next(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# expect: ")
    assert len(expected(path)) >= 3


@pytest.mark.parametrize("path", bad_files("scenario"), ids=lambda path: path.stem)
def test_a_broken_scenario_is_refused(path: Path, catalog: Catalog) -> None:
    with pytest.raises(BadInput) as refusal:
        use(path, catalog)
    assert_helpful(refusal.value, expected(path))
    assert len(refusal.value.problems) == SEVERAL_PROBLEMS.get(path.stem, 1)


@pytest.mark.parametrize("path", bad_files("catalog"), ids=lambda path: path.stem)
def test_a_broken_data_file_is_refused(path: Path, tmp_path: Path) -> None:
    target = path.read_text(encoding="utf-8").splitlines()[1].removeprefix("# file: ").strip()
    with pytest.raises(BadInput) as refusal:
        load(data_with(tmp_path, target, path.read_bytes()))
    assert_helpful(refusal.value, expected(path))
    assert Path(target).name in str(refusal.value)
    assert len(refusal.value.problems) == 1


def data_with(folder: Path, target: str, content: bytes) -> Path:
    """A copy of data/ in which one file is another."""
    copy = folder / "data"
    shutil.copytree(DATA, copy)
    (copy / target).write_bytes(content)
    return copy


UNPRINTABLE = {
    "empty": (b"", ["the file is empty", "Write at least one key"]),
    "blank": (b"\n \n", ["the file is empty", "Write at least one key"]),
    "binary": (bytes(range(256)) * 4, ["not a text file (not UTF-8)", "Give a YAML file"]),
    "zip": (b"PK\x03\x04\x14\x00\x08\x00\x08\x00\xff\xfe", ["not a text file (not UTF-8)", "Give a YAML file"]),
    "utf-16": ("fleet: [{agents: 3}]".encode("utf-16"), ["not a text file (not UTF-8)", "Give a YAML file"]),
    "nul characters": (b"fleet: [{agents: \x00\x003}]", ["not valid YAML", "Give a plain text YAML file"]),
    "deep lists": (b"[" * 1000 + b"]" * 1000, ["line 1", "nested more than 20 levels deep", "flatten it"]),
    "deep lists never closed": (b"[" * 100_000, ["line 1", "nested more than 20 levels deep", "flatten it"]),
    "deep keys": ("".join(" " * i + "a:\n" for i in range(500)).encode(), ["line 21", "nested more than 20 levels deep"]),
    "many aliases": (b"a: &a x\nb: [" + b"*a," * 60_000 + b"]", ["line 2", "anchors and aliases", "Write the value out"]),
    "one byte too many": (b"#" * (strict_yaml.MAX_BYTES + 1), ["larger than", "kB", "check that this is the right file"]),
    "a number of 5,000 zeros": (b"fleet: [{agents: " + b"0" * 5000 + b"1}]", ["line 1", "is not a finite number", "Write a number"]),
}


@pytest.mark.parametrize("name", UNPRINTABLE)
def test_what_is_not_even_text_is_refused_as_a_scenario(name: str, tmp_path: Path, catalog: Catalog) -> None:
    content, words = UNPRINTABLE[name]
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        use(path, catalog)
    assert_helpful(refusal.value, [*words, "broken.yaml"])


@pytest.mark.parametrize("name", UNPRINTABLE)
def test_what_is_not_even_text_is_refused_as_data(name: str, tmp_path: Path) -> None:
    content, words = UNPRINTABLE[name]
    with pytest.raises(BadInput) as refusal:
        load(data_with(tmp_path, "prices/broken.yaml", content))
    assert_helpful(refusal.value, [*words, "broken.yaml"])


def test_a_file_of_50_megabytes_is_not_read_to_its_end(tmp_path: Path, catalog: Catalog) -> None:
    path = tmp_path / "fifty.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(BadInput) as refusal:
        use(path, catalog)
    assert_helpful(refusal.value, ["fifty.yaml", "larger than 200 kB", "check that this is the right file"])


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"this is a folder\. Name a file in it\."):
        read_scenario(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.yaml: no such file\. Check the name\."):
        read_scenario(tmp_path / "nowhere.yaml")


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no YAML files here\. The catalog needs prices/"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["components.yaml", "estimates.yaml"])
def test_a_data_file_that_is_gone_is_named(name: str, tmp_path: Path) -> None:
    copy = data_with(tmp_path, "prices/note.yaml", b"vendor: Nobody\nsources: {}\n")
    (copy / name).unlink()
    with pytest.raises(BadInput, match=rf"{name}: no such file\. The catalog needs it\."):
        load(copy)
