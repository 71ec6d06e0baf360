"""The command line: every documented command, both formats, exit codes, and messages instead of tracebacks."""

import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.__main__ import main
from decision.report import as_json
from decision.report.text import WIDTH, table
from decision.scenario import ready_made, schema
from decision.terminal.arguments import COMMANDS
from decision.words import cents, dollars

ROOT = Path(__file__).parents[1]
PLAIN = "name: Two agents\nas_of: 2026-11-20\nfleet: [{name: two, agents: 2, active_hours_per_session: 8}]\n"
Captured = pytest.CaptureFixture[str]


def run(capsys: Captured, line: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command line."""
    code = main(line.split())
    out, err = capsys.readouterr()
    return code, out, err


def data(capsys: Captured, line: str) -> Any:
    """What a command prints with --format json, read strictly."""
    code, out, err = run(capsys, f"{line} --format json")
    assert code in (0, 1), err

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(out, parse_constant=refuse)


def python(*words: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    """A fresh Python in the project's folder."""
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **settings)


# -- every command -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_the_example_and_the_example_runs(name: str, capsys: Captured) -> None:
    code, out, _ = run(capsys, f"{name} --help")
    assert code == 0
    assert f"Example: python -m decision {COMMANDS[name].example}" in out
    assert COMMANDS[name].example.startswith(name)
    code, out, err = run(capsys, COMMANDS[name].example)
    assert code in (0, 1)
    assert out
    assert not err
    assert data(capsys, COMMANDS[name].example)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("schema", "report")])  # a record is a file, not a terminal's
def test_text_fits_a_terminal(name: str, capsys: Captured) -> None:
    _, out, _ = run(capsys, "prices list" if name == "prices list" else COMMANDS[name].example)
    long = [line for line in out.splitlines() if len(line) > WIDTH and "http" not in line]
    assert not long
    assert not [line for line in out.splitlines() if line != line.rstrip()]


def test_json_is_documented_command_by_command(capsys: Captured) -> None:
    """Every name that a command prints at the top stands in the documentation."""
    for name, command in COMMANDS.items():
        if name in ("schema", "check-data"):
            continue
        for key in data(capsys, command.example):
            assert re.search(rf"\b{key}\b", as_json.__doc__ or ""), f"{name}: {key}"


def test_schema_is_the_schema(capsys: Captured) -> None:
    assert data(capsys, "schema") == schema()
    assert json.loads(run(capsys, "schema")[1]) == schema()


def test_check_data_counts_what_is_there(capsys: Captured) -> None:
    assert data(capsys, "check-data")["scenarios"] == len(ready_made())


# -- the contract of recommend and bill ----------------------------------------------------------------

RECOMMEND = {
    "as_of",
    "catalog_version",
    "recommendation",
    "framework",
    "rests_on",
    "trade",
    "load",
    "prices_confirmed",
    "options",
    "flips",
    "given",
    "assumed",
    "measured",
    "warnings",
}
OPTION = {"id", "name", "considered", "ruled_out_by", "monthly", "ownership", "costs", "people", "plan"}
LINE = {"label", "category", "group", "quantity", "pricing_unit", "list_unit_price", "currency", "cost", "working", "assumed", "source"}


@pytest.fixture(scope="module")
def recommended() -> dict[str, Any]:
    printed = python("-m", "decision", "recommend", "support-desk-30-days", "--format", "json")
    assert printed.returncode == 0, printed.stderr
    found: dict[str, Any] = json.loads(printed.stdout)
    return found


def test_recommend_has_exactly_the_keys_of_the_contract(recommended: dict[str, Any]) -> None:
    assert set(recommended) == RECOMMEND
    assert set(recommended["recommendation"]) == {"option", "status", "because", "conditions"}
    assert set(recommended["framework"]) == {"families", "path", "gates", "signals", "token_to_runtime_ratio"}
    assert all(set(step) == {"question", "answer"} for step in recommended["framework"]["path"])
    assert all(set(gate) == {"id", "removes", "because"} for gate in recommended["framework"]["gates"])
    assert all(set(flip) == {"option", "driver", "unit", "now", "flips_at", "low", "high", "likely"} for flip in recommended["flips"])
    for option in recommended["options"]:
        assert set(option) == OPTION
        assert set(option["monthly"]) == {"total", "differential", "per_session", "per_active_hour", "line_items"}
        assert set(option["ownership"]) == {"total", "run", "build", "delay", "exit", "moving", "horizon_months"}
        for line in option["monthly"]["line_items"]:
            assert set(line) == LINE
            assert set(line["source"]) == {"title", "url", "kind", "effective_from", "retrieved"}


