"""Which models do the work of a group, and their shares of its tokens; with two models, the shares follow each other."""

from __future__ import annotations

from typing import Any

import streamlit as st

from decision.scenario import Amount, Spec
from decision.scenario.quantity import read
from decision.ui import state
from decision.ui.form.fields import FLEET, problem_below, typed_text
from decision.ui.formats import escaped
from decision.ui.sheet import Place, typed_value
from decision.words import listed

_SHARE = Spec("Share of the model", "share of 1")


def models(i: int, at: str = "") -> None:
    """The models of a group; a share may be a range. at: as in `fields`; the shares stand in the form alone."""
    place: Place = (FLEET, i, "model_mix")
    sheet = state.sheet()
    names = {model_id: model.name for model_id, model in sheet.catalog.models.items()}
    prefix = f"fleet.{sheet.scenario.fleet[i].slug}.model_mix."
    assumed = [path.removeprefix(prefix) for path, fact in sheet.inputs.facts.items() if path.startswith(prefix) and fact.origin == "assumed"]
    draft = sheet.drafts.get(place)
    mix: dict[str, Any] = dict(draft.typed if draft else sheet.at(place) or {})
    st.multiselect(
        "Models",
        list(names),
        default=list(mix),
        format_func=lambda model_id: names[model_id],
        key=state.key(place, at),
        on_change=_chose_models,
        args=(place, state.key(place, at), bool(at)),
        placeholder=f"{listed(names[m] for m in assumed)} assumed" if assumed else "Choose models",
        help="The shares are of the sessions' tokens. A share may be a range, such as 20 to 40.",
    )
    if at:
        return
    for model_id, share in mix.items() if len(mix) > 1 else ():
        st.text_input(
            escaped(f"Share of {names[model_id]}, per cent"),
            _as_typed(share),
            key=state.key(place, model_id),
            max_chars=40,
            on_change=_typed_share,
            args=(place, model_id, tuple(mix)),
        )
    problem_below(place)


def _chose_models(place: Place, widget: str, elsewhere: bool) -> None:
    chosen = st.session_state[widget]
    if set(chosen) == set(state.sheet().at(place) or ()):
        return
    even = {model_id: round(1 / len(chosen), 4) for model_id in chosen[1:]}
    state.write(place, {chosen[0]: round(1 - sum(even.values()), 4), **even} if chosen else None, "Models", elsewhere)


def _typed_share(place: Place, model_id: str, mix: tuple[str, ...]) -> None:
    texts = {other: st.session_state[state.key(place, other)] for other in mix}
    shares = {other: _share(text) for other, text in texts.items()}
    share = shares[model_id]
    if len(mix) == 2 and share is not None and share.high <= 1:
        other = next(m for m in mix if m != model_id)
        shares[other] = rest = Amount(*(round(1 - end, 10) for end in (share.high, share.likely, share.low)))
        st.session_state[state.key(place, other)] = _as_typed(rest.plain())
    state.write(place, {m: texts[m] if amount is None else amount.plain() for m, amount in shares.items()}, "Models")


def _share(text: str) -> Amount | None:
    """A share as it is typed, in per cent or not: 30 %, 30 and 0.3 are the same, and so are 20 to 40 and 20 % to 40 %. None where it is no share."""
    try:
        amount = read(typed_value(text))
    except ValueError:
        return None
    scale = 100 if amount.high > 1 else 1
    return Amount(*(round(end / scale, 10) for end in (amount.low, amount.likely, amount.high)))


def _as_typed(share: Any) -> str:
    """A share as it stands in its field."""
    if isinstance(share, str):
        return share
    amount = read(share)
    return f"{typed_text(amount.low, _SHARE)} to {typed_text(amount.high, _SHARE)}" if amount.is_range else typed_text(amount.likely, _SHARE)
