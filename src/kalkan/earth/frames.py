"""Frames: local east-north-up axes of places, and the one rotation between them and the earth.

Axes are the rows east, north and up of a rotation matrix (:func:`kalkan.earth.geodesy.enu_basis`). Every vector that
changes its frame does so by them: arrays by :func:`kalkan.earth.geodesy.rotated` and its inverse, numbers in compiled
code by :func:`into` and :func:`out_of`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.earth.geodesy import enu_basis, geodetic_to_ecef, rotated
from kalkan.jit import kernel

Floats = NDArray[np.float64]


class Frame(NamedTuple):
    """Origin and axes of a place.

    Attributes
    ----------
    origin_m : float64 (3,)
        ECEF [m].
    axes : float64 (3, 3)
        Rows east, north and up [1].
    altitude_m : float
        Of the origin above sea level [m].
    """

    origin_m: Floats
    axes: Floats
    altitude_m: float

    def local(self, position_m: ArrayLike) -> Floats:
        """ECEF positions (..., 3) [m] in this frame [m]."""
        return rotated(self.axes, np.asarray(position_m) - self.origin_m)


def frame(lat_deg: float, lon_deg: float, altitude_m: float) -> Frame:
    """Frame at a position [deg]; altitude above sea level [m] is taken as above the ellipsoid."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    origin = np.array([float(v) for v in geodetic_to_ecef(lat, lon, altitude_m)])
    return Frame(origin, np.asarray(enu_basis(lat, lon), float), altitude_m)


def between(source: Frame, target: Frame) -> tuple[Floats, Floats]:
    """Rotation (3, 3) and offset (3,) [m] that take local positions of `source` into `target`."""
    return target.axes @ source.axes.T, target.local(source.origin_m)


@kernel
def into(
    axes: Floats, i: int, x: float, y: float, z: float, east: float = 0.0, north: float = 0.0, up: float = 0.0
) -> tuple[float, float, float]:
    """A vector in the axes `i` of a stack, added to a local vector.

    Parameters
    ----------
    axes : float64 (n, 3, 3)
        Rows east, north and up [1].
    i : int
    x, y, z : float
        In the outer axes, in any unit.
    east, north, up : float
        What is added, in the same unit.
    """
    return (
        east + axes[i, 0, 0] * x + axes[i, 0, 1] * y + axes[i, 0, 2] * z,
        north + axes[i, 1, 0] * x + axes[i, 1, 1] * y + axes[i, 1, 2] * z,
        up + axes[i, 2, 0] * x + axes[i, 2, 1] * y + axes[i, 2, 2] * z,
    )


@kernel
def out_of(
    axes: Floats, i: int, east: float, north: float, up: float, x: float = 0.0, y: float = 0.0, z: float = 0.0
) -> tuple[float, float, float]:
    """A local vector of the axes `i` of a stack in the outer axes, added to a vector there; the inverse of `into`."""
    return (
        x + axes[i, 0, 0] * east + axes[i, 1, 0] * north + axes[i, 2, 0] * up,
        y + axes[i, 0, 1] * east + axes[i, 1, 1] * north + axes[i, 2, 1] * up,
        z + axes[i, 0, 2] * east + axes[i, 1, 2] * north + axes[i, 2, 2] * up,
    )
