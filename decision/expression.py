"""Arithmetic written in a data file: numbers, names, + - * / and a few named functions; nothing else is run.

evaluated("share * yearly / 12", {"share": 0.4, "yearly": 120000}, {}).value      # 4000.0
evaluated("share * yearly / 12", {"share": 0.4, "yearly": 120000}, {}).working    # 0.4 x 120,000 / 12
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from decision.errors import BadInput, nearest

_LENGTH_LIMIT = 500  # characters; the longest expression of data/claims.yaml has about 130
_SUM, _PRODUCT, _ATOM = range(3)  # how tightly the parts of a working hold together


@dataclass(frozen=True, slots=True)
class Term:
    """A value, how it came about in words and numbers, and how tightly the working holds together."""

    value: float
    working: str
    binding: int = _ATOM

    @classmethod
    def number(cls, value: float) -> Term:
        """A plain number."""
        return cls(value, f"{value:,.6g}", _ATOM if value >= 0 else _SUM)

    @classmethod
    def product(cls, value: float, working: str) -> Term:
        """A value whose working is a product."""
        return cls(value, working, _PRODUCT)

    @classmethod
    def sum(cls, value: float, working: str) -> Term:
        """A value whose working is a sum."""
        return cls(value, working, _SUM)

    def inside(self, binding: int) -> str:
        """The working as a part of another one that holds at least as tightly as `binding`, in brackets where it must be."""
        return self.working if self.binding >= binding else f"({self.working})"


Function = Callable[..., Term]
"""Takes the texts written between its brackets (by place or by name) and returns a Term. Raises BadInput."""

_SIGNS: dict[type[ast.operator], tuple[str, int]] = {ast.Add: ("+", _SUM), ast.Sub: ("-", _SUM), ast.Mult: ("x", _PRODUCT), ast.Div: ("/", _PRODUCT)}


def evaluated(text: str, names: Mapping[str, float], functions: Mapping[str, Function]) -> Term:
    """The value and the working of an expression. Raises BadInput that quotes what cannot be read."""
    if len(text) > _LENGTH_LIMIT:
        raise BadInput(f"the expression has {len(text)} characters; at most {_LENGTH_LIMIT} are read. Split it into several figures.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadInput(f'"{text}" is not an expression. Write numbers, names, + - * / and {", ".join(functions) or "nothing else"}.') from None
    term = _term(tree.body, names, functions)
    if not math.isfinite(term.value):
        raise BadInput(f'"{text}" comes to {term.value}, which is not a finite number. Correct its parts.')
    return term


def _term(node: ast.expr, names: Mapping[str, float], functions: Mapping[str, Function]) -> Term:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Term.number(float(value))
        case ast.Name(id=name):
            if name not in names:
                raise BadInput(f'"{name}" is not a figure known here.{nearest(name, names)} Known: {", ".join(names) or "none"}.')
            return Term.number(names[name])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _term(operand, names, functions)
            return Term(-inner.value, f"-{inner.inside(_ATOM)}", _SUM)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return _combined(_term(left, names, functions), op, _term(right, names, functions))
        case ast.Call(func=ast.Name(id=name)):
            return _called(name, node, functions)
        case _:
            raise BadInput(
                f'"{ast.unparse(node)}" is not accepted in an expression. Use numbers, names, + - * / and {", ".join(functions) or "nothing else"}.'
            )


def _combined(left: Term, op: ast.operator, right: Term) -> Term:
    sign, binding = _SIGNS[type(op)]
    closed = isinstance(op, ast.Sub | ast.Div)  # a - (b + c) and a / (b x c) need their brackets
    working = f"{left.inside(binding)} {sign} {right.inside(binding + 1 if closed else binding)}"
    match op:
        case ast.Add():
            value = left.value + right.value
        case ast.Sub():
            value = left.value - right.value
        case ast.Mult():
            value = left.value * right.value
        case _:
            if right.value == 0:
                raise BadInput(f"{working}: division by zero. Correct the divisor.")
            value = left.value / right.value
    return Term(value, working, binding)


def _called(name: str, node: ast.Call, functions: Mapping[str, Function]) -> Term:
    if name not in functions:
        raise BadInput(f'"{name}" is not a function known here.{nearest(name, functions)} Known: {", ".join(functions) or "none"}.')
    try:
        return functions[name](*map(_text, node.args), **{keyword.arg or "": _text(keyword.value) for keyword in node.keywords})
    except TypeError:
        raise BadInput(f"{ast.unparse(node)}: {name} does not take these arguments. See the first lines of the file.") from None


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise BadInput(f'{ast.unparse(node)}: what stands between the brackets of a function must be text in quotes, such as "managed-agents.session".')