def test_lines_add_up_and_are_not_rounded(recommended: dict[str, Any]) -> None:
    for option in recommended["options"]:
        lines = option["monthly"]["line_items"]
        assert sum(line["cost"] for line in lines) == pytest.approx(option["monthly"]["total"], rel=1e-12)
        assert all(line["quantity"] * line["list_unit_price"] == pytest.approx(line["cost"], rel=1e-12) for line in lines)
        owned = option["ownership"]
        assert sum(owned[part] for part in ("run", "build", "delay", "exit", "moving")) == pytest.approx(owned["total"], rel=1e-12)


def test_bill_is_recommend_without_its_first_two_blocks(recommended: dict[str, Any], capsys: Captured) -> None:
    bill = data(capsys, "bill support-desk-30-days")
    assert set(bill) == RECOMMEND - {"recommendation", "framework", "rests_on", "trade", "load", "prices_confirmed"}
    by_id = {option["id"]: option for option in recommended["options"]}
    assert [option["id"] for option in bill["options"]] == ["managed-agents", "agentcore-v1", "agentcore-v2", "vps", "multica"]
    for option in bill["options"]:
        assert option == by_id[option["id"]]


def test_text_and_json_show_the_same_figures(recommended: dict[str, Any], capsys: Captured) -> None:
    _, out, _ = run(capsys, "recommend support-desk-30-days")
    _, billed, _ = run(capsys, "bill support-desk-30-days")
    for option in recommended["options"]:
        if option["considered"]:
            total = cents(sum(round(line["cost"], 2) for line in option["monthly"]["line_items"]), "")
            assert total in out
            assert total in billed
            assert dollars(sum(round(option["ownership"][part]) for part in ("run", "build", "delay", "exit", "moving")), "") in out


def test_shown_lines_of_a_bill_add_up_to_its_shown_total(capsys: Captured) -> None:
    _, out, _ = run(capsys, "bill support-desk-22-days --option managed-agents")
    rows = [re.search(r"(-?[\d,]+\.\d\d)(?:  \[\d+\])?$", line) for line in out.splitlines()]
    amounts = [float(row[1].replace(",", "")) for row in rows if row]
    assert len(amounts) == 8  # four token classes, runtime, two parts of upkeep, total
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=1e-9)


def test_assumed_and_third_party_lines_are_marked(capsys: Captured) -> None:
    _, out, _ = run(capsys, "bill one-hour-coding-session --option vps")
    lines = out.splitlines()
    assert any("Servers: " in line and " ~*" in line for line in lines)  # a third party's price, sized from an estimate
    assert any("Claude Opus 4.8, input  " in line for line in lines)  # official price, given tokens: no mark
    assert "~ rests on an estimate" in out
    assert "third-party-dated" in out


def test_a_negotiated_price_is_marked_as_given(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(PLAIN + "overrides: {prices: {managed-agents.session: 0.06}}\n", encoding="utf-8")
    _, out, _ = run(capsys, f"bill {file} --option managed-agents")
    assert re.search(r"Session runtime =\s+480  Session-Hours\s+0\.06\s+28\.80", out)  # 2 x 30 x 8 x 0.06


def test_flips_agree_with_recommend(recommended: dict[str, Any], capsys: Captured) -> None:
    assert data(capsys, "flips support-desk-30-days")["flips"] == recommended["flips"]
    assert data(capsys, "bill support-desk-30-days")["flips"] == recommended["flips"]


def test_breakeven_finds_the_published_three_agents(tmp_path: Path, capsys: Captured) -> None:
    """A 60 dollar server against 8 hours a day: 60 / (8 x 30 x 0.08) = 3.125 agents, so the fourth goes to the server."""
    file = tmp_path / "server.yaml"
    file.write_text(PLAIN + "overrides: {options: {vps: {server: {price_month: 60, vcpu: 64, ram_gb: 512}}}}\n", encoding="utf-8")
    line = f"breakeven {file} --driver agents --range 1:50 --basis runtime --option managed-agents --option vps"
    (crossing,) = data(capsys, line)["crossings"]
    assert crossing["at"] == pytest.approx(3.125)
    assert crossing["first_whole"] == 4
    _, out, _ = run(capsys, line)
    assert "At 3.125 agents (from 4 whole agents) VPS, own harness becomes cheaper than Managed Agents" in out


def test_no_breakeven_is_an_answer(capsys: Captured) -> None:
    code, out, _ = run(capsys, "breakeven monitoring --driver agents --range 1:3")
    assert code == 0
    assert "No break-even in this range" in out


# -- where a scenario comes from -----------------------------------------------------------------------


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAIN.encode())))
    assert data(capsys, "bill -")["as_of"] == "2026-11-20"


