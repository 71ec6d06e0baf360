"""The one kind of error that a user may see, and how to word it.

A message says what is wrong, where (file and key, or field), and what to do next.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pydantic import ValidationError


class BadInput(ValueError):
    """Something a person wrote cannot be used. Each problem is one sentence that can be shown as it is."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class PriceMissing(BadInput):
    """A price is unknown, not yet in force on the day asked for, withdrawn, or was never published."""


def nearest(word: str, known: Iterable[str]) -> str:
    """' Did you mean "agents"?' when a known word is close to `word`, else ''."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""


def where(parts: Iterable[object]) -> str:
    """A pydantic location as a reader would write it: fleet[0].agents."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def sentences(error: ValidationError, file: str, known: dict[str, Iterable[str]] | None = None) -> list[str]:
    """Turn each pydantic complaint into one sentence that names file, key and fix.

    `known` maps a dotted location with indices left out ("fleet") to the field names allowed there.
    """
    lines = []
    for problem in error.errors(include_url=False):
        place = where(problem["loc"]) or "the file"
        kind, context = problem["type"], problem.get("ctx", {})
        if kind == "extra_forbidden":
            parent = ".".join(str(p) for p in problem["loc"][:-1] if not isinstance(p, int))
            names = sorted((known or {}).get(parent, ()))
            hint = nearest(str(problem["loc"][-1]), names) or (f" Known here: {', '.join(names)}." if names else " Remove it.")
            lines.append(f"{file}: {place}: unknown field.{hint}")
        elif kind == "missing":
            lines.append(f"{file}: {place}: required but missing. Add it.")
        elif kind == "value_error":
            lines.append(f"{file}: {place}: {context.get('error', problem['msg'])}")
        elif kind in ("literal_error", "enum"):
            lines.append(f"{file}: {place}: {_shown(problem['input'])} is not one of {context['expected']}. Use one of these.")
        else:
            wanted = problem["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            lines.append(f"{file}: {place}: expected {wanted}, found {_shown(problem['input'])}.")
    return lines


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
