"""What keeps a defence going between raids: upkeep of its parts, and missiles that come from behind.

:func:`simulate` follows parts and spares without a defence, :func:`follow` rounds between raids;
:mod:`kalkan.supply.closed_forms` has what is known exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kalkan.supply.books import Books as Books
    from kalkan.supply.following import Spending as Spending
    from kalkan.supply.following import follow as follow
    from kalkan.supply.simulating import Course as Course
    from kalkan.supply.simulating import Equipment as Equipment
    from kalkan.supply.simulating import Supplied as Supplied
    from kalkan.supply.simulating import simulate as simulate
    from kalkan.supply.simulating import upkeep_of as upkeep_of
    from kalkan.supply.stores import FireUnit as FireUnit
    from kalkan.supply.stores import Line as Line
    from kalkan.supply.stores import Rear as Rear
    from kalkan.supply.stores import stores_of as stores_of

__all__ = [
    "Books", "Course", "Equipment", "FireUnit", "Line", "Rear", "Spending", "Supplied", "follow", "simulate",
    "stores_of", "upkeep_of",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562), so that closed forms alone compile nothing."""
    found: Any
    if name in ("Course", "Equipment", "Supplied", "simulate", "upkeep_of"):
        from kalkan.supply import simulating as found
    elif name == "Books":
        from kalkan.supply import books as found
    elif name in ("Spending", "follow"):
        from kalkan.supply import following as found
    elif name in ("FireUnit", "Line", "Rear", "stores_of"):
        from kalkan.supply import stores as found
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(found, name)
    return globals()[name]
