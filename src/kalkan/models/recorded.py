"""A path through recorded points: what an aircraft flew, as its own transponder told it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import enu_basis, geodetic_to_ecef
from kalkan.models.trajectory import Path

Floats = NDArray[np.float64]
ALIKE = 0.25  # a recorded velocity counts if it is within this share of the one that positions tell


def path_through(
    t_s: Floats, lat_deg: Floats, lon_deg: Floats, height_m: Floats, speed_m_s: Floats, heading_rad: Floats
) -> Path:
    """A path through points, as cubic Hermite pieces between them.

    The velocity at a point is that of the parabola through it and its neighbours (of the line, at the ends); where
    the recorded speed and heading are near that, they stand in for its horizontal part: they come from the aircraft's
    own inertial reference or satellite receiver (kalkan's own simplification).

    Parameters
    ----------
    t_s : float64 (n,)
        Strictly ascending, at least two [s].
    lat_deg, lon_deg, height_m : float64 (n,)
        WGS-84 [degrees], height above the ellipsoid [m].
    speed_m_s, heading_rad : float64 (n,)
        Over ground, compass; nan where they are not known.

    Returns
    -------
    Path
        From time 0 on; jitter does not move it.
    """
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    position = np.stack(geodetic_to_ecef(lat, lon, height_m), axis=-1)
    velocity = _velocities(t_s, position)
    east, north, up = np.moveaxis(enu_basis(lat, lon), 1, 0)
    level = np.stack([(velocity * axis).sum(axis=1) for axis in (east, north)], axis=-1)
    told = np.stack([speed_m_s * np.sin(heading_rad), speed_m_s * np.cos(heading_rad)], axis=-1)
    with np.errstate(invalid="ignore"):
        near = np.linalg.norm(told - level, axis=1) < ALIKE * np.linalg.norm(level, axis=1)
    level = np.where(near[:, None], told, level)
    climb = (velocity * up).sum(axis=1)
    velocity = level[:, :1] * east + level[:, 1:] * north + climb[:, None] * up
    t = t_s - t_s[0]
    return Path(t, position, velocity, np.zeros((t.size, 2, 3)), t[[0, -1]], 0.0)


def _velocities(t: Floats, position: Floats) -> Floats:
    """Derivative of the parabola through each point and its neighbours; of the first and last line at the ends."""
    slope = np.diff(position, axis=0) / np.diff(t)[:, None]
    if t.size == 2:
        return np.concatenate([slope, slope])
    before, after = np.diff(t)[:-1, None], np.diff(t)[1:, None]
    inner = (slope[:-1] * after + slope[1:] * before) / (before + after)
    return np.concatenate([slope[:1], inner, slope[-1:]])
