"""Everything that flies → knots, paths and threats of the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile.ballistic import fall_of
from kalkan.compile.inputs import Inputs, keys
from kalkan.compile.reacting import Low, lows_of
from kalkan.compile.released import released_by
from kalkan.compile.threats import Formation, Wing, formation_of, wing_of
from kalkan.compile.traffic import compile_traffic
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.errors import ProblemsError
from kalkan.kernels.plan import KNOTS, PATHS, THREATS, struct
from kalkan.models.trajectory import Path
from kalkan.scenario import Raid, Scenario
from kalkan.scenario.nouns.flights import Group
from kalkan.scenario.nouns.raids import MAX_VEHICLES
from kalkan.schema import SIDES

SIDE_CODES = {side.word: code for code, side in enumerate(SIDES)}


@dataclass
class Flying:
    """What flies, as arrays and names: first the raids, then the flights, then traffic, each by name.

    The paths are the raids' and flights' own routes, then what their members and the traffic fly, then to what those
    descend who may.
    """

    knots: Struct
    paths: Struct
    threats: Struct
    names: list[str]
    raid_of: list[str]  # name of the raid, flight or traffic
    type_of: list[str]
    side_of: list[str]
    types: list[str]
    told: list[str]  # of recorded tracks: what was read and dropped
    lows: list[Low]  # to what members of raids descend


def compile_flying(scenario: Scenario, inputs: Inputs, terrain: Terrain) -> Flying:
    """Build the paths of everything that flies and the list of all members.

    Raises
    ------
    ProblemsError
        A route leaves the terrain, or cannot be flown, all such routes at once; or there is too much.
    """
    formations = _formations(scenario, inputs, terrain)
    assets = sorted({a.name for a in scenario.assets} | {r.aim for r in scenario.raids if r.aim is not None})
    groups = zip(scenario.groups, formations, strict=True)
    wings = [wing_of(group, formation, assets) for (_, group), formation in groups]
    traffic, told = compile_traffic(scenario, inputs, terrain)
    wings += traffic
    wings += _released(scenario, formations, wings, inputs)
    total = sum(len(w.names) for w in wings)
    if total > MAX_VEHICLES:
        message = f"make {total} flying things of all that is written; at most {MAX_VEHICLES} are allowed"
        raise ProblemsError([scenario.problem(("traffic" if scenario.traffic else "raids",), message)])
    types = sorted({w.type for w in wings})
    paths = [f.route for f in formations] + [path for w in wings for path in w.lanes]
    lows = lows_of(scenario, len(paths), inputs, terrain)
    paths += [path for low in lows for path in low.lanes]
    return Flying(
        _knots(paths, terrain),
        _bounds(paths),
        _members(wings, types, len(formations)),
        [name for w in wings for name in w.names],
        [w.name for w in wings for _ in w.names],
        [w.type for w in wings for _ in w.names],
        [w.side for w in wings for _ in w.names],
        types,
        told,
        lows,
    )


def _released(scenario: Scenario, formations: list[Formation], wings: list[Wing], inputs: Inputs) -> list[Wing]:
    """What ballistic missiles release: after all others, so that whoever releases it stands before it."""
    first = dict(zip((w.name for w in wings), np.cumsum([0, *(len(w.names) for w in wings)]).tolist(), strict=False))
    found = []
    for (_, group), formation in zip(scenario.groups, formations, strict=True):
        if isinstance(group, Raid) and group.launch is not None:
            for wing in released_by(group, formation, inputs):
                rows = [row | {"parent": first[group.name] + row["parent"]} for row in wing.rows]
                found.append(wing._replace(rows=rows))
    return found


def _formations(scenario: Scenario, inputs: Inputs, terrain: Terrain) -> list[Formation]:
    formations, problems = [], []
    for place, group in scenario.groups:
        try:
            formations.append(_formation(scenario, group, inputs, terrain))
        except (ValueError, TerrainError) as error:
            problems.append(scenario.problem((*place, "launch" if group.launch else "route"), str(error)))
    if problems:
        raise ProblemsError(problems)
    return formations


def _formation(scenario: Scenario, group: Group, inputs: Inputs, terrain: Terrain) -> Formation:
    if isinstance(group, Raid) and group.launch is not None:
        (aim,) = (a.position for a in scenario.assets if a.name == group.aim)
        return fall_of(group, aim, inputs, terrain)
    return formation_of(group, inputs, terrain)


def _bounds(paths: list[Path]) -> Struct:
    ends = np.cumsum([p.t.size for p in paths])
    return struct(PATHS, first=np.r_[0, ends[:-1]], last=ends)


def _knots(paths: list[Path], terrain: Terrain) -> Struct:
    position = np.concatenate([p.position for p in paths])
    lat, lon, height = ecef_to_geodetic(*position.T)
    ground = terrain.elevation(np.degrees(lat), np.degrees(lon))
    return struct(
        KNOTS,
        t_s=np.concatenate([p.t for p in paths]),
        position_m=position,
        velocity_m_s=np.concatenate([p.velocity for p in paths]),
        lateral=np.concatenate([p.lateral for p in paths]),
        clearance_m=np.maximum(height - ground, 0.0),
    )


def _members(wings: list[Wing], types: list[str], first: int) -> Struct:
    """Threats of all wings, whose paths begin with the one of number `first`."""
    rows: list[dict[str, float]] = []
    for number, wing in enumerate(wings):
        shared = {"raid": number, "kind": types.index(wing.type), "side": SIDE_CODES[wing.side]}
        rows += [{**row, **shared, "path": first + int(row["path"])} for row in wing.rows]
        first += len(wing.lanes)
    names = [name for wing in wings for name in wing.names]
    return struct(THREATS, key=keys(names), **{name: [row[name] for row in rows] for name in rows[0]})
