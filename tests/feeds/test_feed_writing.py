"""What is written to data/: rows and confirmations, all of a file or nothing, and the second time nothing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from decision import strict_yaml
from decision.catalog import DATA, Catalog
from decision.catalog.history import last_read
from decision.errors import BadInput
from decision.loading import load
from tests.feeds.kept_answers import DAY, changed, gemini, linode, run, second_opinion, texts, verdict


def was(catalog: Catalog, price_id: str, day: dt.date) -> tuple[float | None, dt.date | None]:
    prices = catalog.prices_on(day)
    return (float(prices[price_id].amount) if prices.priced(price_id) else None), last_read(catalog, price_id, day)


def test_nothing_is_written_unless_it_is_asked_for(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=13)
    before = texts(folder)
    found = run(answers, load(folder))
    assert (len(found.rows), found.written, texts(folder)) == (1, (), before)


def test_a_row_is_added_and_all_else_stays(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=13)
    before, old = texts(folder), load(folder)
    found = run(answers, old, write=True)
    after = texts(folder)
    assert set(found.written) == {name for name in after if after[name] != before.get(name)}
    assert [name for name in found.written if name.startswith("prices/")] == ["prices/linode.yaml"]
    left = iter(after["prices/linode.yaml"].splitlines())
    assert all(line in left for line in before["prices/linode.yaml"].splitlines())
    load.cache_clear()
    new = load(folder)
    assert [(row.effective_from, row.price) for row in new.prices["linode.2gb"].rows] == [(dt.date(2026, 9, 17), 12), (DAY, 13)]
    source = new.source_of("linode.2gb", new.prices["linode.2gb"].rows[-1])
    assert (source.title, source.kind, source.retrieved) == ("Linode types API", "official", DAY)
    for day in [*old.change_days(), DAY - dt.timedelta(days=1)]:
        if day < DAY:
            assert [price_id for price_id in old.prices if was(old, price_id, day) != was(new, price_id, day)] == []
    assert last_read(new, "linode.4gb", DAY) == DAY
    assert last_read(new, "linode.4gb", DAY - dt.timedelta(days=1)) == dt.date(2026, 9, 17)


def test_a_row_of_a_model_repeats_what_did_not_change_with_its_own_source(answers: Path, folder: Path) -> None:
    gemini(answers, "2.75")
    second_opinion(answers, "2.75")
    run(answers, load(folder), "genai-google", write=True)
    load.cache_clear()
    catalog = load(folder)
    row = catalog.prices["gemini-2.5-flash.output"].rows[-1]
    assert (row.price, row.dated_by) == (2.75, "reading")
    kept = catalog.prices["gemini-2.5-flash.cache_write_5m"].rows[-1]
    assert (kept.price, kept.effective_from, kept.source) == (0.3, row.effective_from, "caching")  # no class of this feed
    assert catalog.prices["gemini-2.5-flash.batch_output"].rows[-1].price == 1.375


def test_written_twice_the_second_time_changes_nothing(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=13, g6_standard_2=240)
    run(answers, load(folder), write=True)
    after = texts(folder)
    for day in (DAY, DAY + dt.timedelta(days=7)):
        load.cache_clear()
        again = run(answers, load(folder), write=True, day=day)
        assert (again.written, again.rows, texts(folder)) == ((), (), after)


def test_a_confirmation_is_written_again_after_four_weeks(answers: Path, folder: Path) -> None:
    run(answers, load(folder), "linode", write=True)
    load.cache_clear()
    later = DAY + dt.timedelta(days=29)
    assert run(answers, load(folder), "linode", write=True, day=later).written == ("feeds/linode.yaml",)
    load.cache_clear()
    assert [visit.fetched_on for visit in load(folder).ledgers["linode"].visits] == [DAY, later]


def test_a_blocked_price_is_accepted_by_its_number_alone(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=120)
    found = run(answers, load(folder), "linode", write=True, accepted={"linode.2gb": Decimal(120)})
    assert verdict(found, "linode.2gb")[:2] == ("changed", "accepted")
    load.cache_clear()
    assert load(folder).prices["linode.2gb"].rows[-1].price == 120
    with pytest.raises(BadInput, match=r"--accept linode.2gb=12: no feed says so. Nothing is blocked for it."):
        run(answers, load(folder), "linode", accepted={"linode.2gb": Decimal(12)})
    with pytest.raises(BadInput, match="The number that is blocked is 120"):
        run(answers, None, "linode", accepted={"linode.2gb": Decimal(121)})


def test_an_accepted_price_that_fits_no_day_is_not_written(answers: Path, folder: Path) -> None:
    """A second row on one day, and a row before one that is announced: both stand on file already, and a person edits the file."""
    linode(answers, g6_standard_1=13)
    run(answers, load(folder), "linode", write=True)
    before = texts(folder)
    linode(answers, g6_standard_1=14)
    load.cache_clear()
    with pytest.raises(
        BadInput, match=r"nothing was written: prices/linode.yaml: plans.linode.2gb.rows: two rows on 2026-11-25. Keep one row a day."
    ):
        run(answers, load(folder), "linode", write=True, accepted={"linode.2gb": Decimal(14)})
    path = answers / "genai-google.answer"
    content = strict_yaml.read("answer", path.read_text(encoding="utf-8"))
    argon = next(entry for entry in content["models"] if entry["id"] == "gemini-4-argon")
    argon["prices_checked"] = "2026-11-24"
    argon["prices"][0]["prices"]["output_mtok"] = 11
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    with pytest.raises(BadInput, match=r"nothing was written: .*2026-11-25 stands after 2026-12-01"):
        run(answers, load(folder), "genai-google", write=True, accepted={"gemini-4-argon.output": Decimal(11)})
    assert texts(folder) == before


def test_a_folder_that_takes_no_file_is_told_and_stays(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=13)
    (folder / "prices" / "linode.yaml.new").mkdir()
    before = texts(folder)
    with pytest.raises(BadInput, match=r"nothing was written: .* takes no file"):
        run(answers, load(folder), write=True)
    assert texts(folder) == before


KILLED = """
import os, signal, sys, datetime as dt
from pathlib import Path
moves, replace = int(sys.argv[3]), Path.replace
def move(self, target):
    global moves
    if moves == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    moves -= 1
    return replace(self, target)
