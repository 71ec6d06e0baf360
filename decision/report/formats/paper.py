"""A decision record as PDF through typst: tagged, PDF/UA-1 (typst refuses what does not keep to it), the same bytes for the same record."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from decision.report.document import Block, Cell, Heading, Picture, References, Section, Sentence, Source, Sources, Table, cell_words
from decision.report.formats.pictures import svg
from decision.report.sections.decision import DecisionRecord, decision_record

TEMPLATE = Path(__file__).with_name("record.typ")
PAPERS = ("a4", "us-letter")
FONTS = ("Libertinus Serif", "DejaVu Sans Mono")  # as the template names them; typst brings both
_SETTINGS: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"], "ignore_system_fonts": True, "timestamp": 0}


def write(record: DecisionRecord, paper: str = "a4") -> bytes:
    """The record as one PDF file. paper: one of PAPERS."""
    import typst  # 30 MB that no other format needs

    content = json.dumps(as_data(record, paper), ensure_ascii=False)
    return bytes(typst.compile(TEMPLATE.read_bytes(), sys_inputs={"record": drawable(content)}, **_SETTINGS))


def drawable(text: str) -> str:
    """The text with the code of each letter that no font of typst can draw in place of it."""
    return "".join(letter if letter.isascii() or _is_drawn(letter) else f"[U+{ord(letter):04X}]" for letter in text)


@functools.lru_cache(maxsize=4096)
def _is_drawn(letter: str) -> bool:
    """Whether the fonts that typst brings have a shape for it. Fonts of the machine are not asked: the same record gives the same bytes."""
    import typst

    page = f'#set document(title: "x")\n#set text(font: {json.dumps(FONTS).replace("[", "(").replace("]", ")")})\n#sys.inputs.letter'
    try:
        typst.compile(page.encode(), sys_inputs={"letter": letter}, **_SETTINGS)
    except typst.TypstError:
        return False
    return True


def as_data(record: DecisionRecord, paper: str) -> dict[str, Any]:
    """What the template sets: title, facts, blocks in order."""
    people = record.people
    facts = [("Status", record.status), ("Prices of", str(record.date)), *(
        (name, ", ".join(names))
        for name, names in (("Decision makers", people.decision_makers), ("Consulted", people.consulted), ("Informed", people.informed))
        if names
    )]  # fmt: skip
    blocks = list(_blocks(decision_record(record)))
    return {"title": record.title, "authors": list(people.decision_makers), "paper": paper, "facts": facts, "blocks": blocks}


def _blocks(found: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """The blocks as the template knows them; list items that follow each other are one list."""
    references, items = References(), list[dict[str, str]]()
    for block in found:
        if isinstance(block, Sentence) and block.is_item:
            items.append({"lead": block.about, "text": block.spoken()})
            continue
        if items:
            yield {"kind": "list", "items": items}
            items = []
        yield from _block(block, references)
    if items:
        yield {"kind": "list", "items": items}


def _block(block: Block, references: References) -> Iterator[dict[str, Any]]:
    match block:
        case Heading(title, _):
            yield {"kind": "section", "level": 1, "title": title}
        case Section(title, level):
            yield {"kind": "section", "level": level, "title": title}
        case Sentence(answers=True):
            yield {"kind": "answer", "text": block.spoken()}
        case Sentence():
            yield {"kind": "paragraph", "lead": block.about, "text": block.spoken()}
        case Picture():
            yield {"kind": "picture", "svg": svg(block, font=FONTS[0]), "said": block.said}
        case Table():
            yield _table(block, references)
        case Sources():
            yield {
                "kind": "sources",
                "items": [{"said": each.said, "url": each.url if each.is_followed else "", "read": each.read} for each in references],
            }


def _table(found: Table, references: References) -> dict[str, Any]:
    rows = [[_cell(cell, references) for cell in row] for row in found.rows]
    widths = [0.0] * len(found.head)
    if found.gives_way is not None:
        widths[found.gives_way] = 1.0
    head = [name or " " for name in found.head]
    return {"kind": "table", "head": head, "rows": rows, "numbers": list(found.numbers), "widths": widths}


def _cell(cell: Cell, references: References) -> Any:
    return {"source": references.number(cell)} if isinstance(cell, Source) else cell_words(cell, "")
