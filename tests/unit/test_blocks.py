"""Whatever keeps the blocks: nothing but what was written is read, and the promised run mends what was damaged.

The tests know files and folders, kills, full disks and loss of power, and nothing of what is in the files. A new way
of keeping blocks is added to `BACKENDS` and must pass them as they stand.
"""

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from kalkan.engine.ledger import Block
from kalkan.engine.store import RUN, Store
from kalkan.engine.store.zarr_blocks import ZarrBlocks
from kalkan.errors import DamagedError, DifferentRunError, StoreError
from kalkan.kernels.records import allocate, columns
from kalkan.schema import RAGGED
from tests.unit import toy_engine
from tests.unit.blocks_in_files import FileBlocks
from tests.unit.toy_engine import ATTRS, LABELS, runner, simulate

BACKENDS = {"zarr": ZarrBlocks, "files": FileBlocks}
SIZES = {name: len(values) for name, values in LABELS.items()} | {"event": 20}
N = 80  # replications of a small store: more than one chunk of kalkan's


@pytest.fixture(params=BACKENDS)
def backend(request, monkeypatch):
    monkeypatch.setattr("kalkan.engine.store.store.BACKEND", BACKENDS[request.param])
    return request.param


def records(first, n):
    filled = allocate(n, SIZES)
    runner(0.3, 1, 0, first, n, filled)
    return columns(filled)


def block(first, n):
    return Block("base", first, n, "", "", 0.5, 60.0)


def begun(path):
    about = {"label": "Base", "labels": LABELS, "sizes": SIZES, "attrs": ATTRS, "identity": "i"}
    run = {"title": "A run", "seed": 1, "replications": N, "catalogue": "c", "engine": "e", "versions": {}}
    store = Store(path, run | {"variants": {"base": about}})
    store.save_scenario('title = "A run"\n')
    store.save_run()
    return store


@pytest.fixture
def store(backend, tmp_path):
    made = begun(tmp_path / "out")
    for first, n in ((0, 20), (20, 30), (50, 30)):
        made.write(block(first, n), records(first, n))
    return made


TRUE = records(0, N)


def right(path):
    """Numbers of the replications that a folder gives back, each of which must be what was written."""
    store = Store.open(path)
    store.scenario_text()
    rows, arrays = store.read("base")
    for name, array in arrays.items():
        assert array.tobytes() == TRUE[name][rows].tobytes(), name
    for r in rows[::7].tolist():
        log = store.read_events("base", r)
        assert all(log[k].tobytes() == TRUE[k][r, : TRUE["event_count"][r]].tobytes() for k in RAGGED)
    return set(rows.tolist())


def files_of(path):
    return sorted(p for p in path.rglob("*") if p.is_file() and p.name != "lock")


def emptied(data):
    return b""


