"""What the files of data/ must say of each other so that everything can be priced: ids, units, estimates, names in texts.

Each check takes the catalog and yields one sentence for each problem: file, key, the nearest word that is known, and what to do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from decision.catalog import EUR_USD, Catalog
from decision.catalog.options import COLOURS, MARKS, Limits, Option, PerUse
from decision.catalog.prices import row_in_force
from decision.catalog.sellers import NOBODY
from decision.catalog.texts import text_problems
from decision.errors import PriceMissing, nearest

# -- prices ------------------------------------------------------------------------------------------------


def euros_have_a_rate(catalog: Catalog) -> Iterator[str]:
    """A price in euros is shown in dollars, so the rate must be known."""
    in_euros = next((price_id for price_id, series in catalog.prices.items() if series.currency == "EUR"), None)
    if in_euros and EUR_USD not in catalog.prices:
        yield f"prices/: {in_euros} is priced in EUR, and no file gives {EUR_USD}. Add it with a row for each day on which the rate was read."


def ledgers_name_prices(catalog: Catalog) -> Iterator[str]:
    """A ledger speaks of prices that exist: an id that was renamed would be taken for one that nobody reads."""
    for feed, ledger in catalog.ledgers.items():
        for i, visit in enumerate(ledger.visits):
            for price_id in (*visit.confirmed, *visit.differs):
                if price_id not in catalog.prices:
                    hint = nearest(price_id, catalog.prices)
                    yield f'feeds/{feed}.yaml: visits[{i}]: "{price_id}" is not a known price.{hint} Correct it to the id that the price has now.'


# -- options -----------------------------------------------------------------------------------------------


def options_fit_the_prices(catalog: Catalog) -> Iterator[str]:
    """Every price, throughput and provider that a meter names exists and has a unit that the meter takes."""
    for option in catalog.options.values():
        file = f"options/{option.id}.yaml"
        for i, meter in enumerate(option.meters):
            place = f"{file}: meters[{i}]"
            for role, price_id in meter.price_ids().items():
                yield from _price_problems(f"{place}.{role}", price_id, meter.units(role), catalog)
            if (throughput := getattr(meter, "throughput", None)) and throughput not in catalog.throughputs:
                yield f'{place}.throughput: "{throughput}" is not known.{nearest(throughput, catalog.throughputs)} Add it to a file of data/prices/.'
            if (provider := getattr(meter, "provider", None)) and provider not in (known := {plan.provider for plan in catalog.plans.values()}):
                yield f'{place}.provider: "{provider}" has no plans.{nearest(provider, known)} Add plans to a file of data/prices/.'


def _price_problems(place: str, price_id: str, units: tuple[str, ...], catalog: Catalog) -> Iterator[str]:
    if price_id not in catalog.prices:
        yield f'{place}: "{price_id}" is not a known price.{nearest(price_id, catalog.prices)} Add it to a file of data/prices/.'
    elif (unit := catalog.prices[price_id].pricing_unit) not in units:
        yield f'{place}: "{price_id}" is priced in {unit}; {" or ".join(units)} is taken here. Correct the unit or choose another price.'


def options_have_a_seller(catalog: Catalog) -> Iterator[str]:
    """An option names a seller of sellers.yaml, or says that it sells no tokens and no searches."""
    known = [*catalog.sellers, NOBODY]
    for option_id, option in catalog.options.items():
        if option.sold_by not in known:
            hint = nearest(option.sold_by, known) or f" Known: {', '.join(known)}."
            yield f'options/{option_id}.yaml: sold_by: "{option.sold_by}" is not a seller of sellers.yaml.{hint}'


def sellers_fit_the_prices(catalog: Catalog) -> Iterator[str]:
    """Premiums and discounts are shares of a known maker's tokens; searches are priced by the thousand."""
    makers = {model.maker for model in catalog.models.values()}
    for seller_id, seller in catalog.sellers.items():
        place = f"sellers.yaml: sellers.{seller_id}"
        if seller_id == NOBODY:
            yield f"{place}: this word says that an option sells nothing. Choose another name."
        yield from _price_problems(f"{place}.web_search", seller.web_search, ("1K Searches",), catalog)
        regional = {maker: terms.price for maker, terms in seller.regional_premium.items()}
        for key, shares in (("cached_batch_discount", seller.cached_batch_discount), ("regional_premium", regional)):
            for maker, price_id in shares.items():
                if maker not in makers:
                    hint = nearest(maker, makers) or f" Known: {', '.join(sorted(makers))}."
                    yield f'{place}.{key}.{maker}: "{maker}" makes no model of data/prices/.{hint}'
                yield from _price_problems(f"{place}.{key}.{maker}", price_id, ("USD",), catalog)
        for maker, terms in seller.regional_premium.items():
            theirs = [model_id for model_id, model in catalog.models.items() if model.maker == maker]
            for model_id in terms.models:
                if model_id not in theirs:
                    what = f'"{model_id}" is no model of {maker} on file.{nearest(model_id, theirs)} Correct it.'
                    yield f"{place}.regional_premium.{maker}.models: {what}"


def meters_are_billed_some_day(catalog: Catalog) -> Iterator[str]:
    """A meter that ends before it starts is never billed."""
    for option in catalog.options.values():
        for i, meter in enumerate(option.meters):
            if isinstance(meter, PerUse) and meter.starting and meter.ending and meter.ending <= meter.starting:
                place = f"options/{option.id}.yaml: meters[{i}].ending"
                yield f"{place}: {meter.ending} is not after starting ({meter.starting}), so it is never billed. Correct one of the two."


