"""Which options are still open: those that have a price and that no gate removes, for the whole fleet or for each of its groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from decision.analysis.portfolio import only
from decision.costs.costs import Costed, Costs, Priced
from decision.framework import Case, GateHit, answers, gate_hits
from decision.scenario import Inputs


def gates(costs: Costs, option_ids: Iterable[str]) -> tuple[GateHit, ...]:
    """The gates that remove some of these options."""
    catalog, case = costs.inputs.catalog, Case(costs)
    framework = catalog.framework
    return gate_hits(framework, case, answers(framework, case).classes, [catalog.option(option_id) for option_id in option_ids])


def still_open(costs: Costs, option_ids: Iterable[str], hits: Iterable[GateHit]) -> Priced[Costed]:
    """Those of the options that have a price and that none of the gates removes, and why the others are left out."""
    found = costs.priced(option_ids)
    removed = {option_id: hit.because for hit in hits for option_id in hit.removes if option_id in found.costs}
    return Priced({i: costed for i, costed in found.costs.items() if i not in removed}, {**found.left_out, **removed})


def allowed(inputs: Inputs, option_ids: Sequence[str]) -> dict[str, list[str]]:
    """Group name -> those of the options that no gate removes when the group is the whole fleet."""
    found = {}
    for group in inputs.scenario.fleet:
        removed = {option_id for hit in gates(Costs(only(inputs, (group.name,))), option_ids) for option_id in hit.removes}
        found[group.name] = [option_id for option_id in option_ids if option_id not in removed]
    return found
