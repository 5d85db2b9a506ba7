"""A stand-in for compiler and loop: replications that depend on the seed and their number alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from kalkan.engine.identity import variant_identity
from kalkan.engine.run import run_study
from kalkan.kernels.records import columns
from kalkan.scenario import parse, starter
from kalkan.schema import DEPARTED, KILLED, LEAKED, MISSED, NO_TRACK, UNRESOLVED

THREATS = 6
LABELS = {
    "threat": [f"cruise/{i}" for i in range(4)] + ["drone/0", "drone/1"],
    "unit": ["north/1", "north/2"],
    "interceptor": ["48n6e3", "9m96e2"],
    "asset": ["harbour", "depot"],
    "post": ["north"],
    "radar": ["north/91N6E"],
}
ATTRS = {
    "threat_raid": ["cruise"] * 4 + ["drone"] * 2,
    "threat_class": ["cruise-missile"] * 4 + ["uav"] * 2,
    "asset_value": [10.0, 5.0],
    "horizon_s": 3600.0,
    "asset_hits_to_destroy": [1, 4],
    "interceptor_unit_cost_usd": [1e6, 5e5],
    "threat_unit_cost_usd": [1e6] * 4 + [2e4] * 2,
    "coordination": False,
    "terrain": "flat",
}


def scenario(replications: int = 40, seed: int = 7, variant: bool = True) -> Any:
    """The small starter with one variant."""
    text = starter("small").replace("replications = 200", f"replications = {replications}")
    text = text.replace("seed = 1\n", f"seed = {seed}\n")
    if variant:
        text += '\n[variants.worse]\nlabel = "worse radar"\nassume.91n6e.scan_period = "20 s"\n'
    return parse(text)


def compiler(variant: Any, _catalogue: object, progress: Any = None) -> Any:
    """The plan is the chance of leaking."""
    sizes = {name: len(values) for name, values in LABELS.items()} | {"event": 20}
    plan = 0.6 if variant.base == "worse" else 0.3
    attrs = ATTRS | {"written": variant_identity(variant)}
    return SimpleNamespace(
        plan=plan, labels=LABELS, sizes=sizes, attrs=attrs, runs=plan, plans=[plan], campaign=None
    )


def runner(p_leak: float, seed: int, branch: int, first: int, n: int, records: Any) -> None:
    """Fill every variable from numbers drawn for this replication."""
    to = columns(records)
    for row in range(n):
        rng = np.random.default_rng([seed, branch, first + row])
        u = rng.random(THREATS)
        leaked = u < p_leak
        last = np.where(u < 0.9, KILLED, np.where(u < 0.95, DEPARTED, UNRESOLVED))
        outcome = np.where(leaked, LEAKED, last)
        to["threat_outcome"][row] = outcome
        to["threat_reason"][row] = np.where(leaked, np.where(u < 0.1, NO_TRACK, MISSED), 0)
        to["threat_first_plot_range_m"][row] = np.where(u < 0.1, np.nan, 1e5 * (1.0 + u))
        to["asset_hits"][row] = (leaked[:4].sum(), leaked[4:].sum())
        to["spent"][row] = rng.integers(0, 4, (2, 2))
        to["kills"][row, 0, 0] = (outcome == KILLED).sum()
        to["event_count"][row] = rng.integers(0, 20)
        used = slice(0, to["event_count"][row])
        to["event_time_s"][row, used] = np.sort(rng.random(to["event_count"][row]) * 100.0)
        to["event_kind"][row, used] = 3
        to["event_subject"][row, used] = first + row


def slow(seconds: float) -> Callable[..., None]:
    """The runner, with a pause per block."""

    def paused(*args: Any) -> None:
        time.sleep(seconds)
        runner(*args)

    return paused


def simulate(out: Path, replications: int = 40, **options: Any) -> Path:
    """`run_study` on the stand-in."""
    parts = {"compiler": compiler, "runner": runner} | options
    what = parts.pop("scenario", None) or scenario(replications)
    return run_study(what, out=out, **parts)
