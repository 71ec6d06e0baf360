"""Decision records: every format shows the figures of the engine, is the same for the same scenario, and lets nothing typed be markup."""

from __future__ import annotations

import base64
import csv
import html.parser
import io
import json
import re
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from decision.__main__ import main
from decision.errors import BadInput
from decision.loading import load
from decision.report.filed import MOST_NAMES, VERSION, filed
from decision.report.formats import FORMATS
from decision.report.formats.markdown import escaped
from decision.report.formats.paper import PAPERS
from decision.report.formats.paper import write as write_paper
from decision.report.sections.decision import DecisionRecord, People
from decision.scenario import inputs_of, read_scenario, ready_made, scenario_from
from decision.scenario.link import open_link
from decision.words import cents, dollars
from tests import filed_records
from tests.page_driver import title

ROOT = Path(__file__).parents[1]
SCENARIOS = ("support-desk-30-days", "five-departmental-specialists", "weekly-batch")
HOSTILE = '=1+1 <script>alert(1)</script> [x](javascript:alert(1)) | `c` $x$ @team #12 **b** "q"'


def record(name: str, **asked: Any) -> DecisionRecord:
    return filed(inputs_of(read_scenario(ready_made()[name]), load()), **asked)


def hostile() -> DecisionRecord:
    content = {"as_of": "2026-11-20", "name": HOSTILE[:80], "fleet": [{"name": HOSTILE[:79], "agents": 2}, {"name": "-2+3", "agents": 1}]}
    return filed(inputs_of(scenario_from(content), load()), People((HOSTILE,), ("=cmd()",)))


class Words(html.parser.HTMLParser):
    """What an HTML file shows, and which elements it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.tags, self.addresses = "", set[str](), list[str]()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def pdf_words(content: bytes) -> str:
    """What a reader finds in a PDF file, through poppler."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext of poppler is not installed")
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True, timeout=60).stdout.decode()


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_format_shows_the_figures_of_the_engine_to_the_cent(name: str) -> None:
    found = record(name)
    files = {ending: form.written(found).decode() for ending, form in FORMATS.items() if form.is_text}
    paper = pdf_words(FORMATS["pdf"].written(found))
    markdown, page = files["md"].replace("\\", ""), Words(files["html"]).words
    data = json.loads(files["json"])
    rows = list(csv.DictReader(io.StringIO(files["csv"])))
    for result in found.charged:
        assert result.costed is not None
        total = cents(result.costed.bill.shown_total, "")
        assert f"| total |  |  |  |  | {total} |  |" in markdown
        assert total in page
        assert total in paper
        of_option = next(option for option in data["recommendation"]["options"] if option["id"] == result.id)
        assert of_option["monthly"]["total"] == pytest.approx(result.monthly, abs=1e-9)
        billed = [float(row["BilledCost"]) for row in rows if row["x_OptionId"] == result.id]
        assert sum(billed) == pytest.approx(result.monthly, abs=1e-6)
        for row in (row for row in rows if row["x_OptionId"] == result.id):
            assert float(row["PricingQuantity"]) * float(row["ListUnitPrice"]) == pytest.approx(float(row["BilledCost"]), abs=1e-9)
        for item in result.costed.bill.items:
            assert cents(item.cost, "") in markdown
            assert cents(item.cost, "") in page
            assert cents(item.cost, "") in paper
    assert found.found.because in page
    assert found.found.because in markdown
    assert found.found.because in " ".join(files["txt"].split())


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_scenario_gives_the_same_bytes(ending: str) -> None:
    assert FORMATS[ending].written(record(SCENARIOS[0])) == FORMATS[ending].written(record(SCENARIOS[0]))


def test_markdown_is_a_madr_record() -> None:
    found = record(SCENARIOS[0], people=People(("Ann", "Bo: b"), ("Cy",), ()), status="accepted")
    text = FORMATS["md"].written(found).decode()
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front) == {
        "status": "accepted", "date": found.date, "decision-makers": ["Ann", "Bo: b"], "consulted": ["Cy"], "informed": [],
    }  # fmt: skip
    assert re.findall(r"^## (.+)$", body, re.MULTILINE)[:5] == [
        "Context and problem statement", "Decision drivers", "Considered options", "Decision outcome", "Pros and cons of the options",
    ]  # fmt: skip
    assert re.findall(r"^# (.+)$", body, re.MULTILINE) == [found.title]
    assert "### Consequences" in body


