"""Radio waves over the bent earth: effective radius, horizons and apparent elevation.

Rays are straight over an earth of radius k·R (ITU-R P.834; k = 4/3 for a standard atmosphere).
R is the ellipsoid's radius of curvature at the antenna in the azimuth of the target (Euler).
That the atmosphere has one k everywhere is kalkan's own simplification.

Compiled scalars take the antenna's constants as ``lat_terms`` (:func:`curvature_terms`), need no
trigonometry of the azimuth, and never subtract two numbers of the size of the earth.
Heights are above the ellipsoid; kalkan treats heights above sea level as such.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.earth import geodesy
from kalkan.earth.geodesy import ECCENTRICITY_SQ, MEAN_RADIUS_M, SECOND_ECCENTRICITY_SQ, SEMI_MAJOR_M
from kalkan.jit import kernel

STANDARD_K = 4.0 / 3.0

euler_radius_scalar = kernel(geodesy.euler_radius)


def effective_radius_m(k: float = STANDARD_K, radius_m: float = MEAN_RADIUS_M) -> float:
    """Effective earth radius k·R [m] (ITU-R P.834)."""
    return k * radius_m


def horizon_range_m(
    h1_m: ArrayLike, h2_m: ArrayLike, k: float = STANDARD_K, radius_m: float = MEAN_RADIUS_M
) -> NDArray[np.float64]:
    """Largest ground range [m] at which two heights see each other over a smooth earth.

    The usual ``sqrt(2kR)·(sqrt h1 + sqrt h2)``; 0.05 % too long for a target at 10 km.
    Heights are above the smooth earth [m], >= 0.
    """
    scale = math.sqrt(2.0 * effective_radius_m(k, radius_m))
    return np.asarray(scale * (np.sqrt(h1_m) + np.sqrt(h2_m)))


def horizon_arc_m(
    h1_m: ArrayLike, h2_m: ArrayLike, k: float = STANDARD_K, radius_m: float = MEAN_RADIUS_M
) -> NDArray[np.float64]:
    """The same range [m], exactly, as an arc at sea level: ``kR·(acos(kR/(kR+h1)) + acos(...h2))``."""
    re = effective_radius_m(k, radius_m)

    def arc(h_m: ArrayLike) -> NDArray[np.float64]:
        h = np.asarray(h_m, dtype=np.float64)
        return np.asarray(re * np.arctan(np.sqrt(h * (2.0 * re + h)) / re))

    return arc(h1_m) + arc(h2_m)


@kernel
def curvature_terms(lat_rad: float) -> tuple[float, float, float]:
    """Constants of one antenna's latitude: 1/M [1/m], 1/N [1/m] and the skew term [1/m].

    M and N are the principal radii of curvature. The skew term carries the ellipsoid's change of
    curvature along the meridian: expanding x²+y²+(1+ε)z² = a² around the antenna to third order
    puts the surface ``n·(n²/M + e²/N)·ε·sin(lat)·cos(lat)/(2N)`` above the Euler sphere.
    """
    s, c = math.sin(lat_rad), math.cos(lat_rad)
    w2 = 1.0 - ECCENTRICITY_SQ * s * s
    n = SEMI_MAJOR_M / math.sqrt(w2)
    return w2 / (n * (1.0 - ECCENTRICITY_SQ)), 1.0 / n, SECOND_ECCENTRICITY_SQ * s * c / (2.0 * n)


@kernel
def local_radius(e: float, n: float, lat_terms: tuple[float, float, float]) -> float:
    """Euler radius of curvature [m] in the direction of a target at east e, north n [m]."""
    g2 = e * e + n * n
    q = n * n * lat_terms[0] + e * e * lat_terms[1]
    return g2 / q if q > 0.0 else 1.0 / lat_terms[0]


@kernel
def _section(
    e: float, n: float, u: float, h0: float, lat_terms: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Euler radius [m], angle at its centre [rad] and height [m] of a target."""
    g2 = e * e + n * n
    q = n * n * lat_terms[0] + e * e * lat_terms[1]
    r = g2 / q if q > 0.0 else 1.0 / lat_terms[0]
    w = r + h0 + u
    h = h0 + u + g2 / (math.sqrt(g2 + w * w) + w) - lat_terms[2] * n * q
    x = math.sqrt(g2) / w
    if x < 0.0 or x > 0.15:
        return r, math.atan2(math.sqrt(g2), w), h
    t = x * x
    p = 1 / 3 - t * (1 / 5 - t * (1 / 7 - t * (1 / 9 - t * (1 / 11 - t / 13))))
    return r, x * (1.0 - t * p), h


