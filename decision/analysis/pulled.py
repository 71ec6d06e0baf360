"""What pulling a lever does to the inputs.

    applied(inputs, {Lever.BATCH, Lever.PROMPT_CACHING}, dials(inputs.catalog.levers, {"cached_share": 0.8}))

Each lever turns inputs into other inputs; nothing here prices anything by a rule of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from decision.catalog import Option, Value
from decision.catalog.levers import Lever, LeversFile
from decision.catalog.options import Idle
from decision.costs.tokens import Sale, tokens
from decision.costs.use import uses
from decision.errors import BadInput, PriceMissing, nearest, shown
from decision.scenario import Group, Inputs, paths


@dataclass(frozen=True)
class Dials:
    """Where every dial stands: floats, or arrays that broadcast with the inputs. Built by `dials`."""

    values: Mapping[str, Value]
    routed_to: str | None = None
    """The model that routing moves sessions to; None for the cheapest of the same maker."""

    def __getitem__(self, name: str) -> Value:
        return self.values[name]


def dials(levers: LeversFile, changes: Mapping[str, Value] | None = None, routed_to: str | None = None) -> Dials:
    """The dials of levers.yaml with some set anew. Raises BadInput for an unknown dial or a value out of bounds."""
    known = levers.dials
    for name, value in (changes or {}).items():
        if name not in known:
            raise BadInput(f'"{shown(name)}" is not a dial of a lever.{nearest(name, known)} Known: {", ".join(known)}.')
        dial = known[name]
        if not np.all((np.asarray(value) >= dial.at_least) & (np.asarray(value) <= dial.at_most)):
            raise BadInput(f"{name} ({dial.label}) is {np.max(value):g}; it must be between {dial.at_least:g} and {dial.at_most:g} {dial.unit}.")
    return Dials({name: dial.likely for name, dial in known.items()} | dict(changes or {}), routed_to)


def applied(inputs: Inputs, chosen: Collection[Lever], at: Dials | None = None) -> Inputs:
    """The inputs with these levers pulled, in the order of `Lever` whatever the order of `chosen`. Inputs may be arrays."""
    for lever in Lever:
        if lever in chosen:
            inputs = _PULLED[lever](inputs, at or dials(inputs.catalog.levers))
    return inputs


# -- one function per lever: inputs -> inputs -----------------------------------------------------------


def _longer_sessions(inputs: Inputs, at: Dials) -> Inputs:
    """Several sessions of a day (k) become one: its content k-fold, the start of the prompt sent once, carried context read again.

    A session of n requests with an evenly growing prompt re-reads about n * n / 2 prompt growths, so k sessions in one read k * k as much
    when all context is carried: k for the work itself, k * (k - 1) for what is carried from before.
    """
    fleet = {}
    for group in inputs.scenario.fleet:
        own = inputs.own(group)
        a_day, before = own["sessions_per_day"], {name: own[f"tokens_per_session.{name}"] for name in _PROMPT}
        k = np.minimum(at["sessions_merged"], np.maximum(a_day, 1.0))
        own |= {name: value * k for name, value in own.items() if paths.in_a_session(name)}
        saved = (k - 1.0) * at["start_tokens"]
        for name in ("input", "cache_write_5m", "cache_write_1h"):
            less = np.minimum(saved, (k - 1.0) * before[name])
            own[f"tokens_per_session.{name}"] = own[f"tokens_per_session.{name}"] - less
            saved = saved - less
        carried = at["context_carried_share"] * k * (k - 1.0)
        cached = np.greater(before["cache_read"], 0)
        own["tokens_per_session.cache_read"] = own["tokens_per_session.cache_read"] + np.where(cached, before["cache_read"] * carried, 0.0)
        own["tokens_per_session.input"] = own["tokens_per_session.input"] + np.where(cached, 0.0, before["input"] * carried)
        own["typical_prompt_tokens"] = own["typical_prompt_tokens"] * (1.0 + at["context_carried_share"] * (k - 1.0))
        own["sessions_per_day"] = a_day / k
        fleet[group.slug] = own
    return inputs.with_fleet(inputs.scenario.fleet, fleet)


_PROMPT = ("input", "cache_read", "cache_write_5m", "cache_write_1h")


def _model_routing(inputs: Inputs, at: Dials) -> Inputs:
    """Part of each group's agents becomes a group of its own on a cheaper model, with that tokenizer's count of the same text.

    Agents are moved and not sessions, so that peaks, servers and everything else that adds up over groups stays as it was.
    """
    for group in inputs.scenario.fleet:
        alone = inputs.with_fleet((group,))  # so that what is worked out for it takes no longer beside many others
        mix = _mix(alone, group)
        moves: dict[tuple[str, str], dict[str, Value]] = {}  # (target, how its tokens count) -> model -> share of the group that moves
        for model_id, share in mix.items():
            if target := _cheaper(alone, group, model_id, at):
                moves.setdefault((target, _tokenizers(inputs, model_id, target)), {})[model_id] = share * at["routed_share"]
        if moves:
            inputs = _moved(inputs, group, mix, moves, at)
    return inputs


def _mix(inputs: Inputs, group: Group) -> dict[str, Value]:
    mix = paths.part(inputs.own(group), "model_mix")
    weight = _sum(mix.values())
    return {model_id: share / weight for model_id, share in mix.items() if np.any(share)}


def _tokenizers(inputs: Inputs, source: str, target: str) -> str:
    pair = (inputs.catalog.model(source).tokenizer, inputs.catalog.model(target).tokenizer)
    return "more" if pair == ("old", "new") else "fewer" if pair == ("new", "old") else "same"


def _factor(counts: str, at: Dials) -> Value:
    """Tokens on the target for one token on the source."""
    return at["tokenizer_ratio"] if counts == "more" else 1.0 / at["tokenizer_ratio"] if counts == "fewer" else 1.0


def _cheaper(inputs: Inputs, group: Group, model_id: str, at: Dials) -> str | None:
    """The model to move to: the one asked for, or the cheapest of the same maker on offer that day; None when none is cheaper."""
    models = inputs.catalog.models
    maker = inputs.catalog.model(model_id).maker
    if at.routed_to is not None:
        inputs.catalog.model(at.routed_to)  # refuses an unknown one
    others = [m for m, model in models.items() if m != model_id and model.maker == maker and model.status != "retired"]
    wanted = [m for m in others if (m == at.routed_to if at.routed_to else not models[m].variant_of)]
    costs = {m: _token_cost(inputs, group, m, _factor(_tokenizers(inputs, model_id, m), at)) for m in wanted}
    priced = {m: cost for m, cost in costs.items() if cost is not None}
    current = {m: cost for m, cost in priced.items() if models[m].status == "current"} or priced
    here = _token_cost(inputs, group, model_id, 1.0)
    best = min(current, key=lambda m: current[m], default=None)
    return best if best is not None and here is not None and current[best] < here else None


def _token_cost(inputs: Inputs, group: Group, model_id: str, factor: Value) -> float | None:
    """USD of the group's tokens in month 12 at list price, with all of it on one model (the mean of arrays); None without a price."""
    all_on = inputs.with_fleet((group,), {group.slug: _on_model(inputs, group, model_id, factor)})
    try:
        items = tokens(Sale(None, all_on, uses(all_on), all_on.prices()))
    except PriceMissing:
        return None
    return float(np.mean(sum((item.cost for item in items), 0.0)))


