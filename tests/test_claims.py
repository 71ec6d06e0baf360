"""Published claims: all of them carried, every one with arithmetic computed by the engine, no figure of ours typed in."""

import ast
import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.catalog import DATA
from decision.claims import Claims, Recomputed, Result, recomputed
from decision.errors import BadInput
from decision.expression import Term, evaluated
from decision.loading import load

# What comes out, worked by hand from the published figures and the prices of 2026-11-20.
FIGURES = {
    "E1": {"upkeep": 4000},  # 0.4 x 120000 / 12
    "E2": {"upkeep": 4000, "hours": 50_000, "agents": 69.444444, "agents_mean_month": 68.493151},  # 4000 / 0.08; / 720; / 730
    "E3": {"sum": 976, "ratio": 0.245, "as_people": 0.098, "runtime": 576, "runtime_as_people": 0.0576},  # 10 x 57.60 + 10 x 40; 980 / 4000
    "E4": {"runtime": 0.04},  # 0.5 x 0.08
    "E5": {"reads_per_second": 25, "reads": 1500, "limit_then": 600, "limit_now": 1200, "used_then": 2.5, "used_now": 1.25},  # 50 / 2 x 60
    "E6": {"server": 60, "working_hours": 3.125, "always_on": 1.0416667, "hours": 750, "three_working": 57.6, "three_always_on": 172.8},
    "E7": {"thirty_days": 57.6, "long_month": 59.52, "mean_month": 58.4},  # 720, 744 and 730 hours x 0.08
    "E8": {"uncached": 7050, "cached": 5250, "runtime": 26.666667},  # 10000 x 2 / 60 x 0.08
    "E9": {"before": 0.705, "after": 0.525, "write_10k": 0.5375, "write_1h": 0.575, "write_40k": 0.775},
    "E10": {"ratio": 3.3333333},  # 30 / 9
    "E13": {"thirty_days": 19.2, "working_days": 14.08},
    "E14": {"runs": 13, "runtime": 2.08},  # 3 x 52 / 12; 13 x 2 x 0.08
    "E15": {"ratio": 1},  # 8 hours are 8 hours
    "E17": {"ratio": 0.75},  # 0.06 / 0.08
    "E19": {"share": 0.25},  # 30 of 120 minutes
    "E22": {"creates": 300, "reads": 1200, "creates_then": 300},
    "E33": {"old_sonnet_input": 3, "old_haiku_output": 5, "sonnet_input": 2, "opus_output": 20, "haiku_input": 0.1, "haiku_output_long": 2.5},
    "C1": {"price": 0.08},
    "C2": {"searches": 10, "each": 0.01},
    "C3": {"runtime": 57.6},
    "C4": {"runtime": 172.8},
    "C5": {"session": 0.705, "runtime": 0.11347518},  # 0.250 + 0.375 + 0.080
    "C6": {"session": 0.525},  # 0.05 + 0.02 + 0.375 + 0.08
    "C7": {"runtime": 0.16},
    "C8": {"day": 0.04, "month": 1.2},
    "C9": {"run": 0.225},  # 0.15 + 0.075
    "C10": {"runtime": 14.08},
    "C11": {"runtime": 2.88},
    "C12": {"runtime": 19.2},
    "C13": {"runtime": 48},
    "C14": {"ratio": 7.5},  # 0.60 / 0.08
    "C15": {"tokens": 0.06},
    "C16": {"runtime": 0.026666667},
    "C17": {"vcpu": 0.0895, "memory": 0.00945, "vcpu_v2": 0.1276, "memory_v2": 0.0169},
    "C18": {"day": 0.02, "month": 0.6},
    "C19": {"saved": 0.72413793},  # 1 - 24 / 87
}
# The correction in words, with our figures filled in.
CORRECT = {
    "E1": "4,000",
    "E2": "with 4,000: 50,000 h = 69.4 agents (720 h) or 68.5 (730 h)",
    "E3": "980 is 24.5% of 4,000 (0.098 FTE); only 576 of runtime is comparable (0.058 FTE)",
    "E5": "25/s = 1,500/min exceeds 600/min and also 1,200/min",
    "E6": "true at 8 h/day only (57.60); always-on 60 USD buys 750 h = 1.04 agents; three always-on = 172.80",
    "E7": "31-day month 59.52, mean month 58.40, and it is per session",
    "E9": "upper bound; with a cache write 0.5375, 0.575 or 0.775",
    "E22": "300 and 1,200; creates were already 300 by 2026-04-24",
    "E33": "still those models' prices; newer ones 2/10, 4/20, 0.10-0.50/0.50-2.50",
}
AGREE_ALTHOUGH_CRITICISED = {"E9", "E10", "E13"}  # the sums are right; what is wrong is what they leave out


