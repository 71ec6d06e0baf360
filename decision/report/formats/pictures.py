"""Charts of a record as SVG, drawn by the renderer that Altair saves with: the specs of the page, in the colours of a theme."""

from __future__ import annotations

import functools
import json
from typing import Any

from decision.charts import Mode, chart
from decision.report.document import Picture

WIDTH = 640  # pixels


def svg(picture: Picture, mode: Mode = "light", font: str = "sans-serif") -> str:
    """The picture as one SVG element, without scripts and without a background. font: of all its words."""
    spec = chart(picture.chart, mode, {}, **picture.data)
    return _drawn(json.dumps(_sized(spec), sort_keys=True, default=float), font)


def _sized(spec: dict[str, Any]) -> dict[str, Any]:
    return {**spec, "width": WIDTH}


@functools.lru_cache(maxsize=64)
def _drawn(spec: str, font: str) -> str:
    import vl_convert  # 30 MB that no other format needs

    content = json.loads(spec) | {"config": {"font": font, "background": None, "view": {"stroke": None}}}
    return str(vl_convert.vegalite_to_svg(content))
