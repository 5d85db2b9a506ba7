"""Paths: geodesic legs against pyproj, turns against the load formula, terrain clearance, members, jitter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from kalkan.models.trajectory import AFTER, BEFORE, ON, Path, build_paths, evaluate, phase

Floats = NDArray[np.float64]
GEOD = Geod(ellps="WGS84")
TO_GEODETIC = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)


def flat(lat_deg: Floats, lon_deg: Floats) -> Floats:
    return np.zeros_like(lat_deg)


def build_path(
    lat_deg, lon_deg, altitude_m, above, speed_m_s, terrain, start_s=0.0, max_load_factor=2.0, **options
) -> Path:  # fmt: skip
    """The path of a lone vehicle that starts at a time [s]."""
    (path,) = build_paths(lat_deg, lon_deg, altitude_m, above, speed_m_s, terrain, max_load_factor, **options)
    return path._replace(t=path.t + start_s, waypoint_t=path.waypoint_t + start_s)


def hills(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Ranges of 600 m with spurs, falling to a flat sea; slopes up to about 0.35."""
    rolling = 600.0 * np.sin(lat_deg * 30.0) * np.cos(lon_deg * 25.0) + 150.0 * np.sin(
        lat_deg * 90 + lon_deg * 70
    )
    return np.maximum(0.0, rolling + 100.0)


def fly(path: Path, times: Floats, offset: float = 0.0) -> tuple[Floats, Floats]:
    knot, rows = 0, []
    for time in times:
        *row, knot = evaluate(
            path.t, path.position, path.velocity, path.lateral, 0, len(path.t), knot, time, offset
        )
        rows.append(row)
    state = np.array(rows)
    return state[:, :3], state[:, 3:]


def geodetic(position: Floats) -> tuple[Floats, Floats, Floats]:
    lon, lat, h = TO_GEODETIC.transform(*position.T)
    return lat, lon, h


@pytest.mark.parametrize(
    "start, end",
    [((36.0, 30.0), (39.0, 33.0)), ((60.0, 5.0), (60.0, 12.0)), ((-1.0, 179.0), (1.0, -179.0))],
)
def test_level_leg_is_the_geodesic(start: tuple[float, float], end: tuple[float, float]) -> None:
    """A level leg follows the geodesic at constant height and speed.

    Against: program: PROJ through pyproj.
    """
    path = build_path([start[0], end[0]], [start[1], end[1]], [9000, 9000], ["sea"] * 2, [250], flat, 100.0)
    times = np.linspace(path.t[0], path.t[-1], 1001)
    position, velocity = fly(path, times)
    lat, lon, h = geodetic(position)
    azimuth, _, length = GEOD.inv(start[1], start[0], end[1], end[0])
    n = len(times)
    on_lon, on_lat, _ = GEOD.fwd(
        np.full(n, start[1]), np.full(n, start[0]), np.full(n, azimuth), length * np.linspace(0, 1, n)
    )
    assert np.max(GEOD.inv(lon, lat, on_lon, on_lat)[2]) < 1.0
    assert np.max(np.abs(h - 9000.0)) < 0.01
    np.testing.assert_allclose(np.linalg.norm(velocity, axis=1), 250.0, atol=2e-3)
    assert path.t[0] == 100.0
    assert path.t[-1] - path.t[0] == pytest.approx(length * (1.0 + 9000.0 / 6371e3) / 250.0, rel=1e-5)
    assert GEOD.inv(lon[-1], lat[-1], end[1], end[0])[2] < 1e-3


