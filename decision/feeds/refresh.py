"""One run over the feeds: fetch, normalise, match, judge, propose, write. A feed that cannot be read stops no other."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from decision.catalog import Catalog
from decision.catalog.feeds import Visit
from decision.catalog.history import last_read
from decision.catalog.prices import row_in_force
from decision.catalog.watched import Feed, Link, links
from decision.errors import BadInput, nearest
from decision.feeds.answers import SchemaChanged
from decision.feeds.fetch import Fetched, Unread, fetch
from decision.feeds.formats import READERS
from decision.feeds.judging import Asked, Finding, judged, on_file
from decision.feeds.matching import Match, Price, by_key, match
from decision.feeds.rows import PriceTexts, with_visits
from decision.feeds.writing import write as put

SHRINKS_TO = 0.8  # of the prices of the last visit: an answer with fewer is a part of one
CONFIRM_AFTER_DAYS = 28  # a younger confirmation is not written again: the ledger would grow every week and say nothing
SUFFIX = ".answer"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FeedRun:
    """What came of one feed. unread: why nothing of it is used. warning: what is odd about an answer that is used."""

    feed_id: str
    feed: Feed
    unread: str = ""
    warning: str = ""
    unchanged: bool = False
    findings: tuple[Finding, ...] = ()
    visits: tuple[Visit, ...] = ()

    @property
    def confirmed(self) -> tuple[str, ...]:
        """Ids of the prices that are as they are on file."""
        return tuple(it.price_id for it in self.findings if it.status == "same")


@dataclass(frozen=True, slots=True)
class Run:
    """All feeds of a run. rows: the findings that are, or would be, written as rows. written: the files that were."""

    day: dt.date
    feeds: tuple[FeedRun, ...]
    rows: tuple[Finding, ...]
    unwatched: tuple[tuple[str, dt.date], ...]
    written: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all feeds."""
        return tuple(finding for each in self.feeds for finding in each.findings)

    @property
    def is_quiet(self) -> bool:
        """Whether every feed was read and says what is on file."""
        return not any(each.unread for each in self.feeds) and not any(finding.is_news for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for. only: feed ids, all where empty. accepted: prices that a person has looked at, by id.

    taken_from: a folder of saved answers.
    """

    only: tuple[str, ...] = ()
    write: bool = False
    announced: bool = False
    accepted: Mapping[str, Decimal] | None = None
    taken_from: Path | None = None
    save_to: Path | None = None


def refresh(catalog: Catalog, feeds: Mapping[str, Feed], day: dt.date, wishes: Wishes, progress: Progress = lambda _line: None) -> Run:
    """Ask the feeds and say what they say; write it where that is wished. Raises BadInput for wishes that cannot be met."""
    chosen = _chosen(feeds, wishes.only)
    if wishes.taken_from is not None and not wishes.taken_from.is_dir():
        raise BadInput(f"{wishes.taken_from}: no such folder. Save answers with --save first, or leave --from out.")
    heard = {feed_id: _heard(feed_id, feed, catalog, day, wishes, progress) for feed_id, feed in chosen.items()}
    said = _by_price(heard)
    runs = [each.judged(said, catalog, day) for each in heard.values()]
    runs = _with_accepted(runs, wishes.accepted or {}, day)
    rows = _proposed(runs, wishes.announced)
    files = _files(runs, rows, catalog)
    if wishes.write:
        put(files, rows, catalog)
    return Run(day, tuple(runs), rows, unwatched(catalog, feeds, day), tuple(files) if wishes.write else ())


def unwatched(catalog: Catalog, feeds: Mapping[str, Feed], day: dt.date) -> tuple[tuple[str, dt.date], ...]:
    """Prices in force that no feed gives, with the day they were last read, the oldest first: what a person has to read."""
    watched = {link.price_id for feed in feeds.values() if feed.role != "opinion" for link in links(feed, catalog)}
    read = ((price_id, last_read(catalog, price_id, day)) for price_id in catalog.prices if price_id not in watched)
    return tuple(sorted(((price_id, on) for price_id, on in read if on is not None), key=lambda item: (item[1], item[0])))


def _chosen(feeds: Mapping[str, Feed], only: Sequence[str]) -> Mapping[str, Feed]:
    for feed_id in only:
        if feed_id not in feeds:
            raise BadInput(f'"{feed_id}" is not a feed.{nearest(feed_id, feeds)} Known: {", ".join(feeds)}.')
    opinions = {feed_id for feed_id, feed in feeds.items() if feed.role == "opinion"}  # of use to every other
    return {feed_id: feed for feed_id, feed in feeds.items() if not only or feed_id in only or feed_id in opinions}


# -- one feed ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer matched with our prices, before it is judged."""

    feed_id: str
    feed: Feed
    matches: tuple[Match, ...] = ()
    unread: str = ""
    warning: str = ""
    fetched: Fetched | None = None

    def judged(self, said: Mapping[str, Mapping[str, Decimal]], catalog: Catalog, day: dt.date) -> FeedRun:
        """The findings, and the visits that the ledger would hold."""
        if self.unread or self.feed.role == "opinion":
            return FeedRun(self.feed_id, self.feed, unread=self.unread, warning=self.warning)
        others = {price_id: {name: amount for name, amount in of.items() if name != self.feed_id} for price_id, of in said.items()}
        findings = judged(self.matches, Asked(self.feed_id, self.feed, day, others), catalog)
        assert self.fetched is not None  # what was read was fetched
        visits = _visits(findings, self.fetched, day, _last_visits(catalog, self.feed_id))
        return FeedRun(self.feed_id, self.feed, "", self.warning, self.fetched.unchanged, findings, visits)


def _heard(feed_id: str, feed: Feed, catalog: Catalog, day: dt.date, wishes: Wishes, progress: Progress) -> _Heard:
    all_links, known = links(feed, catalog), _last_visits(catalog, feed_id)
    if wishes.taken_from is None:
        progress(f"{feed_id}: asking {urlsplit(feed.url).hostname}")
    try:
        fetched = _answer(feed_id, feed, known if _tells_all(known, all_links, catalog) else (), wishes)
        matches = _unchanged(known, all_links, catalog) if fetched.unchanged else matched(feed, all_links, fetched.body, day)
        warning = _whole(feed, matches, known, day)
    except (Unread, SchemaChanged) as why:
        progress(f"{feed_id}: unread, {why}")
        return _Heard(feed_id, feed, unread=str(why))
    size = "nothing changed" if fetched.unchanged else f"{round(len(fetched.body) / 1000):,} kB"
    progress(f"{feed_id}: {size}, {sum(each.now is not None for each in matches)} of {len(matches)} prices")
    return _Heard(feed_id, feed, matches, warning=warning, fetched=fetched)


def _answer(feed_id: str, feed: Feed, known: Sequence[Visit], wishes: Wishes) -> Fetched:
    if wishes.taken_from is not None:
        fetched = _saved(wishes.taken_from / f"{feed_id}{SUFFIX}", feed.max_kb * 1000)
    else:
        last = known[-1] if known and wishes.save_to is None else None  # "nothing changed" could not be saved
        fetched = fetch(feed.url, feed.max_kb * 1000, last.etag if last else None, last.last_modified if last else None)
    if wishes.save_to is not None and not fetched.unchanged:
        try:
            wishes.save_to.mkdir(parents=True, exist_ok=True)
            (wishes.save_to / f"{feed_id}{SUFFIX}").write_bytes(fetched.body)
        except OSError as error:
            raise BadInput(f"{wishes.save_to}: no answer can be saved here ({error.strerror}). Name another folder.") from None
    return fetched


def _saved(path: Path, max_bytes: int) -> Fetched:
    try:
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)
    except OSError as error:
        raise Unread(f"no saved answer {path.name} ({error.strerror})") from None
    if len(body) > max_bytes:
        raise Unread(f"it is larger than {max_bytes // 1000:,} kB")
    return Fetched(body)


