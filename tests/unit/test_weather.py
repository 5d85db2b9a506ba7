"""The weather's way into the plan: defaults, variants, frequencies, and which water reflects."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.compile.weather import SEA_N_AZIMUTH, SEA_N_RANGE
from kalkan.models.rain import rain_db_km
from kalkan.scenario import load, parse
from tests.engine.harness import compiled, raid, run, scenario

COAST = (41.94, 33.85)  # a notional site: the Black Sea to the north, hills to the south
INLAND = (39.0, 33.0)
EXAMPLES = Path(__file__).parents[2] / "examples"


def on_terrain(position: tuple[float, float], weather: str):
    """Plan of one set at a position of the example's terrain."""
    lat, lon = position
    text = scenario(raid(lat=lat - 0.9, lon=lon), perfect=False, extra=weather)
    text = text.replace('"flat"', '"terrain/globe30s_turkiye_emed.tif"').replace("[39.0, 33.0]", f"[{lat}, {lon}]")
    return compile_scenario(parse(text, base_dir=EXAMPLES), load_catalogue())


def test_no_table_no_weather():
    plan = compiled(scenario(raid(), perfect=False)).plan
    assert plan.weather.on == 0 and plan.weather.lobing == 0


def test_an_empty_table_is_the_clear_standard_atmosphere():
    plan_of = compiled(scenario(raid(), perfect=False, extra="[weather]\n"))
    weather = plan_of.plan.weather
    assert weather.on == 1 and math.isinf(weather.rain_extent_m) and not weather.radars["rain_db_m"].any()
    assert weather.gas_db.shape[0] == len(plan_of.labels["radar"])
    assert (np.diff(weather.gas_db, axis=1) > -1e-3).all()  # the integral's own error, above the air [dB]
    used = {(row["entry"], row["value"]) for row in plan_of.attrs["inputs"] if row["quantity"] == "frequency"}
    assert used == {("91n6e", 3e9), ("96l6e", 3.11e9), ("92n6e", 10e9)}


def test_the_example_has_five_kinds_of_weather():
    variants = load(EXAMPLES / "cloudburst.toml").variants_resolved()
    assert len(variants) == 5
    assert [v.weather.rain_rate_mm_h for v in variants.values()] == [0.0, 5.0, 50.0, 50.0, 0.0]


def test_variants_differ_in_their_weather():
    text = scenario(raid(), extra='[variants.wet]\nweather.rain_rate = "20 mm/h"\n')
    base, wet = parse(text).variants_resolved().values()
    assert base.weather is None and wet.weather.rain_rate_mm_h == 20.0 and wet.weather.rain_height_m == 4000.0


def test_a_metre_radar_is_rained_on_as_at_one_gigahertz():
    extra = '[weather]\nrain_rate = "50 mm/h"\n[assume.91n6e]\nfrequency = "180 MHz"\n'
    plan_of = compiled(scenario(raid(), perfect=False, extra=extra))
    air = plan_of.plan.weather.radars[plan_of.labels["radar"].index("set/91N6E")]
    assert air["rain_db_m"] == pytest.approx(2e-3 * rain_db_km(1e9, 50.0))
    assert air["wavelength_m"] == pytest.approx(1.6655, rel=1e-3)


def test_only_sea_in_sight_reflects():
    """North of a coastal site the cells are sea, south of it none; inland nothing is."""
    weather = on_terrain(COAST, "[weather]\nsea_lobing = true\n").plan.weather
    sea = weather.sea[0]
    assert sea.shape == (SEA_N_AZIMUTH, SEA_N_RANGE)
    assert sea[:20, SEA_N_RANGE // 2].mean() > 0.9 and sea[170:190].mean() < 0.05
    inland = on_terrain(INLAND, "[weather]\nsea_lobing = true\n").plan.weather
    assert not inland.sea.any()


def test_over_land_lobing_changes_no_bit():
    dry, lobed = (run(on_terrain(INLAND, f"[weather]\n{x}"), 6) for x in ("", "sea_lobing = true\n"))
    for name, value in vars(dry).items():
        if name != "labels":
            np.testing.assert_array_equal(value, getattr(lobed, name), err_msg=name)


def test_over_the_sea_a_small_low_target_is_seen_nearer():
    """Near the horizon the reflection cancels."""
    low = raid(lat=38.2).replace("8 km MSL", "30 m MSL").replace("f-16c", "one-way-attack-drone")
    first_m = {}
    for sea in ("", "sea_lobing = true\n"):
        result = run(compiled(scenario(low, perfect=False, extra=f"[weather]\n{sea}")), 40)
        first_m[sea] = float(np.nanmean(result.threat_first_plot_range_m))
    assert first_m["sea_lobing = true\n"] < first_m[""] - 1e3
