"""Noise jamming: how far a jammer raises a radar's noise, and from where on its target burns through.

A jammer that radiates P·G over a bandwidth B adds, at the distance R and through the receiving gain G_r, a noise
density of ``P G / B · G_r λ² / ((4π)² R²)``, to be held against the receiver's own ``k T F``. Signals compete with
the sum of both: S / (N + J). What pulse compression and integration do to a signal they do against either noise, so
that densities suffice.

Sources: D. L. Adamy, EW 101 (2001), chapter 9; B. R. Mahafza, Radar Systems Analysis and Design Using MATLAB, 3rd ed.
(2013), section 1.8; M. I. Skolnik, Introduction to Radar Systems, 3rd ed. (2001), sections 9.2 and 9.5.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.models.radar import BOLTZMANN_J_PER_K

STANDARD_NOISE_K = 290.0  # to which noise figures refer
GAIN_OF_A_SQUARE_DEGREE = 26_000.0
_HALF_POWER = 4.0 * math.log(2.0)
_LOWEST_EXPONENT = 40.0


def gain_of_beam(azimuth_rad: float, elevation_rad: float) -> float:
    """Gain [1] of an antenna from its half-power beamwidths [rad]: 26 000 over their product in degrees.

    Source: Skolnik (2001), section 9.2.
    """
    return GAIN_OF_A_SQUARE_DEGREE / (math.degrees(azimuth_rad) * math.degrees(elevation_rad))


def jam_to_noise_at_1m(
    effective_power_w: float, bandwidth_hz: float, gain: float, wavelength_m: float, noise_figure_db: float
) -> float:
    """Jamming over noise [1] of a jammer at 1 m in the peak of the main lobe; it falls with the distance squared.

    Parameters
    ----------
    effective_power_w : float
        Power times gain of the jammer [W].
    bandwidth_hz : float
        Over which it is spread [Hz].
    gain : float
        Of the radar's antenna on reception [1].
    wavelength_m, noise_figure_db : float
        Of the radar [m], [dB].
    """
    density = effective_power_w / bandwidth_hz * gain * (wavelength_m / (4.0 * math.pi)) ** 2
    return density / (BOLTZMANN_J_PER_K * STANDARD_NOISE_K * 10.0 ** (noise_figure_db / 10.0))


@kernel
def pattern(beams_azimuth: float, beams_elevation: float, sidelobe: float) -> float:
    """One-way gain [1] over the peak, so many half-power beamwidths off it in azimuth and in elevation.

    A Gaussian main lobe, and `sidelobe` [1] wherever that is more (kalkan's own simplification: side lobes are their
    mean, and the back is as the sides).
    """
    exponent = _HALF_POWER * (beams_azimuth * beams_azimuth + beams_elevation * beams_elevation)
    return sidelobe if exponent > _LOWEST_EXPONENT else max(math.exp(-exponent), sidelobe)


def self_screening_range_m(snr_1m: float, rcs_m2: float, jam_1m: float, required: float) -> float:
    """Range [m] within which a radar sees a target that carries a jammer.

    The larger root of ``S = snr_1m σ / R⁴ / (1 + jam_1m / R²)``; with the noise neglected
    ``sqrt(snr_1m σ / (jam_1m S))``, the usual closed form.

    Parameters
    ----------
    snr_1m : float
        Signal over noise of 1 m² at 1 m [1].
    rcs_m2 : float
        [m²]
    jam_1m : float
        Of :func:`jam_to_noise_at_1m` [1].
    required : float
        Signal over noise and jamming that detection needs [1].
    """
    half = 0.5 * jam_1m
    signal = snr_1m * rcs_m2 / required
    return math.sqrt(signal / (half + math.sqrt(half * half + signal)))


def stand_off_range_m(snr_1m: float, rcs_m2: float, jam_to_noise: float, required: float) -> float:
    """Range [m] within which a radar sees a target while a jammer stands elsewhere.

    Parameters
    ----------
    snr_1m, rcs_m2, required : float
        As for :func:`self_screening_range_m`.
    jam_to_noise : float
        Jamming over noise in the receiver [1], by distance and pattern.
    """
    return float((snr_1m * rcs_m2 / (required * (1.0 + jam_to_noise))) ** 0.25)