Path.replace = move
from decision.catalog.watched import feeds_of
from decision.feeds import Wishes, refresh
from decision.loading import load
catalog = load(Path(sys.argv[1]))
refresh(catalog, feeds_of(catalog.folder), dt.date(2026, 11, 25), Wishes(taken_from=Path(sys.argv[2]), write=True))
"""


@pytest.mark.parametrize("moves", [0, 1, 2, 5])
def test_a_run_killed_between_files_leaves_each_whole_and_the_next_completes_it(answers: Path, folder: Path, tmp_path: Path, moves: int) -> None:
    linode(answers, g6_standard_1=13)
    changed(answers, "ovh", '"price": 2060000', '"price": 2160000')
    whole = Path(shutil.copytree(folder, tmp_path / "whole"))
    before = texts(folder)
    run(answers, load(whole), write=True)
    meant = texts(whole)
    killed = subprocess.run([sys.executable, "-c", KILLED, folder, answers, str(moves)], check=False, cwd=DATA.parent)
    assert killed.returncode == -signal.SIGKILL
    left = {name: text for name, text in texts(folder).items() if not name.endswith(".new")}
    assert sum(text != before.get(name) for name, text in left.items()) == moves
    assert all(text in (before.get(name), meant[name]) for name, text in left.items())
    run(answers, load(folder), write=True)
    done = {name: text for name, text in texts(folder).items() if not name.endswith(".new")}
    assert {name: text for name, text in done.items() if name.startswith("prices/")} == {
        name: text for name, text in meant.items() if name.startswith("prices/")
    }
    load.cache_clear()
    catalog = load(folder)
    assert [last_read(catalog, price_id, DAY) for price_id in ("linode.4gb", "ovh.b3-8", "fargate-x86.vcpu")] == [DAY, DAY, DAY]