def test_a_file_and_a_ready_made_scenario_are_the_same_thing(capsys: Captured) -> None:
    assert data(capsys, "bill monitoring") == data(capsys, f"bill {ready_made()['monitoring']}")


def test_as_of_wins_over_the_scenario_and_today_fills_a_blank(tmp_path: Path, capsys: Captured) -> None:
    assert data(capsys, "bill monitoring --as-of 2026-10-01")["as_of"] == "2026-10-01"
    file = tmp_path / "undated.yaml"
    file.write_text(PLAIN.replace("as_of: 2026-11-20\n", ""), encoding="utf-8")
    before = time.strftime("%Y-%m-%d")
    assert before <= data(capsys, f"framework {file}")["as_of"] <= time.strftime("%Y-%m-%d")


# -- exit codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("prices stale --max-age 99999 --as-of 2026-11-20", 0),
        ("prices stale --max-age 0 --as-of 2026-11-20", 1),
        ("prices diff --from 2026-11-20 --to 2026-11-20", 0),
        ("prices diff --from 2026-10-06 --to 2026-10-07", 1),
        ("compare monitoring monitoring", 0),
        ("recommend monitoring", 0),
        ("claims", 0),
    ],
)
def test_exit_code_one_means_no(line: str, expected: int, capsys: Captured) -> None:
    assert run(capsys, line)[0] == expected
    assert run(capsys, f"{line} --format json")[0] == expected


