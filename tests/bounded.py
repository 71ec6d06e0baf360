"""Links, scenario files and commands answered in a process of their own that is held to bounds, and what each of them took.

    took, *_ = answered([Command(("recommend", "-"), b"fleet: [{agents: 3}]")])
    took.seconds, took.megabytes        # of processor time; the most memory that the process held meanwhile

Processor time is no wall clock: a busy machine changes it little. What hangs or swallows all memory is ended by the operating system.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.streamlit_server import ROOT

LONGEST_SECONDS, MOST_BYTES = 300, 4_000_000_000  # of the whole process; past these the operating system ends it
_CODING = "latin-1"  # carries any bytes through JSON


@dataclass(frozen=True)
class Link:
    """The code of a share link."""

    code: str


@dataclass(frozen=True)
class File:
    """What a scenario file holds."""

    content: bytes


@dataclass(frozen=True)
class Command:
    """Words of the command line, and its standard input."""

    words: tuple[str, ...]
    given: bytes = b""


@dataclass(frozen=True)
class Took:
    """What came of an input: exit code (of a link or file 0 or 2), what was said to a person about it, and what that took."""

    code: int
    said: str
    seconds: float
    megabytes: float


Input = Link | File | Command


def answered(inputs: Sequence[Input]) -> list[Took]:
    """Each input, answered one after the other in one new process. Fails when that process ends otherwise than well."""
    asked = [[type(one).__name__, *_plain(one)] for one in inputs]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.bounded"]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=json.dumps(asked), capture_output=True, text=True, check=False)
    found = [Took(**json.loads(line)) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"input {len(found)} of {len(inputs)} ended the process ({done.returncode}): {done.stderr[-3000:]}"
    return found


def _plain(one: Input) -> tuple[object, ...]:
    match one:
        case Link(code):
            return (code,)
        case File(content):
            return (content.decode(_CODING),)
        case Command(words, given):
            return words, given.decode(_CODING)


# -- inside the process --------------------------------------------------------------------------------


def _opened(code: str) -> tuple[int, str]:
    from decision.loading import load
    from decision.scenario.link import open_link

    return _refused(lambda: "\n".join(open_link(code, load()).dropped))


def _read(content: str) -> tuple[int, str]:
    from decision.loading import load
    from decision.scenario import inputs_of, read_scenario
    from decision.scenario.model import LAST_DAY

    def dropped() -> str:
        inputs_of(read_scenario("a file", content.encode(_CODING)), load(), LAST_DAY)
        return ""

    return _refused(dropped)


def _refused(answer: Callable[[], str]) -> tuple[int, str]:
    from decision.errors import BadInput

    try:
        return 0, answer()
    except BadInput as error:
        return 2, "\n".join(error.problems)


def _run(words: Sequence[str], given: str) -> tuple[int, str]:
    from decision.__main__ import main

    complaints, sys.stdin = io.StringIO(), io.TextIOWrapper(io.BytesIO(given.encode(_CODING)))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(complaints):
        code = main(words)
    return code, complaints.getvalue()


_ANSWERS: dict[str, Callable[..., tuple[int, str]]] = {"Link": _opened, "File": _read, "Command": _run}


def _took(asked: Sequence[Sequence[object]]) -> Iterator[Took]:
    _run(("recommend", "monitoring"), "")  # what is imported and read once belongs to no input
    for kind, *content in asked:
        Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted anew
        begun = time.process_time()
        code, said = _ANSWERS[str(kind)](*content)
        yield Took(code, said, time.process_time() - begun, _most_memory())


def _most_memory() -> float:
    """Megabytes: the high-water mark since it was last reset. `ru_maxrss` would count what this process held before it became itself."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) / 1000


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    warnings.simplefilter("error")
    everything = json.load(sys.stdin)
    for took in _took(everything):
        sys.stdout.write(json.dumps(asdict(took)) + "\n")
        sys.stdout.flush()
