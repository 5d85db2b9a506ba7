"""Measure the floor error and speed of horizon tables: python docs/design/horizon_floor_error.py.

Truth is a march along pyproj geodesics with the textbook tangent, finely sampled near the site.
"""

import math
import time
from pathlib import Path

import numba
import numpy as np

from kalkan.earth import geodesy, horizon, refraction
from kalkan.earth.terrain import Terrain

RASTER = Path(__file__).parents[2] / "examples/terrain/globe30s_turkiye_emed.tif"
SITES = {
    "summit": (37.8, 32.07),
    "ridge": (36.99, 32.42),
    "valley": (40.65, 35.83),
    "high summit": (38.53, 35.45),
    "deep valley": (37.58, 43.74),
    "coast": (36.8, 30.6),
}
K = 4.0 / 3.0


def marched_floor(terrain: Terrain, table: horizon.HorizonTable, azimuth: float, d: float) -> float:
    """Floor [m above sea] at one azimuth [rad] and range [m]."""
    lat, lon = math.radians(table.lat_deg), math.radians(table.lon_deg)
    re = K * float(geodesy.euler_radius(lat, azimuth))
    s = np.concatenate([np.arange(0.25, 1e3, 0.25), np.arange(1e3, 25e3, 2.0), np.arange(25e3, d, 25.0)])
    s = np.append(s[s < d], d)
    h = terrain.elevation(*map(np.rad2deg, geodesy.destination(lat, lon, azimuth, s)))
    x, origin = s / re, re + table.antenna_msl_m
    tan_max = (((re + h) * np.cos(x) - origin) / ((re + h) * np.sin(x))).max()
    return float(origin / (np.cos(d / re) - tan_max * np.sin(d / re)) - re)


@numba.njit(nogil=True, error_model="numpy")
def count_visible(table, radius, e, n, u, h0, terms, k):
    """Number of targets in sight."""
    count = 0
    for i in range(e.size):
        d, _, tan_el = refraction.look(e[i], n[i], u[i], h0, terms, k)
        count += horizon.visible(table, 0, 2880, 1600, radius, e[i], n[i], d, tan_el)
    return count


def speed(table: horizon.HorizonTable, e: np.ndarray, n: np.ndarray) -> float:
    """Best of five [look-ups per CPU second]."""
    u = 8000.0 - (e**2 + n**2) / 12.74e6
    terms = refraction.curvature_terms(math.radians(table.lat_deg))
    given = (table.tan_max.reshape(-1), table.radius_m, e, n, u, table.antenna_msl_m, terms, K)
    count_visible(*given)
    spent = []
    for _ in range(5):
        start = time.process_time()
        count_visible(*given)
        spent.append(time.process_time() - start)
    return e.size / min(spent)


def main() -> None:
    """Print both tables."""
    terrain = Terrain.open(RASTER)
    horizon.build(Terrain.flat(), 37.0, 33.0, 24.0, 400e3)
    for name, site in SITES.items():
        for antenna_m in (24.0, 4.0):
            start = time.process_time()
            table = horizon.build(terrain, *site, antenna_m, 400e3, K)
            spent = time.process_time() - start
            rng = np.random.default_rng(1)
            azimuth, d = rng.uniform(0, 2 * np.pi, 400), rng.uniform(2e4, 4e5, 400)
            truth = [marched_floor(terrain, table, *p) for p in zip(azimuth, d, strict=True)]
            error = horizon.floor_height(table, azimuth, d) - truth
            size = np.abs(error)
            print(
                f"| {name}, {terrain.site_elevation(*site):.0f} m | {antenna_m:.0f} m | {size.mean():.1f} m "
                f"| {np.percentile(size, 95):.0f} m | {size.max():.0f} m | {error.mean():+.1f} m "
                f"| {spent:.2f} |",
                flush=True,
            )
    t = np.linspace(0.0, 200.0, 2_000_000)
    print("paths ", speed(table, 1e5 + 2e5 * np.sin(t), 2e5 * np.cos(1.3 * t)) / 1e6, "M/s")
    azimuth, d = rng.uniform(0, 2 * np.pi, t.size), rng.uniform(1e3, 3.9e5, t.size)
    print("random", speed(table, d * np.sin(azimuth), d * np.cos(azimuth)) / 1e6, "M/s")


if __name__ == "__main__":
    main()
