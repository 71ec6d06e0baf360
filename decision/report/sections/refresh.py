"""What a refresh found: each price that is other than on file, feeds that were not read, and prices that no feed gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from decision.catalog import Catalog
from decision.report.document import Block, Gap, Heading, Section, sentence, table
from decision.words import change_percent, counted

if TYPE_CHECKING:  # the network is loaded for one command alone
    from decision.feeds import FeedRun, Finding, Run

OLDEST_SHOWN = 10
NAMES_SHOWN = 3  # of the prices that one reason is given for
LONGEST_MARKDOWN = 60_000  # characters; a pull request takes 65,536
_HEAD = ("price", "on file", "feed says", "change", "from", "what")
_IN_MARKDOWN = (*_HEAD, "feed", "why")
_MARKS = {"same": "confirmed", "changed": "changed", "announced": "announced", "cancelled": "cancelled?", "missing": "not in the feed"}


def refreshed(run: Run, catalog: Catalog) -> Iterator[Block]:
    """All of it, what a person has to look at first."""
    yield Heading("Prices read again", f"on {run.day}, each in the currency of its feed")
    for each in run.feeds:
        if news := [finding for finding in each.findings if finding.is_news]:
            yield Section(f"{each.feed_id}: {each.feed.title}")
            yield table(_HEAD, map(_news, news), numbers=(1, 2, 3))
            yield from (sentence(f"{_listed(names)}: {why}.", lead="- ") for why, names in _reasons(news).items())
            yield Gap()
    yield Section("Feeds")
    yield table(("feed", "confirmed", "other", "said"), map(_feed, run.feeds), numbers=(1, 2), gives_way=3)
    yield Gap()
    yield sentence(summary(run), depth=0)
    if run.unwatched:
        yield Gap()
        yield Section(f"Prices that no feed gives, the oldest {min(OLDEST_SHOWN, len(run.unwatched))} of {len(run.unwatched)}")
        yield table(("price", "last read", "vendor"), ((name, str(day), catalog.vendors[name]) for name, day in run.unwatched[:OLDEST_SHOWN]))


def _reasons(news: list[Finding]) -> dict[str, list[str]]:
    """The prices for each reason."""
    found: dict[str, list[str]] = {}
    for it in news:
        if it.why:
            found.setdefault(it.why, []).append(it.price_id)
    return found


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more


def summary(run: Run) -> str:
    """In one sentence how much of each there is."""
    found, levels = Counter(it.status for it in run.findings), Counter(it.level for it in run.findings if it.level)
    unread = sum(bool(each.unread) for each in run.feeds)
    oldest = f" (oldest: {run.unwatched[0][0]}, {run.unwatched[0][1]})" if run.unwatched else ""
    what = [
        f"{found['same']} confirmed", f"{found['changed']} changed", f"{levels['blocked']} blocked", f"{counted(unread, 'feed')} unread",
        f"{len(run.unwatched)} without a feed{oldest}",
    ]  # fmt: skip
    rows = f" {counted(len(run.rows), 'price')} {'got' if run.written else 'would get'} a new row." if run.rows else ""
    files = f" Written: {', '.join(run.written)}." if run.written else ""
    return f"{', '.join(what)}.{rows}{files}"


def _news(it: Finding) -> tuple[str, ...]:
    moved = change_percent(float(it.on_file), float(it.read)) if it.on_file and it.read is not None else ""
    return it.price_id, _number(it.on_file), _number(it.read), moved, str(it.effective_from or ""), level(it)


def level(it: Finding) -> str:
    """How far a finding goes: its level, or what it is where it has none."""
    return it.level if it.status == "changed" else f"{_MARKS.get(it.status, it.status)}{', ' + it.level if it.level else ''}"


def _number(amount: Decimal | None) -> str:
    return "none" if amount is None else f"{amount:f}"


def _feed(each: FeedRun) -> tuple[str, ...]:
    news = sum(finding.is_news for finding in each.findings)
    said = each.unread or each.warning or ("nothing changed since" if each.unchanged else "")
    if each.feed.role == "opinion" and not said:
        return each.feed_id, "", "", "second opinion only"
    return each.feed_id, str(len(each.confirmed)), str(news), f"unread: {said}" if each.unread else said


def markdown(run: Run, catalog: Catalog) -> str:
    """The text of a pull request, short enough for one."""
    lines = [f"Prices as the feeds give them on {run.day}. {summary(run)}", ""]
    news = [finding for finding in run.findings if finding.is_news]
    if news:
        lines += [_line(_IN_MARKDOWN), _line(["---"] * len(_IN_MARKDOWN)), *(_line((*_news(it), it.feed, it.why)) for it in news), ""]
    lines += [f"- **{each.feed_id}** unread: {each.unread}" for each in run.feeds if each.unread]
    lines += [f"- **{each.feed_id}**: {each.warning}" for each in run.feeds if each.warning]
    if run.unwatched:
        oldest = ", ".join(f"{name} ({day}, {catalog.vendors[name]})" for name, day in run.unwatched[:OLDEST_SHOWN])
        lines += ["", f"No feed gives these, longest unread first: {oldest}."]
    text = "\n".join(lines).strip() + "\n"
    if len(text) <= LONGEST_MARKDOWN:
        return text
    return text[: text.rindex("\n", 0, LONGEST_MARKDOWN)] + "\n\nMore than a pull request holds: run `python -m decision prices refresh`.\n"


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
