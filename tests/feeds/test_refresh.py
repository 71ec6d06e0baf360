"""A run over all feeds, over the network of this machine, and by the command."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from decision import strict_yaml
from decision.__main__ import main
from decision.catalog.history import last_read
from decision.catalog.watched import feeds_of
from decision.feeds import Run, Wishes, refresh
from decision.loading import load
from tests.changed_data import copied
from tests.feeds.feed_server import FeedServer, body, serving
from tests.feeds.kept_answers import ANSWERS, DAY, changed, feed, linode, run, verdict

GOLDEN = Path(__file__).parent / "report.txt"


def test_the_kept_answers_confirm_what_is_on_file() -> None:
    found = run(ANSWERS)
    assert [each.feed_id for each in found.feeds if each.unread] == ["ecb"]  # its day is of July
    assert not [it for it in found.findings if it.is_news]
    assert {each.feed_id: len(each.confirmed) for each in found.feeds if each.confirmed} == {
        "genai-anthropic": 120, "genai-openai": 193, "genai-google": 66, "claude-pricing": 126, "linode": 9, "ovh": 6, "karpenter": 15,
        "skypilot-lambda": 2, "aws-agentcore": 3, "aws-fargate": 4, "aws-lightsail": 1, "temporal": 9, "cloudflare-containers": 4,
    }  # fmt: skip
    assert found.rows == ()
    assert found.unwatched[0][0] == "digitalocean.s-4vcpu-8gb"
    assert [day for _, day in found.unwatched] == sorted(day for _, day in found.unwatched)


def test_a_report_that_a_person_reads_in_a_minute(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every kind of finding once, over all feeds. To keep another text: look at it, and write it to the file."""
    linode(answers, g6_standard_1=13, g6_standard_2=36, g6_standard_4=480, g6_standard_6=0, g6_dedicated_2=None)
    changed(answers, "genai-google", "input_mtok: 0.75\n", "input_mtok: 0.8\n")
    changed(answers, "ovh", '"price": 2060000', '"price": 2451400')
    changed(answers, "karpenter", '"t4g.medium"', '"t4g.mediun"')
    changed(answers, "aws-lightsail", '"Hrs"', '"Month"')
    (answers / "aws-fargate.answer").write_text("<!DOCTYPE html><title>Sign in</title>", encoding="utf-8")
    assert main(["prices", "refresh", "--from", str(answers), "--as-of", "2026-11-25"]) == 1
    said = capsys.readouterr()
    assert said.out == GOLDEN.read_text(encoding="utf-8")
    assert len(said.out.splitlines()) < 100
    assert not said.err  # what is read from a folder is read at once


def served(folder: Path, server: FeedServer, *names: str) -> None:
    """data/feeds.yaml with these feeds alone, each at an address of this machine."""
    path = folder / "feeds.yaml"
    content = strict_yaml.read(path)["feeds"]
    kept = {name: content[name] | {"url": f"{server.url}/{name}"} for name in names}
    path.write_text(json.dumps({"feeds": kept}), encoding="utf-8")
    for name in names:
        server[f"/{name}"] = body((ANSWERS / f"{name}.answer").read_bytes(), ETag=f'"{name}-1"')


def over_the_network(folder: Path, day: dt.date = DAY, **wishes: Any) -> Run:
    load.cache_clear()
    return refresh(load(folder), feeds_of(folder), day, Wishes(**wishes))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (body(b"", 500, Retry_After="0"), "the server answered 500, 3 times"),
        (body(b"<html><body>Sign in</body></html>"), "a web page came in place of the data"),
        (body(b"\xff\xfe\x00"), "the answer is not text"),
        (body(b'{"data": [', Content_Length="400", Connection="close"), "it broke off 390 bytes before its end"),
        (body(b"", 302, Location="http://localhost:1/"), "it is redirected to another host (localhost)"),
        (body(b'{"types": []}'), '"pages" is missing'),
    ],
)  # fmt: skip
def test_one_feed_down_stops_no_other(folder: Path, answer: Any, why: str) -> None:
    with serving() as server:
        served(folder, server, "linode", "ovh", "karpenter")
        server["/linode"] = answer
        found = over_the_network(folder, write=True)
    assert {each.feed_id: each.unread for each in found.feeds} == {"linode": why, "ovh": "", "karpenter": ""}
    assert found.written == ("feeds/ovh.yaml", "feeds/karpenter.yaml")
    assert not (folder / "feeds" / "linode.yaml").exists()


