"""What keeps a defence going between raids: upkeep of its parts, and missiles that come from behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kalkan.supply.books import Books as Books
    from kalkan.supply.following import Raid as Raid
    from kalkan.supply.following import follow as follow
    from kalkan.supply.stores import Depot as Depot
    from kalkan.supply.stores import FireUnit as FireUnit
    from kalkan.supply.stores import Line as Line
    from kalkan.supply.stores import stores_of as stores_of

__all__ = ["Books", "Depot", "FireUnit", "Line", "Raid", "follow", "stores_of"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562), so that the engine pays nothing for it."""
    found: Any
    if name == "Books":
        from kalkan.supply import books as found
    elif name in ("Raid", "follow"):
        from kalkan.supply import following as found
    elif name in ("Depot", "FireUnit", "Line", "stores_of"):
        from kalkan.supply import stores as found
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(found, name)
    return globals()[name]
