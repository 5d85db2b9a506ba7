"""Replay: one replication of a finished run again, bit for bit, with its whole story kept.

A replication depends on the scenario, the seed and its own number alone. The results folder
holds all three, so nothing but the results needs to be stored: whoever wants to look at one
replication computes it again. What comes out is compared with what was stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import Catalogue
from kalkan.engine.again import catalogue_again, variant_again
from kalkan.engine.identity import engine_change, plan_parts, told_changes
from kalkan.engine.job import BRANCH
from kalkan.engine.recording import Recording
from kalkan.engine.store import Store
from kalkan.engine.warm import compiling, engine_is_compiled, parts_of
from kalkan.engine.watch import Watcher
from kalkan.errors import Problem, ProblemsError, StoreError
from kalkan.scenario import Scenario
from kalkan.schema import RAGGED
from kalkan.sources import engine_identity, machine, versions_here

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.kernels.records import Records
    from kalkan.kernels.state import State

FIRST_ROOM = 1 << 16  # entries of the trace; more are made when they are wanted
TOLERANCE_M = 10.0


def record(
    path: str | Path,
    *,
    variant: str | None = None,
    replication: int,
    catalogue: Catalogue | None = None,
    tolerance_m: float = TOLERANCE_M,
    progress: Watcher | None = None,
) -> Recording:
    """Replay one replication of a finished run.

    Parameters
    ----------
    path : path
        A results folder.
    variant : str, optional
        Default: the first one.
    replication : int
        Its number, from 0.
    catalogue : Catalogue, optional
        Default that of the run; it must not have changed since.
    tolerance_m : float
        Between the points of a recorded true path or flight, straight lines at constant speed are
        this near to it [m].
    progress : Watcher, optional

    Returns
    -------
    Recording

    Raises
    ------
    ProblemsError
        There is no such variant or replication; the stored scenario's terrain is not found.
    StoreError
        No results folder, or damaged; or the replication does not come out as it was stored.
    """
    store = Store.open(path)
    name = chosen_variant(store, variant, replication)
    watcher = progress or Watcher()
    catalogue = catalogue_again(store) if catalogue is None else catalogue
    scenario = variant_again(store, name, catalogue)
    stored = store.read_one(name, replication)
    compiled, state, found = _run(scenario, catalogue, int(store.run["seed"]), replication, watcher)
    _must_equal(store, name, replication, compiled, stored, found)
    from kalkan.engine.retelling import retell

    return retell(store, name, replication, scenario, compiled, state, found, tolerance_m)


def chosen_variant(store: Store, variant: str | None, replication: int | None) -> str:
    """Name of the wanted variant, or of the first, if that replication of it is finished.

    Raises
    ------
    ProblemsError
        No such variant or replication (None: any); every wrong argument is told at once.
    StoreError
        Nothing is finished.
    """
    finished: dict[str, list[tuple[int, int]]] = {}
    for block in store.blocks:
        finished.setdefault(block.variant, []).append((block.first, block.stop))
    known = [n for n in store.run["variants"] if n in finished]
    if not known:
        raise StoreError(f"{store.path} holds no finished replications yet")
    problems = []
    if variant is not None and variant not in known:
        problems.append(Problem("--variant", f'"{variant}" is not a variant; there are {", ".join(known)}'))
    name = known[0] if variant is None or variant not in known else variant
    whole = isinstance(replication, int) and not isinstance(replication, bool)
    if replication is not None and not (whole and any(a <= replication < b for a, b in finished[name])):
        ranges = ", ".join(f"{first} to {stop - 1}" for first, stop in _joined(finished[name]))
        problems.append(Problem("--replication", f"= {replication} is not finished; there are {ranges}"))
    if problems:
        raise ProblemsError(problems)
    return name


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring ranges as one."""
    joined: list[tuple[int, int]] = []
    for first, stop in sorted(ranges):
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((first, stop))
    return joined


def _run(
    scenario: Scenario, catalogue: Catalogue, seed: int, replication: int, watcher: Watcher
) -> tuple[Compiled, State, dict[str, NDArray[Any]]]:
    """Compile the variant and run the replication, again with more room if the trace wants it."""
    from kalkan.compile import compile_scenario
    from kalkan.kernels.mission import trace_one
    from kalkan.kernels.records import allocate

    watcher.preparing(scenario.label)
    room = FIRST_ROOM
    with compiling():
        compiled = compile_scenario(scenario, catalogue, progress=watcher.note)
    plan = compiled.plan._replace(watching=compiled.plan.watching._replace(decisions=1))
    parts = parts_of(replace(compiled, plan=plan))
    if not engine_is_compiled(parts):
        watcher.compiling_engine()
    with compiling(parts):
        while True:
            records = allocate(1, compiled.sizes)
            state = trace_one(plan, seed, BRANCH, replication, records, room)
            if state.trace.n[0] <= room:
                return compiled, state, _row(records)
            room = int(state.trace.n[0])


def _row(records: Records) -> dict[str, NDArray[Any]]:
    """The one replication, as the store would give it back."""
    from kalkan.kernels.records import columns

    row = {name: np.array(array[0]) for name, array in columns(records).items()}
    return {name: a[: int(row["event_count"])] if name in RAGGED else a for name, a in row.items()}


def _must_equal(
    store: Store, name: str, replication: int, compiled: Compiled,
    stored: Mapping[str, NDArray[Any]], found: Mapping[str, NDArray[Any]],
) -> None:  # fmt: skip
    """Refuse a replication that does not come out bit for bit, as far as it was recorded."""
    both = [n for n in found if n in stored]
    differ = [n for n in both if stored[n].tobytes() != np.ascontiguousarray(found[n], stored[n].dtype).tobytes()]
    if not differ:
        return
    versions, about = store.run["versions"], store.run["variants"][name]
    why = []
    if store.run["engine"] != engine_identity():
        why.append(engine_change(versions, versions_here()))
    if about.get("plan", {}) != plan_parts(compiled):
        why.append(told_changes(about, compiled, str(versions.get("kalkan", "?"))))
    here, there = machine(), store.run.get("platform", "unknown")
    reason = "; ".join(why) or f"the run was made on another machine ({there}, this is {here})"
    raise StoreError(
        f'{store.path}: replication {replication} of "{name}" does not come out as it was stored '
        f"({len(differ)} of {len(both)} variables differ, {differ[0]} first): {reason}. Run it again with --overwrite"
    )
