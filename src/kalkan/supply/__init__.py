"""What keeps a defence going between raids: upkeep of its parts, and missiles that come from behind.

:func:`simulate` follows parts and spares without a defence, :func:`follow` rounds between raids;
:mod:`kalkan.supply.closed_forms` has what is known exactly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kalkan.supply.books import Books as Books
    from kalkan.supply.following import Raid as Raid
    from kalkan.supply.following import follow as follow
    from kalkan.supply.simulating import Course as Course
    from kalkan.supply.simulating import Equipment as Equipment
    from kalkan.supply.simulating import Supplied as Supplied
    from kalkan.supply.simulating import simulate as simulate
    from kalkan.supply.simulating import upkeep_of as upkeep_of
    from kalkan.supply.stores import Depot as Depot
    from kalkan.supply.stores import FireUnit as FireUnit
    from kalkan.supply.stores import Line as Line
    from kalkan.supply.stores import stores_of as stores_of

_HOMES = {
    "Course": "simulating", "Equipment": "simulating", "Supplied": "simulating", "simulate": "simulating",
    "upkeep_of": "simulating", "Books": "books", "Raid": "following", "follow": "following", "Depot": "stores",
    "FireUnit": "stores", "Line": "stores", "stores_of": "stores",
}  # fmt: skip
__all__ = [
    "Books", "Course", "Depot", "Equipment", "FireUnit", "Line", "Raid", "Supplied", "follow", "simulate", "stores_of",
    "upkeep_of",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562), so that closed forms alone compile nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(import_module(f"kalkan.supply.{_HOMES[name]}"), name)
    return globals()[name]
