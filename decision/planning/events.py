"""What can happen on a board. An event says what, who and when; it is written once and never changed.

A subject is what people answer: the path of an input ("options.vps.upkeep_fte"), or a question of the framework ("question:platform_talent").
An event's id is made where it happens, in the browser's session, so that the same event sent twice is kept once.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, Strict, TypeAdapter, ValidationError, field_validator

from decision.errors import BadInput, sentences
from decision.planning.limits import LONGEST_NAME, LONGEST_REASON, LONGEST_TIMER, LONGEST_TITLE, MOST_SUBJECTS, checked_text
from decision.scenario import Amount

Role = Literal["facilitator", "participant", "watcher"]
Stance = Literal["agree", "object", "stand_aside"]
How = Literal["median", "person", "typed"]

QUESTION = "question:"
OPERATOR = "operator"  # the author of what the command line does

_Subject = Annotated[str, Field(min_length=1, max_length=200)]
_Person = Annotated[str, Field(pattern=r"^[0-9a-z]{1,32}$")]


def new_id() -> str:
    """An id for an event or a board: 128 random bits."""
    return secrets.token_hex(16)


def question_of(subject: str) -> str | None:
    """The question that a subject is; None for an input."""
    return subject.removeprefix(QUESTION) if subject.startswith(QUESTION) else None


class Happened(BaseModel):
    """What every event has. author: the id of a person on this board."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    at: AwareDatetime
    author: _Person

    @field_validator("title", "name", "reason", "note", "text", mode="after", check_fields=False)
    @classmethod
    def _plain(cls, text: str, info: Any) -> str:
        most = {"title": LONGEST_TITLE, "name": LONGEST_NAME}.get(info.field_name, LONGEST_REASON)
        return checked_text(text, f"The {info.field_name}", most, blank=info.field_name in ("reason", "note"))


class Created(Happened):
    """A board, from a scenario in plain data. day: whose prices count where the scenario names none. author: whoever makes it."""

    kind: Literal["created"] = "created"
    title: str
    scenario: dict[str, Any]
    day: dt.date


class Joined(Happened):
    """The author goes by this name from now on."""

    kind: Literal["joined"] = "joined"
    name: str
    role: Role


class Asked(Happened):
    """These are the subjects from now on, in this order. One that is left out keeps its estimates."""

    kind: Literal["asked"] = "asked"
    subjects: Annotated[tuple[_Subject, ...], Field(max_length=MOST_SUBJECTS)]


class Said(Happened):
    """The author's answer in a round: an estimate of an input, or an answer to a question; neither of the two is an abstention."""

    kind: Literal["said"] = "said"
    subject: _Subject
    round: Annotated[int, Strict(), Field(ge=1)]
    estimate: Amount | None = None
    answer: Annotated[str, Field(max_length=60)] | None = None
    reason: str = ""


class Revealed(Happened):
    """The open rounds of these subjects are shown to everybody."""

    kind: Literal["revealed"] = "revealed"
    subjects: Annotated[tuple[_Subject, ...], Field(min_length=1, max_length=MOST_SUBJECTS)]


class Again(Happened):
    """Another blind round of a subject begins: this one."""

    kind: Literal["again"] = "again"
    subject: _Subject
    round: Annotated[int, Strict(), Field(ge=2)]


class Trimmed(Happened):
    """Whether outliers are left out of what is pooled."""

    kind: Literal["trimmed"] = "trimmed"
    on: Annotated[bool, Strict()]


class Timed(Happened):
    """A timer of so many seconds starts; 0 stops it."""

    kind: Literal["timed"] = "timed"
    seconds: Annotated[int, Strict(), Field(ge=0, le=LONGEST_TIMER)]


class Settled(Happened):
    """A subject is settled at a value. whose: the person whose answer it is, where it is one's."""

    kind: Literal["settled"] = "settled"
    subject: _Subject
    how: How
    estimate: Amount | None = None
    answer: Annotated[str, Field(max_length=60)] | None = None
    whose: _Person | None = None
    note: str = ""


class Undone(Happened):
    """A settlement is taken back; what stood before it stands again."""

    kind: Literal["undone"] = "undone"
    settlement: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Proposed(Happened):
    """A decision is put to everybody. Answers to an earlier proposal do not count for it."""

    kind: Literal["proposed"] = "proposed"
    option: Annotated[str, Field(max_length=100)]
    text: str


class Answered(Happened):
    """The author's answer to a proposal."""

    kind: Literal["answered"] = "answered"
    proposal: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    stance: Stance
    reason: str = ""


class Closed(Happened):
    """The board is read-only from now on."""

    kind: Literal["closed"] = "closed"


class Reopened(Happened):
    """The board goes on."""

    kind: Literal["reopened"] = "reopened"
    reason: str = ""


class Deleted(Happened):
    """The board is shown to nobody; after the days of grace it is gone."""

    kind: Literal["deleted"] = "deleted"


class Restored(Happened):
    """It is not deleted after all."""

    kind: Literal["restored"] = "restored"


_Answering: TypeAlias = Joined | Said | Answered
_Leading: TypeAlias = Asked | Revealed | Again | Trimmed | Timed | Settled | Undone | Proposed
Event: TypeAlias = Created | _Answering | _Leading | Closed | Reopened | Deleted | Restored

_READER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def event_from(content: Any, place: str = "event") -> Event:
    """An event from plain data. Raises BadInput with one sentence per problem."""
    try:
        return _READER.validate_python(content)
    except ValidationError as error:
        raise BadInput(sentences(error, place)) from None


def event_from_json(text: str) -> Event:
    """An event as the store keeps it."""
    return _READER.validate_json(text)


def as_json(event: Event) -> str:
    """The other way round."""
    return event.model_dump_json()
