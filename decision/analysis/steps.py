"""What jumps where a cost steps: the line of a bill that changes most from one side of a crossing to the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decision.analysis.breakeven import Crossing
from decision.costs.bill import bill
from decision.costs.line_items import Category, LineItem
from decision.scenario import Inputs

BESIDE = 1e-6  # how far from a step its two sides are looked at, as a share of the range; a search finds a step to 2e-7 of it
CENT = 0.005  # USD; a smaller jump is none


@dataclass(frozen=True, slots=True)
class Step:
    """A line of an option's month-12 bill on both sides of a step; None on the side where there is no such line."""

    option: str
    before: LineItem | None
    after: LineItem | None

    @property
    def size(self) -> float:
        """USD a month by which the line differs, never negative."""
        return abs((float(self.after.cost) if self.after else 0.0) - (float(self.before.cost) if self.before else 0.0))

    @property
    def line(self) -> LineItem:
        """The line as it is from the step on, or as it was where it ends."""
        line = self.after or self.before
        assert line is not None  # one of the two sides has it
        return line

    @property
    def servers(self) -> bool:
        """Whether servers change in number or plan, rather than a line that starts, ends or jumps."""
        return self.before is not None and self.after is not None and self.line.category is Category.SERVERS


def step_at(inputs: Inputs, driver: str, crossing: Crossing, span: float) -> Step | None:
    """The largest step of the two options' lines at a crossing; None where two lines meet, or where nothing of a cent changes in month 12.

    span: of the range that was searched. Raises what `bill` raises.
    """
    if not crossing.step:
        return None
    spec = inputs.driver_spec(driver)
    ends = (max(crossing.at - span * BESIDE, spec.at_least), min(crossing.at + span * BESIDE, spec.at_most))
    sides = [inputs.vary({driver: end}) for end in ends]
    steps = [step for option_id in (crossing.before, crossing.after) for step in _steps(option_id, *sides)]
    largest = max(steps, key=lambda step: step.size, default=None)
    return largest if largest and largest.size > CENT else None


def _steps(option_id: str, below: Inputs, above: Inputs) -> Iterator[Step]:
    """Each line of an option's bill, paired over the two sides; a server line is the same line whatever its plan."""
    before, after = (
        {(item.category, item.group, item.label.partition(":")[0]): item for item in bill(option_id, side).items} for side in (below, above)
    )
    for line in dict.fromkeys((*before, *after)):
        yield Step(option_id, before.get(line), after.get(line))
