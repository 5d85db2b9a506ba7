"""Surface clutter in the loop: notch and blind speeds, residue, false plots, and where land and sea are seen."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.scenario import parse
from tests.engine.harness import compiled, raid, run, scenario

ON = "[surface_clutter]\nsea_state = 3\n"
# unstaggered pulses: clutter at 5 km competes at 155 km, and 50 m/s is blind
PULSED = ON + '[assume.91n6e]\npulse_repetition_frequency = "1 kHz"\nfrequency = "3 GHz"\n'
EXAMPLES = Path(__file__).parents[2] / "examples"
N = 40


def lost(text: str):
    """Plots, and plots lost to clutter, of the 91N6E."""
    plan_of = compiled(text)
    result, r = run(plan_of, N), plan_of.labels["radar"].index("set/91N6E")
    return int(result.plots[:, r].sum()), int(result.plots_cluttered[:, r].sum())


def flying(speed: str, extra: str, **more) -> str:
    """From 157 km to 152 km, low, towards the radar, nothing shot at."""
    text = scenario(raid(lat=37.586), perfect=False, rounds=1, horizon="20 s", extra=extra, **more)
    return text.replace("250 m/s", speed).replace("8 km MSL", "1500 m MSL")


def test_at_a_blind_speed_targets_fade():
    """Five times λ·PRF/2 is as blind as none; halfway between two blind speeds nothing is lost.

    Against: closed form: the blind speed.
    """
    blind = 0.5 * 299792458.0 / 3e9 * 1000.0
    clean = PULSED + 'clutter_attenuation = "60 dB"\n'
    seen, faded = lost(flying(f"{5.0 * blind:.2f} m/s", clean))
    assert faded > 20 * seen
    seen, faded = lost(flying(f"{5.5 * blind:.2f} m/s", clean))
    assert seen > 5 * faded


def test_who_flies_across_fades_and_who_comes_in_does_not():
    extra = PULSED.replace("1 kHz", "960 Hz")  # 240 m/s is five times 48 m/s; 250 is not blind
    seen, faded = lost(flying("262 m/s", extra))
    across = flying("262 m/s", extra).replace(
        '{ position = [39.0, 33.0], altitude = "1500 m MSL" }', '{ position = [37.586, 36.0], altitude = "1500 m MSL" }'
    ).replace('aim = "centre"\n', "").replace("[37.586, 33.0]", "[37.586, 32.97]")  # fmt: skip
    crossing_seen, crossing_faded = lost(across)
    assert seen > 3 * faded and crossing_faded > 3 * crossing_seen


def test_the_wider_the_notch_the_more_is_lost():
    some = [lost(flying("262 m/s", PULSED + f'notch_speed = "{v} m/s"\n'))[1] for v in (3, 10, 24)]
    assert some[0] < some[1] < some[2]


def test_better_filters_lose_less_to_the_residue():
    """A target between blind speeds, with a filter of 20 dB and of 60 dB against the clutter of 5 km."""
    poor, good = (lost(flying("274 m/s", PULSED + f'clutter_attenuation = "{x} dB"\n'))[1] for x in (15, 60))
    assert poor > good


def test_false_plots_are_as_many_as_the_table_says():
    """Poisson with the mean of the table, over turns of the radar.

    Against: closed form: the mean of a Poisson count, four standard errors.
    """
    plan_of = compiled(flying("250 m/s", ON).replace("20 s", "10 min"))
    n = 12
    result = run(plan_of, n)
    for r, name in enumerate(plan_of.labels["radar"]):
        turns = 600.0 / plan_of.plan.radars["scan_period_s"][r]
        mean = float(plan_of.plan.interference.spikes[r, -1]) * turns * n
        if plan_of.plan.radars["picture"][r] >= 0 and mean:
            within = result.clutter_plots[:, r].sum()  # those within its shortest range are left out
            reach = plan_of.plan.interference.receivers["clutter_reach_m"][r]
            least = plan_of.plan.radars["range_min_m"][r]
            spikes = np.diff(plan_of.plan.interference.spikes[r]).reshape(360, 256)
            away = reach * ((np.arange(256) + 0.5) / 256) ** 2
            share = spikes[:, away > least].sum() / spikes.sum()
            assert within == pytest.approx(mean * share, abs=4.0 * math.sqrt(mean * share) + 0.03 * mean), name


def test_clutter_begins_false_tracks():
    spiky = "[assume.kalkan-model]\nclutter_spikiness = 0.5\n"
    with_clutter, without = (
        run(compiled(flying("250 m/s", x + spiky).replace("20 s", "10 min")), 6) for x in (ON, "")
    )
    assert with_clutter.tracks_false.sum() > without.tracks_false.sum()


def on_terrain(lat: float, lon: float):
    text = scenario(raid(lat=lat - 0.9, lon=lon), perfect=False, extra=ON)
    text = text.replace('"flat"', '"terrain/globe30s_turkiye_emed.tif"').replace("[39.0, 33.0]", f"[{lat}, {lon}]")
    return compile_scenario(parse(text, base_dir=EXAMPLES), load_catalogue())


def test_land_echoes_where_it_is_seen_and_the_sea_to_its_horizon():
    """North of a coastal site the sea to its antenna's horizon; around an inland one hills far off, and no valleys."""
    plan = on_terrain(41.94, 33.85).plan
    reach = float(plan.interference.receivers["clutter_reach_m"][0])
    away = reach * ((np.arange(256) + 0.5) / 256) ** 2
    sea = plan.interference.clutter[0, 0]
    horizon = math.sqrt(2.0 * 4.0 / 3.0 * 6.371e6 * float(plan.radars["antenna_m"][0]))
    assert (sea[away > 1.2 * horizon] == 0.0).all() and (sea[(away > 2e3) & (away < 0.5 * horizon)] > 0.0).all()
    land = on_terrain(39.0, 33.0).plan.interference.clutter[0]
    assert land[:, away > 60e3].max() > 100.0
    assert (land[:, away > 5e3] == 0.0).any(), "valleys are hidden"


def test_without_the_table_nothing_is_made():
    off = compiled(scenario(raid(), perfect=False)).plan.interference
    assert off.on == off.clutter_on == 0 and off.clutter.size == off.spikes.size == 0
