"""What data/framework.yaml names must exist and be comparable, so that no gate, signal or sentence stays silent for a misspelling.

Each check takes the catalog and yields one sentence for each problem. That the flow decides is shown in proof.py.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

from decision.catalog import Catalog, Option
from decision.catalog.framework import Choice, ChoiceGate, Framework, LimitGate, MachinesGate, ModelsGate, Question, RegionGate, When
from decision.catalog.options import Limits
from decision.catalog.sellers import NOBODY
from decision.errors import nearest
from decision.framework.gates import has_properties
from decision.framework.measures import FIELDS, MEASURES
from decision.scenario import ENGINEER_COST, Amount
from decision.scenario.checks import WITHOUT, estimated
from decision.scenario.model import Group, Scenario

CLOSE_CALL_SHARE, CLOSE_CALL_USD, CLEAR_ODDS = "close_call_share", "close_call_usd_per_month", "clear_odds"
CLOSE_CALL_LARGE_SHARE, INDIFFERENT_USD = "close_call_large_share", "indifferent_usd_per_month"
MATERIALITY_SHARE, MATERIALITY_USD, ODDS_DRAWS = "materiality_share", "materiality_usd_per_month", "odds_draws"
REVISIT_COST_RISE, REVISIT_MONTHS, STALE_DAYS = "revisit_cost_rise", "revisit_months", "stale_days"
NEEDED_THRESHOLDS = (
    CLOSE_CALL_SHARE, CLOSE_CALL_USD, CLOSE_CALL_LARGE_SHARE, INDIFFERENT_USD, CLEAR_ODDS, MATERIALITY_SHARE, MATERIALITY_USD, ODDS_DRAWS,
    REVISIT_COST_RISE, REVISIT_MONTHS, STALE_DAYS,
)  # fmt: skip
OWN_EXIT = "exit_to_yearly_cost"  # the measure behind question 4, computed again for the option recommended

Named = tuple[str, Choice, Iterable[Choice], str]  # place, name, known names, what it should be


def framework_names_what_exists(catalog: Catalog) -> Iterator[str]:
    """Sources, thresholds, questions, classes, limits and values that the file names are there, and no id stands twice."""
    framework = catalog.framework
    yield from _in_file(unknown(_evidence_names(framework)))
    yield from _in_file(unknown(_condition_names(framework)))
    yield from _in_file(unknown(_gate_names(framework)))
    yield from _in_file(_twice(framework))
    yield from _in_file(_comparisons(framework))


def framework_uses_what_it_gives(catalog: Catalog) -> Iterator[str]:
    """A threshold or a source that nothing reads is a misspelling somewhere else, or dead."""
    framework = catalog.framework
    read = {*NEEDED_THRESHOLDS, *_threshold_names(framework)}
    for name in framework.thresholds:
        if name not in read:
            yield f"framework.yaml: thresholds.{name}: nothing reads it. Name it under from or below, or remove it."
    cited = {source for _, source in _cited(framework)}
    for name in framework.sources:
        if name not in cited:
            yield f"framework.yaml: sources.{name}: nothing names it. Name it as a source, or remove it."


def framework_fits_the_options(catalog: Catalog) -> Iterator[str]:
    """Options, properties, families and limits that the file names are those of some option, so that each gate can remove something."""
    framework, options = catalog.framework, tuple(catalog.options.values())
    yield from _in_file(unknown([("reference_option", framework.reference_option, catalog.options, "option")]))
    for place, wanted in _properties(framework):
        known = {name: values_of(name, catalog) for name in wanted}
        wrong = [(f"{place}.{name}", value, known[name], f"value of {name}") for name, values in wanted.items() for value in values]
        yield from _in_file(unknown(name for name in wrong if name[2]))
        if all(value in values for _, value, values, _ in wrong) and not any(has_properties(option, wanted) for option in options):
            yield f"framework.yaml: {place}: no option has these properties, so this never happens. Correct a value, or remove it."
    for outcome_id, outcome in framework.outcomes.items():
        for family in (*outcome.families, *outcome.otherwise):
            if family not in framework.families:
                yield f"framework.yaml: families.{family}: missing, and outcomes.{outcome_id} names it. Say what it is called in a sentence."
            if all(option.family != family for option in options):
                yield f"framework.yaml: outcomes.{outcome_id}.families: no option is of the family {family}. Add one, or leave the family out."
    for gate in framework.gates:
        if isinstance(gate, LimitGate) and gate.limit in LIMITS and not any(getattr(row, gate.limit) for option in options for row in option.limits):
            yield f"framework.yaml: gates.{gate.id}.limit: no option has a limit {gate.limit}, so it removes nothing. Correct it."
        if isinstance(gate, ModelsGate) and all(option.hosts_models != gate.hosts for option in options):
            yield f"framework.yaml: gates.{gate.id}.hosts: no option hosts {gate.hosts}, so it removes nothing. Correct it."


def framework_makers_are_known(catalog: Catalog) -> Iterator[str]:
    """The makers whose models a runtime hosts have models in data/prices/."""
    makers = {model.maker for model in catalog.models.values()}
    gates = [gate for gate in catalog.framework.gates if isinstance(gate, ModelsGate)]
    yield from _in_file(unknown((f"gates.{gate.id}.makers", maker, makers, "maker of models") for gate in gates for maker in gate.makers))


def _in_file(problems: Iterable[str]) -> Iterator[str]:
    yield from (f"framework.yaml: {problem}" for problem in problems)


def unknown(names: Iterable[Named]) -> Iterator[str]:
    """A sentence for each name that is not among the known ones."""
    for place, name, known, what in names:
        if name not in (known := list(known)):
            words = [_word(value) for value in known]
            alike = f" Write {_word(name)} without quotes." if _word(name) in words else nearest(_word(name), words)
            hint = alike or f" Known: {', '.join(sorted(words)[:12])}."
            yield f'{place}: "{_word(name)}" is not a known {what}.{hint}'


def _word(value: Choice) -> str:
    return str(value).lower() if isinstance(value, bool) else value


# -- what can be compared ----------------------------------------------------------------------------------

Kind = Literal["number"] | tuple[Choice, ...]
LIMITS = tuple(name for name in Limits.model_fields if name not in ("effective_from", "source"))


@functools.cache
def comparable() -> Mapping[str, Kind]:
    """What may be read, and how it is compared: as a number, or with the values it can take. A name or a list is not among them."""
    found: dict[str, Kind] = {name: measure.choices or "number" for name, measure in MEASURES.items()}
    for field in FIELDS:
        if kind := _kind(field):
            found[field] = kind
    return found


def _kind(field: str) -> Kind | None:
    shape: Any = Scenario
    for name in field.split("."):
        if name not in getattr(shape, "model_fields", {}):
            return None
        shape = Group if name == "fleet" else shape.model_fields[name].annotation
    members = [_plain(member) for member in (typing.get_args(shape) if typing.get_origin(shape) in (typing.Union, types.UnionType) else (shape,))]
    if Amount in members or int in members:
        return "number"
    values = [value for member in members if typing.get_origin(member) is Literal for value in typing.get_args(member)]
    return tuple(value for value in values if isinstance(value, str)) or ((True, False) if bool in members else None)


def _plain(shape: Any) -> Any:
    return typing.get_args(shape)[0] if typing.get_origin(shape) is typing.Annotated else shape


def choices_of(reads: str) -> tuple[Choice, ...]:
    """The values that a measure or a field of the scenario can take; () where it is a number."""
    kind = comparable().get(reads, "number")
    return () if kind == "number" else kind


def may_be_blank(reads: str) -> bool:
    """Whether there may be no answer: nobody said it and nothing estimates it, or a ratio has nothing to divide by."""
    if reads in MEASURES:
        return MEASURES[reads].may_be_none
    part: Any = Group if reads.startswith("fleet.") else Scenario
    *path, last = reads.removeprefix("fleet.").split(".")
    for name in path:
        part = part.model_fields[name].annotation
    found = reads in estimated() or reads in WITHOUT or reads == ENGINEER_COST  # what the country's engineers cost, where nobody says
    return part.model_fields[last].default is None and not found


def values_of(name: str, catalog: Catalog) -> tuple[Choice, ...]:
    """The values that a property of an option can take; () where it is none that can be compared."""
    if name == "id":
        return tuple(catalog.options)
    if name == "sold_by":
        return (*catalog.sellers, NOBODY)
    return properties().get(name, ())


@functools.cache
def properties() -> Mapping[str, tuple[Choice, ...]]:
    """Properties of an option that can be compared: those with a list of values, its id and its seller."""
    found: dict[str, tuple[Choice, ...]] = {"id": (), "sold_by": ()}
    for name, info in Option.model_fields.items():
        if typing.get_origin(info.annotation) is Literal:
            found[name] = typing.get_args(info.annotation)
        elif info.annotation is bool:
            found[name] = (True, False)
    return found


# -- names -------------------------------------------------------------------------------------------------


def _evidence_names(framework: Framework) -> Iterator[Named]:
    for place, source in _cited(framework):
        yield f"{place}.source", source, framework.sources, "source of this file"


def _cited(framework: Framework) -> Iterator[tuple[str, str]]:
    cited = [(f"thresholds.{name}", threshold.source) for name, threshold in framework.thresholds.items()]
    cited += [(f"questions.{question.id}", question.source) for question in framework.questions]
    cited += [(f"gates.{gate.id}", gate.source) for gate in framework.gates if not isinstance(gate, LimitGate)]
    yield from ((place, source) for place, source in cited if source is not None)


def conditions(framework: Framework) -> Iterator[tuple[str, tuple[When, ...]]]:
    """Everything that holds or not, with its place."""
    yield from ((f"gates.{gate.id}", gate.when) for gate in framework.gates if isinstance(gate, ChoiceGate | MachinesGate | RegionGate))
    yield from ((f"signals.{signal.id}", signal.when) for signal in framework.signals)
    yield from ((f"conditions.{condition.id}", condition.when) for condition in framework.conditions)
    yield from ((f"warnings.{warning.id}", warning.when) for warning in framework.warnings)


def bounds(place: str, low: str | None, high: str | None, framework: Framework) -> Iterator[Named]:
    """The thresholds named as ends of a stretch of numbers."""
    for key, name in (("from", low), ("below", high)):
        if name is not None:
            yield f"{place}.{key}", name, framework.thresholds, "threshold"


def _condition_names(framework: Framework) -> Iterator[Named]:
    questions = {question.id: tuple(c.id for c in question.classes) for question in framework.questions}
    for place, whens in conditions(framework):
        for when in whens:
            yield f"{place}.when.reads", when.reads, (*questions, *comparable()), "question, quantity or field of the scenario"
            yield from bounds(f"{place}.when", when.from_, when.below, framework)
            if known := questions.get(when.reads) or choices_of(when.reads):
                yield from ((f"{place}.when.is", value, known, f"value of {when.reads}") for value in when.is_)


def _gate_names(framework: Framework) -> Iterator[Named]:
    for place, names in _properties(framework):
        for name in names:
            yield place, name, properties(), "property of an option that can be compared"
    numbers = [name for name, kind in comparable().items() if kind == "number"]
    for gate in framework.gates:
        if isinstance(gate, LimitGate):
            yield f"gates.{gate.id}.limit", gate.limit, LIMITS, "limit of an option"
            yield f"gates.{gate.id}.reads", gate.reads, numbers, "quantity or number of the scenario"
        elif isinstance(gate, ModelsGate):
            for value in gate.refused_when_stated:
                yield f"gates.{gate.id}.refused_when_stated", value, choices_of("constraints.models"), "value of constraints.models"
    exits = [answer.id for question in framework.questions if question.reads == OWN_EXIT for answer in question.classes]
    for condition in framework.conditions:
        for value in condition.exit:
            yield f"conditions.{condition.id}.exit", value, exits, f"class of a question that reads {OWN_EXIT}"


def _properties(framework: Framework) -> Iterator[tuple[str, Mapping[str, tuple[Choice, ...]]]]:
    yield from ((f"gates.{gate.id}.removes", gate.removes) for gate in framework.gates if isinstance(gate, ChoiceGate))
    yield from ((f"conditions.{condition.id}.option", condition.option) for condition in framework.conditions if condition.option)


def _twice(framework: Framework) -> Iterator[str]:
    kinds: dict[str, Collection[Any]] = {
        "questions": framework.questions, "gates": framework.gates, "signals": framework.signals, "conditions": framework.conditions,
        "warnings": framework.warnings,
    } | {f"questions.{question.id}.classes": question.classes for question in framework.questions}  # fmt: skip
    for kind, items in kinds.items():
        ids = [item.id for item in items]
        for item_id in dict.fromkeys(ids):
            if ids.count(item_id) > 1:
                yield f'{kind}: the id "{item_id}" stands twice. Give each its own.'


# -- comparisons -------------------------------------------------------------------------------------------


def _comparisons(framework: Framework) -> Iterator[str]:
    """Conditions that compare a number with words or words with a number, and stretches that hold no number."""
    questions = {question.id for question in framework.questions}
    for place, whens in conditions(framework):
        for when in whens:
            kind = None if when.reads in questions else comparable().get(when.reads)
            if when.is_ and kind == "number":
                yield f"{place}.when.is: {when.reads} is a number, and a number is never one of these. Give from or below, each with a threshold."
            elif not when.is_ and (when.reads in questions or (kind and kind != "number")):
                yield f"{place}.when: {when.reads} is one of several values, and no number. Give is with some of them."
            if _empty(when, framework):
                yield f"{place}.when: no number is from {when.from_} and below {when.below}. Correct the two."
    for question in framework.questions:
        yield from _answering(question)


def _empty(when: When, framework: Framework) -> bool:
    ends = [framework.thresholds.get(name) for name in (when.from_, when.below) if name]
    return len(ends) == 2 and all(ends) and framework.threshold(when.from_ or "") >= framework.threshold(when.below or "")


def _answering(question: Question) -> Iterator[str]:
    """How a question is answered, and what is taken when it is not."""
    place, computed = f"questions.{question.id}", question.reads in MEASURES and not MEASURES[question.reads].said
    if question.reads not in comparable():
        return  # said by the proof
    if computed != (question.answered_by == "computed"):
        true, write = ("computed", "computed") if computed else ("what a scenario says", "scenario")
        yield f"{place}.answered_by: {question.reads} is {true}. Write {write}."
    if question.blank is None and may_be_blank(question.reads):
        yield f"{place}.blank: {question.reads} may have no answer, and nothing says what is taken then. Add blank with answer and assumption."


def _threshold_names(framework: Framework) -> Iterator[str]:
    ends = [(answer.from_, answer.below) for question in framework.questions for answer in question.classes]
    ends += [(when.from_, when.below) for _, whens in conditions(framework) for when in whens]
    yield from (name for pair in ends for name in pair if name is not None)
