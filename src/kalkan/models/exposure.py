"""What looks at an aircraft tell about its cross-section: how well it is known after many of them.

A look sums the power of `n_pulses` pulses noncoherently, as in :mod:`kalkan.models.detection`. With noise of unit
mean power and a signal of mean SNR S per pulse, the sum Y has the mean N + N S. Its excess over N, divided by what
1 m² would give at that range, is an unbiased estimate of the cross-section; its variance over the square of the
cross-section is

    v = 1/κ + 2/(N S) + 1/(N S²)

by the law of total variance: κ is the shape of the gamma-distributed signal (:func:`kalkan.models.detection.shape_of`),
2/(N S) signal times noise, 1/(N S²) noise times noise. For one pulse of an exponentially fluctuating target (Swerling 1
and 2) this is (1 + 1/S)², the Cramér-Rao bound: n such looks know the cross-section to (1 + 1/S)/√n.

Looks are weighted by 1/v, so that what they know adds up, and the relative standard error of the mean is one over the
root of the sum. Everything is linear in the number of looks: so many days of the same flying know √days times better.

Sources: S. M. Kay, Fundamentals of Statistical Signal Processing: Estimation Theory (1993), chapters 3 and 6 (bound,
best linear estimate); P. Swerling, "Probability of detection for fluctuating targets", IRE Trans. IT-6 (1960),
doi:10.1109/TIT.1960.1057561 (fluctuation); M. A. Richards, Fundamentals of Radar Signal Processing, 2nd ed. (2014),
chapter 2 (change of aspect that decorrelates).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
FROM_SCAN_TO_SCAN = (0, 1, 3)  # Swerling classes that stay as they are during a look


def look_variance(snr: ArrayLike, shape: ArrayLike, n_pulses: int, fresh: ArrayLike = 1.0) -> Floats:
    """Variance of the cross-section that one look estimates, over the square of the cross-section.

    Parameters
    ----------
    snr : array_like
        Mean signal-to-noise ratio of one pulse [1], > 0.
    shape : array_like
        Of the gamma-distributed signal of the look; infinite: it does not fluctuate.
    n_pulses : int
        Pulses integrated noncoherently, >= 1.
    fresh : array_like
        Share of an independent fluctuation that the look brings [1], from 0 to 1: :func:`fresh_share`.

    Returns
    -------
    ndarray, broadcast
        [1]; infinite where nothing is fresh of a signal that fluctuates.
    """
    s, k = np.asarray(snr, np.float64), np.asarray(shape, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        fluctuation = np.where(np.isinf(k), 0.0, 1.0 / (k * np.asarray(fresh)))
    return np.asarray(fluctuation + 2.0 / (n_pulses * s) + 1.0 / (n_pulses * s * s))


def fresh_share(turned_rad: ArrayLike, wavelength_m: float, extent_m: float) -> Floats:
    """Share of an independent fluctuation that a look brings after a change of aspect since the look before.

    Echoes of a target of extent L decorrelate over a change of aspect of λ/(2 L). Looks nearer to each other share one
    fluctuation: m of them within that angle bring 1/m each, so that together they bring one and average their noise
    only (exact for looks of one SNR; kalkan's own simplification for others). Frequency agility, which also
    decorrelates, is left to the Swerling classes 2 and 4.

    Parameters
    ----------
    turned_rad : array_like
        Angle between the lines of sight of this look and the one before, as the aircraft sees them [rad], >= 0;
        infinite for the first.
    wavelength_m, extent_m : float
        Of the radar [m], and the largest extent of the aircraft [m].
    """
    turned = np.asarray(turned_rad, np.float64)
    return np.minimum(turned * (2.0 * extent_m / wavelength_m), 1.0)




def relative_error(information: ArrayLike) -> Floats:
    """Relative standard error [1] of a cross-section from the sum of 1/:func:`look_variance`; infinite for none."""
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / np.sqrt(np.asarray(information, np.float64)))


def masked_shape(rcs_m2: ArrayLike, reflector_m2: ArrayLike, shape: ArrayLike) -> Floats:
    """Shape of the signal of an aircraft with a steady reflector in the same cell.

    The two echoes add with a phase of their own at every look: |√R + √A e^jφ|² has the mean R + A and the variance
    Var(A) + 2 R A, whatever the distribution of A; what is returned is its squared mean over its variance.

    Parameters
    ----------
    rcs_m2, reflector_m2 : array_like
        Mean cross-section of the aircraft and cross-section of its reflectors [m²].
    shape : array_like
        Of the aircraft alone; infinite: steady.
    """
    a, r = np.asarray(rcs_m2, np.float64), np.asarray(reflector_m2, np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray((a + r) ** 2 / (a * a / np.asarray(shape) + 2.0 * r * a))


def unmasked_error(
    information: ArrayLike, rcs_m2: ArrayLike, reflector_m2: ArrayLike, *, calibration: float, known: float,
    background: ArrayLike = 0.0,
) -> Floats:  # fmt: skip
    """Standard error of the aircraft's own cross-section, over that cross-section [1].

    What is measured is the sum with the reflectors; theirs is taken off. The radar's own scale errs by the same factor
    at every look, the level of noise and clutter that is taken off every look is not known exactly, nor is the
    reflectors' cross-section: more days take none of them away.

    Parameters
    ----------
    information : array_like
        Sum of 1/:func:`look_variance` of the looks at the sum.
    rcs_m2, reflector_m2 : array_like
        Mean cross-section of the aircraft, and of its reflectors [m²]; 0: there are none.
    calibration, known : float
        Relative 1-sigma errors of the radar's scale and of what is believed of the reflectors [1].
    background : array_like
        Relative 1-sigma error of the sum by the level under the looks [1]: the relative error of that level times the
        mean of 1/S over the looks, weighted as they are.
    """
    a, r = np.asarray(rcs_m2, np.float64), np.asarray(reflector_m2, np.float64)
    measured = np.hypot(np.hypot(relative_error(information), calibration), background)
    return np.asarray(np.hypot((a + r) / a * measured, known * r / a))


def luneburg_rcs_m2(diameter_m: ArrayLike, wavelength_m: ArrayLike) -> Floats:
    """Largest cross-section of a Luneburg lens reflector [m²]: that of a flat plate of its aperture, 4π A²/λ².

    Parameters
    ----------
    diameter_m, wavelength_m : array_like
        Diameter of the lens and wavelength [m], > 0; a lens of less than a wavelength reflects less.

    Notes
    -----
    Source: E. F. Knott, J. F. Shaeffer, M. T. Tuley, Radar Cross Section, 2nd ed. (2004), chapter 12.
    """
    area = math.pi * np.square(np.asarray(diameter_m, np.float64) / 2.0)
    return np.asarray(4.0 * math.pi * area**2 / np.square(np.asarray(wavelength_m, np.float64)))


def in_db(relative: ArrayLike) -> Floats:
    """A relative standard error [1] as the decibels by which the figure may be higher."""
    return np.asarray(10.0 * np.log10(1.0 + np.asarray(relative, np.float64)))
