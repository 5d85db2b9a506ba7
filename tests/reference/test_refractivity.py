"""A scenario's refractivity: k or layers, and the horizons that they give in the loop, on maps and in reports."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy.integrate import quad, solve_ivp

from kalkan.catalogue import load_catalogue
from kalkan.cover.floors import SIGHT, radar_bands
from kalkan.cover.grid import grid_around
from kalkan.cover.laydown import lay_down, sites_deg
from kalkan.earth import horizon
from kalkan.earth.geodesy import MEAN_RADIUS_M, euler_radius, inverse
from kalkan.earth.refraction import horizon_arc_m
from kalkan.earth.refractivity import AirLayer, k_of_gradient, k_of_layers, layered_horizon_m
from kalkan.earth.terrain import Terrain
from kalkan.scenario import parse, starter
from tests.engine.harness import compiled, raid, run, scenario

REAL = Path(__file__).parents[2] / "examples/terrain/globe30s_turkiye_emed.tif"
IDENTITY = "167f81f6400b2b095d1598753ee67f09281ae5ecc352bde0df624c34cc99532a"


@pytest.mark.parametrize(
    ("gradient", "k"), [(0.0, 1.0), (-39.24, 4.0 / 3.0), (-100.0, 2.755), (40.0, 0.797), (-120.0, 4.249)]
)
def test_the_gradient_gives_k(gradient: float, k: float) -> None:
    """Effective-earth factor of a refractivity gradient: none, standard, super- and sub-refraction.

    Against: closed form: 1 / (1 + 0.006371 dN/dh), as in Recommendation ITU-R P.834.
    """
    assert k_of_gradient(gradient) == pytest.approx(k, rel=1e-3)


def first_seen_m(gradient: str) -> float:
    """Ground range at which a low flyer is first seen by a perfect radar that looks every 2 s [m]."""
    low = raid(lat=37.2).replace("8 km MSL", "60 m MSL")
    text = scenario(low, rounds=1, p=0.0, horizon="13 min")
    if gradient:
        text = text.replace('terrain = "flat"', f'terrain = "flat"\nrefractivity_gradient = "{gradient}"')
    return float(np.nanmean(run(compiled(text), 20).threat_first_plot_range_m))


@pytest.mark.parametrize("gradient", ["", "-80 N/km", "-120 N/km", "-150 N/km", "40 N/km"])
def test_the_loop_sees_low_flyers_at_the_horizon_of_its_gradient(gradient: str) -> None:
    """First plots of a flyer at 60 m over smooth earth by an antenna at 8 m, within the way of two looks.

    Against: closed form: the arc of the horizon over the effective radius.
    """
    k = k_of_gradient(float(gradient.split()[0])) if gradient else 4.0 / 3.0
    arc = float(horizon_arc_m(8.0, 60.0, k))
    assert first_seen_m(gradient) == pytest.approx(min(arc, 199.8e3), abs=2.0 * 250.0 + 0.004 * arc)


def test_a_gradient_is_another_way_to_say_k() -> None:
    """The gradient of k = 2 gives the scenario k = 2, and one that says neither has the standard.

    Against: closed form: 1 / (1 + 0.006371 dN/dh).
    """
    plain = scenario(raid())
    assert parse(plain).region.refraction_k == 4.0 / 3.0
    same = plain.replace('terrain = "flat"', 'terrain = "flat"\nrefraction_k = 2.0')
    other = plain.replace('terrain = "flat"', 'terrain = "flat"\nrefractivity_gradient = "-78.48 N/km"')
    assert math.isclose(parse(other).region.refraction_k, parse(same).region.refraction_k, rel_tol=1e-3)


SURFACE = ((0.0, -120.0), (150.0, -39.0))
DEEP = ((0.0, -145.0), (60.0, -20.0), (400.0, -39.0))
SUB = ((0.0, 60.0), (100.0, -39.0))
ELEVATED = ((0.0, 0.0), (300.0, -140.0), (500.0, -39.0))
LAYERED = [SURFACE, DEEP, SUB, ELEVATED]


Air = tuple[tuple[float, float], ...]  # where each layer begins [m], and its gradient [N/km]


def layers_of(air: Air) -> tuple[AirLayer, ...]:
    return tuple(AirLayer(*each) for each in air)


def index(height_m: float, air: Air) -> float:
    """Refractive index of layered air at a height, less 1; 0 at the sea."""
    tops = [*(begin for begin, _ in air[1:]), math.inf]
    each = zip(air, tops, strict=True)
    return sum(1e-9 * g * (min(height_m, top) - begin) for (begin, g), top in each if height_m > begin)


def grazed_m(height_m: float, air: Air, radius_m: float) -> float:
    """Ground range to a height along the ray that grazes the earth: Bouguer's n r cos(elevation) = constant."""

    def per_root(u: float) -> float:  # with the height as u squared, the integral has no pole at the surface
        h, n = u * u, index(u * u, air)
        excess = n + h / radius_m + n * h / radius_m  # of n r over its value at the surface
        return 2.0 * u / (1.0 + h / radius_m) / math.sqrt(excess * (2.0 + excess))

    breaks = [0.0, *(math.sqrt(begin) for begin, _ in air[1:] if begin < height_m), math.sqrt(height_m)]
    return sum(quad(per_root, a, b)[0] for a, b in pairwise(breaks))


