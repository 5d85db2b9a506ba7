"""One run at work: which blocks are due, who computes them, when they are safe."""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kalkan.engine import ledger
from kalkan.engine.identity import different_run, told_changes
from kalkan.engine.ledger import Block
from kalkan.engine.plain import plain
from kalkan.engine.plans import Plans
from kalkan.engine.store import Store
from kalkan.engine.warm import Runner, compiling, fetch_engine
from kalkan.engine.watch import Interrupted
from kalkan.schema import OK, STATUS, VARIABLES

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.kernels.records import Records

Pending: TypeAlias = "dict[Future[tuple[Records, float, float]], Block]"
BRANCH = 0  # of the random numbers, for every variant
LARGEST_BLOCK = 64  # replications
BLOCKS_PER_THREAD = 4  # at least, while there is work for so many
FIRST_BLOCK = 4  # replications of a variant's first block; each later one is up to twice as large
BLOCK_S = 2.0  # of computing in one block, as far as can be foretold: progress and Ctrl-C never wait longer
COMMIT_SHARE = 0.1  # of the time, at most, for bringing finished blocks to the disk …
LONGEST_UNKEPT_S = 5.0  # … but no block waits longer for it
LARGEST_RECORDS_BYTES = 32_000_000  # of one block


class Job:
    """One call of `run_study`: hands blocks to threads and writes them as they finish."""

    def __init__(
        self, store: Store, plans: Plans, names: list[str], replications: int, threads: int, runner: Runner | None
    ) -> None:
        self.store, self.plans, self.names, self.threads, self.runner = store, plans, names, threads, runner
        self.watcher = plans.watcher
        self.horizon_s = plans.scenarios[names[0]].study.horizon_s
        self.compiled: dict[str, Compiled] = {}
        self.stop = threading.Event()
        self.may_break_off = False
        store.mend(names)
        self.gaps = {n: deque(ledger.gaps(store.blocks, n, replications)) for n in names}
        self.total = replications * len(names)
        self.left_of = {n: sum(stop - first for first, stop in gaps) for n, gaps in self.gaps.items()}
        self.left = sum(self.left_of.values())
        self.done = self.total - self.left
        self.block_n = max(1, min(LARGEST_BLOCK, self.left // (threads * BLOCKS_PER_THREAD)))
        self.next_n = dict.fromkeys(names, FIRST_BLOCK)
        self.seconds_each: dict[str, float] = {}
        self.computed: dict[str, tuple[int, float]] = {}  # replications, and the time that threads took for them [s]
        self.worst: dict[str, int] = {}  # status so far
        self.simulated_s = 0.0
        self.elapsed_s = 0.0
        self.last = 0.0
        self.committed_s = self.commit_took_s = 0.0

    def run(self) -> None:
        """Everything that is not finished yet."""
        self.watcher.started(self.done, self.total)
        if not self.left:
            return
        self.store.drop_derived()
        try:
            with self._interruptible(), ThreadPoolExecutor(self.threads, "replications") as pool:
                try:
                    self._loop(pool)
                finally:
                    self.store.commit()
        except Interrupted:
            raise
        except KeyboardInterrupt:
            self.stop.set()
        if self.stop.is_set() and self.done < self.total:
            raise Interrupted(self.done, self.total, str(self.store.path))

    def _loop(self, pool: ThreadPoolExecutor) -> None:
        pending: Pending = {}
        blocks = self._blocks()
        try:
            while True:
                self._hand_out(pool, blocks, pending)
                if not pending:
                    return
                finished, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in sorted(finished, key=lambda f: pending[f].first):
                    self._keep(pending.pop(future), *future.result())
        finally:
            for future in pending:
                future.cancel()

    def _hand_out(self, pool: ThreadPoolExecutor, blocks: Iterator[Block], pending: Pending) -> None:
        """Keep two blocks per thread in work; once stopped, take back what no thread has begun."""
        while len(pending) < 2 * self.threads and not self.stop.is_set():
            try:
                block = next(blocks, None)
            except KeyboardInterrupt:
                self.stop.set()
                break
            if block is None:
                return
            pending[pool.submit(self._compute, block)] = block
        if self.stop.is_set():
            for future in [f for f in pending if f.cancel()]:
                del pending[future]

    def _blocks(self) -> Iterator[Block]:
        """Blocks in turn from every variant; a variant is compiled when its first block is due."""
        while any(self.gaps.values()):
            for name in self.names:
                gaps = self.gaps[name]
                if not gaps:
                    continue
                sizes = self._ready(name).sizes
                first, stop = gaps.popleft()
                n = min(stop - first, self._due(name), max(1, LARGEST_RECORDS_BYTES // _row_bytes(sizes)))
                if first + n < stop:
                    gaps.appendleft((first + n, stop))
                yield Block(name, first, n, "", "", 0.0, n * self.horizon_s * len(self._ready(name).plans))

    def _due(self, name: str) -> int:
        """Size of a variant's next block: small at first, so that there is something to show soon."""
        n = min(self.next_n[name], self.block_n)
        self.next_n[name] = 2 * n
        each = self.seconds_each.get(name, 0.0)
        return max(1, min(n, int(BLOCK_S / each))) if each > 0.0 else n

    def _ready(self, name: str) -> Compiled:
        """The compiled variant; the first one of a run also fetches or compiles the engine."""
        if name not in self.compiled:
            self.may_break_off = True
            try:
                self.compiled[name] = self._compile(name)
            finally:
                self.may_break_off = False
            self.last = self.last or time.monotonic()
        return self.compiled[name]

    def _compile(self, name: str) -> Compiled:
        from kalkan.campaign import run_block

        first, injected = not self.compiled, self.runner is not None and self.runner is not run_block
        self.runner = self.runner or run_block
        with contextlib.nullcontext() if injected else compiling():
            compiled = self.plans[name]
        if not injected:
            fetch_engine(compiled, self.runner, self.watcher, loaded=not first)
        self._book_plan(name, compiled)
        return compiled

    def _book_plan(self, name: str, compiled: Compiled) -> None:
        """Note what the variant's plan is; replications of two plans never stand together."""
        about, parts = self.store.run["variants"][name], self.plans.parts(name)
        if about.get("plan", parts) != parts and any(b.variant == name for b in self.store.blocks):
            words = told_changes(about, compiled, str(self.store.run["versions"].get("kalkan", "?")))
            raise different_run(self.store.path, [f'variant "{name}": {words}'])
        told = {"labels": compiled.labels, "sizes": compiled.sizes, "attrs": compiled.attrs, "plan": parts}
        about.update(plain(told))
        self.store.save_run()

    def _compute(self, block: Block) -> tuple[Records, float, float]:
        """In a thread: one block, with the time that passed and the processor time of the thread [s]."""
        from kalkan.kernels.records import allocate

        compiled = self.compiled[block.variant]
        started, cpu_s = time.perf_counter(), time.thread_time()
        records = allocate(block.n, compiled.sizes)
        assert self.runner is not None
        self.runner(compiled.runs, self.store.run["seed"], BRANCH, block.first, block.n, records)
        return records, time.perf_counter() - started, time.thread_time() - cpu_s

    def _keep(self, block: Block, records: Records, seconds: float, cpu_s: float) -> None:
        from kalkan.kernels.records import columns

        wall_s = time.monotonic() - self.last
        self.store.append(block._replace(seconds=cpu_s, wall_s=wall_s), columns(records))
        self.last += wall_s
        self._warn(block, records)
        self.seconds_each[block.variant] = seconds / block.n
        n, spent_s = self.computed.get(block.variant, (0, 0.0))
        self.computed[block.variant] = n + block.n, spent_s + seconds
        self.left_of[block.variant] -= block.n
        self.done += block.n
        self.simulated_s += block.simulated_s
        self.elapsed_s += wall_s
        self._commit()
        self.watcher.foreseen(self._left_s())
        self.watcher.advanced(self.done, self.total, self.simulated_s, self.elapsed_s)

    def _left_s(self) -> float:
        """Time that is left [s]: every variant goes on as it has gone, the others as these do on average.

        What was spent on making variants ready does not count: it would be taken to come again with every replication.
        """
        each = {name: spent_s / n for name, (n, spent_s) in self.computed.items()}
        usual_s = sum(each.values()) / len(each)
        return sum(left * each.get(name, usual_s) for name, left in self.left_of.items()) / self.threads

    def _commit(self) -> None:
        """Bring finished blocks to the disk, unless that was done a moment ago."""
        begun_s = time.monotonic()
        patience_s = min(self.commit_took_s / COMMIT_SHARE, LONGEST_UNKEPT_S)
        if self.done < self.total and begun_s - self.committed_s < patience_s:
            return
        self.store.commit()
        self.committed_s = time.monotonic()
        self.commit_took_s = self.committed_s - begun_s

    def _warn(self, block: Block, records: Records) -> None:
        """Tell the first replication of a variant whose status is graver than all before; the table counts them."""
        status = records.replication["status"]
        worst = int(status.max(initial=OK))
        if worst > self.worst.get(block.variant, OK):
            self.worst[block.variant] = worst
            label, number = self.plans.scenarios[block.variant].label, block.first + int(status.argmax())
            self.watcher.warning(f"{label}: replication {number} {STATUS[worst].sentence}")

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """First Ctrl-C: finish the blocks in work (or break off preparations); second: stop now."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def on_signal(_number: int, _frame: object) -> None:
            if self.may_break_off or self.stop.is_set():
                raise KeyboardInterrupt
            self.stop.set()

        before = signal.signal(signal.SIGINT, on_signal)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _row_bytes(sizes: dict[str, int]) -> int:
    """Size of one replication's records [B]."""
    return sum(
        np.dtype(v.dtype).itemsize * math.prod(sizes.get(d, 0) for d in v.dims[1:]) for v in VARIABLES.values()
    )
