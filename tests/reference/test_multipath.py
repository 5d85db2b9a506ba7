"""Lobing over the sea: flat-earth closed forms, Fermat's principle, ray tubes, and the full wave solution."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import ai_zeros, airy, ive

from kalkan.models import multipath

CASES = json.loads((Path(__file__).parent / "data" / "radar_multipath.json").read_text())["cases"]
RADIUS_M = 8_495_000.0
GEOMETRY = [(24.0, 50.0, 30e3), (10.0, 3000.0, 150e3), (300.0, 60.0, 70e3), (24.0, 9000.0, 20e3), (6.0, 6.0, 15e3)]
NO_LOSS = complex(-1.0)


@pytest.mark.parametrize("case", CASES)
def test_flat_perfect_mirror(case: dict) -> None:
    """Pattern factor over a flat perfect mirror, by the path difference over a sphere too large to bend.

    Against: closed form: |1 - exp(2πi (d2 - d1) / λ)| from both path lengths.
    """
    _, _, difference = multipath.reflection(
        case["h_radar_m"], case["h_target_m"], case["ground_range_m"], 1e16
    )
    factor = multipath.interference(NO_LOSS, difference, multipath.LIGHT_M_S / case["freq_hz"])
    assert factor == pytest.approx(case["expected"]["F_exact_flat_paths"], abs=1e-6)
    assert factor**4 == pytest.approx(case["expected"]["F4_exact"], abs=1e-6)


def place(ground: float, height: float) -> np.ndarray:
    """A point over the circle of the earth's section."""
    return (RADIUS_M + height) * np.array([math.sin(ground / RADIUS_M), math.cos(ground / RADIUS_M)])


@pytest.mark.parametrize("h1, h2, ground", GEOMETRY)
def test_the_reflected_path_is_the_shortest_over_the_surface(h1: float, h2: float, ground: float) -> None:
    """Point of reflection, grazing angle and path difference [m] over a sphere.

    Against: brute force: Fermat's principle, the path's length minimised by SciPy.
    """
    a, b = place(0.0, h1), place(ground, h2)

    def length(x: float) -> float:
        return float(np.linalg.norm(place(x, 0.0) - a) + np.linalg.norm(place(x, 0.0) - b))

    best = minimize_scalar(length, bounds=(0.0, ground), method="bounded", options={"xatol": 1e-4})
    near, sine, difference = multipath.reflection(h1, h2, ground, RADIUS_M)
    assert near == pytest.approx(best.x, abs=0.05 * max(h1, h2))  # the minimum is broad
    assert difference == pytest.approx(best.fun - np.linalg.norm(a - b), abs=2e-7 + 1e-6 * difference)
    up = place(near, 0.0) / RADIUS_M
    for end in (a, b):
        ray = end - place(near, 0.0)
        assert ray @ up / np.linalg.norm(ray) == pytest.approx(sine, rel=1e-6)


def bounce(h1: float, elevation: float, distance: float) -> np.ndarray:
    """Where a ray from the antenna is, a distance along its way, after a reflection by the circle."""
    start, ray = place(0.0, h1), np.array([math.cos(elevation), math.sin(elevation)])
    b, c = start @ ray, start @ start - RADIUS_M**2
    hit = start + ray * (-b - math.sqrt(b * b - c))
    normal = hit / RADIUS_M
    return hit + (ray - 2.0 * (ray @ normal) * normal) * (distance - np.linalg.norm(hit - start))


@pytest.mark.parametrize("h1, h2, ground", [(24.0, 50.0, 30e3), (300.0, 60.0, 70e3), (100.0, 3000.0, 150e3)])
def test_divergence_of_a_narrow_tube_of_rays(h1: float, h2: float, ground: float) -> None:
    """How much a sphere spreads what it reflects.

    Against: brute force: two rays 1e-9 rad apart, traced.
    """
    near, sine, _ = multipath.reflection(h1, h2, ground, RADIUS_M)
    to_mirror = place(near, 0.0) - place(0.0, h1)
    way = np.linalg.norm(to_mirror) + np.linalg.norm(place(ground, h2) - place(near, 0.0))
    elevation = math.atan2(to_mirror[1], to_mirror[0])
    step = 1e-9
    spread = np.linalg.norm(bounce(h1, elevation + step, way) - bounce(h1, elevation - step, way)) / (2.0 * step)
    across = (RADIUS_M + h2) * math.sin(ground / RADIUS_M) / math.cos(elevation)
    expected = way / math.sqrt(spread * across)
    assert multipath.divergence(near, ground, sine, RADIUS_M) == pytest.approx(expected, rel=2e-3)


def full_wave(h1: float, h2: float, ground: float, wavelength: float) -> float:
    """Fock's residue series for a perfectly conducting sphere and horizontal polarisation, 250 terms.

    V. A. Fock, Electromagnetic Diffraction and Propagation Problems (1965), chapter 10.
    """
    k = 2.0 * math.pi / wavelength
    m = (0.5 * k * RADIUS_M) ** (1.0 / 3.0)
    x, y1, y2 = m * ground / RADIUS_M, k * h1 / m, k * h2 / m
    t, turn = -ai_zeros(250)[0] * np.exp(1j * math.pi / 3.0), np.exp(2j * math.pi / 3.0)

    def outgoing(u: np.ndarray) -> np.ndarray:
        return np.asarray(2.0 * math.sqrt(math.pi) * np.exp(1j * math.pi / 6.0) * airy(u * turn)[0])

    slope = 2.0 * math.sqrt(math.pi) * np.exp(1j * math.pi / 6.0) * turn * airy(t * turn)[1]
    terms = np.exp(1j * x * t) * outgoing(t - y1) * outgoing(t - y2) / slope**2
    return float(2.0 * math.sqrt(math.pi * x) * abs(np.nansum(terms)))


