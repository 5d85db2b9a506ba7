"""What kalkan keeps on this machine, in lines and as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kalkan.caches import cache_root, caches
from kalkan.engine.cache import ANSWER, ENGINE, HORIZON, UNUSED_DAYS, CacheEntry

WORDS = {ENGINE: "engines of other versions", HORIZON: "horizon tables", ANSWER: "answers"}


def lines(here: Sequence[CacheEntry], gone: Sequence[CacheEntry] | None = None) -> list[str]:
    """Sizes by kind, what was taken away, and how to take away what is old.

    Parameters
    ----------
    here : sequence of CacheEntry
    gone : sequence of CacheEntry, optional
        What was taken away just now; None: nobody asked.
    """
    told = [f"{cache_root()}: {_size(here)}", f"  the engine of this version: {_size([k for k in here if k.present])}"]
    for kind, words in WORDS.items():
        mine = [k for k in here if k.kind == kind and not k.present]
        old = [k for k in mine if k.old]
        unused = f", {len(old)} of them not used for {UNUSED_DAYS:.0f} days: {_size(old)}" if old else ""
        told.append(f"  {len(mine)} {words}: {_size(mine)}{unused}")
    told += [caches().told] * bool(caches().told)
    if gone is not None:
        told.append(f"taken away: {len(gone)}, {_size(gone)}")
    return [*told, hint(here)] if gone is None and hint(here) else told


def hint(here: Sequence[CacheEntry]) -> str:
    """How to take away what nobody has used for long; ``""`` if there is nothing of that kind."""
    old = [k for k in here if k.old]
    return f"{_size(old)} have not been used for {UNUSED_DAYS:.0f} days: kalkan cache --clean" if old else ""


def as_records(here: Sequence[CacheEntry], gone: Sequence[CacheEntry] | None = None) -> dict[str, Any]:
    """The same content for scripts."""

    def record(kept: CacheEntry) -> dict[str, Any]:
        return {**kept._asdict(), "path": str(kept.path), "unused_days": round(kept.unused_days, 2), "old": kept.old}

    found: dict[str, Any] = {"folder": str(cache_root()), "kept": [record(k) for k in here]}
    return found if gone is None else found | {"taken_away": [record(k) for k in gone]}


def _size(things: Sequence[CacheEntry]) -> str:
    """Together [MB]."""
    return f"{sum(k.size_bytes for k in things) / 1e6:,.0f} MB"
