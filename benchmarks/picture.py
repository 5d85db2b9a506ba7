"""The full picture: 300 airliners, four external sources and jamming around one S-400, over flat ground.

``python benchmarks/picture.py`` prints simulated seconds per CPU second of one thread, ``picture.full.sim_s_per_cpu_s``
of ``make bench``. Twenty flights of 15 airliners fly abreast on straight lines through 400 km around the post, all in
the air for the whole hour; ten fighters come in, two of them jamming, and a jammer stands off.
"""

from __future__ import annotations

import math
import statistics
import time

HOUR_S, LINES, ABREAST = 3600.0, 20, 15
HEAD = """
title = "the full picture"
[region]
terrain = "flat"
[[assets]]
name = "centre"
position = [39.0, 33.0]
value = 10
[[systems]]
name = "post"
type = "s-400"
position = [39.0, 33.0]
boresight = "180 deg"
integrated = true
[[sources]]
name = "eye west"
type = "e-7"
orbit = { centre = [39.5, 31.0], length = "80 km", altitude = "9 km MSL" }
[[sources]]
name = "eye east"
type = "e-3"
orbit = { centre = [39.5, 35.0], length = "80 km", altitude = "9 km MSL" }
[[sources]]
name = "radar north"
type = "allied-radar"
position = [40.5, 33.0]
[[sources]]
name = "radar south"
type = "allied-radar"
position = [37.5, 33.5]
[[raids]]
name = "fighters"
type = "f-16c"
count = 8
route = [
  { position = [36.6, 33.0], altitude = "8 km MSL" },
  { position = [39.0, 33.0], altitude = "8 km MSL" },
]
aim = "centre"
start = "15 min"
spacing = "20 s"
formation_width = "20 km"
[[raids]]
name = "escort"
type = "f-16c"
count = 2
route = [
  { position = [36.6, 33.3], altitude = "9 km MSL" },
  { position = [39.0, 33.0], altitude = "9 km MSL" },
]
aim = "centre"
start = "15 min"
[[jammers]]
name = "own noise"
carried_by = "escort"
effective_power = "1 kW"
bandwidth = "200 MHz"
bands = ["S", "X"]
[[jammers]]
name = "stand-off"
position = [36.0, 33.0]
altitude = "10 km MSL"
effective_power = "20 kW"
bandwidth = "200 MHz"
bands = ["S", "X"]
[study]
horizon = "60 min"
"""
LINE = """
[[flights]]
name = "airway {name}"
side = "neutral"
type = "airliner"
count = {count}
route = [
  {{ position = [{a[0]:.4f}, {a[1]:.4f}], altitude = "FL{level}" }},
  {{ position = [{b[0]:.4f}, {b[1]:.4f}], altitude = "FL{level}" }},
]
speed = "230 m/s"
spacing = "0 s"
formation_width = "300 km"
"""


def scenario_text() -> str:
    """The scenario."""
    half_deg = 0.5 * 230.0 * (HOUR_S + 300.0) / 111_200.0
    parts = [HEAD]
    for i in range(LINES):
        azimuth, shift = 2.0 * math.pi * i / LINES, 0.1 * (i - LINES / 2)
        north, east = half_deg * math.cos(azimuth), half_deg * math.sin(azimuth) / math.cos(math.radians(39.0))
        a, b = (39.0 - north, 33.0 - east + shift), (39.0 + north, 33.0 + east + shift)
        parts.append(LINE.format(name=i, count=ABREAST, a=a, b=b, level=290 + 10 * (i % 12)))
    return "".join(parts)


def measure_picture(rounds: int = 3) -> dict[str, float]:
    """Simulated seconds per CPU second, reports fused and tracks begun on reports in one replication."""
    from kalkan.catalogue import load_catalogue
    from kalkan.compile import compile_scenario
    from kalkan.kernels.mission import run_block
    from kalkan.kernels.records import allocate
    from kalkan.scenario import parse

    compiled = compile_scenario(parse(scenario_text()), load_catalogue())
    run_block(compiled.plan, 1, 0, 0, 1, allocate(1, compiled.sizes))
    rates, post = [], None
    for number in range(rounds):
        records = allocate(2, compiled.sizes)
        start = time.process_time()
        run_block(compiled.plan, 1, 0, 2 * number, 2, records)
        rates.append(2 * HOUR_S / (time.process_time() - start))
        post = records.post
    return {
        "sim_s_per_cpu_s": statistics.median(rates),
        "fused": float(post["tracks_fused"].mean()), "told": float(post["tracks_told"].mean()),
    }  # fmt: skip


if __name__ == "__main__":
    print(measure_picture())
