"""Inputs that data files name: every blank has an estimate inside its bounds, and every name is that of an input.

Each check takes the catalog and yields one sentence for each problem: file, key, the nearest word that is known, and what to do.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from decision.catalog import Catalog, Estimate
from decision.errors import nearest
from decision.scenario.facts import FOLLOW, GENERAL, OF_WORK
from decision.scenario.inputs import PER_OPTION
from decision.scenario.model import DEFAULT_OPTIONS, Exit, Group, PerSession, Sandbox, Scenario, Server, Team, Tokens
from decision.scenario.quantity import Spec

WITHOUT = frozenset(f"fleet.{name}" for name in (*FOLLOW, *OF_WORK))
"""Inputs that have no estimate: they stand where another one does when they are left blank, or token_rates.yaml has their rates."""


@functools.cache
def estimated() -> Mapping[str, Spec]:
    """What a blank of a scenario takes, by its name in estimates.yaml, with the meaning and bounds of the input."""
    group = Group()
    parts = (("fleet.", group), ("fleet.sandbox.", Sandbox()), ("fleet.per_session.", PerSession()),
             ("exit.", Exit()), ("", Scenario(fleet=(group,))))  # fmt: skip
    found = {prefix + name: spec for prefix, part in parts for name, spec, _ in part.amounts() if prefix + name not in WITHOUT}
    return {**found, "fleet.peak_to_average_bursty": found["fleet.peak_to_average"], **GENERAL}


def estimates_are_of_inputs(catalog: Catalog) -> Iterator[str]:
    """estimates.yaml holds what every blank takes, and nothing else."""
    known, place = estimated(), "estimates.yaml: scenario"
    for name in catalog.estimates.scenario:
        if name not in known:
            yield f"{place}.{name}: no input of this name takes an estimate.{nearest(name, known)} Correct the name or remove it."
    if missing := [name for name in known if name not in catalog.estimates.scenario]:
        yield f"{place}: {', '.join(missing)} missing. Add an estimate of each, with a source or an assumption."


def estimates_lie_within_bounds(catalog: Catalog) -> Iterator[str]:
    """What a blank takes is something that a person could have written there."""
    for name, estimate in catalog.estimates.scenario.items():
        if name in estimated():
            yield from _out_of_bounds(f"estimates.yaml: scenario.{name}", estimate, estimated()[name])


def option_estimates_lie_within_bounds(catalog: Catalog) -> Iterator[str]:
    """The same for the estimates of options."""
    for option_id, option in catalog.options.items():
        for name, estimate in option.estimates.items():
            if name in PER_OPTION:
                yield from _out_of_bounds(f"options/{option_id}.yaml: estimates.{name}", estimate, PER_OPTION[name])


def _out_of_bounds(place: str, estimate: Estimate, spec: Spec) -> Iterator[str]:
    for point in ("low", "likely", "high"):
        value = getattr(estimate, point)
        if value is not None and not spec.at_least <= value <= spec.at_most:
            yield f"{place}.{point}: {value:g} is not between {spec.at_least:g} and {spec.at_most:g} {spec.unit}. Correct it."


def searches_are_of_inputs(catalog: Catalog) -> Iterator[str]:
    """analysis.yaml names inputs by the last part of their path; shares have their own limit."""
    specs = {name.rsplit(".", 1)[-1]: spec for name, spec in estimated().items() if spec.driver} | PER_OPTION
    specs |= {name: spec for name, spec, _ in (*Group().amounts(), *Tokens().amounts(), *Team().amounts(), *_SERVER)}
    known = {name for name, spec in specs.items() if spec.at_most != 1} - {"peak_to_average_bursty"}
    for name in catalog.search.up_to:
        if name in specs and name not in known:
            yield f"analysis.yaml: search.up_to.{name}: this is a share, and shares are searched up to shares_up_to. Remove it."
        elif name not in known:
            yield f"analysis.yaml: search.up_to.{name}: no input has this name.{nearest(name, known)} Correct the name or remove it."


_SERVER = [(name, meta, None) for name, info in Server.model_fields.items() for meta in info.metadata if isinstance(meta, Spec)]


def usual_options_exist(catalog: Catalog) -> Iterator[str]:
    """A scenario that names no options considers the usual five."""
    for option_id in DEFAULT_OPTIONS:
        if option_id not in catalog.options:
            yield f"options/{option_id}.yaml: no such file, and a scenario that names no options considers it. Add it again."
