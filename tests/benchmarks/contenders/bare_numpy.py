"""The model of bench_outlook.py as a plain NumPy loop over the months: no price list, no line items, no sources.

Reads the case as JSON from standard input and writes time, peak memory and medians to standard output. Run with the argument `squigglepy` the
twelve ranges are sampled by squigglepy (its `dist @ n`), which then computes with NumPy arrays as well. Needs nothing of this project.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
OPTIONS = ("managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica")


def random_draws(ranges: Mapping[str, list[float]], draws: int) -> dict[str, Array]:
    """Triangular draws from NumPy's generator."""
    generator = np.random.default_rng(1)
    return {name: generator.triangular(*corners, draws) for name, corners in ranges.items()}


def squigglepy_draws(ranges: Mapping[str, list[float]], draws: int) -> dict[str, Array]:
    """Triangular draws from squigglepy."""
    import squigglepy  # an optional peer

    squigglepy.set_seed(1)
    return {name: np.asarray(squigglepy.triangular(*corners) @ draws) for name, corners in ranges.items()}


def monthly(c: Mapping[str, float], x: Mapping[str, Array], agents: Array) -> dict[str, Array]:
    """USD of one month for each option."""
    sessions = agents * c["sessions_per_month"]
    tokens = sessions * (c["input"] * c["input_price"] + x["cache_read"] * c["cache_read_price"] + x["output"] * c["output_price"]) / 1e6
    active = sessions * x["hours"]
    cpu = active * c["vcpu"] * x["cpu_busy_share"]
    resident = np.maximum(x["hours"], np.minimum(x["hours"] + c["idle_hours"], c["lifetime_hours"]))
    full = np.minimum(resident, x["hours"] + c["full_memory_hours"])
    reduced = full + (resident - full) * c["residual_memory_share"]
    people = x["engineer_cost"] / 12
    return {
        "managed-agents": tokens + active * c["session_price"] + x["managed_upkeep"] * people,
        "agentcore-v1": tokens + cpu * c["v1_cpu"] + sessions * resident * c["memory_gb"] * c["v1_memory"] + x["v1_upkeep"] * people,
        "agentcore-v2": tokens + cpu * c["v2_cpu"] + sessions * reduced * c["memory_gb"] * c["v2_memory"] + c["v2_upkeep"] * people,
        "vps": tokens + servers(c, agents, 0.0, 0.0) * c["server_price"] + x["vps_upkeep"] * people,
        "multica": tokens + servers(c, agents, c["control_ram"], c["control_cpu"]) * c["server_price"] + x["multica_upkeep"] * people,
    }


def servers(c: Mapping[str, float], agents: Array, control_ram: float, control_cpu: float) -> Array:
    """Servers that hold all agents."""
    by_memory = np.ceil((agents * c["ram_per_agent"] + control_ram) / c["server_ram"] - 1e-9)
    return np.maximum(by_memory, np.ceil((agents * c["cpu_per_agent"] + control_cpu) / c["server_cpu"] - 1e-9))


def totals(c: Mapping[str, float], x: Mapping[str, Array]) -> dict[str, Array]:
    """Total cost of ownership of each option over 36 months."""
    week = x["engineer_cost"] / 52
    builds = {**{option: c[f"{option} build"] for option in OPTIONS[:3]}, "vps": x["vps_build"], "multica": x["multica_build"]}
    total = {option: (builds[option] + c["leaving"] * c[f"{option} exit"]) * week for option in OPTIONS}
    for month in range(1, 37):
        agents = c["agents"] + (x["agents_later"] - c["agents"]) * ((min(month, 12) - 1) / 11)
        for option, cost in monthly(c, x, agents).items():
            total[option] = total[option] + cost
    return total


def result(case: Mapping[str, Any], draws: int, sampler: str) -> dict[str, Any]:
    """Seconds, peak memory in MB, medians and odds."""
    start = time.perf_counter()
    x = (squigglepy_draws if sampler == "squigglepy" else random_draws)(case["ranges"], draws)
    total = totals(case["constants"], x)
    table = np.array(list(total.values()))
    medians = np.median(table, axis=1)
    odds = np.mean(table == table.min(axis=0), axis=1)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "medians": dict(zip(OPTIONS, medians.tolist(), strict=True)),
        "odds": dict(zip(OPTIONS, odds.tolist(), strict=True)),
    }


if __name__ == "__main__":
    json.dump(result(json.load(sys.stdin), int(sys.argv[1]), sys.argv[2]), sys.stdout)
