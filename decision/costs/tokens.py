"""Tokens: per model and class at list price, with batch, regional and prompt-length rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from decision.catalog import TOKEN_CLASSES, PriceInForce, Value
from decision.costs.line_items import Billing, Category, LineItem
from decision.costs.use import Use

CACHE_BATCH_DISCOUNT = "anthropic.batch-discount"

_CLASS_LABEL = {
    "input": "input", "cache_read": "cache reads", "cache_write_5m": "5-minute cache writes",
    "cache_write_1h": "1-hour cache writes", "output": "output",
}  # fmt: skip
_BATCH_CLASS = {"input": "batch_input", "output": "batch_output"}


def tokens(billing: Billing) -> list[LineItem]:
    """Token charges of every group: five classes a model, sessions in batches at the published batch prices, then the regional premium.

    Cached tokens of Claude batches have no price of their own: the discount stacks, as a line that is a share of their list cost. The
    premium is a line of its own too, so that quantity x price holds on every line.
    Source: the vendors' price pages, through each line's price.
    """
    return [item for use in billing.uses for item in _group_tokens(billing, use)]


def _group_tokens(billing: Billing, use: Use) -> Iterator[LineItem]:
    weight = sum(use.model_mix.values())
    for model_id, share in use.model_mix.items():
        model = billing.inputs.catalog.model(model_id)
        lines = list(_classes(billing, use, model_id, use.sessions * (share / weight)))
        if billing.option.regional_premium and model.maker == "anthropic" and billing.inputs.scenario.constraints.data_residency == "vendor_region":
            charged: Value = sum(line.cost for line in lines)
            lines.append(LineItem(
                f"{model.name}, regional inference", Category.TOKENS, use.group.name, charged, billing.prices[billing.option.regional_premium],
                "{cost} USD of tokens, kept in the region", {"cost": charged},
            ))  # fmt: skip
        yield from lines


def _classes(billing: Billing, use: Use, model_id: str, sessions: Value) -> Iterator[LineItem]:
    model = billing.inputs.catalog.model(model_id)
    batches = billing.option.batch and f"{model_id}.batch_input" in billing.inputs.catalog.prices and bool(np.any(np.greater(use.batchable_share, 0)))
    single = 1.0 - use.batchable_share
    cached: Value = 0.0
    for token_class in TOKEN_CLASSES:
        per_session = use.tokens[token_class]
        if not np.any(per_session):
            continue
        assumed = billing.assumes(f"fleet.{use.group.slug}.tokens_per_session.{token_class}")
        label, quantity, terms = f"{model.name}, {_CLASS_LABEL[token_class]}", sessions * (per_session / 1e6), {"sessions": sessions, "per_session": per_session}
        price, working = price_at(billing, f"{model_id}.{token_class}", use.typical_prompt_tokens), "{sessions} sessions x {per_session} tokens"
        if not batches or token_class not in _BATCH_CLASS:
            line = LineItem(label, Category.TOKENS, use.group.name, quantity, price, working, terms, assumed)
            cached = cached + line.cost if batches else cached
            yield line
            continue
        parts = {"single": single, "batch": use.batchable_share}
        batch_price = price_at(billing, f"{model_id}.{_BATCH_CLASS[token_class]}", use.typical_prompt_tokens)
        yield LineItem(label, Category.TOKENS, use.group.name, quantity * single, price, working + " x {single} not in batches", terms | parts, assumed)
        yield LineItem(
            f"{label} in batches", Category.TOKENS, use.group.name, quantity * use.batchable_share, batch_price, working + " x {batch} in batches", terms | parts, assumed
        )
    if batches and model.maker == "anthropic" and np.any(cached):
        yield LineItem(
            f"{model.name}, batch discount on cached tokens", Category.TOKENS, use.group.name, -(cached * use.batchable_share), billing.prices[CACHE_BATCH_DISCOUNT],
            "minus {batch} of sessions in batches x {cost} USD of cached tokens", {"batch": use.batchable_share, "cost": cached},
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
