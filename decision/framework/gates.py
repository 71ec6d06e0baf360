"""Gates: which options cannot be used, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decision.catalog import Option, Source, Value
from decision.catalog.framework import Choice, ChoiceGate, Framework, LimitGate, MachinesGate, ModelsGate, RegionGate, When
from decision.costs.use import ROUNDING
from decision.framework.measures import Case, makers, readings
from decision.words import listed, number


@dataclass(frozen=True, slots=True)
class GateHit:
    """Options that a gate removes for one and the same reason. reprices: relaxing it gives the option another price."""

    id: str
    removes: tuple[str, ...]
    because: str
    relax: str
    source: Source | None
    assumption: str | None = None
    reprices: bool = False


def gate_hits(framework: Framework, case: Case, answers: Mapping[str, str], options: Iterable[Option]) -> tuple[GateHit, ...]:
    """Every gate that removes some of these options, in the order of the file; a gate with different limits hits once for each limit."""
    options = tuple(options)
    hits: list[GateHit] = []
    for gate in framework.gates:
        match gate:
            case ModelsGate():
                hits += _models(gate, framework, case, options)
            case LimitGate():
                hits += _limit(gate, case, options)
            case ChoiceGate():
                hits += _choice(gate, framework, case, answers, options)
            case MachinesGate():
                hits += _machines(gate, framework, case, answers, options)
            case RegionGate():
                hits += _region(gate, framework, case, answers, options)
    return tuple(hits)


def _models(gate: ModelsGate, framework: Framework, case: Case, options: tuple[Option, ...]) -> Iterator[GateHit]:
    removed = tuple(option.id for option in options if option.hosts_models == gate.hosts)
    others = [case.inputs.catalog.model(model_id).name for model_id, maker in makers(case).items() if maker not in gate.makers]
    if removed and (others or case.inputs.scenario.constraints.models in gate.refused_when_stated):
        because = gate.because.format(models=listed(dict.fromkeys(others)) or gate.unnamed)
        yield GateHit(gate.id, removed, because, gate.relax, framework.sources[gate.source] if gate.source else None, gate.assumption)


def _limit(gate: LimitGate, case: Case, options: tuple[Option, ...]) -> Iterator[GateHit]:
    hits: dict[tuple[float, float], list[tuple[str, Source]]] = {}
    for option in options:
        for limit, source in _limits(gate.limit, option, case):
            value = case.busiest(gate.reads, option)
            if value is not None and is_exceeded(value, limit):
                hits.setdefault((float(value), limit), []).append((option.id, source))
    for (value, limit), hit in hits.items():
        because = gate.because.format(value=number(value), limit=number(limit))
        yield GateHit(gate.id, tuple(option_id for option_id, _ in hit), because, gate.relax, hit[0][1])


def is_exceeded(value: Value, limit: float) -> np.bool_ | npt.NDArray[np.bool_]:
    """Where a limit is exceeded; a hair of rounding is not an excess."""
    return np.greater(value, limit * (1 + ROUNDING))


def exceeding(framework: Framework, case: Case, option: Option) -> np.bool_ | npt.NDArray[np.bool_]:
    """Where an option exceeds one of its limits in some month: for each draw of a case whose inputs are drawn."""
    found: np.bool_ | npt.NDArray[np.bool_] = np.False_
    for gate in framework.gates:
        if isinstance(gate, LimitGate):
            for limit, _ in _limits(gate.limit, option, case):
                value = case.busiest(gate.reads, option)
                if value is not None:
                    found = found | is_exceeded(value, limit)
    return found


def _limits(name: str, option: Option, case: Case) -> Iterator[tuple[float, Source]]:
    """The limit of that name that holds for an option: of the plan that the team says, where that allows less than the option's own."""
    limits, found = option.limits_on(case.inputs.as_of), list[tuple[float, Source]]()
    if limits and (most := getattr(limits, name)) is not None:
        found.append((most, limits.source))
    wanted = case.inputs.scenario.overrides.of(option.id).plan
    for plan in option.planned.plans if option.planned and wanted else ():
        if plan.name == wanted and (most := getattr(plan, name, None)) is not None and plan.fees:
            price_id = plan.fees[-1]
            found.append((most, case.inputs.catalog.listed(price_id, case.inputs.as_of).source))
    yield from sorted(found, key=lambda each: each[0])[:1]


def _choice(gate: ChoiceGate, framework: Framework, case: Case, answers: Mapping[str, str], options: tuple[Option, ...]) -> Iterator[GateHit]:
    if not holds(gate.when, framework, case, answers):
        return
    removed = tuple(option.id for option in options if has_properties(option, gate.removes))
    if removed:
        yield GateHit(gate.id, removed, gate.because, gate.relax, framework.sources[gate.source] if gate.source else None, gate.assumption)


def _machines(gate: MachinesGate, framework: Framework, case: Case, answers: Mapping[str, str], options: tuple[Option, ...]) -> Iterator[GateHit]:
    if not holds(gate.when, framework, case, answers):
        return
    source = framework.sources[gate.source] if gate.source else None
    for option in options:
        said = case.inputs.scenario.overrides.of(option.id)
        rented = dict.fromkeys(meter.own_machine for meter in option.meters if meter.own_machine and getattr(said, meter.own_machine) is None)
        if rented:
            relax = gate.relax.format(fields=listed(f"overrides.options.{option.id}.{name}" for name in rented))
            yield GateHit(gate.id, (option.id,), gate.because, relax, source, gate.assumption, reprices=True)


def _region(gate: RegionGate, framework: Framework, case: Case, answers: Mapping[str, str], options: tuple[Option, ...]) -> Iterator[GateHit]:
    if not holds(gate.when, framework, case, answers):
        return
    catalog, refused = case.inputs.catalog, dict[str, tuple[str, ...]]()
    for option in options:
        seller = catalog.seller_of(option)
        names = listed(catalog.model(model_id).name for model_id in makers(case) if seller and seller.refuses(model_id, catalog.models))
        refused[names] = (*refused.get(names, ()), option.id)
    for names, removed in refused.items():
        if names:
            source = framework.sources[gate.source] if gate.source else None
            yield GateHit(gate.id, removed, gate.because.format(models=names), gate.relax, source, gate.assumption)


def has_properties(option: Option, properties: Mapping[str, tuple[Choice, ...]]) -> bool:
    """Whether each named property of the option has one of the values."""
    return all(getattr(option, name) in values for name, values in properties.items())


def holds(conditions: Iterable[When], framework: Framework, case: Case, answers: Mapping[str, str]) -> bool:
    """Whether all conditions hold. `reads` may name a question, whose answer is then compared."""
    return all(_holds(condition, framework, case, answers) for condition in conditions)


def _holds(condition: When, framework: Framework, case: Case, answers: Mapping[str, str]) -> bool:
    found = [answers.get(condition.reads)] if any(q.id == condition.reads for q in framework.questions) else readings(condition.reads, case)
    for value in found:
        if condition.is_:
            if value in condition.is_:
                return True
        elif isinstance(value, float) and framework.within(value, condition.from_, condition.below):
            return True
    return False
