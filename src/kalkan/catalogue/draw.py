"""Draws: stances by lot, for carrying what is not known to the answer.

The draws of one design are a Latin hypercube (McKay, Beckman and Conover 1979, doi:10.1080/
00401706.1979.10489755): in each random number, every one of the n equal slices holds exactly one
draw. Each column is keyed by the seed and the name of the origin, never by position, so that a
catalogue with more sources leaves the numbers of the others alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from kalkan.catalogue.stance import SAMPLED, Stance
from kalkan.catalogue.voices import origin_of

if TYPE_CHECKING:
    from kalkan.catalogue.whole import Catalogue

Design = Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]  # of each origin: whose figure speaks, and where
SEED, DRAWS = 1, 64  # of a stance written as "sampled:3"


def draw(catalogue: Catalogue, seed: int, index: int, n: int, *, only: Collection[str] | None = None) -> Stance:
    """Draw number `index` of a Latin hypercube of `n`, over all origins of a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
        Whose origins are drawn.
    seed : int
        Of the design.
    index : int
        From 0 to n − 1.
    n : int
        Draws in the design.
    only : collection of str, optional
        Quantities (``"entry.quantity"``) to draw; the others stay at their best source.

    Returns
    -------
    Stance
        For ``catalogue.under(stance)`` or the `stance` of ``catalogue.resolve``.

    Raises
    ------
    ValueError
        `index` is not one of the design's.
    """
    if not 0 <= index < n:
        raise ValueError(f"draw {index} is not one of 0 to {n - 1}")
    design: Design = catalogue.derived.get(("design", seed, n), lambda: _design(catalogue, seed, n))
    uniforms = {origin: (turn[index], place[index]) for origin, (turn, place) in design.items()}
    text = f"{index}/{n}" + (f"@{seed}" if seed != SEED else "")
    return Stance(SAMPLED, uniforms=uniforms, draw=text, only=None if only is None else frozenset(only))


def origins(catalogue: Catalogue) -> tuple[str, ...]:
    """Everything that moves by itself in a draw, sorted: origins, and kalkan's own assumptions."""
    return tuple(
        sorted(
            {
                origin_of(claim)
                for entry in catalogue.entries.values()
                for quantity in entry.quantities.values()
                for claim in quantity.claims
                if not claim.excluded
            }
        )
    )


def _design(catalogue: Catalogue, seed: int, n: int) -> Design:
    """The whole hypercube."""
    return {o: (_column(seed, n, f"{o}/turn"), _column(seed, n, f"{o}/place")) for o in origins(catalogue)}


def _column(seed: int, n: int, name: str) -> tuple[float, ...]:
    """One Latin-hypercube column: a random place in each of n slices, in random order."""
    import numpy as np

    key = int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest(), "little")
    random = np.random.Generator(np.random.Philox(key=key))
    return tuple(((random.permutation(n) + random.random(n)) / n).tolist())
