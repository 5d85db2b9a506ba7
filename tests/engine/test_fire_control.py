"""The fire-control solution is the earliest that a fine scan of the same track finds, through the compiled code."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest

from kalkan.byref import by_reference
from kalkan.kernels import slots
from kalkan.kernels.intercept import _to_line, altitude_m, solve_intercept
from kalkan.models.flyout import lookup
from tests.engine.harness import compiled, raid, run, scenario

STEP_S = 0.05


@numba.njit
def scanned(plan, w, x, y, z, vx, vy, vz):
    """First time [s] at which flight and track meet, in steps; inf: never, or out of the envelope."""
    types, t, before = plan.interceptors, 0.0, np.nan
    if math.sqrt(vx * vx + vy * vy + vz * vz) > types.target_speed_max_m_s[w]:
        return np.inf
    while t <= types.flight_max_s[w] + STEP_S:
        px, py, pz = x + t * vx, y + t * vy, z + t * vz
        ground = math.sqrt((px - plan.units.position_m[0, 0]) ** 2 + (py - plan.units.position_m[0, 1]) ** 2)
        altitude = altitude_m(plan.pictures, plan.units.picture[0], px, py, pz)
        gap = np.nan
        if types.range_min_m[w] <= ground <= types.range_max_m[w] and altitude <= types.altitude_max_m[w]:
            flight, _ = lookup(
                plan.flight_s[w], plan.arrival_m_s[w], types.range_step_m[w], types.altitude_step_m[w], ground,
                max(altitude - plan.units.altitude_m[0], 0.0),
            )  # fmt: skip
            gap = flight - t if flight < np.inf else np.nan
        if gap == 0.0 or gap * before < 0.0:
            return t
        before = gap
        t += STEP_S
    return np.inf


@numba.njit
def both(plan, tracks, solved, found):
    for i in range(tracks.shape[0]):
        s, w = tracks[i], int(tracks[i, 6])
        solved[i] = solve_intercept(plan, 0, w, s[0], s[1], s[2], s[3], s[4], s[5])[0]
        found[i] = scanned(plan, w, s[0], s[1], s[2], s[3], s[4], s[5])


def tracks_of(rng: np.random.Generator, n: int, reach_m: np.ndarray) -> np.ndarray:
    """Random tracks from 0 to 3 km/s: most come in, others cross, climb, dive and go away."""
    w = rng.integers(0, 2, n)
    away, bearing = rng.uniform(0.0, 1.6, n) * reach_m[w], rng.uniform(0.0, 2.0 * math.pi, n)
    height, speed = rng.uniform(0.0, 35e3, n), rng.uniform(0.0, 3000.0, n)
    inbound = rng.random(n) < 0.6
    heading = np.where(inbound, bearing + math.pi + rng.normal(0.0, 0.3, n), rng.uniform(0.0, 2.0 * math.pi, n))
    climb = np.where(inbound, rng.normal(0.0, 0.2, n), rng.normal(0.0, 0.5, n))
    level = speed * np.cos(climb)
    return np.column_stack([
        away * np.sin(bearing), away * np.cos(bearing), height - away**2 / 2.0 / 6.37e6,
        level * np.sin(heading), level * np.cos(heading), speed * np.sin(climb), w,
    ])  # fmt: skip


def test_the_earliest_meeting_is_found_wherever_a_scan_finds_one() -> None:
    """8000 tracks, both interceptors: never missed, never later than the scan's own step.

    Against: brute force: a scan of the same straight tracks in steps of 0.05 s.
    """
    text = scenario(raid()).replace('loads = { "48n6e3" = 4 }', 'loads = { "48n6e3" = 3, "9m96e2" = 4 }')
    plan = compiled(text).plan
    tracks = tracks_of(np.random.default_rng(7), 8000, plan.interceptors["range_max_m"])
    solved, found = np.empty(len(tracks)), np.empty(len(tracks))
    both(by_reference(slots.ready(plan)), tracks, solved, found)
    exists = np.isfinite(found)
    assert exists.sum() > 2500
    assert np.all(solved[exists] <= found[exists] + STEP_S)
    assert np.isfinite(solved[~exists]).mean() < 0.002  # touching the envelope within the tolerance of 0.02 s


def test_what_is_believed_below_the_ground_is_met_when_it_comes_within_reach() -> None:
    """A slow, low target from beyond the reach: looked for line by line of the table, until the last flight ends.

    The round reaches some 10 km here, in 300 s wherever.
    Against: brute force: a scan of the same straight tracks in steps of 0.05 s.
    """
    plan = compiled(scenario(raid())).plan
    types, table = plan.interceptors.copy(), np.full_like(plan.flight_s, np.inf)
    table[:, : round(15e3 / float(types["range_step_m"][0]))] = 300.0
    types["flight_max_s"] = 400.0
    near = plan._replace(interceptors=types, flight_s=table)
    away, still = np.array([20e3, 23e3, 25e3]), np.zeros(3)
    below = -(away**2) / 2.0 / 6.37e6 - 300.0
    tracks = np.column_stack([away, still, below, still - 50.0, still, still, still])
    solved, found = np.empty(3), np.empty(3)
    both(by_reference(slots.ready(near)), tracks, solved, found)
    assert found == pytest.approx(np.full(3, 300.0), abs=STEP_S) and solved == pytest.approx(found, abs=STEP_S)


@pytest.mark.parametrize(("at", "far"), [(0.0, 1.0), (3.0, 1.0), (2.25, 0.25), (2.75, 0.25), (0.5, 0.5)])
def test_the_next_line_of_a_table_is_the_one_after_where_one_stands_on_it(at: float, far: float) -> None:
    assert _to_line(at) == far


@pytest.mark.parametrize("speed", [300, 1000, 1700])
def test_the_first_shot_is_fired_as_soon_as_a_meeting_exists(speed: int) -> None:
    """Head-on at 8 km: first launch within a few looks of the time at which the first solution appears."""
    text = scenario(raid(lat=34.5), p=1.0, horizon="25 min", salvo=1, max_salvos=1).replace(
        'speed = "250 m/s"', f'speed = "{speed} m/s"'
    )
    c = compiled(text)
    r = run(c, 20)
    reach = float(c.plan.interceptors["range_max_m"][0])
    edge = c.plan.flight_s[0, -1]
    flight = float(edge[np.isfinite(edge)].min())
    assert np.isfinite(r.threat_first_track_s).all()
    expected = reach + speed * flight  # the meeting point lies on the envelope's edge
    first = np.float64(r.threat_first_launch_range_m)
    assert np.all(first > min(expected, 390e3) - speed * 12.0 - 8e3)
