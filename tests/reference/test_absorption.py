"""Absorption and rain against ITU's recommendations as another program computes them, and the path integral."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.models import absorption, propagation, rain
from kalkan.models.propagation import Air, loss_db

DATA = Path(__file__).parent / "data"
RADIUS_M = 8_495_000.0


def cases(name: str) -> list[dict]:
    return json.loads((DATA / f"{name}.json").read_text())["cases"]


@pytest.mark.parametrize("case", cases("itu_p676_gamma"))
def test_specific_attenuation(case: dict) -> None:
    """Oxygen's and water vapour's specific attenuation [dB/km], line by line.

    Against: program: itur 0.4.0, Recommendation ITU-R P.676-12, annex 1.
    """
    vapour_pa = absorption.vapour_pressure_pa(case["rho_gm3"] * 1e-3, case["t_k"])
    air = (case["f_ghz"] * 1e9, 100.0 * case["p_hpa"], vapour_pa, case["t_k"])
    oxygen, vapour = float(absorption.oxygen_db_km(*air)), float(absorption.water_vapour_db_km(*air))
    assert oxygen == pytest.approx(case["expected"]["gamma_o_db_km"], rel=1e-9)
    assert vapour == pytest.approx(case["expected"]["gamma_w_db_km"], rel=1e-9)


@pytest.mark.parametrize("case", cases("itu_p676_slant"))
def test_through_the_whole_atmosphere(case: dict) -> None:
    """Two-way loss through the whole atmosphere, to the reference's own 2 %: it takes the total pressure for that
    of dry air, and bends rays by layers.

    Against: program: itur 0.4.0, P.676 slant paths in mode exact.
    """
    got = loss_db(
        1e6, math.tan(math.radians(case["elevation_deg"])), frequency_hz=case["f_ghz"] * 1e9, antenna_m=0.0,
        air=Air(vapour_kg_m3=case["rho_gm3"] * 1e-3),
    )  # fmt: skip
    assert float(got) == pytest.approx(case["expected"]["two_way_db"], rel=0.02)


@pytest.mark.parametrize("case", cases("itu_p838_rain"))
def test_rain(case: dict) -> None:
    """Rain's coefficients k and alpha and its attenuation [dB/km], any polarisation.

    Against: program: itur 0.4.0, Recommendation ITU-R P.838-3.
    """
    angles = (math.radians(case["elevation_deg"]), math.radians(case["tau_deg"]))
    k, alpha = rain.rain_coefficients(case["f_ghz"] * 1e9, *angles)
    assert (k, alpha) == (pytest.approx(case["expected"]["k"]), pytest.approx(case["expected"]["alpha"]))
    got = rain.rain_db_km(case["f_ghz"] * 1e9, case["rain_mm_h"], *angles)
    assert got == pytest.approx(case["expected"]["gamma_db_km"], rel=1e-9)


def test_an_oxygen_line_and_a_vapour_line_stand_where_they_belong() -> None:
    """Oxygen absorbs most near 60 GHz, 14 to 17 dB/km; water vapour has a line at 22.235 GHz.

    Against: published: the line positions of Recommendation ITU-R P.676.
    """
    f = np.arange(15e9, 70e9, 0.25e9)
    gamma = [float(absorption.air_db_km(x, 0.0)) for x in f]
    assert f[np.argmax(gamma)] == pytest.approx(60e9, abs=2e9) and 14.0 < max(gamma) < 17.0
    near = (f > 18e9) & (f < 27e9)
    peak_hz = f[near][np.argmax(np.array(gamma)[near])]  # of a line 3 GHz wide on a rising slope
    assert peak_hz == pytest.approx(22.235e9, abs=0.6e9)


def height_m(way: np.ndarray, elevation: float, antenna_m: float) -> np.ndarray:
    """Law of cosines in the triangle of earth's centre, antenna and point."""
    r = RADIUS_M + antenna_m
    return np.sqrt(r * r + way**2 + 2.0 * r * way * math.sin(elevation)) - RADIUS_M


