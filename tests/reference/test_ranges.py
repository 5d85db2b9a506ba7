"""Ranges of first contact through the engine, against geometry, the smooth-earth horizon and public claims."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

import kalkan
from kalkan.results.measures import quantities
from kalkan.results.quantity import Finished, estimate
from kalkan.schema import EV_KILL, EV_MISS
from kalkan.views.run.tables import as_text
from tests.engine.harness import compiled, raid, run, scenario

EXAMPLE = Path(__file__).parents[2] / "examples" / "flat-site.toml"
ECEF = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
RADIUS_M = 6_371_008.8


def measures_of(c, records) -> dict[str, float]:
    arrays = {k: v for k, v in vars(records).items() if k != "labels"}
    arrays = {k: v for k, v in arrays.items() if not (k.startswith("event_") and k != "event_count")}
    found = quantities(Finished(np.arange(len(records.status)), arrays, c.labels, c.attrs))
    return {k: estimate(q).mean for k, q in found.items()}


def slant_m(c, seconds: np.ndarray, antenna_m: float) -> np.ndarray:
    """Distance from an antenna at the asset to the one threat, from its path's knots."""
    knots = c.plan.knots
    here = np.stack([np.interp(seconds, knots["t_s"], knots["position_m"][:, i]) for i in range(3)], axis=-1)
    return np.linalg.norm(here - np.array(ECEF.transform(33.0, 39.0, antenna_m)), axis=-1)


def test_track_and_intercept_ranges_are_where_the_target_then_was() -> None:
    """Recorded ranges of first track and first intercept against the target's distance at these times, to 200 m.

    Against: program: PROJ, distance of two points in ECEF.
    """
    c = compiled(scenario(raid(), p=0.7, horizon="15 min"))
    r = run(c, 40)
    assert c.labels["radar"][r.threat_first_track_radar[0, 0]].endswith(("91N6E", "96L6E"))
    track = slant_m(c, r.threat_first_track_s[:, 0], 0.0)
    assert r.threat_first_track_range_m[:, 0] == pytest.approx(track, abs=200.0)
    for row in range(40):
        n = r.event_count[row]
        met = np.isin(r.event_kind[row, :n], (EV_KILL, EV_MISS))
        first = r.event_time_s[row, :n][met].min()
        assert r.threat_first_intercept_range_m[row, 0] == pytest.approx(slant_m(c, first, 0.0), abs=200.0)
    assert (r.threat_first_intercept_unit == 0).all()
    assert (r.threat_first_intercept_range_m < r.threat_first_launch_range_m).all()
    assert (r.threat_first_launch_range_m < r.threat_first_track_range_m).all()


def test_a_low_raid_is_first_seen_at_the_horizon_of_the_antenna_named_beside_it() -> None:
    """First plot of 50 m flyers: within 3 % of sqrt(2kR) (sqrt h1 + sqrt h2), never beyond; from vehicle and mast.

    Against: closed form: smooth-earth horizon, k = 4/3.
    """
    for mast_m in (None, 60.0):
        text = scenario(raid(lat=37.6).replace("8 km MSL", "50 m AGL"), horizon="12 min")
        if mast_m:
            text = text.replace(
                "launchers =", f'mast_height = {{ "91n6e" = "{mast_m:g} m", "96l6e" = "{mast_m:g} m" }}\nlaunchers ='
            )
        c = compiled(text)
        m = measures_of(c, run(c, 60))
        h1 = m["first_plot_antenna/raid"]
        assert mast_m is None or h1 == pytest.approx(mast_m)
        horizon = math.sqrt(2.0 * 4.0 / 3.0 * RADIUS_M) * (math.sqrt(h1) + math.sqrt(50.0))
        assert m["first_plot_horizon/raid"] == pytest.approx(horizon, rel=2e-3)
        assert 0.97 * horizon < m["first_plot_range/raid"] < 1.001 * horizon
        assert m["begins_inside/raid"] == 0.0


