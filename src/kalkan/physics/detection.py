"""Whether what is received is noticed: exact detection probabilities, M of N looks, and how long a hold lasts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kalkan.models import detection, hold
from kalkan.physics.arguments import elementwise, number, numbers, plain, whole

MOST_PULSES = 10_000
LONGEST_WINDOW = 20  # looks; the chain of M of N has a state for each of their outcomes
_within = elementwise(hold.chance_within)


def probability_of_detection(snr_db: ArrayLike, p_fa: float, n_pulses: int, swerling: int) -> Any:
    """Exact probability that a square-law detector notices a target (Marcum; Swerling 0 to 4).

    Parameters
    ----------
    snr_db : array_like
        Signal-to-noise ratio of one pulse, mean over fluctuation [dB].
    p_fa : float
        Probability of false alarm [1], above 0 and below 1.
    n_pulses : int
        Pulses summed noncoherently, 1 to 10,000.
    swerling : int
        Fluctuation: 0 none, 1 and 3 from scan to scan, 2 and 4 from pulse to pulse.

    Returns
    -------
    float64, shape of `snr_db`
        Probability [1], to 1e-9.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    J. I. Marcum, RAND RM-754 (1947); P. Swerling, IRE Trans. IT-6 (1960) 269, doi:10.1109/TIT.1960.1057561;
    D. A. Shnidman, IEEE Trans. IT-35 (1989) 389, doi:10.1109/18.32133.

    Examples
    --------
    The textbook's 13.2 dB for 0.9 at 1e-6 holds for a steady target; a fluctuating one needs 21.1 dB.

    >>> from kalkan import physics
    >>> physics.probability_of_detection([13.18, 21.14], 1e-6, 1, 0).round(3)
    array([0.9, 1. ])
    >>> physics.probability_of_detection([13.18, 21.14], 1e-6, 1, 1).round(3)
    array([0.531, 0.9  ])
    """
    p_fa, n_pulses, swerling = _detector(p_fa, n_pulses, swerling)
    return plain(detection.probability_of_detection(numbers("snr_db", snr_db, "dB"), p_fa, n_pulses, swerling))


def required_snr_db(p_d: float, p_fa: float, n_pulses: int, swerling: int) -> float:
    """Signal-to-noise ratio of one pulse at which the exact probability of detection is a given one.

    Parameters
    ----------
    p_d : float
        Probability of detection [1], above `p_fa` and below 1.
    p_fa, n_pulses, swerling
        As in :func:`probability_of_detection`.

    Returns
    -------
    float
        SNR, mean over fluctuation [dB], to 1e-9.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    As :func:`probability_of_detection`.

    Examples
    --------
    >>> from kalkan import physics
    >>> round(physics.required_snr_db(0.9, 1e-6, 1, 0), 2)
    13.18
    """
    p_fa, n_pulses, swerling = _detector(p_fa, n_pulses, swerling)
    wanted = number("p_d", p_d, "1", p_fa, 1.0, above=True, below=True)
    return detection.required_snr_db(wanted, p_fa, n_pulses, swerling)


def marcum_q(order: int, a: ArrayLike, b: float) -> Any:
    """Generalised Marcum Q function.

    Parameters
    ----------
    order : int
        M, at least 1.
    a : array_like
        Signal parameter [1], at least 0.
    b : float
        Threshold parameter [1], at least 0.

    Returns
    -------
    float64, shape of `a`
        Q_M(a, b) [1], to 1e-9.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    D. A. Shnidman, IEEE Trans. IT-35 (1989) 389, doi:10.1109/18.32133.

    Examples
    --------
    Without a signal it is the tail of Rayleigh's distribution, exp(−b²/2).

    >>> from kalkan import physics
    >>> round(float(physics.marcum_q(1, 0.0, 2.0)), 6)
    0.135335
    """
    order = whole("order", order, 1, MOST_PULSES)
    return plain(detection.marcum_q(order, numbers("a", a, "1", 0.0), number("b", b, "1", 0.0)))


def m_of_n(m: int, n: int, p_d: ArrayLike) -> Any:
    """Probability of at least `m` detections in one window of `n` looks.

    Parameters
    ----------
    m, n : int
        Detections and looks, 1 <= m <= n.
    p_d : array_like
        Probability of detection at each look [1]; looks are independent.

    Returns
    -------
    float64, shape of `p_d`
        Probability [1]: the binomial tail.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    M. I. Skolnik, Introduction to Radar Systems, 3rd ed. (2001), ISBN 978-0-07-288138-7, chapter 2
    (binary integration).

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.m_of_n(2, 3, [0.5, 0.9]).round(3)
    array([0.5  , 0.972])
    """
    n = whole("n", n, 1, MOST_PULSES)
    m, p = whole("m", m, 1, n), numbers("p_d", p_d, "1", 0.0, 1.0)
    terms = [math.comb(n, k) * p**k * (1.0 - p) ** (n - k) for k in range(m, n + 1)]
    return plain(np.minimum(np.sum(terms, axis=0), 1.0))


def m_of_n_by_scan(m: int, n: int, p_d: float, n_scans: int) -> Any:
    """Probability that `m` detections within any `n` successive looks have occurred by each scan.

    This is how a track is confirmed: the loop's tracker is held against it (``docs/validation.md``).

    Parameters
    ----------
    m, n : int
        Detections and looks, 1 <= m <= n <= 20.
    p_d : float
        Probability of detection at each look [1]; looks are independent.
    n_scans : int
        How many scans, at least 1.

    Returns
    -------
    float64 (n_scans,)
        Probability of confirmation by scan 1, 2, … [1].

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    A Markov chain over the outcomes of the last n − 1 looks, with one absorbing state.

    References
    ----------
    Y. Bar-Shalom, X. R. Li and T. Kirubarajan, Estimation with Applications to Tracking and Navigation (2001),
    doi:10.1002/0471221279 (M-of-N logic).

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.m_of_n_by_scan(2, 3, 0.5, 5).round(3)
    array([0.   , 0.25 , 0.5  , 0.625, 0.719])
    """
    n = whole("n", n, 1, LONGEST_WINDOW)
    m, p, scans = whole("m", m, 1, n), number("p_d", p_d, "1", 0.0, 1.0), whole("n_scans", n_scans, 1)
    keep = (1 << (n - 1)) - 1
    open_tracks, confirmed, by_scan = {0: 1.0}, 0.0, np.zeros(scans)
    for scan in range(scans):
        after: dict[int, float] = {}
        for history, chance in open_tracks.items():
            if history.bit_count() + 1 >= m:
                confirmed += chance * p
            else:
                hit = ((history << 1) | 1) & keep
                after[hit] = after.get(hit, 0.0) + chance * p
            miss = (history << 1) & keep
            after[miss] = after.get(miss, 0.0) + chance * (1.0 - p)
        open_tracks = after
        by_scan[scan] = confirmed
    return by_scan


def chance_of_hold(p_d: ArrayLike, drop_misses: int) -> float:
    """Probability that an engagement radar still holds a target after some looks.

    A hold breaks after `drop_misses` misses in a row; looks are independent.

    Parameters
    ----------
    p_d : array_like (n,)
        Probability of detection at each look in turn [1].
    drop_misses : int
        Misses in a row that break the hold, at least 1.

    Returns
    -------
    float
        Probability [1].

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    W. Feller, An Introduction to Probability Theory and Its Applications I, 3rd ed. (1968), XIII.7, p. 322.

    Examples
    --------
    Thirty looks of 0.7, three misses in a row break it.

    >>> from kalkan import physics
    >>> round(physics.chance_of_hold([0.7] * 30, 3), 4)
    0.5631
    """
    misses = whole("drop_misses", drop_misses, 1)
    chain = np.zeros(misses)
    chain[0] = held = 1.0
    for p in np.atleast_1d(numbers("p_d", p_d, "1", 0.0, 1.0)):
        held = float(hold.look_again(chain, misses, float(p)))
    return held


def chance_within(radius_m: ArrayLike, sigma_m: ArrayLike) -> Any:
    """Probability that a target is within a distance of where its track says.

    Parameters
    ----------
    radius_m : array_like
        Distance [m], such as an interceptor's basket.
    sigma_m : array_like
        Normal error of the track on each of three axes, 1 sigma [m].

    Returns
    -------
    float64, broadcast shape
        Probability [1]: Maxwell's distribution.

    Raises
    ------
    ValueError
        A radius or an error is below 0.

    References
    ----------
    N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 1, 2nd ed. (1994),
    ISBN 978-0-471-58495-7, chapter 18.

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.chance_within(1000.0, [200.0, 500.0, 1000.0]).round(3)
    array([1.   , 0.739, 0.199])
    """
    sigma = numbers("sigma_m", sigma_m, "m", 0.0)
    return plain(_within(numbers("radius_m", radius_m, "m", 0.0), sigma**2))


def albersheim_snr_db(p_d: float, p_fa: float, n_pulses: int) -> float:
    """Albersheim's approximation of the SNR that a steady target needs; for comparison, the loop is exact.

    Parameters
    ----------
    p_d, p_fa : float
        Probabilities of detection and of false alarm [1].
    n_pulses : int
        Pulses summed noncoherently.

    Returns
    -------
    float
        SNR of one pulse [dB]; within 0.31 dB for p_d 0.3 to 0.99 and p_fa 1e-8 to 1e-4, 1.84 dB at p_d 0.1.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    W. J. Albersheim, Proc. IEEE 69 (1981) 839, doi:10.1109/PROC.1981.12082.

    Examples
    --------
    >>> from kalkan import physics
    >>> round(physics.albersheim_snr_db(0.9, 1e-6, 1), 2)
    13.11
    """
    p_fa, n_pulses, _ = _detector(p_fa, n_pulses, 0)
    p = number("p_d", p_d, "1", p_fa, 1.0, above=True, below=True)
    a, b = math.log(0.62 / p_fa), math.log(p / (1.0 - p))
    scale = 6.2 + 4.54 / math.sqrt(n_pulses + 0.44)
    return -5.0 * math.log10(n_pulses) + scale * math.log10(a + 0.12 * a * b + 1.7 * b)


def shnidman_snr_db(p_d: float, p_fa: float, n_pulses: int, swerling: int) -> float:
    """Shnidman's approximation of the SNR that a target needs; for comparison, the loop is exact.

    Parameters
    ----------
    p_d, p_fa, n_pulses, swerling
        As in :func:`required_snr_db`.

    Returns
    -------
    float
        SNR of one pulse, mean over fluctuation [dB]; at worst 0.83 dB off.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    D. A. Shnidman, IEEE Trans. AES 38 (2002) 1059, doi:10.1109/TAES.2002.1039422.

    Examples
    --------
    >>> from kalkan import physics
    >>> round(physics.shnidman_snr_db(0.9, 1e-6, 1, 1), 2)
    21.35
    """
    p_fa, n_pulses, swerling = _detector(p_fa, n_pulses, swerling)
    p = number("p_d", p_d, "1", p_fa, 1.0, above=True, below=True)
    shape = detection.shape_of(swerling, n_pulses)
    alpha = 0.25 if n_pulses >= 40 else 0.0
    tail = math.sqrt(-0.8 * math.log(4.0 * p * (1.0 - p)))
    eta = math.sqrt(-0.8 * math.log(4.0 * p_fa * (1.0 - p_fa))) + math.copysign(tail, p - 0.5)
    x_inf = eta * (eta + 2.0 * math.sqrt(n_pulses / 2.0 + (alpha - 0.25)))
    c1 = (((17.7006 * p - 18.4496) * p + 14.5339) * p - 3.525) / shape
    c2 = math.exp(27.31 * p - 25.14) + (p - 0.8) * (0.7 * math.log(1e-5 / p_fa) + (2.0 * n_pulses - 20.0) / 80.0)
    c_db = c1 if p <= 0.872 else c1 + c2 / shape
    return 10.0 * math.log10(x_inf / n_pulses) + c_db


def _detector(p_fa: float, n_pulses: int, swerling: int) -> tuple[float, int, int]:
    p = number("p_fa", p_fa, "1", 0.0, 1.0, above=True, below=True)
    return p, whole("n_pulses", n_pulses, 1, MOST_PULSES), whole("swerling", swerling, 0, 4)
