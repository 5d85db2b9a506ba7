"""Members of formations fly like aircraft: speed, load, order, spread and time, over random routes.

Motion is sampled densely through ``kernels.paths.true_paths``, the loop's own ``true_state``, and differenced: the
stored velocity is checked, not believed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from kalkan.catalogue import load_catalogue
from kalkan.compile.flying import compile_flying
from kalkan.compile.inputs import Inputs
from kalkan.earth.terrain import Terrain
from kalkan.kernels.paths import true_paths
from kalkan.kernels.state import TRUTH
from kalkan.scenario import parse
from tests.engine.harness import compiled, raid, scenario

GEOD = Geod(ellps="WGS84")
G = 9.80665
CAT = load_catalogue()
TYPES = (
    "f-16c", "bayraktar-tb2", "one-way-attack-drone", "subsonic-cruise-missile", "supersonic-cruise-missile", "su-25"
)  # fmt: skip
SAMPLES = 12_000  # along each path
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Hills:
    """Ranges of 600 m with spurs, falling to a flat sea; slopes up to about 0.35."""

    is_flat: bool = False
    no_data: str = "sea"
    name: str = "hills"
    identity: str = "hills"

    def elevation(self, lat_deg, lon_deg):
        rolling = 600.0 * np.sin(lat_deg * 30.0) * np.cos(lon_deg * 25.0)
        return np.maximum(0.0, rolling + 150.0 * np.sin(lat_deg * 90 + lon_deg * 70) + 100.0)

    def covers(self, lat_deg, lon_deg):
        return np.ones(np.broadcast(lat_deg, lon_deg).shape, bool)


FLAT = Terrain.flat()
GROUND = (FLAT, Hills())


@cache
def bare():
    """A plan to put raids into."""
    return compiled(scenario(raid())).plan


def text(type_, points, altitudes, *, count=1, width_km=0.0, jitter_m=0.0, speed=None, release=None, aim=True):
    """A scenario with one raid; `points` are latitudes and longitudes [degrees]."""
    route = ",\n".join(
        f'  {{ position = [{a:.7f}, {o:.7f}], altitude = "{h}" }}' for (a, o), h in zip(points, altitudes, strict=True)
    )
    end = points[-1] if release is None else points[0]
    lines = [
        'title = "formation"', "[region]", 'terrain = "flat"', "[[assets]]", 'name = "centre"',
        f"position = [{end[0]:.7f}, {end[1]:.7f}]", "value = 1", "[[systems]]", 'name = "set"', 'type = "s-400"',
        "position = [39.0, 33.0]", "[[raids]]", 'name = "raid"', f'type = "{type_}"', f"count = {count}",
        f"route = [\n{route}\n]", 'spacing = "7 s"', 'start = "3 min"', f'formation_width = "{width_km} km"',
        f'route_jitter = "{jitter_m} m"',
    ]  # fmt: skip
    lines += ['aim = "centre"'] * aim + ([f"release = {release}"] if release else [])
    lines += [f'speed = "{speed} m/s"'] if speed else []
    return "\n".join([*lines, "[study]", "replications = 1", "seed = 1", 'horizon = "20 h"'])


class Flown:
    """A raid's plan, and where its members are."""

    def __init__(self, written, terrain):
        found = parse(written)
        self.raid = found.raids[0]
        inputs = Inputs(CAT, {})
        raids = compile_flying(found, inputs, terrain)
        self.threats = raids.threats
        self.load_factor = inputs.number(self.raid.type, "max_load_factor") / G
        self.speed_m_s = self.raid.speed_m_s or inputs.number(self.raid.type, "cruise_speed")
        self.plan = bare()._replace(knots=raids.knots, paths=raids.paths, threats=raids.threats)
        self.truth = np.zeros(len(self.threats), TRUTH)

    def states(self, i, t_s, share=0.0):
        """Positions [m] and velocities [m/s] of member `i` at path times, with so much of its largest jitter."""
        self.truth["start_s"], self.truth["hint"] = 0.0, 0
        self.truth["offset_m"] = self.threats["offset_m"] + share * (
            self.threats["reach_m"] - np.sign(share) * self.threats["offset_m"]
        )
        first = np.zeros(len(self.truth) + 1, np.int64)
        first[i + 1 :] = len(t_s)
        out = np.empty((len(t_s), 6))
        true_paths(self.plan, self.truth, first, np.asarray(t_s, float), out)
        return out[:, :3], out[:, 3:]

    def due_s(self):
        """When each member is at its aim or release."""
        return self.threats["start_s"] + self.threats["shift_s"] + self.threats["leak_s"]


