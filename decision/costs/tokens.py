"""Tokens: per model and class at list price, with batch, regional and prompt-length rules."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np

from decision.catalog import TOKEN_CLASSES, PriceInForce, Prices, Seller, Value
from decision.costs.line_items import Category, LineItem
from decision.costs.use import Use, some
from decision.scenario import Inputs

PRICED_BY = ("typical_prompt_tokens", "long_prompt_share", "batchable_share")
"""A group's own numbers that decide which of its models' prices its tokens take."""

_CLASS_LABEL = {
    "input": "input", "cache_read": "cache reads", "cache_write_5m": "5-minute cache writes",
    "cache_write_1h": "1-hour cache writes", "output": "output",
}  # fmt: skip
_BATCH_CLASS = {"input": "batch_input", "output": "batch_output"}


@dataclass(frozen=True, slots=True)
class Sale:
    """A month's use at the terms of one seller; without one at list price: no batches, no premium."""

    seller: Seller | None
    inputs: Inputs
    uses: tuple[Use, ...]
    prices: Prices


def tokens(sale: Sale) -> list[LineItem]:
    """Token charges of every group: five classes a model, sessions in batches at the published batch prices, then the regional premium.

    Cached tokens of batches have no price of their own: where the seller takes a discount off them, it is a line that is a share of their
    list cost. The premium is a line of its own too, so that quantity x price holds on every line.
    Source: the vendors' price pages, through each line's price.
    """
    return [item for use in sale.uses for item in _group_tokens(sale, use)]


def token_terms(seller: Seller) -> Hashable:
    """All that token charges depend on besides the scenario: sellers with equal terms have the same lines."""
    return (
        seller.batch,
        *sorted(seller.cached_batch_discount.items()),
        "and",
        *sorted((maker, terms.price, terms.released_from, terms.models, terms.others) for maker, terms in seller.regional_premium.items()),
    )


def _group_tokens(sale: Sale, use: Use) -> Iterator[LineItem]:
    weight = sum(use.model_mix.values())
    in_region = sale.inputs.scenario.constraints.data_residency != "none"  # what is stricter than a region pins it too
    for model_id, share in use.model_mix.items():
        model = sale.inputs.catalog.model(model_id)
        lines = _model_tokens(sale, use, model_id, use.sessions * (share / weight))
        yield from lines
        terms = sale.seller.regional_premium.get(model.maker) if sale.seller and in_region else None
        premium = terms.price if terms and terms.apply_to(model_id, sale.inputs.catalog.models) else None
        if premium:
            charged: Value = sum(line.cost for line in lines)
            yield _share_of(sale, use, f"{model.name}, regional inference", premium, charged, "{cost} USD of tokens, kept in the region")


def _model_tokens(sale: Sale, use: Use, model_id: str, sessions: Value) -> list[LineItem]:
    model, catalog = sale.inputs.catalog.model(model_id), sale.inputs.catalog
    seller = sale.seller
    in_batches = seller is not None and seller.batch and f"{model_id}.batch_input" in catalog.prices and some(use.batchable_share)
    used = [token_class for token_class in TOKEN_CLASSES if some(use.tokens[token_class])]
    lines = [_class_line(sale, use, model_id, token_class, sessions, in_batches) for token_class in used]
    if not in_batches:
        return lines
    cached: Value = sum(line.cost for token_class, line in zip(used, lines, strict=True) if token_class not in _BATCH_CLASS)
    lines += [_batch_line(sale, use, model_id, token_class, sessions) for token_class in used if token_class in _BATCH_CLASS]
    discount = seller.cached_batch_discount.get(model.maker) if seller else None
    if discount and some(cached):
        label, words = f"{model.name}, batch discount on cached tokens", "minus {cost} USD of cached tokens in batches"
        lines.append(_share_of(sale, use, label, discount, -(cached * use.batchable_share), words))
    return lines


def _class_line(sale: Sale, use: Use, model_id: str, token_class: str, sessions: Value, in_batches: bool) -> LineItem:
    """Tokens of one class at list price: of all sessions, or of those outside batches where batches have a price of their own."""
    terms, working = {"sessions": sessions, "each": use.tokens[token_class]}, "{sessions} sessions x {each} tokens"
    if in_batches and token_class in _BATCH_CLASS:
        sessions = sessions * (1.0 - use.batchable_share)
        terms, working = terms | {"single": 1.0 - use.batchable_share}, working + " x {single} not in batches"
    label = f"{sale.inputs.catalog.model(model_id).name}, {_CLASS_LABEL[token_class]}"
    return _tokens_line(sale, use, token_class, label, sessions, f"{model_id}.{token_class}", working, terms)


def _batch_line(sale: Sale, use: Use, model_id: str, token_class: str, sessions: Value) -> LineItem:
    """Tokens of one class in batches, at the published batch price."""
    label = f"{sale.inputs.catalog.model(model_id).name}, {_CLASS_LABEL[token_class]} in batches"
    terms = {"sessions": sessions, "each": use.tokens[token_class], "batch": use.batchable_share}
    working = "{sessions} sessions x {each} tokens x {batch} in batches"
    return _tokens_line(sale, use, token_class, label, sessions * use.batchable_share, f"{model_id}.{_BATCH_CLASS[token_class]}", working, terms)


def _tokens_line(
    sale: Sale, use: Use, token_class: str, label: str, sessions: Value, price_id: str, working: str, terms: dict[str, Value]
) -> LineItem:
    price = price_at(sale, price_id, use)
    guessed = use.assumes(f"tokens_per_session.{token_class}")
    return LineItem(label, Category.TOKENS, use.group.name, sessions * (use.tokens[token_class] / 1e6), price, working, terms, guessed)


def _share_of(sale: Sale, use: Use, label: str, price_id: str, cost: Value, working: str) -> LineItem:
    """A premium or discount: a share of an amount in USD."""
    return LineItem(label, Category.TOKENS, use.group.name, cost, sale.prices[price_id], working, {"cost": np.abs(cost)})


def price_at(sale: Sale, price_id: str, use: Use) -> PriceInForce:
    """The price of a token class for a group's prompts: a step prices the whole request, output included.

    Where the share of requests above the first step is known, the price is the mean of the two, by requests; else all are as long as the typical one.
    """
    price = sale.prices[price_id]
    model_id, token_class = price_id.rsplit(".", 1)
    for over in sale.inputs.catalog.model(model_id).steps:
        longer: Value = np.greater(use.typical_prompt_tokens, over) * 1.0 if use.long_prompt_share is None else use.long_prompt_share
        if not some(longer):
            break
        step = sale.prices[f"{model_id}.{token_class}.over-{over}"]
        whole = bool(np.all(np.equal(longer, 1)))
        price = step if whole else _mixed(price, step, price.amount + (step.amount - price.amount) * longer)
        if use.long_prompt_share is not None:
            break
    return price


def _mixed(price: PriceInForce, step: PriceInForce, amount: Value) -> PriceInForce:
    return PriceInForce(price.id, amount, price.pricing_unit, step.source, step.effective_from, step.dated_by, step.negotiated, step.note)
