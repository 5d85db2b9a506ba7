"""Replay: one replication of a finished run again, bit for bit, with its whole story kept.

A replication depends on the scenario, the seed and its own number alone. The results folder
holds all three, so nothing but the results needs to be stored: whoever wants to look at one
replication computes it again. What comes out is compared with what was stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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
from kalkan.schema import CAMPAIGN_DIMS, RAGGED, VARIABLES
from kalkan.sources import engine_identity, machine, versions_here

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.kernels.plan import Plan
    from kalkan.kernels.records import Records
    from kalkan.kernels.state import State

FIRST_ROOM = 1 << 16  # entries of the trace; more are made when they are wanted
TOLERANCE_M = 10.0


def record(
    path: str | Path,
    *,
    variant: str | None = None,
    replication: int,
    wave: str | None = None,
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
    wave : str, optional
        Of a campaign, the wave to look at; default the first one. Those before it are run as they were.
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
        There is no such variant, replication or wave; the stored scenario's terrain is not found.
    StoreError
        No results folder, or damaged; or the replication does not come out as it was stored.
    """
    store = Store.open(path)
    name = chosen_variant(store, variant, replication, wave)
    watcher = progress or Watcher()
    catalogue = catalogue_again(store) if catalogue is None else catalogue
    scenario = variant_again(store, name, catalogue)
    stored = store.read_one(name, replication)
    waves = store.run["variants"][name]["labels"].get("wave", [])
    k = waves.index(wave) if wave in waves else 0 if waves else None
    again = _run(scenario, catalogue, int(store.run["seed"]), replication, k, watcher)
    _must_equal(store, name, replication, again.compiled, stored, again.whole)
    return _told(store, name, replication, scenario, again, tolerance_m)


def _told(
    store: Store, name: str, replication: int, scenario: Scenario, again: Again, tolerance_m: float
) -> Recording:
    """The recording of a replication, or of one of its waves."""
    from kalkan.compile.campaign import wave_scenario
    from kalkan.engine.retelling import retell
    from kalkan.kernels.mission import stream_of

    stream, k = stream_of(int(store.run["seed"]), BRANCH), again.wave
    if k is None or again.compiled.campaign is None:
        return retell(store, name, replication, scenario, again.compiled, again.state, again.row, tolerance_m, stream)
    from kalkan.campaign.running import stream_of as of_window

    window, one = again.compiled.campaign.windows[k], again.compiled.waves[k]
    told = retell(
        store, name, replication, wave_scenario(scenario, k), one, again.state, again.row, tolerance_m,
        of_window(stream, window), again.ready,
    )  # fmt: skip
    waves = again.compiled.labels["wave"]
    return replace(told, wave=waves[k], waves=tuple(waves))


def chosen_variant(store: Store, variant: str | None, replication: int | None, wave: str | None = None) -> str:
    """Name of the wanted variant, or of the first, if that replication of it is finished.

    Raises
    ------
    ProblemsError
        No such variant, replication or wave (None: any); every wrong argument is told at once.
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
    waves = store.run["variants"][name]["labels"].get("wave", [])
    if wave is not None and wave not in waves:
        told = f'is not a wave; there are {", ".join(waves)}' if waves else "is asked for, and this is no campaign"
        problems.append(Problem("--wave", f'"{wave}" {told}'))
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


class Again(NamedTuple):
    """A replication, or one wave of one, run again.

    Attributes
    ----------
    compiled : Compiled
    wave : int or None
        Which wave of a campaign it is.
    state : State
        With its trace.
    whole, row : dict
        What the whole replication recorded, and what this part of it did.
    ready : list of float, or None
        Rounds of each fire unit as the wave began.
    """

    compiled: Compiled
    wave: int | None
    state: State
    whole: dict[str, NDArray[Any]]
    row: dict[str, NDArray[Any]]
    ready: list[float] | None


def _run(
    scenario: Scenario, catalogue: Catalogue, seed: int, replication: int, wave: int | None, watcher: Watcher
) -> Again:
    """Compile the variant and run the replication, again with more room if the trace wants it."""
    from kalkan.compile import compile_scenario

    watcher.preparing(scenario.label)
    with compiling():
        compiled = compile_scenario(scenario, catalogue, progress=watcher.note)
    looked_at = compiled if wave is None else compiled.waves[wave]
    plan = looked_at.plan._replace(watching=looked_at.plan.watching._replace(decisions=1))
    parts = [*dict.fromkeys([*parts_of(compiled), *parts_of(replace(looked_at, plan=plan))])]
    if not engine_is_compiled(parts):
        watcher.compiling_engine()
    with compiling(parts):
        if wave is None or compiled.campaign is None:
            return _plain(compiled, plan, seed, replication)
        return _of_wave(compiled, plan, seed, replication, wave)


def _plain(compiled: Compiled, plan: Plan, seed: int, replication: int) -> Again:
    from kalkan.kernels.mission import trace_one
    from kalkan.kernels.records import allocate

    room = FIRST_ROOM
    while True:
        records = allocate(1, compiled.sizes)
        state = trace_one(plan, seed, BRANCH, replication, records, room)
        if state.trace.n[0] <= room:
            return Again(compiled, None, state, _row(records), _row(records), None)
        room = int(state.trace.n[0])


def _of_wave(compiled: Compiled, plan: Plan, seed: int, replication: int, wave: int) -> Again:
    from kalkan.campaign import run_block, trace
    from kalkan.kernels.records import allocate

    assert compiled.campaign is not None
    whole, room = allocate(1, compiled.sizes), FIRST_ROOM
    run_block(compiled.campaign, seed, BRANCH, replication, 1, whole)
    while True:
        state, own, carried = trace(compiled.campaign, seed, BRANCH, replication, wave, room, plan.watching)
        if state.trace.n[0] <= room:
            break
        room = int(state.trace.n[0])
    rounds = carried.loaded[0].sum(axis=1)
    ready = [float(rounds[u["first_launcher"] : u["last_launcher"]].sum()) for u in plan.units]
    return Again(compiled, wave, state, _row(whole), _row(own), ready)


def _row(records: Records) -> dict[str, NDArray[Any]]:
    """The one replication, as the store would give it back."""
    from kalkan.kernels.records import columns

    found = columns(records).items()
    row = {name: np.array(a[0]) for name, a in found if a.size or not CAMPAIGN_DIMS.intersection(VARIABLES[name].dims)}
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
