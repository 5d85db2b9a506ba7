"""Decoys and debris alone: how they leave, how they fall, and what the air tells of them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from kalkan.models.ballistic import WGS84, air_at, energy_j_kg, fallen, height_m, standard_air
from kalkan.models.ballistic_aim import Aim, ballistic_path
from kalkan.models.discrimination import column_j_m2, flow_w_m2, p_light
from kalkan.models.releasing import (
    across,
    fall_beside,
    heights_m,
    knot_below,
    knot_of_apogee,
    knot_of_burnout,
    spread,
)

AIR, NO_AIR = standard_air(), np.zeros(2)
LAUNCH, AIM = (math.radians(35.2), math.radians(33.2), 0.0), (math.radians(37.5), math.radians(33.5), 0.0)


@pytest.fixture(scope="module")
def missile():
    path, _ = ballistic_path(Aim(LAUNCH, AIM, 1e4, 60.0, AIR), "least-energy", None, (1.6, 0.6))
    return path


def energies(rows: np.ndarray) -> np.ndarray:
    return np.array([energy_j_kg(*row[1:7].tolist(), WGS84) for row in rows])


def test_without_air_a_fall_keeps_its_energy():
    """Jacobi's integral of the whole force model, J2 and the turning earth included, over ten minutes."""
    start = 6.4e6, 2e5, 1e6, 700.0, 1500.0, 900.0
    e = energies(fallen(*start, 600.0, 0.5, 1e4, NO_AIR, WGS84))
    assert np.ptp(e) < 1.0  # of some 6e7 J/kg


@pytest.mark.parametrize("beta", [300.0, 2500.0, 10000.0])
def test_energy_lost_over_the_column_is_the_ballistic_coefficient(missile, beta):
    """Of a fall through the air, by looks 2.5 s apart: 1 / beta within 2 %, whatever beta is."""
    top = knot_of_apogee(missile)
    rows = fallen(*missile.position[top], *missile.velocity[top], 128.0, 0.5, beta, AIR, WGS84)[::5]
    flows = [
        flow_w_m2(air_at(AIR, height_m(*r[1:4].tolist(), WGS84)), float(np.linalg.norm(r[4:7]))) for r in rows
    ]
    column = sum(column_j_m2(a, b, 2.5) for a, b in pairwise(flows))
    e = energies(rows)
    assert column / (e[0] - e[-1]) == pytest.approx(beta, rel=0.02)


@pytest.mark.parametrize(("first", "last"), [(1.0, 100.0), (50.0, 2.0), (3.0, 3.0), (0.0, 4.0)])
def test_the_column_of_a_flow_that_grows_evenly_is_its_integral(first, last):
    t = np.linspace(0.0, 7.0, 200_001)
    flow = first * (last / first) ** (t / 7.0) if first else last * t / 7.0
    assert column_j_m2(first, last, 7.0) == pytest.approx(np.trapezoid(flow, t), rel=1e-6)


def test_a_thin_column_tells_nothing_and_a_thick_one_tells_both_apart():
    lost_noise = 3e4
    assert p_light(0.3, lost_noise, 1e9, 0.0, 2500.0, 1e4) == pytest.approx(0.3)
    for column, sure in ((1e7, False), (1e9, True)):
        light, heavy = (p_light(0.5, column / beta, 1e9, column, 2500.0, 1e4) for beta in (2000.0, 11000.0))
        assert heavy < 0.5 < light
        assert (light > 0.99 and heavy < 0.01) == sure


def test_by_hand():
    """Half way between the two nothing is learnt; one sigma of their distance off it weighs e to the 1."""
    column, light, heavy = 1e8, 2500.0, 1e4
    apart, middle = column / light - column / heavy, 0.5 * (column / light + column / heavy)
    assert p_light(0.5, middle, 1e9, column, light, heavy) == pytest.approx(0.5)
    one = p_light(0.5, middle + 1e9 / apart, 1e9, column, light, heavy)
    assert one / (1.0 - one) == pytest.approx(math.e)


