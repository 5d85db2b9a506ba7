"""WGS-84 positions: geodetic, earth-centred (ECEF) and local east-north-up (ENU).

Plain numpy, vectorised by broadcasting, and free of numba, so that checking a scenario may use
it. Angles are in radians; azimuths are clockwise from north.

References
----------
NIMA TR8350.2, "Department of Defense World Geodetic System 1984", 3rd ed. (constants);
Bowring, "Transformation from spatial to geographical coordinates", Survey Review 23 (1976).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1.0 / 298.257223563
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
ECCENTRICITY_SQ = FLATTENING * (2.0 - FLATTENING)
SECOND_ECCENTRICITY_SQ = ECCENTRICITY_SQ / (1.0 - ECCENTRICITY_SQ)
MEAN_RADIUS_M = 6371008.8  # (2a + b) / 3, IUGG


def geodetic_to_ecef(lat_rad: ArrayLike, lon_rad: ArrayLike, h_m: ArrayLike) -> tuple[Array, Array, Array]:
    """Earth-centred coordinates of geodetic positions.

    Parameters
    ----------
    lat_rad, lon_rad : array_like
        Geodetic latitude and longitude [rad], any broadcastable shapes.
    h_m : array_like
        Height above the ellipsoid [m].

    Returns
    -------
    x, y, z : ndarray
        ECEF coordinates [m], of the broadcast shape.
    """
    lat, lon, h = (np.asarray(v, dtype=np.float64) for v in (lat_rad, lon_rad, h_m))
    sin_lat, cos_lat = np.sin(lat), np.cos(lat)
    prime_vertical = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_SQ * sin_lat**2)
    x = (prime_vertical + h) * cos_lat * np.cos(lon)
    y = (prime_vertical + h) * cos_lat * np.sin(lon)
    z = (prime_vertical * (1.0 - ECCENTRICITY_SQ) + h) * sin_lat + 0.0 * x
    return x, y, z


def ecef_to_geodetic(x_m: ArrayLike, y_m: ArrayLike, z_m: ArrayLike) -> tuple[Array, Array, Array]:
    """Geodetic positions of earth-centred coordinates.

    Bowring's formula, iterated three times: better than 1e-6 m from 10 km below to 1000 km above
    the ellipsoid; not meant for the earth's core.

    Returns
    -------
    lat_rad, lon_rad, h_m : ndarray
        Latitude and longitude [rad], height above the ellipsoid [m].
    """
    x, y, z = (np.asarray(v, dtype=np.float64) for v in (x_m, y_m, z_m))
    p = np.hypot(x, y)
    beta = np.arctan2(z * SEMI_MAJOR_M, p * SEMI_MINOR_M)
    lat = beta
    for _ in range(3):
        lat = np.arctan2(
            z + SECOND_ECCENTRICITY_SQ * SEMI_MINOR_M * np.sin(beta) ** 3,
            p - ECCENTRICITY_SQ * SEMI_MAJOR_M * np.cos(beta) ** 3,
        )
        beta = np.arctan2((1.0 - FLATTENING) * np.sin(lat), np.cos(lat))
    sin_lat = np.sin(lat)
    h = p * np.cos(lat) + z * sin_lat - SEMI_MAJOR_M * np.sqrt(1.0 - ECCENTRICITY_SQ * sin_lat**2)
    return lat, np.arctan2(y, x), h


def enu_basis(lat_rad: ArrayLike, lon_rad: ArrayLike) -> Array:
    """Rotation from ECEF differences to local east, north, up.

    Returns
    -------
    ndarray
        Shape ``(..., 3, 3)``; rows are the unit vectors east, north and up [1].
    """
    lat, lon = np.broadcast_arrays(
        np.asarray(lat_rad, dtype=np.float64), np.asarray(lon_rad, dtype=np.float64)
    )
    sa, ca, so, co = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
    rows = [[-so, co, np.zeros_like(so)], [-sa * co, -sa * so, ca], [ca * co, ca * so, sa]]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def rotated(axes: ArrayLike, vector: ArrayLike) -> Array:
    """Vectors of the earth in local axes.

    Parameters
    ----------
    axes : array_like (..., 3, 3)
        Rows east, north and up [1].
    vector : array_like (..., 3)
        ECEF, in any unit; broadcasts with the axes.

    Returns
    -------
    float64 (..., 3)
        East, north and up.
    """
    return np.asarray(np.matmul(axes, np.asarray(vector, np.float64)[..., None])[..., 0])


def rotated_back(axes: ArrayLike, vector: ArrayLike) -> Array:
    """Local vectors in the axes of the earth: :func:`rotated` turned round."""
    return rotated(np.swapaxes(np.asarray(axes, np.float64), -1, -2), vector)


def enu(
    lat0_rad: float, lon0_rad: float, h0_m: float, lat_rad: ArrayLike, lon_rad: ArrayLike, h_m: ArrayLike
) -> tuple[Array, Array, Array]:
    """East, north and up [m] of geodetic positions, seen from one observer."""
    origin = np.array(geodetic_to_ecef(lat0_rad, lon0_rad, h0_m))
    there = np.stack(geodetic_to_ecef(lat_rad, lon_rad, h_m), axis=-1)
    local = rotated(enu_basis(lat0_rad, lon0_rad), there - origin)
    return local[..., 0], local[..., 1], local[..., 2]


def aer(
    lat0_rad: float, lon0_rad: float, h0_m: float, lat_rad: ArrayLike, lon_rad: ArrayLike, h_m: ArrayLike
) -> tuple[Array, Array, Array]:
    """Geometric azimuth [rad, 0..2π), elevation [rad] and slant range [m] from one observer.

    Straight lines: no refraction. See :mod:`kalkan.earth.refraction` for apparent elevation.
    """
    e, n, u = enu(lat0_rad, lon0_rad, h0_m, lat_rad, lon_rad, h_m)
    ground = np.hypot(e, n)
    return np.arctan2(e, n) % (2.0 * np.pi), np.arctan2(u, ground), np.hypot(ground, u)


def principal_radii(lat_rad: Any) -> Any:
    """Radii of curvature [m] of the ellipsoid: in the meridian (M) and in the prime vertical (N)."""
    w2 = 1.0 - ECCENTRICITY_SQ * np.sin(lat_rad) ** 2
    prime_vertical = SEMI_MAJOR_M / np.sqrt(w2)
    return prime_vertical * (1.0 - ECCENTRICITY_SQ) / w2, prime_vertical


def euler_radius(lat_rad: Any, azimuth_rad: Any) -> Any:
    """Radius of curvature [m] of the ellipsoid in one azimuth (Euler's theorem).

    ``1/R = cos²(az)/M + sin²(az)/N``, with M and N of :func:`principal_radii`.
    """
    w2 = 1.0 - ECCENTRICITY_SQ * np.sin(lat_rad) ** 2
    prime_vertical = SEMI_MAJOR_M / np.sqrt(w2)
    meridian = prime_vertical * (1.0 - ECCENTRICITY_SQ) / w2
    return 1.0 / (np.cos(azimuth_rad) ** 2 / meridian + np.sin(azimuth_rad) ** 2 / prime_vertical)


def destination(
    lat_rad: ArrayLike, lon_rad: ArrayLike, azimuth_rad: ArrayLike, distance_m: ArrayLike
) -> tuple[Array, Array]:
    """End points [rad, rad] of geodesics that leave under an azimuth [rad] for a distance [m].

    Karney's algorithm through pyproj; inputs broadcast.
    """
    lat, lon, azimuth, distance = np.broadcast_arrays(
        np.rad2deg(lat_rad), np.rad2deg(lon_rad), np.rad2deg(azimuth_rad), np.asarray(distance_m, dtype=float)
    )
    lon2, lat2, _ = _ellipsoid().fwd(lon.ravel(), lat.ravel(), azimuth.ravel(), distance.ravel())
    return np.deg2rad(lat2).reshape(lat.shape), np.deg2rad(lon2).reshape(lat.shape)


def geodesic_m(lat1_rad: ArrayLike, lon1_rad: ArrayLike, lat2_rad: ArrayLike, lon2_rad: ArrayLike) -> Array:
    """Length [m] of the geodesic between two positions on the ellipsoid; inputs broadcast."""
    return inverse(lat1_rad, lon1_rad, lat2_rad, lon2_rad)[1]


def inverse(
    lat1_rad: ArrayLike, lon1_rad: ArrayLike, lat2_rad: ArrayLike, lon2_rad: ArrayLike
) -> tuple[Array, Array]:
    """Departure azimuth [rad, 0..2π) and length [m] of geodesics; inputs broadcast."""
    lat1, lon1, lat2, lon2 = np.broadcast_arrays(
        *(np.rad2deg(np.asarray(v, dtype=float)) for v in (lat1_rad, lon1_rad, lat2_rad, lon2_rad))
    )
    azimuth, _, length = _ellipsoid().inv(lon1.ravel(), lat1.ravel(), lon2.ravel(), lat2.ravel())
    return np.deg2rad(azimuth).reshape(lat1.shape) % (2.0 * np.pi), np.asarray(length).reshape(lat1.shape)


def _ellipsoid() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")