@pytest.mark.parametrize("slant_km, elevation_deg", [(400, 0.0), (600, 0.3), (150, 5.0), (60, 45.0), (300, -0.3)])
def test_path_integral_against_the_sum_of_many_short_pieces(slant_km: float, elevation_deg: float) -> None:
    """Loss along curved paths of 60 to 600 km [dB].

    Against: brute force: 20,000 short pieces by the trapezoid rule.
    """
    antenna_m, elevation = 300.0, math.radians(elevation_deg)
    way = np.linspace(0.0, slant_km * 1e3, 20001)
    per_km = absorption.air_db_km(10e9, height_m(way, elevation, antenna_m))
    got = loss_db(
        slant_km * 1e3, math.tan(elevation), frequency_hz=10e9, antenna_m=antenna_m, radius_m=RADIUS_M
    )
    assert float(got) == pytest.approx(2e-3 * np.trapezoid(per_km, way), rel=1e-3)


@pytest.mark.parametrize("antenna_m", [20.0, 3999.0, 4500.0])
@pytest.mark.parametrize("elevation_deg", [-2.0, -0.6, 0.0, 0.3, 4.0, 60.0])
def test_length_in_the_rain_against_counting(antenna_m: float, elevation_deg: float) -> None:
    """Length of a path in the rain [m], also from a mountain above the rain, whose rays enter it and leave it
    again.

    Against: brute force: 400,000 points along the ray, counted.
    """
    elevation = math.radians(elevation_deg)
    for slant_m in (3e3, 60e3, 350e3):
        way = np.linspace(0.0, slant_m, 400_001)
        below = (height_m(way, elevation, antenna_m) < 4000.0).mean() * slant_m
        got = rain.path_below_m(slant_m, math.tan(elevation), antenna_m, 4000.0, RADIUS_M)
        assert got == pytest.approx(below, abs=slant_m / 100_000)


@pytest.mark.parametrize("frequency_hz", [1.3e9, 3e9, 10e9])
@pytest.mark.parametrize("range_max_m", [150e3, 600e3])
@pytest.mark.parametrize("antenna_m", [5.0, 1500.0])
def test_the_table_of_the_loop(frequency_hz: float, range_max_m: float, antenna_m: float) -> None:
    """The loop's table of losses on every ray that clears the smooth earth, to 0.03 dB: 0.2 % of range.

    Against: itself: the path integral of the rows above.
    """
    rng = np.random.default_rng(1)
    air = {"frequency_hz": frequency_hz, "antenna_m": antenna_m, "radius_m": RADIUS_M}
    table = propagation.gas_table(range_max_m, vapour_kg_m3=7.5e-3, **air)[None]
    slant = rng.uniform(0.0, range_max_m, 1500)
    dip = -math.sqrt(2.0 * antenna_m / RADIUS_M)
    tangent = np.r_[rng.uniform(dip, 0.05, 1000), np.tan(rng.uniform(dip, 1.4, 500))]
    exact = loss_db(slant, tangent, **air)
    got = [propagation.interpolate_loss(table, 0, range_max_m, s, t) for s, t in zip(slant, tangent, strict=True)]
    np.testing.assert_allclose(got, exact, atol=0.03)


def test_the_claimed_range_is_exact_on_the_reference_path() -> None:
    """A claimed range contains the loss of its own path (clear air, antenna at sea level, target at 10 km):
    nothing is left to subtract.

    Against: property: a claim predicts itself.
    """
    claimed_m, radius = 200e3, 8_494_666.7
    sine = (10_000.0 * (2 * radius + 10_000.0) - claimed_m**2) / (2.0 * radius * claimed_m)
    tangent = sine / math.sqrt(1.0 - sine**2)
    got = propagation.excess_db(
        claimed_m, tangent, claimed_m, frequency_hz=10e9, antenna_m=0.0, radius_m=radius
    )
    assert float(got) == pytest.approx(0.0, abs=1e-9)
    farther = propagation.excess_db(
        claimed_m * 1.2, tangent, claimed_m, frequency_hz=10e9, antenna_m=0.0, radius_m=radius
    )
    assert farther > 0.05


@pytest.mark.parametrize("frequency_hz", [0.9e9, 1.1e12])
def test_frequencies_beyond_the_recommendations(frequency_hz: float) -> None:
    """Frequencies outside 1 GHz to 1 THz are refused.

    Against: property: no answer outside the range of validity.
    """
    with pytest.raises(ValueError, match="between 1 GHz and 1 THz"):
        absorption.air_db_km(frequency_hz, 0.0)
    with pytest.raises(ValueError, match="between 1 GHz and 1 THz"):
        rain.rain_coefficients(frequency_hz)
