"""A line of a bill: quantity x list unit price = cost, with its working and its source."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from decision.catalog import Option, PriceInForce, Prices, Source, Value
from decision.costs.use import Use
from decision.scenario import Inputs, OptionOverrides, paths

_ONE_OF_MANY = re.compile(r"(?<![\d.,])1 (active |resident |open )?(agent|session|day|hour|minute|token|node|search|call)(?:e?s)\b")


class Category(enum.StrEnum):
    """Charge categories of a bill."""

    TOKENS = "tokens"
    RUNTIME = "runtime"
    SERVERS = "servers"
    TOOLS = "tools"
    SERVICES = "services"
    UPKEEP = "upkeep"


MODELS = (Category.TOKENS, Category.TOOLS)
MACHINES = (Category.RUNTIME, Category.SERVERS, Category.SERVICES)
PEOPLE = (Category.UPKEEP,)
"""What is paid for: the models that think, the machines and services they work on, the people who keep it running."""


class LineItem(NamedTuple):
    """One charge of one month. A tuple, since an evaluation makes hundreds of them.

    quantity: in the price's pricing unit, any shape. cost: quantity x price, in USD.
    working: how the quantity comes about, with {names} that `terms` fills in when it is shown.
    """

    label: str
    category: Category
    group: str | None
    quantity: Value
    price: PriceInForce
    working: str
    terms: Mapping[str, Value] = MappingProxyType({})
    assumed: bool = False

    @property
    def cost(self) -> Value:
        """USD per month."""
        return self.quantity * self.price.amount

    def explained(self) -> str:
        """The working in words and numbers; the mean is shown where a term is an array."""
        words = self.working.format(**{name: _digits(float(np.mean(value))) for name, value in self.terms.items()})
        return _ONE_OF_MANY.sub(r"1 \1\2", words)


def _digits(value: float) -> str:
    """Six significant digits, large numbers in whole units: a bill has no powers of ten."""
    return f"{value:,.6g}" if abs(value) < 100_000 else f"{round(value):,}"


@dataclass(frozen=True, slots=True)
class Billing:
    """What every meter sees: the option, the inputs, the month's use per group, and the price list."""

    option: Option
    inputs: Inputs
    uses: tuple[Use, ...]
    prices: Prices
    said: OptionOverrides
    """What the team says of the option itself."""

    def own(self, name: str) -> Value:
        """The option's own number: an override of the scenario, or the estimate."""
        return self.inputs.option_value(self.option.id, name)

    def own_price(self, name: str) -> PriceInForce:
        """What something of the team's own costs a month, as the scenario gives it."""
        source, day = Source(title="Given in the scenario", kind="given", retrieved=self.inputs.as_of), self.inputs.as_of
        return PriceInForce(paths.of_option(self.option.id, name), self.own(name), "Months", source, day, negotiated=True)

    def assumes(self, *names: str) -> bool:
        """Whether any of these numbers of the option is an estimate and not the team's own word."""
        return any(paths.of_option(self.option.id, name) in self.inputs.assumed for name in names)
