"""The same 100,000 usage rows priced by this engine and by genai-prices, and every dollar of difference traced to a price.

The engine prices rows as it prices a fleet: one session a month whose token counts are arrays. Rows of one model between two
changes of its prices are one evaluation.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from genai_prices import Usage, calc_price

from decision.catalog import Catalog
from decision.costs.tokens import Sale, tokens
from decision.costs.use import uses
from decision.scenario import inputs_of, scenario_from
from tests.benchmarks.timing import show

FIRST, DAYS = dt.date(2026, 9, 1), 81  # to 2026-11-20
CLASSES = ("input", "cache_read", "cache_write_5m", "output")
MAKERS = ("anthropic", "google", "openai")
PER_MILLION = 1e-6
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Usage of one request each: model, day, and tokens by class; input counts uncached tokens only."""

    models: tuple[str, ...]
    model: Ints  # index into models
    day: Ints  # days after FIRST
    tokens: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def prompt(self) -> Ints:
        """Tokens of the whole prompt, cached or not."""
        return self.tokens["input"] + self.tokens["cache_read"] + self.tokens["cache_write_5m"]


@dataclass(frozen=True)
class Difference:
    """Tokens that the two price differently: USD per million tokens on each side."""

    model: str
    token_class: str
    ours: float
    theirs: float
    first: dt.date
    last: dt.date
    shortest_prompt: int  # tokens; tells a price step of one side from a price of all requests
    tokens: int

    @property
    def dollars(self) -> float:
        """Ours minus theirs."""
        return self.tokens * (self.ours - self.theirs) * PER_MILLION


def priced_by_both(catalog: Catalog) -> list[tuple[str, int]]:
    """Every (model, first day) whose four classes both price from that day to the last one."""
    found = []
    last = FIRST + dt.timedelta(days=DAYS - 1)
    probe = Usage(input_tokens=3, cache_read_tokens=1, cache_write_tokens=1, output_tokens=1)
    for model_id, model in catalog.models.items():
        if model.maker not in MAKERS:
            continue
        prices = {name: catalog.prices[f"{model_id}.{name}"] for name in CLASSES if f"{model_id}.{name}" in catalog.prices}
        if len(prices) < len(CLASSES) or any(series.rows[-1].price is None for series in prices.values()):
            continue
        start = max(FIRST, *(series.rows[0].effective_from for series in prices.values()))
        try:
            named = calc_price(probe, model_id, provider_id=model.maker, genai_request_timestamp=noon(last)).model.id
        except LookupError:
            continue
        if named == model_id and start <= last:
            found.append((model_id, (start - FIRST).days))
    return found


def usage_rows(catalog: Catalog, count: int, seed: int = 1) -> Rows:
    """Requests spread over the models and the days on which each is priced; prompts from 1,000 to 400,000 tokens, mostly cached."""
    rng = np.random.default_rng(seed)
    known = priced_by_both(catalog)
    model = rng.integers(len(known), size=count)
    start = np.array([first for _, first in known])[model]
    prompt = np.exp(rng.uniform(np.log(1e3), np.log(4e5), count)).astype(np.int64)
    cached = (prompt * rng.uniform(0, 0.9, count)).astype(np.int64)
    written = ((prompt - cached) * rng.uniform(0, 0.5, count)).astype(np.int64)
    output = np.exp(rng.uniform(np.log(50), np.log(2e4), count)).astype(np.int64)
    return Rows(
        tuple(model_id for model_id, _ in known),
        model,
        start + (rng.random(count) * (DAYS - start)).astype(np.int64),
        {"input": prompt - cached - written, "cache_read": cached, "cache_write_5m": written, "output": output},
    )


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def our_dollars(catalog: Catalog, rows: Rows) -> float:
    """What the engine's token meter charges for all rows."""
    return sum(float(np.sum(cost)) for _, _, cost in _evaluations(catalog, rows))


def _evaluations(catalog: Catalog, rows: Rows) -> Iterator[tuple[str, Ints, npt.NDArray[np.float64]]]:
    prompt = rows.prompt
    for number, model_id in enumerate(rows.models):
        ids = [price_id for price_id in catalog.prices if price_id.startswith(f"{model_id}.")]
        changes = sorted({(row.effective_from - FIRST).days for price_id in ids for row in catalog.prices[price_id].rows})
        of_model = np.flatnonzero(rows.model == number)
        for start, end in pairwise([*changes, DAYS]):
            chosen = of_model[(rows.day[of_model] >= start) & (rows.day[of_model] < end)]
            if len(chosen):
                yield model_id, chosen, _cost(catalog, model_id, start, prompt[chosen], {name: rows.tokens[name][chosen] for name in CLASSES})


def _cost(catalog: Catalog, model_id: str, day: int, prompt: Ints, by_class: dict[str, Ints]) -> npt.NDArray[np.float64]:
    request = {"name": "request", "agents": 1, "sessions_per_day": 1, "days_per_month": 1, "typical_prompt_tokens": 1, "model_mix": {model_id: 1}}
    scenario = scenario_from({"fleet": [request], "constraints": {"models": "mixed"}})
    counts = {f"fleet.request.tokens_per_session.{name}": count.astype(float) for name, count in by_class.items()}
    inputs = inputs_of(scenario, catalog, FIRST + dt.timedelta(days=day))
    inputs = inputs.vary(
        {**counts, "fleet.request.tokens_per_session.cache_write_1h": 0.0, "fleet.request.typical_prompt_tokens": prompt.astype(float)}
    )
    items = tokens(Sale(None, inputs, uses(inputs), inputs.prices()))
    return np.sum([item.cost for item in items], axis=0)