@pytest.fixture(scope="module")
def found() -> dict[str, Recomputed]:
    return {each.claim.id: each for each in recomputed(load())}


def test_every_claim_is_carried(found: dict[str, Recomputed]) -> None:
    assert list(found) == [f"E{n}" for n in range(1, 34)] + [f"C{n}" for n in range(1, 20)]


@pytest.mark.parametrize("claim_id", FIGURES)
def test_a_claim_is_computed_as_by_hand(claim_id: str, found: dict[str, Recomputed]) -> None:
    ours = {figure.name: figure.ours for figure in found[claim_id].figures}
    assert {name: ours[name] for name in FIGURES[claim_id]} == pytest.approx(FIGURES[claim_id], rel=1e-6)


def test_every_claim_with_figures_is_in_the_table_above(found: dict[str, Recomputed]) -> None:
    assert {claim_id for claim_id, each in found.items() if each.figures} == set(FIGURES)


@pytest.mark.parametrize("claim_id", CORRECT)
def test_the_correction_holds_our_figures(claim_id: str, found: dict[str, Recomputed]) -> None:
    assert found[claim_id].correct == CORRECT[claim_id]


def test_no_computed_result_contradicts_the_verdict(found: dict[str, Recomputed]) -> None:
    for claim_id, each in found.items():
        if each.result is Result.NOT_NUMERIC:
            assert not each.figures
        elif each.claim.verdict == "correct" or claim_id in AGREE_ALTHOUGH_CRITICISED:
            assert each.result is Result.AGREE, claim_id
        else:
            assert each.result is Result.DISAGREE, claim_id


def test_no_price_and_no_result_of_ours_is_typed() -> None:
    """Numbers in an expression count hours, days, minutes, agents or a thousand; everything else comes from the engine or from the publisher."""
    for claim in load().claims.claims:
        for figure in claim.figures.values():
            numbers = {
                node.value
                for node in ast.walk(ast.parse(figure.figure, mode="eval"))
                if isinstance(node, ast.Constant) and not isinstance(node.value, str)
            }
            assert numbers <= {1, 3, 24, 30, 31, 60, 1000}, claim.id
        if claim.correct and claim.figures:
            words = re.sub(r"\{[^}]*\}", "", claim.correct)
            shown = {f"{each:,.2f}" for each in FIGURES[claim.id].values()}
            assert not shown & set(re.findall(r"[\d,]+\.\d\d", words)), claim.id


def test_a_new_price_changes_our_figure_and_the_answer(tmp_path: Path) -> None:
    folder = shutil.copytree(DATA, tmp_path / "data")
    prices = folder / "prices" / "anthropic.yaml"
    before = "      - effective_from: 2026-04-08\n        price: 0.08\n"
    assert before in prices.read_text(encoding="utf-8")
    prices.write_text(prices.read_text(encoding="utf-8").replace(before, before.replace("0.08", "0.06")), encoding="utf-8")
    cheaper = {each.claim.id: each for each in recomputed(load(folder))}
    assert cheaper["C3"].figures[0].ours == pytest.approx(43.2)  # 720 x 0.06
    assert cheaper["C3"].result is Result.DISAGREE
    assert cheaper["C9"].result is Result.AGREE  # tokens only


@pytest.mark.parametrize(
    ("published", "ours", "agrees"),
    [
        ("58", 57.6, True),
        ("174", 172.8, True),  # within 1 percent: 3 x 58
        ("174", 172.2, False),
        ("0.60", 0.604, True),
        ("0.60", 0.62, False),
        ("0.6", 0.64, True),
        ("1.00", 0.75, False),
    ],
)
def test_a_figure_agrees_when_it_rounds_to_the_published_digits(published: str, ours: float, agrees: bool) -> None:
    said = claims_with({"figures": {"one": {"what": "x", "unit": "y", "published": published, "figure": "ours"}}, "quoted": {"ours": ours}})
    (found,) = recomputed(load(), said)
    assert found.figures[0].agrees is agrees


def test_bounds_are_kept_or_broken() -> None:
    figures = {
        "kept": {"what": "x", "unit": "y", "at_most": 2, "figure": "1 + 1"},
        "broken": {"what": "x", "unit": "y", "above": 2, "figure": "1 + 1"},
    }
    (found,) = recomputed(load(), claims_with({"figures": figures}))
    assert [figure.agrees for figure in found.figures] == [True, False]
    assert [figure.published for figure in found.figures] == ["at most 2", "more than 2"]


def claims_with(changes: dict[str, object]) -> Claims:
    claim = {"id": "X1", "sources": ["s"], "verdict": "wrong", "claim": "something", **changes}
    return Claims.model_validate(
        {
            "about": "a test",
            "checked": dt.date(2026, 11, 20),
            "closeness": {"relative": 0.01, "assumption": "a test"},
            "sources": {"s": "somebody"},
            "claims": [claim],
        }
    )


