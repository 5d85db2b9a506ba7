"""Weapon–target assignment by itself: which rounds at which targets leave the least expected value.

:func:`solve` takes arrays and knows no scenario. For studies of a defence: the values are what is defended, or what
the targets threaten, and the weapons are the defender's interceptors. ``docs/wta.md`` says what it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kalkan.wta.solving import Allocation as Allocation
    from kalkan.wta.solving import solve as solve

__all__ = ["Allocation", "solve"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562), so that nobody else pays for the solver."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kalkan.wta import solving

    globals()[name] = getattr(solving, name)
    return globals()[name]
