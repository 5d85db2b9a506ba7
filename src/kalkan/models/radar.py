"""Radar equation and measurement noise.

Signal-to-noise ratios are those of one pulse, mean over fluctuation, in dB. Two forms of the
same law: from the radar's own figures, and scaled from a reference claim ("sees 4 m² at
390 km with p_d 0.5"), which is all that is public for most radars.

Source: M. I. Skolnik, Radar Handbook, 3rd ed. (2008), chapter 1.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.jit import kernel
from kalkan.models.detection import required_snr_db

Floats = NDArray[np.float64]
BOLTZMANN_J_PER_K = 1.380649e-23
LIGHT_M_S = 299792458.0
NOISE_FLOOR_FRACTION = 0.3
"""Share of the reference 1-sigma error that no signal strength removes (kalkan's own simplification)."""


def radar_equation_snr_db(
    power_w: float,
    gain_db: float,
    frequency_hz: float,
    rcs_m2: ArrayLike,
    range_m: ArrayLike,
    *,
    bandwidth_hz: float,
    loss_db: float = 0.0,
    noise_figure_db: float = 0.0,
    temperature_k: float = 290.0,
) -> Floats:
    """SNR [dB] of one pulse of a monostatic radar in free space.

    SNR = P G² λ² σ / ((4π)³ k T B F L R⁴).

    Parameters
    ----------
    power_w, gain_db, frequency_hz : float
        Peak power [W], antenna gain [dB] (both ways the same), carrier frequency [Hz].
    rcs_m2, range_m : array_like
        Cross-section [m²] and slant range [m], broadcast against each other.
    bandwidth_hz, loss_db, noise_figure_db, temperature_k : float
        Receiver bandwidth [Hz], losses [dB], noise figure [dB], reference temperature [K].
    """
    constant_db = (
        _db(power_w)
        + 2.0 * gain_db
        + 2.0 * _db(LIGHT_M_S / frequency_hz)
        - 3.0 * _db(4.0 * math.pi)
        - _db(BOLTZMANN_J_PER_K * temperature_k * bandwidth_hz)
        - noise_figure_db
        - loss_db
    )
    return np.asarray(constant_db + 10.0 * np.log10(rcs_m2) - 40.0 * np.log10(range_m))


def range_for_snr_m(snr_db: ArrayLike, known_snr_db: ArrayLike, known_range_m: ArrayLike) -> Floats:
    """Range [m] at which the SNR is `snr_db` [dB], given one known pair; SNR falls as R⁻⁴."""
    ratio_db = np.asarray(known_snr_db, dtype=np.float64) - np.asarray(snr_db, dtype=np.float64)
    return np.asarray(known_range_m, dtype=np.float64) * 10.0 ** (ratio_db / 40.0)


def reference_snr_db(p_d: float, p_fa: float, n_pulses: int, swerling: int) -> float:
    """SNR [dB] that a reference claim implies at its own range and cross-section.

    Raises
    ------
    ValueError
        Unless ``p_fa < p_d < 1``.
    """
    return required_snr_db(p_d, p_fa, n_pulses, swerling)


def snr_db(
    reference_snr_db: ArrayLike,
    reference_range_m: ArrayLike,
    reference_rcs_m2: ArrayLike,
    rcs_m2: ArrayLike,
    range_m: ArrayLike,
) -> Floats:
    """SNR [dB] of one pulse, scaled from a reference claim by σ / R⁴ (free space, no absorption).

    All arguments broadcast: SNR [dB], slant range [m] and cross-section [m²] of the reference,
    cross-section [m²] and slant range [m] of the target.
    """
    rcs, reference_rcs = np.asarray(rcs_m2, dtype=np.float64), np.asarray(reference_rcs_m2, dtype=np.float64)
    away, reference_away = (
        np.asarray(range_m, dtype=np.float64),
        np.asarray(reference_range_m, dtype=np.float64),
    )
    reference = np.asarray(reference_snr_db, dtype=np.float64)
    return reference + 10.0 * np.log10(rcs / reference_rcs) - 40.0 * np.log10(away / reference_away)


def claim_constant_db(reference_snr_db: float, reference_range_m: float, reference_rcs_m2: float) -> float:
    """Everything in `snr_db` that belongs to the radar, in one number [dB] for `snr_from_constant_db`."""
    return reference_snr_db + 40.0 * math.log10(reference_range_m) - _db(reference_rcs_m2)


@kernel
def snr_from_constant_db(constant_db: float, rcs_dbsm: float, range_m: float) -> float:
    """SNR [dB] from `claim_constant_db`, a cross-section [dB above 1 m²] and a slant range [m] > 0."""
    return constant_db + rcs_dbsm - 40.0 * math.log10(range_m)


@kernel
def measurement_sigma(
    sigma_reference: float, snr_reference_db: float, snr_db: float, floor: float = NOISE_FLOOR_FRACTION
) -> float:
    """1-sigma error of one coordinate at an SNR [dB], in the unit of `sigma_reference`.

    sigma = sigma_reference * sqrt(snr_reference / snr), never below `floor` of the
    reference. The square-root law is the large-signal limit of angle and delay estimation (Skolnik);
    the floor stands for alignment and propagation errors and is kalkan's own simplification.
    """
    scaled = sigma_reference * 10.0 ** ((snr_reference_db - snr_db) / 20.0)
    return max(scaled, floor * sigma_reference)


def _db(ratio: float) -> float:
    return 10.0 * math.log10(ratio)