def test_nothing_changed_since_is_a_confirmation(folder: Path, tmp_path: Path) -> None:
    later = DAY + dt.timedelta(days=40)
    with serving() as server:
        served(folder, server, "linode", "karpenter")
        over_the_network(folder, write=True, save_to=tmp_path / "kept")
        for name in ("linode", "karpenter"):
            server[f"/{name}"] = body(b"", 304, ETag=f'"{name}-1"')
        found = over_the_network(folder, later, write=True)
        assert [headers.get("If-None-Match") for _, headers in server.asked] == [None, None, '"linode-1"', '"karpenter-1"']
    assert [each.unchanged for each in found.feeds] == [True, True]
    assert len(feed(found, "linode").confirmed) == 9
    load.cache_clear()
    catalog = load(folder)
    assert last_read(catalog, "linode.2gb", later) == later
    assert last_read(catalog, "ec2.t4g-medium", later) == dt.date(2026, 7, 20)  # the copy is no younger for having stayed
    first, second = catalog.ledgers["linode"].visits
    assert first.sha256 == second.sha256
    assert (tmp_path / "kept" / "linode.answer").read_bytes() == (ANSWERS / "linode.answer").read_bytes()


def test_what_is_blocked_is_asked_for_whole_again(folder: Path) -> None:
    with serving() as server:
        served(folder, server, "linode")
        text = (ANSWERS / "linode.answer").read_text(encoding="utf-8")
        content = json.loads(text)
        next(entry for entry in content["data"] if entry["id"] == "g6-standard-1")["price"]["monthly"] = 120
        server["/linode"] = body(json.dumps(content).encode(), ETag='"2"')
        over_the_network(folder, write=True)
        again = over_the_network(folder, DAY + dt.timedelta(days=1))
        assert [headers.get("If-None-Match") for _, headers in server.asked] == [None, None]
    assert verdict(again, "linode.2gb")[1] == "blocked"


def test_exit_codes_and_formats(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["prices", "refresh", "--from", str(answers), "--as-of", "2026-11-25", "--feed", "linode"]
    assert main(asked) == 0
    assert "9 confirmed, 0 changed" in capsys.readouterr().out
    linode(answers, g6_standard_1=13)
    assert main([*asked, "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["rows"] == [{"id": "linode.2gb", "feed": "linode", "price": 13.0, "effective_from": "2026-11-25"}]
    assert main([*asked, "--format", "markdown"]) == 1
    said = capsys.readouterr().out
    assert "| linode.2gb | 12 | 13 | +8.3 % | 2026-11-25 | plain | linode |  |" in said
    assert "No feed gives these, longest unread first: digitalocean.s-4vcpu-8gb (2022-07-01, DigitalOcean)" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "nowhere"], "nowhere: no such folder."),
        (["--accept", "linode.2gb=13", "--accept", "linode.2gb=14"], "--accept linode.2gb: two prices are given, 13 and 14. Give one."),
        (["--feed", "linod"], '"linod" is not a feed. Did you mean "linode"?'),
        (["--accept", "linode.2gb"], '"linode.2gb" is not a price. Write its id and the number, such as linode.2gb=13'),
        (["--accept", "linode.2gb=-1"], '"linode.2gb=-1" is not a price.'),
        (["--format", "yaml"], "invalid choice: 'yaml'"),
    ],
)  # fmt: skip
def test_bad_input_is_told(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "refresh", "--from", str(ANSWERS), *words]) == 2
    assert says in capsys.readouterr().err


def test_a_day_is_of_saved_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prices", "refresh", "--as-of", "2026-11-25"]) == 2
    assert "--as-of is the day on which answers were saved" in capsys.readouterr().err


def test_the_command_writes_to_the_data_of_the_tool(tmp_path: Path, answers: Path) -> None:
    data = copied(tmp_path)
    linode(answers, g6_standard_1=13)
    command = [sys.executable, "-m", "decision", "prices", "refresh", "--from", str(answers), "--as-of", "2026-11-25", "--feed", "linode", "--write"]
    for times in (1, 2):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 2 - times, done.stderr
        assert ("Written: prices/linode.yaml, feeds/linode.yaml." in done.stdout.replace("\n", " ")) == (times == 1)
        assert not done.stderr
    assert "price: 13" in (data / "prices" / "linode.yaml").read_text(encoding="utf-8")
