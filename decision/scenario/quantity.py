"""A number as a person gives it: a point, a range, or a measurement.

    3                                   a point
    2 to 8                              a range whose most likely value is the middle
    {low: 2, likely: 3, high: 8}        10th percentile, most likely value, 90th percentile
    {measured: 3.1, n: 40, stderr: 0.2} from logs, with its sampling error

Anything else is refused with what is accepted: text, true and false, infinities, reversed ranges.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from decision.errors import nearest, shown

NORMAL_90 = 1.2815515655446004  # 90th percentile of the standard normal distribution

LONGEST_NUMBER = 100  # characters of a number or a range in words
_GROUPED = r"\d{1,3}(?:,\d{3})+"  # a comma parts thousands and nothing else: 1,5 could mean two things
_NUMBER = rf"([+-]?(?:(?:{_GROUPED}|\d+(?:_\d+)*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
_INTERVAL = re.compile(rf"{_NUMBER}\s*(?:to|\.\.|–|—)\s*{_NUMBER}")
_WITH_COMMAS = re.compile(rf"[+-]?{_GROUPED}(?:\.\d*)?")
_DIGITS_AND_COMMAS = re.compile(r"[-+\d.,_\s]*\d,\d[-+\d.,_\seEto–—]*")

_ACCEPTED = "Write a number, a range like 2 to 8, or leave the field out."

Origin = Literal["given", "measured", "assumed"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Three points of a quantity: 10th percentile, most likely value, 90th percentile. Equal for a point."""

    low: float
    likely: float
    high: float
    origin: Origin = "given"
    n: float | None = None
    stderr: float | None = None

    @classmethod
    def point(cls, value: float, origin: Origin = "given") -> Amount:
        """An amount that is known."""
        return cls(value, value, value, origin)

    @property
    def is_range(self) -> bool:
        """Whether the three points differ."""
        return self.low != self.high

    def plain(self) -> Any:
        """As it would stand in a scenario file; `read` gives the same Amount back."""
        if self.origin == "measured":
            return {"measured": self.likely} | {key: value for key, value in (("n", self.n), ("stderr", self.stderr)) if value is not None}
        if not self.is_range:
            return int(self.likely) if self.likely == int(self.likely) else self.likely
        return {"low": self.low, "likely": self.likely, "high": self.high}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(lambda amount: amount.plain())
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "number"}
        return {
            "anyOf": [
                number,
                {
                    "type": "string",
                    "pattern": rf"^\s*(?:{_INTERVAL.pattern}|{_WITH_COMMAS.pattern})\s*$",
                    "maxLength": LONGEST_NUMBER,
                    "examples": ["2 to 8"],
                },
                _object_schema({"low": number, "likely": number, "high": number}, ["low", "high"]),
                _object_schema({"measured": number, "n": number, "stderr": number}, ["measured"]),
            ]
        }


def _object_schema(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def read(value: Any) -> Amount:
    """The Amount that a person wrote. Raises ValueError with what is accepted."""
    if isinstance(value, Amount):
        return value
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{'nothing' if value is None else str(value).lower()} is not a number. {_ACCEPTED}")
    if isinstance(value, int | float):
        return Amount.point(_finite(value))
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, Mapping):
        return _from_mapping(value)
    raise ValueError(f"{shown(value, 40)} is not a number. {_ACCEPTED}")


def _from_text(text: str) -> Amount:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a text of {len(text):,} characters is not a number. {_ACCEPTED}")
    text = text.strip()
    if found := _INTERVAL.fullmatch(text):
        low, high = map(number_in, found.groups())
        return _ordered(low, (low + high) / 2, high)
    if re.fullmatch(_NUMBER, text) and not _WITH_COMMAS.fullmatch(text):  # YAML reads 12 as a number and 1,000 as text
        raise ValueError(f'"{shown(text, 40)}" is text. Write it as a number: no quotes.')
    return Amount.point(number_in(text))


