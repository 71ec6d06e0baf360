"""A decision record as a PNG card of 1,200 x 630 pixels for a chat message, drawn by typst."""

from __future__ import annotations

import json
from pathlib import Path

from decision.report.formats.paper import FONTS, drawable
from decision.report.formats.pictures import svg
from decision.report.sections.decision import DecisionRecord, ownership_picture
from decision.words import STATUS

TEMPLATE = Path(__file__).with_name("card.typ")
_DOTS_PER_INCH = 144
_LONGEST_REASON = 180  # characters of two lines


def write(record: DecisionRecord) -> bytes:
    """The card: what was asked, the answer, why, and what the options cost."""
    import typst  # 30 MB that only papers and cards need

    found = record.found
    best, picture = found.recommended, ownership_picture(record)
    reason = f"{found.because.partition('. ')[0].rstrip('.')}."  # the first sentence: the others do not fit
    reason = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 3]}..."
    content = {
        "title": record.title,
        "answer": f"{best.name if best else 'None'} ({STATUS[found.status]})",
        "because": reason,
        "svg": svg(picture, font=FONTS[0]) if picture else "",
        "said": picture.said if picture else "",
        "note": f"{picture.said.partition('. ')[0] + '. ' if picture else ''}Prices of {record.date}, catalog {found.catalog_version}.",
    }
    return bytes(
        typst.compile(
            TEMPLATE.read_bytes(), format="png", ppi=_DOTS_PER_INCH, ignore_system_fonts=True,
            sys_inputs={"card": drawable(json.dumps(content, ensure_ascii=False))},
        )
    )  # fmt: skip
