"""How often the terrain of the nearest place misleads about what a moving antenna sees.

``python docs/design/orbit_places.py``: the airborne radar of ``examples/integration.toml`` on its orbit, targets at
random within 250 km at several heights above the ground. For each, line of sight from the nearest of so many places
(coarse tables, as a run has them) is held against a table of full resolution where the antenna truly is.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from kalkan.catalogue import load_catalogue
from kalkan.compile import external
from kalkan.compile.inputs import Inputs
from kalkan.earth.geodesy import destination, inverse
from kalkan.earth.horizon import N_AZ, N_RNG, HorizonTable, build, floor_height
from kalkan.earth.terrain import Terrain
from kalkan.scenario import load

EXAMPLE = Path(__file__).parents[2] / "examples" / "integration.toml"
ANTENNAS, TARGETS, REACH_M, TABLE_M = 24, 4000, 250_000.0, 300_000.0
HEIGHTS_M = (60.0, 300.0, 1000.0)


def main() -> None:
    """Print the shares."""
    scenario = load(EXAMPLE)
    terrain = Terrain.open(scenario.terrain_path, scenario.region.no_data, [scenario.base_dir])
    source = next(s for s in scenario.sources if s.orbit)
    track = external._track(source, Inputs(load_catalogue(), {}))
    rng = np.random.default_rng(1)
    n = track.lat_rad.size
    for places in (4, 12, 24):
        wrong = {h: [0, 0, 0] for h in HEIGHTS_M}
        for k in rng.integers(0, n, ANTENNAS):
            each = n / places
            near = round(round(k / each) * each) % n
            true = _table(terrain, track, int(k), N_AZ, N_RNG)
            coarse = _table(terrain, track, int(near), external.N_AZIMUTH, external.N_RANGE)
            azimuth, away = rng.uniform(0.0, 2.0 * math.pi, TARGETS), REACH_M * np.sqrt(rng.uniform(0.0, 1.0, TARGETS))
            lat, lon = destination(track.lat_rad[k], track.lon_rad[k], azimuth, away)
            ground = terrain.elevation(np.degrees(lat), np.degrees(lon))
            floor = floor_height(true, azimuth, away)
            seen_from = _polar(track.lat_rad[near], track.lon_rad[near], lat, lon)
            near_floor = floor_height(coarse, *seen_from)
            for h in HEIGHTS_M:
                sees, says = floor <= ground + h, near_floor <= ground + h
                wrong[h][0] += int((~sees).sum())
                wrong[h][1] += int((says & ~sees).sum())
                wrong[h][2] += int((~says & sees).sum())
        for h, (hidden, more, fewer) in wrong.items():
            all_ = ANTENNAS * TARGETS
            print(f"{places} places, {h:g} m: hidden {hidden / all_:.1%}, seen though hidden {more / all_:.1%}, "
                  f"hidden though seen {fewer / all_:.1%}")


def _table(terrain: Terrain, track: external.AntennaPath, i: int, n_az: int, n_rng: int) -> HorizonTable:
    """Horizon from one point of the orbit."""
    lat, lon = math.degrees(track.lat_rad[i]), math.degrees(track.lon_rad[i])
    above_m = track.altitude_m - terrain.site_elevation(lat, lon)
    return build(terrain, lat, lon, above_m, TABLE_M, n_az=n_az, n_rng=n_rng)


def _polar(lat0: float, lon0: float, lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth [rad] and distance [m] of places."""
    azimuth, away = inverse(lat0, lon0, lat, lon)[:2]
    return np.asarray(azimuth), np.asarray(away)


if __name__ == "__main__":
    main()
