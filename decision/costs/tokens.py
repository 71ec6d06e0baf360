"""Tokens: per model and class at list price, with batch, regional and prompt-length rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from decision.catalog import TOKEN_CLASSES, PriceInForce, Value
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.use import Use

BATCH_DISCOUNT = "anthropic.batch-discount"

_CLASS_LABEL = {
    "input": "input", "cache_read": "cache reads", "cache_write_5m": "5-minute cache writes",
    "cache_write_1h": "1-hour cache writes", "output": "output",
}  # fmt: skip


def tokens(billing: Billing) -> list[LineItem]:
    """Token charges of every group: five classes a model, then the batch discount and the regional premium.

    Both adjustments are shares of the list cost and lines of their own, so that quantity x price holds on every line.
    Source: the vendors' price pages, through each line's price; batch and premium stack (Claude pricing).
    """
    return [item for use in billing.uses for item in _group_tokens(billing, use)]


def _group_tokens(billing: Billing, use: Use) -> Iterator[LineItem]:
    weight = sum(use.model_mix.values())
    for model_id, share in use.model_mix.items():
        model = billing.inputs.catalog.model(model_id)
        lines = list(_classes(billing, use, model_id, use.sessions * (share / weight)))
        yield from lines
        batched = billing.option.batch and bool(lines) and bool(np.any(np.greater(use.batchable_share, 0)))
        regional = billing.option.regional_premium if model.maker == "anthropic" and billing.inputs.scenario.constraints.data_residency == "vendor_region" else None
        charged: Value = sum(line.cost for line in lines) if batched or regional else 0.0
        if batched:
            discount = LineItem(
                f"{model.name}, batch discount", Category.TOKENS, use.group.name, -(charged * use.batchable_share), billing.prices[BATCH_DISCOUNT],
                "minus {share} of sessions in batches x {cost} USD of tokens", {"share": use.batchable_share, "cost": charged},
            )  # fmt: skip
            charged = charged + discount.cost
            yield discount
        if regional:
            yield LineItem(
                f"{model.name}, regional inference", Category.TOKENS, use.group.name, charged, billing.prices[regional],
                "{cost} USD of tokens, kept in the region", {"cost": charged},
            )  # fmt: skip


def _classes(billing: Billing, use: Use, model_id: str, sessions: Value) -> Iterator[LineItem]:
    model = billing.inputs.catalog.model(model_id)
    for token_class in TOKEN_CLASSES:
        per_session = use.tokens[token_class]
        if not np.any(per_session):
            continue
        price = price_at(billing, f"{model_id}.{token_class}", use.typical_prompt_tokens)
        yield LineItem(
            f"{model.name}, {_CLASS_LABEL[token_class]}", Category.TOKENS, use.group.name, sessions * (per_session / 1e6), price,
            "{sessions} sessions x {per_session} tokens", {"sessions": sessions, "per_session": per_session},
            billing.assumes(f"fleet.{use.group.slug}.tokens_per_session.{token_class}"),
        )  # fmt: skip


def price_at(billing: Billing, price_id: str, prompt_tokens: Value) -> PriceInForce:
    """The price of a token class for prompts of that length: a step prices the whole request, output included."""
    price = billing.prices[price_id]
    model_id, token_class = price_id.rsplit(".", 1)
    for over in billing.inputs.catalog.model(model_id).steps:
        longer = np.greater(prompt_tokens, over)
        if not np.any(longer):
            break
        step = billing.prices[f"{model_id}.{token_class}.over-{over}"]
        price = step if np.all(longer) else _mixed(price, step, np.where(longer, step.amount, price.amount))
    return price


def _mixed(price: PriceInForce, step: PriceInForce, amount: Value) -> PriceInForce:
    return PriceInForce(price.id, amount, price.pricing_unit, step.source, step.effective_from, step.dated_by, step.negotiated, step.note)
