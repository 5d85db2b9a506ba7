"""Ballistic flights against closed forms in vacuum and in thick air, and an independent integration."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kalkan.earth.geodesy import ecef_to_geodetic, geodetic_to_ecef
from kalkan.models import ballistic
from kalkan.models.atmosphere import density
from kalkan.models.ballistic import WGS84, Earth, fall, standard_air
from kalkan.models.ballistic_aim import Aim, UnflownError, ballistic_path, burnout, least_energy, solved, with_apogee
from kalkan.models.trajectory import evaluate

DATA = Path(__file__).parent / "data"
VACUUM = json.loads((DATA / "ballistic_vacuum_spherical.json").read_text())
SPHERE = Earth(VACUUM["mu"], 0.0, 0.0, VACUUM["earth_radius"], 0.0)
DRAG = json.loads((DATA / "drag_closed_form.json").read_text())["cases"]
DROPS = [c for c in DRAG if c["kind"] == "vertical drop const density"]
ENTRIES = [c for c in DRAG if c["kind"].startswith("Allen-Eggers")]
NO_AIR = np.zeros(2)
HERE, THERE = (math.radians(35.2), math.radians(33.2), 120.0), (math.radians(37.5), math.radians(33.5), 1010.0)
AIM = Aim(HERE, THERE, 10_000.0, 60.0, standard_air())
RATIOS = (1.6, 0.6)


@pytest.mark.parametrize("case", VACUUM["cases"], ids=lambda c: f"{c['range_m'] / 1e3:.0f} km")
def test_flight_of_least_energy_over_a_sphere(case: dict) -> None:
    """Range, apogee and time of flight without air, over a sphere that does not turn.

    Against: closed form: the Kepler ellipse of least energy.
    """
    wanted, r = case["expected"], SPHERE.equator_m
    gamma, v = math.radians(wanted["gamma_deg"]), wanted["v0_m_s"]
    end = fall(r, 0.0, 0.0, v * math.sin(gamma), v * math.cos(gamma), 0.0, 0.5, 1.0, NO_AIR, SPHERE, 0.0)
    assert r * math.atan2(end.y, end.x) == pytest.approx(case["range_m"], abs=10.0)
    assert end.apogee_m == pytest.approx(wanted["apogee_m"], abs=10.0)
    assert end.t_s == pytest.approx(wanted["tof_s"], abs=0.05)


@pytest.mark.parametrize("case", DROPS)
def test_drop_through_thick_air(case: dict) -> None:
    """Speed and way of a drop through air of one density, under gravity that stays as it is.

    Against: closed form: v = v_t tanh(g t / v_t).
    """
    far = 1e12  # so far out, gravity is the same everywhere
    flat = Earth(9.80665 * far**2, 0.0, 0.0, far, 0.0)
    rows = ballistic.fallen(
        far, 0.0, 0.0, 0.0, 0.0, 0.0, case["t_s"], 0.05, case["beta_kg_m2"], np.full(2, case["rho"]), flat
    )
    assert -rows[-1, 4] == pytest.approx(case["expected"]["v_m_s"], rel=1e-6)
    assert far - rows[-1, 1] == pytest.approx(case["expected"]["drop_m"], rel=1e-5, abs=1e-3)


@pytest.mark.parametrize("case", ENTRIES)
def test_entry_into_exponential_air(case: dict) -> None:
    """Speed at the ground of a straight entry without gravity.

    Against: closed form: Allen and Eggers, NACA report 1381, 1958.
    """
    far, top, gamma = 1e11, 190e3, math.radians(case["gamma_deg"])
    nothing = Earth(1e-30, 0.0, 0.0, far, 0.0)
    heights = np.arange(0.0, ballistic.AIR_TOP_M, ballistic.AIR_STEP_M)
    air = case["rho0"] * np.exp(-heights / case["scale_height_m"])
    v = case["v_entry_m_s"]
    end = fall(
        far + top, 0.0, 0.0, -v * math.sin(gamma), v * math.cos(gamma), 0.0, 0.1, case["beta_kg_m2"], air, nothing, 0.0
    )
    assert math.hypot(end.vx, end.vy) == pytest.approx(case["expected"]["v_ground_m_s"], rel=2e-4)


def _independently(aim: Aim, elevation: float, azimuth: float, speed: float) -> tuple[float, np.ndarray, float]:
    """Time, ECEF place and apogee of the fall, in axes that do not turn with the earth, by SciPy's DOP853."""
    place, velocity = burnout(aim, elevation, azimuth, speed)
    spin = np.array([0.0, 0.0, WGS84.rate_rad_s])
    a, mu, j2 = WGS84.equator_m, WGS84.mu_m3_s2, WGS84.j2

    def turned(t: float, r: np.ndarray, way: float) -> np.ndarray:
        c, s = math.cos(WGS84.rate_rad_s * t), way * math.sin(WGS84.rate_rad_s * t)
        return np.array([c * r[0] - s * r[1], s * r[0] + c * r[1], r[2]])

    def height(t: float, y: np.ndarray) -> float:
        return float(ecef_to_geodetic(*turned(t, y[:3], -1.0))[2])

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        r, v = y[:3], y[3:]
        n = float(np.linalg.norm(r))
        z2 = 5.0 * (r[2] / n) ** 2
        gravity = -mu * r / n**3 * (1.0 - 1.5 * j2 * (a / n) ** 2 * (z2 - np.array([1.0, 1.0, 3.0])))
        through = v - np.cross(spin, r)
        rho = float(density(height(t, y)))
        return np.r_[v, gravity - 0.5 * rho * np.linalg.norm(through) * through / aim.coefficient_kg_m2]

    def ground(t: float, y: np.ndarray) -> float:
        return height(t, y) - aim.aim[2]

    ground.terminal, ground.direction = True, -1.0  # type: ignore[attr-defined]
    start = np.r_[place, velocity + np.cross(spin, place)]
    out = solve_ivp(
        rates, (0.0, 2000.0), start, method="DOP853", rtol=1e-10, atol=1e-4, events=ground, dense_output=True
    )
    end = float(out.t_events[0][0])
    top = max(height(t, out.sol(t)) for t in np.linspace(0.0, end, 2000))
    return end, turned(end, out.y_events[0][0][:3], -1.0), top


