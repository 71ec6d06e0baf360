"""Sessions at once, and limits that are kept at the likely values but not in every draw, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decision.catalog import Option
from decision.costs.load import Load
from decision.words import about, odds_words


def load_sentence(load: Load) -> str:
    """What servers, quotas and limits are held against: one figure where the fleet stays as it is, else the first month and the twelfth."""
    if load.now[1:] == load.month_12[1:]:
        return f"Sessions open at once: {about(load.now.peak)} at the busiest time, {about(load.now.mean)} on average."
    told = (f"{about(at.peak)} at the busiest time of month {at.month}, {about(at.mean)} on average" for at in (load.now, load.month_12))
    return f"Sessions open at once: {'; '.join(told)}."


def limit_sentences(beyond: Mapping[str, float], options: Mapping[str, Option]) -> Iterator[str]:
    """Options that exceed a published limit in some draws. beyond: option -> share of draws."""
    for option_id, share in beyond.items():
        if share > 0:
            yield f"In {odds_words(share)} of the draws {options[option_id].name} exceeds a limit that its vendor publishes."
