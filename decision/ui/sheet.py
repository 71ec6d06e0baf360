"""What one person has typed: a valid scenario, plus whatever was typed and is not valid yet, with undo.

    sheet = Sheet.of(scenario, catalog, today)
    sheet.write(("fleet", 0, "agents"), "2 to 8")     # kept as a draft with its problem when it cannot be used
    sheet.undo()

Pure Python: nothing here knows of Streamlit. A place is where a value stands in the scenario file:
("fleet", 0, "agents"), ("team", "platform_talent"), ("overrides", "options", "vps", "upkeep_fte").
Every write is an assignment, so that a click that arrives twice does no harm.
"""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from decision.catalog import Catalog
from decision.errors import BadInput
from decision.scenario import MOST_GROUPS, Inputs, Scenario, inputs_of, plain, scenario_from
from decision.scenario.quantity import number_in, read

Place = tuple[str | int, ...]

_UNDO_DEPTH = 100
_LONGEST_WAITING = 4000  # characters
_SCALE = {"k": 1e3, "m": 1e6}
_AS_TYPED = ("name", "as_of", "other_per_month")  # words and dates, not numbers


@dataclass(frozen=True)
class Draft:
    """Typed, but not usable yet: the text as it was typed, and the sentence that says why."""

    typed: Any
    problem: str


@dataclass(frozen=True)
class _Past:
    content: dict[str, Any]
    drafts: dict[Place, Draft]
    origin: str
    what: str


@dataclass
class Sheet:
    """The scenario of one session. `revision` changes whenever the fields must show other values than were typed in them."""

    catalog: Catalog
    today: dt.date
    content: dict[str, Any]
    inputs: Inputs
    origin: str = ""  # the preset it started from; "" for a link or a file
    drafts: dict[Place, Draft] = field(default_factory=dict)
    past: list[_Past] = field(default_factory=list)
    ranged: set[Place] = field(default_factory=set)  # places that are answered as a range, though not filled in yet
    revision: int = 0
    edited: bool = False

    @classmethod
    def of(cls, scenario: Scenario, catalog: Catalog, today: dt.date, origin: str = "") -> Sheet:
        """A sheet that starts from a scenario. Raises BadInput where the catalog does not know its names."""
        return cls(catalog, today, plain(scenario), inputs_of(scenario, catalog, today), origin)

    @property
    def scenario(self) -> Scenario:
        """The valid scenario; drafts are not in it."""
        return self.inputs.scenario

    def at(self, place: Place) -> Any:
        """What was said at that place, or None."""
        return _at(self.content, place)

    def problem(self, place: Place) -> str | None:
        """Why what was typed there cannot be used."""
        return self.drafts[place].problem if place in self.drafts else None

    def problems_under(self, *starts: Place, but: Collection[Place] = ()) -> int:
        """How many drafts wait for correction below these places. but: places that are left out."""
        return sum(any(place[: len(start)] == start for start in starts) for place in self.drafts if place not in but)

    # -- changes ---------------------------------------------------------------------------------------

    def write(self, place: Place, typed: Any, what: str = "") -> bool:
        """Put what was typed at a place (None or blank removes it). False when it stays a draft."""
        before = self._now(what or str(place[-1]).replace("_", " "))
        if not self._assign(place, typed):
            return False
        if self.content != before.content:
            self._remember(before)
        self._retry_drafts(place)
        return True

    def rewrite(self, content: dict[str, Any], what: str, origin: str | None = None, drafts: Mapping[Place, Draft] | None = None) -> None:
        """Replace everything at once (a preset, a file, a group added or removed); one undo takes it back.

        Raises BadInput, and changes nothing, when the content is not a valid scenario.
        """
        scenario = scenario_from(content)
        inputs = inputs_of(scenario, self.catalog, self.today)
        self._remember(self._now(what))
        self.content, self.inputs, self.drafts = plain(scenario), inputs, dict(drafts or {})
        if origin is not None:
            self.origin, self.edited = origin, False
        self.revision += 1

    @property
    def full(self) -> bool:
        """Whether the fleet has as many groups as it may have."""
        return len(self.scenario.fleet) >= MOST_GROUPS

    def add_group(self) -> None:
        """A further group of agents, blank but for a name that is free; a full fleet stays (a click may arrive twice)."""
        if self.full:
            return
        taken = {group.slug for group in self.scenario.fleet}
        name = next(name for n in range(2, 99) if (name := f"group {n}").replace(" ", "-") not in taken)
        fleet = [*self.content["fleet"], {"name": name}]
        self.rewrite({**self.content, "fleet": fleet}, f"adding {name}", drafts=self.drafts)

    def remove_group(self, name: str) -> None:
        """Take a group out, by its name (so that a click that arrives twice removes one); the last one stays."""
        names = [group.name for group in self.scenario.fleet]
        if name not in names or len(names) == 1:
            return
        index = names.index(name)
        fleet = [group for i, group in enumerate(self.content["fleet"]) if i != index]
        self.rewrite({**self.content, "fleet": fleet}, f"removing {name}", drafts=_shifted(self.drafts, index))

    def waiting(self) -> str:
        """The drafts as a short text that `put_back` reads; '' when there are none."""
        if not self.drafts:
            return ""
        return base64.urlsafe_b64encode(json.dumps([[place, draft.typed] for place, draft in self.drafts.items()]).encode()).rstrip(b"=").decode()

    def put_back(self, text: str) -> None:
        """Write again what was waiting for correction; text that `waiting` did not make is passed over."""
        try:
            pairs = json.loads(base64.urlsafe_b64decode(text[:_LONGEST_WAITING] + "=" * (-len(text[:_LONGEST_WAITING]) % 4)))
            drafts = [(tuple(place), typed) for place, typed in pairs]
        except (ValueError, TypeError, RecursionError):
            return
        for place, typed in drafts:
            if place and all(isinstance(part, str | int) for part in place) and isinstance(typed, str | dict):
                self.write(place, typed)

    def undo(self) -> str:
        """Take the last change back; says which. '' when there is none."""
        if not self.past:
            return ""
        last = self.past.pop()
        scenario = scenario_from(last.content)
        self.content, self.inputs = last.content, inputs_of(scenario, self.catalog, self.today)
        self.drafts, self.origin, self.edited = last.drafts, last.origin, bool(self.past)
        self.revision += 1
        return last.what

    def _now(self, what: str) -> _Past:
        return _Past(copy.deepcopy(self.content), dict(self.drafts), self.origin, what)

    def _remember(self, before: _Past) -> None:
        self.past = [*self.past[-_UNDO_DEPTH + 1 :], before]
        self.edited = True

    def _assign(self, place: Place, typed: Any) -> bool:
        content = copy.deepcopy(self.content)
        try:
            _set(content, place, typed if place[-1] in _AS_TYPED else typed_value(typed))
            scenario = scenario_from(content)
            inputs = inputs_of(scenario, self.catalog, self.today)
        except ValueError as error:  # BadInput included
            self.drafts[place] = Draft(typed, _reason(error))
            return False
        self.drafts.pop(place, None)
        self.content, self.inputs = plain(scenario), inputs
        return True

    def _retry_drafts(self, just_written: Place) -> None:
        """A correction elsewhere may have made an earlier draft usable (open hours against active hours)."""
        for place, draft in list(self.drafts.items()):
            if place != just_written:
                self._assign(place, draft.typed)


