"""Radar equation and measurement noise.

Signal-to-noise ratios are those of one pulse, mean over fluctuation, in dB, scaled by σ / R⁴ from a reference
claim ("sees 4 m² at 390 km with p_d 0.5"), which is all that is public for most radars. The same law from a
radar's own figures is :func:`kalkan.physics.radar_equation_snr_db`.

Source: M. I. Skolnik, Radar Handbook, 3rd ed. (2008), chapter 1.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.models.detection import required_snr_db

BOLTZMANN_J_PER_K = 1.380649e-23
LIGHT_M_S = 299792458.0
NOISE_FLOOR_FRACTION = 0.3
"""Share of the reference 1-sigma error that no signal strength removes (kalkan's own simplification)."""


def reference_snr_db(p_d: float, p_fa: float, n_pulses: int, swerling: int) -> float:
    """SNR [dB] that a reference claim implies at its own range and cross-section.

    Raises
    ------
    ValueError
        Unless ``p_fa < p_d < 1``.
    """
    return required_snr_db(p_d, p_fa, n_pulses, swerling)


def claim_constant_db(reference_snr_db: float, reference_range_m: float, reference_rcs_m2: float) -> float:
    """Everything in the law that belongs to the radar, its SNR at 1 m of 1 m² [dB], for `snr_from_constant_db`."""
    return reference_snr_db + 40.0 * math.log10(reference_range_m) - 10.0 * math.log10(reference_rcs_m2)


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
