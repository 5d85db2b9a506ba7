"""Signature exposure: what looks tell about a cross-section, against brute force and bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod, Transformer
from scipy.integrate import quad
from scipy.special import gammaln, logsumexp
from scipy.stats import ncx2

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.compile.inputs import Inputs
from kalkan.cover.exposure import ALL_ROUND, Airframe, Sectors, expose, passings, watch_of
from kalkan.cover.eyes import eye_of
from kalkan.cover.flown import (
    AZIMUTH,
    COS_ASPECT,
    ELEVATION,
    RCS_DBSM,
    SLANT_M,
    SNR_DB,
    Knots,
    body_angles,
    looks_along,
)
from kalkan.cover.laydown import lay_down
from kalkan.kernels.plan import SNR_MIN_DB, SNR_STEP_DB
from kalkan.models.detection import probability_of_detection, shape_of, threshold
from kalkan.models.exposure import (
    fresh_share,
    in_db,
    look_variance,
    luneburg_rcs_m2,
    masked_shape,
    relative_error,
    unmasked_error,
)
from kalkan.models.trajectory import build_paths
from kalkan.scenario import parse
from kalkan.schema import FRIENDLY
from tests.engine import harness

CASES = [(swerling, n, snr) for swerling in range(5) for n in (1, 10) for snr in (0.05, 1.0, 30.0)]


def sums(rng, swerling, n_pulses, snr, looks):
    """Sums of the power of looks, pulse by pulse: complex noise of unit power on echoes that fluctuate by the class."""
    degrees = {0: None, 1: 1, 2: 1, 3: 2, 4: 2}[swerling]  # pairs of degrees of freedom
    per = {0: 1, 1: 1, 2: n_pulses, 3: 1, 4: n_pulses}[swerling]  # fluctuations of a look
    power = np.full((looks, per), snr) if degrees is None else rng.gamma(degrees, snr / degrees, (looks, per))
    noise = rng.normal(scale=math.sqrt(0.5), size=(2, looks, n_pulses))
    return ((np.sqrt(power) + noise[0]) ** 2 + noise[1] ** 2).sum(axis=1)


@pytest.mark.parametrize(("swerling", "n_pulses", "snr"), CASES)
def test_variance_of_one_look(swerling, n_pulses, snr):
    """Mean and variance of the cross-section that one look estimates, Swerling 0 to 4.

    Against: brute force: 300,000 looks made of pulses with noise.
    """
    rng = np.random.default_rng(11)
    looks = np.concatenate([sums(rng, swerling, n_pulses, snr, 50_000) for _ in range(6)])
    estimate = (looks - n_pulses) / (n_pulses * snr)
    v = float(look_variance(snr, shape_of(swerling, n_pulses), n_pulses))
    assert estimate.mean() == pytest.approx(1.0, abs=5.0 * math.sqrt(v / looks.size))
    assert estimate.var() == pytest.approx(v, rel=0.05)


@pytest.mark.parametrize("snr", [0.01, 1.0, 100.0])
def test_one_pulse_of_an_exponential_reaches_the_bound(snr):
    """One pulse of a Swerling 1 target: the relative variance is (1 + 1/S)², the inverse of Fisher's information.

    Against: closed form: the Cramér-Rao bound of an exponential mean.
    """
    assert float(look_variance(snr, 1.0, 1)) == pytest.approx((1.0 + 1.0 / snr) ** 2, rel=1e-12)


def log_density(y, snr, shape, n_pulses):
    """Logarithm of the density of a look's sum: a mixture of gamma variables, as of the probability of detection."""
    k = np.arange(int(n_pulses * snr * 40 + 200))
    mean = n_pulses * snr
    if math.isinf(shape):
        return math.log(2.0) + ncx2.logpdf(2.0 * y, 2 * n_pulses, 2.0 * mean)
    weight = gammaln(shape + k) - gammaln(k + 1) - gammaln(shape) - k * np.log1p(shape / mean)
    weight = weight - shape * np.log1p(mean / shape)
    return logsumexp(weight + (n_pulses + k - 1) * np.log(y) - y - gammaln(n_pulses + k))


@pytest.mark.parametrize("swerling", [0, 1, 3])
@pytest.mark.parametrize("snr", [0.3, 3.0])
def test_no_look_beats_the_bound(swerling, snr):
    """With ten pulses the linear estimate lies above the Cramér-Rao bound, and by less than a tenth.

    Against: closed form: Fisher's information by quadrature of the exact density.
    """
    n_pulses, shape, step = 10, shape_of(swerling, 10), 1e-4

    def slope_squared(y):
        low, high = (log_density(y, snr * (1.0 + s), shape, n_pulses) for s in (-step, step))
        return ((high - low) / (2.0 * step)) ** 2 * math.exp(log_density(y, snr, shape, n_pulses))

    top = n_pulses * (1.0 + snr) * 12.0 + 40.0
    information = quad(slope_squared, 1e-6, top, limit=200, points=(n_pulses, n_pulses * (1.0 + snr)))[0]
    v = float(look_variance(snr, shape, n_pulses))
    assert 1.0 - 1e-4 <= v * information < 1.1


