"""Which assertions of a test bound a deviation, and by how much of the bound they hold.

Three forms count: ``|deviation| < bound``, ``statistic < quantile`` and ``low <= value <= high``. Any other assertion
is a condition that holds or not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from types import FrameType
from typing import Any

from tests.validation.comparisons import Findings, from_middle, ratio

DEVIATIONS = {"abs", "absolute", "disagreement", "worst"}
STATISTICS = {"chi2", "outside"}


@cache
def bounded(assertion: str) -> tuple[ast.Compare, ...]:
    """The comparisons within an assertion that bound something."""
    return tuple(c for c in _conjuncts(ast.parse(assertion.strip(), mode="eval").body) if _form(c))


def _conjuncts(node: ast.expr) -> Iterator[ast.Compare]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _conjuncts(value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "all":
        yield from _conjuncts(node.func.value)
    elif isinstance(node, ast.Compare) and all(isinstance(op, ast.Lt | ast.LtE) for op in node.ops):
        yield node


def _names(node: ast.AST) -> set[str]:
    inner = ast.walk(node)
    return {n.id if isinstance(n, ast.Name) else n.attr for n in inner if isinstance(n, ast.Name | ast.Attribute)}


def _form(node: ast.Compare) -> str:
    if len(node.ops) == 2:
        ends = _names(node.left), _names(node.comparators[1])
        return "interval" if "low" in ends[0] and "high" in ends[1] else ""
    return "bound" if _names(node.left) & (DEVIATIONS | STATISTICS) else ""


def book(assertion: str, at: int, frame: FrameType, findings: Findings) -> None:
    """Work the bounded parts of a passed assertion out again where it stood, and book them."""
    for node in bounded(assertion):
        values = [_value(part, frame) for part in (node.left, *node.comparators)]
        if _form(node) == "interval":
            findings.add(at, "inside the interval", from_middle((values[0], values[2]), values[1]), 0.0)
        else:
            share, tolerance, n = ratio(*values)
            findings.add(at, "below", share, tolerance, n)


def _value(node: ast.expr, frame: FrameType) -> Any:
    code = compile(ast.Expression(node), "<assertion>", "eval")
    return eval(code, {**frame.f_globals, **frame.f_locals})
