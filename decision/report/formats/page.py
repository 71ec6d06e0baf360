"""A decision record as one HTML file: no network, light and dark, prints well, with a table of contents."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from decision.charts import Mode
from decision.report import as_json
from decision.report.document import Attached, Block, Cell, Heading, Picture, References, Section, Sentence, Source, Sources, Table, cell_words
from decision.report.formats.pictures import svg
from decision.report.sections.decision import DecisionRecord, decision_record

MODES: tuple[Mode, Mode] = ("light", "dark")

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --mark: #0b6b53; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --line: #373e47; --paper: #12161b; --mark: #5fd3b0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
p, li { max-width: 44rem; overflow-wrap: anywhere; }
a { color: inherit; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; color: var(--soft); margin: 0 0 1rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
nav ol { columns: 2; padding-left: 1.2rem; color: var(--soft); }
.answer { border-left: 4px solid var(--mark); padding: .2rem 0 .2rem 1rem; font-size: 1.1rem; }
figure { margin: 1rem 0; overflow-x: auto; } img { width: 100%; min-width: 32rem; max-width: 44rem; height: auto; }
pre { overflow: auto; max-height: 24rem; font-size: .75rem; border: 1px solid var(--line); padding: .6rem; } summary { cursor: pointer; }
.table { overflow-x: auto; margin: .8rem 0 1.2rem; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; color: var(--soft); } .n { text-align: right; white-space: nowrap; }
@media (max-width: 30rem) { nav ol { columns: 1; } body { padding: 1rem; } }
@media print { @page { margin: 18mm; } body { max-width: none; padding: 0; font-size: 10pt; background: none; color: #000; }
  nav, details { display: none; } h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; } .table { overflow: visible; }
  a { text-decoration: none; } }
"""


def write(record: DecisionRecord) -> str:
    """The record as one file; no script in it, and nothing is fetched."""
    blocks = list(decision_record(record))
    return "\n".join((*_head(record), *_contents(blocks), *_body(blocks), "</main></body></html>")) + "\n"


def _head(record: DecisionRecord) -> Iterator[str]:
    title, people = escape(record.title), record.people
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
    yield f"<title>{title}: where the agents should run</title><style>{_STYLE}</style></head><body><main>"
    yield f"<h1>{title}</h1><dl><dt>Status</dt><dd>{escape(record.status)}</dd><dt>Prices of</dt><dd>{record.date}</dd>"
    for name, names in (("Decision makers", people.decision_makers), ("Consulted", people.consulted), ("Informed", people.informed)):
        if names:
            yield f"<dt>{name}</dt><dd>{escape(', '.join(names))}</dd>"
    yield "</dl>"


def _contents(blocks: list[Block]) -> Iterator[str]:
    titles = [block.title for block in blocks if isinstance(block, Section) and block.level == 1]
    entries = "".join(f'<li><a href="#part-{n}">{escape(title)}</a></li>' for n, title in enumerate(titles, start=1))
    yield f'<nav aria-label="Contents"><ol>{entries}</ol></nav>'


def _body(blocks: list[Block]) -> Iterator[str]:
    references, part, in_list = References(), 0, False
    for block in blocks:
        item = isinstance(block, Sentence) and block.is_item
        if item != in_list:
            yield "<ul>" if item else "</ul>"
            in_list = item
        if isinstance(block, Section) and block.level == 1:
            part += 1
        yield from _written(block, references, part)
    if in_list:
        yield "</ul>"


def _written(block: Block, references: References, part: int) -> Iterator[str]:
    match block:
        case Heading(title, note):
            yield f"<h2>{escape(title)}</h2>" + (f"<p>{escape(note)}</p>" if note else "")
        case Section(title, 1):
            yield f'<h2 id="part-{part}">{escape(title)}</h2>'
        case Section(title, _):
            yield f"<h3>{escape(title)}</h3>"
        case Sentence():
            yield _sentence(block)
        case Table():
            yield from _table(block, references)
        case Picture():
            yield _picture(block)
        case Attached(title, data):
            yield f"<details><summary>{escape(title)}</summary><pre>{escape(as_json.written(data))}</pre></details>"
        case Sources():
            entries = (f'<li id="source-{n}">{_source(source)}</li>' for n, source in enumerate(references, 1))
            yield f"<ol>{''.join(entries)}</ol>"


def _picture(found: Picture) -> str:
    """The chart in both themes, as pictures with words: no script, nothing to fetch."""
    light, dark = (base64.b64encode(svg(found, mode).encode()).decode() for mode in MODES)
    source = f'<source media="(prefers-color-scheme: dark)" srcset="data:image/svg+xml;base64,{dark}">'
    return f'<figure><picture>{source}<img alt="{escape(found.said)}" src="data:image/svg+xml;base64,{light}"></picture></figure>'


def _sentence(said: Sentence) -> str:
    text = escape(said.spoken())
    if said.answers:
        return f'<p class="answer"><b>{text}</b></p>'
    text = f"{f'<b>{escape(said.about)}</b> ' if said.about else ''}{text}"
    return f"<li>{text}</li>" if said.is_item else f"<p>{text}</p>"


def _table(found: Table, references: References) -> Iterator[str]:
    def row(cells: Iterator[str], tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if n in found.numbers else ''}>{cell}</{tag}>" for n, cell in enumerate(cells))

    yield f'<div class="table" tabindex="0"><table><thead><tr>{row(map(escape, found.head), "th")}</tr></thead><tbody>'
    for cells in found.rows:
        yield f"<tr>{row((_cell(cell, references) for cell in cells), 'td')}</tr>"
    yield "</tbody></table></div>"


def _cell(cell: Cell, references: References) -> str:
    if isinstance(cell, Source):
        number = references.number(cell)
        return f'<a href="#source-{number}">[{number}]</a>'
    return escape(cell_words(cell, ""))


def _source(source: Source) -> str:
    url = escape(source.url, quote=True)
    address = f', <a href="{url}" rel="noreferrer">{url}</a>' if source.is_followed else f", {url}" if url else ""
    return f"{escape(source.said)}{address}{escape(source.read)}"
