"""Builders: how each file of ``tests/reference/data`` is made, without anything of kalkan. See README.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Case = dict[str, Any]


class Builder(NamedTuple):
    """How one file comes about.

    Attributes
    ----------
    expected : callable
        A case's inputs → its expected values, as far as they are computed here.
    rel, abs : float
        How exactly the file's own values must be met.
    needs : tuple of str
        Python packages beside NumPy and SciPy.
    recorded : tuple of str
        Expected values that are kept as published or as another program gave them.
    """

    expected: Callable[[Case], Any]
    rel: float = 1e-9
    abs: float = 1e-12
    needs: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


def builders() -> dict[str, Builder]:
    """Every builder by its file's name."""
    from tests.reference.builders import air, assignment, engagement, filters, itu, picture, radar, statistics, tracking

    found: dict[str, Builder] = {}
    for part in (air, assignment, engagement, filters, itu, picture, radar, statistics, tracking):
        found |= part.BUILDERS
    return dict(sorted(found.items()))
