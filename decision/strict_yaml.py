"""Read YAML that people wrote by hand, and refuse what YAML would silently misread.

Plain data only: no tags, no anchors, no merge keys. Duplicate keys, `on`/`yes` read as true,
not-a-number and infinity are refused with the line they stand on.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Any

import yaml

from decision.errors import BadInput, shown

MAX_BYTES = 1_000_000  # the largest price file has about 40 kB
MAX_VALUES = 100_000  # keys too; the largest file of data has 2,000
MAX_DEPTH = 20  # a scenario nests five levels deep
MAX_DIGITS = 400  # more than a number has that a computer calculates with

_WHOLE = re.compile(r"[-+]?\d+")
_PREFIX = "tag:yaml.org,2002:"


def read(path: Path | str, text: str | bytes | None = None, max_bytes: int = MAX_BYTES, max_values: int = MAX_VALUES) -> Any:
    """The content of a YAML file (or of `text`, with `path` used in messages) as plain Python values.

    Raises BadInput, naming file, line and fix.
    """
    name = shown(Path(path).name if text is None else path)
    if text is None:
        text = bytes_of(Path(path), max_bytes)
    if len(text) > max_bytes:
        raise BadInput(f"{name}: the file is larger than {max_bytes // 1_000:,} kB. A scenario is a few kB: check that this is the right file.")
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadInput(f"{name}: this is not a text file (not UTF-8). Give a YAML file.") from None
    try:
        _check_size(text, name, max_values)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}:" if error.problem_mark else ""
        raise BadInput(f"{name}:{line} not valid YAML ({error.problem}). Correct this line.") from None
    except yaml.YAMLError:
        raise BadInput(f"{name}: not valid YAML (unreadable characters). Give a plain text YAML file.") from None
    if node is None:
        raise BadInput(f"{name}: the file is empty. Write at least one key.")
    return _plain(node, name)


def bytes_of(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The content of a file, up to one byte more than is accepted. Raises BadInput for a folder, a missing or an unreadable file."""
    name = shown(path, 200)
    try:
        folder = path.is_dir()
    except (OSError, ValueError):  # a name too long for the file system, or with a NUL in it
        raise BadInput(f"{name}: no file can have this name. Check the name.") from None
    if folder:
        raise BadInput(f"{name}: this is a folder. Name a file in it.")
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)  # never more, whatever its size says
    except FileNotFoundError:
        raise BadInput(f"{name}: no such file. Check the name.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name, where is_dir passes over it
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"{name}: cannot be read ({why}). Check its name and its permissions.") from None


def _check_size(text: str, name: str, max_values: int) -> None:
    """Walk the events (no recursion), so that a deep file cannot exhaust the stack of the composer, nor one of very many values the time."""
    depth = values = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        values += isinstance(event, yaml.NodeEvent)
        if values > max_values:
            many = f"more than {max_values:,} values. A scenario has a few hundred"
            raise BadInput(f"{name}: line {_line(event)}: {many}: check that this is the right file.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise BadInput(f"{name}: line {_line(event)}: nested more than {MAX_DEPTH} levels deep. No file of this tool is: flatten it.")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise BadInput(f"{name}: line {_line(event)}: anchors and aliases (& and *) are not accepted. Write the value out.")


def _line(part: yaml.Node | yaml.Event) -> int:
    return part.start_mark.line + 1 if part.start_mark else 0


def _plain(node: yaml.Node, name: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, name)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, name) for item in node.value]
    return _scalar(node, name)


def _mapping(node: yaml.MappingNode, name: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        at = f"{name}: line {_line(key_node)}:"
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadInput(f"{at} a key is a list or a mapping. Write plain text before the colon.")
        key = key_node.value
        if key_node.tag == _PREFIX + "merge":
            raise BadInput(f"{at} merge keys (<<) are not accepted. Write the keys out.")
        if key_node.tag == _PREFIX + "bool":
            raise BadInput(f'{at} the key "{shown(key)}" is read as true or false by YAML. Choose another word or put it in quotes.')
        if key in result:
            raise BadInput(f'{at} duplicate key "{shown(key)}". Keep one of the two.')
        result[key] = _plain(value_node, name)
    return result


def _scalar(node: yaml.Node, name: str) -> Any:
    text, tag, at = node.value, node.tag.removeprefix(_PREFIX), f"{name}: line {_line(node)}:"
    match tag:
        case "str":
            return text
        case "null":
            return None
        case "bool":
            if text not in ("true", "false"):
                raise BadInput(f'{at} "{text}" is read as true or false by YAML. Write true or false, or put it in quotes.')
            return text == "true"
        case "int" | "float":
            return _number(text, at)
        case "timestamp":
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                raise BadInput(f'{at} "{shown(text)}" is not a day of the calendar written as 2026-11-20. Correct it.') from None
        case _:
            raise BadInput(f"{at} the tag {shown(node.tag)} is not accepted. Use plain text, numbers, dates, lists and keys.")


def _number(text: str, at: str) -> int | float:
    digits = text.replace("_", "")
    if len(digits) > MAX_DIGITS:
        raise BadInput(f'{at} "{text[:40]}..." is not a finite number of at most {MAX_DIGITS} digits. Write a number, or leave the field out.')
    try:
        value = math.inf if digits.lstrip("+-").lower() in (".inf", ".nan") else float(digits)
    except ValueError:  # 0x1F, 0b1, 1:30 (sexagesimal) are numbers to YAML 1.1 and surprises to people
        raise BadInput(f'{at} "{text[:40]}" is not a decimal number. Write digits, or put it in quotes if it is text.') from None
    if not math.isfinite(value):
        raise BadInput(f'{at} "{text[:40]}" is not a finite number. Write a number, or leave the field out.')
    return int(digits) if _WHOLE.fullmatch(digits) else value