def typed_value(typed: Any) -> Any:
    """What a text field holds, as it stands in a scenario file. Raises ValueError with what is accepted.

    "12,000" and "12k" are numbers; "2 to 8" is a range; "30 %" is a share; blank is None. "12,5" is refused, since it could mean two things.
    """
    if isinstance(typed, Mapping):
        parts = {name: typed_value(part) for name, part in typed.items()}
        return {name: part for name, part in parts.items() if part is not None} or None
    if not isinstance(typed, str):
        return typed
    text = typed.strip()
    if not text:
        return None
    if re.fullmatch(r"[A-Za-z][^\d]*", text):
        return typed
    ends = re.split(r"\s+to\s+|\s*(?:\.\.|–|—)\s*", text)
    if len(ends) == 2:
        low, high = (_number(end) for end in ends)
        return read({"low": low, "high": high}).plain()
    return _number(text)


def _number(text: str) -> float | int:
    bare = text.strip().removeprefix("$").strip()
    scale = 1.0
    if bare.endswith("%"):
        bare, scale = bare[:-1].strip(), 0.01
    elif bare[-1:].lower() in _SCALE:
        bare, scale = bare[:-1].strip(), _SCALE[bare[-1:].lower()]
    found = number_in(bare or text, text)
    value = found / round(1 / scale) if scale < 1 else found * scale
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _reason(error: ValueError) -> str:
    """The first problem, without the file and field that stand beside the message anyway."""
    problem = error.problems[0] if isinstance(error, BadInput) else str(error)
    return re.sub(r"^(scenario: )?([\w.\-\[\]]+: )?", "", problem)


def _at(content: Any, place: Sequence[str | int]) -> Any:
    for key in place:
        if (isinstance(content, Mapping) and key in content) or (isinstance(content, list | tuple) and isinstance(key, int) and key < len(content)):
            content = content[key]
        else:
            return None
    return content


def _set(content: dict[str, Any], place: Place, value: Any) -> None:
    """Assign at a place, making what lies between; a None removes, and takes emptied parts with it."""
    holder: Any = content
    trail: list[tuple[Any, str | int]] = []
    for key in place[:-1]:
        if isinstance(holder, dict):
            holder.setdefault(key, {})
        elif not (isinstance(holder, list) and isinstance(key, int) and 0 <= key < len(holder)):
            raise ValueError("Nothing can be answered here.")
        trail.append((holder, key))
        holder = holder[key]
    if not isinstance(holder, dict):
        raise ValueError("Nothing can be answered here.")
    if value is not None:
        holder[place[-1]] = value
        return
    holder.pop(place[-1], None)
    for parent, key in reversed(trail):
        if parent[key] == {} and isinstance(parent, dict):
            del parent[key]


def _shifted(drafts: Mapping[Place, Draft], removed: int) -> dict[Place, Draft]:
    kept = {}
    for place, draft in drafts.items():
        group = place[1] if place[0] == "fleet" else None
        if not isinstance(group, int):
            kept[place] = draft
        elif group != removed:
            kept["fleet", group - (group > removed), *place[2:]] = draft
    return kept