@kernel
def ground_range_height(
    e: float, n: float, u: float, h0: float, lat_terms: tuple[float, float, float]
) -> tuple[float, float]:
    """Ground range [m] and height above the ellipsoid [m] of a target.

    Parameters
    ----------
    e, n, u : float
        Geometric east, north, up of the target in the antenna's local frame [m].
    h0 : float
        Height of the antenna above the ellipsoid [m].
    lat_terms : tuple
        Of :func:`curvature_terms`.

    Notes
    -----
    Ground range is the arc on the Euler sphere. Against the ellipsoid, up to 400 km and 20 km
    high: height within 0.5 m, ground range within 20 m (kalkan's own simplification).
    """
    r, angle, h = _section(e, n, u, h0, lat_terms)
    return r * angle, h


@kernel
def half_bulge_tan(theta: float) -> float:
    """tan(theta/2) [1] by its series up to 0.3 rad (1e-10 relative), by libm above."""
    if theta > 0.3:
        return math.tan(0.5 * theta)
    x = 0.5 * theta
    t = x * x
    return x * (1.0 + t * (1 / 3 + t * (2 / 15 + t * (17 / 315 + t * (62 / 2835 + t * (1382 / 155925))))))


@kernel
def short_sin(theta: float) -> float:
    """sin(theta) [1] by its series up to 0.3 rad (1e-13 relative), by libm above."""
    if theta > 0.3:
        return math.sin(theta)
    t = theta * theta
    return theta * (1.0 - t * (1 / 6 - t * (1 / 120 - t * (1 / 5040 - t * (1 / 362880)))))


@kernel
def apparent_tan(d: float, h: float, h0: float, re: float) -> float:
    """Tangent of the apparent elevation [1] of height h at ground range d, over radius re.

    The exact ``((re+h)·cos(d/re) - (re+h0)) / ((re+h)·sin(d/re))``, written as
    ``(h - h0) / ((re+h)·sin(d/re)) - tan(d/2re)`` so that nothing cancels.

    Parameters
    ----------
    d : float
        Ground range [m], >= 0. At 0 the result is ±1e30 by the sign of h - h0.
    h, h0 : float
        Heights of target and antenna above the ellipsoid [m].
    re : float
        Effective earth radius k·R [m].
    """
    theta = d / re
    run = (re + h) * short_sin(theta)
    if run <= 0.0:
        return 1e30 if h >= h0 else -1e30
    return (h - h0) / run - half_bulge_tan(theta)


@kernel
def height_at_tan(d: float, tan_el: float, h0: float, re: float) -> float:
    """Height above the ellipsoid [m] that a ray of apparent tangent ``tan_el`` has at ground range d.

    The inverse of :func:`apparent_tan`; infinite where the ray never comes over that range.
    """
    theta = d / re
    t = (tan_el + half_bulge_tan(theta)) * short_sin(theta)
    return (h0 + re * t) / (1.0 - t) if t < 1.0 else math.inf


@kernel
def look(
    e: float, n: float, u: float, h0: float, lat_terms: tuple[float, float, float], k: float
) -> tuple[float, float, float]:
    """Ground range [m], height [m] and apparent elevation tangent [1] of a target, in one call.

    Parameters as in :func:`ground_range_height`; ``k`` is the effective-earth factor.
    """
    r, angle, h = _section(e, n, u, h0, lat_terms)
    d = r * angle
    return d, h, apparent_tan(d, h, h0, k * r)
