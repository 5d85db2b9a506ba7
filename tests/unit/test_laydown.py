"""The map's data against closed forms and against the look-up of the simulation itself."""

from __future__ import annotations

import itertools
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
from kalkan.views.maps.laydowns import around, joint_box, laydown, lowest_in_sight_m, places_key
from kalkan.views.report.figures.laydown_map import ZONES, laydown_map, shade, zones
from tests.mixed import mixed

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
    assert made.reach_m == {"48N6E3": 250e3, "9M96E2": 120e3}


def test_zones_and_airways_are_the_scenario_s_each_kind_with_its_line_in_the_key():
    """What is drawn is read from the figure; a variant that moves a zone has a map of its own."""
    from matplotlib.figure import Figure

    text = mixed() + "\n[variants.other-way]\nzones.gate.line = [[35.9, 32.0], [36.6, 32.4]]\n"
    variants = parse(text).variants_resolved()
    compiled = {n: compile_scenario(s, load_catalogue()) for n, s in variants.items()}
    keys = {places_key(s, compiled[n]) for n, s in variants.items()}
    assert len(keys) == 2
    made = laydown(variants["base"], compiled["base"])
    assert [(o.name, o.closed) for o in made.outlines] == [("gate", False), ("city", True), ("A1", False)]
    figure = Figure(layout="constrained")
    ax = figure.add_subplot()
    laydown_map(ax, made)
    lines = [np.column_stack(line.get_data()).tolist() for line in ax.lines]
    assert [[33.0, 35.9], [33.4, 36.6]] in lines and [[31.6, 36.0], [34.0, 36.3]] in lines
    assert [[33.5, 36.0], [33.9, 36.0], [33.9, 36.4], [33.5, 36.0]] in lines
    key = [entry.get_text() for entry in figure.legends[0].get_texts()]
    assert {"minimum-risk route", "restricted zone", "airway"} <= set(key)


def test_a_corridor_is_as_wide_as_it_is_asked():
    """Points at 0.95 and 1.05 of half the width beside and beyond the line, by the geodesic; an airway as claimed."""
    from matplotlib.colors import to_rgb
    from matplotlib.figure import Figure

    wide = mixed() + "\n[assume.kalkan-identity]\nairway_width = \"40 km\"\n"
    for text, gate_m, airway_m in ((mixed(), 12e3, 18_520.0), (wide, 12e3, 40e3)):
        scenario = parse(text)
        made = laydown(scenario, compile_scenario(scenario, load_catalogue()))
        ax = Figure(layout="constrained").add_subplot()
        zones(ax, made)
        bands = {to_rgb(c.get_facecolor()[0]): c.get_paths()[0] for c in ax.collections}
        for name, width_m, kind in (("gate", gate_m, "minimum-risk-route"), ("A1", airway_m, "traffic")):
            assert to_rgb(ZONES[kind][1]) in bands, name
            band = bands[to_rgb(ZONES[kind][1])]
            (outline,) = (o for o in made.outlines if o.name == name)
            a, b = outline.points
            course = float(inverse(*np.radians([*a, *b]))[0])
            for turn, share in itertools.product((0.0, 90.0, -90.0), (0.95, 1.05)):
                at = a if turn else b
                lat, lon = destination(*np.radians(at), course + math.radians(turn), share * 0.5 * width_m)
                inside = band.contains_point((math.degrees(lon), math.degrees(lat)))
                assert inside == (share < 1.0), (name, turn, share)


def test_external_sources_and_jammers_within_the_map_are_on_it_and_in_its_key():
    from matplotlib.figure import Figure

    others = """
[[sources]]
name = "near"
type = "e-7"
orbit = { centre = [36.0, 33.0], length = "40 km" }

[[sources]]
name = "far"
type = "allied-radar"
position = [39.0, 33.0]

[[jammers]]
name = "noise"
position = [36.2, 33.2]
altitude = "5 m AGL"
effective_power = "1 kW"
bandwidth = "1 MHz"
bands = ["S"]

[variants.alone]
remove = ["sources.near", "jammers.noise"]
"""
    variants = parse(starter("small") + others).variants_resolved()
    compiled = {n: compile_scenario(s, load_catalogue()) for n, s in variants.items()}
    base, alone = (laydown(s, compiled[n]) for n, s in variants.items())
    assert [tuple(p) for p in base.others] == [("near", 36.0, 33.0)] and alone.others == ()
    assert [tuple(p) for p in base.jammers] == [("noise", 36.2, 33.2)] and alone.jammers == ()
    assert len({places_key(s, compiled[n]) for n, s in variants.items()}) == 2
    keys = []
    for made in (base, alone):
        figure = Figure(layout="constrained")
        laydown_map(figure.add_subplot(), made)
        keys.append([entry.get_text() for entry in figure.legends[0].get_texts()])
    assert {"external source", "jammer"} <= set(keys[0]) and not {"external source", "jammer"} & set(keys[1])


@pytest.mark.parametrize(
    "text", [starter("small"), starter("second-batch"), mixed()], ids=["small", "second-batch", "mixed"]
)
def test_labels_lie_on_the_map_and_cover_neither_each_other_nor_the_scale_bar(text):
    """Measured on the figure as the report draws it, variants in one frame."""
    from matplotlib.figure import Figure

    variants = parse(text).variants_resolved()
    compiled = {n: compile_scenario(s, load_catalogue()) for n, s in variants.items()}
    frame = joint_box([around(s, compiled[n]) for n, s in variants.items()])
    for name, scenario in variants.items():
        made = laydown(scenario, compiled[name], frame)
        figure = Figure(layout="constrained", figsize=(4.1, 0.85 + 3.8 * made.box.height_to_width))
        ax = figure.add_subplot()
        laydown_map(ax, made)
        figure.draw_without_rendering()
        bar = [line for line in ax.lines if line.get_transform() == ax.transAxes]
        told = [t for t in ax.texts if (t.get_gid() or "").startswith("halo")]
        assert len(bar) == 1 and {p.name for p in made.assets} <= {t.get_text() for t in told}
        boxes = {t.get_text(): t.get_window_extent() for t in told} | {"the bar": bar[0].get_window_extent()}
        for text_of, box in boxes.items():
            assert ax.bbox.x0 <= box.x0 and box.x1 <= ax.bbox.x1, (name, text_of)
            assert ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1, (name, text_of)
        over = [(a, b) for a, b in itertools.combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]
        assert not over, (name, over)


def test_a_laydown_without_zones_has_none_in_its_key(flat):
    assert laydown(*flat).outlines == ()


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


