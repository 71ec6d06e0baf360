"""Would the tests notice? Each mutant is one wrong change of the code or of data/; the tests of its room must fail on it.

    python -m tests.mutants --room costs --sample 60 --seed 1     # a random sample of a room's mutants
    python -m tests.mutants --by-hand                             # the mistakes listed in by_hand.yaml, by kind

Not part of continuous integration: a run takes minutes. Mutants run in a copy of the tree, one after the other, each in a process of its
own. --results FILE keeps what was judged, so that a run that was stopped goes on; --again judges its survivors once more.
Mutants that change nothing anybody can see stand in equivalent.yaml, each with the reason, and do not count.
"""

from __future__ import annotations

import argparse
import collections
import difflib
import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decision import strict_yaml
from tests.mutants.operators import Edit, data_edits, edits

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
COPIED = ("decision", "data", "tests", "app.py", "pyproject.toml", "README.md", "CHANGELOG.md", "requirements.txt", ".streamlit")
PRELOADED = ("numpy", "pydantic", "yaml", "hypothesis", "pytest", "_pytest.assertion.rewrite", "streamlit")

# Room -> its folders or files, and the tests that must notice (tests/test_<name>.py), those that are quick to fail first.
MONEY = "golden record boundaries assumed arrays servers_and_gates another_way"
ROOMS = {
    room: (tuple(places.split()), tuple(f"test_{name}" for name in tests.split()))
    for room, (places, tests) in {
        "costs": ("decision/costs", f"{MONEY} cost_properties recommendation breakeven outlook planted_mistakes bad_data"),
        "framework": ("decision/framework", f"{MONEY} framework recommendation bad_data planted_mistakes"),
        "recommendation": ("decision/recommendation", f"{MONEY} what_is_said recommendation through_time cli"),
        "analysis": ("decision/analysis", f"{MONEY} breakeven outlook information draws map portfolio levers comparison recommendation large_fleets"),
        "scenario": ("decision/scenario", f"{MONEY} scenario link bad_data planted_mistakes breakeven draws cli"),
        "catalog": (
            "decision/catalog decision/loading.py",
            f"{MONEY} catalog bad_data planted_mistakes schemas strict_yaml genai_extraction through_time cli",
        ),
        "report": ("decision/report decision/words.py", "words report cli readme another_way recommendation"),
        "data": ("data", f"{MONEY} framework"),
    }.items()
}


@dataclass(frozen=True)
class Mutant:
    """A file of the tree with another text. kind: the operator, or the kind of a mistake made by hand."""

    room: str
    path: str
    kind: str
    before: str
    after: str

    @property
    def key(self) -> str:
        """The same for the same change of the same text."""
        return hashlib.sha256(f"{self.path}\n{self.after}".encode()).hexdigest()[:16]

    def diff(self) -> list[str]:
        """The lines that differ, with the number of the first."""
        found = list(difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), n=0, lineterm=""))[2:]
        line = found[0].split()[1].lstrip("-").partition(",")[0] if found else "?"
        return [f"{self.path}:{line}  [{self.kind}]", *(f"    {part}" for part in found if not part.startswith("@@"))]


def mutants_of(room: str) -> list[Mutant]:
    """Every mutant of a room that is still Python or YAML."""
    found = []
    for path in _files(ROOMS[room][0]):
        before = path.read_text(encoding="utf-8")
        for edit in (edits if path.suffix == ".py" else data_edits)(before):
            after = _edited(before, edit)
            if path.suffix == ".yaml" or _compiles(after):
                found.append(Mutant(room, str(path.relative_to(ROOT)), edit.operator, before, after))
    return found


def _files(places: Iterable[str]) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        every = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".py", ".yaml"))
        yield from (p for p in every if "scenarios" not in p.parts and p.name != "claims.yaml")


def _edited(before: str, edit: Edit) -> str:
    content = before.encode()
    return (content[: edit.start] + edit.text.encode() + content[edit.end :]).decode()


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def by_hand() -> tuple[list[Mutant], list[str]]:
    """The mistakes of by_hand.yaml, and those whose text is not found exactly once any more."""
    texts = {path: path.read_text(encoding="utf-8") for path in _files(("decision", "data"))}
    found, stale = [], []
    for kind, mistakes in strict_yaml.read(HERE / "by_hand.yaml").items():
        for mistake in mistakes:
            places = [path for path, text in texts.items() if text.count(mistake["was"]) == 1 and mistake.get("file", "") in str(path)]
            if len(places) != 1 or sum(text.count(mistake["was"]) for path, text in texts.items() if mistake.get("file", "") in str(path)) != 1:
                stale.append(f"{kind}: {mistake['was']}")
                continue
            path = str(places[0].relative_to(ROOT))
            room = next((name for name, (folders, _) in ROOMS.items() if path.startswith(folders)), "report")
            before = texts[places[0]]
            found.append(Mutant(room, path, kind, before, before.replace(mistake["was"], mistake["is"])))
    return found, stale


