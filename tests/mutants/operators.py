"""Mutation operators: each says how a piece of code could be wrong, as a change of one expression or statement."""

from __future__ import annotations

import ast
import copy
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Mutants = Iterator[tuple[str, ast.AST]]

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_NAMES = {
    "min": "max", "any": "all", "minimum": "maximum", "argmin": "argmax", "less": "less_equal", "greater": "greater_equal", "ceil": "floor",
    "isfinite": "isinf", "rint": "floor",
}  # fmt: skip
_NAMES |= {other: name for name, other in _NAMES.items() if other not in _NAMES}


@dataclass(frozen=True)
class Edit:
    """The source from `start` to `end` (byte offsets) becomes `text`."""

    operator: str
    start: int
    end: int
    text: str
    line: int


def edits(source: str) -> Iterator[Edit]:
    """Every mutant of a module, in the order of its text. Annotations, decorators, docstrings, imports, f-strings and strict= are left alone."""
    offsets = [0]
    for line in source.encode().splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for node in _code(ast.parse(source)):
        for operator, changed in _mutants(node):
            text = ast.unparse(ast.fix_missing_locations(changed))
            if isinstance(node, ast.BinOp | ast.BoolOp | ast.Compare | ast.IfExp | ast.UnaryOp):
                text = f"({text})"
            start, end = offsets[node.lineno - 1] + node.col_offset, offsets[node.end_lineno - 1] + node.end_col_offset
            if isinstance(node, ast.If | ast.For):  # only the header changes: the body keeps its text
                part, new = (node.test, changed.test) if isinstance(node, ast.If) else (node.iter, changed.iter)
                text = ast.unparse(ast.fix_missing_locations(new))
                start, end = offsets[part.lineno - 1] + part.col_offset, offsets[part.end_lineno - 1] + part.end_col_offset
            yield Edit(operator, start, end, text, node.lineno)


def _code(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom) or _is_prose(node):
        return
    if hasattr(node, "lineno") and isinstance(node, ast.expr | ast.stmt):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            guard = isinstance(child, ast.keyword) and child.arg == "strict"  # of a zip whose parts are of one length
            if isinstance(child, ast.AST) and not guard:
                yield from _code(child)


