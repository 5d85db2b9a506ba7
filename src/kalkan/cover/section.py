"""Vertical diagrams: what a radar sees along one azimuth, over range and height."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.eyes import eye_of, site_rad, watched
from kalkan.cover.laydown import FARTHEST_M, Laydown
from kalkan.cover.looks import radial_points, section_p_d
from kalkan.kernels.plan import SNR_MIN_DB, SNR_STEP_DB

BEYOND = 1.4  # a diagram reaches this far beyond the nominal range, to show how detection fades


@dataclass(frozen=True)
class VerticalSection:
    """One radar along one azimuth.

    Attributes
    ----------
    radar : str
    azimuth_rad : float
        Compass direction [rad].
    d_m : ndarray, shape (n_d,)
        Ground ranges [m].
    h_m : ndarray, shape (n_h,)
        Heights [m above sea level].
    ground_m : ndarray, shape (n_d,)
        Terrain [m above sea level].
    p_d : ndarray, shape (n_h, n_d)
        Probability of detection of the target's nose [1]; 0 out of sight.
    antenna_m : float
        Antenna [m above sea level].
    effective_radius_m : float
        k·R in this azimuth [m].
    """

    radar: str
    azimuth_rad: float
    d_m: F8
    h_m: F8
    ground_m: F8
    p_d: F8
    antenna_m: float
    effective_radius_m: float

    def drop_m(self, d_m: F8) -> F8:
        """How far the earth falls away under the straight ray at ground ranges [m]: d²/2kR."""
        return np.asarray(d_m**2 / (2.0 * self.effective_radius_m))


def section(
    laydown: Laydown, r: int, azimuth_rad: float, top_m: float = 15_000.0, n_d: int = 900, n_h: int = 360
) -> VerticalSection:
    """The vertical diagram of radar `r`, out to where the target could be detected at all."""
    reach = min(float(laydown.nominal_range_m(min(laydown.needed_db))[r]) * BEYOND, FARTHEST_M)
    d = np.linspace(reach / n_d, reach, n_d)
    ground = ground_along(laydown, r, np.array([azimuth_rad]), d)[0]
    h = top_m * np.linspace(0.0, 1.0, n_h) ** 1.5
    eye = eye_of(laydown, r)
    row = np.ascontiguousarray(laydown.p_d[r, laydown.target.swerling])
    rcs = float(laydown.target.rcs_dbsm[r, 0])
    p_d = section_p_d(eye, float(azimuth_rad), d, h, rcs, row, SNR_MIN_DB, 1.0 / SNR_STEP_DB)
    there = radial_points(*site_rad(laydown, r), np.array([azimuth_rad]), d, eye.lat_terms)
    p_d[(h[:, None] < ground[None, :]) | ~watched(laydown, r, there[0, 0], there[1, 0])] = 0.0
    s, c = math.sin(azimuth_rad), math.cos(azimuth_rad)
    curvature = c * c * eye.lat_terms[0] + s * s * eye.lat_terms[1]
    return VerticalSection(
        laydown.radar_names[r], float(azimuth_rad), d, h, ground, p_d, eye.h0_m, laydown.k / curvature
    )


def ground_along(laydown: Laydown, r: int, azimuth_rad: F8, d_m: F8) -> F8:
    """Terrain [m above sea level] at ground ranges along azimuths from radar `r`, shape (n_az, n_d)."""
    points = radial_points(*site_rad(laydown, r), azimuth_rad, d_m, eye_of(laydown, r).lat_terms)
    return laydown.terrain.elevation(*np.rad2deg(points))
