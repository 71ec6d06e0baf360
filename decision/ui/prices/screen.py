"""Prices and sources: every price with its dates and source, the team's own prices, the answer through time, published claims computed again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from decision.catalog import Catalog
from decision.errors import BadInput
from decision.framework import STALE_DAYS
from decision.loading import load
from decision.recommendation.prices_used import prices_used
from decision.ui import state, views
from decision.ui.prices.claims import published_claims
from decision.ui.prices.history import answers_through_time
from decision.ui.prices.listings import DERIVED, EVIDENCE, NONE, ORDERS, THIRD, VENDOR, Listing, listings, matching, ordered, price_table
from decision.ui.prices.own import own_price_form, own_prices
from decision.words import counted, day

SECTIONS = {"prices": "Every price", "own": "Your own prices", "time": "The answer through time", "claims": "Published claims"}
PER_PAGE = 20
LONGEST_DAYS = 365  # how far the slider goes
STYLE = Path(__file__).parents[1] / "static" / "prices.css"


@st.cache_resource(max_entries=60, show_spinner=False, hash_funcs={Catalog: lambda catalog: catalog.version})
def all_listings(catalog: Catalog, on: dt.date) -> tuple[Listing, ...]:
    """Every price on a day."""
    return listings(catalog, on)


def in_use() -> set[str]:
    """The prices on the bills of the options considered; empty where there is no answer."""
    try:
        return set(prices_used(state.recommended()))
    except BadInput:
        return set()


def every_price(all_prices: Sequence[Listing]) -> None:
    """Filters, the table, and its pages."""
    with st.container(key="price_filters"), st.grid(3, min_column_width=240):
        words = st.text_input("Search", key="price_words", persist_state="session", max_chars=80, placeholder="Such as: sonnet output")
        vendor = st.selectbox(
            "Vendor",
            sorted({listing.vendor for listing in all_prices}),
            index=None,
            key="price_vendor",
            persist_state="session",
            placeholder="All vendors",
        )
        order = st.selectbox("Order", list(ORDERS), key="price_order", persist_state="session", format_func=lambda name: ORDERS[name])
    evidence = st.pills(
        "Who says so", list(EVIDENCE), selection_mode="multi", key="price_evidence", persist_state="session", format_func=lambda name: EVIDENCE[name]
    )
    with st.grid(3, min_column_width=240, vertical_alignment="bottom"):
        used = st.toggle("Only what your options use", key="price_used", persist_state="session")
        stale = st.toggle("Only stale ones", key="price_stale", persist_state="session")
        usual = int(load().framework.threshold(STALE_DAYS))
        age = st.slider("Stale when not read for more than, days", 0, LONGEST_DAYS, usual, key="price_age", persist_state="session")
    found = matching(all_prices, words, vendor, evidence, in_use() if used else None)
    found = ordered([listing for listing in found if not stale or listing.is_stale(age)], order)
    if not found:
        views.paragraph("No price fits all of these. Shorten the search, or take a filter back.")
        return
    aged = sum(listing.is_stale(age) for listing in found)
    words = (
        f"{counted(len(found), 'price')}, {aged} of them not read for more than {counted(age, 'day')}"
        if aged
        else f"{counted(len(found), 'price')}, none stale"
    )
    page, pages, table = 1, -(-len(found) // PER_PAGE), st.container()
    if pages > 1:
        page = st.pagination(pages, key=f"price_page_{pages}")
    first = (page - 1) * PER_PAGE
    shown = found[first : first + PER_PAGE]
    with table:
        caption = f"{words}. Shown: {first + 1} to {first + len(shown)}, on {day(shown[0].on)}."
        price_table(load(), shown, own_prices(), age, caption)


def overview(all_prices: Sequence[Listing]) -> str:
    """How many prices there are, and who says so."""
    counts = {name: sum(listing.evidence == name for listing in all_prices) for name in EVIDENCE}
    vendors = len({listing.vendor for listing in all_prices})
    return (
        f"{len(all_prices)} prices of {vendors} vendors on {day(all_prices[0].on)}: {counts[VENDOR]} as the vendor itself says, "
        f"{counts[THIRD]} as third parties tell them, {counts[DERIVED]} derived from others; "
        f"{counts[NONE]} have no price that day and are never taken as 0."
    )


st.html(STYLE)
for kind, sentences in state.notices(said=True):
    views.say(kind, sentences)

on = state.sheet().inputs.as_of
known = all_listings(load(), on)
st.title("Prices and sources", anchor=False)
views.paragraph(overview(known))
section = st.segmented_control(
    "Show",
    list(SECTIONS),
    default="prices",
    required=True,
    key="price_section",
    persist_state="session",
    label_visibility="collapsed",
    format_func=lambda name: SECTIONS[name],
)
st.header(SECTIONS[section], anchor=False)
match section:
    case "own":
        own_price_form({listing.id: listing for listing in known})
    case "time":
        answers_through_time()
    case "claims":
        published_claims()
    case _:
        every_price(known)

state.keep_address()
