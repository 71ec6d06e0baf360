"""What a report holds: blocks of words, tables and charts that carry figures of the domain, before anybody has written them down.

Sections (report/sections, one file a question) make blocks from domain objects; a writer makes one format of them. A writer is a function
`write(report) -> str` or bytes. No block knows how it will look: a figure has its value and its kind, a source its address, a chart its data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from decision import words
from decision.analysis.map import WhoWins
from decision.catalog import Value

Kind = Literal[
    "money", "about_money", "cents", "dollars", "each", "unit_price", "number", "about", "in_unit", "bare", "percent", "odds_words", "computed"
]
"""How a figure reads: a function of decision.words."""

_MARKS = ("-", "!", "=>")  # that start the lead of an item of a list
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_MONEY = ("money", "about_money", "cents", "dollars", "each", "unit_price")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the engine has it, unrounded. unit: for in_unit and bare. signed: a change, shown with its sign."""

    value: Value
    kind: Kind = "number"
    unit: str = ""
    signed: bool = False

    def shown(self, sign: str = words.DOLLAR, currency: str = "") -> str:
        """In words. sign: before money; currency: after it."""
        if self.kind in ("in_unit", "bare"):
            text: str = getattr(words, self.kind)(self.value, self.unit)
        elif self.kind in _MONEY:
            text = getattr(words, self.kind)(self.value, sign) + currency
        else:
            text = getattr(words, self.kind)(self.value)
        return words.signed(text) if self.signed else text


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so. said: title, kind of evidence, dates; read: what follows the address."""

    said: str
    url: str = ""
    read: str = ""

    @property
    def is_followed(self) -> bool:
        """Whether a reader may follow its address: other schemes than the web's are shown and no more."""
        return _ADDRESS.fullmatch(self.url) is not None


Part: TypeAlias = str | Figure
Cell: TypeAlias = Part | Source | tuple[Part, ...]


def cell_words(cell: Part | tuple[Part, ...], sign: str = words.DOLLAR, currency: str = "") -> str:
    """Parts as one text."""
    parts = cell if isinstance(cell, tuple) else (cell,)
    return "".join(part if isinstance(part, str) else part.shown(sign, currency) for part in parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a report or of one option in it. note: what holds for all figures below."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The title of a part. level: 1 for a part of the report, 2 for a part of that."""

    title: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph. lead: what it is about, or a mark of a list; depth: 0 at the margin, then below each other.

    in_currency: whether its words or its surroundings name the currency already. answers: whether it is what the report is read for.
    """

    parts: tuple[Part, ...]
    lead: str = ""
    depth: int = 1
    in_currency: bool = False
    answers: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list: its lead starts with a mark."""
        return self.lead.strip().startswith(_MARKS)

    @property
    def about(self) -> str:
        """What it is about: its lead without the mark of a list."""
        return self.lead.strip().lstrip("".join(_MARKS)).strip() if self.is_item else self.lead.strip()

    def spoken(self, sign: str = words.DOLLAR, currency: str = "") -> str:
        """Its words, without the lead."""
        return cell_words(self.parts, sign, "" if self.in_currency else currency)


def sentence(*parts: Part, lead: str = "", depth: int = 1, in_currency: bool = False, answers: bool = False) -> Sentence:
    """A Sentence from its parts."""
    return Sentence(parts, lead, depth, in_currency, answers)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head. numbers: the columns that hold numbers; gives_way: the one that folds where there is no room; depth as of a sentence."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...] = ()
    gives_way: int | None = None
    depth: int = 1


def table(head: Iterable[str], rows: Iterable[Iterable[Cell]], numbers: Iterable[int] = (), gives_way: int | None = None, depth: int = 1) -> Table:
    """A Table from any iterables."""
    return Table(tuple(head), tuple(tuple(row) for row in rows), tuple(numbers), gives_way, depth)


@dataclass(frozen=True, slots=True)
class Chart:
    """Something to look at: the cheapest option over two inputs. keys: option id -> the letter by which the words around it name the option."""

    of: WhoWins
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of the page, by its name in charts/ and with its rows. said: what it shows, for who cannot see it. A table near it has the figures."""

    chart: str
    data: Mapping[str, Any]
    said: str


class References:
    """Numbered sources: the same words have one number."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}

    def number(self, source: Source) -> int:
        """The number of a source, 1 for the first."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def __iter__(self) -> Iterator[Source]:
        """All sources, in the order of their numbers."""
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources that the tables above cite, each once."""


@dataclass(frozen=True, slots=True)
class Attached:
    """What a program reads of a record, below what people read. A format for people alone leaves it out."""

    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause between two parts that have no titles."""


Block: TypeAlias = Heading | Section | Sentence | Table | Chart | Picture | Sources | Attached | Gap
Data: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """An answer in both its forms, each built when a writer asks: blocks for people, documented data (as_json.py) for programs.

    blocks: None where the data is all there is to read, such as a schema.
    """

    blocks: Callable[[], Iterable[Block]] | None
    data: Callable[[], Data]