def test_a_missile_is_seldom_taken_for_a_decoy():
    """Ville's bound: with even odds a share of (1 - c) / c of all heavy ones at the most is ever believed light to c.

    Evidence of one fall is a growing sum of independent Gaussian increments of what was lost.
    """
    rng, n, steps, sigma, sure = np.random.default_rng(4), 4000, 200, 1e3, 0.95
    columns = np.linspace(0.0, 4e8, steps + 1)[1:]
    noise = np.cumsum(rng.normal(0.0, sigma, (n, steps)), axis=1)
    ever = np.zeros(n, bool)
    for k, column in enumerate(columns):
        variance = sigma * sigma * (k + 1)
        lost = column / 1e4 + noise[:, k]
        ever |= np.array([p_light(0.5, float(x), variance, column, 2500.0, 1e4) for x in lost]) >= sure
    assert 0.0 < ever.mean() <= (1.0 - sure) / sure


def test_without_air_two_draw_apart_by_speed_times_time():
    """The tide of the earth's pull aside: 10 m/s across for 100 s are 1 km, to a part in a hundred."""
    path, _ = ballistic_path(Aim(LAUNCH, AIM, 1e4, 60.0, NO_AIR), "least-energy", None, (1.6, 0.6))
    k = knot_of_apogee(path)
    right, left = (
        fall_beside(path, k, 10.0 * way, 300.0, 0.0, NO_AIR) for way in across(path.velocity[k], path.position[k], 2)
    )
    i = int(np.searchsorted(path.t, path.t[k] + 100.0))
    assert path.t[i] - path.t[k] == pytest.approx(100.0)
    for one in (right, left):
        assert np.linalg.norm(one.position[200] - path.position[i]) == pytest.approx(1000.0, rel=0.01)
    assert np.linalg.norm(right.position[200] - left.position[200]) == pytest.approx(2000.0, rel=0.01)


@pytest.mark.parametrize("beta", [300.0, 1e4])
def test_what_is_released_falls_by_the_same_integration(missile, beta):
    """Its path is the fall of its own state and coefficient; with the missile's own, the missile's."""
    k = knot_of_apogee(missile)
    one = fall_beside(missile, k, np.zeros(3), beta, 0.0, AIR)
    rows = fallen(*missile.position[k], *missile.velocity[k], one.t[-1], 0.5, beta, AIR, WGS84)
    np.testing.assert_allclose(one.position, rows[:, 1:4], atol=1e-6)
    assert heights_m(one)[-1] == pytest.approx(0.0, abs=0.01)
    same = beta == 1e4
    n = missile.t.size - k - 2
    assert (np.abs(one.position[:n] - missile.position[k : k + n]).max() < 1.0) == same
    if not same:  # it falls behind: at every later time it has lost more speed
        speeds = [np.linalg.norm(p.velocity[j], axis=0) for p, j in ((one, n), (missile, k + n))]
        assert speeds[0] < 0.5 * speeds[1]


def test_where_things_leave(missile):
    heights = heights_m(missile)
    assert missile.t[knot_of_burnout(missile, 60.0)] == pytest.approx(60.0)
    assert heights[knot_of_apogee(missile)] == heights.max()
    k = knot_below(missile, 30e3)
    assert heights[k] < 30e3 <= heights[k - 1] and k > knot_of_apogee(missile)
    assert knot_below(missile, 1e6) == knot_of_apogee(missile)


def test_directions_lie_evenly_across_the_flight(missile):
    k = knot_of_apogee(missile)
    v, r = missile.velocity[k], missile.position[k]
    ways = across(v, r, 5)
    np.testing.assert_allclose(ways @ v / np.linalg.norm(v), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(ways, axis=1), 1.0)
    np.testing.assert_allclose(ways.sum(axis=0), 0.0, atol=1e-12)
    assert abs(ways[0] @ r / np.linalg.norm(r)) < 1e-9  # the first to the side, none of them up
    assert (across(v, r, 1, 0.5)[0] == pytest.approx(-across(v, r, 1)[0]))


def test_coefficients_spread_evenly_in_the_logarithm():
    found = spread(500.0, 8.0, 3)
    np.testing.assert_allclose(found, [250.0, 500.0, 1000.0])
    assert spread(500.0, 8.0, 1).tolist() == [500.0]
