"""Euro reference rates of the European Central Bank: one day, US dollars for a euro."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from decision.feeds.answers import Said, SchemaChanged, day_of, reading


def read(text: str) -> Iterator[Said]:
    """The rate of every currency, with the day of the rate: on a holiday the file is that of the day before."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SchemaChanged("the XML declares entities, which this feed never did")
    try:
        root = ET.fromstring(text)  # noqa: S314  entities, the danger of XML, are refused above
    except ET.ParseError as error:
        raise SchemaChanged(f"the answer is not XML ({error})") from None
    day = next((cube for cube in root.iter() if cube.get("time")), None)
    if day is None:
        raise SchemaChanged('no element has a "time"')
    on = day_of(day.get("time"))
    for cube in day:
        if name := cube.get("currency"):
            yield reading(name, cube.get("rate"), f"{name} per EUR", starts=None, read_on=on)
