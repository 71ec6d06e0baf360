"""The outlook beside its peers on one model: python -m tests.benchmarks.bench_outlook [--most 1000000].

Twelve ranges, five options, 36 months; 10 k, 100 k and 1 M draws; each contender in a process of its own: wall time without start-up, peak
memory of the process, medians. Then our variance shares beside the Sobol indices of SALib. Contenders that are not installed are named and
left out; to have them all:

    pip install squigglepy SALib          (squigglepy may live in another environment: SQUIGGLEPY_PYTHON=that/python)
    npm install @quri/squiggle-lang       (SQUIGGLE=the folder that holds node_modules)

Times are of this machine in this run: compare columns, not runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from decision.analysis.draws import of_options, ranged, triangle
from decision.analysis.information import information
from decision.analysis.outlook import outlook
from decision.costs.costs import all_costs
from tests.benchmarks.outlook_case import inputs, plain
from tests.benchmarks.timing import show

CONTENDERS = Path(__file__).parent / "contenders"
DRAWS = (10_000, 100_000, 1_000_000)


def ours(draws: int) -> dict[str, Any]:
    """Seconds, peak memory in MB, medians and odds of the whole outlook: bands, odds, regret, cumulative cost and payback."""
    one = inputs()
    start = time.perf_counter()
    found = outlook(one, one.options, draws)
    seconds = time.perf_counter() - start
    medians = {option_id: band.median for option_id, band in found.total.items()}
    return {"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "medians": medians, "odds": found.odds}


def commands() -> dict[str, list[str]]:
    """How each contender is started; the number of draws goes after the first part that ends in .py, .mjs or a module name."""
    bare = str(CONTENDERS / "bare_numpy.py")
    found = {
        "this project": [sys.executable, "-m", "tests.benchmarks.bench_outlook", "--ours", "{draws}"],
        "bare NumPy loop": [sys.executable, bare, "{draws}", "numpy"],
    }
    other = os.environ.get("SQUIGGLEPY_PYTHON", sys.executable if importlib.util.find_spec("squigglepy") else "")
    if other:
        found["squigglepy"] = [other, bare, "{draws}", "squigglepy"]
    if (node := shutil.which("node")) and (Path(os.environ.get("SQUIGGLE", ".")) / "node_modules" / "@quri" / "squiggle-lang").exists():
        found["Squiggle"] = [node, "--max-old-space-size=8192", str(CONTENDERS / "squiggle.mjs"), "{draws}"]
    return found


def measured(command: list[str], case: str, draws: int, patience: float) -> dict[str, Any] | str:
    """What the contender reports, or why it does not."""
    try:
        done = subprocess.run(
            [part.format(draws=draws) for part in command], input=case, capture_output=True, text=True, timeout=patience, check=True
        )
    except subprocess.TimeoutExpired:
        return f"not done after {patience:g} s"
    except subprocess.CalledProcessError as error:
        return f"failed: {error.stderr.strip().splitlines()[-1] if error.stderr.strip() else error.returncode}"
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def side_by_side(most: int, patience: float) -> None:
    """The table: time, memory, the largest difference of a median from ours, and the ratio of the times."""
    case = json.dumps(plain(inputs()))
    known = commands()
    for peer in ("squigglepy", "Squiggle"):
        if peer not in known:
            print(f"{peer} is not installed here and is left out; see the top of this file.")
    for draws in (d for d in DRAWS if d <= most):
        print(f"\n{draws:,} draws x 5 options x 36 months")
        mine: Mapping[str, Any] = {}
        for name, command in known.items():
            report = measured(command, case, draws, patience)
            if isinstance(report, str):
                show(name, report)
                continue
            mine = mine or report
            apart = max(abs(median / mine["medians"][option] - 1) for option, median in report["medians"].items())
            speed = f"{report['seconds']:9.3f} s {report['seconds'] / mine['seconds']:9.2f} x ours"
            show(name, f"{speed}  {report['peak_mb']:6.0f} MB  medians within {apart:.2%}")


def sobol() -> None:
    """First-order indices of the gap between the two cheapest options: ours from 4,096 draws, SALib's from its own design."""
    if not importlib.util.find_spec("SALib"):
        print("\nSALib is not installed here and is left out; see the top of this file.")
        return
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as design

    one = inputs()
    found = information(one, one.options)
    assert found.rival is not None
    paths = [path for path in of_options(ranged(one), one.options) if path != "general.onboarding_weeks"]
    shapes = [triangle(f.amount.low, f.amount.likely, f.amount.high) for f in (one.facts[path] for path in paths)]
    problem = {"num_vars": len(paths), "names": paths, "bounds": [[0.0, 1.0]] * len(paths)}
    points = design.sample(problem, 8192, calc_second_order=False, seed=1)
    widths = [shape.most - shape.least for shape in shapes]
    peaks = [(shape.mode - shape.least) / width for shape, width in zip(shapes, widths, strict=True)]
    columns = {}
    for path, u, shape, width, peak in zip(paths, points.T, shapes, widths, peaks, strict=True):
        unit = np.where(u < peak, np.sqrt(u * peak), 1 - np.sqrt((1 - u) * (1 - peak)))
        columns[path] = shape.least + width * unit
    costs = all_costs(one.vary(columns), (found.best, found.rival))
    gap = np.asarray(costs[found.rival].total - costs[found.best].total)
    indices = analysis.analyze(problem, gap, calc_second_order=False, seed=1)
    mine = {worth.path: worth.variance_share for worth in found.inputs}
    print(f"\nFirst-order Sobol indices of {found.rival} less {found.best}: ours from 4,096 draws, SALib's from {len(points):,}")
    for path, index, error in sorted(zip(paths, indices["S1"], indices["S1_conf"], strict=True), key=lambda row: -row[1]):
        show(path, f"{mine[path]:7.3f}   SALib {index:7.3f} +- {error:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--most", type=int, default=DRAWS[-1], help="leave out longer runs")
    parser.add_argument("--patience", type=float, default=900, help="seconds to wait for one contender")
    parser.add_argument("--ours", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ours:
        json.dump(ours(given.ours), sys.stdout)
    else:
        side_by_side(given.most, given.patience)
        sobol()