def test_nothing_left_is_a_no(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "air-gapped.yaml"
    file.write_text(PLAIN + "constraints: {data_residency: air_gapped}\nconsider: [managed-agents]\n", encoding="utf-8")
    code, out, _ = run(capsys, f"recommend {file}")
    assert code == 1
    assert "no recommendation" in out
    assert data(capsys, f"recommend {file}")["recommendation"]["option"] is None


def test_compare_says_no_when_the_answer_changes(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "dear.yaml"
    file.write_text(PLAIN + "overrides: {prices: {managed-agents.session: 900}}\n", encoding="utf-8")
    plain = tmp_path / "plain.yaml"
    plain.write_text(PLAIN, encoding="utf-8")
    code, out, _ = run(capsys, f"compare {plain} {file}")
    assert code == 1
    assert "The answer changes" in out
    bridge = data(capsys, f"compare {plain} {file}")["bridge"]
    assert bridge["start"] + sum(bridge["causes"].values()) == pytest.approx(bridge["end"])


def test_prices_say_what_changed_when_sonnet_did(capsys: Captured) -> None:
    changes = {change["id"]: change for change in data(capsys, "prices diff --from 2026-10-06 --to 2026-10-07")["changes"]}
    assert (changes["claude-sonnet-5-5.cache_read"]["before"], changes["claude-sonnet-5-5.cache_read"]["after"]) == (0.2, 0.1)
    assert changes["claude-haiku-5-5.input"]["before"] is None
    assert "claude-sonnet-5-5.input" not in changes  # a new row with the same price is no change


def test_prices_that_end_name_who_says_so(capsys: Captured) -> None:
    changes = {change["id"]: change for change in data(capsys, "prices diff --from 2026-11-20 --to 2026-12-02")["changes"]}
    ended = changes["claude-sonnet-4-5.input"]
    assert (ended["before"], ended["after"], ended["effective_from"]) == (3.0, None, "2026-11-30")
    assert ended["source"]["title"] == "Claude documentation, overview of Claude Sonnet 4.5"


# -- bad input: exit code 2, a message that says what, where and what to do, and no traceback ------------

BAD = {
    "": ["COMMAND"],
    "recomend monitoring": ["invalid choice", "recommend"],
    "recommend": ["FILE"],
    "recommend monitorin": ["neither a file nor a ready-made scenario", '"monitoring"'],
    "recommend nowhere.yaml": ["no such file"],
    "recommend {tmp}": ["folder"],
    "recommend {tmp}/binary.yaml": ["not a text file"],
    "recommend {tmp}/empty.yaml": ["empty"],
    "recommend {tmp}/list.yaml": ["list"],
    "recommend {tmp}/unknown.yaml": ["unknown.yaml", "agentss", '"agents"'],
    "recommend {tmp}/unpriced.yaml": ["managed-agents-own-service", "not published"],
    "recommend monitoring --as-of yesterday": ["--as-of", "2026-11-20"],
    "recommend monitoring --as-of 2026-02-30": ["not a date"],
    "recommend monitoring --as-of 1999-01-01": ["1999-01-01"],
    "recommend monitoring --format yaml": ["json"],
    "recommend monitoring --speed": ["--speed"],
    "bill monitoring --option vpss": ["not a known option", '"vps"'],
    "bill monitoring --option managed-agents-own-service": ["managed-agents-own-service", "not published"],
    "breakeven monitoring": ["--driver"],
    "breakeven monitoring --driver agentss": ["agentss", '"agents"'],
    "breakeven monitoring --driver agents --range 5": ["not a range", "1:200"],
    "breakeven monitoring --driver agents --range 9:1": ["reversed"],
    "breakeven monitoring --driver agents --range 1:inf": ["not a range"],
    "breakeven monitoring --driver agents --range nan:2": ["not a range"],
    "breakeven monitoring --driver agents --range=-5:5": ["lies between"],
    "breakeven monitoring --driver agents --basis all": ["total"],
    "breakeven monitoring --driver agents --option vps": ["at least 2"],
    "flips monitoring --option vps": ["at least 2"],
    "framework nowhere": ["neither a file"],
    "prices show managed-agents.sesion": ['"managed-agents.session"'],
    "prices list nosuchthing": ["no price holds"],
    "prices stale": ["--max-age"],
    "prices stale --max-age soon": ["not a whole number"],
    "prices stale --max-age -1": ["--max-age"],
    "prices diff --from 2026-11-20": ["--to"],
    "prices diff --from 2026-11-20 --to 2026-01-01": ["later than"],
    "prices burn": ["invalid choice"],
    "outlook monitoring --draws 0": ["draws"],
    "outlook monitoring --draws 1.5": ["not a whole number"],
    "voi monitoring --seed x": ["not a whole number"],
    "tornado monitoring --option vps": ["two options"],
    "map monitoring --x agents": ["--y"],
    "map monitoring --x agents --y agents": ["both axes"],
    "map monitoring --x agents --y vps.upkeep_fte --cells 0": ["cells"],
    "map monitoring --x agents --y discount_rate --y-log": ["logarithmic"],
    "levers monitoring --lever magic": ["not a lever", "prompt_caching"],
    "levers monitoring --dial cached_share": ["not a dial"],
    "levers monitoring --dial cached_shar=0.5": ["cached_share"],
    "levers monitoring --dial cached_share=7": ["between"],
    "compare monitoring": ["second scenario"],
    "compare monitoring nowhere": ["neither a file"],
}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "binary.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    (tmp_path / "list.yaml").write_text("- 1\n- 2\n", encoding="utf-8")
    (tmp_path / "unknown.yaml").write_text("fleet: [{agentss: 3}]\n", encoding="utf-8")
    (tmp_path / "unpriced.yaml").write_text("as_of: 2026-11-20\nfleet: [{agents: 3}]\nconsider: [managed-agents-own-service]\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("line", BAD)
@pytest.mark.parametrize("form", ["text", "json"])
def test_bad_input_gets_one_message(line: str, form: str, broken: Path, capsys: Captured) -> None:
    given = line.format(tmp=broken)
    code, out, err = run(capsys, f"{given} --format {form}" if given and "--format" not in given else given)
    assert code == 2
    assert not out
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1, err
    for word in BAD[line]:
        assert word in err


def test_each_problem_of_a_file_is_one_line(broken: Path, capsys: Captured) -> None:
    (broken / "two.yaml").write_text("fleet: [{agents: -3, sessions_per_day: many}]\n", encoding="utf-8")
    code, _, err = run(capsys, f"recommend {broken / 'two.yaml'}")
    assert code == 2
    assert len(err.strip().splitlines()) == 2
    assert all(line.startswith("two.yaml: fleet[0].") for line in err.strip().splitlines())


def test_a_name_that_no_file_can_have_is_refused(capsys: Captured) -> None:
    code = main(["bill", "a\0b.yaml"])
    assert code == 2
    assert "neither a file" in capsys.readouterr().err


def test_empty_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    code, _, err = run(capsys, "bill -")
    assert code == 2
    assert "empty" in err


# -- as a process --------------------------------------------------------------------------------------


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "decision", "prices", "list"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


STREAMS = {  # what the shell does with the streams -> exit code, and words of the only line on what is left of standard error
    "recommend monitoring > /dev/full": (2, "cannot be written to standard output (No space left on device)"),
    "schema > /dev/full": (2, "cannot be written to standard output (No space left on device)"),
    "recommend monitoring >&-": (2, "standard output is closed"),
    "recommend - <&-": (2, "standard input is closed"),
    "recommend nowhere 2> /dev/full": (2, ""),
    "recommend nowhere 2>&-": (2, ""),
    "recommend monitoring >&- 2>&-": (2, ""),
    "--help > /dev/full": (0, ""),
}


@pytest.mark.parametrize("line", STREAMS)
def test_a_closed_or_full_stream_is_told_in_a_sentence(line: str) -> None:
    code, words = STREAMS[line]
    command = f'"{sys.executable}" -m decision {line}'
    ended = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == code
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) <= 1
    assert not ended.stdout


@pytest.mark.parametrize("words", [["recommend", "{}"], ["recommend", "{}.yaml"], ["bill", "monitoring", "--option", "{}"], ["prices", "show", "{}"],
                                   ["breakeven", "monitoring", "--driver", "{}"], ["recommend", "monitoring", "--as-of", "{}"], ["{}"]])  # fmt: skip
@pytest.mark.parametrize("typed", ["x" * 300, "x" * 100_000, "\x1b[2Jx\nx", "\udc80"])
def test_whatever_was_typed_is_repeated_short_and_in_one_line(words: list[str], typed: str, capsys: Captured) -> None:
    assert main([word.format(typed) for word in words]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert len(err) < 1100
    assert err.rstrip("\n").isprintable()


def test_a_terminal_without_a_letter_shows_a_question_mark(tmp_path: Path) -> None:
    file = tmp_path / "umlaut.yaml"
    file.write_text(PLAIN.replace("Two agents", "Zwölf Агенты"), encoding="utf-8")
    printed = python("-m", "decision", "recommend", str(file), env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("Zw?lf ??????")


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    said = "import sys, decision; print([name for name in ('numpy', 'pydantic', 'altair', 'streamlit') if name in sys.modules])"
    assert python("-c", said).stdout.strip() == "[]"
    asked = "import sys; from decision.__main__ import parser; parser(); " + said.removeprefix("import sys, decision; ")
    assert python("-c", asked).stdout.strip() == "[]"
    one = "import sys; from decision.__main__ import main; main(['prices', 'show', 'managed-agents.session']); "
    assert python("-c", one + said.removeprefix("import sys, decision; ")).stdout.splitlines()[-1] == "['numpy', 'pydantic']"


# -- tables ---------------------------------------------------------------------------------------------


def words() -> Iterator[str]:
    yield from ("a", "several words in a cell", "x" * 30)


@given(st.lists(st.tuples(st.sampled_from(list(words())), st.text("ab c", max_size=200), st.sampled_from(["1", "1,234.50"])), min_size=1, max_size=5))
def test_a_table_fits_and_loses_no_word(rows: list[tuple[str, str, str]]) -> None:
    shown = table(("one", "two", "three"), rows, right=(2,), wrap=1)
    assert max(map(len, shown.splitlines())) <= WIDTH
    wanted = sorted("".join(cell for row in rows for cell in row).replace(" ", ""))
    assert sorted("".join(shown.splitlines()[2:]).replace(" ", "")) == wanted


def test_infinity_is_written_as_null_and_nan_never() -> None:
    assert json.loads(as_json.written({"a": float("inf"), "b": [1.5]})) == {"a": None, "b": [1.5]}
    with pytest.raises(ValueError, match=r"NaN|nan|Out of range"):
        as_json.written({"a": float("nan")})


@pytest.mark.parametrize(
    "extra",
    [
        "consider: all\n",
        "constraints: {data_residency: own_account}\n",
        "constraints: {models: mixed}\nconsider: all\n",
        "horizon_months: 1\n",
        "value_per_week_in_production: 5000\n",
    ],
    ids=["all", "own cloud", "mixed", "one month", "delay"],
)
@pytest.mark.parametrize("command", ["recommend", "bill", "flips", "framework", "outlook", "levers", "split", "tornado", "voi"])
def test_other_scenarios_fit_a_terminal_too(command: str, extra: str, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(PLAIN + extra, encoding="utf-8")
    code, out, err = run(capsys, f"{command} {file}" + (" --draws 128" if command in ("outlook", "voi") else ""))
    assert code == 0, err
    assert not [line for line in out.splitlines() if len(line) > WIDTH and "http" not in line]
