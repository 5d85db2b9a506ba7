"""Degenerate scenarios for tests: the real engine with everything but one thing made perfect."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from kalkan.campaign import run_block
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.records import allocate, columns
from kalkan.scenario import parse

# the air is clear, radars see everything exactly, the tracker never confuses, orders are instant
PERFECT = """
[assume.91n6e]
detection_range = "20000 km"
scan_period = "2 s"
range_sigma = "1 m"
azimuth_sigma = "0.001 deg"
elevation_sigma = "0.001 deg"
false_alarms_per_scan = 0
elevation_max = "85 deg"
[assume.96l6e]
detection_range = "20000 km"
scan_period = "2 s"
range_sigma = "1 m"
azimuth_sigma = "0.001 deg"
elevation_sigma = "0.001 deg"
false_alarms_per_scan = 0
elevation_max = "85 deg"
[assume.92n6e]
detection_range = "20000 km"
range_sigma = "1 m"
azimuth_sigma = "0.001 deg"
elevation_sigma = "0.001 deg"
sector_width = "360 deg"
acquisition_hits = 1
{engagement}
[assume.55k6e]
reaction_time = "1 s"
command_cycle = "1 s"
assessment_time = "1 s"
assessment_error = 0.0
targets_tracked = 2000
association_gate = 60  # no plot of a lone target may fall out of its gate and begin a second track
{post}
[assume.5p85]
launch_interval = "0.1 s"
{launcher}
[assume."48n6e3"]
kill_probability = {p}
[assume."9m96e2"]
kill_probability = {p}
[assume.kalkan-model]
common_cause_share = 0
crew_delay = "0 s"
launch_threshold = 0
"""

SCENARIO = """
title = "degenerate"
[region]
terrain = "flat"
[[assets]]
name = "centre"
position = [39.0, 33.0]
value = 10
[[systems]]
name = "set"
type = "s-400"
position = [39.0, 33.0]
fire_units = {units}
fire_unit_positions = [{positions}]
launchers = {launchers}
loads = {{ "48n6e3" = {rounds} }}
reload_sets = {reloads}
[doctrine.standard]
assignment = "{assignment}"
salvo = {salvo}
look = {look}
max_salvos = {max_salvos}
{raids}
[study]
replications = 10
seed = 1
horizon = "{horizon}"
"""

RAID = """
[[raids]]
name = "{name}"
type = "f-16c"
count = {count}
route = [
  {{ position = [{lat}, {lon}], altitude = "8 km MSL" }},
  {{ position = [39.0, 33.0], altitude = "8 km MSL" }},
]
aim = "centre"
speed = "250 m/s"
formation_width = "{width} km"
spacing = "{spacing} s"
"""


def raid(
    name: str = "raid", count: int = 1, lat: float = 37.8, lon: float = 33.0, width: int = 0, spacing: int = 0
) -> str:
    """A raid of F-16s at 8 km that flies at the asset."""
    return RAID.format(name=name, count=count, lat=lat, lon=lon, width=width, spacing=spacing)


def scenario(
    raids: str, *, p: float = 0.7, units: int = 1, launchers: int = 8, rounds: int = 4, reloads: int = 0,
    salvo: int = 2, look: bool = True, max_salvos: int = 4,
    horizon: str = "25 min", assignment: str = "optimal", perfect: bool = True,
    engagement: str = "", post: str = "", launcher: str = "", extra: str = "",
) -> str:  # fmt: skip
    """Scenario text over flat ground; `perfect` adds the assumptions of `PERFECT`."""
    text = SCENARIO.format(
        units=units, positions=", ".join(["[39.0, 33.0]"] * units), launchers=launchers, rounds=rounds, reloads=reloads,
        salvo=salvo, look=str(look).lower(), max_salvos=max_salvos if look else 1, raids=raids, horizon=horizon,
        assignment=assignment,
    )  # fmt: skip
    if perfect:
        text += PERFECT.format(p=p, engagement=engagement, post=post, launcher=launcher)
    return text + extra


def compiled(text: str):
    """The plan of a scenario text."""
    return compile_scenario(parse(text), load_catalogue())


def run(plan_of, n: int, *, seed: int = 1, first: int = 0) -> SimpleNamespace:
    """Run `n` replications; every schema variable as an attribute, and ``labels``."""
    records = allocate(n, plan_of.sizes)
    run_block(plan_of.runs, seed, 0, first, n, records)
    return SimpleNamespace(labels=plan_of.labels, **{k: np.array(v) for k, v in columns(records).items()})