@pytest.mark.parametrize("degrees", [25.0, 43.0, 65.0])
def test_flight_through_the_air_of_the_turning_earth(degrees: float) -> None:
    """Time, impact and apogee of a flight with drag over the turning ellipsoid.

    Against: program: SciPy's DOP853 at 1e-10, in axes that do not turn, with geodetic heights.
    """
    shot = solved(AIM, math.radians(degrees))
    time, place, top = _independently(AIM, shot.elevation_rad, shot.azimuth_rad, shot.burnout_m_s)
    assert shot.end.t_s == pytest.approx(time, rel=1e-4)
    assert math.dist(place, shot.end[1:4]) < 30.0  # of some 260 km
    assert shot.apogee_m == pytest.approx(top, rel=1e-4)


def test_the_step_does_not_matter() -> None:
    """Half the step, the same flight: to a thousandth, as asked, and much better.

    Against: itself: half the step.
    """
    for degrees in (25.0, 43.0, 65.0):
        coarse = solved(AIM, math.radians(degrees))
        fine = solved(AIM._replace(step_s=AIM.step_s / 2.0), math.radians(degrees))
        assert coarse.burnout_m_s == pytest.approx(fine.burnout_m_s, rel=1e-5)
        assert coarse.end.t_s == pytest.approx(fine.end.t_s, rel=1e-5)
        assert coarse.apogee_m == pytest.approx(fine.apogee_m, rel=1e-4)


@pytest.mark.parametrize("trajectory", ["least-energy", "lofted", "depressed"])
def test_a_path_ends_at_its_aim(trajectory: str) -> None:
    """The path that the loop flies: from the launch at rest to the aim, smooth between its knots.

    Against: itself: the fall in steps of 0.05 s; the positions of launch and aim.
    """
    path, shot = ballistic_path(AIM, trajectory, None, RATIOS)
    start, end = (np.array(geodetic_to_ecef(*p)).reshape(3) for p in (HERE, THERE))
    assert math.dist(path.position[0], start) < 1e-6 and not path.velocity[0].any()
    assert math.dist(path.position[-1], end) < 1.0
    assert (np.diff(path.t) > 0.0).all() and path.t[-1] == pytest.approx(60.0 + shot.end.t_s)
    place, velocity = burnout(AIM, shot.elevation_rad, shot.azimuth_rad, shot.burnout_m_s)
    for t in np.linspace(0.3, shot.end.t_s - 0.3, 40):
        true = ballistic.fallen(*place, *velocity, t, 0.05, AIM.coefficient_kg_m2, AIM.air, AIM.earth)[-1]
        x, y, z, *_ = evaluate(path.t, path.position, path.velocity, path.lateral, 0, path.t.size, 0, 60.0 + t, 0.0)
        assert math.dist((x, y, z), true[1:4]) < 1.0


def test_least_energy_is_least_and_apogees_are_as_asked() -> None:
    """No other elevation needs less speed; lofted, depressed and given apogees are met.

    Against: brute force: a scan over elevations; the apogees asked for.
    """
    least = least_energy(AIM)
    assert all(solved(AIM, math.radians(d)).burnout_m_s >= least.burnout_m_s - 0.01 for d in range(28, 64, 3))
    for trajectory, ratio in (("lofted", 1.6), ("depressed", 0.6)):
        shot = ballistic_path(AIM, trajectory, None, RATIOS)[1]
        assert shot.apogee_m == pytest.approx(ratio * least.apogee_m, rel=1e-3)
    assert with_apogee(AIM, 60e3).apogee_m == pytest.approx(60e3, abs=50.0)
    with pytest.raises(UnflownError, match="apogee of 3 km; possible: "):
        with_apogee(AIM, 3e3)
