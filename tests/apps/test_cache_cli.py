"""Old machine code is taken away on the real command line; this version's engine and what is in use stay."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import filelock
import pytest

from kalkan.engine.cache import LEAVING, UNUSED_DAYS, lock_of
from kalkan.jit import stamp
from tests.apps.test_cli import kalkan

DAY_S = 86_400.0
ENGINES = {"recent": UNUSED_DAYS - 1.0, "old": UNUSED_DAYS + 1.0, "locked": UNUSED_DAYS + 1.0}


def aged(path, days):
    """A file or folder whose parts were all touched so many days ago."""
    for part in (*path.rglob("*"), path):
        os.utime(part, (time.time() - days * DAY_S,) * 2)


@pytest.fixture
def root(tmp_path):
    for name, days in (ENGINES | {stamp(): 400.0}).items():
        folder = tmp_path / "code" / name / "kernels_x"
        folder.mkdir(parents=True)
        (folder / "loop.nbc").write_bytes(bytes(2_000_000))
        (folder.parent / "ready").touch()
        aged(folder.parent, days)
    (tmp_path / "horizon").mkdir()
    for name, days in (("near.npy", 2.0), ("far.npy", 31.0)):
        (tmp_path / "horizon" / name).write_bytes(bytes(1_000_000))
        aged(tmp_path / "horizon" / name, days)
    return tmp_path


def engines(root):
    return {p.name for p in (root / "code").iterdir() if p.is_dir()}


def test_it_says_what_there_is_and_leaves_it(root):
    done = kalkan("cache", cwd=root, KALKAN_CACHE_DIR=str(root))
    assert done.stdout.splitlines() == [
        f"{root}: 10 MB",
        "  the engine of this version: 2 MB",
        "  3 engines of other versions: 6 MB, 2 of them not used for 30 days: 4 MB",
        "  2 horizon tables: 2 MB, 1 of them not used for 30 days: 1 MB",
        "  0 answers: 0 MB",
        "5 MB have not been used for 30 days: kalkan cache --clean",
    ]
    assert engines(root) == {*ENGINES, stamp()}


def test_what_nobody_used_goes_and_what_is_used_locked_or_this_versions_stays(root):
    with filelock.FileLock(lock_of(root / "code" / "locked")):
        done = kalkan("cache", "--clean", "--json", cwd=root, KALKAN_CACHE_DIR=str(root))
    told = json.loads(done.stdout)
    assert [Path(k["path"]).name for k in told["taken_away"]] == ["old", "far.npy"]
    assert engines(root) == {"recent", "locked", stamp()}
    assert [p.name for p in (root / "horizon").iterdir()] == ["near.npy"]
    assert not list((root / "code").glob(f"{LEAVING}*"))
    again = kalkan("cache", "--clean", cwd=root, KALKAN_CACHE_DIR=str(root))
    assert "taken away: 1, 2 MB" in again.stdout and engines(root) == {"recent", stamp()}


def test_an_engine_that_is_used_counts_as_used_today(tmp_path, monkeypatch):
    from kalkan.engine import cache, warm

    folder = tmp_path / "code" / "mine"
    folder.mkdir(parents=True)
    for part in (warm.PLANS, warm.LOOP):
        (folder / f"{warm.READY}-{part}").touch()
    aged(folder, 100.0)
    monkeypatch.setenv("KALKAN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("kalkan.jit.code_cache", lambda: folder)
    with warm.compiling():
        pass
    monkeypatch.setattr("kalkan.jit.code_cache", lambda: tmp_path / "code" / "another")
    (found,) = cache.kept()
    assert found.unused_days < 1.0 and not found.old and cache.clean() == []


def test_an_empty_cache_is_no_fault(tmp_path):
    done = kalkan("cache", "--clean", cwd=tmp_path, KALKAN_CACHE_DIR=str(tmp_path / "none"))
    assert "taken away: 0, 0 MB" in done.stdout
