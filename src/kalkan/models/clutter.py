"""Surface clutter: what land and sea send back, and what a moving-target filter leaves of it and of a target.

Land follows the constant-γ law, σ⁰ = γ sin ψ with ψ the grazing angle (D. K. Barton, Land Clutter Models for Radar
Design and Analysis, Proc. IEEE 73 (1985) 198; γ grows with the square root of the frequency).
Sea follows NRL's fit to measurements from 0.1° to 60° and 0.5 to 35 GHz (V. Gregers-Hansen and R. Mital, An Improved
Empirical Model for Radar Sea Clutter Reflectivity, NRL/MR/5310--12-9346, 2012), horizontal polarisation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.jit import kernel

F8 = NDArray[np.float64]
GAMMA_HZ = 10e9  # frequency to which γ refers
LOWEST_DEG, HIGHEST_DEG = 0.1, 60.0  # grazing angles of the fit; beyond them its ends hold
DEEPEST = 1e-6  # no filter takes more of a target than this


def land_reflectivity(grazing_rad: ArrayLike, gamma: float, frequency_hz: float) -> F8:
    """Cross-section of land per area of ground, σ⁰ [1], at grazing angles [rad] ≥ 0; `gamma` [1] as at 10 GHz."""
    return gamma * math.sqrt(frequency_hz / GAMMA_HZ) * np.sin(np.asarray(grazing_rad, float))


def sea_reflectivity(grazing_rad: ArrayLike, sea_state: int, frequency_hz: float) -> F8:
    """Cross-section of the sea per area, σ⁰ [1], at grazing angles [rad] ≥ 0 and a sea state from 0 to 6.

    Below 0.1° it falls on in proportion to the angle (kalkan's own simplification).
    """
    given = np.degrees(np.asarray(grazing_rad, float))
    deg = np.clip(given, LOWEST_DEG, HIGHEST_DEG)
    of_frequency = (27.5 + 7.351 * deg) * math.log10(frequency_hz / 1e9) / (1.0 + 0.95 * deg)
    of_sea = 25.65 * (1.0 + sea_state) ** (1.0 / (2.0 + 0.085 * deg + 0.033 * sea_state))
    in_db = -73.0 + 20.78 * np.log10(np.sin(np.radians(deg))) + of_frequency + of_sea + 0.0054 * deg * deg
    return np.asarray(10.0 ** (in_db / 10.0) * np.minimum(given / LOWEST_DEG, 1.0))


def spike_probability(residue_to_noise: ArrayLike, p_fa: float, shape: float) -> F8:
    """Probability [1] that a cell with clutter passes the threshold that its mean power sets.

    Where noise alone passes with `p_fa`, the threshold is -ln(p_fa) times the mean; clutter of a Weibull distribution
    of power with this `shape` [1] (1: as noise; less: spikier) exceeds it more often. Source: M. I. Skolnik,
    Introduction to Radar Systems, 3rd ed. (2001), section 7.5; that noise and clutter do not add up to a spike is
    kalkan's own simplification.

    Parameters
    ----------
    residue_to_noise : array_like
        Clutter that the filter leaves, over noise [1].
    """
    clutter = np.maximum(np.asarray(residue_to_noise, float), 1e-30)
    over_mean = -math.log(p_fa) * (1.0 + clutter) / clutter
    return np.asarray(np.exp(-((over_mean * math.gamma(1.0 + 1.0 / shape)) ** shape)))


def blind_speed_m_s(wavelength_m: float, pulse_repetition_hz: float) -> float:
    """First blind speed [m/s] of a moving-target filter, λ·PRF/2, of which others are multiples (Skolnik 2001, 3.1)."""
    return 0.5 * wavelength_m * pulse_repetition_hz


@kernel
def filter_gain(rate_m_s: float, notch_m_s: float, blind_m_s: float) -> float:
    """Share of a target's power [1] that a moving-target filter lets through.

    Parameters
    ----------
    rate_m_s : float
        Range rate of the target [m/s].
    notch_m_s : float
        At which the filter halves it [m/s].
    blind_m_s : float
        First blind speed [m/s]; inf: staggered pulses, none.

    Notes
    -----
    The notch is a high-pass of second order around every multiple of the blind speed: kalkan's own simplification.
    """
    off = abs(rate_m_s)
    if blind_m_s < math.inf:
        off = abs(off - blind_m_s * math.floor(off / blind_m_s + 0.5))
    ratio = (off / notch_m_s) ** 4
    return max(ratio / (1.0 + ratio), DEEPEST)
