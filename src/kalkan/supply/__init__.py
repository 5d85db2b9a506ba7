"""What keeps a defence going between raids: upkeep of its parts, and missiles that come from behind.

:func:`simulate` follows parts and spares without a defence; :mod:`kalkan.supply.closed_forms` has what is known
exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kalkan.supply.simulating import Course as Course
    from kalkan.supply.simulating import Equipment as Equipment
    from kalkan.supply.simulating import Supplied as Supplied
    from kalkan.supply.simulating import simulate as simulate
    from kalkan.supply.simulating import upkeep_of as upkeep_of

__all__ = ["Course", "Equipment", "Supplied", "simulate", "upkeep_of"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562), so that closed forms alone compile nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kalkan.supply import simulating

    globals()[name] = getattr(simulating, name)
    return globals()[name]