def ray_m(tangent: float, start_m: float, away_m: float, air: Air, radius_m: float) -> float:
    """Height of a ray [m] at a ground range, by integration of the ray equation in polar coordinates."""

    def bend(s: float, y: list[float]) -> list[float]:
        h, elevation = y
        r = radius_m + h
        n = (index(h + 0.5, air) - index(h - 0.5, air)) / (1.0 + index(h, air))
        return [r / radius_m * math.tan(elevation), (1.0 + r * n) / radius_m]

    found = solve_ivp(bend, (0.0, away_m), [start_m, math.atan(tangent)], rtol=1e-9, atol=1e-6, max_step=200.0)
    return float(found.y[0, -1])


@pytest.mark.parametrize("air", LAYERED)
@pytest.mark.parametrize("height_m", [30.0, 100.0, 1000.0, 10000.0])
def test_layers_give_the_horizon_of_bouguers_rule(air: Air, height_m: float) -> None:
    """How far antennas at 24 m see over a smooth earth through layers of air.

    Against: program: SciPy's quadrature of Bouguer's rule in spherical layers.
    """
    exact = grazed_m(24.0, air, MEAN_RADIUS_M) + grazed_m(height_m, air, MEAN_RADIUS_M)
    assert layered_horizon_m(24.0, height_m, layers_of(air)) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("air", LAYERED)
def test_a_table_through_layers_has_the_floor_of_the_grazing_ray(air: Air) -> None:
    """Lowest height in sight over the sea through layers, where the grazing ray is at that height.

    Against: program: SciPy's quadrature of Bouguer's rule in spherical layers.
    """
    layers = layers_of(air)
    table = horizon.build(Terrain.flat(), 37.0, 33.0, 24.0, 400e3, k_of_layers(layers), n_az=4, layers=layers)
    for azimuth in (0.0, math.pi / 2.0):
        radius_m = float(euler_radius(math.radians(37.0), azimuth))
        near_m = grazed_m(24.0, air, radius_m)
        for height_m in (10.0, 60.0, 300.0, 2000.0):
            away_m = near_m + grazed_m(height_m, air, radius_m)
            earlier, later = (float(horizon.floor_height(table, azimuth, away_m * share)) for share in (0.997, 1.003))
            assert earlier < height_m < later
    assert horizon.floor_height(table, 0.0, 0.9 * near_m) == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize("air", LAYERED)