def test_turn_pulls_the_stated_load_and_touches_both_legs() -> None:
    """A turn of load factor 2 pulls its load, cuts its corner by the right distance and touches both legs.

    Against: closed form: R = v² / (g √(n² - 1)).
    """
    path = build_path(
        [36, 37, 37], [30, 30, 31.5], [5000] * 3, ["sea"] * 3, [250, 250], flat, max_load_factor=2.0
    )
    times = np.linspace(path.t[0], path.t[-1], 20001)
    position, velocity = fly(path, times)
    sideways = np.linalg.norm(np.gradient(velocity, times, axis=0), axis=1) / 9.80665
    assert np.max(sideways) == pytest.approx(math.sqrt(3.0), rel=0.02)
    radius = 250.0**2 / (9.80665 * math.sqrt(3.0))
    lat, lon, _ = geodetic(position)
    cut = np.min(GEOD.inv(lon, lat, np.full_like(lon, 30.0), np.full_like(lat, 37.0))[2])
    assert cut == pytest.approx(radius * (math.sqrt(2.0) - 1.0), rel=0.02)  # arc's distance from the corner
    middle = position[np.searchsorted(times, path.waypoint_t[1])]
    mid_lat, mid_lon, _ = geodetic(middle[None])
    assert GEOD.inv(mid_lon[0], mid_lat[0], 30.0, 37.0)[2] == pytest.approx(cut, rel=0.02)


def test_a_turn_back_is_flown_over_its_waypoint_with_the_same_radius() -> None:
    """A turn back passes its waypoint and comes back on the next leg, never turning more tightly.

    Against: closed form: R = v² / (g √(n² - 1)).
    """
    path = build_path([36, 37, 36], [30, 30, 30], [1000] * 3, ["sea"] * 3, [250] * 2, flat)
    times = np.linspace(0.0, path.t[-1], 50001)
    position, velocity = fly(path, times)
    sideways = np.linalg.norm(np.gradient(velocity, times, axis=0), axis=1) / 9.80665
    assert np.max(sideways) == pytest.approx(math.sqrt(3.0), rel=0.02)
    lat, lon, _ = geodetic(position)
    at = np.searchsorted(times, path.waypoint_t[1])
    assert GEOD.inv(lon[at], lat[at], 30.0, 37.0)[2] < 5.0
    assert lat[-1] == pytest.approx(36.0, abs=1e-6) and lon[-1] == pytest.approx(30.0, abs=1e-6)
    radius_deg = 250.0**2 / (9.80665 * math.sqrt(3.0)) / 111e3
    assert 37.0 < lat.max() < 37.0 + 3.0 * radius_deg


def test_waypoints_too_near_for_a_turn_are_left_out() -> None:
    """Four waypoints within two turning circles: their ends are met, the load is kept."""
    path = build_path(
        [36, 36.02, 36.02, 36], [30, 30, 30.02, 30.02], [1000] * 4, ["sea"] * 4, [250] * 3, flat,
        max_load_factor=1.5,
    )  # fmt: skip
    times = np.linspace(0.0, path.t[-1], 20001)
    position, velocity = fly(path, times)
    sideways = np.linalg.norm(np.gradient(velocity, times, axis=0), axis=1) / 9.80665
    assert np.max(sideways) < 1.01 * math.sqrt(1.5**2 - 1.0)
    np.testing.assert_allclose(np.linalg.norm(velocity, axis=1), 250.0, rtol=1e-4)
    lat, lon, _ = geodetic(position[[0, -1]])
    assert np.max(GEOD.inv(lon, lat, [30, 30.02], [36, 36])[2]) < 1e-3
    assert np.all(np.diff(path.waypoint_t) > 0.0)


def test_speed_is_constant_on_legs_and_changes_gently_between() -> None:
    path = build_path([36, 37, 38], [30, 30, 30], [3000] * 3, ["sea"] * 3, [250, 150], flat)
    times = np.linspace(0.0, path.t[-1], 4001)
    _, velocity = fly(path, times)
    speed = np.linalg.norm(velocity, axis=1)
    far = np.abs(times - path.waypoint_t[1]) > 60.0
    np.testing.assert_allclose(speed[far], np.where(times < path.waypoint_t[1], 250.0, 150.0)[far], atol=0.01)
    assert np.max(np.abs(np.gradient(speed, times))) < 3.0