def test_looks_at_several_distances_add_up():
    """The error of the mean over looks of unlike SNR, weighted by what is estimated itself.

    Against: brute force: 4000 campaigns of 120 looks, weights from a first estimate.
    """
    rng, snr = np.random.default_rng(5), np.repeat([0.2, 1.0, 5.0], 40)
    per = np.stack([sums(rng, 1, 10, s, 4000) for s in snr], axis=1)
    single = (per - 10.0) / (10.0 * snr)
    first = np.maximum(single.mean(axis=1, keepdims=True), 0.2)
    weight = 1.0 / look_variance(snr * first, 1.0, 10)
    found = (weight * single).sum(axis=1) / weight.sum(axis=1)
    expected = float(relative_error((1.0 / look_variance(snr, 1.0, 10)).sum()))
    assert found.std() == pytest.approx(expected, rel=0.05)


def test_looks_that_share_a_fluctuation_average_their_noise_only():
    """Five looks within the angle of decorrelation bring together what one brings, with a fifth of its noise.

    Against: brute force: 200,000 groups of looks with one fluctuation each.
    """
    rng, m, snr = np.random.default_rng(3), 5, 2.0
    power = rng.exponential(snr, (200_000, 1))
    noise = rng.normal(scale=math.sqrt(0.5), size=(2, 200_000, m))
    single = ((np.sqrt(power) + noise[0]) ** 2 + noise[1] ** 2 - 1.0) / snr
    expected = relative_error(m / look_variance(snr, 1.0, 1, 1.0 / m))
    assert single.mean(axis=1).std() == pytest.approx(float(expected), rel=0.02)


def test_plots_of_an_exponential_tell_as_much_as_looks_that_are_detected():
    """Of a Swerling 1 target and one pulse, a plot's excess over the threshold is exponential again: information times
    the probability of detection.

    Against: brute force: 20,000 campaigns; closed form: an exponential has no memory.
    """
    rng, snr, p_fa, looks = np.random.default_rng(8), 4.0, 1e-3, 200
    level = threshold(p_fa, 1)
    y = rng.exponential(1.0 + snr, (20_000, looks))
    seen = y > level
    found = (np.where(seen, y - level, 0.0).sum(axis=1) / seen.sum(axis=1) - 1.0) / snr
    p_d = float(probability_of_detection(10.0 * math.log10(snr), p_fa, 1, 1))
    expected = float(relative_error(looks * p_d / look_variance(snr, 1.0, 1)))
    assert found.std() == pytest.approx(expected, rel=0.02)


def test_echoes_decorrelate_over_half_a_wavelength_per_extent():
    """A line of scatterers seen over λ/(2 L) has lost its first look's correlation; over a quarter of that it has not.

    Against: brute force: 2001 scatterers of random phase, 2000 targets.
    """
    rng, wavelength, extent = np.random.default_rng(2), 0.03, 15.0
    x = np.linspace(-extent / 2.0, extent / 2.0, 2001)
    amplitude = np.exp(2j * np.pi * rng.random((2000, x.size)))
    angle = wavelength / (2.0 * extent)

    def echo(turned):
        return amplitude @ np.exp(4j * np.pi / wavelength * x * math.sin(turned))

    here = echo(0.0)
    correlation = [abs(np.vdot(here, echo(share * angle))) / np.vdot(here, here).real for share in (1.0, 0.25)]
    assert correlation[0] < 0.08 and correlation[1] > 0.85
    assert fresh_share([0.25 * angle, angle, 3.0 * angle, np.inf], wavelength, extent) == pytest.approx([0.25, 1, 1, 1])
    none = fresh_share(0.0, wavelength, extent)
    assert np.isinf(look_variance(1.0, 1.0, 1, none)) and look_variance(1.0, np.inf, 1, none) == 3.0


