"""What the estimates on a board recommend: pooled, settled, and each person's own. Every recommendation comes from `recommend`.

Patterns:

    study = study_of(board, catalog)
    study.pooled()                # the recommendation for what is settled, else pooled, else in the scenario
    study.of({path: amount})      # the same with other values for some inputs
    study.own(person)             # for what one person said; where they said nothing, what is pooled
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from decision.analysis.information import information
from decision.catalog import Catalog
from decision.catalog.framework import Outcome
from decision.errors import BadInput
from decision.framework.verdict import Answer, Answers, walk
from decision.planning.board import Board
from decision.planning.events import QUESTION, question_of
from decision.planning.pool import Pool, pooled
from decision.recommendation import Recommendation, recommend
from decision.scenario import BEYOND_COMPONENTS, Amount, Group, Inputs, Scenario, Spec, inputs_of, paths, plain, scenario_from
from decision.scenario.answered import answered, place_of

_SIZES = {name: spec for name, spec, _ in Group().amounts() if name in paths.SIZES}
PROPOSED = 8  # inputs that a new board asks for


@dataclass(frozen=True)
class Study:
    """A board's scenario and the estimates that may be seen on it."""

    board: Board
    catalog: Catalog
    inputs: Inputs
    """The scenario as it was brought."""
    _known: dict[tuple[tuple[str, Amount], ...], Recommendation | BadInput] = field(default_factory=dict, repr=False, compare=False)

    @functools.cached_property
    def specs(self) -> dict[str, Spec]:
        """Every input that may be estimated: path -> meaning."""
        return estimable(self.inputs)

    @functools.cached_property
    def pools(self) -> dict[str, Pool]:
        """The pool of every input with an estimate that is revealed."""
        found = {}
        for subject in self.board.subjects:
            estimates = self.board.estimates(subject)
            if estimates and subject in self.specs:
                found[subject] = pooled(estimates, self.specs[subject], self.board.trimmed)
        return found

    @functools.cached_property
    def amounts(self) -> dict[str, Amount]:
        """What the board takes for each input: settled, else pooled."""
        found = {subject: pool.amount for subject, pool in self.pools.items()}
        for subject in self.board.subjects:
            settled = self.board.settled(subject)
            if settled is not None and isinstance(settled.value, Amount) and subject in self.specs:
                found[subject] = settled.value
        return found

    def scenario(self, amounts: Mapping[str, Amount]) -> Scenario:
        """The board's scenario with these amounts. Raises BadInput where they contradict each other."""
        base = self.inputs.scenario
        return scenario_from(answered(plain(base), base, amounts), self.board.title)

    def of(self, changes: Mapping[str, Amount]) -> Recommendation:
        """The recommendation with these inputs instead of what the board takes. Raises BadInput where there is none."""
        amounts = {**self.amounts, **changes}
        key = tuple(sorted(amounts.items(), key=lambda item: item[0]))
        if key not in self._known:
            try:
                self._known[key] = recommend(inputs_of(self.scenario(amounts), self.catalog, self.inputs.as_of))
            except BadInput as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, BadInput):
            raise found
        return found

    def pooled(self) -> Recommendation:
        """The recommendation for what the board takes. Raises BadInput where there is none."""
        return self.of({})

    def own(self, person: str) -> Recommendation:
        """The recommendation for what one person said. Raises BadInput where it contradicts itself."""
        said = {subject: estimates[person] for subject in self.pools if person in (estimates := self.board.estimates(subject))}
        return self.of(said)

    # -- the questions ---------------------------------------------------------------------------------

    def questions(self) -> dict[str, dict[str, str]]:
        """The questions of the framework as subjects: subject -> answer id -> label."""
        framework = self.catalog.framework
        return {
            QUESTION + question.id: {each.id: framework.label(question.id, each.id) for each in question.classes} for question in framework.questions
        }

    def outcome(self, votes: Mapping[str, str]) -> Outcome:
        """Where the flow ends with these answers (question id -> answer) instead of those that the board's scenario gives."""
        framework, found = self.catalog.framework, self.pooled().verdict.answers
        changed = {
            question: Answer(question, answer, framework.label(question, answer), None, "given")
            for question, answer in votes.items()
            if any(each.id == question for each in framework.questions)
        }
        _, outcome_id = walk(framework, Answers({**found.found, **changed}, found.unanswered))
        return framework.outcomes[outcome_id]

    def votes_of(self, person: str) -> dict[str, str]:
        """A person's answers to the questions asked: question id -> answer."""
        asked = {subject: question for subject in self.board.subjects if (question := question_of(subject))}
        return {question: votes[person] for subject, question in asked.items() if person in (votes := self.board.votes(subject))}

    def label(self, subject: str) -> str:
        """What a subject is called."""
        question = question_of(subject)
        if question is None:
            return self.specs[subject].label if subject in self.specs else subject
        return next((each.text for each in self.catalog.framework.questions if each.id == question), question)


def study_of(board: Board, catalog: Catalog) -> Study:
    """The study of a board. Raises BadInput where its scenario cannot be used with this catalog."""
    return Study(board, catalog, inputs_of(scenario_from(dict(board.scenario), board.title), catalog, board.day))


def estimable(inputs: Inputs) -> dict[str, Spec]:
    """Every input that a scenario can answer with one number: path -> meaning. Shares of a model mix are left out, since they add up to 1."""
    names = {group.slug: group.name for group in inputs.scenario.fleet}
    found: dict[str, Spec] = {}
    for slug, name in names.items():
        for size, spec in _SIZES.items():
            found[paths.of_group(slug, size)] = replace(spec, label=f"{spec.label}, {name}") if len(names) > 1 else spec
    for path, fact in inputs.facts.items():
        parts = paths.parsed(path)
        if not fact.spec.driver or parts.model or place_of(inputs.scenario, path) is None or _beyond(path):
            continue
        found.setdefault(path, inputs.driver_spec(path))
    return found


def _beyond(path: str) -> bool:
    """Whether a figure stands in the file of an option only."""
    return paths.parsed(path).option is not None and paths.parsed(path).name in BEYOND_COMPONENTS


def proposed(inputs: Inputs, most: int = PROPOSED) -> tuple[str, ...]:
    """The inputs that are most worth an estimate: by what knowing them is worth, then by how much of the spread they explain.

    An input that nobody gave a range explains nothing; the size of the fleet in 12 months is always among those proposed.
    """
    known = estimable(inputs)
    ranked = [worth.path for worth in information(inputs, inputs.options).inputs if worth.path in known]
    sizes = [paths.of_group(group.slug, "agents_in_12_months") for group in inputs.scenario.fleet[:1]]
    workload = [path for path in ranked if paths.parsed(path).group]
    return tuple(dict.fromkeys((*ranked[: most - 2], *sizes, *workload[:1], *ranked)))[:most]


def check_subjects(inputs: Inputs, catalog: Catalog, subjects: Iterable[str]) -> None:
    """Refuse what cannot be asked about this scenario. Raises BadInput."""
    known = estimable(inputs)
    questions = {QUESTION + question.id for question in catalog.framework.questions}
    for subject in subjects:
        if subject not in known and subject not in questions:
            raise BadInput(f'"{subject[:80]}" is not an input of this scenario. Choose one of the list.')
