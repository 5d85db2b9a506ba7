"""External sources → where their antennas are, what they can see from there, and their links.

An antenna on an orbit has a horizon table for each of up to `PLACES` places along it; between them the terrain is that
of the nearest (kalkan's own simplification: at 9 km height, 10 km to the side change what is hidden only just behind
the ridges; docs/integration.md says by how much). Its tables are coarser than those of the defence's radars. Everything
but the terrain is worked out for where the antenna truly is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, Struct
from kalkan.compile.claim import range_claim
from kalkan.compile.inputs import MODEL, Inputs, keys
from kalkan.compile.interference import Antennas
from kalkan.compile.layout import Site
from kalkan.compile.radars import RADIUS_STEP_M, detection_tables
from kalkan.compile.threats import compile_kinds
from kalkan.compile.weather import compile_weather, radar_airs
from kalkan.earth.frames import Frame, frame
from kalkan.earth.horizon import Clutter, HorizonTable, load_or_build
from kalkan.earth.refraction import curvature_terms
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.kernels.plan import AirAndSea, struct
from kalkan.kernels.sources import ANTENNA_PLACES, ORBIT_KNOTS, SOURCES, Sources, off
from kalkan.models.atmosphere import sound_speed
from kalkan.scenario import Region, Scenario
from kalkan.scenario.checks.ground_beside import orbit_fault
from kalkan.scenario.nouns.sources import Source
from kalkan.scenario.orbits import evenly

LINK = "link-16"  # entry of the catalogue: the link and the tracker behind it, where a source does not say
PLACES = 12  # of an orbit, as the terrain sees it
KNOTS_PER_PLACE = 8
N_AZIMUTH, N_RANGE = 720, 800
FLAT_AZIMUTHS = 4
Progress = Callable[[str], None]


class Stand(NamedTuple):
    """A place of a source's antenna: `layout.Standing`."""

    entry: str
    site: Site


class AntennaPath(NamedTuple):
    """Where an antenna goes round: points [rad] at equal steps of time, its height and the time once round."""

    lat_rad: F8
    lon_rad: F8
    altitude_m: float
    period_s: float