def number_in(text: str, written: str = "") -> float:
    """The one number that a text holds, 12,000 and 12_000 included. Raises ValueError: 1,5 could mean two things, so it is refused everywhere.

    written: the text as a person wrote it, with its unit, which a complaint repeats.
    """
    text = text.strip()
    if len(text) <= LONGEST_NUMBER and re.fullmatch(_NUMBER, text):
        return _finite(float(text.replace(",", "").replace("_", "")))
    hint = " A comma separates thousands here: write 12.5 or 12,500." if _DIGITS_AND_COMMAS.fullmatch(text[:LONGEST_NUMBER]) else ""
    raise ValueError(f'"{shown(written or text, 40)}" is not a number.{hint} Write a number such as 12.5, or a range such as 2 to 8.')


def _from_mapping(value: Mapping[Any, Any]) -> Amount:
    keys = ("measured", "n", "stderr") if "measured" in value else ("low", "likely", "high")
    for key in value:
        if key not in keys:
            raise ValueError(
                f'unknown key "{shown(key, 40)}" in a number.{nearest(str(key), keys)} '
                "A range has low, likely, high; a measurement has measured, n, stderr."
            )
    numbers: dict[str, float] = {}
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ValueError(f"{key} is {shown(repr(str(number)), 40)}, which is not a number. Write digits.")
        numbers[key] = _finite(number)
    if "measured" in numbers:
        return _from_measurement(numbers["measured"], numbers.get("n"), numbers.get("stderr"))
    if "low" not in numbers or "high" not in numbers:
        raise ValueError("a range needs at least low and high (10th and 90th percentile), and may have likely. Add the missing one.")
    return _ordered(numbers["low"], numbers.get("likely", (numbers["low"] + numbers["high"]) / 2), numbers["high"])


def _from_measurement(value: float, n: float | None, stderr: float | None) -> Amount:
    if stderr is not None and stderr < 0:
        raise ValueError(f"stderr is {stderr:g}; a standard error is 0 or more. Correct it or leave it out.")
    if n is not None and n < 1:
        raise ValueError(f"n is {n:g}; a measurement needs at least one observation. Correct it or leave it out.")
    half = NORMAL_90 * (stderr or 0.0)
    return Amount(value - half, value, value + half, "measured", n, stderr)


def _ordered(low: float, likely: float, high: float) -> Amount:
    if not low <= likely <= high:
        raise ValueError(f"the range is reversed: low {low:g}, likely {likely:g}, high {high:g}. Order them low <= likely <= high.")
    return Amount(low, likely, high)


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:  # a whole number of more than 308 digits
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a finite number. Write a number, or leave the field out.")
    return number


@dataclass(frozen=True)
class Spec:
    """What a numeric field means: its label, unit, bounds, and whether only whole numbers make sense.

    Put into Annotated[Amount | None, Spec(...)]; the bounds hold for all three points of a range.
    """

    label: str
    unit: str
    at_least: float = 0.0
    at_most: float = 1e12
    whole: bool = False
    driver: bool = True  # whether break-even and flip points may vary it

    @property
    def counted(self) -> bool:
        """Whether it counts things, so that what changes at 3.125 is felt from 4 on. Half an agent can be given (one at half time), not met."""
        return self.whole or self.unit == "agents"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "title": self.label, "description": f"{self.label}, in {self.unit}; {self.at_least:g} to {self.at_most:g}."}

    def check(self, amount: Amount | None) -> Amount | None:
        """Refuse what is out of bounds. Sampling error may cross a bound; the draws stay inside it."""
        if amount is None:
            return None
        points = {"": amount.likely} if amount.origin == "measured" or not amount.is_range else _points(amount)
        for name, point in points.items():
            if not self.at_least <= point <= self.at_most:
                bound = f"at least {self.at_least:,.12g}" if point < self.at_least else f"at most {self.at_most:,.12g}"
                raise ValueError(f"{self.label}{name} is {point:,.12g}; it must be {bound} ({self.unit}).")
        if self.whole and not amount.is_range and amount.origin == "given" and amount.likely != int(amount.likely):
            raise ValueError(f"{self.label} is {amount.likely:g}; it must be a whole number of {self.unit}.")
        return amount


def _points(amount: Amount) -> dict[str, float]:
    return {" (low)": amount.low, " (likely)": amount.likely, " (high)": amount.high}