def differences(catalog: Catalog, rows: Rows) -> list[Difference]:
    """Where unit prices differ, by model, class and prices on both sides. Their unit prices are read off probes as long as the rows' prompts."""
    long = np.unique([over for model in catalog.models.values() for over in model.steps] + [128_000, 200_000])
    segment = np.searchsorted(long, rows.prompt)  # no published price step lies inside a segment
    found: dict[tuple[str, str, float, float], list[tuple[int, int, int]]] = defaultdict(list)
    groups = np.stack([rows.model, rows.day, segment])
    keys, place = np.unique(groups, axis=1, return_inverse=True)
    sums = {name: np.bincount(place, weights=rows.tokens[name]) for name in CLASSES}
    shortest = np.full(keys.shape[1], rows.prompt.max())
    np.minimum.at(shortest, place, rows.prompt)
    for i, (model, day, where) in enumerate(keys.T):
        model_id = rows.models[model]
        prompt = int(long[where]) if where < len(long) else int(long[-1]) * 2
        ours = _our_units(catalog, model_id, int(day), prompt)
        theirs = _their_units(catalog, model_id, int(day), prompt)
        for name in CLASSES:
            if abs(ours[name] - theirs[name]) > 1e-9:
                found[model_id, name, ours[name], theirs[name]].append((int(day), int(shortest[i]), int(sums[name][i])))
    return [
        Difference(*key, FIRST + dt.timedelta(days=min(days)), FIRST + dt.timedelta(days=max(days)), min(prompts), sum(counts))
        for key, (days, prompts, counts) in ((key, zip(*at, strict=True)) for key, at in found.items())
    ]


def _our_units(catalog: Catalog, model_id: str, day: int, prompt: int) -> dict[str, float]:
    passed = [over for over in catalog.model(model_id).steps if prompt > over]
    step = f".over-{passed[-1]}" if passed else ""
    return {name: float(catalog.listed(f"{model_id}.{name}{step}", FIRST + dt.timedelta(days=day)).amount) for name in CLASSES}


def _their_units(catalog: Catalog, model_id: str, day: int, prompt: int) -> dict[str, float]:
    def total(read: int = 0, written: int = 0, output: int = 0) -> float:
        usage = Usage(input_tokens=prompt, cache_read_tokens=read, cache_write_tokens=written, output_tokens=output)
        when = noon(FIRST + dt.timedelta(days=day))
        return float(calc_price(usage, model_id, provider_id=catalog.model(model_id).maker, genai_request_timestamp=when).total_price)

    plain = total()
    units = {"input": plain, "cache_read": total(read=prompt), "cache_write_5m": total(written=prompt), "output": total(output=prompt) - plain}
    return {name: round(dollars / prompt / PER_MILLION, 9) for name, dollars in units.items()}


def compare(catalog: Catalog, count: int = 100_000) -> None:
    """Price the rows with both, show rows per second, and account for the difference; raises when a cent of it stays unexplained."""
    rows = usage_rows(catalog, count)
    requests = [
        (
            Usage(input_tokens=int(p), cache_read_tokens=int(r), cache_write_tokens=int(w), output_tokens=int(o)),
            rows.models[m],
            noon(FIRST + dt.timedelta(days=int(d))),
        )
        for p, r, w, o, m, d in zip(rows.prompt, *(rows.tokens[name] for name in CLASSES[1:]), rows.model, rows.day, strict=True)
    ]
    makers = {model_id: catalog.model(model_id).maker for model_id in rows.models}
    our_dollars(catalog, rows)
    start = time.perf_counter()
    ours = our_dollars(catalog, rows)
    our_time = time.perf_counter() - start
    start = time.perf_counter()
    theirs = float(sum(calc_price(usage, m, provider_id=makers[m], genai_request_timestamp=when).total_price for usage, m, when in requests))
    their_time = time.perf_counter() - start

    print(f"\nPricing {count:,} usage rows of {len(rows.models)} models, {FIRST} to {FIRST + dt.timedelta(days=DAYS - 1)}")
    show("this engine", f"{count / our_time:12,.0f} rows/s   {ours:16,.6f} USD")
    show("genai-prices", f"{count / their_time:12,.0f} rows/s   {theirs:16,.6f} USD")
    show("ratio, difference", f"{their_time / our_time:12,.0f} x        {ours - theirs:16,.6f} USD")
    explained = sorted(differences(catalog, rows), key=lambda d: -abs(d.dollars))
    for d in explained:
        _show_difference(catalog, d)
    rest = ours - theirs - sum(d.dollars for d in explained)
    show("difference left unexplained", f"{rest:36,.6f} USD")
    assert abs(rest) < 0.005, "every cent of the difference must be traced to a price"


def _show_difference(catalog: Catalog, d: Difference) -> None:
    row = catalog.listed(f"{d.model}.{d.token_class}", d.last)
    show(f"  {d.model} {d.token_class}, {d.first} to {d.last}", f"{d.dollars:+36,.6f} USD")
    prices = f"ours {d.ours:g}, theirs {d.theirs:g} USD per million tokens"
    print(f"    prompts from {d.shortest_prompt:,} tokens: {prices}; ours since {row.effective_from} by {row.source.title} ({row.source.kind})")