@pytest.mark.parametrize(("lat", "inside"), [(38.2, True), (35.4, False)])
def test_a_raid_that_begins_inside_coverage_is_flagged(lat: float, inside: bool) -> None:
    """Raids that begin 89 km and 400 km from a radar that sees 8 km flyers to 250 km: only the first is flagged.

    Against: closed form: distances along a meridian.
    """
    text = scenario(raid(lat=lat), horizon="25 min").replace(
        'detection_range = "20000 km"', 'detection_range = "250 km"'
    )
    c = compiled(text + '\n[assume.f-16c]\nrcs = "4 m2"\n')
    m = measures_of(c, run(c, 40))
    assert (m["begins_inside/raid"] > 90.0) if inside else (m["begins_inside/raid"] < 5.0)


def test_first_shot_and_first_intercept_are_compared_over_the_same_members() -> None:
    """By hand: of four members three were shot at and two intercepted; one of these flew away in between.

    Against: closed form: means of the ranges of the two, 90 and 40 km against 60 and 50 km.
    """
    nan = math.nan
    shot, met = [[90e3, 40e3, 10e3, nan]], [[60e3, 50e3, nan, 30e3]]
    c = compiled(scenario(raid(count=4, width=9), horizon="1 min"))
    r = run(c, 1)
    r.threat_first_launch_range_m[:] = shot
    r.threat_first_intercept_range_m[:] = met
    m = measures_of(c, r)
    assert m["first_launch_range/raid"] == pytest.approx(140e3 / 3.0)
    assert m["met_launch_range/raid"] == pytest.approx(65e3)
    assert m["first_intercept_range/raid"] == pytest.approx(55e3)
    assert [m[f"{k}_members/raid"] for k in ("first_launch", "met_launch", "first_intercept")] == [3.0, 2.0, 2.0]
    assert m["met_leaving/raid"] == pytest.approx(50.0)


def test_who_is_met_farther_out_than_shot_at_was_flying_away() -> None:
    """A raid that comes in and one that flies away from the battery: only the second is met farther out.

    Against: property: the direction of flight.
    """
    away = raid("away", lat=38.75).replace("[39.0, 33.0]", "[37.2, 33.0]").replace('aim = "centre"', "")
    c = compiled(scenario(raid("home", lat=37.6) + away, p=1.0, horizon="15 min"))
    m = measures_of(c, run(c, 30))
    assert m["met_leaving/home"] == 0.0 and m["met_leaving/away"] == 100.0
    assert m["first_intercept_range/home"] < m["met_launch_range/home"]
    assert m["first_intercept_range/away"] > m["met_launch_range/away"]


@pytest.fixture(scope="module")
def flat_site(tmp_path_factory):
    """The example of a flat site, simulated."""
    return kalkan.run(EXAMPLE, replications=60, out=tmp_path_factory.mktemp("flat"))


def test_on_a_flat_site_low_flyers_are_met_where_the_public_says(flat_site) -> None:
    """First intercept of 50 m cruise missiles by a battery on flat ground: within 20 to 40 km.

    Against: published: 20 to 40 km (FOI), "about 40 km" (South China Morning Post).
    """
    m = flat_site.measures()["base"]
    assert 20e3 <= m["first_intercept_range/cruise missiles"].mean <= 40e3
    assert m["first_intercept_flat_horizon/cruise missiles"].mean < 40e3


def test_table_shows_antenna_lower_bound_and_claim_beside_each_range(flat_site) -> None:
    """The printed table and its JSON."""
    from kalkan.views.run.summary import summary

    content = summary(flat_site)
    text = as_text(content)
    assert "first intercept at" in text
    assert "first tracked at" in text
    assert "20 to 40" in text
    assert "is a lower" in text
    tables = {t["title"]: t for t in content["tables"]}
    seen = {r["name"]: r["values"][0] for r in tables["first seen at, where seen"]["rows"]}
    assert seen["fighters"]["lower_bound"]
    assert not seen["cruise missiles"]["lower_bound"]
    assert 5.0 < seen["cruise missiles"]["antenna_m"] < 10.0
    assert "s-400" not in text and "S-400 Triumf" in text
    (horizons,) = (text.split(f"{title}\n")[1].split("\n\n")[0] for title in ["horizon over a smooth earth"])
    assert "379" in horizons and "±" not in horizons  # it follows from heights and never varies
    claim = next(r for r in tables["against low flyers"]["rows"] if r["kind"] == "claim" and "FOI" in r["name"])
    assert (claim["values"][0]["low"], claim["values"][0]["high"]) == (20e3, 40e3)
    assert claim["url"].startswith("https://")
