"""The answer through time: the total cost of each option by day, as steps, under a strip of who is recommended."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from decision.catalog import Option
from decision.charts.axes import DOLLARS, Builder, Rows, TopLevel, named, own_colour, own_dashes
from decision.charts.palette import PALETTE, Ink, Mode, colour, dash
from decision.recommendation.through_time import DayAnswer

_STRIP = 20  # pixels
_ROOM = 1.2  # the cost axis reaches so much beyond the dearest option, for the strip above the lines
_NARROWEST = 0.03  # a period named in the strip takes at least this share of the time


@dataclass(frozen=True, slots=True)
class Period:
    """A time with one and the same recommendation (None: no answer). answers: its rows. end: the first day after it, None when open."""

    answers: tuple[DayAnswer, ...]
    end: dt.date | None

    @property
    def start(self) -> dt.date:
        """Its first day."""
        return self.answers[0].day

    @property
    def option(self) -> str | None:
        """The option recommended."""
        return self.answers[0].option


def periods(answers: Sequence[DayAnswer]) -> tuple[Period, ...]:
    """The answers, those with the same recommendation together."""
    parts = [tuple(part) for _, part in itertools.groupby(answers, key=lambda answer: answer.option)]
    ends = [part[0].day for part in parts[1:]]
    return tuple(Period(part, end) for part, end in zip(parts, [*ends, None], strict=True))


def _history(ink: Ink) -> TopLevel:
    """Total cost of each option by day, as steps, under a strip of who is recommended.

    main: at, cost, piece, colour, dash, words; strip: at, end, middle, colour, label, words; ahead: at, end; today: at, label; room: at, cost.
    """
    axis = alt.Axis(grid=False, labelColor=ink.faint, tickCount=6, labelOverlap=True, format="%b %Y")
    x = alt.X("at:T", title=None, axis=axis, scale=alt.Scale(type="utc", nice=False))
    y = alt.Y("cost:Q", title=None, axis=alt.Axis(labelExpr=DOLLARS, gridColor=ink.grid, labelColor=ink.faint, tickCount=5, domain=False))
    words = alt.Tooltip("words:N", title=" ")
    lines = (
        named("main")
        .mark_line(strokeWidth=2.4, interpolate="step-after")
        .encode(x=x, y=y, detail="piece:N", color=own_colour(), strokeDash=own_dashes())
    )
    points = (
        named("main").mark_circle(size=60, opacity=1).encode(x=x, y=y, color=own_colour(), opacity=alt.Opacity("dot:Q", scale=None), tooltip=words)
    )
    ahead = named("ahead").mark_rect(color=ink.faint, opacity=0.12).encode(x=x, x2="end:T")
    strip = named("strip").encode(x=x, tooltip=words)
    blocks = strip.mark_rect(stroke=ink.background, strokeWidth=2).encode(x2="end:T", y=alt.value(0), y2=alt.value(_STRIP), color=own_colour())
    numbers = strip.mark_text(baseline="middle", fontSize=12, fontWeight=700, color=ink.background).encode(
        x=alt.X("middle:T"), y=alt.value(_STRIP / 2), text="label:N"
    )
    now = named("today").encode(x=x)
    rule = now.mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=ink.text)
    label = now.mark_text(align="right", baseline="bottom", dx=3, dy=-4, fontSize=12, fontWeight=600, color=ink.text)
    day = label.encode(y=alt.value(0), text="label:N")
    room = named("room").mark_point(opacity=0).encode(x=x, y=y)
    return alt.layer(ahead, lines, points, blocks, numbers, rule, day, room).properties(width="container", height=300)


BUILDERS: Mapping[str, Builder] = {"history": _history}


def history_rows(
    answers: Sequence[DayAnswer], until: dt.date, today: dt.date, options: Mapping[str, Option], words: Callable[[float], str], mode: Mode
) -> dict[str, Rows]:
    """Datasets of the chart. until: where it ends; today: the day whose prices count, what is later is known ahead; words: how money is shown."""
    dearest = max((cost for answer in answers for cost in answer.totals.values()), default=0.0)
    start = answers[0].day
    return {
        "main": list(_line_rows(answers, until, options, words, mode)),
        "strip": list(_strip_rows(answers, until, options, mode)),
        "ahead": [{"at": _ms(today), "end": _ms(until)}] if today < until else [],
        "today": [{"at": _ms(today), "label": f"{today.day} {today:%b %Y}"}] if start <= today else [],
        "room": [{"at": _ms(start), "cost": _ROOM * dearest}],
    }


def _line_rows(
    answers: Sequence[DayAnswer], until: dt.date, options: Mapping[str, Option], words: Callable[[float], str], mode: Mode
) -> Iterator[dict[str, Any]]:
    """The cost of each option on each day; a day without a price breaks its line."""
    ends = [*(answer.day for answer in answers[1:]), until]
    for option in dict.fromkeys(option for answer in answers for option in answer.totals):
        look = {"colour": colour(options[option], mode), "dash": dash(options[option])}
        piece = 0
        for answer, end in zip(answers, ends, strict=True):
            if option not in answer.totals:
                piece += 1
                continue
            cost = round(answer.totals[option], 2)
            hint = f"{options[option].short_name}, from {answer.day.day} {answer.day:%b %Y}: {words(cost)}"
            row = {"cost": cost, "piece": f"{option} {piece}", **look, "words": hint}
            yield {"at": _ms(answer.day), "dot": 1, **row}
            yield {"at": _ms(end), "dot": 0, **row}


def _strip_rows(answers: Sequence[DayAnswer], until: dt.date, options: Mapping[str, Option], mode: Mode) -> Iterator[dict[str, Any]]:
    whole = (until - answers[0].day).days or 1
    for n, period in enumerate(periods(answers), 1):
        end = period.end or until
        at, last = _ms(period.start), _ms(end)
        yield {
            "at": at,
            "end": last,
            "middle": (at + last) / 2,
            "label": str(n) if (end - period.start).days / whole >= _NARROWEST else "",
            "colour": colour(options[period.option], mode) if period.option else PALETTE[mode].ruled_out,
            "words": options[period.option].short_name if period.option else "No answer",
        }


def _ms(day: dt.date) -> float:
    """Milliseconds of the epoch at the start of the day, UTC: the axis is in UTC, so that no visitor sees the day before."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000
