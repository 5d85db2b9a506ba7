"""Blocks, threads, interruptions and resumption never change a result."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from toy_engine import compiler, runner, scenario, simulate, slow

from kalkan.engine import job
from kalkan.engine.run import run_study
from kalkan.engine.store import Store
from kalkan.engine.watch import Interrupted, Watcher
from kalkan.errors import ProblemsError, StoreError
from kalkan.schema import RAGGED

VARIANTS = ("base", "worse")


def same(a: Path, b: Path) -> None:
    """Everything that two folders hold is equal, bit by bit."""
    first, second = Store.open(a), Store.open(b)
    for variant in VARIANTS:
        (rows, arrays), (other_rows, others) = first.read(variant), second.read(variant)
        assert rows.tolist() == other_rows.tolist()
        for name, array in arrays.items():
            assert array.tobytes() == others[name].tobytes(), name
        for replication in rows[:: max(1, rows.size // 5)].tolist():
            x, y = first.read_events(variant, replication), second.read_events(variant, replication)
            assert all(x[name].tobytes() == y[name].tobytes() for name in RAGGED)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("runs") / "plain", threads=1)


@pytest.mark.parametrize(("threads", "largest"), [(2, 64), (4, 7), (1, 1)])
def test_results_do_not_depend_on_threads_or_blocks(tmp_path, plain, monkeypatch, threads, largest):
    monkeypatch.setattr(job, "LARGEST_BLOCK", largest)
    out = simulate(tmp_path / "out", threads=threads)
    assert {(b.n) for b in Store.open(out).blocks} != {b.n for b in Store.open(plain).blocks} or threads == 2
    same(plain, out)


class StopAfter(Watcher):
    """Ctrl-C after a number of blocks."""

    def __init__(self, blocks):
        self.blocks = blocks

    def advanced(self, done, total, simulated_s, elapsed_s):
        self.blocks -= 1
        if self.blocks == 0:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def heeds_ctrl_c():
    """As in a terminal: a shell's background job would ignore the key."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_keeps_what_is_done_and_the_same_call_goes_on(tmp_path, plain, heeds_ctrl_c):
    out = tmp_path / "out"
    with pytest.raises(Interrupted) as stopped:
        simulate(out, threads=2, progress=StopAfter(2), runner=slow(0.02))
    kept = sum(b.n for b in Store.open(out).blocks)
    assert 0 < kept < 80
    assert (stopped.value.kept, stopped.value.total, stopped.value.out) == (kept, 80, str(out))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    seen = []

    class Started(Watcher):
        def started(self, kept, total):
            seen.append((kept, total))

    simulate(out, threads=1, progress=Started())
    assert seen == [(kept, 80)]
    same(plain, out)


def test_a_killed_process_loses_only_the_last_seconds(tmp_path, plain):
    out = tmp_path / "out"
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        f"from pathlib import Path; from toy_engine import simulate, slow\n"
        f"simulate(Path({str(out)!r}), threads=2, runner=slow(0.3))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code])
    try:
        ledger = out / "ledger.jsonl"
        deadline = time.monotonic() + 60
        while not (ledger.exists() and ledger.read_text().count("\n") >= 1):
            assert child.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()
    assert 0 < sum(b.n for b in Store.open(out).blocks) < 80
    simulate(out, threads=2)
    same(plain, out)


def test_more_replications_extend_and_fewer_compute_nothing(tmp_path, plain):
    out = simulate(tmp_path / "out", 10)
    ran = []

    def counted(*args):
        ran.append(args[4])
        runner(*args)

    simulate(out, 40, runner=counted)
    assert sum(ran) == 60
    same(plain, out)
    simulate(out, 10, runner=counted)
    assert sum(ran) == 60
    assert Store.open(out).run["replications"] == 40


def test_variants_can_be_added_later(tmp_path, plain):
    out = simulate(tmp_path / "out", variants=["worse"])
    simulate(out)
    assert list(Store.open(out).run["variants"]) == ["base", "worse"]
    same(plain, out)


def test_damaged_blocks_are_computed_again(tmp_path, plain):
    out = simulate(tmp_path / "out")
    next((out / "results.zarr/worse/spent/c").rglob("0")).joinpath("0/0").unlink()
    with pytest.raises(StoreError, match="damaged"):
        Store.open(out).read("worse")
    simulate(out)
    same(plain, out)


def test_a_different_run_is_refused_and_told_what_differs(tmp_path):
    out = simulate(tmp_path / "out", 4)
    with pytest.raises(StoreError, match=r"different run: its seed is 7, not 8\. .*--overwrite"):
        simulate(out, 4, seed=8)
    changed = scenario(4)
    text = changed.text.replace("count = 16", "count = 15")
    from kalkan.scenario import parse

    with pytest.raises(StoreError, match=r'scenario has changed .* was "count = 16", now "count = 15"'):
        simulate(out, scenario=parse(text))
    simulate(out, scenario=parse(text), overwrite=True)
    assert (out / "scenario.toml").read_text() == text


