"""Time and size of a decision record in each format: python -m tests.benchmarks.bench_report [SCENARIO].

Cold: a process of its own from the command to the file, start of Python included; its floor is the same command for plain text. Warm: the
record once more in a process that has written it before. Medians of five.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from decision.loading import load
from decision.report.filed import filed
from decision.report.formats import FORMATS
from decision.scenario import inputs_of, read_scenario, ready_made

USUAL, ROUNDS = "five-departmental-specialists", 5


def cold(scenario: str, ending: str, folder: Path) -> float:
    """Seconds of one run of the command."""
    start = time.perf_counter()
    words = [sys.executable, "-m", "decision", "report", scenario, "--format", ending, "-o", str(folder / f"record.{ending}")]
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - start


def main(scenario: str = USUAL) -> None:
    """Print a line for each format."""
    record = filed(inputs_of(read_scenario(ready_made()[scenario]), load()))
    with tempfile.TemporaryDirectory() as folder:
        times = {ending: [0.0] * 0 for ending in FORMATS}
        for _ in range(ROUNDS):  # in turns, so that a slow minute hits every format
            for ending in FORMATS:
                times[ending].append(cold(scenario, ending, Path(folder)))
        floor = statistics.median(times["txt"])
        print(f"{scenario}: format, kB, cold s, x of text, warm ms")
        for ending, form in FORMATS.items():
            content = form.written(record)
            warm = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                form.written(record)
                warm.append(time.perf_counter() - start)
            median = statistics.median(times[ending])
            print(f"{ending:5} {len(content) / 1000:8.1f} {median:6.2f} {median / floor:6.2f} {1000 * statistics.median(warm):8.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