def test_climb_between_levels_is_linear() -> None:
    path = build_path([36, 37], [30, 30], [1000, 9000], ["sea"] * 2, [200], flat)
    times = np.linspace(0.0, path.t[-1], 501)
    _, _, h = geodetic(fly(path, times)[0])
    assert np.max(np.abs(h - (1000.0 + 8000.0 * times / path.t[-1]))) < 5.0  # time at altitude, not distance


@pytest.mark.parametrize("jitter_m", [0.0, 2000.0])
def test_terrain_following_clears_the_ground_smoothly(jitter_m: float) -> None:
    path = build_path(
        [36, 38, 36.5],
        [30, 32, 35],
        [60] * 3,
        ["ground"] * 3,
        [240] * 2,
        hills,
        jitter_m=jitter_m,
        converge=True,
    )
    times = np.linspace(0.0, path.t[-1], 30001)
    assert path.reach_m == jitter_m
    for offset in (0.0, jitter_m, -jitter_m):
        position, velocity = fly(path, times, offset)
        lat, lon, h = geodetic(position)
        clearance = h - hills(lat, lon)
        assert clearance.min() > 50.0
        assert clearance[-1] == pytest.approx(60.0, abs=0.01)
    climb = np.gradient(h, times) / 240.0
    inner = slice(500, -500)
    assert np.max(np.abs(climb[inner])) < 0.22
    if jitter_m == 0.0:
        assert np.median(clearance) < 100.0
        low = np.linalg.norm(np.gradient(velocity, times, axis=0), axis=1)[inner]
        assert np.percentile(low, 99) < 3.0 * 9.80665


def test_over_water_terrain_following_needs_few_knots_and_stays_level() -> None:
    path = build_path([35, 38], [31, 31], [30, 30], ["ground"] * 2, [240], flat)
    assert len(path.t) < 40
    _, _, h = geodetic(fly(path, np.linspace(0.0, path.t[-1], 2001))[0])
    assert np.max(np.abs(h - 30.0)) < 0.01


def test_mixed_leg_never_dips_below_the_wanted_height() -> None:
    path = build_path([36, 38], [30, 32], [5000, 60], ["sea", "ground"], [240], hills)
    lat, lon, h = geodetic(fly(path, np.linspace(0.0, path.t[-1], 20001))[0])
    assert h[0] == pytest.approx(5000.0, abs=0.01)
    assert h[-1] - hills(lat[-1:], lon[-1:])[0] == pytest.approx(60.0, abs=0.01)
    assert np.min(h - hills(lat, lon)) > 50.0


def test_members_fly_to_the_right_on_every_leg_and_converge_on_the_aim() -> None:
    args = ([36, 37, 37], [30, 30, 32], [5000] * 3, ["sea"] * 3, [250, 250], flat)
    centre, right = build_paths(*args, offset_m=(0.0, 1500.0))
    for leg in (0, 1):
        at = np.array([centre.waypoint_t[leg] + 60.0, centre.waypoint_t[leg + 1] - 60.0])
        ours, velocity = fly(centre, at)
        across = np.cross(velocity, ours)
        across /= np.linalg.norm(across, axis=1)[:, None]
        when = np.linspace(0.0, right.t[-1], 40001)
        line, _ = fly(right, when)
        for here, to_right in zip(ours, across, strict=True):
            assert np.min(np.linalg.norm(line - (here + 1500.0 * to_right), axis=1)) < 10.0
    aimed = build_paths(*args, offset_m=(0.0, 1500.0), converge=True)
    np.testing.assert_allclose(aimed[1].position[-1], aimed[0].position[-1], atol=1e-3)
    apart = np.linalg.norm(aimed[1].position[0] - aimed[0].position[0])
    assert apart == pytest.approx(1500.0 * (1.0 + 5000.0 / 6371e3), abs=0.1)


