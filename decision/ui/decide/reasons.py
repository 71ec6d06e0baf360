"""What would change the answer, and what the four questions say."""

from __future__ import annotations

from typing import Any

from decision.framework import edges
from decision.recommendation import Recommendation
from decision.report.sections import flips as section
from decision.ui import state, views
from decision.ui.decide.answer import names_of
from decision.words import STATUS, listed, sentence_case

MOST_FLIPS = 8


def flips(answer: Recommendation) -> None:
    """The smallest changes of single inputs that give another answer, smallest first."""
    names = names_of(answer)
    reachable = sorted(
        (flip for flip in answer.flips if flip.flips_at is not None and flip.option in names), key=lambda flip: (not flip.is_likely, flip.change)
    )
    with views.piece("flips", "What would change this answer"):
        if not reachable:
            views.paragraph("No single input, changed alone within its range, makes another option the cheapest.")
            return
        catalog, likely = state.sheet().catalog, [flip for flip in reachable if flip.is_likely]
        if likely:
            views.paragraph("One input at a time, inside its likely range, the smallest change first; everything else stays as it is.")
            views.numbered([section.flip(catalog, flip).spoken() for flip in likely[:MOST_FLIPS]])
        else:
            views.paragraph("No single input, changed alone inside its likely range, makes another option the cheapest.")
        if beyond := reachable[len(likely) :][: max(0, MOST_FLIPS - len(likely))]:
            views.paragraph("Far outside what is likely or given, one at a time:")
            views.bullets([section.flip(catalog, flip).spoken() for flip in beyond])
        lost = [names[i] for i in names if i != answer.option and not any(flip.option == i for flip in reachable) and i in answer.ranking]
        if lost:
            views.paragraph(f"No single change in range makes {listed(lost, 'or')} the cheapest.")


def rules_shown(answer: Recommendation) -> Any:
    """What the rules show: see `parts`."""
    found = answer.verdict
    walked = [(answer.question, answer.answer) for answer in found.path]
    said = walked, found.outcome, found.sentence, found.gates, found.signals
    return said, answer.status, answer.option, [result.id for result in answer.considered]


def rules(answer: Recommendation) -> None:
    """The four-question framework with the way walked, what it says beside the bill, gates and signals."""
    found = answer.verdict
    with views.piece("rules", "What the four questions say"):
        views.paragraph(found.sentence)
        best = answer.recommended
        if answer.status == "disagree" and best:
            views.notice(f"{sentence_case(STATUS[answer.status])}. The money says otherwise: {best.name} costs least of what is left.")
        views.flow(*edges(answer.inputs.catalog.framework, found.path))
        if found.outcome.shown:
            views.bullets(
                [f"The published flowchart: {found.outcome.flowchart}", f"The prose beside it: {found.outcome.prose}", f"Here: {found.outcome.shown}"]
            )
        considered = {result.id for result in answer.considered}
        hits = [hit for hit in found.gates if considered & set(hit.removes)]
        if hits:
            views.heading("Ruled out")
            catalog = state.sheet().catalog
            removed = [listed(catalog.options[option_id].short_name for option_id in hit.removes if option_id in considered) for hit in hits]
            views.bullets([f"{names}: {hit.because} To relax it: {hit.relax}" for names, hit in zip(removed, hits, strict=True)])
        if found.signals:
            views.heading("Also speaks for a side")
            views.bullets(
                [
                    f"{signal.text} For {'self-hosting' if signal.side == 'self_hosted' else 'a managed runtime'}, {signal.weight}."
                    for signal in found.signals
                ]
            )