def place(start, lengths_km, azimuths_deg):
    """Waypoints from legs."""
    points = [start]
    for length, azimuth in zip(lengths_km, azimuths_deg, strict=True):
        lon, lat, _ = GEOD.fwd(points[-1][1], points[-1][0], azimuth, 1e3 * length)
        points.append((lat, lon))
    return points


@st.composite
def raids(draw):
    """Any legal raid: legs from 50 m to 200 km, turns of any angle, altitudes of either kind."""
    n = draw(st.integers(1, 5))
    scale = draw(st.sampled_from([0.0, 2.0, 5.3]))
    lengths = [0.05 * math.exp(draw(st.floats(scale, scale + 3.0))) for _ in range(n)]
    azimuths = [draw(st.floats(0.0, 360.0)) for _ in range(n)]
    if draw(st.booleans()) and n > 1:
        azimuths[1] = azimuths[0] + 180.0  # straight back
    kinds = draw(st.sampled_from(["level", "sea", "ground", "mixed"]))
    altitudes = []
    for _ in range(n + 1):
        above = kinds == "ground" or (kinds == "mixed" and draw(st.booleans()))
        metres = 5000.0 if kinds == "level" else draw(st.floats(30.0, 300.0) if above else st.floats(200.0, 9000.0))
        altitudes.append(f"{metres:.1f} m {'AGL' if above else 'MSL'}")
    release = draw(st.none() | st.integers(1, n + 1))
    return text(
        draw(st.sampled_from(TYPES)),
        place((draw(st.floats(30.0, 60.0)), draw(st.floats(-10.0, 40.0))), lengths, azimuths), altitudes,
        count=draw(st.integers(1, 7)), width_km=draw(st.sampled_from([0.0, 1.0, 12.0, 60.0])),
        jitter_m=draw(st.sampled_from([0.0, 300.0, 3000.0])), release=release,
        aim=release is not None or draw(st.booleans()),
        speed=draw(st.none() | st.floats(60.0, 900.0)),
    )  # fmt: skip


