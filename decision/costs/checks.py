"""The ready-made scenarios can be read and priced."""

from __future__ import annotations

from collections.abc import Iterator

from decision.catalog import Catalog
from decision.costs.bill import bill
from decision.errors import BadInput, PriceMissing
from decision.scenario import inputs_of, read_scenario, ready_made


def ready_made_scenarios_can_be_priced(catalog: Catalog) -> Iterator[str]:
    """Each file of scenarios/ is a scenario, and some option that it considers has a price on its day, or, without one, on that of the last row."""
    for name, path in ready_made(catalog.folder).items():
        try:
            inputs = inputs_of(read_scenario(path), catalog, catalog.change_days()[-1])
        except BadInput as error:
            yield from (f"scenarios/{name}.yaml: {problem.removeprefix(f'{path.name}: ')}" for problem in error.problems)
            continue
        missing: list[str] = []
        for option_id in inputs.options:
            try:
                bill(option_id, inputs)
            except PriceMissing as error:
                missing += error.problems
            except BadInput as error:
                yield from (f"scenarios/{name}.yaml: {option_id}: {problem}" for problem in error.problems)
        if len(missing) >= len(inputs.options):
            yield f"scenarios/{name}.yaml: no option that it considers has a price. The first: {missing[0]}"