@pytest.mark.parametrize("name", filed_records.SCENARIOS)
def test_records_read_as_they_are_kept(name: str) -> None:
    """Three whole records. Where a change is meant: python -m tests.filed_records --write, and read what changed."""
    assert filed_records.record(name).splitlines() == (filed_records.RECORDS / f"{name}.md").read_text(encoding="utf-8").splitlines()


def test_every_reference_has_its_source() -> None:
    text = FORMATS["md"].written(record(SCENARIOS[0])).decode()
    cited = {int(number) for number in re.findall(r"\(#source-(\d+)\)", text)}
    assert cited == {int(number) for number in re.findall(r'<a id="source-(\d+)">', text)}
    assert cited
    page = Words(FORMATS["html"].written(record(SCENARIOS[0])).decode())
    assert {address for address in page.addresses if address.startswith("#source")} == {f"#source-{number}" for number in cited}


def test_a_record_says_by_which_prices_which_tool_and_leads_back_to_the_scenario() -> None:
    found = record(SCENARIOS[1])
    text = FORMATS["md"].written(found).decode().replace("\\", "")
    for price_id, price in found.prices.items():
        assert f"| {price_id} |" in text
        assert str(price.effective_from) in text
    assert f"catalog {found.found.catalog_version}" in text
    assert f"agent-runtime-decision {VERSION}" in text
    code = re.search(r"\?s=([\w.=-]+)", text)
    assert code is not None
    opened = open_link(code[1], load())
    assert opened.scenario == found.found.inputs.scenario.model_copy(update={"as_of": found.date})


def test_the_version_is_that_of_the_project() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_picture_has_words_two_themes_and_the_figures_of_the_table() -> None:
    found = record(SCENARIOS[1])
    page = FORMATS["html"].written(found).decode()
    alt = re.search(r'<img alt="([^"]+)"', page)
    assert alt is not None
    for option_id in found.found.ranking:
        costed = found.found.result(option_id).costed
        assert costed is not None
        assert dollars(costed.owned.shown_total) in alt[1]
    drawn = [base64.b64decode(code).decode() for code in re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page)]
    assert len(drawn) == 2
    assert drawn[0] != drawn[1]
    assert all("<script" not in svg and "http" not in svg.replace("http://www.w3.org", "") for svg in drawn)
    assert len(page) < 300_000


# -- what people type ----------------------------------------------------------------------------------


def test_nothing_typed_is_markup() -> None:
    page = Words(FORMATS["html"].written(hostile()).decode())
    assert HOSTILE[:60] in page.words
    assert page.tags.isdisjoint({"script", "iframe", "object", "form", "link"})
    assert "onerror" not in page.words.replace(HOSTILE, "")
    assert all(re.match(r"https?://|#|data:image/svg\+xml;base64,", address) for address in page.addresses)


def test_nothing_typed_is_markdown() -> None:
    text = FORMATS["md"].written(hostile()).decode()
    assert yaml.safe_load(text.split("---\n")[1])["decision-makers"] == [HOSTILE]
    body = text.split("---\n", 2)[2]
    assert not re.search(r"(?<!\\)<script", body)
    read = re.sub(r"```json.*?```", "", body, flags=re.DOTALL)  # a block of code is no markup
    assert body.count("```") == 2
    assert "</details>" not in re.sub(r"```json.*?```\n\n</details>", "", body, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)\[x\]\(", read)
    assert not re.search(r"@team|(?<!\\)#12|(?<!\\)\$x|(?<!\\)`c`", read)
    tables = [line for line in body.splitlines() if line.startswith("|")]
    heads = {len(re.findall(r"(?<!\\)\|", line)) for line in tables}
    assert len(heads) < 8  # a cell that broke out would make rows of other widths
    for head, rule, *rows in _tables(body):
        assert all(len(re.findall(r"(?<!\\)\|", row)) == len(re.findall(r"(?<!\\)\|", head)) for row in (rule, *rows))


def _tables(body: str) -> list[list[str]]:
    return [chunk.strip().splitlines() for chunk in re.split(r"\n\s*\n", body) if chunk.strip().startswith("|")]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [("# a", "\\# a"), ("- a", "\\- a"), ("1. a", "1\\. a"), ("19.20", "19.20"), ("a_b", "a\\_b"), ("a\n\n# b", "a # b"), ("&lt;", "&amp;lt;")],
)
def test_a_line_of_markdown_says_what_was_typed(typed: str, stands: str) -> None:
    assert escaped(typed) == stands


def test_no_cell_is_a_formula() -> None:
    for row in csv.reader(io.StringIO(FORMATS["csv"].written(hostile()).decode())):
        assert not any(cell.startswith(("=", "+", "-", "@")) and not re.fullmatch(r"-?[\d.e+-]+", cell) for cell in row)


