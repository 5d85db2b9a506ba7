"""What must hold of absorption, rain and lobing whatever the numbers; then the same of the whole engine."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalkan.earth.geodesy import MEAN_RADIUS_M
from kalkan.kernels.weather import weather_loss_db
from kalkan.models import multipath
from kalkan.models.propagation import Air, excess_db, loss_db
from kalkan.physics import snr_db
from kalkan.scenario import parse
from tests.engine.harness import compiled, raid, run, scenario

frequencies = st.floats(1e9, 18e9)
ranges = st.floats(100.0, 600e3)
tangents = st.floats(-0.02, 3.0)
antennas = st.floats(2.0, 3000.0)
rates = st.floats(0.0, 150.0)


@settings(deadline=None)
@given(frequencies, ranges, tangents, antennas, rates, rates)
def test_more_rain_never_loses_less(f, slant, tangent, antenna, one, other):
    """More rain never loses less.

    Against: property: monotony, random paths.
    """
    less, more = sorted((one, other))
    path = {"frequency_hz": f, "antenna_m": antenna}
    dry = loss_db(slant, tangent, **path)
    lost = [loss_db(slant, tangent, air=Air(rain_rate_mm_h=x), **path) for x in (less, more)]
    assert 0.0 <= dry <= lost[0] <= lost[1]


@settings(deadline=None)
@given(frequencies, ranges, ranges, tangents, antennas, rates)
def test_a_longer_way_never_loses_less(f, one, other, tangent, antenna, rate):
    """A longer way never loses less.

    Against: property: monotony, random paths.
    """
    near, far = sorted((one, other))
    lost = loss_db(
        np.array([near, far]), tangent, frequency_hz=f, antenna_m=antenna, air=Air(rain_rate_mm_h=rate)
    )
    assert lost[0] <= lost[1] * (1.0 + 1e-3) + 1e-6  # the integral's own error


@settings(deadline=None)
@given(frequencies, ranges, tangents, antennas)
def test_no_rain_is_clear_air_bit_for_bit(f, slant, tangent, antenna):
    """No rain is clear air, bit for bit.

    Against: property: limit, random paths.
    """
    air = Air(rain_rate_mm_h=0.0, rain_top_m=2000.0, rain_extent_m=5000.0)
    path = {"frequency_hz": f, "antenna_m": antenna}
    assert loss_db(slant, tangent, air=air, **path) == loss_db(slant, tangent, **path)


@settings(deadline=None)
@given(frequencies, st.floats(50e3, 400e3), rates, rates)
def test_more_rain_never_detects_farther(f, claimed_m, one, other):
    """More rain never detects farther: the range at which the SNR of the claim is reached, along a ray of 1°.

    Against: property: monotony, random claims.
    """
    less, more = sorted((one, other))
    slant, tangent = np.linspace(1e3, 500e3, 400), math.tan(math.radians(1.0))
    reach = []
    for rate in (less, more):
        lost = excess_db(
            slant, tangent, claimed_m, frequency_hz=f, antenna_m=20.0, air=Air(rain_rate_mm_h=rate)
        )
        reach.append(slant[snr_db(13.0, claimed_m, 1.0, 1.0, slant) - lost >= 13.0].max(initial=0.0))
    assert reach[1] <= reach[0]


@settings(deadline=None)
@given(
    st.floats(2.0, 2000.0), st.floats(0.5, 15e3), st.floats(0.01, 0.99), st.floats(0.017, 0.3), st.floats(0.0, 2.0)
)  # fmt: skip
def test_the_pattern_factor_is_bounded_and_reciprocal(h1, h2, share, wavelength, sigma):
    """The pattern factor is at most the sum of two rays, and antenna and target may change places.

    Against: property: bounds and reciprocity, random geometries.
    """
    radius = 8.495e6
    ground = share * math.sqrt(2.0 * radius) * (math.sqrt(h1) + math.sqrt(h2))
    water = multipath.sea_permittivity(multipath.LIGHT_M_S / wavelength)
    there = multipath.pattern_factor(h1, h2, ground, radius, wavelength, water, sigma, math.inf)
    back = multipath.pattern_factor(h2, h1, ground, radius, wavelength, water, sigma, math.inf)
    assert 0.0 < there <= 2.0
    phase = 2.0 * math.pi * multipath.reflection(h1, h2, ground, radius)[2] / wavelength
    assert there == pytest.approx(back, abs=1e-6 * (1.0 + phase))


# -- the engine -------------------------------------------------------------------------------
FAR = raid("alpha", 4, 36.8, 33.0, width=20, spacing=10)


def observed(weather: str, n: int = 30, mast: str = ""):
    plan_of = compiled(scenario(FAR, perfect=False, units=1, horizon="20 min", extra=weather + mast))
    return plan_of, run(plan_of, n)


@pytest.fixture(scope="module")
def clear():
    return observed("[weather]\n")


def test_no_rain_changes_no_bit(clear):
    """The whole engine with rain of 0 mm/h gives the bits of clear air.

    Against: property: limit.
    """
    _, dry = observed('[weather]\nrain_rate = "0 mm/h"\n')
    for name, value in vars(clear[1]).items():
        if name != "labels":
            np.testing.assert_array_equal(value, getattr(dry, name), err_msg=name)


def test_cloudburst_blinds_the_engagement_radar(clear):
    """50 mm/h at X band: held later, ordered more often in vain."""
    _, wet = observed('[weather]\nrain_rate = "50 mm/h"\n')
    first_m, wet_first_m = (np.nanmean(r.threat_first_launch_range_m) for r in (clear[1], wet))
    assert wet_first_m < 0.75 * first_m
    assert wet.not_held.sum() > clear[1].not_held.sum()


def first_plot_km(result) -> float:
    return float(np.nanmean(result.threat_first_plot_range_m)) / 1e3


def test_rain_costs_the_acquisition_radar_less_and_in_order(clear):
    """The more rain, the later the acquisition radar's first plot.

    Against: property: monotony.
    """
    reach = [first_plot_km(clear[1])]
    for rate in (20, 100):
        reach.append(first_plot_km(observed(f'[weather]\nrain_rate = "{rate} mm/h"\n')[1]))
    assert reach[0] > reach[1] > reach[2]


@pytest.mark.parametrize("rain", ["", 'rain_rate = "20 mm/h"\nrain_height = "3 km"\nrain_extent = "40 km"\n'])
def test_what_the_loop_subtracts_is_the_pure_function(rain):
    """What the loop subtracts for weather, for every radar, over range and elevation, to 0.03 dB.

    Against: itself: the path integral of this chapter.
    """
    plan_of = compiled(scenario(FAR, perfect=False, units=1, extra="[weather]\n" + rain))
    weather = plan_of.plan.weather
    weather = weather._replace(radars=weather.radars.view(np.recarray))
    radars = plan_of.plan.radars.view(np.recarray)
    air = Air(rain_rate_mm_h=20.0, rain_top_m=3e3, rain_extent_m=40e3) if rain else Air()
    claims = {"set/91N6E": (3e9, 390e3), "set/96L6E": (3.11e9, 200e3), "set/1/92N6E": (10e9, 200e3)}
    for r, (f, claimed_m) in enumerate(claims[name] for name in plan_of.labels["radar"]):
        for slant, tangent in ((5e3, 0.3), (60e3, 0.0), (60e3, 0.05), (180e3, 0.002), (180e3, 0.02)):
            radius_m = 4.0 / 3.0 * MEAN_RADIUS_M
            got = weather_loss_db.py_func(
                weather, r, radars.range_max_m[r], radars.antenna_m[r], radius_m, 0.0, slant, slant, slant, 1000.0,
                tangent,
            )
            expected = excess_db(
                slant, tangent, claimed_m, frequency_hz=f, antenna_m=float(radars.antenna_m[r]), air=air
            )
            assert got == pytest.approx(float(expected), abs=0.03), (r, slant, tangent)


def test_without_weather_nothing_is_made():
    off = compiled(scenario(FAR, perfect=False, units=1)).plan.weather
    assert off.on == 0 and off.gas_db.size == off.sea.size == 1


def test_without_weather_the_scenario_keeps_its_identity():
    text = scenario(FAR)
    assert parse(text).identity != parse(text + "[weather]\n").identity
    assert parse(text + "[weather]\n").identity == parse(text + '[weather]\nrain_rate = "0 mm/h"\n').identity
