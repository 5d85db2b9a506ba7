"""Geodesy against pyproj (PROJ) and the published cases made with it."""

import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod, Transformer

from kalkan.earth import geodesy

DATA = Path(__file__).parent / "data"
# The published case 13.6 m away states elevation 0.0, though its own up and slant range give -6.1e-5 deg.
WRONG_ELEVATION = [45.0001, 9.0001, 100]


def cases(name):
    return json.loads((DATA / f"{name}.json").read_text())["cases"]


@pytest.fixture(scope="module")
def scattered():
    rng = np.random.default_rng(11)
    n = 2000
    lat, lon = np.arcsin(rng.uniform(-1, 1, n)), rng.uniform(-np.pi, np.pi, n)
    return lat, lon, rng.uniform(-500.0, 400_000.0, n)


@pytest.mark.parametrize("case", cases("geodesy_ecef"))
def test_ecef_cases(case):
    """Latitude, longitude and height to earth-centred metres and back.

    Against: program: PROJ through pyproj 3.7.2; pymap3d 3.2.0 agrees to 2e-9 m.
    """
    lat, lon = np.deg2rad(case["lat_deg"]), np.deg2rad(case["lon_deg"])
    xyz = geodesy.geodetic_to_ecef(lat, lon, case["h_m"])
    assert np.allclose(xyz, [case["expected"][f"{axis}_m"] for axis in "xyz"], rtol=0, atol=1e-4)
    back = geodesy.ecef_to_geodetic(*xyz)
    assert back[0] == pytest.approx(lat, abs=1e-12)
    assert back[2] == pytest.approx(case["h_m"], abs=1e-6)


def test_ecef_against_pyproj(scattered):
    """The same for 2000 random places, up to 400 km high.

    Against: program: PROJ through pyproj.
    """
    lat, lon, h = scattered
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    theirs = to_ecef.transform(np.rad2deg(lon), np.rad2deg(lat), h)
    assert np.allclose(geodesy.geodetic_to_ecef(lat, lon, h), theirs, rtol=0, atol=1e-4)
    ours = geodesy.ecef_to_geodetic(*theirs)
    assert np.allclose(ours[0], lat, rtol=0, atol=1e-11)
    assert np.allclose(ours[1], lon, rtol=0, atol=1e-11)
    assert np.allclose(ours[2], h, rtol=0, atol=1e-5)


@pytest.mark.parametrize("case", cases("geodesy_enu_aer"))
def test_enu_aer_cases(case):
    """East, north, up [m]; azimuth and elevation [deg]; slant range and geodesic [m].

    Against: program: PROJ; pymap3d agrees to 3e-9 m.
    """

    def radians(place):
        return np.deg2rad(place[0]), np.deg2rad(place[1]), place[2]

    here, there = radians(case["observer_lat_lon_h"]), radians(case["target_lat_lon_h"])
    want = case["expected"]
    assert np.allclose(geodesy.enu(*here, *there), [want[f"{a}_m"] for a in "enu"], rtol=0, atol=1e-3)
    azimuth, elevation, slant = geodesy.aer(*here, *there)
    assert abs((np.rad2deg(azimuth) - want["azimuth_deg"] + 180) % 360 - 180) < 1e-7
    stated = want["elevation_deg"]
    if case["target_lat_lon_h"] == WRONG_ELEVATION:
        stated = np.rad2deg(np.arcsin(want["u_m"] / want["slant_range_m"]))
        assert stated == pytest.approx(-6.124e-5, rel=1e-3)
    assert np.rad2deg(elevation) == pytest.approx(stated, abs=1e-7)
    assert slant == pytest.approx(want["slant_range_m"], abs=1e-3)
    assert geodesy.geodesic_m(*here[:2], *there[:2]) == pytest.approx(want["geodesic_m"], abs=1e-3)


def test_direct_and_inverse_geodesics_undo_each_other(scattered):
    """A geodesic of 400 km, out and back.

    Against: property: inverse functions.
    """
    lat, lon, _ = scattered
    azimuth = np.linspace(0.01, 6.27, lat.size)
    lat2, lon2 = geodesy.destination(lat, lon, azimuth, 400e3)
    back_azimuth, length = geodesy.inverse(lat, lon, lat2, lon2)
    assert np.allclose(length, 400e3, rtol=0, atol=1e-5)
    assert np.allclose(np.sin(back_azimuth - azimuth), 0.0, atol=1e-9)


def test_euler_radius_is_the_curvature_of_short_geodesics():
    """Radius of curvature of the ellipsoid in any direction: two equal steps from a point bend by step / R.

    Against: program: the sagitta in space of PROJ's geodesics.
    """
    geod = Geod(ellps="WGS84")
    for lat in (0.0, 37.0, -60.0):
        for azimuth in (0.0, 45.0, 90.0, 200.0):
            step = 20_000.0
            ends = [geod.fwd(30.0, lat, azimuth, s)[:2] for s in (step, -step)]
            p = [np.array(geodesy.geodetic_to_ecef(*np.deg2rad(e[::-1]), 0.0)) for e in ends]
            middle = np.array(geodesy.geodetic_to_ecef(*np.deg2rad([lat, 30.0]), 0.0))
            sagitta = np.linalg.norm((p[0] + p[1]) / 2 - middle)
            half_chord = np.linalg.norm(p[0] - p[1]) / 2
            radius = (half_chord**2 + sagitta**2) / (2 * sagitta)
            ours = geodesy.euler_radius(np.deg2rad(lat), np.deg2rad(azimuth))
            assert ours == pytest.approx(radius, rel=1e-4)  # M and N differ by 7e-3


def test_basis_is_a_rotation(scattered):
    """East, north and up are a right-handed set of unit vectors.

    Against: property: orthogonal, determinant 1.
    """
    basis = geodesy.enu_basis(*scattered[:2])
    assert np.allclose(basis @ np.swapaxes(basis, -1, -2), np.eye(3), atol=1e-14)
    assert np.allclose(np.linalg.det(basis), 1.0)