@pytest.mark.parametrize(("rcs", "reflector", "swerling"), [(0.5, 2.0, 1), (1.0, 0.3, 3), (0.01, 1.0, 1)])
def test_a_reflector_steadies_the_echo(rcs, reflector, swerling):
    """Mean over standard deviation of the echo of an aircraft with a steady reflector in one cell.

    Against: brute force: a million sums of two echoes with a phase of their own.
    """
    rng = np.random.default_rng(4)
    shape = shape_of(swerling, 1)
    a = rng.gamma(shape, rcs / shape, 1_000_000)
    power = np.abs(np.sqrt(reflector) + np.sqrt(a) * np.exp(2j * np.pi * rng.random(a.size))) ** 2
    assert power.mean() == pytest.approx(rcs + reflector, rel=0.005)
    assert power.mean() ** 2 / power.var() == pytest.approx(float(masked_shape(rcs, reflector, shape)), rel=0.01)
    assert float(masked_shape(rcs, 0.0, shape)) == pytest.approx(shape)


def test_what_is_taken_off_leaves_its_error():
    """Error of an aircraft's own cross-section when a reflector ten times as large is taken off the measured sum.

    Against: brute force: a million campaigns with normal errors.
    """
    rng, rcs, reflector, information = np.random.default_rng(9), 0.1, 1.0, 400.0
    n = rng.normal(size=(3, 1_000_000))
    measured = (rcs + reflector) * (1.0 + n[0] / math.sqrt(information) + 0.1 * n[1])
    own = measured - reflector * (1.0 + 0.2 * n[2])
    expected = float(unmasked_error(information, rcs, reflector, calibration=0.1, known=0.2))
    assert own.mean() == pytest.approx(rcs, abs=0.001)
    assert own.std() / rcs == pytest.approx(expected, rel=0.005)
    level = 0.02 * np.mean(1.0 / np.array([0.1, 0.4]))  # of two looks that weigh the same
    expected = float(unmasked_error(1e12, rcs, 0.0, calibration=0.0, known=0.2, background=level))
    assert np.std([np.mean([-e / 0.1, -e / 0.4]) for e in 0.02 * n[0][:100_000]]) == pytest.approx(expected, rel=0.01)
    assert float(unmasked_error(1e12, rcs, 0.0, calibration=0.0, known=0.2)) == pytest.approx(1e-6)


def test_a_lens_reflects_like_a_plate_of_its_size():
    """A lens of 10 cm at 10 GHz and 3 GHz.

    Against: closed form: 4π³ a⁴ / λ².
    """
    assert float(luneburg_rcs_m2(0.1, 0.03)) == pytest.approx(4 * math.pi**3 * 0.05**4 / 0.03**2, rel=1e-12)
    assert float(luneburg_rcs_m2(0.1, 0.1)) == pytest.approx(0.0775, rel=1e-3)
    assert in_db(1.0) == pytest.approx(3.0103, abs=1e-4) and np.isinf(in_db(relative_error(0.0)))


# -- looks along flown paths -----------------------------------------------------------------------------
PASS = """
[[flights]]
name = "pass"
type = "{kind}"
count = 3
route = [
  {{ position = [37.4, 32.0], altitude = "8 km MSL" }},
  {{ position = [38.8, 33.3], altitude = "8 km MSL" }},
  {{ position = [37.6, 34.4], altitude = "8 km MSL" }},
]
formation_width = "30 km"
route_jitter = "5 km"
start = "5 min"
"""


@pytest.mark.parametrize("kind", ["f-16c", "f-35a"])
def test_as_many_plots_as_the_loop_makes(kind):
    """Expected plots of each search radar on three friends that fly past, within four standard errors and half a
    look of each.

    Against: itself: the loop, which takes every look with its own beam and draws every detection and every jitter.
    """
    scenario = parse(harness.scenario(harness.raid(lat=30.0, spacing=0), perfect=False, horizon="45 min",
                                      extra=PASS.format(kind=kind)))  # fmt: skip
    catalogue = load_catalogue()
    compiled = compile_scenario(scenario, catalogue)
    compiled.plan.pictures["reaction_s"] = 1e6  # nobody is shot at
    friends = np.flatnonzero(compiled.plan.threats["side"] == FRIENDLY)
    compiled.plan.threats["duration_s"][compiled.plan.threats["side"] != FRIENDLY] = 0.0
    replications = 60
    plots = harness.run(compiled, replications).plots
    laydown, number = lay_down(scenario, catalogue, kind), Inputs(catalogue, scenario.assume).number
    plan = compiled.plan
    flights = passings(plan.knots, plan.paths, plan.threats, friends, float(friends.size))
    body = Airframe(15.0, np.zeros(laydown.radars.size))
    for r, name in enumerate(laydown.radar_names):
        watch = watch_of(laydown, r, False, number)
        assert (watch is None) == ("92N6E" in name)
        if watch is not None:
            found = expose(laydown, r, flights, watch, body, "S", Sectors())
            seen, mean = plots[:, compiled.labels["radar"].index(name)], float(found.plots.sum())
            slack = 4.0 * seen.std() / math.sqrt(replications) + 0.5 * friends.size
            assert mean > 30.0 and abs(seen.mean() - mean) < slack, name
            assert found.looks.sum() * watch.period_s == pytest.approx(found.dwell_s.sum())


