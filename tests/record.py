"""The record: every figure of data/ that decides something, one line a fact, kept in tests/golden/record.txt and compared whole.

    python -m tests.record            # the lines that differ; nothing is written
    python -m tests.record --write    # the same, and the record is written: look at every line before it is committed

Prose and looks (labels, notes, sentences, colours) are left out, so that a better wording is no change of data.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from decision import strict_yaml
from decision.catalog import DATA, Catalog
from decision.catalog.options import Estimate, Option
from decision.catalog.people import THOROUGHNESS, PeopleEstimate
from decision.loading import load

RECORD = Path(__file__).parent / "golden" / "record.txt"

PROSE = {
    "about", "assumes", "assumption", "because", "colour", "description", "does", "exposure_assumes", "flowchart", "help", "label", "mark", "name",
    "note", "overshoot", "prose", "relax", "short_name", "shown", "summary", "text", "title", "unnamed", "url", "warnings", "weight",
}  # fmt: skip
FRAMEWORK_PARTS = ("reference_option", "thresholds", "questions", "flow", "outcomes", "gates", "signals", "conditions", "warnings")


def lines(catalog: Catalog) -> list[str]:
    """What data/ says now, in the order of kind, file and place."""
    return [
        *sorted(_prices(catalog)), *sorted(_plans(catalog)), *sorted(_models(catalog)), *sorted(_throughputs(catalog)),
        *sorted(_components(catalog)), *sorted(_estimates(catalog)), *_people(catalog), *_options(catalog), *_files(),
    ]  # fmt: skip


def _line(*parts: object) -> str:
    return " | ".join(str(part) for part in parts)


def _number(value: float | None) -> str:
    return "none" if value is None else repr(float(value))


def _prices(catalog: Catalog) -> Iterator[str]:
    for price_id, series in catalog.prices.items():
        for row in series.rows:
            source = catalog.source_of(price_id, row)
            yield _line(
                "price", price_id, row.effective_from, _number(row.price), f"{series.currency} per {series.pricing_unit}",
                f"dated by {row.dated_by}", source.title, source.kind, f"read {source.retrieved}",
            )  # fmt: skip


def _plans(catalog: Catalog) -> Iterator[str]:
    for plan_id, plan in catalog.plans.items():
        yield _line(
            "plan", plan_id, f"{plan.provider} {plan.name}", f"{_number(plan.vcpu)} vCPU", f"{_number(plan.ram_gb)} GB", plan.cpu,
            "orderable" if plan.orderable else "not orderable", "machine" if plan.machine else "server",
        )  # fmt: skip


def _models(catalog: Catalog) -> Iterator[str]:
    for model_id, model in catalog.models.items():
        steps = ", ".join(map(str, model.steps)) or "none"
        yield _line("model", model_id, model.name, model.maker, model.status, f"released {model.released}", f"tokenizer {model.tokenizer}",
                    f"variant of {model.variant_of}", f"context {model.context_window}", f"steps {steps}")  # fmt: skip


def _throughputs(catalog: Catalog) -> Iterator[str]:
    for throughput_id, speed in catalog.throughputs.items():
        source = catalog.sources[throughput_id][speed.source]
        yield _line(
            "throughput", throughput_id, speed.model, f"{speed.gpus} x {speed.gpu}", speed.engine, speed.workload,
            f"{_number(speed.total_tokens_per_second)} tokens/s", f"{_number(speed.output_tokens_per_second)} output tokens/s",
            source.title, source.kind, f"read {source.retrieved}",
        )  # fmt: skip


def _components(catalog: Catalog) -> Iterator[str]:
    for component_id, component in catalog.components.items():
        yield _line("component", component_id, component.component, component.price)


def _estimates(catalog: Catalog) -> Iterator[str]:
    for day, mix in catalog.estimates.model_mix.items():
        for model_id, share in mix.items():
            yield _line("estimate", "model_mix", day, model_id, _number(share))
    for path, estimate in catalog.estimates.scenario.items():
        yield _estimate(path, estimate)
    for path, figure in catalog.people.figures.items():
        yield _estimate(path, figure)
    for code, country in catalog.people.countries.items():
        yield _estimate(f"people.countries.{code}, {country.currency}", country.cost)
    for option_id, option in catalog.options.items():
        for name, estimate in option.estimates.items():
            yield _estimate(f"options.{option_id}.{name}", estimate)


def _estimate(path: str, estimate: Estimate) -> str:
    source = estimate.source
    low, high = (estimate.likely if end is None else end for end in (estimate.low, estimate.high))
    evidence = f"{source.kind}, read {source.retrieved}" if source else "assumption"
    if isinstance(estimate, PeopleEstimate) and estimate.sources:
        evidence += f", from {', '.join(estimate.sources)}"
    return _line("estimate", path, f"low {_number(low)}", f"likely {_number(estimate.likely)}", f"high {_number(high)}", evidence)


def _people(catalog: Catalog) -> Iterator[str]:
    """What data/people.yaml holds beside its estimates: sources, the factors of each thoroughness, how many people standby takes."""
    people = catalog.people
    yield from _flat("people |", people.model_dump(mode="json", exclude_none=True, include={
        "sources": True, "thoroughness": set(THOROUGHNESS), "on_call": {"people_one_site", "people_each_of_two_sites"},
    }))  # fmt: skip


def _options(catalog: Catalog) -> Iterator[str]:
    for option_id in sorted(catalog.options):
        option: Option = catalog.options[option_id]
        yield from _flat(f"option | {option_id}", option.model_dump(mode="json", exclude_unset=True, exclude={"id", "estimates"}))


def _files() -> Iterator[str]:
    framework = strict_yaml.read(DATA / "framework.yaml")
    for part in FRAMEWORK_PARTS:
        yield from _flat(f"framework | {part}", _by_id(framework[part]))
    yield from _flat("sellers |", strict_yaml.read(DATA / "sellers.yaml"))
    yield from _flat("levers |", strict_yaml.read(DATA / "levers.yaml"))
    yield from _flat("analysis |", strict_yaml.read(DATA / "analysis.yaml"))


def _by_id(items: Any) -> Any:
    """A list of things with an id, by that id: their order does not name them."""
    named = isinstance(items, list) and all(isinstance(item, Mapping) and "id" in item for item in items)
    return {item["id"]: {k: v for k, v in item.items() if k != "id"} for item in items} if named else items


def _flat(place: str, content: Any) -> Iterator[str]:
    """One line for each value that decides something."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key not in PROSE or isinstance(value, Mapping):
                yield from _flat(f"{place} {key}", _by_id(value))
    elif isinstance(content, list) and any(isinstance(item, Mapping | list) for item in content):
        for i, item in enumerate(content, 1):
            yield from _flat(f"{place} {i}", item)
    elif isinstance(content, list):
        yield _line(place, ", ".join(map(str, content)))
    else:
        numeric = isinstance(content, int | float) and not isinstance(content, bool)
        yield _line(place, _number(content) if numeric else content)


def changes(recorded: Iterable[str], now: Iterable[str]) -> str:
    """The lines that differ and what to do about them; "" where none does."""
    found = [line for line in difflib.unified_diff(list(recorded), list(now), n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))]
    if not found:
        return ""
    return "\n".join((
        "data/ no longer says what tests/golden/record.txt records. If the change is intended, edit these lines of the record",
        "(- stands there, + is what data/ says; `python -m tests.record --write` does it), else correct data/:",
        *found,
    ))  # fmt: skip


def recorded() -> list[str]:
    """The lines of the record."""
    return RECORD.read_text(encoding="utf-8").splitlines()


def main(arguments: list[str]) -> None:
    """Show what differs, and write it when told to."""
    now = lines(load())
    sys.stdout.write((changes(recorded() if RECORD.exists() else [], now) or "The record says what data/ says.") + "\n")
    if arguments == ["--write"]:
        RECORD.write_text("\n".join(now) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
