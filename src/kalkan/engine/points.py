"""Many small questions in memory: points of a study, each a variant under a stance with some replications.

Sweeps, sensitivities and draws ask for hundreds of plans with a handful of replications each. A point
is compiled on the calling thread while worker threads simulate the points before it. Replications
have the numbers that the same ones have in a plain run: they depend on the scenario, the seed and their
own number alone.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kalkan.catalogue import Stance
from kalkan.engine.job import BRANCH, LARGEST_BLOCK
from kalkan.engine.ledger import DENSE
from kalkan.engine.store import Arrays
from kalkan.engine.warm import Runner, compiling, fetch_engine
from kalkan.engine.watch import Watcher
from kalkan.scenario import Scenario

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.compile.shared import Shared



class Point(NamedTuple):
    """What is to be simulated.

    Attributes
    ----------
    scenario : Scenario
        One variant.
    stance : Stance or None
        Whose figures; None: the scenario's.
    first, n : int
        Replications ``first … first + n - 1``.
    spared : mapping of str to float, or None
        Rare events: share of the replications in which a threat is spared, by the threat's name.
    """

    scenario: Scenario
    stance: Stance | None
    first: int
    n: int
    spared: dict[str, float] | None = None


class Simulated(NamedTuple):
    """A point's plan with the names of its parts, and its records without event logs, `n` rows."""

    compiled: Compiled
    arrays: Arrays


def simulate(
    points: Iterable[Point],
    *,
    seed: int,
    threads: int,
    watcher: Watcher | None = None,
    compiler: Callable[..., Any] | None = None,
    runner: Runner | None = None,
    shared: Shared | None = None,
) -> Iterator[Simulated]:
    """Simulate points; results come in their order, each as soon as it and those before it are done.

    Parameters
    ----------
    points : iterable of Point
        Taken one by one, so that it may be long.
    seed, threads : int
    watcher : Watcher, optional
    compiler, runner : callable, optional
        In place of ``kalkan.compile.compile_scenario`` and ``kalkan.campaign.run_block``.
    shared : Shared, optional
        What plans made before have in common with those of these points.
    """
    from kalkan.campaign import run_block
    from kalkan.compile import compile_scenario
    from kalkan.compile.shared import Shared

    run = runner or run_block
    compile_point = compiler or partial(compile_scenario, shared=shared or Shared())
    load = run is run_block  # with the first point
    waiting: deque[tuple[Compiled, list[Future[Arrays]]]] = deque()
    pool = ThreadPoolExecutor(threads, "points")
    try:
        for point in points:
            compiled = compiled_point(point, watcher or Watcher(), compile_point, run if load else None)
            load = False
            blocks = _blocks(point, threads)
            waiting.append((compiled, [pool.submit(_block, compiled, seed, b, n, run) for b, n in blocks]))
            while sum(not f.done() for _, futures in waiting for f in futures) > threads:
                yield _finished(*waiting.popleft())
            while waiting and all(f.done() for f in waiting[0][1]):
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _blocks(point: Point, threads: int) -> list[tuple[int, int]]:
    """First replication and number of each block; a few per thread where there are many replications."""
    size = min(LARGEST_BLOCK, max(16, point.n // (4 * threads)))
    return [(b, min(size, point.first + point.n - b)) for b in range(point.first, point.first + point.n, size)]


def compiled_point(
    point: Point, watcher: Watcher, compiler: Callable[..., Any], engine: Runner | None
) -> Compiled:
    """The point's plan; with it the engine is fetched, or compiled, where one is given."""
    with compiling() if engine is not None else contextlib.nullcontext():
        catalogue = point.scenario.catalogue
        compiled: Compiled = compiler(point.scenario, catalogue, progress=watcher.note, stance=point.stance)
    if engine is not None:
        fetch_engine(compiled, engine, watcher)
    return compiled if point.spared is None else _sparing(compiled, point.spared)


def _sparing(compiled: Compiled, shares: dict[str, float]) -> Compiled:
    """The plan with the shares of spared threats."""
    from dataclasses import replace

    threats = compiled.plan.threats.copy()
    threats["spared_share"] = [shares.get(name, 0.0) for name in compiled.labels["threat"]]
    return replace(compiled, plan=compiled.plan._replace(threats=threats))


def _block(compiled: Compiled, seed: int, first: int, n: int, run: Runner) -> Arrays:
    """In a thread: one block; event logs are dropped."""
    from kalkan.kernels.records import allocate, columns

    records = allocate(n, compiled.sizes)
    run(compiled.runs, seed, BRANCH, first, n, records)
    found = columns(records)
    return {name: np.array(found[name]) for name in DENSE}


def _finished(compiled: Compiled, futures: list[Future[Arrays]]) -> Simulated:
    blocks = [f.result() for f in futures]
    return Simulated(compiled, {name: np.concatenate([b[name] for b in blocks]) for name in DENSE})
