"""Rules and dollars side by side: which option, how far they agree, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from decision.catalog.options import Family
from decision.costs.bill import common_cost
from decision.framework import (
    CLEAR_ODDS,
    CLOSE_CALL_LARGE_SHARE,
    CLOSE_CALL_SHARE,
    CLOSE_CALL_USD,
    INDIFFERENT_USD,
    Framework,
    Verdict,
)
from decision.recommendation.results import OptionResult
from decision.words import about_money, in_unit, listed, odds_words

Status = Literal["agree", "close_call", "disagree", "indifferent", "none"]

_NOBODY = "Nobody works here: the fleet has no agents, now or in 12 months. Say how many there will be, and the answer follows."


@dataclass(frozen=True, slots=True)
class Choice:
    """What is recommended, and the sentence that decided it."""

    option: str | None
    status: Status
    because: str


@dataclass(frozen=True, slots=True)
class Lead:
    """How far the cheapest option is ahead of another: USD over the horizon, a month, and as a share of the cost that differs."""

    usd: float
    usd_per_month: float
    share: float


def lead(cheapest: OptionResult, other: OptionResult, horizon_months: int) -> Lead:
    """The lead of one option over another.

    The share is of the other's cost without the tokens that both pay, so that a large token bill does not hide a large difference;
    the token share of the run is that of month 12.
    """
    assert cheapest.costed is not None
    assert other.costed is not None  # both were ranked
    usd = float(other.costed.owned.total) - float(cheapest.costed.owned.total)
    monthly = float(other.costed.bill.total)
    both_pay = float(common_cost([cheapest.costed.bill, other.costed.bill])) / monthly if monthly else 0.0
    differs = float(other.costed.owned.total) - both_pay * float(other.costed.owned.run)
    return Lead(usd, usd / horizon_months, usd / differs if differs > 0 else 0.0)


def choice_of(framework: Framework, found: Verdict, ranked: Sequence[OptionResult], results: Mapping[str, OptionResult], horizon: int) -> Choice:
    """The option to recommend, from those left in the order of their cost.

    none: none is left. indifferent: even the dearest costs hardly more than the cheapest, which is recommended. agree: the cheapest is one that
    the rule means, or costs as much as one. close_call: it is not, but its lead over the cheapest of those is small or unsure; the rule decides.
    disagree: its lead is clear, or none of those is considered; the cheapest is recommended and the objection told. What the rule means: the
    families it names, or the nearest family left where gates or missing prices leave none of them.
    """
    if not found.populated:
        return Choice(None, "none", _NOBODY)
    if not ranked:
        return Choice(None, "none", _nothing_left(found, results))
    families, rule = _meant(framework, found, ranked, results)
    inside = [result for result in ranked if result.option.family in families]
    best = next((result for result in inside if _costs_the_same(lead(ranked[0], result, horizon))), ranked[0])
    ranked = [best, *(result for result in ranked if result is not best)]
    if len(ranked) > 1 and (spread := lead(best, ranked[-1], horizon)).usd_per_month < framework.threshold(INDIFFERENT_USD):
        return Choice(best.id, "indifferent", f"{_hardly_differ(ranked, spread, horizon)} The rule need not decide. {rule}")
    if not inside:
        objection = f"The rule says otherwise. {rule} But none of the options it names is among those considered."
        return Choice(best.id, "disagree", f"{_costs_least(ranked, horizon)} {objection}{_unclear(framework, ranked, horizon)}")
    if best in inside:
        agreement = f"The rule says the same. {rule}"
        return Choice(best.id, "agree", f"{_costs_least(ranked, horizon)} {agreement}{_unclear(framework, ranked, horizon)}")
    return _against_the_rule(framework, ranked, inside, rule, horizon)


def _against_the_rule(framework: Framework, ranked: Sequence[OptionResult], inside: Sequence[OptionResult], rule: str, horizon: int) -> Choice:
    """The cheapest is none that the rule means. inside: those that are, the cheapest first."""
    cheapest, best = ranked[0], inside[0]
    ahead = lead(cheapest, best, horizon)
    beaten = 1 - sum(result.odds or 0.0 for result in inside)
    if close := _close(framework, ahead, beaten, "what the rule names is beaten in only"):
        because = (
            f"{cheapest.name} would cost {about_money(ahead.usd)} less over {horizon} months, {about_money(ahead.usd_per_month)} a month, "
            f"but that is a close call: {close}. The rule decides. "
            f"{rule} {best.name} costs about {about_money(_total(best))} over {horizon} months."
        )
        return Choice(best.id, "close_call", because)
    because = (
        f"{cheapest.name} costs about {about_money(_total(cheapest))} over {horizon} months, "
        f"{about_money(ahead.usd)} ({about_money(ahead.usd_per_month)} a month) less than {best.name}, the cheapest that the rule would choose. "
        f"The rule objects. {rule}{_unclear(framework, ranked, horizon)}"
    )
    return Choice(cheapest.id, "disagree", because)


def _costs_the_same(ahead: Lead) -> bool:
    """Whether nobody sees a difference: totals are shown in whole dollars."""
    return ahead.usd < 1


def _hardly_differ(ranked: Sequence[OptionResult], spread: Lead, horizon: int) -> str:
    best = ranked[0]
    if _costs_the_same(spread):
        return f"It does not matter: each option costs about {about_money(_total(best))} over {horizon} months."
    return (
        f"It does not matter: only {about_money(spread.usd)} over {horizon} months, {about_money(spread.usd_per_month)} a month, lie between "
        f"the cheapest option and the dearest, {ranked[-1].name}. {best.name} is the cheapest, at about {about_money(_total(best))}."
    )


def _costs_least(ranked: Sequence[OptionResult], horizon: int) -> str:
    cheapest = ranked[0]
    costs = f"{cheapest.name} costs about {about_money(_total(cheapest))} over {horizon} months"
    if len(ranked) == 1:
        return f"{costs}; it is the only option left."
    ahead = lead(cheapest, ranked[1], horizon)
    if _costs_the_same(ahead):
        return f"{costs}, the same as {ranked[1].name}."
    return f"{costs}, {about_money(ahead.usd)} ({about_money(ahead.usd_per_month)} a month) less than {ranked[1].name}."


def _unclear(framework: Framework, ranked: Sequence[OptionResult], horizon: int) -> str:
    """A sentence when the cheapest option is not clearly ahead of the runner-up, whatever the rule says."""
    if len(ranked) < 2:
        return ""
    close = _close(framework, lead(ranked[0], ranked[1], horizon), ranked[0].odds, "it is cheapest in only")
    return f" {ranked[0].name} is no clear winner over {ranked[1].name}, though: {close}." if close else ""


def _close(framework: Framework, ahead: Lead, odds: float | None, what: str) -> str:
    """Why a lead is a close call, in words; '' when it is clear."""
    share, large, usd, clear = (framework.threshold(name) for name in (CLOSE_CALL_SHARE, CLOSE_CALL_LARGE_SHARE, CLOSE_CALL_USD, CLEAR_ODDS))
    reasons = []
    if ahead.share < share:
        reasons.append(f"the lead is under {in_unit(share, 'share')} of the cost that differs")
    elif ahead.usd_per_month < usd and ahead.share < large:
        reasons.append(f"the lead is under {about_money(usd)} a month, and under {in_unit(large, 'share')} of the cost that differs")
    if odds is not None and odds < clear:
        reasons.append(f"{what} {odds_words(odds)} of the draws")
    return listed(reasons)


def _meant(
    framework: Framework, found: Verdict, ranked: Sequence[OptionResult], results: Mapping[str, OptionResult]
) -> tuple[tuple[Family, ...], str]:
    """The families that the rule means, and the rule in words.

    Where options of its own families were considered and none is left, it falls to the nearest family that is; what was not considered at all
    falls to none, since nothing but the team's choice stands against it.
    """
    named = [result for result in results.values() if result.option.family in found.families]
    left = {result.option.family for result in ranked}
    nearest = next((family for family in found.outcome.otherwise if family in left), None)
    if not named or not left.isdisjoint(found.families) or nearest is None:
        return found.families, found.sentence
    return (nearest,), f"{found.sentence} That cannot be had: {_why_not(found, named)}. The nearest left is {framework.families[nearest]}."


def _why_not(found: Verdict, results: Iterable[OptionResult]) -> str:
    """Why none of these is left, those with the same reason together."""
    names: dict[str, list[str]] = {}
    for result in results:
        hits = found.ruled_out_by(result.id)
        reason = " ".join(hit.because for hit in hits) if hits else result.unpriced or ""
        names.setdefault(reason.rstrip("."), []).append(result.option.short_name)
    return "; ".join(f"{listed(together)} ({reason})" for reason, together in names.items())


def _nothing_left(found: Verdict, results: Mapping[str, OptionResult]) -> str:
    """Which gate to relax: of the options considered, those that the fewest gates remove, the cheapest of them first."""
    removed = [result for result in results.values() if result.ruled_out_by and result.costed]
    nearest = min(removed, key=lambda result: (len(set(result.ruled_out_by)), _total(result)))
    hits = found.ruled_out_by(nearest.id)
    relax = " ".join(dict.fromkeys(hit.relax for hit in hits))
    at = "" if any(hit.reprices for hit in hits) else f", at about {about_money(_total(nearest))} over the horizon"
    return f"None of these can: {_why_not(found, results.values())}. What would bring back {nearest.name}{at}: {relax}"


def _total(result: OptionResult) -> float:
    assert result.total is not None  # only ranked or removed options with costs are asked
    return result.total
