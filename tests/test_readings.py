"""When a price was last read: by a person, as its source says, or by a feed, as its ledger says; and what nobody has confirmed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from decision.__main__ import main
from decision.catalog import DATA, Catalog
from decision.catalog.feeds import Ledger, Visit
from decision.catalog.history import last_read, only_announced, stale_prices, unconfirmed_prices
from decision.errors import BadInput
from decision.loading import load

LINODE = "linode.2gb"  # one row, of 2026-09-17, read that day
ARGON = "gemini-4-argon.input"  # doubles on 2026-12-01 as announced, read on 2026-11-10


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def visit(fetched: str, *confirmed: str, read: str = "", differs: tuple[str, ...] = ()) -> Visit:
    return Visit(fetched_on=day(fetched), read_on=day(read or fetched), sha256="0" * 64, confirmed=confirmed, differs=differs)


def read_again(catalog: Catalog, *visits: Visit) -> Catalog:
    return dataclasses.replace(catalog, ledgers={"some": Ledger(feed="some", visits=visits)})


# -- the age of a price ------------------------------------------------------------------------------------


def test_a_price_confirmed_today_is_read_today_and_an_earlier_day_knows_nothing_of_it(catalog: Catalog) -> None:
    confirmed = read_again(catalog, visit("2026-11-26", LINODE))
    assert last_read(catalog, LINODE, day("2026-11-26")) == day("2026-09-17")
    assert last_read(confirmed, LINODE, day("2026-11-26")) == day("2026-11-26")
    assert last_read(confirmed, LINODE, day("2026-12-31")) == day("2026-11-26")
    assert last_read(confirmed, LINODE, day("2026-11-25")) == day("2026-09-17")


def test_the_day_inside_the_answer_counts_from_the_day_it_was_fetched(catalog: Catalog) -> None:
    confirmed = read_again(catalog, visit("2026-11-26", LINODE, read="2026-10-20"))
    assert last_read(confirmed, LINODE, day("2026-11-26")) == day("2026-10-20")
    assert last_read(confirmed, LINODE, day("2026-11-25")) == day("2026-09-17")


def test_an_answer_older_than_the_row_confirms_nothing(catalog: Catalog) -> None:
    confirmed = read_again(catalog, visit("2026-11-26", LINODE, read="2026-09-16"))
    assert last_read(confirmed, LINODE, day("2026-11-26")) == day("2026-09-17")


def test_a_price_that_the_feed_contradicts_is_not_read(catalog: Catalog) -> None:
    contradicted = read_again(catalog, visit("2026-11-26", differs=(LINODE,)))
    assert last_read(contradicted, LINODE, day("2026-11-26")) == day("2026-09-17")


def test_only_the_price_that_was_confirmed_leaves_the_stale_ones(catalog: Catalog) -> None:
    on = day("2027-03-01")
    before = {stale.price.id for stale in stale_prices(catalog, on, 90)}
    after = {stale.price.id for stale in stale_prices(read_again(catalog, visit("2027-02-20", LINODE)), on, 90)}
    assert before - after == {LINODE}
    assert after <= before


# -- announced, and not read since --------------------------------------------------------------------------


def test_an_announced_rise_is_told_apart_until_it_is_read(catalog: Catalog) -> None:
    assert not only_announced(catalog, ARGON, day("2026-11-30"))
    assert only_announced(catalog, ARGON, day("2026-12-01"))
    assert only_announced(read_again(catalog, visit("2026-11-28", ARGON)), ARGON, day("2026-12-05"))  # the old price was what was confirmed
    confirmed = read_again(catalog, visit("2026-12-03", ARGON))
    assert only_announced(confirmed, ARGON, day("2026-12-02"))
    assert not only_announced(confirmed, ARGON, day("2026-12-03"))
    assert ARGON in {each.price.id for each in unconfirmed_prices(catalog, day("2026-12-05"))}
    assert ARGON not in {each.price.id for each in unconfirmed_prices(confirmed, day("2026-12-05"))}


def test_the_command_tells_them_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "stale", "--max-age", "9999", "--as-of", "2026-12-02"]) == 0
    said = capsys.readouterr().out
    assert "Every price in force on 2026-12-02 was read within 9999 days." in said
    assert "announced, and not read since" in said
    assert "gemini-4-argon.input" in said
    assert main(["prices", "stale", "--max-age", "9999", "--as-of", "2026-01-10"]) == 0
    assert "announced" not in capsys.readouterr().out


# -- the files ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def ledger(folder: Path, visits: str, feed: str = "types", name: str = "types") -> None:
    (folder / "feeds").mkdir(exist_ok=True)
    (folder / "feeds" / f"{name}.yaml").write_text(f"feed: {feed}\nvisits:\n{visits}", encoding="utf-8")


FIRST = f"  - {{fetched_on: 2026-11-20, read_on: 2026-11-20, sha256: {'a' * 64}, confirmed: [linode.2gb]}}\n"
EARLIER = FIRST.replace("fetched_on: 2026-11-20, read_on: 2026-11-20", "fetched_on: 2026-10-01, read_on: 2026-10-01")


def test_a_ledger_is_read_and_changes_no_version(folder: Path) -> None:
    ledger(folder, EARLIER + FIRST)
    found = load(folder)
    assert found.version == load().version
    assert [last_read(found, LINODE, day(on)) for on in ("2026-10-15", "2026-11-20")] == [day("2026-10-01"), day("2026-11-20")]


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        (FIRST + EARLIER, "feeds/types.yaml: visits: 2026-10-01 stands after 2026-11-20. A ledger is only added to"),
        (FIRST.replace("linode.2gb", "linode.2b"), 'feeds/types.yaml: visits[0]: "linode.2b" is not a known price. Did you mean "linode.2gb"?'),
        (FIRST.replace("read_on: 2026-11-20", "read_on: 2026-11-21"), "feeds/types.yaml: visits[0]: read_on 2026-11-21 is later than fetched_on"),
        (FIRST.replace("a" * 64, "abc"), "feeds/types.yaml: visits[0].sha256"),
        (FIRST.replace("confirmed", "confirms"), 'unknown field. Did you mean "confirmed"?'),
        ("  []\n", "feeds/types.yaml: visits"),
    ],
)  # fmt: skip
def test_a_ledger_that_cannot_be_is_refused(folder: Path, visits: str, said: str) -> None:
    ledger(folder, visits)
    with pytest.raises(BadInput) as refused:
        load(folder)
    assert said in str(refused.value)


def test_a_ledger_bears_the_name_of_its_feed(folder: Path) -> None:
    ledger(folder, FIRST, feed="linode")
    with pytest.raises(BadInput, match="Name the file linode"):
        load(folder)