def straight(lat_deg, lon_deg, height_m=9000.0, speed=250.0):
    """Knots of a path that flies north at a height, a hundred seconds long."""
    route = ([lat_deg, lat_deg + 0.2], [lon_deg] * 2, [height_m] * 2, ["sea"] * 2, [speed])
    path = build_paths(*route, lambda a, b: 0.0)[0]
    return Knots(path.t, path.position, path.velocity, path.lateral)


def test_one_look_is_the_radar_equation_from_where_the_radar_stands():
    """Slant range, SNR and aspect of an aircraft that flies north, seen from the west and a little below.

    Against: program: positions and azimuths by PROJ; closed form: radar equation.
    """
    laydown = lay_down(parse(harness.scenario(harness.raid(), perfect=False)), load_catalogue(), "f-16c")
    eye, rcs = eye_of(laydown, 0), np.array([1.0, 10.0, 3.0])
    row = np.ascontiguousarray(laydown.p_d[0, 1])
    look = looks_along(eye, straight(39.0, 34.0), 0.0, np.array([0.5]), *ALL_ROUND, rcs, 2.0, row, SNR_MIN_DB,
                       1.0 / SNR_STEP_DB)[0]  # fmt: skip
    turn = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    there, here = (np.array(turn.transform(lon, 39.0, h)) for lon, h in ((34.0, 9000.0), (33.0, eye.h0_m)))
    slant = np.linalg.norm(there - here)
    assert look[SLANT_M] == pytest.approx(slant, abs=130.0)
    back = Geod(ellps="WGS84").inv(34.0, 39.0 + 0.5 * 250.0 / 111e3, 33.0, 39.0)[0]
    assert math.degrees(look[AZIMUTH]) == pytest.approx(back, abs=0.1) and look[AZIMUTH] < 0.0  # to the left
    up = there / np.linalg.norm(there)  # within 0.2° of the ellipsoid's
    below = math.degrees(math.asin((here - there) @ up / slant))
    assert math.degrees(look[ELEVATION]) == pytest.approx(below, abs=0.25)
    assert look[RCS_DBSM] == pytest.approx(10.0 - 9.0 * look[COS_ASPECT] ** 2, abs=1e-9)
    sum_db = 10.0 * math.log10(10.0 ** (0.1 * look[RCS_DBSM]) + 2.0)
    assert look[SNR_DB] == pytest.approx(eye.snr_1m_db + sum_db - 40.0 * math.log10(look[SLANT_M]), abs=0.02)


def test_a_turn_shows_the_belly_to_whoever_is_outside():
    """In a level turn to the right the wings bank by atan(v²/(g R)); a radar at the same height outside the turn is
    seen so far below their plane.

    Against: closed form: coordinated turn.
    """
    bank = math.atan(250.0**2 / (9.80665 * 8000.0))
    lift = (250.0**2 / 8000.0, 0.0, 9.80665)  # flying north (y), turning to the east (x), z up
    outside = body_angles((-1.0, 0.0, 0.0), (0.0, 250.0, 0.0), lift)
    inside = body_angles((1.0, 0.0, 0.0), (0.0, 250.0, 0.0), lift)
    assert outside[0] == pytest.approx(-0.5 * math.pi) and outside[1] == pytest.approx(-bank)
    assert inside[0] == pytest.approx(0.5 * math.pi) and inside[1] == pytest.approx(bank)
    level = body_angles((0.0, math.cos(0.1), math.sin(0.1)), (0.0, 1.0, 0.0), (0.0, 0.0, 9.8))
    assert level == pytest.approx((0.0, 0.1))


def test_sectors_are_centred_on_the_nose_and_the_plane_of_the_wings():
    """The nose, beams, tail and the edges between sectors of 15 by 10 degrees.

    Against: closed form: counting.
    """
    sectors = Sectors()
    assert sectors.shape == (24, 19)
    azimuth = np.radians([0.0, 7.4, -7.4, 7.6, 90.0, -90.0, 180.0, -180.0])
    a, e = sectors.of(azimuth, np.radians([0.0, 4.9, -4.9] * 3)[:8])
    assert a.tolist() == [0, 0, 0, 1, 6, 18, 12, 12] and set(e.tolist()) == {9}
    assert sectors.of(np.zeros(2), np.radians([-90.0, 90.0]))[1].tolist() == [0, 18]
