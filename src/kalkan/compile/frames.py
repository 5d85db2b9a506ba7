"""Frames: local east-north-up axes of sites, and turns between them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kalkan.arrays import F8
from kalkan.earth.geodesy import enu_basis, geodetic_to_ecef


class Frame(NamedTuple):
    """Origin and axes of a site."""

    origin_m: F8  # (3,) ECEF [m]
    axes: F8  # (3, 3) rows east, north, up
    altitude_m: float  # of the origin above sea level [m]


def frame(lat_deg: float, lon_deg: float, altitude_m: float) -> Frame:
    """Frame at a position; altitude above sea level is taken as above the ellipsoid."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    origin = np.array([float(v) for v in geodetic_to_ecef(lat, lon, altitude_m)])
    return Frame(origin, np.asarray(enu_basis(lat, lon), float), altitude_m)


def turn(source: Frame, target: Frame) -> tuple[F8, F8]:
    """Rotation (3, 3) and offset (3,) [m] that take local positions of `source` into `target`."""
    return target.axes @ source.axes.T, target.axes @ (source.origin_m - target.origin_m)
