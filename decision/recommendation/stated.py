"""What was given, assumed and measured, limited to inputs that matter for the options considered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from decision.catalog import Option, Seller
from decision.catalog.options import FELT_BY_SOME
from decision.costs.labour import PEOPLE, felt_by_people
from decision.framework import Framework, Verdict
from decision.scenario import Fact, Inputs, paths


@dataclass(frozen=True, slots=True)
class InputLine:
    """An input that matters for the options considered, with its 10th and 90th percentile; no unit and no range where it is a choice."""

    path: str
    label: str
    value: float | str
    low: float | None
    high: float | None
    unit: str | None
    why: str
    basis: str | None = None
    """Of an estimate of work: measured, derived or assumed."""


_FELT_WHEN: dict[str, Callable[[Inputs, Iterable[Option]], bool]] = {  # inputs that no meter feels: of whoever sells the tokens, and of the team
    "batchable_share": lambda inputs, options: any(seller.batch for seller in _sellers(inputs, options)),
    "web_searches_per_session": lambda inputs, options: bool(_sellers(inputs, options)),
    "web_searches_per_active_hour": lambda inputs, options: bool(_sellers(inputs, options)),
    "typical_prompt_tokens": lambda inputs, _: any(name.endswith(".requests_per_active_hour") for name in inputs.facts) or _steps(inputs),
    "long_prompt_share": lambda inputs, options: bool(_sellers(inputs, options)) and _steps(inputs),
}


def _sellers(inputs: Inputs, options: Iterable[Option]) -> list[Seller]:
    return [seller for option in options if (seller := inputs.catalog.seller_of(option))]


def _steps(inputs: Inputs) -> bool:
    return any(inputs.catalog.models[model].steps for model in _models(inputs))


def _models(inputs: Inputs) -> set[str]:
    return {model for path in inputs.facts if (model := paths.parsed(path).model)}


def input_lines(framework: Framework, inputs: Inputs, found: Verdict) -> dict[str, tuple[InputLine, ...]]:
    """Inputs that matter for the options considered, by origin: answers first (path: what the question reads), then numbers."""
    options = [inputs.catalog.options[option_id] for option_id in inputs.options]
    lines: dict[str, list[InputLine]] = {"given": [], "assumed": [], "measured": []}
    for answer in found.answers.found.values():
        question = framework.question(answer.question)
        if answer.origin != "computed" and not question.is_number:
            lines[answer.origin].append(InputLine(question.reads, question.text, answer.label, None, None, None, answer.why))
    if (running_on := inputs.scenario.running_on) is not None:
        lines["given"].append(InputLine("running_on", "Runs already on", inputs.catalog.options[running_on].name, None, None, None, ""))
    meters = [meter for option in options for meter in option.meters]
    felt = felt_by_people(inputs, options) | {name for meter in meters for name in meter.felt()}
    where_said = {name for meter in meters for name in meter.feels_where_said}
    for fact in inputs.facts.values():
        if _matters(fact, inputs, options, felt if fact.origin == "assumed" else felt | where_said):
            amount = fact.amount
            label = inputs.driver_spec(fact.path).label
            lines[fact.origin].append(InputLine(fact.path, label, amount.likely, amount.low, amount.high, fact.spec.unit, fact.why, fact.basis))
    return {origin: tuple(found) for origin, found in lines.items()}


def _matters(fact: Fact, inputs: Inputs, options: Iterable[Option], felt: Collection[str]) -> bool:
    """Whether some option considered can feel an input. felt: figures of people.yaml, and quantities of the meters, that one of them feels."""
    parts = paths.parsed(fact.path)
    if parts.option:
        return any(option.id == parts.option for option in options)
    if fact.path.startswith(PEOPLE):
        return fact.path in felt
    name = fact.path if parts.price else parts.name
    if name == "peak_to_average" and f"{PEOPLE}fleet.growth_exponent" in felt:
        return True  # upkeep grows with the agents at the peak
    if name in FELT_BY_SOME:
        return name in felt
    return name not in _FELT_WHEN or _FELT_WHEN[name](inputs, options)
