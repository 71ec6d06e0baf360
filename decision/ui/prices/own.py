"""Negotiated prices: they stand in the scenario under overrides.prices, so that link, undo, file and every other page know them."""

from __future__ import annotations

import streamlit as st

from decision.scenario.quantity import read
from decision.ui import state, views
from decision.ui.form import fields, toolbar
from decision.ui.formats import escaped
from decision.ui.prices.listings import Listing, unit_in_words
from decision.ui.sheet import Place
from decision.words import counted, typed_amount, unit_price

CHOICE = "own_price_choice"


def place_of(price_id: str) -> Place:
    """Where a team's own price stands in the scenario."""
    return (fields.OVERRIDES, "prices", price_id)


def own_prices() -> dict[str, str]:
    """The team's own prices in words, those that cannot be used yet left out."""
    return {price_id: f"${typed_amount(amount)}" for price_id, amount in state.sheet().scenario.overrides.prices.items()}


def typed_ids() -> list[str]:
    """Prices with something typed, usable or not, in the order of typing."""
    sheet = state.sheet()
    waiting = [str(place[2]) for place in sheet.drafts if place[:2] == (fields.OVERRIDES, "prices")]
    return list(dict.fromkeys([*sheet.scenario.overrides.prices, *waiting]))


def own_price_form(all_listings: dict[str, Listing]) -> None:
    """A field for each own price, and one more for the price chosen; with what it replaces, and a way back."""
    typed = typed_ids()
    views.paragraph(
        "A price that you have negotiated, or know of, replaces the list price in every figure. "
        "It is part of your answers: the link and the file carry it."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Which price?", list(all_listings), index=None, key=CHOICE, persist_state="session", placeholder="Type a part of its name",
            format_func=lambda price_id: f"{all_listings[price_id].description.rstrip('.')} ({price_id})",
        )  # fmt: skip
        toolbar.undo()
    shown = typed if chosen is None or chosen in typed else [*typed, chosen]
    if not shown:
        views.paragraph("You have none yet: every figure rests on list prices.")
    else:
        views.paragraph(f"{counted(len(typed), 'own price')}." if typed else "Type what you pay; a blank field keeps the list price.")
    for price_id in shown:
        _own_price(all_listings[price_id])


def _own_price(listing: Listing) -> None:
    """One own price: what it is, the field, its problem, and a button that takes it out."""
    place, sheet = place_of(listing.id), state.sheet()
    said, draft = sheet.at(place), sheet.drafts.get(place)
    shown = str(draft.typed) if draft else "" if said is None else typed_amount(read(said))
    listed = "no list price" if listing.price is None else f"list {unit_price(listing.price.amount)}"
    what = f"your price of {listing.id}"
    with st.container(border=True, key=f"own_{listing.id.replace('.', '_')}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                f"{escaped(listing.description.rstrip('.'))}, in US dollars ({escaped(unit_in_words(listing.pricing_unit))})", shown,
                placeholder=listed, max_chars=60,
                help="A number such as 0.06, or a range such as 0.05 to 0.07 while the talks last. Blank: the list price.",
                **state.bound(place, what),
            )  # fmt: skip
            if said is not None or draft:
                st.button(
                    "Remove",
                    icon=":material/delete:",
                    key=state.key(place, "remove"),
                    on_click=_remove,
                    args=(listing.id,),
                    help=f"Back to the list price of {escaped(listing.id)}",
                )
        fields.problem_below(place)
        views.note(f"{listing.id}, {listing.vendor}, {listed}")


def _remove(price_id: str) -> None:
    if st.session_state.get(CHOICE) == price_id:
        st.session_state[CHOICE] = None
    state.write(place_of(price_id), None, f"your price of {price_id}")


__all__ = ["own_price_form", "own_prices"]