def test_behind_a_wall_the_floor_is_the_ray_over_its_crest(tmp_path: Path, air: Air) -> None:
    """Lowest height in sight behind a wall of 400 m through layers, to 1 m and 1 %.

    Against: program: SciPy's integration of the ray equation, aimed at the crest by bisection.
    """
    terrain, layers = wall(tmp_path, 400.0), layers_of(air)
    table = horizon.build(terrain, 37.0, 33.0, 30.0, 150e3, k_of_layers(layers), n_az=8, layers=layers)
    radius_m = float(euler_radius(math.radians(37.0), 0.0))
    crest_m = crests(terrain)
    low, high = -0.05, 0.05
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if ray_m(middle, 30.0, crest_m, air, radius_m) < 400.0 else (low, middle)
    for away_m in (40e3, 70e3, 140e3):
        exact = ray_m(low, 30.0, away_m, air, radius_m)
        assert horizon.floor_height(table, 0.0, away_m) == pytest.approx(exact, rel=0.01, abs=1.0)


def wall(folder: Path, height_m: float) -> Terrain:
    """A sea with one wall, about 31 km north of 37 N."""
    values = np.zeros((400, 100), np.float32)
    values[168:170] = height_m
    profile = {"driver": "GTiff", "height": 400, "width": 100, "count": 1, "dtype": "float32"}
    at = from_origin(32.5, 38.9667, 0.01, 0.01)
    with rasterio.open(folder / "wall.tif", "w", crs="EPSG:4326", transform=at, **profile) as data:
        data.write(values, 1)
    return Terrain.open(folder / "wall.tif")


def crests(terrain: Terrain) -> float:
    """Ground range [m] of the wall's near crest."""
    lat = 37.0 + np.linspace(0.25, 0.31, 601)
    top = lat[np.argmax(terrain.elevation(lat, 33.0) > 399.0)]
    return float(inverse(math.radians(37.0), math.radians(33.0), math.radians(top), math.radians(33.0))[1])


@pytest.mark.parametrize("reference_k", [1.0, 4.0 / 3.0, 2.5])
def test_one_layer_is_its_k_over_real_terrain(reference_k: float) -> None:
    """Air without a gradient over the example's terrain has the floors of k = 1, to 5 mm per km, from any reference.

    Against: property: a layer that never ends is the atmosphere of one k.
    """
    terrain, layers = Terrain.open(REAL), (AirLayer(0.0, 0.0),)
    assert k_of_layers(layers) == 1.0 and k_of_layers((AirLayer(0.0, -39.0),)) == k_of_gradient(-39.0)
    one = horizon.build(terrain, 37.8, 32.07, 24.0, 300e3, reference_k, n_az=64, layers=layers)
    usual = horizon.build(terrain, 37.8, 32.07, 24.0, 300e3, 1.0, n_az=64)
    azimuth, away_m = np.meshgrid(np.linspace(0.0, 6.2, 63), np.linspace(500.0, 299e3, 400))
    floors = horizon.floor_height(one, azimuth, away_m), horizon.floor_height(usual, azimuth, away_m)
    assert (np.abs(floors[0] - floors[1]) < 0.01 + 5e-6 * away_m).all()


def in_layers(text: str, air: Air) -> str:
    """A flat scenario's text with layers of air."""
    listed = ", ".join(f'{{ from = "{begin} m", gradient = "{g} N/km" }}' for begin, g in air)
    return text.replace('terrain = "flat"', f'terrain = "flat"\nrefractivity_layers = [{listed}]')


@pytest.mark.parametrize("air", LAYERED)
def test_the_loop_sees_low_flyers_at_the_horizon_of_its_layers(air: Air) -> None:
    """First plots of a flyer at 60 m through layers of air by an antenna at 8 m, within the way of two looks.

    Against: program: SciPy's quadrature of Bouguer's rule in spherical layers.
    """
    low = raid(lat=37.2).replace("8 km MSL", "60 m MSL")
    text = in_layers(scenario(low, rounds=1, p=0.0, horizon="13 min"), air)
    seen_m = float(np.nanmean(run(compiled(text), 20).threat_first_plot_range_m))
    radius_m = float(euler_radius(math.radians(39.0), math.pi))
    exact = grazed_m(8.0, air, radius_m) + grazed_m(60.0, air, radius_m)
    assert seen_m == pytest.approx(exact, abs=2.0 * 250.0 + 0.004 * exact)