def test_jitter_moves_a_path_to_the_side_and_tapers_towards_the_aim() -> None:
    args = ([36, 37, 37], [30, 30, 32], [5000] * 3, ["sea"] * 3, [250, 250], flat)
    beside = build_path(*args, jitter_m=1500.0)
    times = np.linspace(0.0, beside.t[-1], 3001)
    centre, velocity = fly(beside, times)
    moved, its_velocity = fly(beside, times, 1500.0)
    gap = moved - centre
    np.testing.assert_allclose(np.linalg.norm(gap, axis=1), 1500.0, rtol=1e-4)
    np.testing.assert_allclose(its_velocity, velocity, atol=0.1)
    last = times > beside.waypoint_t[1] + 60.0  # the longest leg
    assert np.max(np.abs(np.sum(gap * velocity, axis=1))[last] / (1500.0 * 250.0)) < 0.02
    assert np.all(np.sum(np.cross(velocity, centre) * gap, axis=1)[last] > 0.0)
    aimed = build_path(*args, jitter_m=1500.0, converge=True)
    assert aimed.reach_m == 1500.0
    np.testing.assert_array_equal(fly(aimed, aimed.t[-1:], 1500.0)[0][0], aimed.position[-1])
    np.testing.assert_allclose(
        np.linalg.norm(fly(aimed, np.array([100.0]), 1500.0)[0] - fly(aimed, np.array([100.0]))[0]), 1500.0
    )


@pytest.mark.parametrize("offset", [0.0, -800.0])
def test_velocity_is_the_derivative_of_position(offset: float) -> None:
    """Velocity is the derivative of position.

    Against: brute force: central differences.
    """
    path = build_path(
        [36, 37, 37], [30, 30, 32], [60, 60, 500], ["ground"] * 3, [250, 200], hills, converge=True
    )
    for time in np.random.default_rng(2).uniform(1.0, path.t[-1] - 1.0, 300):
        if np.min(np.abs(path.t - time)) < 2e-3:
            continue
        (before, after), _ = fly(path, np.array([time - 1e-3, time + 1e-3]), offset)
        _, velocity = fly(path, np.array([time]), offset)
        np.testing.assert_allclose(velocity[0], (after - before) / 2e-3, atol=2e-3)


def test_hint_works_both_ways_within_flat_arrays_of_many_paths() -> None:
    one = build_path([36, 37], [30, 30], [100, 100], ["ground"] * 2, [250], hills)
    two = build_path([38, 39, 39], [33, 33, 34], [4000] * 3, ["sea"] * 3, [200] * 2, flat)
    n = len(one.t)
    flat_arrays = [np.concatenate([getattr(p, f) for p in (one, two)]) for f in Path._fields[:4]]
    rng = np.random.default_rng(5)
    for time in rng.uniform(0.0, two.t[-1], 200):
        hint = int(rng.integers(-5, 10_000))
        *got, knot = evaluate(*flat_arrays, n, n + len(two.t), hint, time, 300.0)
        position, velocity = fly(two, np.array([time]), 300.0)
        np.testing.assert_array_equal(got, [*position[0], *velocity[0]])
        assert flat_arrays[0][knot] <= time <= flat_arrays[0][knot + 1]
    held = evaluate(*flat_arrays, 0, n, 0, one.t[-1] + 50.0, 0.0)
    np.testing.assert_array_equal(held[:3], one.position[-1])
    assert [phase(flat_arrays[0], 0, n, x) for x in (-1.0, 0.0, one.t[-1], one.t[-1] + 1)] == [
        BEFORE,
        ON,
        ON,
        AFTER,
    ]


def test_unusable_waypoints_are_refused() -> None:
    with pytest.raises(ValueError, match="waypoints 1 and 2"):
        build_path([36, 36], [30, 30], [0, 0], ["sea"] * 2, [200], flat)
    with pytest.raises(ValueError, match="two or more"):
        build_path([36], [30], [0], ["sea"], [], flat)
    with pytest.raises(ValueError, match="max_load_factor"):
        build_path([36, 37], [30, 30], [0, 0], ["sea"] * 2, [200], flat, max_load_factor=1.0)
