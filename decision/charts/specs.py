"""The one way to a chart: its spec, built once per mode, with words at their marks and data beside it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import altair as alt

from decision.charts import bars, history, intervals, lines, stacks
from decision.charts import map as maps
from decision.charts.axes import DOLLARS, Builder, Spec
from decision.charts.palette import PALETTE, Mode

BUILDERS: Mapping[str, Builder] = {**stacks.BUILDERS, **lines.BUILDERS, **bars.BUILDERS, **maps.BUILDERS, **history.BUILDERS, **intervals.BUILDERS}


def chart(name: str, mode: Mode, words: Mapping[str, Any], **data: Any) -> Spec:
    """The spec of that name with its data. Raises KeyError for a name that no builder has.

    words: what stands at its marks: "x" and "y" are axis titles (None: no title), "numbers" is a format, dollars unless told.
    data: its datasets. One may be empty; its layer then draws nothing.
    """
    text = _spec_text(name, mode)
    for mark, value in {"numbers": DOLLARS, **words}.items():
        text = text.replace(f'"@{mark}"', json.dumps(value))
    return {**json.loads(text), "datasets": data}


def build_all() -> None:
    """Build every spec, so that no visit waits for it."""
    for name in BUILDERS:
        for mode in PALETTE:
            _spec_text(name, mode)


@functools.cache
def _spec_text(name: str, mode: Mode) -> str:
    with alt.theme.enable("none"):
        spec: Spec = BUILDERS[name](PALETTE[mode]).to_dict()
    spec.pop("config", None)
    return json.dumps(spec)