def _on_model(inputs: Inputs, group: Group, model_id: str, factor: Value) -> dict[str, Value]:
    """A group's own numbers on one model, its tokens times a factor."""
    counted = ("tokens_per_session.", "typical_prompt_tokens")
    kept = {name: value for name, value in inputs.own(group).items() if not name.startswith("model_mix.")}
    return {name: value * factor if name.startswith(counted) else value for name, value in kept.items()} | {f"model_mix.{model_id}": 1.0}


def _moved(inputs: Inputs, group: Group, mix: Mapping[str, Value], moves: Mapping[tuple[str, str], Mapping[str, Value]], at: Dials) -> Inputs:
    """The fleet with parts of one group split off: what stays keeps its place and name."""
    facts, fleet, numbers = list(paths.own(inputs.facts, group.slug).items()), [*inputs.scenario.fleet], {}
    stays, shares, renamed = dict(mix), {}, []
    for (target, counts), part in moves.items():
        new = named_apart(fleet, group, f"{group.name}, moved to {inputs.catalog.model(target).name}")
        fleet.append(new)
        numbers[new.slug], shares[new.slug] = _on_model(inputs, group, target, _factor(counts, at)), _sum(part.values())
        renamed += [replace(fact, path=paths.of_group(new.slug, name)) for name, fact in facts]
        stays |= {model_id: stays[model_id] - share for model_id, share in part.items()}
    staying = _sum(stays.values())
    some = np.greater(staying, 0)  # where nobody stays any mix will do, so the old one is kept
    left = {f"model_mix.{model_id}": np.where(some, stays[model_id] / np.where(some, staying, 1.0), mix[model_id]) for model_id in mix}
    numbers[group.slug], shares[group.slug] = {**inputs.own(group), **left}, staying
    whole = inputs.split_off.get(group.slug, group.slug)
    split_off = {**inputs.split_off, **{slug: whole for slug in numbers if slug != group.slug}}
    return replace(inputs.with_fleet(fleet, numbers, renamed), split_off=split_off).scaled(shares)


