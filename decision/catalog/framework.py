"""The shape of data/framework.yaml: questions, thresholds, flow, outcomes, gates, signals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from decision.catalog.options import Family
from decision.catalog.prices import DataModel, Number, Source
from decision.catalog.texts import Fills

Choice = str | bool


class Evidenced(DataModel):
    """Something that names a source of the file, or says in a sentence why it is assumed."""

    source: str | None = None
    assumption: str | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Evidenced:
        if (self.source is None) == (self.assumption is None):
            raise ValueError("give either source or assumption, and not both, so that a reader knows where this comes from.")
        return self


class Threshold(Evidenced):
    """A number that decides something."""

    label: str
    value: Number
    unit: str


class AnswerClass(DataModel):
    """One possible answer: a value that is said, or a stretch of numbers between two thresholds (`from` inside, `below` outside)."""

    id: str
    label: Annotated[str, Fills(thresholds=True)]
    is_: Annotated[Choice | None, Field(alias="is")] = None
    from_: Annotated[str | None, Field(alias="from")] = None
    below: str | None = None


class Blank(DataModel):
    """The answer taken where there is none, shown as assumed."""

    answer: str
    assumption: str


class Question(Evidenced):
    """A question, in plain words, and how it is answered."""

    id: str
    name: str
    text: str
    help: str
    answered_by: Literal["scenario", "computed"]
    reads: str
    unit: str | None = None
    blank: Blank | None = None
    classes: Annotated[tuple[AnswerClass, ...], Field(min_length=2)]

    @property
    def is_number(self) -> bool:
        """Whether the classes are stretches of numbers and not values that are said."""
        return all(answer.is_ is None for answer in self.classes)

    def answer_class(self, answer_id: str) -> AnswerClass:
        """The class of that id, which the proof has shown to exist."""
        return next(answer for answer in self.classes if answer.id == answer_id)


class When(DataModel):
    """A condition on a quantity, a field of the scenario, or the answer to a question."""

    reads: str
    is_: Annotated[tuple[Choice, ...], Field(alias="is")] = ()
    from_: Annotated[str | None, Field(alias="from")] = None
    below: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> When:
        if not self.is_ and self.from_ is None and self.below is None:
            raise ValueError("this condition compares with nothing. Give is, from or below.")
        if self.is_ and (self.from_ or self.below):
            raise ValueError("is stands beside from or below, and only one way of comparing is heard. Keep one.")
        return self


class Row(DataModel):
    """One way through the flow: the answers in the order asked, and where they lead."""

    when: Annotated[Mapping[str, str], Field(min_length=1)]
    outcome: str


class Outcome(DataModel):
    """Option families that the flow names. Where the article's prose and flowchart differ, both are kept, and what is done about it.

    otherwise: what it means where none of them is left: the first of these families that is.
    """

    label: str
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    otherwise: tuple[Family, ...] = ()
    text: str
    flowchart: str | None = None
    prose: str | None = None
    shown: str | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Outcome:
        named = (*self.families, *self.otherwise)
        if len(set(named)) < len(named):
            raise ValueError("a family stands twice among families and otherwise. Keep its first place.")
        return self

    @model_validator(mode="after")
    def _both_sides(self) -> Outcome:
        if len({side is None for side in (self.flowchart, self.prose, self.shown)}) > 1:
            raise ValueError("flowchart, prose and shown belong together: give all three, or none.")
        return self


class ModelsGate(Evidenced):
    """Removes runtimes that host one maker's models, when the fleet needs others: by its mix, or by what was said (then `unnamed` names them)."""

    id: str
    kind: Literal["models"]
    hosts: Literal["claude_only", "openai_only", "google_only", "open_weights"]
    makers: tuple[str, ...]
    refused_when_stated: tuple[str, ...] = ()
    because: Annotated[str, Fills("models")]
    unnamed: str = ""
    relax: str

    @model_validator(mode="after")
    def _names_what_it_refuses(self) -> ModelsGate:
        if bool(self.refused_when_stated) != bool(self.unnamed):
            raise ValueError("refused_when_stated and unnamed belong together: what was said names no model. Give both, or neither.")
        return self


class LimitGate(DataModel):
    """Removes options whose published limit the fleet exceeds; its source is the limit's own."""

    id: str
    kind: Literal["limit"]
    limit: str
    reads: str
    because: Annotated[str, Fills("value", "limit")]
    relax: str


class ChoiceGate(Evidenced):
    """Removes options with certain properties when certain things were said."""

    id: str
    kind: Literal["choice"]
    when: Annotated[tuple[When, ...], Field(min_length=1)]
    removes: Annotated[Mapping[str, tuple[Choice, ...]], Field(min_length=1)]
    because: str
    relax: str


class MachinesGate(Evidenced):
    """Removes options that would rent a machine when certain things were said: the team gives no price of one of its own."""

    id: str
    kind: Literal["machines"]
    when: Annotated[tuple[When, ...], Field(min_length=1)]
    because: str
    relax: Annotated[str, Fills("fields")]


class RegionGate(Evidenced):
    """Removes options whose seller does not keep one of the fleet's models in a region (sellers.yaml), when certain things were said."""

    id: str
    kind: Literal["region"]
    when: Annotated[tuple[When, ...], Field(min_length=1)]
    because: Annotated[str, Fills("models")]
    relax: str


Gate = Annotated[ModelsGate | LimitGate | ChoiceGate | MachinesGate | RegionGate, Field(discriminator="kind")]


class Signal(DataModel):
    """Something that speaks for one side. Weighted in words, never counted."""

    id: str
    side: Literal["self_hosted", "managed"]
    weight: str
    text: str
    when: Annotated[tuple[When, ...], Field(min_length=1)]


class Condition(DataModel):
    """A sentence printed with a recommendation. exit: the recommended option's own class of question 4; option: its properties."""

    id: str
    text: Annotated[str, Fills("option", "exit", "saving", "expected")]
    exit: tuple[str, ...] = ()
    option: Mapping[str, tuple[Choice, ...]] = {}
    when: tuple[When, ...] = ()


class Contradiction(DataModel):
    """A sentence shown when what was said contradicts itself."""

    id: str
    text: str
    when: Annotated[tuple[When, ...], Field(min_length=1)]


class Framework(DataModel):
    """data/framework.yaml."""

    sources: Mapping[str, Source]
    reference_option: str
    thresholds: Mapping[str, Threshold]
    questions: tuple[Question, ...]
    flow: Annotated[tuple[Row, ...], Field(min_length=1)]
    outcomes: Mapping[str, Outcome]
    families: Mapping[Family, str]
    gates: tuple[Gate, ...]
    signals: tuple[Signal, ...]
    conditions: tuple[Condition, ...]
    warnings: tuple[Contradiction, ...]

    def question(self, question_id: str) -> Question:
        """The question of that id, which the proof has shown to exist."""
        return next(question for question in self.questions if question.id == question_id)

    def threshold(self, name: str) -> float:
        """The value of a threshold."""
        return self.thresholds[name].value

    def filled(self, text: str) -> str:
        """A label with the thresholds that it names."""
        return text.format(**{name: f"{threshold.value:g}" for name, threshold in self.thresholds.items()})

    def label(self, question_id: str, answer_id: str) -> str:
        """An answer in words."""
        return self.filled(self.question(question_id).answer_class(answer_id).label)

    def within(self, value: float, low: str | None, high: str | None) -> bool:
        """Whether a number lies between two thresholds, the lower one included."""
        return (low is None or value >= self.threshold(low)) and (high is None or value < self.threshold(high))
