"""Weapon–target assignment: how long until nothing better can be left, on drawn instances."""

from __future__ import annotations

import statistics
import time

import numpy as np

SEEDS = {200: range(7001, 7006), 1000: range(7001, 7004)}  # none of tests/reference/data/wta_static.json


def drawn(weapons: int, targets: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Values and chances as in tests/reference/data/wta_static.json."""
    rng = np.random.default_rng(seed)
    return rng.integers(25, 101, targets), rng.uniform(0.6, 0.9, (weapons, targets)).round(4)


def measure_assignment() -> dict[str, float]:
    """CPU and wall seconds of kalkan.wta.solve, the worst of some instances each, and how many were proven."""
    from kalkan import wta

    wta.solve(*drawn(10, 10, 1))
    found: dict[str, float] = {}
    for n, seeds in SEEDS.items():
        cpu, wall, proven = [], [], []
        for seed in seeds:
            values, p_kill = drawn(n, n, seed)
            start, start_cpu = time.perf_counter(), time.process_time()
            proven.append(wta.solve(values, p_kill).proven)
            cpu.append(time.process_time() - start_cpu)
            wall.append(time.perf_counter() - start)
        found |= {
            f"n{n}.cpu_s": statistics.median(cpu), f"n{n}.worst_cpu_s": max(cpu), f"n{n}.worst_s": max(wall),
            f"n{n}.proven_share": statistics.mean(proven),
        }  # fmt: skip
    return found


if __name__ == "__main__":
    for key, value in measure_assignment().items():
        print(f"wta.{key}: {value:.2f}")