def matched(feed: Feed, all_links: Iterable[Link], body: bytes, day: dt.date) -> tuple[Match, ...]:
    """What the bytes of an answer say of each of our prices. Raises SchemaChanged."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SchemaChanged("the answer is not text") from None
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        raise SchemaChanged("a web page came in place of the data")
    said = by_key(READERS[feed.format](text))
    return tuple(match(link, said, feed.currency, day) for link in all_links)


def _unchanged(known: Sequence[Visit], all_links: Iterable[Link], catalog: Catalog) -> tuple[Match, ...]:
    """What the last answer said, since nothing changed: the prices on file, read on the day that it named or now."""
    named = {price_id: visit.read_on for visit in known for price_id in visit.confirmed if visit.read_on != visit.fetched_on}
    rows = {link.price_id: row_in_force(link.price_id, catalog.prices[link.price_id], known[-1].fetched_on) for link in all_links}
    return tuple(Match(price_id, Price(on_file(row) or Decimal(0), read_on=named.get(price_id))) for price_id, row in rows.items())


def _last_visits(catalog: Catalog, feed_id: str) -> tuple[Visit, ...]:
    """The visits of the last day on which the feed was written down."""
    visits = catalog.ledgers[feed_id].visits if feed_id in catalog.ledgers else ()
    return tuple(visit for visit in visits if visit.fetched_on == visits[-1].fetched_on)


def _tells_all(known: Sequence[Visit], all_links: Iterable[Link], catalog: Catalog) -> bool:
    """Whether "nothing changed" would say everything: the last answer confirmed all our prices, and their rows are still those."""
    if not known or any(visit.differs for visit in known):
        return False
    confirmed, on = {price_id for visit in known for price_id in visit.confirmed}, known[-1].fetched_on
    ids = {link.price_id for link in all_links}
    return ids == confirmed and all(catalog.prices[price_id].rows[-1].effective_from <= on for price_id in ids)


def _whole(feed: Feed, matches: Sequence[Match], known: Sequence[Visit], day: dt.date) -> str:
    """What is odd about an answer. Raises Unread where it is a part of one, or too old for what it is."""
    there = sum(each.is_there for each in matches)
    before = len({price_id for visit in known for price_id in (*visit.confirmed, *visit.differs)})
    if there < max(feed.at_least, 1):
        raise Unread(f"it gives {there} of our prices, and {feed.at_least} are the least of a whole answer")
    if there < SHRINKS_TO * before:
        raise Unread(f"it gives {there} of our prices, and gave {before} last time")
    days = [each.now.read_on for each in matches if each.now and each.now.read_on]
    newest = max(days, default=None)
    if newest is None:
        return ""
    if feed.max_age_days is not None and (day - newest).days > feed.max_age_days:
        why = f"it speaks of {newest}, {(day - newest).days} days ago"
        if feed.rate:
            raise Unread(why)
        return f"{why}: look whether this address is still kept"
    last = max((visit.read_on for visit in known), default=newest)
    return f"it speaks of {newest}, and spoke of {last} before: an older copy" if newest < last else ""


def _visits(findings: Iterable[Finding], fetched: Fetched, day: dt.date, known: Sequence[Visit]) -> tuple[Visit, ...]:
    """A visit for each day that the answer speaks of, or none where the last ones say the same and are young."""
    by_day: dict[dt.date, tuple[list[str], list[str]]] = {}
    for it in findings:
        if it.read_on is not None and it.status in ("same", "changed", "older"):
            confirmed, differs = by_day.setdefault(min(it.read_on, day), ([], []))
            (confirmed if it.status == "same" else differs).append(it.price_id)
    digest = hashlib.sha256(fetched.body).hexdigest() if not fetched.unchanged else known[-1].sha256
    found = tuple(
        Visit(
            fetched_on=day, read_on=read_on, sha256=digest, etag=fetched.etag, last_modified=fetched.last_modified,
            confirmed=tuple(confirmed), differs=tuple(differs),
        )
        for read_on, (confirmed, differs) in sorted(by_day.items())
    )  # fmt: skip
    young = bool(known) and (day - known[-1].fetched_on).days <= CONFIRM_AFTER_DAYS
    told = {price_id for visit in known for price_id in (*visit.confirmed, *visit.differs)}
    new = {price_id for visit in found for price_id in (*visit.confirmed, *visit.differs)} - told
    return () if young and not new else found


# -- all of them ---------------------------------------------------------------------------------------------


def _by_price(heard: Mapping[str, _Heard]) -> Mapping[str, Mapping[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for feed_id, each in heard.items():
        for it in each.matches:
            if it.now is not None:
                found.setdefault(it.price_id, {})[feed_id] = it.now.amount
    return found


def _with_accepted(runs: Sequence[FeedRun], accepted: Mapping[str, Decimal], day: dt.date) -> list[FeedRun]:
    """The runs with what a person has looked at let through, from the day of looking on.

    Raises BadInput for a price that no feed has blocked at that number.
    """
    left = dict(accepted)
    found = []
    for each in runs:
        findings = []
        for it in each.findings:
            is_it = it.status == "changed" and it.level == "blocked" and left.get(it.price_id) == it.read
            findings.append(replace(it, level="accepted", effective_from=day, dated_by="reading") if is_it else it)
            if is_it:
                del left[it.price_id]
        found.append(replace(each, findings=tuple(findings)))
    for price_id, amount in left.items():
        blocked = {f"{it.read:f}" for each in runs for it in each.findings if it.price_id == price_id and it.level == "blocked"}
        said = f"The number that is blocked is {' or '.join(sorted(blocked))}." if blocked else "Nothing is blocked for it."
        raise BadInput(f"--accept {price_id}={amount:f}: no feed says so. {said}")
    return found


def _proposed(runs: Iterable[FeedRun], announced: bool) -> tuple[Finding, ...]:
    """What becomes a row: one for each price and day, the seller's own word before that of others."""
    found: dict[tuple[str, dt.date | None], Finding] = {}
    for each in sorted(runs, key=lambda run: run.feed.role != "vendor"):
        for it in each.findings:
            if it.level in ("plain", "look", "accepted") and (it.status == "changed" or (announced and it.status == "announced")):
                found.setdefault((it.price_id, it.effective_from if it.status == "announced" else None), it)
    return tuple(found.values())


def _files(runs: Iterable[FeedRun], rows: Sequence[Finding], catalog: Catalog) -> dict[str, str]:
    """The files that would be other than they are, as text."""
    texts, files = PriceTexts(catalog.folder), dict[str, str]()
    for each in runs:
        mine = [it for it in rows if it.feed == each.feed_id]
        if mine:
            texts.add(mine, each.confirmed, each.feed_id, each.feed)
        if each.visits:
            path = catalog.folder / "feeds" / f"{each.feed_id}.yaml"
            text = path.read_text(encoding="utf-8") if path.exists() else None
            files[f"feeds/{each.feed_id}.yaml"] = with_visits(text, each.feed_id, each.visits)
    return texts.changed | files
