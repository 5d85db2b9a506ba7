"""US Standard Atmosphere 1976 against its published boundary values and two other programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kalkan.models import atmosphere

CASES = json.loads((Path(__file__).parent / "data" / "atmosphere.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES)
def test_against_the_standard(case: dict) -> None:
    """Temperature [K], pressure, density and speed of sound.

    Against: published: US Standard Atmosphere 1976 (NASA-TM-X-74335), boundary values; programs ussa1976 and
    ambiance.
    """
    if "geometric_altitude_m" in case:
        z = case["geometric_altitude_m"]
        rel = 2e-5
    else:
        h = case["geopotential_altitude_m"]
        z = atmosphere.EARTH_RADIUS_M * h / (atmosphere.EARTH_RADIUS_M - h)
        rel = 1e-4  # published with five figures
    want = case["expected"]
    assert float(atmosphere.temperature(z)) == pytest.approx(want["T_k"], abs=0.01)
    assert float(atmosphere.pressure(z)) == pytest.approx(want["p_pa"], rel=rel)
    assert float(atmosphere.density(z)) == pytest.approx(want["rho_kgm3"], rel=rel)
    if "sound_m_s" in want:
        assert float(atmosphere.sound_speed(z)) == pytest.approx(want["sound_m_s"], rel=1e-6)


def test_published_value_at_86_km() -> None:
    """186.87 K, 0.37338 Pa and 6.958e-6 kg/m³ at 86 km.

    Against: published: US Standard Atmosphere 1976, table I.
    """
    assert float(atmosphere.temperature(86e3)) == pytest.approx(186.87, abs=0.1)
    assert float(atmosphere.pressure(86e3)) == pytest.approx(0.37338, rel=1e-3)
    assert float(atmosphere.density(86e3)) == pytest.approx(6.958e-6, rel=1e-3)


def test_hydrostatic_equilibrium_everywhere() -> None:
    """Pressure and density from -4 to 110 km are in equilibrium: dp/dz = -ρ g(z).

    Against: closed form: the hydrostatic equation, into which no tabulated value enters.
    """
    z = np.linspace(-4000.0, 110e3, 2000)
    gravity = atmosphere.GRAVITY_M_S2 * (atmosphere.EARTH_RADIUS_M / (atmosphere.EARTH_RADIUS_M + z)) ** 2
    slope = (atmosphere.pressure(z + 0.5) - atmosphere.pressure(z - 0.5)) / 1.0
    np.testing.assert_allclose(slope, -atmosphere.density(z) * gravity, rtol=1e-5)
