"""From a laydown's arrays to what the compiled looks take."""

from __future__ import annotations

import math

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.laydown import Laydown
from kalkan.cover.looks import Eye, Shooter
from kalkan.earth.geodesy import enu


def eye_of(laydown: Laydown, r: int) -> Eye:
    """Radar `r` for the compiled looks."""
    radars, loss = laydown.radars, laydown.losses[r]
    n_az, n_rng = int(radars["horizon_n_azimuth"][r]), int(radars["horizon_n_range"][r])
    first = int(radars["horizon_first"][r])
    x, y, z = (float(v) for v in radars["position_m"][r])
    a, b, c = (float(v) for v in radars["lat_terms"][r])

    def number(field: str) -> float:
        return float(radars[field][r])

    return Eye(
        x_m=x, y_m=y, z_m=z,
        axes=np.ascontiguousarray(radars["to_local"][r : r + 1]),
        h0_m=number("antenna_m"),
        lat_terms=(a, b, c),
        k=laydown.k,
        table=laydown.horizon[first : first + n_az * n_rng],
        n_az=n_az, n_rng=n_rng,
        radius_m=number("horizon_radius_m"),
        tan_low=number("tan_elevation_min"),
        tan_high=number("tan_elevation_max"),
        range_min_m=number("range_min_m"),
        range_max_m=number("range_max_m"),
        snr_1m_db=number("snr_1m_db"),
        loss_db=np.ascontiguousarray(loss.loss_db, np.float64),
        loss_least_db=float(np.min(loss.loss_db)),
        loss_range_step_m=float(loss.range_step_m),
        loss_tan_low=float(loss.tan_low),
        loss_tan_step=float(loss.tan_step),
    )  # fmt: skip


def shooter_of(laydown: Laydown, u: int) -> Shooter:
    """Fire unit `u` for the compiled looks, with the interceptor types that it carries."""
    carried = [int(i) for i in np.unique(laydown.units["preference"][u]) if i >= 0]
    types = laydown.interceptors[carried]

    def column(field: str) -> np.ndarray:
        return np.ascontiguousarray(types[field], np.float64)

    return Shooter(
        flight_s=np.ascontiguousarray(laydown.flight_s[carried]),
        range_step_m=column("range_step_m"),
        altitude_step_m=column("altitude_step_m"),
        range_min_m=column("range_min_m"),
        range_max_m=column("range_max_m"),
        altitude_min_m=column("altitude_min_m"),
        altitude_max_m=column("altitude_max_m"),
        target_speed_max_m_s=column("target_speed_max_m_s"),
        site_m=float(laydown.units["altitude_m"][u]),
        reaction_s=float(laydown.reaction_s[u]),
        assessment_s=float(laydown.assessment_s[u]),
    )


def stays(laydown: Laydown, r: int) -> tuple[float, float] | None:
    """Middle and half width [rad] of the sector of a radar that never turns, None: it rotates, or turns with its unit.

    As in the loop (`kernels.command`), one that also searches for its post stays as it is pointed.
    """
    width = float(laydown.radars["sector_rad"][r])
    if width >= 2.0 * math.pi or laydown.radars["picture"][r] < 0:
        return None
    return float(laydown.radars["boresight_rad"][r]), 0.5 * width


def watched(laydown: Laydown, r: int, lat_rad: F8, lon_rad: F8) -> np.ndarray:
    """Whether places lie within the sector that radar `r` watches for good; everywhere, if it turns."""
    sector = stays(laydown, r)
    if sector is None:
        return np.ones(np.shape(lat_rad), bool)
    e, n, _ = enu(*site_rad(laydown, r), 0.0, lat_rad, lon_rad, 0.0)
    off = (np.arctan2(e, n) - sector[0] + math.pi) % (2.0 * math.pi) - math.pi
    return np.asarray(np.abs(off) <= sector[1])


def site_rad(laydown: Laydown, r: int) -> tuple[float, float]:
    """Latitude and longitude [rad] of a radar."""
    site = laydown.layout.radars[r].site
    return math.radians(site.lat_deg), math.radians(site.lon_deg)
