"""Answers on disk: given again only where they would be found again, and never needed."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from dataclasses import asdict

import numba
import numpy as np
import pytest
from numba.core.registry import cpu_target
from numba.extending import lower_builtin

from kalkan import kept, linking
from kalkan.catalogue import load_catalogue
from kalkan.catalogue.load import DATA, _load, read_catalogue
from kalkan.compile import compile_scenario
from kalkan.earth.terrain import Terrain
from kalkan.engine.warm import COLLECT_EACH, _seldom_collecting
from kalkan.kept import Kept, OnDisk, anew, kept_on_disk
from kalkan.scenario import parse, starter
from tests.unit.rasters import hill, write


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KALKAN_CACHE_DIR", str(tmp_path))
    return tmp_path / kept.FOLDER


def asked(answers, key, value):
    """What is answered, and whether it had to be made."""
    made = []
    return answers.get(key, lambda: made.append(1) or value), bool(made)


def test_the_next_process_finds_what_was_made(folder):
    table = np.array([0.1, np.inf, -0.0])
    assert asked(OnDisk("tables", lambda: "code"), (1.5, "a"), table)[1]
    found, made = asked(OnDisk("tables", lambda: "code"), (1.5, "a"), None)
    assert not made and found.tobytes() == table.tobytes() and found.dtype == table.dtype
    assert len(list(folder.iterdir())) == 1


OTHERS = [("tables", "new code", 1.5), ("sizes", "code", 1.5), ("tables", "code", 1.5 + 2**-52)]


@pytest.mark.parametrize("other", OTHERS)
def test_another_question_kind_or_code_is_asked_anew(other):
    kind, code, key = other
    asked(OnDisk("tables", lambda: "code"), 1.5, "old")
    assert asked(OnDisk(kind, lambda: code), key, "new") == ("new", True)


def test_an_answer_of_uncompiled_code_is_another(monkeypatch):
    asked(OnDisk("tables", lambda: "code"), 1, "compiled")
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert asked(OnDisk("tables", lambda: "code"), 1, "in Python") == ("in Python", True)


def test_every_bit_of_an_answer_counts(folder):
    asked(OnDisk("words", lambda: "code"), 1, "whole")
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for i in range(len(whole)):
        file.write_bytes(whole[:i] + bytes([whole[i] ^ 0x10]) + whole[i + 1 :])
        assert asked(OnDisk("words", lambda: "code"), 1, "again") == ("again", True)
    for other in (b"", whole[:-1], whole + b"\0"):
        file.write_bytes(other)
        assert asked(OnDisk("words", lambda: "code"), 1, "again") == ("again", True)


def test_what_cannot_be_written_is_made_each_time(folder):
    folder.write_text("a file in the folder's place")
    for _ in range(2):
        assert asked(OnDisk("words", lambda: "code"), 1, "made") == ("made", True)


def test_a_study_that_asks_for_thousands_does_not_fill_the_disk(folder, monkeypatch):
    answers = OnDisk("draws", lambda: "code")
    for i in range(kept.MOST_NEW + 5):
        asked(answers, i, i)
    assert len(list(folder.iterdir())) == kept.MOST_NEW
    monkeypatch.setattr(kept, "MOST_ON_DISK", kept.MOST_NEW)
    for i, file in enumerate(sorted(folder.iterdir())):
        os.utime(file, (1e9 + i, 1e9 + i))
    oldest = min(folder.iterdir(), key=lambda p: p.stat().st_mtime)
    asked(OnDisk("more", lambda: "code"), 1, 1)
    assert len(list(folder.iterdir())) == kept.MOST_NEW and not oldest.exists()


def test_whoever_compiles_makes_all_answers_itself():
    asked(OnDisk("words", lambda: "code"), 1, "old")
    with anew():
        assert asked(OnDisk("words", lambda: "code"), 1, "new") == ("new", True)
    assert asked(OnDisk("words", lambda: "code"), 1, "newer") == ("new", False)


def test_a_function_looks_on_disk_and_one_that_fails_leaves_nothing(folder):
    calls = []

    @kept_on_disk
    def _root(x):
        calls.append(x)
        return x**0.5 if x >= 0 else 1 / 0

    assert [_root(4.0), _root(4.0)] == [2.0, 2.0] and calls == [4.0]
    with pytest.raises(ZeroDivisionError):
        _root(-1.0)
    assert [p.name.partition("-")[0] for p in folder.iterdir()] == ["root"]


def test_results_in_memory_are_those_on_disk(folder):
    one, other = Kept(2, "sums"), Kept(2, "sums")
    assert one.get((1, 2), lambda: 3) == other.get((1, 2), lambda: None) == 3
    plain = Kept(2)
    assert plain.get((3, 4), lambda: 7) == 7 and len(list(folder.iterdir())) == 1


def test_the_catalogue_on_disk_is_the_one_that_its_files_hold():
    _load.cache_clear()
    made = load_catalogue()
    _load.cache_clear()
    found = load_catalogue()
    assert found is not made and found.identity == made.identity
    read = read_catalogue(sorted(DATA.glob("*.toml")))
    told = [{name: asdict(entry) for name, entry in c.entries.items()} for c in (found, made, read)]
    assert told[0] == told[1] == told[2] and found.stance == read.stance


def test_a_terrain_is_looked_over_once(tmp_path, monkeypatch):
    heights, place = hill()
    path = write(tmp_path / "t.tif", heights, place)
    first = Terrain.open(path)
    monkeypatch.setattr("kalkan.earth.terrain.survey", None)
    assert Terrain.open(path).survey == first.survey and first.survey.n_heights == heights.size
    monkeypatch.undo()
    write(path, heights - 5000.0, place)
    assert Terrain.open(path).survey.has_seabed, "another content is looked over"


def arrays(tree):
    for value in tree:
        if isinstance(value, tuple):
            yield from arrays(value)
        elif isinstance(value, np.ndarray):
            yield value


def test_a_plan_made_of_answers_is_the_plan_to_the_last_bit():
    scenario = parse(starter("small"))
    plans = [compile_scenario(scenario, load_catalogue()).plan for _ in range(2)]
    with anew():
        plans.append(compile_scenario(scenario, load_catalogue()).plan)
    told = [[a.tobytes() for a in arrays(plan)] for plan in plans]
    assert told[0] == told[1] == told[2] and len(told[0]) > 15


START = """
import json, sys
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.mission import run_block
from kalkan.kernels.records import allocate
from kalkan.scenario import parse, starter
c = compile_scenario(parse(starter("small")), load_catalogue())
run_block(c.plan, 1, 0, 0, 1, allocate(1, c.sizes))
heavy = "scipy.special", "scipy.linalg", "numpy.f2py", "cffi", "numba.np.linalg"
print(json.dumps([m for m in heavy if m in sys.modules]))
"""


@pytest.mark.skipif(linking.is_plain(), reason="numba makes itself ready to compile, whatever for")
def test_a_warm_start_loads_no_compiler_and_no_numerical_library(monkeypatch):
    """Half of a warm start was getting ready to compile, and SciPy for what had been computed the time before."""
    monkeypatch.undo()  # the engine's own cache
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_garbage_is_looked_for_as_ever_after_a_compilation():
    before = gc.get_threshold()
    with pytest.raises(KeyError), _seldom_collecting():
        assert gc.get_threshold()[0] == COLLECT_EACH
        raise KeyError
    assert gc.get_threshold() == before


@pytest.mark.skipif(linking.is_plain(), reason="numba looks whenever it likes")
def test_what_is_registered_later_is_found():
    class Late:
        pass

    target = linking.PatientTarget.of(cpu_target.target_context)
    target.refresh()

    @lower_builtin(Late, numba.types.int64)
    def lowered(*_):
        pass

    assert Late not in target._defns
    target.refresh()
    assert Late in target._defns
