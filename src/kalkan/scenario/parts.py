"""Parts of the defence by name: what an outage puts out, and what a raid may aim at.

``"north"`` is what stands at the system's position: its command post and acquisition radars; ``"north/1"`` its first
fire unit: engagement radar and launchers. Single parts are ``"north/post"``, ``"north/91n6e"``, ``"north/1/92n6e"``,
``"north/1/launcher 3"`` and ``"north/1/link"``, and ``"north/1/launchers"`` all launchers of a unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from kalkan.earth.geodesy import destination

POST, LINK, LAUNCHERS = "post", "link", "launchers"
LatLon = tuple[float, float]


def parts_of(
    system: str, units: Mapping[int, int], acquisition: Sequence[str], engagement: str, linked: bool
) -> dict[str, tuple[str, ...]]:
    """What may be named of a system: each name with the single parts that it means.

    Parameters
    ----------
    system : str
        Its name.
    units : mapping of int to int
        Numbers of its fire units, and launchers of each.
    acquisition : sequence of str
        Its acquisition radars, as in the catalogue.
    engagement : str
        Engagement radar of each fire unit.
    linked : bool
        Whether its post and its units are linked; else there is no post, and no acquisition radar that counts.
    """
    named: dict[str, tuple[str, ...]] = {}
    if linked:
        site = [f"{system}/{POST}", *(f"{system}/{radar}" for radar in acquisition)]
        named = {system: tuple(site)} | {part: (part,) for part in site}
    for number, launchers in units.items():
        unit = f"{system}/{number}"
        radar, rails = f"{unit}/{engagement}", [f"{unit}/launcher {k}" for k in range(1, launchers + 1)]
        named |= {unit: (radar, *rails), f"{unit}/{LAUNCHERS}": tuple(rails)}
        named |= {part: (part,) for part in (radar, *rails)}
        if linked:
            named[f"{unit}/{LINK}"] = (f"{unit}/{LINK}",)
    return named


def is_aim(name: str) -> bool:
    """Whether a part is something that can be hit: a link is not."""
    return not name.endswith(f"/{LINK}")


def unit_of(name: str, system: str) -> int | None:
    """Number of the fire unit that a part of `system` stands at; None: at the system's position."""
    number = name[len(system) + 1 :].partition("/")[0]
    return int(number) if number.isdigit() else None


def around(post: LatLon, n: int, distance_m: float) -> list[LatLon]:
    """Where `n` fire units stand whose positions nobody wrote [deg]: evenly around the post (kalkan's own)."""
    lat, lon = (math.radians(v) for v in post)
    places = [destination(lat, lon, math.pi / 2 + 2.0 * math.pi * i / n, distance_m) for i in range(n)]
    return [(math.degrees(float(p[0])), math.degrees(float(p[1]))) for p in places]