def halved(data):
    return data[: len(data) // 2]


def flipped(data):
    """One bit in the middle."""
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 4]) + data[len(data) // 2 + 1 :]


def flipped_digit(data):
    """One digit is another, as far as there is one: what a text still reads well with."""
    at = next((i for i in range(len(data) // 3, len(data)) if data[i : i + 1].isdigit()), 0)
    return data[:at] + (b"7" if data[at : at + 1] != b"7" else b"1") + data[at + 1 :]


def stale(data):
    """The right length, and nothing in it: what a disk may show after a loss of power."""
    return bytes(len(data))


MOST, STEP = 20, 12  # of more files, so many are tried with each fault: every so many-th, others with each
FAULTS = (emptied, halved, flipped, flipped_digit, stale)


def refused_or_right(path):
    try:
        found = right(path)
    except StoreError as error:
        assert str(path) in str(error)
        return False
    assert found <= set(range(N))
    return True


@pytest.mark.parametrize("fault", [*FAULTS, None], ids=lambda f: f.__name__ if f else "lost")
def test_no_damaged_file_gives_a_wrong_number(store, fault):
    files = files_of(store.path)
    first = FAULTS.index(fault) if fault else len(FAULTS)
    for file in files if len(files) < MOST else [f for f in files if f.parent == store.path] + files[first::STEP]:
        data = file.read_bytes()
        file.unlink()
        if fault:
            file.write_bytes(fault(data))
        refused_or_right(store.path)
        file.write_bytes(data)
    assert right(store.path) == set(range(N))


@pytest.fixture
def plain(backend, tmp_path):
    return simulate(tmp_path / "plain", 20, threads=1)


def same(a, b):
    first, second = Store.open(a), Store.open(b)
    for variant in ("base", "worse"):
        (rows, arrays), (other_rows, others) = first.read(variant), second.read(variant)
        assert rows.tolist() == other_rows.tolist()
        assert all(array.tobytes() == others[name].tobytes() for name, array in arrays.items())
        for r in rows.tolist():
            x, y = first.read_events(variant, r), second.read_events(variant, r)
            assert all(x[name].tobytes() == y[name].tobytes() for name in RAGGED)


@pytest.mark.parametrize("fault", [*FAULTS, None], ids=lambda f: f.__name__ if f else "lost")
def test_the_promised_run_mends_every_file(plain, tmp_path, fault):
    """Two of three files at once; run.json alone is not mended."""
    out = tmp_path / "out"
    shutil.copytree(plain, out)
    for i, file in enumerate(files_of(out)):
        if file.name != RUN and i % 3 != (FAULTS.index(fault) if fault else 0) % 3:
            data = file.read_bytes()
            file.unlink()
            if fault:
                file.write_bytes(fault(data))
    simulate(out, 20)
    same(plain, out)
    assert Store.open(out).scenario_text() == Store.open(plain).scenario_text()
    assert not Store.open(out).damaged()


def test_what_is_sound_is_not_computed_again(plain):
    """One block's data are lost; the others stand."""
    store = Store.open(plain)
    lost = store.blocks[0]
    before = {f: f.read_bytes() for f in files_of(plain)}
    ran = []
    store._blocks.forget([lost])
    simulate(plain, 20, runner=lambda *a: ran.append(a[4]) or runner(*a))
    assert sum(ran) == lost.n and before.keys() <= set(files_of(plain))


def test_damage_of_a_variant_that_is_not_run_stays_told(plain):
    for file in files_of(plain):
        if "worse" in str(file.relative_to(plain)):
            file.write_bytes(b"")
    simulate(plain, 20, variants=["base"])
    with pytest.raises(DamagedError, match="--out"):
        Store.open(plain).read("worse")


class Power:
    """A disk that forgets whatever it was not forced to keep.

    A file's content is kept as it was when it was last synced, a name in a folder when that folder was. In the one
    kind of loss nothing else has reached the disk, in the other every name has, over contents that have not.
    """

    def __init__(self, root, monkeypatch):
        self.root, self.contents, self.names, self.states, self.promised = root, {}, {}, [], []
        self.graves = root.with_name("graves")
        self.graves.mkdir()
        self.lock = threading.Lock()
        sync = os.fsync
        monkeypatch.setattr(os, "fsync", lambda fd: (sync(fd), self.synced(fd)))

    def synced(self, fd):
        with self.lock:
            self._synced(fd)

    def _synced(self, fd):
        path = Path(f"/proc/self/fd/{fd}").readlink()
        if path.is_dir():
            self.names[path] = {p.name: self.key(p) for p in path.iterdir()}
        else:
            if self.key(path) not in self.contents:  # so that the number is given to no other file
                (self.graves / str(self.key(path))).hardlink_to(path)
            self.contents[self.key(path)] = path.read_bytes()
        if path == self.root or self.root in path.parents:
            self.states.append((dict(self.contents), {k: dict(v) for k, v in self.names.items()}, list(self.promised)))

    @staticmethod
    def key(path):
        return path.stat().st_ino

    def after(self, state, target):
        """What is there when the power comes back."""
        contents, names, _ = state
        by_inode = {self.key(p): p for p in [self.root, *self.root.rglob("*")] if p.is_dir()}

        def fill(folder, into):
            into.mkdir(parents=True)
            for name, inode in names.get(folder, {}).items():
                if inode in by_inode or (folder / name).is_dir():
                    fill(folder / name, into / name)
                else:
                    (into / name).write_bytes(contents.get(inode, b""))

        fill(self.root, target)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="which file is synced is asked of Linux")
def test_what_was_committed_survives_a_loss_of_power(backend, tmp_path, monkeypatch):
    root = tmp_path / "out"
    power = Power(root, monkeypatch)
    store = begun(root)
    for first, n in ((0, 10), (10, 20), (30, 40), (70, 10)):
        store.write(block(first, n), records(first, n))
        power.promised = list(range(first + n))
        power.synced(os.open(root, os.O_RDONLY))
    committed = [state for state in power.states if state[2]]
    for i, state in enumerate([*committed[:: max(1, len(committed) // 12)], committed[-1]]):
        after = tmp_path / f"after{i}"
        power.after(state, after)
        assert set(state[2]) <= right(after)


def test_a_full_disk_names_the_file_and_loses_nothing(store, monkeypatch):
    """The disk is full at the first, second, third … file that is forced to it."""
    before, sync = {f: f.read_bytes() for f in files_of(store.path)}, os.fsync
    store.run["replications"] = N + 10
    for full_at in range(3):
        calls = []

        def full(fd, full_at=full_at, calls=calls):
            calls.append(fd)
            if len(calls) > full_at:
                raise OSError(errno.ENOSPC, "No space left on device")
            sync(fd)

        told = r"out/\S+ cannot be written: No space left on device; finished blocks are kept"
        with monkeypatch.context() as disk, pytest.raises(StoreError, match=told):
            disk.setattr(os, "fsync", full)
            store.write(block(N, 10), records(N, 10))
        assert right_of_first(store.path) == set(range(N))
        assert [f for f in files_of(store.path) if f.name.endswith(".part")] == []
    assert before.keys() <= set(files_of(store.path))


def right_of_first(path):
    store = Store.open(path)
    rows, arrays = store.read("base")
    assert all(a[:N].tobytes() == TRUE[name].tobytes() for name, a in arrays.items())
    return set(rows.tolist())


KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = {path!r}
from kalkan.engine.store import store
from tests.unit.test_blocks import BACKENDS
from tests.unit.toy_engine import simulate
store.BACKEND = BACKENDS[{backend!r}]
left = {steps}
def counted(function):
    def call(*args, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return function(*args, **options)
    return call
for name in ("unlink", "rmdir", "rename", "replace", "mkdir"):
    setattr(os, name, counted(getattr(os, name)))
simulate(Path({out!r}), 4, seed=9, overwrite=True)
"""


@pytest.mark.parametrize("steps", [0, 1, 3, 8, 100])
def test_a_kill_while_overwriting_bars_nothing(backend, tmp_path, steps):
    """Killed at the first, second, third … change of names: afterwards the folder is the old run, or open."""
    out = simulate(tmp_path / "out", 4)
    root = str(Path(toy_engine.__file__).parents[2])
    code = KILLED.format(path=[root, str(Path(toy_engine.__file__).parent)], backend=backend, steps=steps, out=str(out))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode in (-9, 0), done.stderr
    try:
        assert Store.open(out).read("base")[0].size == 4
    except StoreError as error:
        assert "holds no finished replications" in str(error)
    try:
        simulate(out, 6, seed=9)
    except DifferentRunError:
        assert Store.open(out).run["seed"] == 7 and Store.open(out).read("base")[0].size == 4
        simulate(out, 6, seed=9, overwrite=True)
    rows, arrays = Store.open(out).read("base")
    assert rows.size == 6
    other = Store.open(simulate(tmp_path / "other", 6, seed=9)).read("base")[1]
    assert all(np.array_equal(a, other[name], equal_nan=a.dtype.kind == "f") for name, a in arrays.items())
