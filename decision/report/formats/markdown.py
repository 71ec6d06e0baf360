"""A decision record as Markdown: MADR 4.0 (https://adr.github.io/madr/), with front matter, as GitHub and GitLab show it.

Nothing that a person typed can be markup, a mention, an issue reference or a formula: every character that could be is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from decision.report import as_json
from decision.report.document import Attached, Block, Cell, Gap, Heading, References, Section, Sentence, Source, Sources, Table, cell_words
from decision.report.sections.decision import DecisionRecord, decision_record

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~$])")
_AT_START = re.compile(r"^(\s*)([#+\-=>]|\d+(?=[.)](?:\s|$)))")
_REFERENCE = re.compile(r"([@#])(?=\w)")  # a mention or an issue: GitHub links it wherever it stands
_BARE = "<!-- -->"


def write(record: DecisionRecord) -> str:
    """The record as one Markdown file."""
    lines = [*_front_matter(record), f"# {escaped(record.title)}", ""]
    references = References()
    for block in decision_record(record):
        lines += _written(block, references)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def blocks(found: Iterable[Block]) -> str:
    """Any blocks as Markdown, such as a comment on a pull request."""
    references = References()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for block in found for line in _written(block, references))).strip() + "\n"


def escaped(text: str) -> str:
    """A text that stands for itself in a line of Markdown."""
    one_line = " ".join(text.split())
    marked = _MARKUP.sub(r"\\\1", one_line).replace("&", "&amp;")
    marked = _REFERENCE.sub(lambda found: found[1] + _BARE, marked)
    return _AT_START.sub(lambda found: found[1] + (f"{found[2]}\\" if found[2].isdigit() else f"\\{found[2]}"), marked)


def _front_matter(record: DecisionRecord) -> Iterator[str]:
    """YAML in which every text is quoted as JSON, so that none can be anything else."""
    yield "---"
    yield f"status: {_quoted(record.status)}"
    yield f"date: {record.date}"
    for key, names in (
        ("decision-makers", record.people.decision_makers), ("consulted", record.people.consulted), ("informed", record.people.informed)
    ):  # fmt: skip
        yield f"{key}: [{', '.join(map(_quoted, names))}]"
    yield "---"
    yield ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def _written(block: Block, references: References) -> Iterator[str]:
    match block:
        case Heading(title, note):
            yield from ("", f"## {escaped(title)}", "")
            if note:
                yield from (escaped(note), "")
        case Section(title, level):
            yield from ("", f"{'#' * (level + 1)} {escaped(title)}", "")
        case Sentence():
            yield from _sentence(block)
        case Table():
            yield from _table(block, references)
        case Sources():
            yield from _sources(references)
        case Attached(title, data):
            kept = as_json.written(data).replace("`", "\\u0060").replace("<", "\\u003c")  # nothing in it ends the fence or the fold
            yield from ("", f"<details><summary>{escaped(title)}</summary>", "", "```json", kept, "```", "", "</details>", "")
        case Gap():
            yield ""


def _sentence(said: Sentence) -> Iterator[str]:
    text = f"{f'**{escaped(said.about)}** ' if said.about else ''}{escaped(said.spoken())}"
    yield from ((f"- {text}",) if said.is_item else ("", text, ""))


def _table(found: Table, references: References) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(map(escaped, found.head))} |"
    yield f"|{'|'.join('---:' if n in found.numbers else '---' for n in range(len(found.head)))}|"
    for row in found.rows:
        yield f"| {' | '.join(_cell(cell, references) for cell in row)} |"
    yield ""


def _cell(cell: Cell, references: References) -> str:
    if isinstance(cell, Source):
        number = references.number(cell)
        return f"[{number}](#source-{number})"
    return escaped(cell_words(cell, ""))


def _sources(references: References) -> Iterator[str]:
    for n, source in enumerate(references, start=1):
        address = f", <{source.url}>" if source.is_followed else f", {escaped(source.url)}" if source.url else ""
        yield f'{n}. <a id="source-{n}"></a>{escaped(source.said)}{address}{escaped(source.read)}'
    yield ""
