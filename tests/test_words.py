"""How numbers, lists and statuses read, wherever they are shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from decision import words
from decision.analysis.breakeven import Basis
from decision.analysis.comparison import Cause
from decision.catalog.prices import type_of_source
from decision.costs.line_items import Category
from decision.recommendation import Status


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (words.cents(1234.5), "$1,234.50"),
        (words.cents(1234.5, ""), "1,234.50"),
        (words.cents(-0.001, ""), "0.00"),
        (words.cents(-3.5), "-$3.50"),
        (words.dollars(34508.4, ""), "34,508"),
        (words.dollars(-0.2), "$0"),
        (words.money(99.99), "$99.99"),
        (words.money(99.996), "$100"),
        (words.money(-0.001) + " a month", "$0.00 a month"),
        (words.about_money(12345.6), "$12,300"),
        (words.about_money(12.0), "$12"),
        (words.about_money(1.254), "$1.25"),
        (words.about_money(-12345.6), "-$12,300"),
        (words.each(0.026666), "$0.0267"),
        (words.each(27.8, ""), "27.80"),
        (words.unit_price(0), "$0.00"),
        (words.unit_price(0.08), "$0.08"),
        (words.unit_price(0.00945), "$0.00945"),
        (words.unit_price(0.0000131), "$0.0000131"),
        (words.unit_price(0.000000125), "$0.000000125"),
        (words.unit_price(12.345), "$12.345"),
        (words.unit_price(60), "$60.00"),
        (words.unit_price(16192.916667), "$16,192.92"),
        (words.number(3.125), "3.125"),
        (words.number(999.96), "1,000"),
        (words.number(0.00001234), "0.00001234"),
        (words.number(1234567.8), "1,234,568"),
        (words.number(-0.0) + " agents", "0 agents"),
        (words.about(2951.39), "2,950"),
        (words.computed(1234.56), "1,234.56"),
        (words.computed(57.6), "57.6"),
        (words.computed(1 / 3), "0.3333"),
        (words.percent(0), "0 %"),
        (words.percent(0.007), "under 1 %"),
        (words.percent(0.5), "50 %"),
        (words.percent(0.991), "over 99 %"),
        (words.percent(1), "100 %"),
        (words.change_percent(0.08, 0.1), "+25.0 %"),
        (words.change_percent(0, 0.1), "from 0"),
        (words.in_unit(0.007, "share of 1"), "0.7 %"),
        (words.in_unit(0.125, "share of the sessions"), "12.5 % of the sessions"),
        (words.in_unit(120_000, "USD per year"), "$120,000 per year"),
        (words.in_unit(3.75, "USD per 1M tokens"), "$3.75 per 1M tokens"),
        (words.in_unit(1, "agents"), "1 agent"),
        (words.in_unit(2.5, "hours"), "2.5 hours"),
        (words.listed([]), ""),
        (words.listed(["a"]), "a"),
        (words.listed("abc", "or"), "a, b or c"),
        (words.counted(1, "range"), "1 range"),
        (words.spelled(4), "four"),
        (words.spelled(13), "13"),
        (words.counted(1200, "draw"), "1,200 draws"),
        (words.typed(12000.0), "12,000"),
        (words.typed(0.1), "0.1"),
        (words.value_or_word(None), "none"),
        (words.sentence_case("vendor's own page"), "Vendor's own page"),
    ],
)
def test_how_it_reads(shown: str, expected: str) -> None:
    assert shown == expected


def test_an_array_of_one_reads_like_its_number_and_one_of_several_is_refused() -> None:
    assert words.money(np.array([1234.5])) == words.money(np.array(1234.5)) == words.money(1234.5)
    with pytest.raises(ValueError, match="size 1"):
        words.money(np.array([1.0, 2.0]))


@given(st.floats(0, 1))
def test_a_share_is_never_rounded_onto_an_end(share: float) -> None:
    assert (words.percent(share) == "0 %") == (share == 0)
    assert (words.percent(share) == "100 %") == (share == 1)


@given(st.floats(1e-9, 1e6))
def test_a_list_price_keeps_four_figures_and_at_least_cents(price: float) -> None:
    shown = words.unit_price(price)
    assert float(shown.strip("$").replace(",", "")) == pytest.approx(price, rel=1e-3)
    assert re.fullmatch(r"\$[\d,]+\.\d{2,}", shown)


@given(st.lists(st.floats(-1e6, 1e6), max_size=20), st.sampled_from([0, 2]))
def test_a_total_is_the_sum_of_what_is_shown(parts: list[float], places: int) -> None:
    shown = sum(float(f"{part:.{places}f}") for part in parts)
    assert words.shown_sum(parts, places) == pytest.approx(shown, abs=1e-6)


def test_every_identifier_has_its_words() -> None:
    assert set(words.STATUS) == set(get_args(Status))
    assert set(words.BASES) == set(Basis)
    assert set(words.CATEGORIES) == set(Category)
    assert set(words.CAUSES) == set(Cause)
    assert set(words.SOURCE_KINDS) == set(get_args(type_of_source))


def test_no_other_room_formats_money_or_shares() -> None:
    """Thousands separators and per cent signs after a number are written in words.py alone; workings and messages have six figures and more."""
    home = Path(words.__file__)
    number_format = re.compile(r":[+]?[,]?\.\d+f\}|:[+]?\.?\d*%\}|\* 100:")
    rooms = [path for path in home.parent.rglob("*.py") if path != home]
    assert [path.name for path in rooms if number_format.search(path.read_text(encoding="utf-8"))] == []


def test_a_column_of_numbers_is_aligned_whatever_kind_of_rows_a_table_gets() -> None:
    def drawn() -> None:
        from decision.ui import views

        views.table("", ("Name", "Number"), iter([("", [views.Cell("a"), views.Cell("1", right=True)])]))

    page = AppTest.from_function(drawn).run()
    assert '<th scope="col" class=n>Number</th>' in page.get("html")[0].proto.body
