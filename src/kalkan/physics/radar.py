"""What a radar receives: the radar equation, its form scaled from a claim, cross-sections, measurement errors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kalkan.models import radar, signature
from kalkan.physics.arguments import elementwise, number, numbers, plain, together

_from_constant_db = elementwise(radar.snr_from_constant_db)
_aspect_dbsm = elementwise(signature.aspect_rcs_dbsm)
_sigma = elementwise(radar.measurement_sigma)


def radar_equation_snr_db(
    power_w: float, gain_db: float, frequency_hz: float, rcs_m2: ArrayLike, range_m: ArrayLike, *,
    bandwidth_hz: float, loss_db: float = 0.0, noise_figure_db: float = 0.0, temperature_k: float = 290.0,
) -> Any:  # fmt: skip
    """Signal-to-noise ratio of one pulse from the radar's own figures, in free space.

    SNR = P G² λ² σ / ((4π)³ k T B F L R⁴).

    Parameters
    ----------
    power_w, gain_db, frequency_hz : float
        Peak power [W], antenna gain [dB] (both ways the same), carrier frequency [Hz].
    rcs_m2, range_m : array_like
        Radar cross-section [m²] and slant range [m], any shapes that broadcast.
    bandwidth_hz, loss_db, noise_figure_db, temperature_k : float
        Receiver bandwidth [Hz], losses [dB], noise figure [dB], reference temperature [K].

    Returns
    -------
    float64, broadcast shape
        SNR, mean over fluctuation [dB].

    Raises
    ------
    ValueError
        A figure, a cross-section or a range is not above 0.

    Notes
    -----
    The loop uses the same law in the form of :func:`snr_db`: claims of range are all that is public of most radars.

    References
    ----------
    M. I. Skolnik, Radar Handbook, 3rd ed. (2008), ISBN 978-0-07-148547-0, chapter 1.

    Examples
    --------
    A megawatt at 3 GHz against 1 m², at 100 and 200 km: twice the range costs 12 dB.

    >>> from kalkan import physics
    >>> physics.radar_equation_snr_db(1e6, 40, 3e9, 1.0, [100e3, 200e3], bandwidth_hz=1e6).round(2)
    array([30.99, 18.95])
    """
    power, gain = number("power_w", power_w, "W", 0.0, above=True), number("gain_db", gain_db, "dB")
    frequency = number("frequency_hz", frequency_hz, "Hz", 0.0, above=True)
    bandwidth = number("bandwidth_hz", bandwidth_hz, "Hz", 0.0, above=True)
    kelvin = number("temperature_k", temperature_k, "K", 0.0, above=True)
    lost = number("loss_db", loss_db, "dB") + number("noise_figure_db", noise_figure_db, "dB")
    rcs, away = _target(rcs_m2, range_m)
    noise = radar.BOLTZMANN_J_PER_K * kelvin * bandwidth
    constant = power * (radar.LIGHT_M_S / frequency) ** 2 / ((4.0 * math.pi) ** 3 * noise)
    constant_db = 10.0 * math.log10(constant) + 2.0 * gain - lost
    return plain(_from_constant_db(constant_db, 10.0 * np.log10(rcs), away))


def snr_db(
    reference_snr_db: float, reference_range_m: float, reference_rcs_m2: float, rcs_m2: ArrayLike, range_m: ArrayLike
) -> Any:
    """Signal-to-noise ratio of one pulse, scaled from a claim of range by σ / R⁴.

    Parameters
    ----------
    reference_snr_db, reference_range_m, reference_rcs_m2 : float
        What the claim implies: the SNR [dB] (:func:`required_snr_db`) that a cross-section [m²] gives at a range [m].
    rcs_m2, range_m : array_like
        Cross-section [m²] and slant range [m] of the target, any shapes that broadcast.

    Returns
    -------
    float64, broadcast shape
        SNR, mean over fluctuation [dB]; in free space, see :func:`excess_loss_db` for the air.

    Raises
    ------
    ValueError
        A cross-section or a range is not above 0.

    References
    ----------
    M. I. Skolnik, Radar Handbook, 3rd ed. (2008), ISBN 978-0-07-148547-0, chapter 1.

    Examples
    --------
    "Sees 4 m² at 390 km" with 13 dB: what comes back from 0.01 m² at 87.2 km is the same.

    >>> from kalkan import physics
    >>> physics.snr_db(13.0, 390e3, 4.0, [4.0, 0.01], [390e3, 87.2e3]).round(2)
    array([13., 13.])
    """
    reference = number("reference_snr_db", reference_snr_db, "dB")
    away = number("reference_range_m", reference_range_m, "m", 0.0, above=True)
    square = number("reference_rcs_m2", reference_rcs_m2, "m²", 0.0, above=True)
    rcs, distance = _target(rcs_m2, range_m)
    constant_db = radar.claim_constant_db(reference, away, square)
    return plain(_from_constant_db(constant_db, 10.0 * np.log10(rcs), distance))


def range_for_snr_m(snr_db: ArrayLike, known_snr_db: ArrayLike, known_range_m: ArrayLike) -> Any:
    """Slant range at which the SNR is a given one: the radar equation turned round.

    Parameters
    ----------
    snr_db : array_like
        Wanted SNR [dB].
    known_snr_db, known_range_m : array_like
        SNR [dB] of the same target at a range [m].

    Returns
    -------
    float64, broadcast shape
        Slant range [m], in free space.

    Raises
    ------
    ValueError
        The known range is not above 0.

    References
    ----------
    M. I. Skolnik, Radar Handbook, 3rd ed. (2008), ISBN 978-0-07-148547-0, chapter 1.

    Examples
    --------
    12.04 dB less are needed at half of the range.

    >>> from kalkan import physics
    >>> round(physics.range_for_snr_m(25.04, 13.0, 390e3))
    195013
    """
    wanted, known = numbers("snr_db", snr_db, "dB"), numbers("known_snr_db", known_snr_db, "dB")
    away = numbers("known_range_m", known_range_m, "m", 0.0, above=True)
    wanted, known, away = together(snr_db=wanted, known_snr_db=known, known_range_m=away)
    return plain(away * 10.0 ** ((known - wanted) / 40.0))


def rcs_at_aspect_m2(nose_m2: ArrayLike, beam_m2: ArrayLike, tail_m2: ArrayLike, aspect_rad: ArrayLike) -> Any:
    """Radar cross-section at an aspect, between what is claimed for nose, beam and tail.

    Parameters
    ----------
    nose_m2, beam_m2, tail_m2 : array_like
        From ahead, from the side and from behind [m²].
    aspect_rad : array_like
        Angle at the target between its heading and the direction to the radar [rad]: 0 nose, π tail.

    Returns
    -------
    float64, broadcast shape
        Cross-section [m²], mean over fluctuation.

    Raises
    ------
    ValueError
        A cross-section is not above 0.

    Notes
    -----
    Decibels, weighted by cos² and sin² of the aspect: exact and level at all three, monotone between. kalkan's own
    simplification: real cross-sections scintillate by tens of decibels within a degree, which is left to the
    Swerling class.

    Examples
    --------
    >>> from kalkan import physics
    >>> import numpy as np
    >>> physics.rcs_at_aspect_m2(0.01, 10.0, 1.0, np.deg2rad([0, 45, 90, 180])).round(3)
    array([ 0.01 ,  0.316, 10.   ,  1.   ])
    """
    given = {"nose_m2": nose_m2, "beam_m2": beam_m2, "tail_m2": tail_m2}
    claimed = {name: 10.0 * np.log10(numbers(name, x, "m²", 0.0, above=True)) for name, x in given.items()}
    aspect = numbers("aspect_rad", aspect_rad, "rad")
    *dbsm, cosine = together(**claimed, aspect_rad=np.cos(aspect))
    return plain(10.0 ** (_aspect_dbsm(*dbsm, cosine) / 10.0))


def measurement_sigma(
    reference_sigma: float, reference_snr_db: float, snr_db: ArrayLike, floor: float = radar.NOISE_FLOOR_FRACTION
) -> Any:
    """Error of one measured coordinate at a signal-to-noise ratio.

    Parameters
    ----------
    reference_sigma : float
        1-sigma error at the reference, in any unit.
    reference_snr_db : float
        SNR there [dB].
    snr_db : array_like
        SNR of the measurement [dB].
    floor : float
        Share of the reference error that no signal removes [1]; kalkan's own simplification.

    Returns
    -------
    float64, shape of `snr_db`
        1-sigma error, in the unit of `reference_sigma`.

    Raises
    ------
    ValueError
        An error is below 0, or the floor not from 0 to 1.

    References
    ----------
    The square-root law is the large-signal limit: M. I. Skolnik, Introduction to Radar Systems, 3rd ed. (2001),
    ISBN 978-0-07-288138-7, chapter 6.

    Examples
    --------
    Twenty decibels more divide the error by ten, but not below three tenths of the reference.

    >>> from kalkan import physics
    >>> physics.measurement_sigma(100.0, 13.0, [3.0, 13.0, 33.0]).round(1)
    array([316.2, 100. ,  30. ])
    """
    sigma = number("reference_sigma", reference_sigma, "1", 0.0)
    reference, share = number("reference_snr_db", reference_snr_db, "dB"), number("floor", floor, "1", 0.0, 1.0)
    return plain(_sigma(sigma, reference, numbers("snr_db", snr_db, "dB"), share))


def _target(rcs_m2: ArrayLike, range_m: ArrayLike) -> Any:
    rcs = numbers("rcs_m2", rcs_m2, "m²", 0.0, above=True)
    return together(rcs_m2=rcs, range_m=numbers("range_m", range_m, "m", 0.0, above=True))
