"""Reading data/: every file of a folder against its shape. What cannot be read is said, and stops no other file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from decision import strict_yaml
from decision.catalog import Catalog, ComponentsFile, EstimatesFile
from decision.catalog.claims import Claims
from decision.catalog.feeds import Ledger
from decision.catalog.framework import Framework
from decision.catalog.levers import LeversFile
from decision.catalog.options import Option
from decision.catalog.people import People
from decision.catalog.prices import Model, Plan, PriceFile, PriceSeries, Source, Throughput
from decision.catalog.search import AnalysisFile
from decision.catalog.sellers import SellersFile
from decision.catalog.token_rates import TokenRates
from decision.errors import BadInput, field_names, nearest, sentences

Shape = TypeVar("Shape", bound=BaseModel)

ONE_FILE: Mapping[str, type[BaseModel]] = {
    "components.yaml": ComponentsFile, "sellers.yaml": SellersFile, "estimates.yaml": EstimatesFile, "people.yaml": People,
    "token_rates.yaml": TokenRates,
    "framework.yaml": Framework, "levers.yaml": LeversFile, "analysis.yaml": AnalysisFile, "claims.yaml": Claims,
}  # fmt: skip
FOLDERS: Mapping[str, type[BaseModel]] = {"prices": PriceFile, "options": Option, "feeds": Ledger}
ELSEWHERE = ("scenarios", "feeds.yaml")  # folders and files that are read when somebody asks for them


@dataclass(frozen=True)
class Reading:
    """A catalog of all that could be read, the problems of what could not, and the kinds of file of which some is missing.

    A kind is the name of a folder or of a file. A file that could not be read stands in the catalog as an empty shape, which no check may look at.
    """

    catalog: Catalog
    problems: tuple[str, ...]
    broken: frozenset[str]


def read(folder: Path) -> Reading:
    """Every file of `folder`. Raises BadInput only where the folder holds no file at all."""
    reader = _Reader(folder)
    reader.open()
    catalog = Catalog(
        *reader.price_lists(),
        sellers=reader.one("sellers.yaml", SellersFile, sellers={}).sellers,
        options=reader.options(),
        components=reader.one("components.yaml", ComponentsFile, components={}).components,
        estimates=reader.one("estimates.yaml", EstimatesFile),
        framework=reader.one("framework.yaml", Framework),
        levers=reader.one("levers.yaml", LeversFile),
        search=reader.one("analysis.yaml", AnalysisFile, search=None).search,
        people=reader.one("people.yaml", People),
        token_rates=reader.one("token_rates.yaml", TokenRates),
        claims=reader.one("claims.yaml", Claims),
        ledgers=reader.ledgers(),
        folder=folder,
        version=reader.digest.hexdigest()[:12],
    )
    return Reading(catalog, tuple(reader.problems), frozenset(reader.broken))


def shaped(shape: type[Shape], content: Any, file: str) -> tuple[Shape | None, list[str]]:
    """The content of a file in its shape, or what keeps it from that, one sentence each."""
    try:
        return shape.model_validate(content), []
    except ValidationError as error:
        return None, sentences(error, file, field_names(shape))


class PriceLists(NamedTuple):
    """What all files of prices/ hold together: the first six fields of a Catalog."""

    prices: dict[str, PriceSeries]
    sources: dict[str, Mapping[str, Source]]
    vendors: dict[str, str]
    models: dict[str, Model]
    plans: dict[str, Plan]
    throughputs: dict[str, Throughput]


class _Reader:
    """One pass over a folder; what it meets on the way is noted and passed by."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.digest = folder, hashlib.sha256()
        self.problems: list[str] = []
        self.broken: set[str] = set()
        self.contents: dict[str, Any] = {}  # file -> what stands in it

    def open(self) -> None:
        """Read the YAML of every file that has a place in the folder."""
        paths = sorted(path for ending in ("yaml", "yml") for path in self.folder.rglob(f"*.{ending}"))
        if not paths:
            raise BadInput(f"{self.folder}: no YAML files here. The catalog needs prices/, options/ and {', '.join(ONE_FILE)}.")
        for path in paths:
            file = path.relative_to(self.folder).as_posix()
            kind = file if "/" not in file else file.rpartition("/")[0]
            if path.suffix != ".yaml" or kind not in (*ONE_FILE, *FOLDERS, *ELSEWHERE):
                places = (*ONE_FILE, *(f"{name}/{path.stem}.yaml" for name in (*FOLDERS, "scenarios")))
                self.problems.append(f"{file}: no file of this name is read.{nearest(file, places)} Rename, move or remove it.")
            elif kind not in ELSEWHERE:
                self._read(path, file, kind)

    def _read(self, path: Path, file: str, kind: str) -> None:
        try:
            text = strict_yaml.bytes_of(path)
            self.contents[file] = strict_yaml.read(file, text)
            if kind != "feeds":  # that a price was read again changes no figure
                self.digest.update(text)
        except BadInput as error:
            self._note(kind, error.problems)

    def _note(self, kind: str, problems: Iterable[str]) -> None:
        self.problems += problems
        self.broken.add(kind)

    def one(self, file: str, shape: type[Shape], **empty: Any) -> Shape:
        """A file that stands alone; where it cannot be read, a shape that holds nothing but `empty`."""
        if file in self.contents:
            found, problems = shaped(shape, self.contents[file], file)
            if found is not None:
                return found
            self._note(file, problems)
        elif file not in self.broken:
            self._note(file, [f"{self.folder / file}: no such file. The catalog needs it."])
        return shape.model_construct(**empty)

    def several(self, kind: str, shape: type[Shape]) -> Iterator[tuple[str, Shape]]:
        """The files of a folder that can be read, each with its name."""
        for file, content in self.contents.items():
            if file.startswith(f"{kind}/"):
                found, problems = shaped(shape, content, file)
                if found is not None:
                    yield file, found
                else:
                    self._note(kind, problems)

    def options(self) -> dict[str, Option]:
        """The options by id, which is the name of the file."""
        found = {}
        for file, option in self.several("options", Option):
            if file == f"options/{option.id}.yaml":
                found[option.id] = option
            else:
                self._note("options", [f'{file}: id is "{option.id}". Name the file {option.id}.yaml or correct the id.'])
        return found

    def ledgers(self) -> dict[str, Ledger]:
        """The ledgers by feed, which is the name of the file."""
        found = {}
        for file, ledger in self.several("feeds", Ledger):
            if file == f"feeds/{ledger.feed}.yaml":
                found[ledger.feed] = ledger
            else:
                self._note("feeds", [f'{file}: feed is "{ledger.feed}". Name the file {ledger.feed}.yaml or correct the feed.'])
        return found

    def price_lists(self) -> PriceLists:
        """What the files of prices/ hold together. An id that stands twice keeps its first place."""
        lists, first = PriceLists({}, {}, {}, {}, {}, {}), dict[str, str]()
        for file, held in self.several("prices", PriceFile):
            for price_id, series in _all_series(held):
                if price_id in first:
                    self.problems.append(f'{file}: "{price_id}" is priced twice, here and in {first[price_id]}. Keep one.')
                    continue
                first[price_id] = file
                lists.prices[price_id], lists.sources[price_id], lists.vendors[price_id] = series, held.sources, held.vendor
            for name, speed in held.throughputs.items():
                if name in lists.throughputs:
                    self.problems.append(f"{file}: throughputs.{name} stands in another file too. Keep one.")
                    continue
                lists.throughputs[name], lists.sources[name] = speed, held.sources
            lists.models.update(held.models)
            lists.plans.update(held.plans)
        return lists


def _all_series(file: PriceFile) -> Iterator[tuple[str, PriceSeries]]:
    yield from file.prices.items()
    for model_id, model in file.models.items():
        yield from model.series(model_id).items()
    for plan_id, plan in file.plans.items():
        yield plan_id, plan.series()
