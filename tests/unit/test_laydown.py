"""The map's data against closed forms and against the look-up of the simulation itself."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.earth.geodesy import destination, ecef_to_geodetic, inverse
from kalkan.earth.horizon import visible
from kalkan.kernels.plan import LOOK_SEARCH
from kalkan.scenario import load, parse, starter
from kalkan.views.maps.laydowns import laydown, lowest_in_sight_m
from kalkan.views.report.figures.laydown_map import shade

EXAMPLE = Path(__file__).parents[2] / "examples/second-batch.toml"


@pytest.fixture(scope="module")
def flat():
    scenario = parse(starter("small"))
    return scenario, compile_scenario(scenario, load_catalogue())


@pytest.fixture(scope="module")
def hilly():
    scenario = next(iter(load(EXAMPLE).variants_resolved().values()))
    return scenario, compile_scenario(scenario, load_catalogue())


def test_over_the_sea_the_limit_of_sight_is_the_radio_horizon(flat):
    _, compiled = flat
    radars = compiled.plan.radars[compiled.plan.radars["role"] == LOOK_SEARCH]
    mast_m = float(radars["antenna_m"].max())
    lat, lon, _ = (float(v) for v in ecef_to_geodetic(*radars[np.argmax(radars["antenna_m"])]["position_m"]))
    for target_m in (30.0, 60.0, 500.0):
        # d = sqrt(2 k R) (sqrt h1 + sqrt h2), Rec. ITU-R P.834
        horizon_m = math.sqrt(2.0 * 4.0 / 3.0 * 6_371_000.0) * (math.sqrt(mast_m) + math.sqrt(target_m))
        for share, seen in ((0.985, True), (1.015, False)):
            at = destination(lat, lon, np.linspace(0.0, 2.0 * math.pi, 9), horizon_m * share)
            floor = lowest_in_sight_m(compiled, np.degrees(at[0]), np.degrees(at[1]))
            assert ((floor <= target_m) == seen).all()


def test_over_hills_the_map_agrees_with_the_simulation_s_look_up(hilly):
    scenario, compiled = hilly
    made = laydown(scenario, compiled)
    layer = made.layers[0]
    plan, k = compiled.plan, compiled.plan.study.refraction_k
    rng = np.random.default_rng(1)
    wrong = looked = 0
    for i, j in zip(rng.integers(0, layer.lat_deg.size, 300), rng.integers(0, layer.lon_deg.size, 300), strict=True):
        floor = float(lowest_in_sight_m(compiled, layer.lat_deg[i], layer.lon_deg[j]))
        if not math.isfinite(floor):
            continue
        above, below = (_seen(plan, layer.lat_deg[i], layer.lon_deg[j], floor + dz, k) for dz in (1.0, -1.0))
        looked += 1
        wrong += not above or below
    assert looked > 200 and wrong <= 3  # the limit is met within a metre


def test_heights_are_those_of_the_scenario_above_the_ground_and_of_every_table(hilly):
    scenario, compiled = hilly
    made = laydown(scenario, compiled)
    heights = {r.name: r.clearance_m for r in made.routes}
    assert heights == compiled.attrs["raid_clearance_m"]
    assert heights["one-way drones"] == pytest.approx(150.0, abs=2.0)
    for low in ("cruise missiles at the harbour", "cruise missiles at the power plant"):
        assert heights[low] == pytest.approx(50.0, abs=2.0)


def _seen(plan, lat_deg, lon_deg, height_m, k):
    for r in plan.radars:
        if r["role"] != LOOK_SEARCH:
            continue
        at = [float(v) for v in ecef_to_geodetic(*r["position_m"])]
        azimuth, d = (float(v) for v in inverse(at[0], at[1], math.radians(lat_deg), math.radians(lon_deg)))
        n = int(r["horizon_n_azimuth"]), int(r["horizon_n_range"])
        if d > r["range_max_m"]:
            continue
        tangent = _tangent(at, azimuth, d, height_m, float(r["antenna_m"]), k)
        if visible(plan.horizon, int(r["horizon_first"]), *n, float(r["horizon_radius_m"]), math.sin(azimuth),
                   math.cos(azimuth), d, tangent):  # fmt: skip
            return True
    return False


def _tangent(at, azimuth, d, height_m, antenna_m, k):
    """Apparent elevation tangent over a sphere of k times the local radius, independent of the maps' code."""
    a, e2 = 6_378_137.0, 6.694379990141316e-3
    w = 1.0 - e2 * math.sin(at[0]) ** 2
    meridian, prime = a * (1.0 - e2) / w**1.5, a / math.sqrt(w)
    radius = k / (math.cos(azimuth) ** 2 / meridian + math.sin(azimuth) ** 2 / prime)
    angle = d / radius
    across, up = (radius + height_m) * math.sin(angle), (radius + height_m) * math.cos(angle) - radius - antenna_m
    return up / across


def test_places_routes_and_reach_are_the_scenario_s(hilly):
    scenario, compiled = hilly
    made = laydown(scenario, compiled)
    assert [(p.name, p.lat_deg, p.lon_deg) for p in made.assets] == [(a.name, *a.position) for a in scenario.assets]
    west = scenario.systems[0]
    assert [(p.lat_deg, p.lon_deg) for p in made.posts] == [pytest.approx(west.position, abs=1e-6)]
    units = [pytest.approx(p, abs=1e-6) for p in west.fire_unit_positions]
    assert [(p.lat_deg, p.lon_deg) for p in made.units] == units
    for route, raid in zip(made.routes, sorted(scenario.raids, key=lambda r: r.name), strict=True):
        first, last = raid.route[0].position, raid.route[-1].position
        assert (route.lat_deg[0], route.lon_deg[0]) == pytest.approx(first, abs=1e-3)
        assert (route.lat_deg[-1], route.lon_deg[-1]) == pytest.approx(last, abs=0.02)
        assert made.box.south < route.lat_deg.min() and route.lat_deg.max() < made.box.north
    assert made.reach_m == {"48n6e3": 250e3, "9m96e2": 120e3}


def test_hillshade_is_bright_where_the_sun_shines():
    from kalkan.earth.terrain import Grid

    lat, lon = np.meshgrid(np.linspace(0.1, -0.1, 81), np.linspace(-0.1, 0.1, 81), indexing="ij")
    cone = 3000.0 - 20_000.0 * np.hypot(lat, lon)
    grid = Grid(cone.astype(np.float32), 0.1, -0.1, -0.0025, 0.0025)
    out = shade(grid, cone > 0)
    north_west, south_east = out[20, 20], out[60, 60]
    assert north_west[0] == 255 and south_east[0] == 0
    assert north_west[3] > 20 and south_east[3] > 20
    assert out[:, :, 3][cone <= 0].max(initial=0) == 0


