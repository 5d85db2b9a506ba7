"""Surface clutter: reflectivities, spikes and filters against their closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.models import clutter


def test_land_is_constant_gamma() -> None:
    """Cross-section of land per area over the sine of the grazing angle, at 10 GHz.

    Against: closed form: the constant-γ law.
    """
    for gamma in (0.01, 0.3):
        for deg in (0.5, 3.0, 30.0):
            got = float(clutter.land_reflectivity(math.radians(deg), gamma, 10e9))
            assert got == pytest.approx(gamma * math.sin(math.radians(deg)), rel=1e-12)


@pytest.mark.parametrize("frequency_hz", [3e9, 10e9])
def test_the_sea_echoes_more_when_it_is_higher_and_seen_steeper(frequency_hz: float) -> None:
    """Monotony over sea state and grazing angle, at the angles of radars on the ground.

    Against: property: monotony.
    """
    deg = np.array([0.05, 0.1, 0.3, 1.0, 3.0])
    db = np.array([10.0 * np.log10(clutter.sea_reflectivity(np.radians(deg), s, frequency_hz)) for s in range(7)])
    assert (np.diff(db, axis=1) > 0.0).all() and (np.diff(db, axis=0) > 0.0).all()


def test_clutter_like_noise_passes_as_often_as_noise() -> None:
    """Shape 1 and clutter far above the noise: the probability of false alarm for which the threshold was set.

    Against: closed form: exponential distribution of power.
    """
    for p_fa in (1e-4, 1e-6):
        assert float(clutter.spike_probability(1e12, p_fa, 1.0)) == pytest.approx(p_fa, rel=1e-9)


@pytest.mark.parametrize("shape", [0.5, 0.7, 1.0])
def test_spikes_are_the_upper_tail_of_a_weibull_distribution(shape: float) -> None:
    """Share of simulated cells above the threshold.

    Against: brute force: 4 million draws of NumPy's Weibull distribution, four standard errors.
    """
    draws = np.random.default_rng(1).weibull(shape, 4_000_000)
    draws /= math.gamma(1.0 + 1.0 / shape)
    p_fa, residue = 1e-3, 4.0
    got = float(clutter.spike_probability(residue, p_fa, shape))
    share = float((residue * draws > -math.log(p_fa) * (1.0 + residue)).mean())
    assert abs(got - share) < 4.0 * math.sqrt(got / draws.size)


def test_the_filter_halves_at_its_notch_and_is_blind_at_multiples() -> None:
    """Half of the power at the notch speed; nothing at 0 and at every multiple of λ·PRF/2, the same on both sides.

    Against: closed form: the blind speed, and the response at the edge of the notch.
    """
    blind = clutter.blind_speed_m_s(0.1, 1000.0)
    assert blind == pytest.approx(50.0)
    for k in range(-4, 5):
        assert clutter.filter_gain(k * blind, 10.0, blind) == clutter.DEEPEST
        for side in (-10.0, 10.0):
            assert clutter.filter_gain(k * blind + side, 10.0, blind) == pytest.approx(0.5, rel=1e-9)
    assert clutter.filter_gain(240.0, 10.0, math.inf) > 0.999
