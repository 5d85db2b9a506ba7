"""What identifies the code: it covers all that kernels bake in, and no checkout takes another's machine code."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kalkan import jit, sources

SRC = Path(sources.__file__).parent


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The tree's sources as a copy, of which everything is asked anew."""
    root = tmp_path / "kalkan"
    shutil.copytree(SRC, root, ignore=shutil.ignore_patterns("static", "__pycache__", "data"))
    monkeypatch.setattr(sources, "ROOT", root)
    for asked in (sources.engine_identity, sources.code_identity, jit.stamp):
        asked.cache_clear()
    yield root
    monkeypatch.undo()
    for asked in (sources.engine_identity, sources.code_identity, jit.stamp):
        asked.cache_clear()


def asked_anew():
    for asked in (sources.engine_identity, sources.code_identity, jit.stamp):
        asked.cache_clear()
    return sources.engine_identity(), sources.code_identity(), jit.stamp()


def add_a_line(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\n# another line\n")


@pytest.mark.parametrize(
    ("file", "engine", "code", "stamp"),
    [
        ("schema.py", True, True, True),
        ("jit.py", True, True, True),
        ("kernels/command.py", True, True, True),
        ("kernels/rooms/deeper/new.py", True, True, True),
        ("models/filters/new.py", True, True, True),
        ("earth/geodesy.py", True, True, True),
        ("cover/looks.py", False, True, True),
        ("catalogue/resolve.py", False, True, False),
        ("scenario/nouns/raids.py", False, True, False),
        ("compile/defence.py", False, True, False),
        ("results/measures.py", False, True, False),
        ("views/run/summary.py", False, False, False),
        ("apps/runs.py", False, False, False),
    ],
)
def test_each_identity_follows_the_code_that_it_is_about(copied, file, engine, code, stamp):
    before = asked_anew()
    add_a_line(copied / file)
    changed = tuple(a != b for a, b in zip(before, asked_anew(), strict=True))
    assert changed == (engine, code, stamp)


DECORATORS = {"kernel", "stage", "builder", "program"}


def imported(tree: ast.Module) -> dict[str, str]:
    """Names that a file takes from modules of kalkan, and the modules."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kalkan"):
            for name in node.names:
                found[name.asname or name.name] = f"{node.module}.{name.name}"
    return found


def file_of(module: str) -> Path | None:
    """File of a module, or of the module that holds a name."""
    for parts in (module.split(".")[1:], module.split(".")[1:-1]):
        place = SRC.joinpath(*parts)
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if parts and file.is_file():
                return file
    return None


def baked_in(file: Path) -> set[Path | None]:
    """Files of what the compiled functions of a file name."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = imported(tree)
    functions = [
        f for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef) and DECORATORS & {d.id for d in f.decorator_list if isinstance(d, ast.Name)}
    ]  # fmt: skip
    used = {n.id for f in functions for part in f.body for n in ast.walk(part) if isinstance(n, ast.Name)}
    return {file_of(names[u]) for u in used & set(names)} | ({file} if functions else set())


def test_all_that_compiled_code_bakes_in_is_stamped():
    stamped = set(sources.files_of(sources.COMPILED))
    found = {p: baked_in(p) for p in SRC.rglob("*.py")}
    assert len([p for p, baked in found.items() if baked]) > 30, "the search finds compiled files"
    assert {file for baked in found.values() for file in baked} <= stamped


def test_the_engine_takes_values_from_stamped_code_alone():
    engine = set(sources.files_of(sources.ENGINE))
    taken = {file_of(m) for p in engine for m in imported(ast.parse(p.read_text(encoding="utf-8"))).values()}
    aside = {SRC / name for name in ("errors.py", "sources.py", "caches.py", "machine_code.py", "files.py")}
    assert taken - engine <= aside, "errors are raised, sources only stamp, and caches and files only keep"


ASK = """
import json
from kalkan import jit
from kalkan.engine.warm import engine_is_compiled
print(json.dumps([engine_is_compiled(), str(jit.code_cache())]))
"""


def ask(cache: Path, tree: Path, **environment: str):
    given = {**os.environ, "PYTHONPATH": str(tree), "KALKAN_CACHE_DIR": str(cache), **environment}
    said = subprocess.run([sys.executable, "-c", ASK], env=given, check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


def test_neither_a_second_checkout_nor_another_setting_takes_the_mark_of_the_first(tmp_path):
    """The first one's mark is set; whoever would not find its machine code must not believe it."""
    cache, second = tmp_path / "cache", tmp_path / "second"
    shutil.copytree(SRC, second / "kalkan", ignore=shutil.ignore_patterns("static", "__pycache__"))
    _, folder = ask(cache, SRC.parent)
    Path(folder).mkdir(parents=True)
    for part in ("plans", "loop"):
        (Path(folder) / f"ready-{part}").touch()
    assert ask(cache, SRC.parent) == [True, folder]
    assert ask(cache, second)[0] is False, "numba keeps machine code by the place of the file"
    assert ask(cache, SRC.parent, NUMBA_CPU_NAME="generic")[0] is False
    assert ask(cache, SRC.parent, NUMBA_OPT="1")[0] is False


def test_a_file_written_again_is_compiled_again_and_says_so(copied):
    before = asked_anew()
    os.utime(copied / "kernels" / "plan.py", (1, 1))
    after = asked_anew()
    assert after[0] == before[0] and after[1] == before[1], "it is the same code"
    assert after[2] != before[2], "but numba compares times of files, and would compile without a word"


def test_another_compiler_is_another_engine(copied, monkeypatch):
    before = asked_anew()
    real = sources.version
    for module in (sources, jit):
        monkeypatch.setattr(module, "version", lambda name: "0.0.1" if name == "llvmlite" else real(name))
    assert all(a != b for a, b in zip(before, asked_anew(), strict=True))
