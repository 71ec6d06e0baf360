"""Speed of the core: python -m tests.benchmarks.bench_core.

Import time beside the libraries it rests on; one recommendation; 4,096 draws x all options x 36 months; break-even sweeps; and
100,000 usage rows priced beside genai-prices. Times are of this machine in this run: compare columns, not runs.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable

import numpy as np

from decision.analysis.breakeven import Basis, costs_by, crossings
from decision.analysis.flips import flip_points
from decision.analysis.outlook import outlook
from decision.costs.bill import bill
from decision.costs.costs import Costs
from decision.errors import PriceMissing
from decision.loading import load
from decision.recommendation import recommend
from decision.scenario import DEFAULT_OPTIONS, Inputs, inputs_of, scenario_from
from tests.benchmarks.timing import percentiles, seconds, show
from tests.benchmarks.usage_rows import compare

DAY = dt.date(2026, 11, 20)
TWELVE_RANGES = {
    "name": "Twelve ranges",
    "horizon_months": 36,
    "discount_rate": "0 to 0.08",
    "fleet": [
        {
            "name": "agents",
            "agents": "2 to 8",
            "agents_in_12_months": "10 to 40",
            "sessions_per_day": "1 to 4",
            "active_hours_per_session": "1 to 8",
            "pauses_per_session": "0 to 3",
            "tokens_per_session": {
                "input": "20000 to 80000",
                "cache_read": "20000 to 200000",
                "output": "5000 to 30000",
                "cache_write_5m": 0,
                "cache_write_1h": 0,
            },
            "sandbox": {"vcpu": 1, "memory_gb": "1 to 4", "cpu_busy_share": "0.1 to 0.5"},
        }
    ],
    "team": {"engineer_cost_per_year": "120000 to 275000"},
    "exit": {"chance_of_leaving_in_horizon": "0.05 to 0.5"},
    "consider": ["all"],
}


def import_times() -> None:
    """Milliseconds from a fresh interpreter to the module, best of seven, beside what it is made of."""
    print("Import, best of 7 fresh interpreters")
    for module in ("numpy", "pydantic", "genai_prices", "streamlit", "decision", "decision.recommendation"):
        code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
        best = min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(7))
        show(module, f"{best * 1e3:9.1f} ms")


def priced(inputs: Inputs) -> tuple[str, ...]:
    """The options that can be priced that day; the others need a price nobody published."""
    found = []
    for option_id in inputs.options:
        try:
            bill(option_id, inputs)
        except PriceMissing:
            continue
        found.append(option_id)
    return tuple(found)


def engine() -> None:
    """Times of the main questions on one scenario."""
    catalog = load()
    few = inputs_of(scenario_from({**TWELVE_RANGES, "consider": list(DEFAULT_OPTIONS)}), catalog, DAY)
    all_of_them = inputs_of(scenario_from(TWELVE_RANGES), catalog, DAY)
    every = priced(all_of_them)
    agents = np.linspace(1.0, 200.0, 200)
    tasks: list[tuple[str, int, Callable[[], object]]] = [
        ("catalog: read and check data/ (once a process)", 5, load.__wrapped__),
        (f"bills of {len(every)} options", 30, lambda: [bill(option_id, all_of_them) for option_id in every]),
        ("recommendation, 5 options", 10, lambda: recommend(few)),
        (f"recommendation, {len(every)} options", 5, lambda: recommend(all_of_them)),
        ("outlook: 4,096 draws x 5 options x 36 months", 20, lambda: outlook(few, few.options)),
        (f"outlook: 4,096 draws x {len(every)} options x 36 months", 10, lambda: outlook(all_of_them, every)),
        (f"200-point line over agents, {len(every)} options, runtime", 20, lambda: costs_by(all_of_them, every, "agents", agents, Basis.RUNTIME)),
        (f"200-point line over agents, {len(every)} options, total", 20, lambda: costs_by(all_of_them, every, "agents", agents, Basis.TOTAL)),
        (f"every crossing over agents, {len(every)} options, total", 10, lambda: crossings(all_of_them, every, "agents")),
        ("flip points of 5 options over all inputs", 5, lambda: flip_points(Costs(few), few.options)),
    ]
    print(f"\nOne scenario, twelve ranges, 36 months; {len(every)} of {len(all_of_them.options)} options have all their prices on {DAY}")
    for label, repeat, task in tasks:
        show(label, percentiles(seconds(task, repeat)))


if __name__ == "__main__":
    import_times()
    engine()
    compare(load())
