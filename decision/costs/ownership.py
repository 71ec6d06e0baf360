"""Total cost of ownership: the monthly bills over the horizon, plus build, delay and expected exit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.catalog import Prices, Value
from decision.costs.bill import Bill, bill
from decision.costs.labour import build_weeks, exit_weeks, week_cost, weeks_to_production
from decision.costs.use import Use, grows, uses
from decision.scenario import Inputs


@dataclass(frozen=True, slots=True)
class CostOfOwnership:
    """USD over the horizon, for one option. run: the discounted bills; the other three are not discounted."""

    option_id: str
    run: Value
    build: Value
    delay: Value
    exit: Value
    monthly: Value
    """USD of each distinct month: shape (months, 1 or n) while the fleet grows, else one value for all months."""

    @property
    def total(self) -> Value:
        """run + build + delay + exit."""
        return self.run + self.build + self.delay + self.exit


def ownership(option_id: str, inputs: Inputs, prices: Prices | None = None, use: tuple[Use, ...] | None = None) -> CostOfOwnership:
    """Total cost of ownership of an option. Raises what `bill` raises.

    The fleet is the same from month 12 on, so only the months up to 12 are evaluated and the twelfth stands for the rest.
    use: uses(inputs, months_of(inputs)), to share between options.
    """
    months = months_of(inputs)
    monthly = bill(option_id, inputs, months, prices, use).total
    leaving = inputs["exit.chance_of_leaving_in_horizon"]
    return CostOfOwnership(
        option_id,
        run=_present_value(monthly, inputs),
        build=build_weeks(inputs, option_id) * week_cost(inputs),
        delay=weeks_to_production(inputs, option_id) * inputs["value_per_week_in_production"],
        exit=leaving * exit_weeks(inputs, option_id) * week_cost(inputs),
        monthly=monthly,
    )


def months_of(inputs: Inputs) -> Value:
    """The months that differ: 1 to 12 (or to a shorter horizon) as a column while the fleet grows, else just month 12."""
    if not grows(inputs):
        return 12.0
    return np.arange(1.0, min(inputs.scenario.horizon_months, 12) + 1)[:, np.newaxis]


def discount_factors(inputs: Inputs) -> npt.NDArray[np.float64]:
    """Present value of one dollar at the end of each month, shape (horizon, 1 or n): (1 + yearly rate) ** (-month / 12)."""
    month = np.arange(1.0, inputs.scenario.horizon_months + 1)[:, np.newaxis]
    factors: npt.NDArray[np.float64] = (1.0 + np.asarray(inputs["discount_rate"])) ** (-month / 12.0)
    return factors


def _present_value(monthly: Value, inputs: Inputs) -> Value:
    rate = inputs["discount_rate"]
    undiscounted = np.ndim(rate) == 0 and rate == 0
    if not grows(inputs):
        factor = float(inputs.scenario.horizon_months) if undiscounted else discount_factors(inputs).sum(axis=0)
        run = monthly * factor
    else:
        weights = np.ones((inputs.scenario.horizon_months, 1)) if undiscounted else discount_factors(inputs)
        months = min(len(weights), 12)
        by_month = np.broadcast_to(monthly, (months, np.shape(monthly)[-1] if np.ndim(monthly) else 1))
        run = (by_month * weights[:months]).sum(axis=0) + by_month[-1] * weights[months:].sum(axis=0)
    return float(np.reshape(run, ())) if np.size(run) == 1 and not inputs_are_arrays(inputs) else run


def inputs_are_arrays(inputs: Inputs) -> bool:
    """Whether any input is an array, so that results keep the array axis."""
    return any(np.ndim(value) for value in inputs.values.values())


def all_costs(inputs: Inputs, option_ids: tuple[str, ...]) -> dict[str, CostOfOwnership]:
    """Total cost of ownership of several options, the month's use and the price list computed once."""
    prices, use = inputs.prices(), uses(inputs, months_of(inputs))
    return {option_id: ownership(option_id, inputs, prices, use) for option_id in option_ids}


__all__ = ["Bill", "CostOfOwnership", "all_costs", "discount_factors", "months_of", "ownership"]
