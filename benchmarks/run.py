"""Measure kalkan: a table on the screen and benchmarks/latest.json (flat).

Every figure is CPU time of one thread in a process of its own (time.process_time around the
replications, after one to warm up; the median of several rounds), except where its name says
otherwise. Ratios are taken within one run. Nothing here is asserted.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mixed import measure_mixed
from picture import measure_picture
from raid import scenario_text
from replay import measure_replay

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "second-batch.toml"
PEERS = {  # simulated s per CPU s at N = 10, N = 100: published beside the issue of this benchmark
    "KIDA_ADSIM, kill web, 1 s to 5 s steps": ("1386 to 6077", "98 to 461"),
    "Panopticon (Python engine), one site": ("636 to 1484", "79 to 364"),
    "mixr (C++), 50 to 10 Hz, no hit in that set-up": ("394 to 1505", "117 to 459"),
}


def measure_raid(n: int, endless: bool, rounds: int, per_round: int) -> dict[str, float]:
    """Child process: simulated seconds per CPU second, and peak memory [MB]."""
    from kalkan.catalogue import load_catalogue
    from kalkan.compile import compile_scenario
    from kalkan.kernels.mission import run_block
    from kalkan.kernels.records import allocate
    from kalkan.scenario import parse

    scenario = parse(scenario_text(n, endless))
    compiled = compile_scenario(scenario, load_catalogue())
    run_block(compiled.plan, 1, 0, 0, 1, allocate(1, compiled.sizes))
    rates, spent = [], 0.0
    for round_number in range(rounds):
        records = allocate(per_round, compiled.sizes)
        start = time.process_time()
        run_block(compiled.plan, 1, 0, round_number * per_round, per_round, records)
        rates.append(per_round * scenario.study.horizon_s / (time.process_time() - start))
        spent = float(records.loads["spent"].sum(axis=(1, 2)).mean())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"sim_s_per_cpu_s": statistics.median(rates), "peak_rss_mb": peak_mb, "spent": spent}


def measure_threads() -> dict[str, float]:
    """Child process: wall time of one thread over that of two, on the same replications."""
    from concurrent.futures import ThreadPoolExecutor

    from kalkan.catalogue import load_catalogue
    from kalkan.compile import compile_scenario
    from kalkan.kernels.mission import run_block
    from kalkan.kernels.records import allocate
    from kalkan.scenario import parse

    compiled = compile_scenario(parse(scenario_text(100, False)), load_catalogue())
    blocks = 8

    def block(i: int) -> None:
        run_block(compiled.plan, 1, 0, i * 6, 6, allocate(6, compiled.sizes))

    block(0)
    ratios = []
    for _ in range(5):
        wall = []
        for threads in (1, 2):
            start = time.perf_counter()
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(block, range(blocks)))
            wall.append(time.perf_counter() - start)
        ratios.append(wall[0] / wall[1])
    return {"two_over_one": statistics.median(ratios)}


def child(*call: object) -> dict[str, float]:
    """Run one of this file's measures in a process of its own."""
    command = [sys.executable, __file__, "--child", json.dumps(call)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def cpu_s_of(command: list[str], **environment: str) -> tuple[float, float]:
    """CPU seconds (user and system) and wall seconds of a whole process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


FIRST_REPLICATION = """
import sys, time
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.mission import run_block
from kalkan.kernels.records import allocate
from kalkan.scenario import load
c = compile_scenario(load(sys.argv[1]), load_catalogue())
run_block(c.plan, 1, 0, 0, 1, allocate(1, c.sizes))
print(time.process_time())
"""


def measure_start(figures: dict[str, float]) -> None:
    """Cold and warm start, and `kalkan check`."""
    kalkan = str(Path(sys.executable).with_name("kalkan"))
    example = str(HERE.parent / "examples" / "second-batch.toml")
    with tempfile.TemporaryDirectory() as cache:
        figures["start.cold_cpu_s"], _ = cpu_s_of([kalkan, "warm"], KALKAN_CACHE_DIR=cache)
    warm = [sys.executable, "-c", FIRST_REPLICATION, example]
    subprocess.run(warm, check=True, capture_output=True)
    runs = [float(subprocess.run(warm, check=True, capture_output=True, text=True).stdout) for _ in range(5)]
    figures["start.warm_cpu_s"] = statistics.median(runs)
    figures["start.check_s"] = statistics.median(cpu_s_of([kalkan, "check", example])[1] for _ in range(5))


def measure_coverage() -> dict[str, float]:
    """Child process: horizon table, look-ups and a whole page of four radars and seven heights, warm."""
    import numpy as np

    import kalkan
    from kalkan.earth import horizon
    from kalkan.earth.terrain import Terrain

    sys.path.insert(0, str(HERE.parent / "docs" / "design"))
    from horizon_floor_error import RASTER, SITES, speed

    terrain = Terrain.open(RASTER)
    horizon.build(terrain, *SITES["summit"], 24.0, 400e3)
    built = []
    for site in SITES.values():
        for antenna_m in (24.0, 4.0):
            start = time.process_time()
            table = horizon.build(terrain, *site, antenna_m, 400e3)
            built.append(time.process_time() - start)
    t = np.linspace(0.0, 200.0, 2_000_000)
    found = {
        "table_cpu_s": statistics.mean(built),
        "table_worst_cpu_s": max(built),
        "look_ups_per_cpu_s": speed(table, 1e5 + 2e5 * np.sin(t), 2e5 * np.cos(1.3 * t)),
    }
    with tempfile.TemporaryDirectory() as folder:
        kalkan.coverage(EXAMPLE, cells=64).write(folder)
        start = time.process_time()
        kalkan.coverage(EXAMPLE).write(folder)
        found["page_cpu_s"] = time.process_time() - start
    return found


def measure_draws() -> dict[str, float]:
    """Child process: what drawing the claims costs."""
    from draws import measure_draws

    return measure_draws()


def measure_wta() -> dict[str, float]:
    """Child process: weapon-target assignment to proven optimality."""
    from assignment import measure_assignment

    return measure_assignment()


def measure_tracker() -> dict[str, float]:
    """Child process: the tracker by itself, beside Stone Soup."""
    from tracking import measure_tracking

    return measure_tracking()


def measure_viewsheds(figures: dict[str, float]) -> None:
    """One height by gdal_viewshed and r.viewshed, where installed, on the grid of the horizon table."""
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    from kalkan.cover.grid import square
    from kalkan.earth.terrain import Terrain

    half, cell = 400_000, 1000
    proj = "+proj=aeqd +lat_0=37.8 +lon_0=32.07 +datum=WGS84 +units=m +no_defs"
    terrain = Terrain.open(EXAMPLE.parent / "terrain" / "globe30s_turkiye_emed.tif")
    grid = square(proj, half, 2 * half // cell, terrain)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "heights.tif"
        profile = {"driver": "GTiff", "height": grid.n, "width": grid.n, "count": 1, "dtype": "float32", "crs": proj}
        with rasterio.open(path, "w", transform=from_origin(-half, half, cell, cell), **profile) as data:
            data.write(grid.ground_m.astype(np.float32), 1)
        there = ["-ox", "0", "-oy", "0", "-oz", "24", "-tz", "100", "-md", str(half), "-cc", "0.75"]
        if shutil.which("gdal_viewshed"):
            command = ["gdal_viewshed", "-q", *there, str(path), f"{folder}/out.tif"]
            figures["coverage.gdal_viewshed_cpu_s"], _ = cpu_s_of(command)
        if shutil.which("grass"):
            script = Path(folder) / "run.sh"
            setting_up = f"set -e\nr.in.gdal --q input={path} output=h\ng.region raster=h\n"
            script.write_text(setting_up)
            grass = ["grass", "--tmp-location", str(path), "--exec", "sh", str(script)]
            without, _ = cpu_s_of(grass)
            script.write_text(
                f"{setting_up}r.viewshed -c -r -b --q input=h output=v coordinates=0,0 observer_elevation=24 "
                f"target_elevation=100 refraction_coeff=0.25 max_distance={half} memory=2000\n"
            )
            figures["coverage.r_viewshed_cpu_s"] = cpu_s_of(grass)[0] - without


def measure_all() -> dict[str, float]:
    """Every figure, by its key."""
    figures: dict[str, float] = {}
    subprocess.run([str(Path(sys.executable).with_name("kalkan")), "warm"], check=True, capture_output=True)
    for key, n, endless, rounds, per_round in (
        ("raid.n10", 10, False, 9, 40), ("raid.n100", 100, False, 9, 12), ("raid.n100_endless", 100, True, 9, 8),
        ("raid.n1000", 1000, False, 5, 1),
    ):  # fmt: skip
        print(f"measuring {key} ...", file=sys.stderr)
        result = child("raid", n, endless, rounds, per_round)
        for name, value in result.items():
            figures[f"{key}.{name}"] = value
    figures["raid.growth_10_to_100"] = figures["raid.n10.sim_s_per_cpu_s"] / figures["raid.n100.sim_s_per_cpu_s"]
    print("measuring coverage ...", file=sys.stderr)
    figures |= {f"coverage.{name}": value for name, value in child("coverage").items()}
    measure_viewsheds(figures)
    print("measuring draws of claims ...", file=sys.stderr)
    child("draws")
    figures |= {f"draws.{name}": value for name, value in child("draws").items()}
    print("measuring the tracker by itself ...", file=sys.stderr)
    figures |= {f"tracking.{name}": value for name, value in child("tracking").items()}
    print("measuring weapon-target assignment ...", file=sys.stderr)
    figures |= {f"wta.{name}": value for name, value in child("wta").items()}
    print("measuring the full picture ...", file=sys.stderr)
    figures |= {f"picture.full.{name}": value for name, value in child("picture").items()}
    print("measuring a thousand vehicles of every kind ...", file=sys.stderr)
    figures |= {f"mixed.n1000.{name}": value for name, value in child("mixed").items()}
    print("measuring threads and start ...", file=sys.stderr)
    figures["threads.two_over_one"] = child("threads")["two_over_one"]
    measure_start(figures)
    print("measuring the replay in a browser ...", file=sys.stderr)
    figures |= measure_replay(scenario_text(500, False))
    return figures


def show(figures: dict[str, float]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="kalkan benchmarks (benchmarks/latest.json)")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for key, value in figures.items():
        table.add_row(key, f"{value:,.0f}" if value >= 100 else f"{value:.2f}")
    Console().print(table)
    peers = Table(title="published for open peers on such a machine, with less in their loops (s per CPU s)")
    for column in ("system", "N = 10", "N = 100"):
        peers.add_column(column)
    for name, (ten, hundred) in PEERS.items():
        peers.add_row(name, ten, hundred)
    Console().print(peers)
    Console().print(
        "None of the peers has scan-by-scan random detection, a tracker with association, and channel-limited\n"
        "fire control together; kalkan's figure has all three, horizon tables and reaction times besides."
    )


MEASURES = {
    "raid": measure_raid, "threads": measure_threads, "coverage": measure_coverage, "draws": measure_draws,
    "tracking": measure_tracker, "picture": measure_picture, "mixed": measure_mixed, "wta": measure_wta,
}  # fmt: skip


def main() -> None:
    """Measure, write, show."""
    if len(sys.argv) == 3 and sys.argv[1] == "--child":
        name, *arguments = json.loads(sys.argv[2])
        print(json.dumps(MEASURES[name](*arguments)))
        return
    figures = measure_all()
    (HERE / "latest.json").write_text(json.dumps(figures, indent=1) + "\n")
    show(figures)


if __name__ == "__main__":
    main()
