"""A thousand vehicles of every kind at three S-400 sets: fighters, drones, cruise, anti-radiation, ballistic missiles.

``python benchmarks/mixed.py`` prints simulated seconds per CPU second of one thread, ``mixed.n1000.sim_s_per_cpu_s`` of
``make bench``. The sets are objects with value, reload on request and share who engages what; anti-radiation missiles
home on their radars, which fall silent when they come; ballistic missiles fall at the assets. Flat ground.
"""

from __future__ import annotations

import statistics
import time

HORIZON_S = 3600.0
HEAD = """
title = "a thousand vehicles"
[region]
terrain = "flat"
[[assets]]
name = "city"
position = [39.0, 33.0]
value = 10
[[assets]]
name = "port"
position = [38.7, 34.2]
value = 6
"""
SET = """
[[systems]]
name = "set {i}"
type = "s-400"
position = [{lat}, {lon}]
boresight = "180 deg"
launchers = 12
value = 5
reload_sets = 1
reload_vehicles = 4
emission = {{ manner = "wary", range = "40 km", hold = "60 s" }}
"""
TAIL = """
[command]
coordination = true
[study]
horizon = "60 min"
"""
SETS = ((39.1, 33.0), (38.8, 34.1), (38.9, 32.0))
# name, type, how many, from latitude, height, start, spacing
FLOWN = (
    ("fighters", "f-16c", 120, 36.4, "8 km MSL", "4 min", "2 s"),
    ("cruise missiles", "subsonic-cruise-missile", 320, 36.6, "100 m AGL", "2 min", "2 s"),
    ("drones", "one-way-attack-drone", 400, 38.0, "500 m AGL", "0 s", "2 s"),
)


def scenario_text() -> str:
    """The scenario."""
    parts = [HEAD, *(SET.format(i=i, lat=lat, lon=lon) for i, (lat, lon) in enumerate(SETS))]
    for name, kind, count, lat, height, start, spacing in FLOWN:
        for side in (0, 1):
            lon, aim, end = ((32.6, "city", (39.0, 33.0)), (34.4, "port", (38.7, 34.2)))[side]
            parts.append(f"""
[[raids]]
name = "{name} {side}"
type = "{kind}"
count = {count // 2}
route = [
  {{ position = [{lat}, {lon}], altitude = "{height}" }},
  {{ position = [{end[0]}, {end[1]}], altitude = "{height}" }},
]
aim = "{aim}"
start = "{start}"
spacing = "{spacing}"
formation_width = "20 km"
time_jitter = "20 s"
""")
    for i, (lat, lon) in enumerate(SETS):
        parts.append(f"""
[[raids]]
name = "anti-radiation {i}"
type = "anti-radiation-missile"
count = 32
route = [
  {{ position = [37.6, {lon}], altitude = "9 km MSL" }},
  {{ position = [{lat}, {lon}], altitude = "200 m MSL" }},
]
aim = "set {i}"
start = "8 min"
spacing = "6 s"
time_jitter = "5 s"
""")
    for name, aim in (("falling 0", "city"), ("falling 1", "port")):
        parts.append(f"""
[[raids]]
name = "{name}"
type = "short-range-ballistic-missile"
launch = [36.8, 33.4]
aim = "{aim}"
count = 32
start = "5 min"
spacing = "15 s"
""")
    return "".join([*parts, TAIL])


def measure_mixed(rounds: int = 3) -> dict[str, float]:
    """Simulated seconds per CPU second, vehicles, and share of them that leak, in one replication each."""
    from kalkan.catalogue import load_catalogue
    from kalkan.compile import compile_scenario
    from kalkan.kernels.mission import run_block
    from kalkan.kernels.records import allocate
    from kalkan.scenario import parse
    from kalkan.schema import LEAKED

    compiled = compile_scenario(parse(scenario_text()), load_catalogue())
    before = time.process_time()
    run_block(compiled.plan, 1, 0, 0, 1, allocate(1, compiled.sizes))
    first_s, rates, records = time.process_time() - before, [], allocate(1, compiled.sizes)
    for number in range(1, rounds + 1):
        start = time.process_time()
        run_block(compiled.plan, 1, 0, number, 1, records)
        rates.append(HORIZON_S / (time.process_time() - start))
    return {
        "sim_s_per_cpu_s": statistics.median(rates), "vehicles": float(compiled.plan.threats.size),
        "leaked_share": float((records.threat["threat_outcome"] == LEAKED).mean()), "first_cpu_s": first_s,
    }  # fmt: skip


if __name__ == "__main__":
    print(measure_mixed())