def named_apart(fleet: Collection[Group], like: Group, name: str) -> Group:
    """A group like another under a new name, numbered where its path is taken."""
    taken = {group.slug for group in fleet}
    names = [name, *(f"{name} ({n})" for n in range(2, len(fleet) + 2))]
    return next(group for group in (like.model_copy(update={"name": text}) for text in names) if group.slug not in taken)


def _sum(shares: Iterable[Value]) -> Value:
    return sum(shares, 0.0)


def _prompt_caching(inputs: Inputs, at: Dials) -> Inputs:
    """Uncached input becomes cache reads and the writes they need, until the reads are the wanted share of the prompt.

    Of x tokens turned, r / (r + 1) are read and 1 / (r + 1) are written (r reads for each write), so x = (share x prompt - reads now) x
    (r + 1) / r, at most all uncached input. A group with a model that has no cache price that day stays as it is.
    """
    fleet, prices = {}, inputs.prices()
    for group in inputs.scenario.fleet:
        if not all(prices.priced(f"{model_id}.{kind}") for model_id in _mix(inputs, group) for kind in ("cache_read", "cache_write_5m")):
            continue
        own = inputs.own(group)
        uncached, read, short, long = (own[f"tokens_per_session.{name}"] for name in _PROMPT)
        r = at["reads_per_write"]
        wanted = np.maximum(at["cached_share"] * (uncached + read + short + long) - read, 0.0)
        turned = np.minimum(wanted * (r + 1.0) / r, uncached)
        fleet[group.slug] = own | {
            "tokens_per_session.input": uncached - turned,
            "tokens_per_session.cache_read": read + turned * r / (r + 1.0),
            "tokens_per_session.cache_write_5m": short + turned / (r + 1.0),
        }
    return inputs.with_fleet(inputs.scenario.fleet, fleet)


def _fewer_searches(inputs: Inputs, at: Dials) -> Inputs:
    name = "web_searches_per_session"
    searches = {paths.of_group(group.slug, name): inputs.own(group)[name] for group in inputs.scenario.fleet}
    return inputs.vary({path: made * (1.0 - at["fewer_searches_share"]) for path, made in searches.items()})


def _batch(inputs: Inputs, at: Dials) -> Inputs:
    batchable = [paths.of_group(group.slug, "batchable_share") for group in inputs.scenario.fleet]
    return inputs.vary({path: np.maximum(inputs[path], at["batchable_share"]) for path in batchable})


_LEAST: tuple[Idle, ...] = ("pause", "scale_to_zero", "stop", "time_out", "keep")


def least_idle(option: Option) -> Idle | None:
    """Of what may happen to a waiting machine, what bills least; None where there is no choice."""
    return min(option.idle, key=_LEAST.index) if "idle" in option.takes else None


def _idle_trimming(inputs: Inputs, _: Dials) -> Inputs:
    """The machine of a session that waits is billed for as little of it as the option allows, with the shortest idle timeout."""
    overrides = inputs.scenario.overrides
    options, values = dict(overrides.options), dict(inputs.values)
    for option_id, option in inputs.catalog.options.items():
        if (least := least_idle(option)) is None:
            continue
        options[option_id] = overrides.of(option_id).model_copy(update={"idle": least})
        path = paths.of_option(option_id, "idle_timeout_seconds")
        if path in values and (shortest := inputs.catalog.levers.shortest_idle_timeouts.get(option_id)):
            values[path] = np.minimum(values[path], shortest.seconds)
    scenario = inputs.scenario.model_copy(update={"overrides": overrides.model_copy(update={"options": options})})
    return replace(inputs, scenario=scenario, values=values)


_PULLED: Mapping[Lever, Callable[[Inputs, Dials], Inputs]] = {
    Lever.LONGER_SESSIONS: _longer_sessions,
    Lever.MODEL_ROUTING: _model_routing,
    Lever.PROMPT_CACHING: _prompt_caching,
    Lever.FEWER_SEARCHES: _fewer_searches,
    Lever.BATCH: _batch,
    Lever.IDLE_TRIMMING: _idle_trimming,
}


__all__ = ["Dials", "Lever", "applied", "dials", "named_apart"]