def _is_prose(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # a docstring
    if isinstance(node, ast.Raise):
        return True  # the words of an error; whether it comes is decided elsewhere
    return isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def _mutants(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for shape, mutants in _OPERATORS.items():
        if isinstance(node, shape):
            yield from mutants(node)


def _compare(node: ast.Compare) -> Mutants:
    for i, op in enumerate(node.ops):
        for other in _COMPARISONS[type(op)]:
            yield f"{type(op).__name__} -> {other.__name__}", _with(node, "ops", [*node.ops[:i], other(), *node.ops[i + 1 :]])


def _arithmetic(node: ast.BinOp | ast.AugAssign) -> Mutants:
    if other := _ARITHMETIC.get(type(node.op)):
        yield f"{type(node.op).__name__} -> {other.__name__}", _with(node, "op", other())
    if isinstance(node, ast.AugAssign):
        yield "last instead of sum", ast.Assign([node.target], node.value)


def _logic(node: ast.BoolOp) -> Mutants:
    yield "and/or", _with(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for i in range(len(node.values)):
        rest = [*node.values[:i], *node.values[i + 1 :]]
        yield "condition dropped", rest[0] if len(rest) == 1 else _with(node, "values", rest)


def _sign(node: ast.UnaryOp) -> Mutants:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "not or sign dropped", node.operand


def _constant(node: ast.Constant) -> Mutants:
    if isinstance(node.value, bool):
        yield "true/false", ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield "constant + 1", ast.Constant(node.value + 1)
        yield "constant - 1", ast.Constant(node.value - 1)


def _name(node: ast.Name | ast.Attribute) -> Mutants:
    field = "id" if isinstance(node, ast.Name) else "attr"
    if other := _NAMES.get(name := getattr(node, field)):
        yield f"{name} -> {other}", _with(node, field, other)


def _dropped(node: ast.Dict | ast.Tuple | ast.List) -> Mutants:
    if isinstance(node, ast.Dict):
        for i in range(len(node.keys) if len(node.keys) > 1 else 0):
            yield "key dropped", ast.Dict([*node.keys[:i], *node.keys[i + 1 :]], [*node.values[:i], *node.values[i + 1 :]])
    elif isinstance(node.ctx, ast.Load) and len(node.elts) > 2 and not any(isinstance(element, ast.Slice) for element in node.elts):
        for i in range(len(node.elts)):
            yield "element dropped", _with(node, "elts", [*node.elts[:i], *node.elts[i + 1 :]])


def _ends(node: ast.Subscript) -> Mutants:
    match node.slice:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            yield "[-1] -> [0]", _with(node, "slice", ast.Constant(0))
        case ast.Constant(value=0):
            yield "[0] -> [-1]", _with(node, "slice", ast.Constant(-1))


def _branches(node: ast.IfExp | ast.If) -> Mutants:
    if isinstance(node, ast.IfExp):
        yield "if taken", node.body
        yield "else taken", node.orelse
    else:
        yield "if never", _with(node, "test", ast.Constant(False))
        yield "if always", _with(node, "test", ast.Constant(True))


def _loop(node: ast.For) -> Mutants:
    yield "first skipped", _with(node, "iter", _rest(node.iter))


def _nothing(node: ast.Return) -> Mutants:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "return None", _with(node, "value", ast.Constant(None))


def _call(node: ast.Call) -> Mutants:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if (
        len(node.args) > 1
        and name not in ("min", "max", "minimum", "maximum")
        and ast.dump(node.args[0]) != ast.dump(node.args[1])
        and not any(isinstance(a, ast.Starred) for a in node.args[:2])
    ):
        yield "arguments swapped", _with(node, "args", [node.args[1], node.args[0], *node.args[2:]])
    for i, keyword in enumerate(node.keywords):
        if keyword.arg in ("key", "reverse", "default", "initial", "where"):
            yield f"{keyword.arg}= dropped", _with(node, "keywords", [*node.keywords[:i], *node.keywords[i + 1 :]])


def _comprehension(node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp) -> Mutants:
    for i, generator in enumerate(node.generators):
        for j in range(len(generator.ifs)):
            fewer = _with(generator, "ifs", [*generator.ifs[:j], *generator.ifs[j + 1 :]])
            yield "filter dropped", _with(node, "generators", [*node.generators[:i], fewer, *node.generators[i + 1 :]])
    first = _with(node.generators[0], "iter", _rest(node.generators[0].iter))
    yield "first skipped", _with(node, "generators", [first, *node.generators[1:]])


def _rest(iterable: ast.expr) -> ast.expr:
    return ast.Subscript(ast.Call(ast.Name("list", ast.Load()), [iterable], []), ast.Slice(ast.Constant(1), None, None), ast.Load())


def _with(node: ast.AST, field: str, value: object) -> ast.AST:
    changed = copy.copy(node)
    setattr(changed, field, value)
    return changed


_OPERATORS: dict[Any, Callable[[Any], Mutants]] = {
    ast.Compare: _compare, ast.BinOp | ast.AugAssign: _arithmetic, ast.BoolOp: _logic, ast.UnaryOp: _sign, ast.Constant: _constant,
    ast.Name | ast.Attribute: _name, ast.Call: _call, ast.Dict | ast.Tuple | ast.List: _dropped, ast.Subscript: _ends,
    ast.IfExp | ast.If: _branches, ast.For: _loop, ast.Return: _nothing,
    ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp: _comprehension,
}  # fmt: skip

_NUMBER = re.compile(r"(?<=: )-?\d+(?:\.\d+)?(?=[,}\s]|$)", re.MULTILINE)
_DAY = re.compile(r"(?<=: )\d{4}-\d\d-\d\d(?=[,}\s]|$)", re.MULTILINE)
_FLAG = re.compile(r"(?<=: )(?:true|false)(?=[,}\s]|$)", re.MULTILINE)


def data_edits(text: str) -> Iterator[Edit]:
    """Mutants of a data file: a number 3 % up or down, a day one day later, true for false."""
    for found in _NUMBER.finditer(text):
        value = float(found[0])
        for operator, factor in (("3 % more", 1.03), ("3 % less", 0.97)):
            yield _data_edit(operator, text, found, repr(value * factor if value else 0.03))
    for found in _DAY.finditer(text):
        yield _data_edit("a day later", text, found, str(dt.date.fromisoformat(found[0]) + dt.timedelta(days=1)))
    for found in _FLAG.finditer(text):
        yield _data_edit("true/false", text, found, "false" if found[0] == "true" else "true")


def _data_edit(operator: str, text: str, found: re.Match[str], new: str) -> Edit:
    start, end = (len(text[:place].encode()) for place in found.span())
    return Edit(operator, start, end, new, text.count("\n", 0, found.start()) + 1)
