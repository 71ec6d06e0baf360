"""Wall times of a callable, and the table that shows them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence

import numpy as np


def seconds(task: Callable[[], object], repeat: int) -> list[float]:
    """Wall time of each of `repeat` runs after one that warms the caches, in seconds."""
    task()
    gc.collect()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return times


def percentiles(times: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    p50, p95 = np.percentile(np.asarray(times) * 1e3, [50, 95])
    return f"{p50:9.1f} ms p50 {p95:9.1f} ms p95  ({len(times)} runs)"


def show(label: str, value: str) -> None:
    """One line of a table."""
    print(f"{label:<58} {value}", flush=True)