def test_coverage_looks_through_the_layers() -> None:
    """The map's lowest height in sight over the sea is that of the grazing ray through the layers.

    Against: program: SciPy's quadrature of Bouguer's rule in spherical layers.
    """
    laydown = lay_down(parse(in_layers(starter("small"), SURFACE)), load_catalogue(), "f-16c")
    grid = grid_around(sites_deg(laydown), laydown.nominal_range_m(), laydown.terrain, cells=60)
    antenna_m = float(laydown.radars["antenna_m"][0])
    site = np.radians(sites_deg(laydown)[0])
    away_m = inverse(*site, np.radians(grid.lat_deg), np.radians(grid.lon_deg))[1]
    floor_m = radar_bands(laydown, grid, 0)[SIGHT].floor_m
    exact = grazed_m(antenna_m, SURFACE, MEAN_RADIUS_M) + grazed_m(500.0, SURFACE, MEAN_RADIUS_M)
    assert (floor_m[away_m < 0.99 * exact] < 500.0).all() and (floor_m[away_m > 1.01 * exact] > 500.0).all()


def test_sources_of_others_look_through_the_same_layers() -> None:
    """A ground radar of an ally sees through layers what it would see over the k of its own height and the target's.

    Against: program: SciPy's quadrature of Bouguer's rule in spherical layers.
    """
    text = in_layers(starter("small"), SURFACE).replace('type = "s-400"', 'type = "s-400"\nintegrated = true')
    text += '[[sources]]\nname = "post"\ntype = "allied-radar"\nposition = [36.6, 33.0]\n'
    plan = compiled(text).plan
    place, sources = plan.sources.places[0], plan.sources
    n = int(place["horizon_n_azimuth"]), int(place["horizon_n_range"])
    table = horizon.HorizonTable(
        sources.horizon[: n[0] * n[1]].reshape(n), float(place["horizon_radius_m"]), float(place["antenna_m"]),
        36.6, 33.0, plan.study.refraction_k,
    )  # fmt: skip
    radius_m = float(euler_radius(math.radians(36.6), 0.0))
    exact = grazed_m(table.antenna_msl_m, SURFACE, radius_m) + grazed_m(100.0, SURFACE, radius_m)
    assert horizon.floor_height(table, 0.0, 0.99 * exact) < 100.0 < horizon.floor_height(table, 0.0, 1.01 * exact)


def test_reports_name_the_horizon_of_the_layers() -> None:
    """The smooth-earth horizon that a report sets beside first contacts is that of the layers.

    Against: program: SciPy's quadrature of Bouguer's rule in spherical layers.
    """
    low = raid(lat=37.2).replace("8 km MSL", "60 m MSL")
    here = compiled(in_layers(scenario(low, rounds=1, p=0.0, horizon="13 min"), SURFACE))
    exact = grazed_m(8.0, SURFACE, MEAN_RADIUS_M) + grazed_m(60.0, SURFACE, MEAN_RADIUS_M)
    masts = here.attrs["radar_antenna_m"]
    assert here.attrs["raid_horizon_m"]["raid"][masts.index(8.0)] == pytest.approx(exact, rel=2e-3)


def test_scenarios_without_layers_keep_their_identity() -> None:
    """A scenario that writes no layers is the scenario that it was before there were any.

    Against: property: an empty list is not in the identity, layers are.
    """
    plain = scenario(raid())
    assert parse(plain).identity == IDENTITY
    assert parse(in_layers(plain, SURFACE)).identity != parse(in_layers(plain, SUB)).identity != IDENTITY