@FEW
@given(raids(), st.booleans())
def test_no_member_exceeds_its_speed_or_its_load(written, hilly):
    """Speed and load of every member with any jitter, at 12,000 points of each path.

    Against: property: limits, random routes.
    """
    flown = Flown(written, GROUND[hilly])
    for i in {0, len(flown.threats) // 2, len(flown.threats) - 1}:
        times = np.linspace(0.0, float(flown.threats["duration_s"][i]), SAMPLES)
        for share in (-1.0, 0.0, 0.6, 1.0):
            position, velocity = flown.states(i, times, share)
            speed = np.linalg.norm(np.diff(position, axis=0), axis=1) / np.diff(times)
            assert speed.max() < 1.005 * flown.speed_m_s
            assert np.linalg.norm(velocity, axis=1).max() < 1.005 * flown.speed_m_s
            pull = np.diff(velocity, axis=0) / np.diff(times)[:, None]
            up = position[1:] / np.linalg.norm(position[1:], axis=1)[:, None]
            assert np.linalg.norm(pull + G * up, axis=1).max() < 1.02 * G * max(flown.load_factor, 1.05)


@FEW
@given(raids(), st.booleans())
def test_every_member_is_in_time_at_its_aim(written, hilly):
    """Members are at aim or release by the raid's own timetable, and exactly at the aim.

    Against: property: members of one raid beside a raid of one.
    """
    flown = Flown(written, GROUND[hilly])
    alone = Flown(written.replace(f"count = {flown.raid.count}\n", "count = 1\n", 1), GROUND[hilly])
    due, n = flown.due_s(), flown.raid.count
    if flown.raid.aim is None:
        np.testing.assert_array_equal(flown.threats["shift_s"], 0.0)
        return
    np.testing.assert_allclose(due, 180.0 + 7.0 * np.arange(n) + (due[0] - 180.0), atol=1e-6)
    narrow = flown.raid.formation_width_m == 0.0
    assert not narrow or due[0] == pytest.approx(alone.due_s()[0], abs=1e-6)
    if flown.raid.release is not None:
        return
    end = flown.raid.route[-1].position
    for i in (0, n - 1):
        for share in (-1.0, 0.0, 1.0):
            position, _ = flown.states(i, flown.threats["leak_s"][[i]], share)
            lat, lon = degrees(position)
            assert GEOD.inv(lon[0], lat[0], end[1], end[0])[2] < 0.1


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(70.0, 150.0), min_size=1, max_size=4),
    st.lists(st.floats(-110.0, 110.0), min_size=4, max_size=4),
    st.floats(0.0, 360.0), st.integers(2, 9), st.floats(1.0, 15.0), st.booleans(),
)  # fmt: skip
def test_formations_keep_order_and_spread(lengths, turns, azimuth, count, width_km, aim):
    """On the middle of every leg the members are at their places across it, in their order.

    Against: closed form: places evenly over the width.
    """
    azimuths = [azimuth]
    for turn in turns[: len(lengths) - 1]:
        azimuths.append(azimuths[-1] + turn)
    points = place((45.0, 20.0), lengths, azimuths)
    flown = Flown(
        text("f-16c", points, ["5 km MSL"] * len(points), count=count, width_km=width_km, aim=aim), FLAT
    )
    wanted = (np.arange(count) / (count - 1) - 0.5) * 1e3 * width_km
    for (lat0, lon0), (lat1, lon1) in pairwise(points):
        there, _, length = GEOD.inv(lon0, lat0, lon1, lat1)
        found = [across(flown, i, (lat0, lon0), there, 0.45 * length) for i in range(count)]
        np.testing.assert_allclose(found, wanted, atol=30.0)  # a parallel is no geodesic


def degrees(position):
    from kalkan.earth.geodesy import ecef_to_geodetic

    lat, lon, _ = ecef_to_geodetic(*position.T)
    return np.degrees(lat), np.degrees(lon)


def across(flown, i, origin, azimuth_deg, along_m):
    """How far to the right of a leg member `i` is where it passes a distance along it [m]."""
    times = np.linspace(0.0, float(flown.threats["duration_s"][i]), SAMPLES)
    position, _ = flown.states(i, times)
    lat, lon = degrees(position)
    bearing, _, distance = GEOD.inv(np.full(SAMPLES, origin[1]), np.full(SAMPLES, origin[0]), lon, lat)
    angle = np.radians(np.asarray(bearing) - azimuth_deg)
    ahead, right = np.asarray(distance) * np.cos(angle), np.asarray(distance) * np.sin(angle)
    passing = np.flatnonzero((ahead[:-1] < along_m) & (ahead[1:] >= along_m))
    k = passing[np.argmin(np.abs(right[passing]))]
    share = (along_m - ahead[k]) / (ahead[k + 1] - ahead[k])
    return float(right[k] + share * (right[k + 1] - right[k]))


def test_two_thousand_members_share_their_paths():
    """Places beyond the paths of a raid are flown beside the nearest one, in order over the whole width."""
    points = place((45.0, 20.0), [150.0, 120.0], [90.0, 150.0])
    flown = Flown(text("f-16c", points, ["5 km MSL"] * 3, count=2000, width_km=40.0, jitter_m=200.0), FLAT)
    assert len(np.unique(flown.threats["path"])) == 64
    assert flown.plan.knots.nbytes < 4_000_000
    some = np.arange(0, 2000, 37)
    found = np.array([across(flown, int(i), points[1], 150.0, 50e3) for i in some])
    np.testing.assert_allclose(found, (some / 1999 - 0.5) * 40e3, atol=50.0)
    assert (np.diff(found) > 0.0).all()
