"""Measures: from the records of one variant to numbers per replication.

Those of the whole raid and the whole defence are declared in ``results.declared``; here are the families that have one
for each asset, type, raid, class, reason, fire unit, radar or post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kalkan.errors import StoreError
from kalkan.results.by_system import by_system
from kalkan.results.by_wave import by_wave
from kalkan.results.declared import MEASURES, total
from kalkan.results.quantity import Finished, Quantity, count, entry_name, ratio
from kalkan.results.ranges import ranges
from kalkan.results.shooters import shooters
from kalkan.schema import FRIENDLY, KILLED, LEAKED, MISLED, NEUTRAL, NOT_MISLED, OUTCOMES, REASONS, VARIABLES


def quantities(records: Finished) -> dict[str, Quantity]:
    """All measures of a variant, by key; without those of sides that do not fly in it.

    Nor are there those of variables that the version that recorded it did not have.

    Raises
    ------
    StoreError
        The endings of the threats do not sum to the raid.
    """
    parts = (by_asset, by_type, by_group, ranges, reasons, misled, by_system, shooters, by_wave)
    plain = {k: q for k, q in plain_quantities(records).items() if records.of_side(MEASURES[k].about).any()}
    return plain | {q.key: q for part in parts for q in _as_recorded(part(records), records)}


def plain_quantities(records: Finished) -> dict[str, Quantity]:
    """Those that are of the whole raid and the whole defence: what studies ask for."""
    if not np.isin(records.arrays["threat_outcome"], range(len(OUTCOMES))).all():
        raise StoreError("killed, leaked, departed, gave up and unresolved do not sum to the raid: damaged results")
    each = ((m.quantity(records) for _ in (m,)) for m in MEASURES.values())
    return {q.key: q for one in each for q in _as_recorded(one, records)}


def _as_recorded(found: Iterable[Quantity], records: Finished) -> Iterator[Quantity]:
    """A part's measures up to the first one whose variable is not in the records."""
    try:
        yield from found
    except KeyError as error:
        if error.args[0] not in VARIABLES or error.args[0] in records.arrays:
            raise


def by_asset(records: Finished) -> Iterable[Quantity]:
    """Hits on each asset."""
    hits = records.arrays["asset_hits"].astype(np.float64)
    for i, name in enumerate(records.labels["asset"]):
        yield count(f"hits_of_asset/{name}", name, hits[:, i])


def by_type(records: Finished) -> Iterable[Quantity]:
    """Interceptors spent and left ready, of each type."""
    spent = records.arrays["spent"].sum(axis=1).astype(np.float64)
    left = records.arrays["rounds_left"].sum(axis=1).astype(np.float64)
    for i, name in enumerate(records.labels["interceptor"]):
        called = entry_name(records.attrs, name)
        yield count(f"spent_of_type/{name}", f"{called} spent", spent[:, i])
        yield count(f"rounds_left/{name}", f"{called} left ready", left[:, i])


def by_group(records: Finished) -> Iterable[Quantity]:
    """Leakers and kills of each raid and of each target class."""
    outcome = records.of_threats("threat_outcome")
    for group in ("raid", "class"):
        of = np.asarray(records.attrs[f"threat_{group}"])[records.of_side()]
        for name in dict.fromkeys(of.tolist()):
            mine = outcome[:, of == name]
            yield count(f"leakers_of_{group}/{name}", name, total(mine == LEAKED), mine.shape[1])
            yield count(f"killed_of_{group}/{name}", name, total(mine == KILLED), mine.shape[1])


def reasons(records: Finished) -> Iterable[Quantity]:
    """Why leakers leaked: mean count of each reason, and its share of all leakers."""
    leaked = records.of_threats("threat_outcome") == LEAKED
    of = total(leaked)
    for code, reason in enumerate(REASONS):
        found = total(leaked & (records.of_threats("threat_reason") == code))
        name = reason.word or "no reason recorded"
        if code or found.any():
            yield count(f"reason/{name}", name, found, leaked.shape[1])
            yield ratio(f"reason_share/{name}", name, "%", 100.0 * found, of, 100.0)


def misled(records: Finished) -> Iterable[Quantity]:
    """Who was shot at though not hostile, by what spoke most for it, and how sure the posts were then."""
    sure = records.arrays["threat_p_hostile_at_shot"].astype(np.float64)
    because = records.arrays["threat_misled_by"]
    for side, word in ((FRIENDLY, "friends"), (NEUTRAL, "airliners")):
        mine = records.of_side(side)
        for code, by in enumerate(MISLED):
            found = total(because[:, mine] == code)
            if code != NOT_MISLED and found.any():
                yield count(f"misled/{word}/{by.word}", f"{word}: {by.word}", found, float(mine.sum()))
        known = np.isfinite(sure[:, mine])
        if known.any():
            p = total(np.where(known, sure[:, mine], 0.0))
            yield ratio(f"p_hostile_at_shot/{word}", f"{word}: P(hostile) at the first shot", "1", p, total(known), 1.0)
