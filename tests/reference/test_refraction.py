"""Horizons and apparent elevation against closed forms and the ellipsoid itself."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.earth import geodesy, refraction

CASES = json.loads((Path(__file__).parent / "data/radar_horizon.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES)
def test_smooth_earth_horizons(case):
    """Radio horizon of two heights: root form, exact arc and the rule of 4.12 km per root of a metre.

    Against: closed form: tangent rays over a sphere of 4/3 the earth's radius.
    """
    heights, want = (case["h_radar_m"], case["h_target_m"]), case["expected"]
    root = refraction.horizon_range_m(*heights, radius_m=6371e3)
    exact = refraction.horizon_arc_m(*heights, radius_m=6371e3)
    assert float(root) == pytest.approx(want["sqrt2ah_km"] * 1e3, rel=1e-6, abs=1e-6)
    assert float(root) == pytest.approx(want["rule_4p12_km"] * 1e3, rel=1e-3, abs=1e-6)
    assert float(exact) == pytest.approx(want["exact_arc_km"] * 1e3, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("lat_deg", [-52.0, 0.0, 37.5, 71.0])
def test_range_and_height_against_the_ellipsoid(lat_deg):
    """Ground range to 20 m and height to 0.5 m, out to 400 km.

    Against: program: the WGS-84 ellipsoid's own geodesics, by PROJ.
    """
    rng = np.random.default_rng(5)
    n = 400
    lat0, lon0, h0 = math.radians(lat_deg), 0.5, 1200.0
    azimuth, d = rng.uniform(0, 2 * np.pi, n), rng.uniform(10.0, 400e3, n)
    h = rng.uniform(0.0, 20e3, n)
    lat, lon = geodesy.destination(lat0, lon0, azimuth, d)
    east, north, up = geodesy.enu(lat0, lon0, h0, lat, lon, h)
    terms = refraction.curvature_terms(lat0)
    ours = np.array(
        [refraction.ground_range_height(*p, h0, terms) for p in zip(east, north, up, strict=True)]
    )
    assert np.abs(ours[:, 1] - h).max() < 0.5
    assert np.abs(ours[:, 0] - d).max() < 20.0


def test_kernel_equals_the_exact_sphere():
    """Ground range, height and apparent elevation of the loop, for k from 0.9 to 2.

    Against: closed form: the textbook formulas in extended precision, where they may cancel.
    """
    rng = np.random.default_rng(6)
    big = np.longdouble
    terms = (1 / 6.36e6, 1 / 6.39e6, 0.0)
    for _ in range(500):
        e, n = rng.uniform(-3e5, 3e5, 2) * 10 ** rng.uniform(-4, 0)
        u, h0, k = rng.uniform(-5e3, 2e4), rng.uniform(0, 3e3), rng.uniform(0.9, 2.0)
        d, h, tan_el = refraction.look(e, n, u, h0, terms, k)
        g = np.hypot(big(e), big(n))
        r = (big(e) ** 2 + big(n) ** 2) / (big(n) ** 2 * terms[0] + big(e) ** 2 * terms[1])
        want_d, want_h = r * np.arctan2(g, r + h0 + u), np.hypot(g, r + h0 + u) - r
        re = k * r
        x = want_d / re
        want = ((re + want_h) * np.cos(x) - (re + h0)) / ((re + want_h) * np.sin(x))
        assert d == pytest.approx(float(want_d), rel=1e-9)
        assert h == pytest.approx(float(want_h), abs=1e-8)
        assert tan_el == pytest.approx(float(want), rel=1e-8, abs=1e-9)


def test_without_refraction_the_apparent_elevation_is_the_geometric_one():
    """With k = 1 the apparent elevation is the geometric one.

    Against: closed form: tan = up / ground distance.
    """
    terms = (1 / 6.36e6, 1 / 6.39e6, 0.0)
    for e, n, u in [(3e5, 1e5, 4e3), (100.0, 20.0, -7.0), (-2e5, 3e5, 1e4), (0.0, -4e5, -9e3)]:
        assert refraction.look(e, n, u, 500.0, terms, 1.0)[2] == pytest.approx(u / math.hypot(e, n), rel=1e-8)


def test_height_at_tan_undoes_apparent_tan():
    """The height at an elevation undoes the elevation of a height.

    Against: property: inverse functions.
    """
    for d in (1.0, 900.0, 4e4, 4e5):
        for h in (-100.0, 0.0, 3e3, 2e4):
            tan_el = refraction.apparent_tan(d, h, 40.0, 8.5e6)
            assert refraction.height_at_tan(d, tan_el, 40.0, 8.5e6) == pytest.approx(h, abs=1e-6)


def test_overhead_and_far():
    """Straight overhead, and 3000 km away.

    Against: closed form: limits of the sphere.
    """
    terms = refraction.curvature_terms(0.6)
    assert refraction.look(0.0, 0.0, 500.0, 10.0, terms, 4 / 3)[:2] == (0.0, 510.0)
    assert refraction.look(0.0, 0.0, 500.0, 10.0, terms, 4 / 3)[2] > 1e20
    assert refraction.look(0.0, 0.0, -5.0, 10.0, terms, 4 / 3)[2] < -1e20
    d, h, tan_el = refraction.look(3e6, 0.0, 0.0, 0.0, terms, 1.0)  # beyond the short series
    radius = float(geodesy.euler_radius(0.6, math.pi / 2))
    assert d == pytest.approx(radius * math.atan2(3e6, radius), rel=1e-9)
    assert h > 6e5 and tan_el == pytest.approx(0.0, abs=1e-9)


def test_twin_of_euler_radius():
    """The loop's local radius of the earth equals the library's.

    Against: itself: Euler's radius of curvature, proved under geodesy.
    """
    for lat, azimuth in [(0.0, 0.0), (0.65, 1.0), (-1.2, 4.0)]:
        ours = refraction.euler_radius_scalar(lat, azimuth)
        assert ours == pytest.approx(float(geodesy.euler_radius(lat, azimuth)), rel=1e-14)
        terms = refraction.curvature_terms(lat)
        assert refraction.local_radius(math.sin(azimuth), math.cos(azimuth), terms) == pytest.approx(ours)
