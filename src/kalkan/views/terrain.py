"""The terrain in words: what of it was used, how its numbers were read, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_NAMED = 3
LEAST_SHARE = 0.0005  # of a radar's circle, below which a gap is not told


def terrain_words(told: Mapping[str, Any]) -> list[str]:
    """One sentence for each thing that a reader of numbers or maps must know; none for ordinary terrain.

    Parameters
    ----------
    told : mapping
        As :attr:`kalkan.earth.terrain.Terrain.told` has it; empty for flat sea.
    """
    if not told:
        return []
    words = []
    if told["left_out"]:
        names, more = told["left_out"][:MOST_NAMED], len(told["left_out"]) - MOST_NAMED
        others = f" and {more} more" if more > 0 else ""
        words.append(f"{_files(told['files'])} used; left out: {', '.join(names)}{others}")
    if told["measured"] != "m":
        words.append(f"its heights are stored in {told['measured']}, and were converted to metres")
    if told["assumed"]:
        words.append("it names no coordinate system; its numbers were read as WGS-84 degrees")
    if told["voids"]:
        values = ", ".join(f"{v:g}" for v in told["voids"][:MOST_NAMED])
        words.append(f"{values} in it is no height, though no tag says so: a hole")
    if told["seabed_m"] is not None:
        words.append(
            f"it holds the bed of the sea, down to {told['seabed_m']:.0f} m: what lies below 0 counts as the sea's "
            "surface at 0 m, land below sea level too"
        )
    return words


def _files(n: int) -> str:
    return "1 file" if n == 1 else f"{n} files"


def gap_words(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the terrain lacks around radars, of several variants where most, and under systems."""
    gaps = [t["missing"] for t in told if t.get("missing") and t["missing"]["share"] > LEAST_SHARE]
    words = []
    if gaps:
        gap = max(gaps, key=lambda g: g["share"])
        where = f"{gap['distance_m'] / 1e3:.0f} km" if gap["distance_m"] else "the site"
        words.append(
            f"no heights in {100.0 * gap['share']:.2g} % of the {gap['radius_m'] / 1e3:.0f} km around {gap['radar']}, "
            f"from {where} on: that counts as sea"
        )
    ships = dict.fromkeys(name for t in told for name in t.get("at_sea", ()))
    return words + ([f"no height under {', '.join(ships)}, which lies at sea level"] if ships else [])
