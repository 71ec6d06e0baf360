"""Published claims beside our own figures, with the working."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decision.claims import Claims, Recomputed, Result
from decision.report.document import Block, Gap, Heading, sentence
from decision.words import computed

_BESIDE = {True: "agrees", False: "differs", None: "not compared"}


def claims(said: Claims, found: Sequence[Recomputed]) -> Iterator[Block]:
    """The section."""
    counts = {result: sum(claim.result is result for claim in found) for result in Result}
    yield Heading(f"{len(found)} published claims", f"computed again with the prices of {said.checked}")
    yield sentence(", ".join(f"{count} {result}" for result, count in counts.items()) + f". {said.closeness.assumption}", depth=0)
    for claim in found:
        yield Gap()
        yield from _claim(claim)
    yield Gap()
    yield sentence("Published by", depth=0)
    yield from (sentence(title, lead=f"{name}: ") for name, title in said.sources.items())


def _claim(found: Recomputed) -> Iterator[Block]:
    claim = found.claim
    yield sentence(f"{claim.claim} ({', '.join(claim.sources)})", lead=f"{claim.id:<4}", depth=0)
    yield sentence(f"our figures: {found.result}; verdict: {claim.verdict}", depth=2)
    if found.correct is not None:
        yield sentence(found.correct, lead="correct: ", depth=2)
    for figure in found.figures:
        against = f"; published {figure.published}, {_BESIDE[figure.agrees]}" if figure.published is not None else ""
        shown = computed(figure.ours)
        working = "" if figure.working == shown else f"{figure.working} = "
        yield sentence(f"{figure.what}: {working}{shown} {figure.unit}{against}", lead="- ", depth=2)