def test_a_title_or_a_comment_may_change(tmp_path):
    from kalkan.scenario import parse

    out = simulate(tmp_path / "out", 4)
    simulate(out, scenario=parse("# new\n" + scenario(6).text.replace("One site, one raid", "Renamed")))
    assert Store.open(out).run["title"] == "Renamed"
    assert Store.open(out).read("base")[0].size == 6


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="not empty and not a kalkan results folder"):
        simulate(tmp_path, overwrite=True)
    assert (tmp_path / "thesis.txt").exists()


def test_overwrite_takes_away_only_what_kalkan_wrote(tmp_path):
    out = simulate(tmp_path / "out", 4)
    (out / "notes.txt").write_text("mine")
    simulate(out, 4, seed=9, overwrite=True)
    assert (out / "notes.txt").exists()
    assert Store.open(out).run["seed"] == 9


def test_two_runs_cannot_write_to_one_folder(tmp_path):
    import filelock

    (tmp_path / "out").mkdir()
    with (
        filelock.FileLock(str(tmp_path / "out" / "lock")),
        pytest.raises(StoreError, match="another kalkan run"),
    ):
        simulate(tmp_path / "out")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        simulate(tmp_path / "file" / "out")


def test_wrong_arguments_are_told_together(tmp_path):
    with pytest.raises(ProblemsError) as told:
        run_study(scenario(), out=tmp_path / "out", replications=0, seed=-1, threads=0, variants=["best"])
    assert [(p.where, p.message) for p in told.value.problems] == [
        ("--variant", '"best" is not a variant; there are base, worse'),
        ("--replications", "= 0 must be a whole number from 1 to 10000000"),
        ("--seed", f"= -1 must be a whole number from 0 to {2**63 - 1}"),
        ("--threads", "= 0 must be a whole number from 1 to 4096"),
    ]
    assert not (tmp_path / "out").exists()


def test_blocks_begin_small_and_end_at_what_takes_two_seconds(tmp_path, monkeypatch):
    """So that progress is heard soon and Ctrl-C is never far, however long one replication takes."""
    out = simulate(tmp_path / "quick", 400, threads=1)
    sizes = [b.n for b in Store.open(out).blocks if b.variant == "base"]
    assert sizes[:5] == [4, 8, 16, 32, 64] and max(sizes) == 64
    monkeypatch.setattr(job, "BLOCK_S", 0.02)
    out = simulate(tmp_path / "slow", 60, threads=1, runner=slow(0.02))  # for each block
    sizes = [b.n for b in Store.open(out).blocks if b.variant == "base"]
    assert sizes[0] == 4 and max(sizes[4:-1]) < 16


def test_what_is_left_is_foreseen_without_the_time_of_making_ready(tmp_path):
    """The first block of a run comes after its preparations; the rest does not wait for them again."""
    told = []

    class Told(Watcher):
        def foreseen(self, left_s):
            told.append(left_s)

    def late(*args, **kwargs):
        time.sleep(1.0)
        return compiler(*args, **kwargs)

    started = time.monotonic()
    simulate(tmp_path / "out", 60, threads=1, runner=slow(0.005), compiler=late, progress=Told())
    assert time.monotonic() - started > 1.0
    assert told[0] < 3.0 and told[-1] == 0.0, "1 s before the first 4 of some hundred would foretell half a minute"


def test_at_most_two_blocks_per_thread_are_unwritten(tmp_path, monkeypatch):
    monkeypatch.setattr(job, "LARGEST_BLOCK", 1)
    computed, most, lock = [0], [0], threading.Lock()

    def counted(*args):
        runner(*args)
        with lock:
            computed[0] += 1

    class Written(Watcher):
        written = 0

        def advanced(self, *_):
            time.sleep(0.005)
            self.written += 1
            most[0] = max(most[0], computed[0] - self.written)

    simulate(tmp_path / "out", 20, threads=2, runner=counted, progress=Written())
    assert 0 < most[0] <= 4


def test_a_fault_in_the_loop_keeps_the_blocks_before_it(tmp_path):
    def faulty(*args):
        if args[3] + args[4] > 20:
            raise RuntimeError("fault")
        runner(*args)

    with pytest.raises(RuntimeError, match="fault"):
        simulate(tmp_path / "out", threads=1, runner=faulty)
    rows = Store.open(tmp_path / "out").read("base")[0]
    assert rows.size >= 5 and rows.max() < 20
    assert np.array_equal(rows, np.arange(rows.size))
