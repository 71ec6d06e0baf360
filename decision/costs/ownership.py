"""Total cost of ownership: the monthly bills over the horizon, plus build, delay and expected exit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from decision.catalog import Value
from decision.costs.bill import Bill
from decision.costs.labour import MONTHS_PER_YEAR, WEEKS_PER_YEAR, build_weeks, exit_weeks, week_cost, weeks_to_production
from decision.costs.line_items import MACHINES, MODELS, PEOPLE
from decision.costs.use import grows
from decision.scenario import Inputs
from decision.words import shown_sum


@dataclass(frozen=True, slots=True)
class CostOfOwnership:
    """USD over the horizon, for one option. run: the discounted bills; the others are not discounted.

    The horizon counts months of service, the same for every option: what has to be built first comes before them. delay: what waiting for that
    service costs, at most what the service of the whole horizon is worth.

    exit: of this option, as far as it is to be expected. moving: leaving the option on which the agents run already, now and for certain.
    leaving: the expected exit that question 4 reads: `exit`, and what that would be where the agents run on this very option, which costs nothing
    to stay on.
    """

    option_id: str
    run: Value
    build: Value
    delay: Value
    exit: Value
    moving: Value
    leaving: Value
    build_weeks: Value
    exit_weeks: Value
    monthly: Value
    """USD of each distinct month: shape (months, 1 or n) while the fleet grows, else one value for all months."""

    @property
    def total(self) -> Value:
        """All five together."""
        return self.run + self.build + self.delay + self.exit + self.moving

    @property
    def shown_total(self) -> float:
        """The total as it is shown everywhere: whole USD, the sum of the parts as they are shown."""
        return shown_sum((self.run, self.build, self.delay, self.exit, self.moving), 0)


def owned(inputs: Inputs, bills: Bill, last: Bill, weights: npt.NDArray[np.float64]) -> CostOfOwnership:
    """Total cost of ownership of an option. bills: of months_of(inputs); last: of month 12; weights: month_weights(inputs).

    The fleet is the same from month 12 on, so only the months up to 12 are evaluated and the twelfth stands for the rest. What is built, and
    what has to be left, is the fleet of month 12. Whoever runs on the option already neither builds nor waits; whoever runs elsewhere leaves that.
    """
    option_id, monthly, running_on = bills.option.id, bills.total, inputs.scenario.running_on
    stays, weekly = option_id == running_on, week_cost(inputs)
    weeks = 0.0 if stays else build_weeks(inputs, option_id, last.crew, last.hosts)
    to_leave = exit_weeks(inputs, option_id, last.crew)
    leaving = inputs["exit.chance_of_leaving_in_horizon"] * to_leave * weekly
    return CostOfOwnership(
        option_id,
        run=_present_value(monthly, weights, inputs),
        build=weeks * weekly,
        delay=0.0 if stays else _delay(inputs, option_id, weeks),
        exit=0.0 if stays else leaving,
        moving=0.0 if stays or running_on is None else exit_weeks(inputs, running_on, last.crew) * weekly,
        leaving=leaving,
        build_weeks=weeks,
        exit_weeks=to_leave,
        monthly=monthly,
    )


def _delay(inputs: Inputs, option_id: str, weeks: Value) -> Value:
    """USD that waiting for service costs."""
    return np.minimum(weeks_to_production(inputs, option_id, weeks), weeks_of_service(inputs)) * inputs["value_per_week_in_production"]


class Split(NamedTuple):
    """What the months of an option cost over the horizon, by what is paid for; discounted USD."""

    models: Value
    machines: Value
    people: Value


def split(inputs: Inputs, bills: Bill, weights: npt.NDArray[np.float64]) -> Split:
    """The run of CostOfOwnership in its three parts. Arguments as for `owned`."""
    return Split(*(_present_value(bills.of(*of), weights, inputs) for of in (MODELS, MACHINES, PEOPLE)))


def weeks_of_service(inputs: Inputs) -> float:
    """Weeks in the horizon: 3 months are 13."""
    return inputs.scenario.horizon_months * WEEKS_PER_YEAR / MONTHS_PER_YEAR


def months_of(inputs: Inputs) -> Value:
    """The months that differ: 1 to 12 (or to a shorter horizon) as a column while the fleet grows, else just month 12."""
    if not grows(inputs):
        return 12.0
    return np.arange(1.0, min(inputs.scenario.horizon_months, 12) + 1)[:, np.newaxis]


def discount_factors(inputs: Inputs) -> npt.NDArray[np.float64]:
    """Present value of one dollar at the end of each month, shape (horizon, 1 or n): (1 + yearly rate) ** (-month / 12)."""
    each = np.atleast_1d((1.0 + np.asarray(inputs["discount_rate"])) ** (-1 / 12))
    return np.multiply.accumulate(np.broadcast_to(each, (inputs.scenario.horizon_months, each.size)), axis=0, dtype=np.float64)


def month_weights(inputs: Inputs) -> npt.NDArray[np.float64]:
    """How much each month of `months_of` counts over the horizon, shape (months, 1 or n).

    That is its discount factor, and for the last one also those of the months it stands for.
    """
    factors = discount_factors(inputs)
    months = np.size(months_of(inputs))
    return np.concatenate([factors[: months - 1], factors[months - 1 :].sum(axis=0, keepdims=True)])


def _present_value(monthly: Value, weights: npt.NDArray[np.float64], inputs: Inputs) -> Value:
    run: npt.NDArray[np.float64] = (np.broadcast_to(monthly, (len(weights), np.shape(monthly)[-1] if np.ndim(monthly) else 1)) * weights).sum(axis=0)
    return float(run[0]) if run.size == 1 and not inputs.has_arrays else run
