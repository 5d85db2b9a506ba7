"""The tracking benchmark: kalkan's tracker on scenes of N targets, beside Stone Soup 1.9.1.

    python benchmarks/tracking.py       # all figures of `make bench` whose keys begin with tracking.

Scenes are made by ``tracking_scene``; Stone Soup's own results on the same plots are in ``tracking_stonesoup.json``.
Compilation is not timed. Everything else from the arrays of plots to the arrays of tracks is.
"""

from __future__ import annotations

import importlib.util
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import tracking_scene as scene

from kalkan.tracking import Config, Sensor, Tracks, Truth, gospa
from kalkan.tracking.asking import settled
from kalkan.tracking.driving import REPORTS
from kalkan.tracking.running import run as drive

STONE_SOUP = Path(__file__).with_name("tracking_stonesoup.json")
RADARS = [
    Sensor(
        name=str(i), scan_period_s=scene.T_SCAN, range_sigma_m=scene.SIG_R, azimuth_sigma_deg=0.2,
        elevation_sigma_deg=0.3, position_m=tuple(map(float, position)), range_min_m=scene.R_MIN,
        range_max_m=scene.R_MAX, elevation_min_deg=0.0, elevation_max_deg=30.0,
    )
    for i, position in enumerate(scene.RADARS)
]  # fmt: skip
SEEDS = {10: 20, 50: 10, 100: 4}


def run(plots, times, filter="ekf"):
    """Track the benchmark's plots.

    Parameters
    ----------
    plots : dict of arrays
        t [s], radar, rng [m], az (counter-clockwise from east) [rad], el [rad].
    times : array (T,)
        When tracks are wanted [s].
    filter : str
        ``"ekf"``, one model of motion, or ``"imm"``.

    Returns
    -------
    ti, tid, x
        Index into `times`, number of the track, state (n, 6) [m, m/s] of confirmed tracks then.
    """
    reports = np.zeros(len(plots["t"]), REPORTS)
    reports["t_s"], reports["radar"], reports["range_m"] = plots["t"], plots["radar"], plots["rng"]
    reports["azimuth_rad"] = 0.5 * math.pi - np.asarray(plots["az"], np.float64)
    reports["elevation_rad"], reports["rate_m_s"] = plots["el"], np.nan
    radars = RADARS[: int(reports["radar"].max()) + 1]
    table = settled(reports, radars)
    done, _ = drive(reports, table, np.zeros(table.size), Config(filter=filter), np.asarray(times, np.float64), False)
    return done.estimates["time"], done.estimates["track"], done.estimates["x"]


def scores(truth, ti, tid, x):
    """Mean GOSPA [m] (c = 1000 m, p = 2), missed objects and false tracks of a scene."""
    true = scene.sampled(truth)
    found = gospa(Truth(true["t"], true["x"].astype(float), true["alive"]), Tracks(ti, tid, x))
    means = {name: float(found[name].mean()) for name in ("gospa", "missed", "false")}
    return means


def spent_s(plots, times, filter="ekf"):
    """CPU seconds of one run, the least of five: everything that disturbs only adds."""
    found = []
    for _ in range(5):
        start = time.process_time()
        run(plots, times, filter)
        found.append(time.process_time() - start)
    return min(found)


def many(n):
    """Plots of one radar and `n` targets that fly straight on: what one costs must not grow with their number."""
    rng = np.random.default_rng([n, 9])
    az, r = rng.uniform(-np.pi, np.pi, n), 10e3 + 105e3 * np.sqrt(rng.uniform(0, 1, n))
    place = np.stack([r * np.cos(az), r * np.sin(az), rng.uniform(3e3, 11e3, n)], 1)
    heading, speed = rng.uniform(0, 2 * np.pi, n), rng.uniform(100.0, 300.0, n)
    v = np.stack([speed * np.cos(heading), speed * np.sin(heading), np.zeros(n)], 1)
    rows = []
    for s in range(30):
        t = s * scene.T_SCAN + np.full(n, 2.5)
        for _ in range(2):
            d, a, e = scene.to_polar(place + t[:, None] * v)
            t = s * scene.T_SCAN + (a % (2 * np.pi)) / (2 * np.pi) * scene.T_SCAN
        ok = rng.random(n) < scene.PD
        z = rng.standard_normal((n, 3))
        d, a, e = d + scene.SIG_R * z[:, 0], a + scene.SIG_AZ * z[:, 1], e + scene.SIG_EL * z[:, 2]
        rows.append(np.stack([t, d, a, e], 1)[ok])
    p = np.concatenate(rows)
    p = p[np.argsort(p[:, 0])]
    return {"t": p[:, 0], "radar": np.zeros(len(p), int), "rng": p[:, 1], "az": p[:, 2], "el": p[:, 3]}


def difference(a, b):
    """Mean of a - b over seeds, and the half width of its 95 % interval."""
    from scipy import stats

    d = np.asarray(a) - np.asarray(b)
    return float(d.mean()), float(stats.t.ppf(0.975, d.size - 1) * d.std(ddof=1) / math.sqrt(d.size))


def measure_tracking():
    """All figures, by their keys without ``tracking.``."""
    kept = {(c["n"], c["variant"], c["noise"]): c for c in json.loads(STONE_SOUP.read_text())["cases"]}
    figures = {}
    for n, seeds in SEEDS.items():
        truth = scene.make_truth(n)
        times = scene.sampled(truth)["t"]
        for variant in ("rot", "rot2"):
            key, mine, mixed, theirs = f"n{n}.{variant}", [], [], []
            for noise in range(seeds):
                plots = scene.make_plots(truth, variant, scene.SEED + noise)
                mine.append(scores(truth, *run(plots, times))["gospa"])
                mixed.append(scores(truth, *run(plots, times, "imm"))["gospa"])
                theirs.append(kept[n, variant, noise]["gospa"])
            figures[f"{key}.gospa_m"], figures[f"{key}.imm_gospa_m"] = statistics.mean(mine), statistics.mean(mixed)
            figures[f"{key}.stone_soup_gospa_m"] = statistics.mean(theirs)
            figures[f"{key}.gospa_over_stone_soup"] = statistics.mean(mine) / statistics.mean(theirs)
            less = difference(mixed, mine)
            figures[f"{key}.imm_less_single_m"], figures[f"{key}.imm_less_single_half_width_m"] = less
            plots = scene.make_plots(truth, variant)
            spent, spent_imm = spent_s(plots, times), spent_s(plots, times, "imm")
            figures[f"{key}.plots_per_cpu_s"] = len(plots["t"]) / spent
            figures[f"{key}.imm_over_single_cpu"] = spent_imm / spent
            figures[f"{key}.stone_soup_kept_cpu_over_mine"] = kept[n, variant, 0]["cpu_s"] / spent
            if n == 10 and importlib.util.find_spec("stonesoup"):
                command = [sys.executable, str(Path(__file__).with_name("tracking_stonesoup.py")), "10", variant, "0"]
                done = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                figures[f"{key}.stone_soup_cpu_over_mine"] = json.loads(done)["cpu_s"] / spent
    each = {n: spent_s(p := many(n), np.arange(1.0, 31.0) * scene.T_SCAN) / len(p["t"]) for n in (100, 500, 2000)}
    figures |= {f"straight{n}.plots_per_cpu_s": 1.0 / s for n, s in each.items()}
    figures["growth_500_to_2000"] = each[2000] / each[500]
    return figures


if __name__ == "__main__":
    print(json.dumps(measure_tracking(), indent=1))