def compile_sources(
    scenario: Scenario, types: list[str], swerling: set[int], farthest_m: Callable[[Frame], float], inputs: Inputs,
    terrain: Terrain, progress: Progress,
) -> tuple[Sources, Antennas]:  # fmt: skip
    """All external sources of a scenario, sorted by name, and where their antennas stand; none where no system asks.

    Parameters
    ----------
    types : list of str
        Air vehicles that are to be seen.
    swerling : set of int
        Their fluctuation classes.
    farthest_m : callable
        Distance [m] from an antenna's frame beyond which nothing needs to be seen.
    progress : callable
        Told which horizon is being made.

    Raises
    ------
    ProblemsError
        An orbit leaves the terrain, or goes into it.
    """
    found = sorted(scenario.sources, key=lambda s: s.name)
    if not found or not any(s.takes_external_picture for s in scenario.systems):
        return off(), Antennas([], [], np.zeros(0, ANTENNA_PLACES), np.zeros(0, np.float32))
    tracks = [_track(s, inputs) if s.orbit else _stand(s, inputs, terrain) for s in found]
    _require_room(scenario, found, tracks, terrain)
    places, knots, horizon, stands = _places(found, tracks, farthest_m, inputs, terrain, scenario.region, progress)
    claims = [range_claim(s.type, inputs) for s in found]
    _, rcs_dbsm = compile_kinds(types, [inputs.word(s.type, "band") for s in found], inputs)
    counts = np.array([t.lat_rad.size for t in tracks])

    def number(quantity: str) -> F8:
        return np.array([inputs.number(s.type, quantity) for s in found])

    def link(quantity: str, field: str = "") -> F8:
        written = [getattr(s, field) if field else None for s in found]
        return np.array([inputs.given(w, LINK, quantity, s.name) for w, s in zip(written, found, strict=True)])

    def count(quantity: str) -> NDArray[np.int64]:
        return np.full(len(found), inputs.whole(LINK, quantity))

    radars = struct(
        SOURCES,
        key=keys([s.name for s in found]),
        first_knot=np.cumsum(counts) - counts,
        n_knots=counts,
        orbit_s=[t.period_s for t in tracks],
        scan_period_s=number("scan_period"),
        range_min_m=number("min_range"),
        range_max_m=number("instrumented_range"),
        tan_elevation_min=np.tan(number("elevation_min")),
        tan_elevation_max=np.tan(number("elevation_max")),
        snr_1m_db=[c.snr_1m_db for c in claims],
        snr_reference_db=[c.snr_db for c in claims],
        range_sigma_m=number("range_sigma"),
        azimuth_sigma_rad=number("azimuth_sigma"),
        elevation_sigma_rad=number("elevation_sigma"),
        noise_floor=np.full(len(found), inputs.number(MODEL, "noise_floor_fraction")),
        confirm_m=count("track_confirm_m"),
        confirm_n=count("track_confirm_n"),
        drop_misses=count("track_drop_misses"),
        process_noise_m_s2=np.full(len(found), inputs.number(LINK, "process_noise")),
        latency_s=link("link_latency", "link_latency_s"),
        update_s=link("link_update_period", "link_update_period_s"),
        availability=link("link_availability", "link_availability"),
        outage_s=link("link_outage", "link_outage_s"),
        accuracy_m=link("report_sigma", "report_sigma_m"),
        bias_m=link("registration_bias", "registration_bias_m"),
        registered=np.array([int(s.registered) for s in found]),
        identifies=np.array([int(s.identifies) for s in found]),
        p_wrong=link("wrong_correlation", "wrong_correlation"),
    )
    claim_of = {s.type: claim for s, claim in zip(found, claims, strict=True)}
    antennas = Antennas(stands, [claim_of[stand.entry] for stand in stands], places, horizon)
    return Sources(1, radars, knots, places, rcs_dbsm, detection_tables(claims, swerling), horizon), antennas


def source_weather_of(scenario: Scenario, afar: Antennas, inputs: Inputs, terrain: Terrain) -> AirAndSea:
    """What the air and the sea do to the antennas of external sources, where there are any."""
    table, k = scenario.weather if afar.sites else None, scenario.region.refraction_k
    airs = radar_airs(table, afar.sites, afar.claims, inputs, k)
    return compile_weather(table, airs, afar.sites, inputs, afar.radars, afar.horizon, terrain, k)


def _height_m(entry: str, quantity: str, inputs: Inputs) -> float:
    """A claimed height [m]; one that is drawn is rounded to two digits, so that draws share their horizon tables."""
    height_m = inputs.number(entry, quantity)
    if not inputs.drawn(entry, quantity) or height_m <= 0.0:
        return height_m
    step = 10.0 ** (math.floor(math.log10(height_m)) - 1)
    return round(height_m / step) * step


def _stand(source: Source, inputs: Inputs, terrain: Terrain) -> AntennaPath:
    """A radar on the ground: one point."""
    assert source.position is not None
    lat, lon = source.position
    height_m = _height_m(source.type, "antenna_height", inputs)
    altitude_m = (0.0 if terrain.no_site(lat, lon) else terrain.site_elevation(lat, lon)) + height_m
    return AntennaPath(np.radians([lat]), np.radians([lon]), altitude_m, 1.0)


def _track(source: Source, inputs: Inputs) -> AntennaPath:
    """An orbit, at equal steps of time from its first point on."""
    orbit = source.orbit
    assert orbit is not None
    altitude_m = (
        orbit.altitude.metres if orbit.altitude is not None else _height_m(source.type, "operating_altitude", inputs)
    )
    speed_m_s = inputs.number(source.type, "cruise_speed") if orbit.speed is None else orbit.speed.metres_per_second
    if speed_m_s is None and orbit.speed is not None and orbit.speed.mach is not None:
        speed_m_s = orbit.speed.mach * float(sound_speed(altitude_m))
    lat, lon, length_m = evenly(orbit, PLACES * KNOTS_PER_PLACE)
    return AntennaPath(lat, lon, altitude_m, length_m / float(speed_m_s or 1.0))


