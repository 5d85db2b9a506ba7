"""Coverage against closed forms: horizons, detection ranges, areas, first intercepts."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from kalkan.catalogue import load_catalogue
from kalkan.compile.inputs import Inputs
from kalkan.cover.eyes import eye_of
from kalkan.cover.floors import SIGHT, radar_bands
from kalkan.cover.grid import grid_around
from kalkan.cover.laydown import lay_down, sites_deg
from kalkan.cover.looks import Shooter, engage, loss_at
from kalkan.cover.loss import LossTable
from kalkan.cover.ratios import radar_ratios
from kalkan.cover.reach import passes, reach
from kalkan.models.detection import probability_of_detection
from kalkan.models.propagation import Air, excess_db
from kalkan.scenario import load, parse, starter
from kalkan.scenario.nouns.fields import Altitude

K = 4.0 / 3.0
EXAMPLE = Path(__file__).parents[2] / "examples/second-batch.toml"


@pytest.fixture(scope="module")
def flat():
    """The small scenario on a flat earth, against a fighter."""
    return lay_down(parse(starter("small")), load_catalogue(), "f-16c")


@pytest.fixture(scope="module")
def grid(flat):
    return grid_around(sites_deg(flat), flat.nominal_range_m(), flat.terrain, cells=200)


def from_radar(laydown, grid, r):
    """Azimuth [rad] and ground range [m] of every cell from a radar, by pyproj."""
    site, ones = laydown.layout.radars[r].site, np.ones_like(grid.lat_deg)
    lat, lon = site.lat_deg * ones, site.lon_deg * ones
    azimuth, _, d = Geod(ellps="WGS84").inv(lon, lat, grid.lon_deg, grid.lat_deg)
    return np.radians(azimuth), d


def radius_towards(laydown, r, azimuth):
    from kalkan.earth.geodesy import euler_radius

    return euler_radius(math.radians(laydown.layout.radars[r].site.lat_deg), azimuth)


def test_floor_on_a_smooth_earth_is_the_tangent_ray(flat, grid):
    """On the map, the lowest visible height over a smooth earth, to 1 m.

    Against: closed form: the tangent ray.
    """
    for r, antenna in enumerate(flat.layout.radars):
        azimuth, d = from_radar(flat, grid, r)
        re = K * radius_towards(flat, r, azimuth)
        beyond = np.maximum(d / re - np.arccos(re / (re + antenna.height_m)), 0.0)
        floor = re / np.cos(beyond) - re
        band = radar_bands(flat, grid, r)[SIGHT]
        near = (d < 0.9 * float(flat.radars["range_max_m"][r])) & (d > 15e3) & (d < 440e3)
        assert near.sum() > 10_000
        assert np.abs(band.floor_m[near] - floor[near]).max() < 1.0


def test_detection_ends_where_the_radar_equation_says(flat, grid):
    """On a smooth earth a high target is lost at the slant range of the claim, scaled by the fourth root of its
    cross-section.

    Against: closed form: radar equation.
    """
    for r in range(len(flat.layout.radars)):
        _, d = from_radar(flat, grid, r)
        for p_d in (0.5, 0.9):
            band = radar_bands(flat, grid, r)[p_d]
            edge = d[np.isfinite(band.floor_m)].max()
            snr_db = flat.radars["snr_1m_db"][r] + flat.target.rcs_dbsm[r, 0] - 40 * math.log10(edge)
            slack_db = 40 * math.log10(1 + 3 * grid.cell_m / edge)
            needed = flat.needed_db[p_d][r]
            limited = flat.nominal_range_m(p_d)[r] >= flat.radars["range_max_m"][r] or edge > 440e3
            assert needed <= snr_db + 1e-6 and (limited or snr_db < needed + slack_db)


def test_needed_snr_gives_the_probability_of_the_exact_formulas(flat):
    """The SNR that the map asks for gives the wanted probability of detection.

    Against: itself: the exact formulas under detection.
    """
    catalogue, swerling = load_catalogue(), flat.target.swerling
    for r, radar in enumerate(flat.layout.radars):
        p_fa = catalogue.value(radar.entry, "reference_p_fa")
        pulses = int(catalogue.value(radar.entry, "pulses_integrated"))
        for p_d, needed in flat.needed_db.items():
            exact = float(probability_of_detection(needed[r], float(p_fa), pulses, swerling))
            assert exact == pytest.approx(p_d, abs=1e-6)


def test_elevation_limits_bound_the_band(flat, grid):
    """A radar's highest elevation bounds the heights that it sees.

    Against: closed form: a straight ray over k times the earth's radius.
    """
    for r in range(len(flat.layout.radars)):
        azimuth, d = from_radar(flat, grid, r)
        re = K * radius_towards(flat, r, azimuth)
        band = radar_bands(flat, grid, r)[SIGHT]
        near = (d > 8e3) & (d < 30e3)
        h0 = float(flat.radars["antenna_m"][r])
        x = d / re
        top = (re + h0) / (np.cos(x) - float(flat.radars["tan_elevation_max"][r]) * np.sin(x)) - re
        assert np.allclose(band.ceiling_m[near], top[near], rtol=2e-3)


@pytest.mark.parametrize("loss_db", [8.0, -2.0])  # less than what the range claim contains is a gain
def test_a_loss_shortens_the_range_by_its_fourth_root(flat, grid, loss_db):
    """A loss of 8 dB, and a gain of 2 dB, change the range by the fourth root.

    Against: closed form: 10^(-loss / 40).
    """
    loss = LossTable(np.full((2, 2), loss_db), 1e6, 0.0, 1.0)
    weaker = dataclasses.replace(flat, losses=[loss] * len(flat.losses))
    for r in range(len(flat.layout.radars)):
        _, d = from_radar(flat, grid, r)
        edges = [d[np.isfinite(radar_bands(lay, grid, r)[0.9].floor_m)].max() for lay in (flat, weaker)]
        change = 10 ** (-loss_db / 40)
        if flat.nominal_range_m(0.9)[r] * max(change, 1.0) < flat.radars["range_max_m"][r] * 0.99:
            assert edges[1] / edges[0] == pytest.approx(change, abs=3 * grid.cell_m / edges[0])


def test_a_loss_that_falls_with_elevation_raises_the_floor_to_where_the_signal_suffices(flat, grid):
    """With 20 dB at the horizon and none from a tangent of 0.05 on, the floor lies where SNR less loss is what is
    needed, to 0.05 dB.

    Against: closed form: radar equation along the ray.
    """
    nodes = np.linspace(20.0, 0.0, 11)
    loss = LossTable(np.vstack([nodes, nodes]), 1e6, 0.0, 0.005)
    lossy = dataclasses.replace(flat, losses=[loss] * len(flat.losses))
    r = next(i for i, x in enumerate(flat.layout.radars) if not x.engages)
    before, after = radar_bands(flat, grid, r)[0.5], radar_bands(lossy, grid, r)[0.5]
    raised = np.isfinite(after.floor_m) & (after.floor_m > before.floor_m + 100.0)
    assert raised.sum() > 100
    azimuth, d = (v[raised] for v in from_radar(flat, grid, r))
    radius = radius_towards(flat, r, azimuth)
    h0, h, x = float(flat.radars["antenna_m"][r]), after.floor_m[raised], d / (K * radius)
    tan_el = ((K * radius + h) * np.cos(x) - (K * radius + h0)) / ((K * radius + h) * np.sin(x))
    slant = np.sqrt((h - h0) ** 2 + 4 * (radius + h) * (radius + h0) * np.sin(d / radius / 2) ** 2)
    snr = flat.radars["snr_1m_db"][r] + flat.target.rcs_dbsm[r, 0] - 40 * np.log10(slant)
    margin = snr - np.interp(tan_el, 0.005 * np.arange(11), nodes) - flat.needed_db[0.5][r]
    assert np.abs(margin).max() < 0.05


def test_true_area_over_a_smooth_earth(flat, grid):
    """Area seen over a smooth earth, at any height.

    Against: closed form: π d² with d the radio horizon of both heights or the nominal range, whichever is less.
    """
    heights = (Altitude(50.0, "ground"), Altitude(500.0, "sea"))
    detection = [radar_bands(flat, grid, r)[0.5] for r in range(len(flat.layout.radars))]
    rows = radar_ratios(flat, grid, detection, heights)
    for r, (row, radar) in enumerate(zip(rows, flat.layout.radars, strict=False)):
        assert row.nominal_km2 == pytest.approx(math.pi * row.nominal_range_m**2 / 1e6, rel=0.02)
        for height, area in zip(heights, row.true_km2, strict=True):
            horizon = math.sqrt(2 * K * 6.371e6) * (math.sqrt(radar.height_m) + math.sqrt(height.metres))
            d = min(horizon, flat.nominal_range_m()[r])
            assert area == pytest.approx(math.pi * d**2 / 1e6, rel=4 * grid.cell_m / d)
    assert rows[-1].name == "all radars" and rows[-1].true_km2[0] >= max(row.true_km2[0] for row in rows[:-1])


CATALOGUE_SECTION_4 = [  # antenna [m], target [m], first intercept [km] of a 240 m/s target, engagements before 3 km
    (24.0, 10.0, 25.0, 5), (24.0, 25.0, 31.1, None), (24.0, 50.0, 38.0, None), (24.0, 100.0, 47.8, 8),
    (4.0, 10.0, 15.4, None), (4.0, 25.0, 21.5, None), (4.0, 50.0, 28.4, None), (4.0, 100.0, 38.1, 7),
]  # fmt: skip


def inbound(flat, antenna_m, target_m, speed):
    """Meetings [m] of a target that flies in from the south over the sea; interceptors at a mean of 1000 m/s."""
    from kalkan.earth import horizon
    from kalkan.earth.geodesy import destination, enu_basis, geodetic_to_ecef
    from kalkan.earth.terrain import Terrain

    lat, lon = math.radians(36.0), math.radians(33.0)
    table = horizon.build(Terrain.flat(), 36.0, 33.0, antenna_m, 100e3, n_az=4)
    x, y, z = (float(v) for v in geodetic_to_ecef(lat, lon, antenna_m))
    eye = eye_of(flat, 0)._replace(
        x_m=x, y_m=y, z_m=z, axes=np.ascontiguousarray(enu_basis(lat, lon))[None], h0_m=antenna_m, snr_1m_db=1e3,
        lat_terms=horizon_terms(lat), table=table.tan_max.ravel(), n_az=4, n_rng=1600, radius_m=100e3,
        tan_low=-1.0, tan_high=1e3, range_min_m=0.0, range_max_m=1e6,
    )  # fmt: skip
    one = np.ones(1)
    ranges = np.linspace(0.0, 120e3, 121)
    shooter = Shooter(
        np.repeat(ranges[None, :, None] / 1000.0, 2, axis=2), one * 1000.0, one * 30e3, 0 * one, one * 120e3, 0 * one,
        one * 30e3, one * 1e4, 0.0, 9.0, 9.0,
    )  # fmt: skip
    d = np.arange(99e3, 100.0, -100.0)
    la, lo = destination(lat, lon, math.pi, d)
    h = np.full((1, d.size), target_m)
    meetings, seen = engage(
        eye, shooter, la[None], lo[None], h, np.zeros_like(h), 100.0 / speed, speed, np.zeros(3), 0.0, 24
    )
    met = 99e3 - meetings[0] * speed
    return met[met >= 3e3], 99e3 - seen[0] * speed


def horizon_terms(lat):
    from kalkan.earth.refraction import curvature_terms

    return curvature_terms(lat)


@pytest.mark.parametrize("antenna_m, target_m, first_km, n", CATALOGUE_SECTION_4)
def test_first_intercept_of_cruise_missiles(flat, antenna_m, target_m, first_km, n):
    """Where a cruise missile of 240 m/s is first met, and how often before 3 km, for a radar at 4 or 24 m and a
    target at 10 to 100 m.

    Against: closed form: horizon d = 4.12 (√h1 + √h2) km, reaction 9 s, interceptor 1000 m/s: R = (d - 9 v) /
    (1 + v / 1000), and so on from R.
    """
    met, seen = inbound(flat, antenna_m, target_m, 240.0)
    assert met[0] / 1e3 == pytest.approx(first_km, abs=0.15)
    assert seen / 1e3 == pytest.approx(4.12 * (math.sqrt(antenna_m) + math.sqrt(target_m)), abs=0.25)
    assert met[0] == pytest.approx((seen - 9.0 * 240.0) / 1.24, abs=30.0)
    want, shots = seen, 0
    while (want := (want - 9.0 * 240.0) / 1.24) >= 3e3:
        assert met[shots] == pytest.approx(want, abs=100.0)
        shots += 1
    assert met.size == shots and n in (None, shots)


def test_supersonic_cruise_missiles_leave_time_for_fewer(flat):
    """A missile of 680 m/s at 10 m or 100 m leaves time for one to three engagements.

    Against: closed form: the same series, counted by hand.
    """
    assert [inbound(flat, 24.0, h, 680.0)[0].size for h in (10.0, 100.0)] == [2, 3]
    assert [inbound(flat, 4.0, h, 680.0)[0].size for h in (10.0, 100.0)] == [1, 3]


def test_reach_stays_within_the_claims_and_grows_with_height(flat):
    """Reach stays within the claimed range and what is seen, grows with height, and is round over a smooth earth.

    Against: property: bounds, monotony, symmetry.
    """
    heights = (50.0, 500.0, 10_000.0)
    found = [reach(flat, 0, Altitude(h, "ground")) for h in heights]
    areas = [one.area_km2(1) for one in found]
    assert areas[0] < areas[1] < areas[2]
    for one in found:
        assert np.nanmax(one.range_m) <= one.nominal_m
        assert (np.diff(np.nan_to_num(one.range_m, nan=-1.0), axis=1) <= 0).all()
        assert np.nanmax(one.range_m[:, 0] - one.seen_m) < 0.0
        assert one.area_km2(1) >= one.area_km2(2)
        spread = one.range_m[:, 0] / np.nanmean(one.range_m[:, 0])
        assert np.nanmax(spread) - np.nanmin(spread) < 0.01  # a smooth earth looks the same on all sides


def test_passing_over_the_unit_is_flying_straight_at_it(flat, grid):
    """Engagements of a target that flies over a fire unit rise to those of one that flies straight at it, and
    never fall behind it.

    Against: property: two geometries that coincide.
    """
    height = Altitude(500.0, "ground")
    counts = passes(flat, grid, height, math.radians(90.0))
    single = [int(np.median(reach(flat, u, height).engagements)) for u in range(2)]
    _, y = grid.to_plane(*np.array([(u.site.lat_deg, u.site.lon_deg) for u in flat.layout.units]).T)
    row = int((grid.half_m - y.mean()) / grid.cell_m)
    line = counts[row]
    assert (np.diff(line) >= 0).all() and line[0] == 0
    assert line[-1] >= sum(single)  # it is engaged while it flies away as well
    assert counts[5].max() <= counts[row].max()


def test_a_higher_mast_never_sees_less_over_real_terrain():
    """A higher mast never sees less, over real terrain.

    Against: property: monotony.
    """
    scenario = load(EXAMPLE)
    floors = []
    for height in (6.0, 24.0, 39.0):
        system = scenario.systems[0].model_copy(update={"mast_height_m": {"96l6e": height}})
        laydown = lay_down(scenario.model_copy(update={"systems": (system,)}), load_catalogue(), "f-16c")
        grid = grid_around(sites_deg(laydown), np.full(4, 120e3), laydown.terrain, cells=120)
        r = laydown.radar_names.index("west/96L6E")
        floors.append(radar_bands(laydown, grid, r)[SIGHT].floor_m)
    _, d = from_radar(laydown, grid, r)
    seen = np.isfinite(floors[0]) & (d > 15e3)  # nearer, the lower edge of the beam rises with the mast
    assert (floors[1][seen] <= floors[0][seen] + 0.5).all() and (floors[2][seen] <= floors[1][seen] + 0.5).all()
    assert (floors[0][seen] - floors[2][seen]).max() > 50.0


WEATHER = '[weather]\nrain_rate = "5 mm/h"\nrain_extent = "60 km"\nwater_vapour = "15 g/m3"\n'


def test_losses_on_the_maps_are_the_integrals_of_the_weather():
    """The loss that a map subtracts, to 0.05 dB.

    Against: itself: the path integral under absorption.
    """
    wet = lay_down(parse(starter("small") + WEATHER), load_catalogue(), "f-16c")
    rng = np.random.default_rng(3)
    for r, site in enumerate(wet.layout.radars):
        h0, eye = float(wet.radars["antenna_m"][r]), eye_of(wet, r)
        slant = rng.uniform(20e3, 0.95 * float(wet.radars["range_max_m"][r]), 300)
        tangent = np.concatenate([rng.uniform(-0.004, 0.02, 150), rng.uniform(0.02, 0.35, 150)])
        exact = excess_db(
            slant, tangent, number_of(site.entry, "detection_range"), frequency_hz=number_of(site.entry, "frequency"),
            antenna_m=h0, radius_m=K * 6.371e6, air=Air(15e-3, 5.0, 4000.0, 60e3),
        )  # fmt: skip
        got = [loss_at(eye, float(s), float(t)) for s, t in zip(slant, tangent, strict=True)]
        assert np.abs(got - exact).max() < 0.05
        assert exact.max() > (2.0 if "92n6e" in site.entry else 0.1)


def number_of(entry: str, quantity: str) -> float:
    return float(Inputs(load_catalogue(), {}).number(entry, quantity))


def test_rain_takes_range_from_the_engagement_radar_first(grid):
    """Rain never lowers the floor and never lengthens the range; at X band it raises the floor. Beside the same
    air without rain, so that how far above the weather a path runs is the same.

    Against: property: monotony.
    """
    rain = 'rain_rate = "5 mm/h"\nrain_extent = "60 km"\n'
    skies = (WEATHER, WEATHER.replace(rain, ""))
    wet, dry = (lay_down(parse(starter("small") + sky), load_catalogue(), "f-16c") for sky in skies)
    for r, site in enumerate(dry.layout.radars):
        _, d = from_radar(dry, grid, r)
        dry_m, wet_m = (d[np.isfinite(radar_bands(x, grid, r)[0.9].floor_m)].max() for x in (dry, wet))
        floors = [radar_bands(x, grid, r)[0.9].floor_m for x in (dry, wet)]
        assert (floors[1] >= floors[0] - 1.0).all()
        assert wet_m <= dry_m
        if "92n6e" in site.entry:
            low = np.abs(d - 100e3) < 50e3
            assert (floors[1][low] > floors[0][low] + 100.0).mean() > 0.05  # the lowest rays stay longest in the rain


@pytest.mark.parametrize("boresight_deg", [0.0, 180.0])
def test_a_radar_that_cannot_turn_covers_its_sector(boresight_deg):
    """Of a Patriot radar its 120°, of a link that is cut each unit's own; of a radar that turns the whole circle.

    Against: closed form: the share of a circle that the sector is, and where the boresight points.
    """
    text = starter("small").replace('type = "s-400"', f'type = "patriot"\nboresight = "{boresight_deg:g} deg"')
    text = text.replace('loads = { "48n6e3" = 3, "9m96e2" = 4 } # missiles per launcher\n', "")
    patriot = lay_down(parse(text), load_catalogue(), "f-16c")
    grid = grid_around(sites_deg(patriot), patriot.nominal_range_m(), patriot.terrain, cells=240)
    (width,) = set(np.degrees(patriot.radars["sector_rad"]))
    assert 0.0 < width < 360.0
    seen = radar_bands(patriot, grid, 0)[SIGHT].holds(grid, Altitude(3000.0, "ground"))
    azimuth, d = from_radar(patriot, grid, 0)
    off = np.abs((np.degrees(azimuth) - boresight_deg + 180.0) % 360.0 - 180.0)
    assert not seen[off > width / 2.0 + 0.1].any() and seen[(off < width / 2.0 - 0.1) & (d > 5e3) & (d < 50e3)].all()
    within = reach(patriot, 0, Altitude(3000.0, "ground"), n_azimuth=72)
    met = np.isfinite(within.range_m[:, 0])
    aside = np.abs((np.degrees(within.azimuth_rad) - boresight_deg + 180.0) % 360.0 - 180.0)
    assert met[aside < width / 2.0 - 1.0].all() and not met[aside > width / 2.0 + 1.0].any()


def test_a_radar_that_turns_covers_all_directions(flat, grid):
    turning = next(i for i, radar in enumerate(flat.layout.radars) if radar.engages)
    assert flat.radars["sector_rad"][turning] < 2.0 * math.pi
    seen = radar_bands(flat, grid, turning)[SIGHT].holds(grid, Altitude(3000.0, "ground"))
    _, d = from_radar(flat, grid, turning)
    assert seen[(d > 5e3) & (d < 50e3)].all()
