"""Whether a filed decision still stands: what has come about since, and what that changes in dollars."""

from __future__ import annotations

from collections.abc import Iterator

from decision.report.document import Block, Figure, Section, sentence, table
from decision.report.recorded import Checked
from decision.words import STATUS, counted, day


def checked(found: Checked) -> Iterator[Block]:
    """The section: the answer first."""
    said, now = found.recorded, found.now
    known = {option_id: option.name for option_id, option in now.inputs.catalog.options.items()}
    before, after = (known.get(option_id, option_id) if option_id else "none" for option_id in (said.option, now.option))
    if found.stands:
        yield sentence(f"It stands: {after} ({STATUS[now.status]}).")
    else:
        yield sentence(f"It no longer stands: {before} was filed, and {after} would be recommended now. {now.because}")
    waiting = len(said.triggers)
    yield sentence(f"{len(found.fired)} of {counted(waiting, 'condition')} to look again {'has' if len(found.fired) == 1 else 'have'} come about.")
    if found.fired:
        yield Section("What has come about")
        yield from (sentence(f"{each.trigger.words}. {each.because}", lead="- ") for each in found.fired)
    yield from _dollars(found)


def _dollars(found: Checked) -> Iterator[Block]:
    monthly = found.monthly
    filed, then, now = monthly["filed"], monthly["then"], monthly["now"]
    if then is None or now is None:
        yield sentence("The bill of the option filed cannot be compared: it has no price on one of the two days.")
        return
    yield Section("What that changes, USD in month 12 of the option filed")
    if filed is not None and round(filed - then, 2):
        corrected = ": prices were corrected since."
        yield sentence("Filed as ", Figure(filed, "cents"), "; by today's data the same month costs ", Figure(then, "cents"), corrected)
    rows = [(str(cause), Figure(value, "cents", signed=True)) for cause, value in found.causes.items()]
    yield table(("cause", "USD"), (("then", Figure(then, "cents")), *rows, ("now", Figure(now, "cents"))), numbers=(1,))
    if not rows:
        yield sentence(f"Nothing changed between {day(found.recorded.as_of)} and {day(found.now.as_of)}.")