def equivalent(mutant: Mutant) -> bool:
    """Whether the change is listed as one that nobody can see."""
    lines = [line.strip() for line in mutant.diff()[1:]]
    was, now = ([line[1:].strip() for line in lines if line[:1] == sign] for sign in "-+")
    return any(was == [each["was"]] and now == [each["is"]] for each in strict_yaml.read(HERE / "equivalent.yaml"))


class Tree:
    """A copy of the tree in which one file at a time is another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "e2e"))
            elif (ROOT / name).exists():
                shutil.copy2(ROOT / name, folder / name)

    def killed(self, mutant: Mutant | None, tests: Iterable[str], limit: float) -> bool:
        """Whether the tests fail on a mutant, or run for longer than `limit` seconds. None: the tree as it is."""
        files = [f"tests/{name}.py" for name in tests if (self.folder / f"tests/{name}.py").exists()]
        path = self.folder / mutant.path if mutant else None
        times = path.stat() if path else None
        if path and mutant:
            path.write_text(mutant.after, encoding="utf-8")
        try:
            return self._run(files, limit, keep_bytecode=mutant is None) != 0
        finally:
            if path and mutant and times:
                path.write_text(mutant.before, encoding="utf-8")
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # the compiled original is valid again

    def _run(self, files: list[str], limit: float, *, keep_bytecode: bool) -> int:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os._exit(_tested(self.folder, files, keep_bytecode=keep_bytecode))
        until = time.monotonic() + limit
        while time.monotonic() < until:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return -1


def _tested(folder: Path, files: list[str], *, keep_bytecode: bool) -> int:
    import pytest

    os.chdir(folder)
    sys.dont_write_bytecode = not keep_bytecode
    sys.path[:] = [str(folder), *(place for place in sys.path if Path(place or ".").resolve() not in (ROOT, folder))]
    for name in [name for name in sys.modules if name.split(".")[0] in ("decision", "tests")]:
        del sys.modules[name]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *files]))


def judged(chosen: list[Mutant], known: dict[str, dict[str, Any]], results: Path | None) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant, and whether the tests of its room noticed it."""
    for name in PRELOADED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        limits: dict[str, float] = {}
        for i, mutant in enumerate(chosen, 1):
            if mutant.key in known:
                yield mutant, known[mutant.key]["killed"]
                continue
            if mutant.room not in limits:
                begun = time.monotonic()
                if tree.killed(None, ROOMS[mutant.room][1], 900):
                    sys.exit(f"The tests of {mutant.room} fail without any mutant. Mend them first.")
                limits[mutant.room] = 30 + 3 * (time.monotonic() - begun)
            killed = tree.killed(mutant, ROOMS[mutant.room][1], limits[mutant.room])
            if results:
                with results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"key": mutant.key, "killed": killed, "diff": mutant.diff()}) + "\n")
            _say(f"{i}/{len(chosen)} {'killed' if killed else 'SURVIVED'} {mutant.diff()[0]}")
            yield mutant, killed


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run, list the survivors, and give the score of each kind."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=sorted(ROOMS))
    parser.add_argument("--by-hand", action="store_true")
    parser.add_argument("--kind", help="only mutants whose kind contains these words")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--again", action="store_true")
    arguments = parser.parse_args()
    if arguments.by_hand == bool(arguments.room):
        parser.error("give either --room or --by-hand")
    stale: list[str] = []
    if arguments.by_hand:
        every, stale = by_hand()
        chosen = [mutant for mutant in every if not equivalent(mutant)]
    else:
        every = [mutant for mutant in mutants_of(arguments.room) if not equivalent(mutant)]
        chosen = random.Random(arguments.seed).sample(every, min(arguments.sample, len(every)))
        _say(f"{arguments.room}: {len(chosen)} of {len(every)} mutants, seed {arguments.seed}")
    chosen = [mutant for mutant in chosen if (arguments.kind or "") in mutant.kind]
    kept = arguments.results.read_text(encoding="utf-8").splitlines() if arguments.results and arguments.results.exists() else []
    known = {each["key"]: each for each in map(json.loads, kept) if each["killed"] or not arguments.again}
    found = list(judged(chosen, known, arguments.results))
    survivors = [mutant for mutant, killed in found if not killed]
    _say("\n".join(["", "Survivors:" if survivors else "No survivors.", *(line for mutant in survivors for line in mutant.diff())]))
    counts = collections.Counter(mutant.kind for mutant, _ in found)
    alive = collections.Counter(mutant.kind for mutant in survivors)
    for kind in counts:
        _say(f"{counts[kind] - alive[kind]:4} of {counts[kind]:4} killed  {kind}")
    _say(f"{len(found) - len(survivors)} of {len(found)} killed ({1 - len(survivors) / max(len(found), 1):.1%})")
    for each in stale:
        _say(f"Not found exactly once, so not tried: {each}")


if __name__ == "__main__":
    main()
