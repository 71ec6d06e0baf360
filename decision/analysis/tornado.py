"""Tornado: which range moves the difference between two options most.

tornado(inputs, "managed-agents", "vps").swings[0].label
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decision.analysis.draws import Array, ends, of_options, ranged
from decision.catalog import Value
from decision.costs.costs import all_costs
from decision.errors import BadInput
from decision.scenario import Inputs


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does to the difference when it goes from its low to its high and the others stay at their most likely value."""

    path: str
    label: str
    unit: str
    low: float
    high: float
    at_low: float
    """USD over the horizon: the option less the rival, with the input at its low."""
    at_high: float

    @property
    def width(self) -> float:
        """USD over the horizon by which the difference moves."""
        return abs(self.at_high - self.at_low)

    @property
    def turns(self) -> bool:
        """Whether one end of the range favours the option and the other its rival."""
        return min(self.at_low, self.at_high) < 0 < max(self.at_low, self.at_high)


@dataclass(frozen=True)
class Tornado:
    """Swings of the total cost of ownership of `option` less that of `rival`, widest first."""

    option: str
    rival: str
    now: float
    """USD over the horizon with every input at its most likely value; negative where the option is cheaper."""
    swings: tuple[Swing, ...]


def tornado(inputs: Inputs, option: str, rival: str) -> Tornado:
    """The swing of each ranged input of these two options, from one evaluation of 1 + 2 x inputs points.

    Raises what `bill` raises, and BadInput when one end of a range leaves an option without a server large enough.
    """
    paths = of_options(inputs, ranged(inputs), (option, rival))
    limits = [ends(inputs.facts[path].amount, inputs.facts[path].spec) for path in paths]
    changes: dict[str, Value] = {}
    for i, (path, limit) in enumerate(zip(paths, limits, strict=True)):
        values: Array = np.full(1 + 2 * len(paths), inputs.values[path])
        values[1 + 2 * i : 3 + 2 * i] = limit
        changes[path] = values
    costs = all_costs(inputs.vary(changes), (option, rival))
    for option_id, cost in costs.items():
        if not np.all(np.isfinite(cost.total)):
            raise BadInput(
                f"{option_id}: at one end of a range no server has room for one agent. "
                f"Lower the high end of overrides.options.{option_id}.ram_per_agent_gb, or give a larger server."
            )
    gaps = np.broadcast_to(np.asarray(costs[option].total - costs[rival].total), (1 + 2 * len(paths),)).tolist()
    swings = []
    for i, (path, (low, high)) in enumerate(zip(paths, limits, strict=True)):
        spec = inputs.driver_spec(path)
        swings.append(Swing(path, spec.label, spec.unit, low, high, gaps[1 + 2 * i], gaps[2 + 2 * i]))
    return Tornado(option, rival, gaps[0], tuple(sorted(swings, key=lambda swing: (-swing.width, swing.path))))