def _require_room(scenario: Scenario, found: list[Source], tracks: list[AntennaPath], terrain: Terrain) -> None:
    """Every orbit is above the terrain, also at the height that is claimed of its type."""
    at = {s.name: i for i, s in enumerate(scenario.sources)}
    problems = []
    for source, track in zip(found, tracks, strict=True):
        lat, lon = np.degrees(track.lat_rad), np.degrees(track.lon_rad)
        if source.orbit and (why := orbit_fault(lat, lon, track.altitude_m, terrain)):
            problems.append(scenario.problem(("sources", at[source.name], "orbit"), why))
    if problems:
        raise ProblemsError(problems)


def _places(
    found: list[Source], tracks: list[AntennaPath], farthest_m: Callable[[Frame], float], inputs: Inputs,
    terrain: Terrain, region: Region, progress: Progress,
) -> tuple[Struct, Struct, NDArray[np.float32], list[Stand]]:  # fmt: skip
    """Places with their horizon tables, the points of all orbits, the tables in a row, and whose each place is."""
    rows, knots, stands = [], [], []
    frames: list[Frame] = []
    tables: list[HorizonTable] = []
    for source, track in zip(found, tracks, strict=True):
        each = KNOTS_PER_PLACE if track.lat_rad.size > 1 else 1
        first = len(frames)
        for k in range(0, track.lat_rad.size, each):
            lat, lon = math.degrees(track.lat_rad[k]), math.degrees(track.lon_rad[k])
            here = frame(lat, lon, track.altitude_m)
            reach_m = min(inputs.number(source.type, "instrumented_range"), farthest_m(here))
            progress(f"horizon of {source.name}")
            frames.append(here)
            stands.append(Stand(source.type, Site(lat, lon)))
            tables.append(_horizon(lat, lon, track.altitude_m, reach_m, terrain, region))
            rows.append(curvature_terms(math.radians(lat)))
        n = len(frames) - first
        for k, (lat_rad, lon_rad) in enumerate(zip(track.lat_rad, track.lon_rad, strict=True)):
            spot = frame(math.degrees(lat_rad), math.degrees(lon_rad), track.altitude_m)
            knots.append((spot.origin_m, first + (k + each // 2) // each % n))
    sizes = np.array([t.tan_max.size for t in tables])
    places = struct(
        ANTENNA_PLACES,
        position_m=[f.origin_m for f in frames],
        to_local=[f.axes for f in frames],
        antenna_m=[f.altitude_m for f in frames],
        range_max_m=[inputs.number(stand.entry, "instrumented_range") for stand in stands],
        lat_terms=rows,
        horizon_first=np.cumsum(sizes) - sizes,
        horizon_n_azimuth=[t.n_az for t in tables],
        horizon_n_range=[t.n_rng for t in tables],
        horizon_radius_m=[t.radius_m for t in tables],
    )
    points = struct(ORBIT_KNOTS, position_m=[p for p, _ in knots], place=[n for _, n in knots])
    return places, points, np.concatenate([t.tan_max.ravel() for t in tables]), stands


def _horizon(
    lat: float, lon: float, altitude_m: float, reach_m: float, terrain: Terrain, region: Region
) -> HorizonTable:
    radius_m = math.ceil(reach_m / RADIUS_STEP_M) * RADIUS_STEP_M
    flat = terrain.is_flat and not region.clutter_height_m
    clutter = Clutter(region.clutter_height_m, region.clutter_clear_m if region.clutter_height_m else 0.0)
    above_m = altitude_m - terrain.site_elevation(lat, lon)
    n_az = FLAT_AZIMUTHS if flat else N_AZIMUTH
    k, layers = region.refraction_k, region.layers
    return load_or_build(terrain, lat, lon, above_m, radius_m, k, n_az, N_RANGE, clutter, layers)
