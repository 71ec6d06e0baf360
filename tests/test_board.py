"""The board without a database: what follows from events, who may do and see what, what people's disagreement does."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision.errors import BadInput
from decision.loading import load
from decision.planning import events as happens
from decision.planning.agenda import agenda, own_answers, voted
from decision.planning.board import Board, project
from decision.planning.events import QUESTION, Event, as_json, event_from_json, new_id
from decision.planning.limits import MOST_PEOPLE
from decision.planning.links import digest, links_of, new_links, person_id
from decision.planning.pool import factor, outliers, pooled, spread_words
from decision.planning.record import exported, imported, record
from decision.planning.rights import MAY, check, seen_by
from decision.planning.study import Study, check_subjects, estimable, proposed, study_of
from decision.recommendation import recommend
from decision.scenario import Amount, Spec, inputs_of, plain, read_scenario, ready_made, scenario_from

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
HOURS, UPKEEP = "fleet.tickets.active_hours_per_session", "people.components.orchestrator.upkeep_hours"
AGENTS, GLUE = "fleet.tickets.agents", "people.glue.managed.upkeep_hours"
TALENT = QUESTION + "platform_talent"
SPEC = Spec("Hours", "hours", at_most=744)


def scenario() -> dict[str, object]:
    return plain(
        scenario_from({"name": "Desk", "fleet": [{"name": "tickets", "agents": 10, "active_hours_per_session": 2}], "as_of": dt.date(2026, 11, 20)})
    )


def happened(kind: type, author: str = "f", **said: object) -> Event:
    return kind(id=new_id(), at=NOW, author=author, **said)  # type: ignore[no-any-return]


def begun(*subjects: str) -> list[Event]:
    """A board with a facilitator and Ann, Bob and Cid, on which these subjects are asked."""
    return [
        happened(happens.Created, title="Desk", scenario=scenario(), day=NOW.date()),
        happened(happens.Joined, name="Flo", role="facilitator"),
        *(happened(happens.Joined, name.lower()[0], name=name, role="participant") for name in ("Ann", "Bob", "Cid")),
        happened(happens.Asked, subjects=subjects or (HOURS, UPKEEP, TALENT)),
    ]


def said(author: str, value: object, subject: str = HOURS, number: int = 1, reason: str = "") -> Event:
    if isinstance(value, str):
        return happened(happens.Said, author, subject=subject, round=number, answer=value, reason=reason)
    return happened(happens.Said, author, subject=subject, round=number, estimate=value, reason=reason)


def revealed(*subjects: str) -> Event:
    return happened(happens.Revealed, subjects=subjects or (HOURS,))


def study(*events: Event) -> Study:
    return study_of(project(events), load())


# -- what follows from events ---------------------------------------------------------------------------


def test_an_event_is_read_back_as_it_was_written() -> None:
    for event in [*begun(), said("a", Amount(1, 2, 4), reason="measured twice"), revealed()]:
        assert event_from_json(as_json(event)) == event


def test_a_round_keeps_the_last_word_before_the_reveal_and_a_first_word_after_it_is_marked() -> None:
    board = project([*begun(), said("a", Amount.point(1)), said("a", Amount.point(2)), revealed(), said("b", Amount.point(9))])
    assert board.estimates(HOURS) == {"a": Amount.point(2), "b": Amount.point(9)}
    assert [board.current(HOURS).said[person].late for person in "ab"] == [False, True]


def test_another_round_is_blind_again_keeps_the_first_and_whoever_is_silent_stands_by_what_they_said() -> None:
    events = [*begun(), said("a", Amount.point(1)), said("b", Amount.point(8)), revealed()]
    events += [happened(happens.Again, subject=HOURS, round=2), happened(happens.Again, subject=HOURS, round=2), said("b", Amount.point(3), number=2)]
    board = project(events)
    assert len(board.rounds_of(HOURS)) == 2
    assert board.estimates(HOURS) == {"a": Amount.point(1), "b": Amount.point(8)}
    board = project([*events, revealed()])
    assert board.estimates(HOURS) == {"a": Amount.point(1), "b": Amount.point(3)}
    assert board.rounds_of(HOURS)[0].said["b"].estimate == Amount.point(8)


def test_an_abstention_takes_an_earlier_estimate_back() -> None:
    events = [*begun(), said("a", Amount.point(1)), said("b", Amount.point(8)), revealed(), happened(happens.Again, subject=HOURS, round=2)]
    board = project([*events, said("b", None, number=2), revealed()])
    assert board.estimates(HOURS) == {"a": Amount.point(1)}


def test_leaving_an_input_out_and_asking_for_it_again_loses_no_estimate() -> None:
    events = [
        *begun(),
        said("a", Amount.point(1)),
        happened(happens.Asked, subjects=(UPKEEP,)),
        happened(happens.Asked, subjects=(HOURS,)),
        revealed(),
    ]
    assert project(events).estimates(HOURS) == {"a": Amount.point(1)}


def test_taking_a_settlement_back_brings_the_one_before_it_and_twice_is_once() -> None:
    first, second = (happened(happens.Settled, subject=HOURS, how="typed", estimate=Amount.point(value), note=f"n{value}") for value in (2, 3))
    undone = [happened(happens.Undone, settlement=second.id), happened(happens.Undone, settlement=second.id)]
    events = [*begun(), first, second]
    assert project(events).settled(HOURS).value == Amount.point(3)
    assert project([*events, *undone]).settled(HOURS).value == Amount.point(2)


def test_a_new_proposal_is_answered_anew_and_closing_and_reopening_are_kept() -> None:
    one, two = (happened(happens.Proposed, option="vps", text=text) for text in ("Run them ourselves", "Rent them"))
    events = [*begun(), one, happened(happens.Answered, "a", proposal=one.id, stance="object", reason="too dear"), two]
    board = project([*events, happened(happens.Closed), happened(happens.Reopened, reason="a price fell"), happened(happens.Closed)])
    assert (board.proposal.text, dict(board.proposal.stances)) == ("Rent them", {})
    assert dict(board.proposals[0].stances) == {"a": ("object", "too dear")}
    assert [what for what, _, _ in board.closings] == ["closed", "reopened", "closed"]
    assert board.status == "closed"


# -- rights -----------------------------------------------------------------------------------------------

LEADING = [
    happened(happens.Asked, subjects=(HOURS,)),
    revealed(),
    happened(happens.Again, subject=HOURS, round=2),
    happened(happens.Trimmed, on=True),
    happened(happens.Timed, seconds=60),
    happened(happens.Settled, subject=HOURS, how="typed", estimate=Amount.point(2)),
    happened(happens.Undone, settlement=new_id()),
    happened(happens.Proposed, option="vps", text="go"),
    happened(happens.Closed),
    happened(happens.Reopened),
    happened(happens.Deleted),
    happened(happens.Restored),
]


@pytest.mark.parametrize("event", LEADING, ids=lambda event: event.kind)
@pytest.mark.parametrize("role", ["participant", "watcher"])
def test_only_the_facilitators_link_leads(event: Event, role: str) -> None:
    with pytest.raises(BadInput, match="link does not allow this"):
        check(project(begun()), role, event)  # type: ignore[arg-type]


def test_every_kind_of_event_but_the_making_has_its_roles() -> None:
    kinds = {
        event["properties"]["kind"]["const"] for event in happens._READER.json_schema()["$defs"].values() if "kind" in event.get("properties", {})
    }
    assert kinds - {"created"} == set(MAY)


def test_a_watcher_says_nothing() -> None:
    for event in (said("w", Amount.point(1)), happened(happens.Joined, "w", name="Wim", role="watcher")):
        with pytest.raises(BadInput, match="watcher's link"):
            check(project(begun()), "watcher", event)


REFUSED = [
    ([], happened(happens.Joined, "x", name="Flo", role="facilitator"), "participant", "in the role that their link gives"),
    ([], happened(happens.Joined, "x", name="ANN", role="participant"), "participant", "can be told apart"),
    ([], said("x", Amount.point(1)), "participant", "Join it with a name first"),
    ([], said("a", Amount.point(1), subject="fleet.other.agents"), "participant", "not asked on the board"),
    ([], said("a", "bench", subject=HOURS), "participant", "takes a number or a range"),
    ([], said("a", Amount.point(1), subject=TALENT), "participant", "one of its answers"),
    ([], said("a", Amount.point(1), number=2), "participant", "Round 1 of this is under way"),
    ([said("a", Amount.point(1)), revealed()], said("a", Amount.point(2)), "participant", "ask the facilitator for another round"),
    ([], revealed(), "facilitator", "Nobody has answered yet"),
    ([said("a", Amount.point(1))], happened(happens.Again, subject=HOURS, round=2), "facilitator", "not revealed yet"),
    (
        [said("a", Amount.point(1))],
        happened(happens.Settled, subject=HOURS, how="typed", estimate=Amount.point(1)),
        "facilitator",
        "still blind. Reveal it",
    ),
    ([], happened(happens.Settled, subject=HOURS, how="person", estimate=Amount.point(1)), "facilitator", "Whose value"),
    ([], happened(happens.Answered, "a", proposal=new_id(), stance="agree"), "participant", "Another decision was proposed"),
    ([said("a", Amount.point(1))], happened(happens.Closed), "facilitator", "Reveal it before the board is closed"),
    ([happened(happens.Closed)], said("a", Amount.point(1)), "participant", "This board is closed"),
    ([happened(happens.Deleted)], said("a", Amount.point(1)), "participant", "was deleted"),
]


@pytest.mark.parametrize(("before", "event", "role", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_what_cannot_be_done_is_refused_with_a_sentence(before: list[Event], event: Event, role: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refusal:
        check(project([*begun(), *before]), role, event)  # type: ignore[arg-type]
    assert len(refusal.value.problems) == 1


def test_an_objection_needs_its_reason() -> None:
    proposal = happened(happens.Proposed, option="vps", text="go")
    with pytest.raises(BadInput, match="needs its reason"):
        check(project([*begun(), proposal]), "participant", happened(happens.Answered, "a", proposal=proposal.id, stance="object"))


def test_a_board_holds_so_many_people_and_no_more() -> None:
    board = project([*begun(), *(happened(happens.Joined, f"p{n}", name=f"P{n}", role="participant") for n in range(MOST_PEOPLE - 4))])
    with pytest.raises(BadInput, match="no board holds more"):
        check(board, "participant", happened(happens.Joined, "late", name="Late", role="participant"))
    check(board, "participant", happened(happens.Joined, "a", name="Annie", role="participant"))


@pytest.mark.parametrize(("name", "words"), [("", "empty"), ("x" * 61, "at most 60"), ("a\u202eb", "cannot be seen"), ("a\x00b", "cannot be seen")])
def test_a_name_that_cannot_be_shown_is_refused(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        happened(happens.Joined, "x", name=name, role="participant")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "$x$ **b** [l](http://x)", "Zoë 山田"])
def test_a_name_is_kept_as_it_was_written(name: str) -> None:
    event = happened(happens.Joined, "x", name=name, role="participant")
    assert project([*begun(), event]).people["x"].name == name


# -- blind ------------------------------------------------------------------------------------------------


def test_nobody_sees_another_ones_estimate_before_the_reveal_and_everybody_after() -> None:
    events = [*begun(), said("a", Amount.point(1.25), reason="secret"), said("b", None)]
    board = project(events)
    for viewer in ("b", "f", "c", None):
        seen = seen_by(board, viewer)
        assert "1.25" not in repr(seen)
        assert "secret" not in repr(seen)
        assert set(seen.current(HOURS).said) == {"a", "b"}  # that they answered is seen
    assert seen_by(board, None).current(HOURS).said["a"].hidden
    assert seen_by(board, None).current(HOURS).said["b"].hidden, "an abstention looks like an answer"
    assert seen_by(board, "a").current(HOURS).said["a"].estimate == Amount.point(1.25)
    assert seen_by(project([*events, revealed()]), None).estimates(HOURS) == {"a": Amount.point(1.25)}


def test_what_everybodys_page_shows_changes_with_a_reveal_and_not_with_a_blind_answer() -> None:
    events = begun()
    before, told = project(events), project([*events, said("a", Amount.point(1))])
    assert before != told
    assert before.shown == told.shown
    assert told.shown != project([*events, said("a", Amount.point(1)), revealed()]).shown
    assert "1.0" not in repr(told.shown.rounds)


def test_an_export_holds_nothing_that_nobody_was_shown_and_comes_back_as_the_same_board() -> None:
    events = [*begun(), said("a", Amount.point(0.111)), said("a", Amount.point(2)), said("b", Amount.point(3)), revealed()]
    blind = said("a", Amount.point(0.777), subject=UPKEEP, reason="hush")
    content = exported([*events, blind])
    text = json.dumps(content)
    assert content["withheld"] == 2
    assert all(secret not in text for secret in ("0.111", "0.777", "hush"))
    again = project(imported(text, "board.json"))
    assert (again.estimates(HOURS), again.people, again.origin) == (
        {"a": Amount.point(2), "b": Amount.point(3)},
        project(events).people,
        events[0].id,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", "no exported board"),
        ('{"format": "decision board 1", "events": []}', "begins with its making"),
        ('{"format": "decision board 1", "events": [{"kind": "what"}]}', "is not one of"),
        ('{"format": "decision board 1", "events": [{"kind": "closed"}]}', "required but missing"),
    ],
)
def test_a_file_that_is_no_board_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        imported(text, "board.json")


# -- links ------------------------------------------------------------------------------------------------


def test_links_are_three_different_secrets_of_128_bits_and_only_digests_are_kept() -> None:
    links = [secret for _ in range(200) for secret in new_links()]
    assert len(set(links)) == 600
    assert {len(secret) for secret in links} == {22}  # base64 of 16 bytes
    assert len({digest(secret) for secret in links}) == 600
    assert all(secret not in digest(secret) for secret in links)


def test_who_leads_can_hand_out_the_other_links_and_nobody_else_can() -> None:
    links = new_links()
    assert links_of(links.facilitator) == links
    for other in (links.participant, links.watcher):
        assert not set(links_of(other)[1:]) & set(links)


def test_a_persons_id_tells_neither_who_they_are_nor_that_they_are_on_another_board() -> None:
    assert person_id("one", "ann@example.com") != person_id("two", "ann@example.com")
    assert "ann" not in person_id("one", "ann@example.com")


# -- pool and spread --------------------------------------------------------------------------------------


def test_the_pool_of_one_estimate_is_that_estimate_at_its_percentiles() -> None:
    found = pooled({"a": Amount(2, 3, 6)}, SPEC).amount
    assert (found.low, found.high) == pytest.approx((2, 6), rel=0.01)


def test_points_are_pooled_with_equal_weights() -> None:
    """Of 10 points 0 to 9 each has a tenth: the 10th percentile is the first, the median the fifth, the 90th percentile the ninth."""
    found = pooled({str(n): Amount.point(float(n)) for n in range(10)}, SPEC).amount
    assert (found.low, found.likely, found.high) == (0, 4, 8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=8), st.booleans())
def test_a_pool_is_in_order_and_within_bounds_whatever_was_said(said: list[tuple[float, float, float]], trim: bool) -> None:
    found = pooled({str(n): Amount(*sorted(each)) for n, each in enumerate(said)}, SPEC, trim)
    assert 0 <= found.amount.low <= found.amount.likely <= found.amount.high <= 744
    assert len(found.left_out) < len(said)


def test_trimming_leaves_out_who_is_wrong_by_factors_and_says_who() -> None:
    estimates = {name: Amount.point(value) for name, value in {"a": 10, "b": 11, "c": 12, "d": 9, "low": 0.1, "high": 900}.items()}
    assert outliers(estimates) == ("low", "high")
    assert pooled(estimates, SPEC, trim=True).left_out == ("low", "high")
    assert pooled(estimates, SPEC, trim=True).amount.high == 12
    assert pooled(estimates, SPEC).left_out == ()
    assert outliers({"a": Amount.point(1), "b": Amount.point(1), "c": Amount.point(1000)}) == (), "of three nobody can say who is far out"
    assert outliers({name: Amount.point(5) for name in "abcdef"}) == ()


def test_how_far_people_are_apart() -> None:
    assert factor({"a": Amount.point(2), "b": Amount.point(6)}) == 3
    assert spread_words({"a": Amount.point(2), "b": Amount.point(6)}, SPEC) == "by 3 x (2 to 6 hours)"
    assert spread_words({"a": Amount.point(0), "b": Amount.point(6)}, SPEC) == "from nothing (0 to 6 hours)"
    assert spread_words({"a": Amount.point(2), "b": Amount.point(2)}, SPEC) == "not at all (2 hours)"


# -- what it recommends -----------------------------------------------------------------------------------


def test_the_pooled_recommendation_is_that_of_the_scenario_with_the_pooled_amounts() -> None:
    found = study(*begun(), said("a", Amount.point(1)), said("b", Amount(2, 3, 9)), revealed())
    by_hand = {**scenario(), "fleet": [{**scenario()["fleet"][0], "active_hours_per_session": found.pools[HOURS].amount.plain()}]}  # type: ignore[index]
    expected = recommend(inputs_of(scenario_from(by_hand), load()))
    assert (found.pooled().option, found.pooled().recommended.total) == (expected.option, expected.recommended.total)


def test_a_settled_value_takes_the_place_of_the_pool() -> None:
    events = [*begun(), said("a", Amount.point(1)), said("b", Amount.point(3)), revealed()]
    settled = happened(happens.Settled, subject=HOURS, how="person", estimate=Amount.point(3), whose="b", note="they measured it")
    assert study(*events, settled).amounts[HOURS] == Amount.point(3)
    assert study(*events, settled).inputs["fleet.tickets.active_hours_per_session"] == 2, "the scenario stays as it was brought"


def flipping() -> list[Event]:
    """Ann expects a managed runtime to take little care, Bob and Cid much more. How many agents there are does not decide, 30 x apart."""
    events = begun(AGENTS, GLUE, TALENT)
    events += [said(who, Amount.point(value), GLUE) for who, value in (("a", 1), ("b", 60), ("c", 70))]
    events += [said("a", Amount.point(1), AGENTS), said("b", Amount.point(30), AGENTS)]
    events += [said("a", "bench", TALENT), said("b", "stretched", TALENT)]
    return [*events, revealed(AGENTS, GLUE, TALENT)]


def test_the_agenda_begins_with_what_decides_and_calls_the_rest_settled() -> None:
    found = study(*flipping())
    first, last = agenda(found)
    assert (first.subject, first.matters, last.subject, last.matters) == (GLUE, True, AGENTS, False)
    assert "it does not matter" in last.sentence
    assert [side.people for side in first.sides] == [("a",), ("b", "c")]
    assert first.at_stake > 0
    below, above = (found.of({first.subject: Amount.point(first.flips[0] + step)}).option for step in (-0.1, 0.1))
    assert (below, above) == (first.sides[0].option, first.sides[1].option)
    assert below != above


def test_a_flip_point_lies_between_the_two_sides() -> None:
    item = agenda(study(*flipping()))[0]
    for left, right, value in zip(item.sides, item.sides[1:], item.flips, strict=False):
        assert left.high <= value <= right.low


def test_an_input_with_one_estimate_is_no_disagreement_and_one_without_a_reveal_is_none_either() -> None:
    assert agenda(study(*begun(), said("a", Amount.point(1)), revealed())) == ()
    assert agenda(study_of(seen_by(project([*begun(), said("a", Amount.point(1)), said("b", Amount.point(700))]), "a"), load())) == ()


def test_each_persons_own_answer_is_the_recommendation_for_what_they_said() -> None:
    found = study(*flipping())
    answers = {answer.person: answer for answer in own_answers(found)}
    assert set(answers) == {"a", "b", "c"}
    alone = found.of({GLUE: Amount.point(1), AGENTS: Amount.point(1)})
    assert (answers["a"].option, answers["a"].total, answers["a"].odds) == (alone.option, alone.recommended.total, alone.recommended.odds)


def test_estimates_that_contradict_each_other_are_told_and_do_not_stop_the_others() -> None:
    opened = "fleet.tickets.open_hours_per_session"
    events = [*begun(HOURS), happened(happens.Asked, subjects=(HOURS, opened))]
    base = scenario()
    base["fleet"][0]["open_hours_per_session"] = 5  # type: ignore[index]
    events[0] = happened(happens.Created, title="Desk", scenario=base, day=NOW.date())
    events += [
        said("a", Amount.point(9), HOURS),
        said("a", Amount.point(1), opened),
        said("b", Amount.point(2), HOURS),
        said("b", Amount.point(8), opened),
    ]
    events += [said("c", Amount.point(2), HOURS), said("c", Amount.point(8), opened), revealed(HOURS, opened)]
    ann, bob, _ = own_answers(study(*events))
    assert (ann.option, bob.problem) == (None, "")
    assert "Open time includes the active time" in ann.problem


def test_votes_on_a_question_are_taken_through_the_rules() -> None:
    (vote,) = voted(study(*flipping()))
    assert {people: words for words, people, _ in vote.answers} == {("a",): "platform talent on the bench", ("b",): "platform talent stretched"}
    assert vote.matters == (len({outcome for *_, outcome in vote.answers}) > 1)


# -- what is asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ready_made())
def test_every_input_that_may_be_estimated_can_be_answered_in_the_scenario(name: str) -> None:
    given = read_scenario(ready_made()[name])
    inputs = inputs_of(given, load(), NOW.date())
    known = estimable(inputs)
    found = Study(project([happened(happens.Created, title="x", scenario=plain(given), day=NOW.date())]), load(), inputs)
    for path, spec in known.items():
        if "open_hours" in path or "active_hours" in path:
            continue  # these two are held against each other
        value = Amount.point(min(spec.at_most, max(spec.at_least, 1.0)))
        assert inputs_of(found.scenario({path: value}), load(), NOW.date())[path] == value.likely, path


def test_what_is_proposed_holds_the_most_valuable_inputs_people_and_the_workload() -> None:
    inputs = inputs_of(read_scenario(ready_made()["support-desk-30-days"]), load(), NOW.date())
    found = proposed(inputs)
    assert len(found) == len(set(found)) == 8
    assert any(path.startswith("people.components.") for path in found)
    assert any(path.startswith("fleet.") for path in found)
    check_subjects(inputs, load(), found)
    with pytest.raises(BadInput, match="not an input of this scenario"):
        check_subjects(inputs, load(), ["fleet.nobody.agents"])


# -- the record -------------------------------------------------------------------------------------------


def test_the_record_says_who_decided_what_who_objected_and_why() -> None:
    proposal = happened(happens.Proposed, option="vps", text="Run them ourselves")
    settled = happened(happens.Settled, subject=HOURS, how="median", estimate=Amount.point(2), note="Bob measured it")
    events = [*begun(), said("a", Amount.point(1)), said("b", Amount.point(3)), revealed(), settled, proposal]
    events += [happened(happens.Answered, "a", proposal=proposal.id, stance="agree")]
    events += [happened(happens.Answered, "b", proposal=proposal.id, stance="object", reason="=cmd|x <b>")]
    assert record(study(*events))["status"] == "proposed"
    found = record(study(*events, happened(happens.Closed)))
    assert (found["status"], found["decision_makers"]) == ("accepted with objections", ["Ann"])
    assert found["dissent"] == [{"name": "Bob", "reason": "=cmd|x <b>"}]
    assert [(each["value"], each["note"]) for each in found["settled"]] == [("2 hours", "Bob measured it")]
    json.dumps(found)


def test_a_board_is_a_pure_function_of_its_events() -> None:
    events = flipping()
    step: Board = project(events[:1])
    for event in events[1:]:
        step = step.after(event)
    assert step == project(events)
