"""Footprints against brute force: every moment of every fall, without the compiled looks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from kalkan.catalogue import load_catalogue
from kalkan.cover.footprint import flights, footprint
from kalkan.cover.laydown import Laydown, lay_down
from kalkan.earth.geodesy import ecef_to_geodetic, enu_basis, geodetic_to_ecef
from kalkan.models.ballistic import fallen
from kalkan.models.ballistic_aim import burnout, solved
from kalkan.scenario import parse

TEXT = """
title = "footprint"
[region]
terrain = "flat"
[[assets]]
name = "base"
position = [37.5, 33.5]
value = 10
[[systems]]
name = "set"
type = "{system}"
position = [37.5, 33.5]
fire_units = 1
fire_unit_positions = [[37.5, 33.5]]
{doctrine}
[[raids]]
name = "fall"
type = "short-range-ballistic-missile"
launch = [35.2, 33.2]
aim = "base"
count = 1
[study]
horizon = "15 min"
"""
CELLS, STEP_S = 11, 0.1


def laid(system: str = "s-400", doctrine: str = "") -> Laydown:
    return lay_down(
        parse(TEXT.format(system=system, doctrine=doctrine)), load_catalogue(), "short-range-ballistic-missile"
    )


def _spare_s(laydown: Laydown, lat_rad: float, lon_rad: float, stretch: float = 1.0) -> float:
    """Seconds to spare [s]: by how much a round that is launched as soon as it may be comes before the last meeting.

    Above 0 the aim can be defended. Straight lines of sight over the real earth and the tables of flight, looked up by
    SciPy at every tenth of a second of the fall; ranges of the envelope are stretched.
    """
    from kalkan.compile.ballistic import aim_of, shot_of

    raid, types, radar = laydown.scenario.raids[0], laydown.interceptors, laydown.radars[laydown.units["radar"][0]]
    own = aim_of(raid, (37.5, 33.5), laydown.figures, laydown.terrain)
    aim = own._replace(aim=(lat_rad, lon_rad, 0.0))
    shot = solved(aim, shot_of(own, raid, laydown.figures).elevation_rad)
    start = burnout(aim, shot.elevation_rad, shot.azimuth_rad, shot.burnout_m_s)
    rows = fallen(*start[0], *start[1], shot.end.t_s, STEP_S, aim.coefficient_kg_m2, aim.air, aim.earth)
    t, place = rows[:, 0], rows[:, 1:4]
    high = ecef_to_geodetic(*place.T)[2]
    site = math.radians(37.5), math.radians(33.5)
    e, n, u = (enu_basis(*site) @ (place - radar["position_m"]).T)
    slant, ground = np.sqrt(e**2 + n**2 + u**2), np.hypot(e, n)
    snr_db = radar["snr_1m_db"] + laydown.target.rcs_dbsm[laydown.units["radar"][0], 0] - 40.0 * np.log10(slant)
    tan = u / ground
    seen = (snr_db >= laydown.needed_db[0.5][laydown.units["radar"][0]]) & (slant <= radar["range_max_m"])
    seen &= (slant >= radar["range_min_m"]) & (tan <= radar["tan_elevation_max"]) & (tan >= radar["tan_elevation_min"])
    if radar["picture"] >= 0:  # it searches as well, and does not turn
        off = (np.arctan2(e, n) - radar["boresight_rad"] + math.pi) % (2.0 * math.pi) - math.pi
        seen &= np.abs(off) <= radar["sector_rad"] / 2.0
    best = -math.inf
    since = np.where(seen, 0.0, np.inf)
    for i in range(t.size):  # how long it has been seen without a break, at every moment
        since[i] = -1.0 if not seen[i] else (t[i] if i == 0 or not seen[i - 1] else since[i - 1])
    for w in range(types.size):
        reach = laydown.ballistic.reaches[w]
        lowest = max(reach["altitude_min_m"], laydown.ballistic.keep_out_m[0])
        axes = [np.arange(s) * float(types[k][w]) for s, k in zip(laydown.flight_s[w].shape, STEPS, strict=True)]
        table = RegularGridInterpolator(axes, laydown.flight_s[w], bounds_error=False, fill_value=np.inf)
        meets = seen & (high >= lowest) & (high <= reach["altitude_max_m"])
        meets &= (ground <= stretch * reach["range_max_m"]) & (ground >= types["range_min_m"][w])
        if meets.any():
            flight = table(np.column_stack([ground[meets], high[meets] - laydown.units["altitude_m"][0]]))
            best = max(best, float(np.max(t[meets] - flight - since[meets] - laydown.reaction_s[0])))
    return best


STEPS = ("range_step_m", "altitude_step_m")


@pytest.mark.parametrize(
    ("system", "doctrine"),
    [("s-400", ""), ("s-400", '[doctrine.standard]\nkeep_out_altitude = "12 km"'), ("patriot", "")],
)
def test_a_footprint_is_what_brute_force_finds(system: str, doctrine: str) -> None:
    """Every aim of a coarse grid: whether a round can meet the fall there at all.

    Against: brute force: every tenth of a second of every fall, with flight times by SciPy's interpolation.
    """
    laydown = laid(system, doctrine)
    made = footprint(laydown, laydown.scenario.raids[0], CELLS)
    aims = np.radians(np.column_stack([made.grid.lat_deg.ravel(), made.grid.lon_deg.ravel()]))
    less, spare, more = (
        np.array([_spare_s(laydown, *aim, s) for aim in aims.tolist()]).reshape(CELLS, CELLS) for s in (0.98, 1.0, 1.02)
    )
    sure = (np.abs(spare) > 1.5) & ((less > 0.0) == (more > 0.0))  # looks are a second apart there: some 1.5 km
    assert sure.mean() > 0.85
    np.testing.assert_array_equal((made.shots[0] > 0)[sure], (spare > 0.0)[sure])
    assert 0.05 < (spare > 0.0).mean() < 0.95


def test_the_falls_are_those_of_the_loop() -> None:
    """Falls to many aims, each sought from its neighbour's: they come down where they should.

    Against: itself: positions of the aims.
    """
    laydown = laid()
    lat, lon = np.array([37.0, 37.5, 38.0, 37.2]), np.array([33.0, 33.5, 34.0, 33.9])
    tracks = flights(laydown, laydown.scenario.raids[0], lat, lon, np.zeros(4))
    for i in range(4):
        last = np.flatnonzero(tracks.h_m[i] > -1e3)[-1]
        there = np.array(geodetic_to_ecef(math.radians(lat[i]), math.radians(lon[i]), 0.0))
        end = np.array(geodetic_to_ecef(tracks.lat_rad[i, last], tracks.lon_rad[i, last], tracks.h_m[i, last]))
        assert math.dist(there, end) < 1.0


def test_the_map_cuts_nothing_off() -> None:
    laydown = laid()
    shots = footprint(laydown, laydown.scenario.raids[0], 24).shots
    assert shots.max() > 0 and max(shots[:, [0, -1], :].max(), shots[:, :, [0, -1]].max()) <= 0