@pytest.mark.parametrize("typed", ["שלום עולם", "🦑" * 20, "x" * 80])
def test_other_letters_and_long_names_stand_in_every_format(typed: str) -> None:
    found = filed(inputs_of(scenario_from({"as_of": "2026-11-20", "name": typed, "fleet": [{"name": typed}]}), load()))
    for ending in ("md", "html", "txt", "json"):
        assert typed in FORMATS[ending].written(found).decode()
    assert FORMATS["pdf"].written(found).startswith(b"%PDF")


def test_thirty_groups_and_every_option_still_make_a_record() -> None:
    fleet = [{"name": f"group {n}", "agents": n + 1} for n in range(30)]
    found = filed(inputs_of(scenario_from({"as_of": "2026-11-20", "fleet": fleet, "consider": "all"}), load()))
    assert len(FORMATS["html"].written(found)) < 3_000_000
    assert FORMATS["pdf"].written(found).startswith(b"%PDF")


def test_where_nothing_is_left_the_record_says_so() -> None:
    content = {"as_of": "2026-11-20", "fleet": [{}], "constraints": {"models": "mixed"}, "consider": ["managed-agents"]}
    found = filed(inputs_of(scenario_from(content), load()))
    assert "None" in pdf_words(FORMATS["pdf"].written(found))
    for ending in ("md", "html", "txt"):
        assert "None" in FORMATS[ending].written(found).decode()


# -- the command ---------------------------------------------------------------------------------------


def test_nothing_typed_is_typst() -> None:
    content = {"as_of": "2026-11-20", "name": '#panic("x") $x$ *b* "q" \\ @a <b>', "fleet": [{"name": '#read("/etc/passwd")'}]}
    words = pdf_words(FORMATS["pdf"].written(filed(inputs_of(scenario_from(content), load()))))
    assert '#panic("x") $x$ *b* "q" \\ @a <b>' in words
    assert "root:" not in words


@pytest.mark.parametrize("name", ["support-desk-30-days", HOSTILE[:80], "🦑" * 20, "x" * 80])
def test_a_card_is_of_the_size_that_chats_show(name: str) -> None:
    said = read_scenario(ready_made()[SCENARIOS[0]]).model_copy(update={"name": name})
    content = FORMATS["png"].written(filed(inputs_of(said, load())))
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1200, 630)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_tagged_and_as_large_as_asked_for(paper: str) -> None:
    content = write_paper(record(SCENARIOS[0]), paper)  # typst refuses what does not keep to PDF/UA-1
    size = {"a4": b"595.27", "us-letter": b"612"}[paper]
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content
    assert b"pdfuaid" in content
    assert size in content


def test_a_format_that_is_no_text_asks_for_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", SCENARIOS[0], "--format", "pdf"]) == 2
    assert "Save it in a file with -o, such as -o decision.pdf" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [ending for ending, form in FORMATS.items() if form.is_text])
def test_the_command_prints_or_saves_it(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", SCENARIOS[0], "--format", ending, "--decision-maker", "Ann"]) == 0
    printed = capsys.readouterr().out
    out = tmp_path / f"record.{ending}"
    assert main(["report", SCENARIOS[0], "--format", ending, "--decision-maker", "Ann", "-o", str(out)]) == 0
    assert out.read_bytes().decode().split() == printed.split()
    assert f"{out.stat().st_size:,} bytes" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", SCENARIOS[0], "-o", str(tmp_path / "nowhere" / "record.md")]) == 2
    assert "cannot be written (No such file or directory). Give -o another file" in capsys.readouterr().err


def test_too_many_names_are_refused() -> None:
    with pytest.raises(BadInput, match="consulted: 41 names were given; at most 40 are kept"):
        record(SCENARIOS[0], people=People((), tuple(f"n{n}" for n in range(MOST_NAMES + 1))))


# -- the page ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("whole_page_runs")
def test_the_page_previews_it_and_offers_every_format() -> None:
    page = AppTest.from_file(str(ROOT / "decision" / "ui" / "main.py"), default_timeout=60)
    page.context = {"theme": "light"}
    page.run()
    page.switch_page(str(ROOT / "decision" / "ui" / "report" / "screen.py")).run()
    assert title(page) == "Report"
    assert not page.exception
    assert [button.proto.label for button in page.get("download_button")] == [form.name for form in FORMATS.values()]
    page.text_input(key="report_decision_makers").set_value("Ann, Bo").run()
    shown = page.get("iframe")[0].proto
    assert "Ann, Bo" in str(shown)
