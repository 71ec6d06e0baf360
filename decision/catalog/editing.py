"""A file of data/ changed as text: a row or an entry is put where it belongs, and every comment and every other line stays as it is.

    text = added_row(text, ("plans", "linode.2gb", "rows"), {"effective_from": day, "price": 13, "source": "types-2026-12-01"}, "linode.yaml")

Nothing that stands there is ever replaced. Whether the result says what was meant is for the caller to see, by reading it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from decision.errors import BadInput

_WIDTH = 110  # characters of a written row, its indent left out


class Braced(dict[str, Any]):
    """A mapping that is written between braces, as rows are in the files written by hand."""


class _Dumper(yaml.SafeDumper):
    """Plain YAML in the style of the house: lists indented, no anchors, rows between braces."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(Braced, lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row.items(), flow_style=True))


def written(content: Any) -> str:
    """Plain values as YAML in the style of the house, without a document marker."""
    return str(yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True))


def added_row(text: str, place: tuple[str, ...], row: Mapping[str, Any], file: str) -> str:
    """`text` with one more item at the end of the list at `place`, a path of keys. Raises BadInput where there is no list with an item."""
    found = _node(text, place, file)
    if not isinstance(found, yaml.SequenceNode) or not found.value:
        raise BadInput(f"{file}: {'.'.join(place)}: no list of rows stands here. Write the row by hand.")
    if found.flow_style:
        end, indent = int(found.value[-1].end_mark.index), int(found.value[0].start_mark.column)
        return text[:end] + ",\n" + " " * indent + written(Braced(row)).rstrip("\n") + text[end:]
    return _inserted(text, found, written([Braced(row)]))


def added_entry(text: str, place: tuple[str, ...], key: str, content: Mapping[str, Any], file: str) -> str:
    """`text` with one more key at the end of the mapping at `place`. Raises BadInput where there is none, or where the key stands there."""
    found = _node(text, place, file)
    if not isinstance(found, yaml.MappingNode) or not found.value or found.flow_style:
        raise BadInput(f"{file}: {'.'.join(place)}: no keys stand here, one on each line. Write the entry by hand.")
    if any(name.value == key for name, _ in found.value):
        raise BadInput(f'{file}: {".".join(place)}: "{key}" stands here already. Nothing that stands in a file is replaced.')
    return _inserted(text, found, written({key: dict(content)}))


def _node(text: str, place: tuple[str, ...], file: str) -> yaml.Node:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    for key in place:
        inside = {name.value: value for name, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        if key not in inside:
            raise BadInput(f'{file}: there is no "{key}" at {".".join(place)}. Write it by hand.')
        node = inside[key]
    assert node is not None  # an empty file has no place
    return node


def _inserted(text: str, block: yaml.CollectionNode, addition: str) -> str:
    """The text with `addition` below the last line of a block, as far in as the block is."""
    lines = text.splitlines(keepends=True)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    below = _last_line(block, lines) + 1
    indent = " " * block.start_mark.column
    return "".join([*lines[:below], *(indent + line for line in addition.splitlines(keepends=True)), *lines[below:]])


def _last_line(node: yaml.Node, lines: list[str]) -> int:
    """The last line on which something of a node stands. YAML ends a block where the next thing begins, below blank lines and comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last, lines)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        end = node.end_mark.line if node.end_mark.column else node.end_mark.line - 1
        while not lines[min(end, len(lines) - 1)].strip() or _is_comment_outside(lines, end, node):
            end -= 1
        return end
    return node.end_mark.line


def _is_comment_outside(lines: list[str], at: int, node: yaml.ScalarNode) -> bool:
    """Whether a line below a folded text is a comment: it stands less far in than the text does."""
    line, first = lines[at], lines[node.start_mark.line + 1]
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < len(first) - len(first.lstrip())
