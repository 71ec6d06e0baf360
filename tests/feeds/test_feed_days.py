"""Prices to come that were announced or cancelled, and answers that speak of another day than today."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

from decision import strict_yaml
from decision.catalog.history import last_read
from decision.loading import load
from tests.feeds.kept_answers import ANSWERS, DAY, changed, feed, finding, linode, run, verdict

SONNET = """
id: anthropic
models:
  - id: claude-sonnet-5
    prices:
      - prices: {{input_mtok: 2, cache_write_mtok: 2.5, cache_read_mtok: 0.2, output_mtok: 10, cache_write_1h_mtok: 4}}{more}
"""
RISE = """
      - constraint: {start_date: 2026-09-01}
        prices: {input_mtok: 3, cache_write_mtok: 3.75, cache_read_mtok: 0.3, output_mtok: 15, cache_write_1h_mtok: 6}"""


def only_sonnet(folder: Path) -> None:
    """A mapping of one model, so that a short answer is a whole one."""
    path = folder / "feeds.yaml"
    content = strict_yaml.read(path)
    kept = content["feeds"]["genai-anthropic"]
    kept |= {"at_least": 5, "models": {"claude-sonnet-5": {"key": "claude-sonnet-5", "without": ["batch_input", "batch_output"]}}, "prices": {}}
    path.write_text(json.dumps({"feeds": {"genai-anthropic": kept}}), encoding="utf-8")


def test_an_announced_rise_that_was_cancelled(answers: Path, folder: Path) -> None:
    """The rise of Sonnet 5 for 2026-09-01: in genai-prices until 2026-08-21, gone on 2026-08-31."""
    only_sonnet(folder)
    answer = answers / "genai-anthropic.answer"
    answer.write_text(SONNET.format(more=RISE), encoding="utf-8")
    before = run(answers, load(folder), day=dt.date(2026, 8, 21))
    rises = [it for it in before.findings if it.status == "announced"]
    assert [(it.price_id.rpartition(".")[2], it.read, it.level) for it in rises if it.price_id.endswith((".input", ".output"))] == [
        ("input", 3, "look"), ("output", 15, "look"),
    ]  # fmt: skip
    assert before.rows == ()
    assert all(it.effective_from == dt.date(2026, 9, 1) for it in rises)

    written = run(answers, load(folder), day=dt.date(2026, 8, 21), write=True)  # without --announced: no row
    assert all(name.startswith("feeds/") for name in written.written)
    asked_for = run(answers, load(folder), day=dt.date(2026, 8, 21), announced=True)
    assert len(asked_for.rows) == 5

    answer.write_text(SONNET.format(more=""), encoding="utf-8")
    after = run(answers, load(folder), day=dt.date(2026, 8, 31))
    assert {it.status for it in after.findings} == {"same"}


def test_a_price_on_file_for_a_day_to_come_that_the_feed_no_longer_names(answers: Path) -> None:
    """gemini-4-argon doubles on 2026-12-01 on file; here the feed has dropped it."""
    path = answers / "genai-google.answer"
    content = strict_yaml.read("answer", path.read_text(encoding="utf-8"))
    entry = next(entry for entry in content["models"] if entry["id"] == "gemini-4-argon")
    entry["prices"] = entry["prices"][0]["prices"]
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    found = [it for it in run(answers).findings if it.price_id == "gemini-4-argon.input"]
    assert [(it.status, it.level, it.why) for it in found] == [
        ("same", "", ""), ("cancelled", "blocked", "the file announces it for 2026-12-01, and the feed no longer does"),
    ]  # fmt: skip


def test_an_announced_price_is_on_file_once(answers: Path, folder: Path) -> None:
    path = answers / "genai-google.answer"
    content = strict_yaml.read("answer", path.read_text(encoding="utf-8"))
    entry = next(entry for entry in content["models"] if entry["id"] == "gemini-2.5-flash")
    entry["prices"] = [{"prices": entry["prices"]}, {"constraint": {"start_date": "2027-02-01"}, "prices": entry["prices"] | {"output_mtok": 3}}]
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    first = run(answers, load(folder), "genai-google", announced=True, write=True)
    assert [(row.price_id, row.read, row.effective_from) for row in first.rows] == [("gemini-2.5-flash.output", 3, dt.date(2027, 2, 1))]
    load.cache_clear()
    series = load(folder).prices["gemini-2.5-flash.output"]
    assert [(row.effective_from, row.price, row.dated_by) for row in series.rows[-1:]] == [(dt.date(2027, 2, 1), 3, "announcement")]
    assert run(answers, load(folder), "genai-google", announced=True, write=True).rows == ()


def test_an_old_copy_confirms_only_its_own_day(answers: Path, folder: Path) -> None:
    found = run(answers, load(folder), "karpenter", write=True)
    (visit,) = feed(found, "karpenter").visits
    assert (visit.fetched_on, visit.read_on) == (DAY, dt.date(2026, 7, 20))
    load.cache_clear()
    assert last_read(load(folder), "ec2.t4g-medium", DAY) == dt.date(2026, 7, 20)


def test_an_old_copy_that_differs_is_passed_by(answers: Path) -> None:
    changed(answers, "karpenter", '"p4d.24xlarge": 21.957642', '"p4d.24xlarge": 23.957642')
    assert verdict(run(answers), "aws.p4d-24xlarge-a100-40gb") == (
        "older", "", "it speaks of 2026-07-20, and the price was read on 2026-07-28",
    )  # fmt: skip


def test_a_rate_is_kept_for_a_while_and_never_taken_from_an_old_day(answers: Path) -> None:
    assert feed(run(answers), "ecb").unread == "it speaks of 2026-07-29, 119 days ago"
    changed(answers, "ecb", "2026-07-29", "2026-11-24")
    found = finding(run(answers), "fx.eur-usd")
    assert (found.status, found.level, found.effective_from) == ("changed", "plain", dt.date(2026, 11, 24))  # 182 days old on file


def test_a_rate_that_moves_little_gets_no_row(answers: Path, folder: Path) -> None:
    changed(answers, "ecb", "2026-07-29", "2026-11-24")
    run(answers, load(folder), "ecb", write=True)
    load.cache_clear()
    changed(answers, "ecb", "2026-11-24'", "2026-12-10'")
    changed(answers, "ecb", "1.1380", "1.1420")
    later = run(answers, load(folder), "ecb", day=dt.date(2026, 12, 10))
    assert (finding(later, "fx.eur-usd").status, later.rows) == ("kept", ())
    changed(answers, "ecb", "1.1420", "1.1880")
    assert finding(run(answers, load(folder), "ecb", day=dt.date(2026, 12, 10)), "fx.eur-usd").status == "changed"


def test_a_part_of_an_answer_is_no_answer(answers: Path, folder: Path) -> None:
    linode(answers, g6_standard_1=None, g6_standard_2=None, g6_standard_4=None)
    assert feed(run(answers, None, "linode"), "linode").unread == "it gives 6 of our prices, and 7 are the least of a whole answer"
    whole = Path(shutil.copytree(ANSWERS, answers.parent / "whole"))
    run(whole, load(folder), "linode", write=True)
    load.cache_clear()
    linode(whole, g6_standard_1=None, g6_standard_2=None)
    assert (
        feed(run(whole, load(folder), "linode", day=DAY + dt.timedelta(days=7)), "linode").unread == "it gives 7 of our prices, and gave 9 last time"
    )
