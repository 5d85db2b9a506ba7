"""Ballistic missiles → what they fly, and what the defence needs to meet them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kalkan.compile.classes import BALLISTIC, has_role
from kalkan.compile.inputs import MODEL, Inputs
from kalkan.compile.layout import UnitSite
from kalkan.compile.threats import Formation
from kalkan.earth.terrain import Terrain
from kalkan.kernels.ballistic import REACHES, Ballistic, off
from kalkan.kernels.plan import struct
from kalkan.models.ballistic import standard_air
from kalkan.models.ballistic_aim import Aim, Shot, UnflownError, ballistic_path, chosen
from kalkan.scenario.nouns.raids import Raid

APART = ("assumed_decoy_coefficient", "decoy_prior", "decoy_confidence", "steep_fall")
"""By which claims of kalkan-model a post tells what a missile releases from the missile."""


def fall_of(raid: Raid, aim: tuple[float, float], inputs: Inputs, terrain: Terrain) -> Formation:
    """The one flight of all members of a raid of ballistic missiles, to an aim [deg].

    Raises
    ------
    UnflownError
        Its type cannot fly so.
    """
    asked, ratios = aim_of(raid, aim, inputs, terrain), _ratios(raid, inputs)
    key = ("ballistic", *asked[:4], raid.trajectory, raid.apogee_m, *ratios)
    (path,) = inputs.shared.paths.get(key, lambda: (ballistic_path(asked, raid.trajectory, raid.apogee_m, ratios)[0],))
    burnout_m_s = float(np.linalg.norm(path.velocity[np.searchsorted(path.t, asked.boost_s)]))
    fastest = inputs.number(raid.type, "max_speed")
    if burnout_m_s > fastest and not inputs.drawn(raid.type, "max_speed"):
        raise UnflownError(
            f"needs {burnout_m_s:,.0f} m/s at burn-out for this flight to its aim; {fastest:,.0f} m/s is claimed for "
            f'"{raid.type}"'
        )
    return Formation(path, (path,), np.zeros(raid.count, np.int64), np.zeros(raid.count))


def aim_of(raid: Raid, aim: tuple[float, float], inputs: Inputs, terrain: Terrain) -> Aim:
    """A raid's launch point, an aim [deg], and what flies between them."""
    ends = [
        (math.radians(lat), math.radians(lon), float(terrain.elevation(lat, lon)))
        for lat, lon in (raid.waypoints[0].position, aim)
    ]
    coefficient, boost_s = (inputs.number(raid.type, q) for q in ("ballistic_coefficient", "boost_time"))
    return Aim(ends[0], ends[1], coefficient, boost_s, standard_air())


def shot_of(asked: Aim, raid: Raid, inputs: Inputs) -> Shot:
    """How a raid's flight to its aim is begun."""
    return chosen(asked, raid.trajectory, raid.apogee_m, _ratios(raid, inputs))


def _ratios(raid: Raid, inputs: Inputs) -> tuple[float, float]:
    return inputs.number(raid.type, "lofted_apogee_ratio"), inputs.number(raid.type, "depressed_apogee_ratio")


def flies(types: Sequence[str], inputs: Inputs) -> bool:
    """Whether a ballistic missile is among the types."""
    return any(inputs.word(t, "target_class") == BALLISTIC for t in types)


def ballistic_m(types: Sequence[str], inputs: Inputs) -> float:
    """Height and speed together [m] above which a track is taken for a ballistic missile; 0 where none flies."""
    return inputs.number(MODEL, "ballistic_energy_height") if flies(types, inputs) else 0.0


def compile_ballistic(
    units: list[UnitSite], missiles: list[str], types: Sequence[str], inputs: Inputs, releases: bool = False
) -> Ballistic:
    """What posts know of the fall of ballistic missiles, and the anti-missile role of each interceptor.

    Where missiles release something, also by what posts tell it apart.
    """
    if not flies(types, inputs):
        return off()
    reaches = [_reach(m, inputs) for m in missiles] or [(0.0, 0.0, 0.0)]
    columns = zip(("range_max_m", "altitude_min_m", "altitude_max_m"), zip(*reaches, strict=True), strict=True)
    keep_out = [u.doctrine.keep_out_altitude_m or 0.0 for u in units] or [0.0]
    spares = [int(releases and u.doctrine.spare_decoys is not False) for u in units] or [0]
    light, prior, sure, steep = (inputs.number(MODEL, q) if releases else 0.0 for q in APART)
    return Ballistic(
        1, inputs.number(MODEL, "assumed_ballistic_coefficient"), light, prior, sure, math.sin(steep), np.array(spares),
        standard_air(),
        struct(REACHES, **{name: np.array(column) for name, column in columns}), np.array(keep_out),
    )  # fmt: skip


def _reach(missile: str, inputs: Inputs) -> tuple[float, float, float]:
    """Longest range, lowest and highest meeting [m] against ballistic missiles; nothing for what has no such role."""
    if not has_role(missile, BALLISTIC, inputs):
        return 0.0, 0.0, 0.0
    low, high = (_limit(missile, limit, inputs) for limit in ("min", "max"))
    return inputs.number(missile, "max_range_ballistic"), low, high


def _limit(missile: str, limit: str, inputs: Inputs) -> float:
    """Lowest or highest meeting [m]: against ballistic missiles, else against any target."""
    own = f"{limit}_altitude_ballistic"
    return inputs.number(missile, own if inputs.claimed(missile, own) else f"{limit}_target_altitude")