WAVES = [(0.1, 24.0, 50.0), (0.03, 24.0, 50.0), (0.03, 6.0, 30.0), (0.23, 20.0, 100.0)]


@pytest.mark.parametrize("wavelength, h1, h2", WAVES)
def test_lobes_against_the_full_wave(wavelength: float, h1: float, h2: float) -> None:
    """Lobes over a conducting sphere: rays are right to 0.065 from 0.6 wavelengths of path difference on, to 0.18
    in the last lobe.

    Against: published: Fock's residue series, 250 terms (Electromagnetic Diffraction and Propagation Problems,
    1965, chapter 10).
    """
    horizon = math.sqrt(2.0 * RADIUS_M) * (math.sqrt(h1) + math.sqrt(h2))
    seen = 0
    for share in np.arange(0.4, 0.9, 0.02):
        near, sine, difference = multipath.reflection(h1, h2, share * horizon, RADIUS_M)
        if difference < wavelength / 6.0:
            continue
        seen += 1
        reflected = NO_LOSS * multipath.divergence(near, share * horizon, sine, RADIUS_M)
        got = multipath.interference(reflected, difference, wavelength)
        bound = 0.065 if difference > 0.6 * wavelength else 0.18
        assert got == pytest.approx(full_wave(h1, h2, share * horizon, wavelength), abs=bound)
    assert seen > 5


@pytest.mark.parametrize("wavelength, h1, h2", WAVES)
def test_near_the_horizon_against_the_full_wave(wavelength: float, h1: float, h2: float) -> None:
    """Near the horizon, where rays fail, ITU-R P.526 is right to 0.6 dB, on both sides of it.

    Against: published: Fock's residue series, as above.
    """
    horizon = math.sqrt(2.0 * RADIUS_M) * (math.sqrt(h1) + math.sqrt(h2))
    for share in np.arange(0.86, 1.12, 0.02):
        got = multipath.horizon_factor(h1, h2, share * horizon, RADIUS_M, wavelength)
        expected = full_wave(h1, h2, share * horizon, wavelength)
        if expected < 0.8:  # beyond the last lobe
            assert 20.0 * math.log10(got / expected) == pytest.approx(0.0, abs=0.6), share


def test_the_whole_factor_has_no_jump_where_the_models_meet() -> None:
    """The pattern factor has no jump where rays give way to diffraction: steps of 10 m change it by less than
    0.01.

    Against: property: continuity.
    """
    water = multipath.sea_permittivity(10e9)
    ground = np.arange(36e3, 50e3, 10.0)  # from the last lobe over the last sixth of a wavelength to the horizon
    factor = [multipath.pattern_factor(24.0, 50.0, g, RADIUS_M, 0.03, water, 0.1, 0.02) for g in ground]
    assert np.abs(np.diff(factor)).max() < 0.01
    assert 0.0 < min(factor) < 0.3 and 1.5 < max(factor) <= 2.0


@pytest.mark.parametrize("ratio", np.r_[np.linspace(0.0, 0.4, 30), 1.0, 5.0])
def test_roughness_is_millers_bessel_form(ratio: float) -> None:
    """Coherent reflection of a rough sea.

    Against: published: exp(-z) I0(z) of Miller, Brown and Vegh, doi:10.1049/ip-h-1.1984.0022, by SciPy's Bessel
    function.
    """
    z = 8.0 * (math.pi * ratio) ** 2
    assert multipath.coherent_share(ratio, 1.0, 1.0) == pytest.approx(float(ive(0, z)), abs=5e-7)


def test_a_beam_above_the_sea_sees_no_lobes() -> None:
    """Half the power at half a beamwidth; at an elevation of several beamwidths the sea no longer matters.

    Against: closed form: half power at half a beamwidth.
    """
    assert multipath.beam_share(0.01, 0.02) ** 2 == pytest.approx(0.5)
    water = multipath.sea_permittivity(10e9)
    for ground in (30e3, 35e3, 41e3):  # 9 to 12 degrees up
        assert multipath.pattern_factor(24.0, 6500.0, ground, RADIUS_M, 0.03, water, 0.0, 0.02) == 1.0
        assert multipath.pattern_factor(24.0, 6500.0, ground, RADIUS_M, 0.03, water, 0.0, 1.0) != 1.0


def test_sea_water() -> None:
    """Conductivity of sea water (42.914 mS/cm at 15 °C and salinity 35) and permittivity of pure water (78.3 at 25
    °C).

    Against: published: practical salinity scale 1978; static permittivity of water.
    """
    assert multipath.sea_conductivity_s_m(15.0, 35.0) == pytest.approx(4.2914, rel=2e-3)
    assert multipath.sea_permittivity(1e6, 25.0, 0.0).real == pytest.approx(78.3, abs=0.2)


def test_fresnel() -> None:
    """Fresnel's coefficients. Grazing: both -1. Vertical incidence: the same power. At a dielectric's Brewster
    angle: nothing vertical.

    Against: closed form: limits of Fresnel's equations.
    """
    horizontal, vertical = multipath.fresnel(complex(71.5, -38.9), 1e-7)
    assert (horizontal, vertical) == (pytest.approx(-1.0, abs=1e-5), pytest.approx(-1.0, abs=1e-5))
    horizontal, vertical = multipath.fresnel(complex(71.5, -38.9), 1.0)
    assert horizontal == pytest.approx(-vertical)
    _, vertical = multipath.fresnel(complex(4.0, 0.0), 1.0 / math.sqrt(5.0))
    assert abs(vertical) == pytest.approx(0.0, abs=1e-12)