def limits_say_something(catalog: Catalog) -> Iterator[str]:
    """The first row of limits holds at least one; a later one may withdraw all."""
    names = set(Limits.model_fields) - {"effective_from", "source"}
    for option in catalog.options.values():
        if option.limits and all(getattr(option.limits[0], name) is None for name in names):
            yield f"options/{option.id}.yaml: limits[0]: no limit is given. Add one of {', '.join(sorted(names))}, or leave the row out."


def options_look_different(catalog: Catalog) -> Iterator[str]:
    """No two options share colour and mark."""
    drawn: dict[tuple[str, str], str] = {}
    for option_id, option in catalog.options.items():
        look = (option.colour, option.mark)
        if look in drawn:
            taken = {(other.colour, other.mark) for other in catalog.options.values()}
            free = next((f"{colour}, {mark}" for mark in MARKS for colour in COLOURS if (colour, mark) not in taken), "no pair")
            yield f"options/{option_id}.yaml: colour, mark: {', '.join(look)} is how {drawn[look]} is drawn. Give each its own; {free} is free."
        drawn[look] = option_id


def options_have_their_estimates(catalog: Catalog) -> Iterator[str]:
    """An option estimates what its meters need, and nothing else."""
    for option_id, option in catalog.options.items():
        place, needed = f"options/{option_id}.yaml: estimates", _needed(option)
        if missing := sorted(needed - set(option.estimates)):
            yield f"{place}: {', '.join(missing)} missing. Add an estimate of each, with a source or an assumption."
        for name in sorted(set(option.estimates) - needed):
            yield f"{place}.{name}: no meter of this option uses it.{nearest(name, needed)} Correct the name or remove it."


def _needed(option: Option) -> set[str]:
    return {name for meter in option.meters for name in meter.needs()}


# -- components, estimates, levers -------------------------------------------------------------------------


def components_fit_the_prices(catalog: Catalog) -> Iterator[str]:
    """A component bought as a service has a price by the month."""
    for component_id, component in catalog.components.items():
        yield from _price_problems(f"components.yaml: components.{component_id}.price", component.price, ("Months",), catalog)


def usual_models_are_on_sale(catalog: Catalog) -> Iterator[str]:
    """The usual model mix of each day: known models, shares that add up, and models that are sold from that day on."""
    if not catalog.estimates.model_mix:
        yield "estimates.yaml: model_mix: no day is given, and a blank takes the mix of the last one. Add one."
    for day, mix in catalog.estimates.model_mix.items():
        place = f"estimates.yaml: model_mix.{day}"
        if not _is_day(day):
            yield f"{place}: the key is not a day. Write it as 2026-11-20."
            continue
        if abs(sum(mix.values()) - 1) > 1e-9:
            yield f"{place}: adds up to {sum(mix.values()):g}. The shares must add up to 1."
        for model_id in mix:
            if model_id not in catalog.models:
                yield f'{place}: "{model_id}" is not a known model.{nearest(model_id, catalog.models)} Add it to a file of data/prices/.'
            elif reason := _no_price(catalog, f"{model_id}.input", dt.date.fromisoformat(day)):
                yield f"{place}: {reason}"


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and dt.date.fromisoformat(text) is not None
    except ValueError:
        return False


def _no_price(catalog: Catalog, price_id: str, day: dt.date) -> str:
    try:
        row_in_force(price_id, catalog.prices[price_id], day)
    except PriceMissing as missing:
        return str(missing)
    return ""


def levers_name_options(catalog: Catalog) -> Iterator[str]:
    """Idle timeouts and budgets belong to options that exist; a timeout, to one that bills by it."""
    for key, names in (("shortest_idle_timeouts", catalog.levers.shortest_idle_timeouts), ("budgets", catalog.levers.budgets)):
        for option_id in names:
            place = f"levers.yaml: {key}.{option_id}"
            if option_id not in catalog.options:
                yield f"{place}: no such option.{nearest(option_id, catalog.options)} Add options/{option_id}.yaml, or correct the name."
            elif key == "shortest_idle_timeouts" and "idle_timeout_seconds" not in catalog.options[option_id].estimates:
                yield f"{place}: this option has no idle timeout, so none can be shortened. Remove it, or name another option."


# -- texts -------------------------------------------------------------------------------------------------


def texts_are_written_out(catalog: Catalog) -> Iterator[str]:
    """Nothing is filled in in the texts of options, components and levers, so braces would be shown as they are."""
    for option_id, option in catalog.options.items():
        yield from _in_file(f"options/{option_id}.yaml", text_problems(option, ""))
    for component_id, component in catalog.components.items():
        yield from _in_file("components.yaml", text_problems(component, f"components.{component_id}"))


def lever_texts_are_written_out(catalog: Catalog) -> Iterator[str]:
    """The same for levers."""
    yield from _in_file("levers.yaml", text_problems(catalog.levers, ""))


def framework_texts_name_what_is_filled_in(catalog: Catalog) -> Iterator[str]:
    """Braces in a sentence of the framework hold a name that is filled in there."""
    yield from _in_file("framework.yaml", text_problems(catalog.framework, "", catalog.framework.thresholds))


def _in_file(file: str, problems: Iterable[str]) -> Iterator[str]:
    yield from (f"{file}: {problem}" for problem in problems)