def figure(expression: str) -> dict[str, object]:
    return {"figures": {"one": {"what": "x", "unit": "y", "figure": expression}}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (figure('price("managed-agents.sesion")'), ["X1.figures.one", "managed-agents.session"]),
        (figure('price("claude-opus-5-5.batch_imput")'), ["X1.figures.one", "not a known price"]),
        (figure('bill("monitorin", "runtime")'), ["monitoring"]),
        (figure('bill("monitoring", "runtim")'), ["runtime"]),
        (figure('bill("monitoring", "services")'), ["nothing under services"]),
        (figure('bill("monitoring", "runtime", per="week")'), ["per month or per session"]),
        (figure('bill("monitoring", "runtime", option="vpss")'), ["not a known option", "vps"]),
        (figure('bill("monitoring")'), ["does not take these arguments"]),
        (figure('limit("vps", "reads_per_minute")'), ["no published limit"]),
        (figure('limit("managed-agents", "reads_per_minute", "tomorrow")'), ["not a date"]),
        (figure('estimate("exit.chance_of_leaving", "likely")'), ["no estimate", "exit.chance_of_leaving_in_horizon"]),
        (figure('estimate("exit.chance_of_leaving_in_horizon", "middle")'), ["no estimate"]),
        (figure('estimate("exit.chance_of_leaving_in_horizon", "low")'), ["no estimate", "with a low value"]),
        (figure("price(1)"), ["text in quotes"]),
        (figure("pryce('a')"), ["price"]),
        (figure("1 / 0"), ["division by zero"]),
        (figure("shares"), ["not a figure known here"]),
        ({"correct": "{missing}"}, ["X1.correct", "names a figure"]),
        ({"correct": "{one:zz}", **figure("1")}, ["X1.correct"]),
    ],
)
def test_a_broken_claim_says_what_is_wrong_where(changes: dict[str, object], words: list[str]) -> None:
    with pytest.raises(BadInput) as raised:
        recomputed(load(), claims_with(changes))
    for word in words:
        assert word in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sources": ["t"]}, "not under sources"),
        ({"figures": {"one": {"what": "x", "unit": "y", "figure": "1", "published": 1, "at_most": 2}}}, "exclude each other"),
        ({"figures": {"one": {"what": "x", "unit": "y", "figure": "1"}}, "quoted": {"one": 1}}, "under quoted and under figures"),
    ],
)
def test_a_claim_that_contradicts_itself_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        claims_with(changes)


# -- expressions ---------------------------------------------------------------------------------------

sums = st.recursive(
    st.integers(1, 99).map(str),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda part: f"-{part}"),
    ),
    max_leaves=8,
)


@given(sums)
def test_an_expression_and_its_working_mean_what_python_means(text: str) -> None:
    try:
        expected = eval(text)  # digits, brackets and + - * / only
    except ZeroDivisionError:
        with pytest.raises(BadInput, match="division by zero"):
            evaluated(text, {}, {})
        return
    term = evaluated(text, {}, {})
    assert term.value == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert eval(term.working.replace(" x ", " * ")) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "price.__class__", "2 ** 99", "[1]", "1 if 1 else 2", "'a'", "True", "1j", "lambda: 1", "a[0]", "1 < 2", "", "1 +",
        "(1", "x := 1",
        "\0", "f'{1}'", "*a", "1e400", "not 1", "~1", "1 // 2", "5 % 2", "1; 2", "(" * 240 + "1" + ")" * 240,
    ],
)  # fmt: skip
def test_nothing_but_arithmetic_is_read(text: str) -> None:
    with pytest.raises(BadInput) as raised:
        evaluated(text, {}, {})
    assert len(raised.value.problems) == 1


def test_a_long_expression_is_refused() -> None:
    with pytest.raises(BadInput, match="at most 500"):
        evaluated("1 + " * 200 + "1", {}, {})


def test_brackets_of_a_working_stand_where_they_must() -> None:
    names = {"a": 2.0, "b": 3.0, "loss": -4.0}
    functions = {"parts": lambda: Term.sum(5.0, "2 + 3")}
    assert evaluated("a * (a + b)", names, functions).working == "2 x (2 + 3)"
    assert evaluated("a - (a - b)", names, functions).working == "2 - (2 - 3)"
    assert evaluated("a / (a * b)", names, functions).working == "2 / (2 x 3)"
    assert evaluated("a * parts()", names, functions).working == "2 x (2 + 3)"
    assert evaluated("a * loss", names, functions).working == "2 x (-4)"
