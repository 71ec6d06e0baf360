"""The grammar of input paths, and nothing else.

    fleet.<group>.<name>                  a group's own number; <name> may have parts of its own, such as tokens_per_session.output
    fleet.<group>.model_mix.<model>       the share of a model in a group's mix
    options.<option>.<name>               an option's own number
    prices.<price>                        a price, whose id has dots too
    team.<name>, exit.<name>, general.<name>, <name>

A field of the fleet (fleet.<name>) is the same name in every group. `agents` stands for the size of the whole fleet.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

AGENTS = "agents"
SIZES = ("agents", "agents_in_12_months")
"""What a group's size is called: now, and in 12 months."""

_FLEET, _OPTIONS, _PRICES, _MIX = "fleet.", "options.", "prices.", "model_mix."

Known = TypeVar("Known")


def of_group(slug: str, name: str) -> str:
    """The path of a group's own number."""
    return f"{_FLEET}{slug}.{name}"


def of_model(slug: str, model_id: str) -> str:
    """The path of the share of a model in a group's mix."""
    return f"{_FLEET}{slug}.{_MIX}{model_id}"


def of_option(option_id: str, name: str) -> str:
    """The path of an option's own number."""
    return f"{_OPTIONS}{option_id}.{name}"


def of_price(price_id: str) -> str:
    """The path of a price."""
    return _PRICES + price_id


class Path(NamedTuple):
    """A path in its parts; those it has not are None. name: what the number is called by its owner."""

    name: str
    group: str | None = None
    model: str | None = None
    option: str | None = None
    price: str | None = None


@functools.lru_cache(maxsize=16_384)
def parsed(path: str) -> Path:
    """The parts of a path."""
    if path.startswith(_PRICES):
        price_id = path[len(_PRICES) :]
        return Path(price_id, price=price_id)
    if path.startswith(_FLEET):
        group, _, name = path[len(_FLEET) :].partition(".")
        return Path(name, group=group, model=name[len(_MIX) :] if name.startswith(_MIX) else None)
    if path.startswith(_OPTIONS):
        option_id, _, name = path[len(_OPTIONS) :].partition(".")
        return Path(name, option=option_id)
    return Path(path)


def own(values: Mapping[str, Known], slug: str) -> dict[str, Known]:
    """What stands under the paths of a group, by name."""
    start = f"{_FLEET}{slug}."
    return {path[len(start) :]: value for path, value in values.items() if path.startswith(start)}


def part(named: Mapping[str, Known], name: str) -> dict[str, Known]:
    """What stands under names with a first part in common (tokens_per_session, model_mix, ...), by the rest of the name."""
    start = f"{name}."
    return {path[len(start) :]: value for path, value in named.items() if path.startswith(start)}


def field_of_fleet(field: str) -> str | None:
    """The name that a field of the fleet has in every group; None for any other field."""
    return field[len(_FLEET) :] if field.startswith(_FLEET) else None


def in_a_session(name: str) -> bool:
    """Whether a group's own number counts things in one session, as names with per_session in them do."""
    return "per_session" in name


def ends_in(path: str, name: str) -> bool:
    """Whether `name` is a short name of the path: its last parts."""
    return path.endswith("." + name)


def short_names(path: str) -> tuple[str, ...]:
    """The path without its first part, and without its first two."""
    return path.split(".", 1)[-1], path.split(".", 2)[-1]


def last_part(path: str) -> str:
    """What comes after the last dot."""
    return path.rpartition(".")[2]
