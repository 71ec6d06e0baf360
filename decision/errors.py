"""The one kind of error that a user may see, and how to word it.

A message says what is wrong, where (file and key, or field), and what to do next.
"""

from __future__ import annotations

import difflib
import types
import typing
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

MOST_SHOWN = 20  # a message that lists more problems than this is not read
_LONGEST_ECHO = 60  # characters of what a person wrote that are repeated to them
_LONGEST_SENTENCE = 2_000  # characters; the longest of ours lists all options with the reason why each is left out
_LONGEST_NAME = 100  # characters; no name that this tool knows is longer
_NOT_FOR_EYES = ("Cc", "Cf", "Cs", "Zl", "Zp")  # control and format characters, halves of characters, line breaks

Problem = TypeVar("Problem")


class BadInput(ValueError):
    """Something a person wrote cannot be used. Each problem is one sentence that can be shown as it is, on a page or in a terminal.

    Whatever the input was, there are few of them, they are not long, and nothing in them moves a cursor or breaks a line.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        found = (problems,) if isinstance(problems, str) else tuple(problems)
        self.problems = tuple(shown(problem, _LONGEST_SENTENCE) for problem in the_first(found, str))
        super().__init__("\n".join(self.problems))


class PriceMissing(BadInput):
    """A price is unknown, not yet in force on the day asked for, withdrawn, or was never published."""


def shown(text: object, most: int = _LONGEST_ECHO) -> str:
    """A text in one line that an eye can read: at most so many characters of it, and those that cannot be seen by their codes."""
    whole = str(text)
    cut = whole if len(whole) <= most else whole[: most - 3] + "..."
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(letter.encode("unicode_escape").decode() if unicodedata.category(letter) in _NOT_FOR_EYES else letter for letter in cut)


def the_first(problems: Sequence[Problem], in_words: Callable[[Problem], str], file: str = "") -> list[str]:
    """The first problems in words, and how many there are more: only those that are shown are worded, since help with spelling takes time."""
    lines = [in_words(problem) for problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        lines.append(f"{file}{': ' if file else ''}{len(problems) - MOST_SHOWN} more problems. Correct these first.")
    return lines


def nearest(word: str, known: Iterable[str]) -> str:
    """' Did you mean "agents"?' when a known word is close to `word`, else ''."""
    if len(word) > _LONGEST_NAME:
        return ""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""


def where(parts: Iterable[object]) -> str:
    """A pydantic location as a reader would write it: fleet[0].agents."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{shown(part)}" if path else shown(part)
    return path


ANY_KEY = "*"

_WANTED = {  # pydantic's kind of complaint -> what a person should write
    "model_type": "keys with values, each on its own line",
    "dict_type": "keys with values, each on its own line",
    "mapping_type": "keys with values, each on its own line",
    "tuple_type": "a list, such as [first, second]",
    "list_type": "a list, such as [first, second]",
    "string_type": "text; put it in quotes if it looks like a number or a date",
    "bool_type": "true or false, without quotes",
    "float_type": "a number, without quotes",
    "int_type": "a whole number, without quotes",
    "int_from_float": "a whole number",
    "date_type": "a date of the form 2026-11-20, without quotes",
    "finite_number": "a finite number",
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "more than {gt:g}",
    "less_than_equal": "at most {le:g}",
    "too_short": "at least {min_length} entry",
    "too_long": "at most {max_length} entries",
}


def sentences(error: ValidationError, file: str, known: Mapping[str, Iterable[str]] | None = None) -> list[str]:
    """Turn each pydantic complaint into one sentence that names file, key and fix.

    known: field names by location, as `field_names` gives them.
    """
    problems = worth_saying(error)
    return the_first(problems, lambda problem: f"{file}: {_place(problem['loc'])}{_complaint(problem, known or {})}", file)


def _place(parts: Sequence[object]) -> str:
    return f"{where(parts)}: " if parts else ""


def worth_saying(error: ValidationError) -> list[Any]:
    """The complaints without "too short" about a list whose entries are what is wrong: pydantic counts only the good ones."""
    problems: list[Any] = error.errors(include_url=False)
    around = {problem["loc"][:n] for problem in problems for n in range(len(problem["loc"]))}
    return [problem for problem in problems if problem["type"] != "too_short" or problem["loc"] not in around]


def _complaint(problem: Mapping[str, Any], known: Mapping[str, Iterable[str]]) -> str:
    kind, context, found = problem["type"], problem.get("ctx", {}), problem["input"]
    match kind:
        case "extra_forbidden":
            names = sorted(_names_at([part for part in problem["loc"][:-1] if not isinstance(part, int)], known))
            hint = nearest(str(problem["loc"][-1]), names) or (f" Known here: {', '.join(names)}." if names else " Remove it.")
            message = f"unknown field.{hint}"
        case "missing":
            message = "required but missing. Add it."
        case "union_tag_not_found":
            message = f"the key {context['discriminator']} is required but missing. Add it."
        case "union_tag_invalid":
            message = f"{context['discriminator']} is '{shown(context['tag'])}', which is not one of {context['expected_tags']}. Use one of these."
        case "literal_error" | "enum":
            message = f"{_as_written(found)} is not one of {context['expected']}. Use one of these."
        case "value_error":
            message = str(context.get("error", problem["msg"]))
        case "too_short" | "too_long":
            message = f"found {len(found)} entries. Give {_WANTED[kind].format(**context)}."  # pydantic counts those of a list only
        case _:
            wanted = _WANTED.get(kind, problem["msg"].removeprefix("Input should be ")).format(**context)
            message = f"found {_as_written(found)}. Write {wanted}."
    return message


def _as_written(value: object) -> str:
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else shown(repr(value))


def field_names(shape: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """The field names of a model and of all models inside it, by dotted location; `*` stands for any key, list positions are left out.

    A model must not hold itself.
    """
    return dict(_field_names(shape, ()))


def _field_names(shape: object, place: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    origin, inner = typing.get_origin(shape), typing.get_args(shape)
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        names = {name: info.alias or name for name, info in shape.model_fields.items()}
        yield ".".join(place), tuple(names.values())
        for name, info in shape.model_fields.items():
            tag = info.discriminator if isinstance(info.discriminator, str) else None
            yield from _tagged(info.annotation, tag, (*place, names[name]))
    elif origin is typing.Annotated:
        tag = next((meta.discriminator for meta in inner[1:] if isinstance(getattr(meta, "discriminator", None), str)), None)
        yield from _tagged(inner[0], tag, place)
    elif origin in (typing.Union, types.UnionType, tuple, list):
        for part in inner:
            yield from _field_names(part, place)
    elif origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _field_names(inner[1], (*place, ANY_KEY))


def _tagged(shape: object, tag: str | None, place: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A union that one field tells apart: pydantic puts that field's value into the location."""
    if tag is None:
        yield from _field_names(shape, place)
        return
    for member in typing.get_args(shape):
        annotation = member.model_fields[tag].annotation
        if typing.get_origin(annotation) is Literal:
            yield from _field_names(member, (*place, str(typing.get_args(annotation)[0])))


def _names_at(place: list[object], known: Mapping[str, Iterable[str]]) -> Iterable[str]:
    for pattern, names in known.items():
        parts = pattern.split(".") if pattern else []
        if len(parts) == len(place) and all(part in (ANY_KEY, str(here)) for part, here in zip(parts, place, strict=True)):
            return names
    return ()
