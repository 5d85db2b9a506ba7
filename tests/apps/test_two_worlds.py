"""The demonstration: kalkan's own code changes between two runs into one folder, on the real command line.

The catalogue's rules, the code of scenarios and ``schema.py`` are each changed in a copy of the tree. Replications of
the copy may not be added to those of the tree; what was recorded is read all the same, and nothing is compiled for it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kalkan
from kalkan.caches import cache_root
from kalkan.scenario import starter

SRC = Path(kalkan.__file__).parent
VERSION = kalkan.__version__
RULE = "    return Resolved(found.value, item.unit_si, claim,"
SPEED = "return written.metres_per_second or 0.0"
REASON = "NOT_HELD = REASONS.add("
ANOTHER = f'NEW = REASONS.add(Reason("new", "of another engine"))\n{REASON}'  # all codes behind it are others


def call(tree: Path, cwd: Path, *words: str, cache: Path | None = None):
    given = {**os.environ, "PYTHONPATH": str(tree), "KALKAN_CACHE_DIR": str(cache or cache_root())}
    command = [sys.executable, "-m", "kalkan.apps.cli", *words]
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, timeout=300)


def content(path: Path) -> dict[str, str]:
    files = sorted(p for p in path.rglob("*") if p.is_file() and p.name != "lock")
    return {str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run of the tree, and a copy of the tree."""
    where = tmp_path_factory.mktemp("worlds")
    shutil.copytree(SRC, where / "copy" / "src" / "kalkan", ignore=shutil.ignore_patterns("static", "__pycache__"))
    (where / "copy" / "docs").mkdir()
    (where / "copy" / "docs" / "limits.md").write_text("What the model leaves out is told there.")
    (where / "raid.toml").write_text(starter("small").replace("count = 16", 'count = 16\nspeed = "240 m/s"'))
    made = call(SRC.parent, where, "run", "raid.toml", "--replications", "4", "--no-unknown", "--quiet")
    assert made.returncode == 0, made.stderr
    return where


@pytest.fixture
def edited(place):
    """Change a file of the copy, and change it back."""
    kept: dict[Path, str] = {}

    def edit(file: str, before: str, after: str) -> None:
        path = place / "copy" / "src" / "kalkan" / file
        kept[path] = path.read_text(encoding="utf-8")
        assert before in kept[path], f"{file} no longer has this line"
        path.write_text(kept[path].replace(before, after), encoding="utf-8")

    yield edit
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        (
            "catalogue/resolve.py", RULE,
            RULE.replace("found.value", 'found.value * 0.5 if quantity == "detection_range" else found.value'),
            "figures have changed: 91n6e.detection_range was 390 km, is 195 km",
        ),
        (
            "compile/threats.py", SPEED, "return 0.5 * (written.metres_per_second or 0.0)",
            f'variant "base": of the same scenario and the same figures kalkan {VERSION} made other',
        ),
        (
            "scenario/nouns/raids.py", '0.0, alias="formation_width"', '50_000.0, alias="formation_width"',
            'the scenario has changed (variant "base"), though not its text: kalkan reads it otherwise',
        ),
        ("schema.py", REASON, ANOTHER, f"kalkan's engine changed within version {VERSION}"),
    ],
    ids=["catalogue", "scenario", "field", "schema"],
)  # fmt: skip
def test_replications_of_changed_code_are_not_added(place, edited, file, before, after, told):
    edited(file, before, after)
    out = place / "out" / "raid"
    kept = content(out)
    refused = call(place / "copy" / "src", place, "run", "raid.toml", "--replications", "8", "--no-unknown", "--quiet")
    assert refused.returncode == 2, refused.stdout + refused.stderr
    assert told in refused.stderr and "Choose another --out, or --overwrite" in refused.stderr
    assert "Traceback" not in refused.stderr and content(out) == kept


@pytest.mark.parametrize("words", [("show",), ("report", "--out", "again.html"), ("export", "--to", "parquet")])
def test_what_was_recorded_is_read_by_changed_code_and_nothing_is_compiled(place, edited, tmp_path, words):
    edited("schema.py", REASON, ANOTHER)
    command, *options = words
    read = call(place / "copy" / "src", place, command, "out/raid", *options, cache=tmp_path)
    assert read.returncode == 0, read.stderr
    told = (place / "again.html").read_text(encoding="utf-8") if command == "report" else read.stdout + read.stderr
    assert f"ade by kalkan {VERSION} with another engine" in told
    assert not list(tmp_path.rglob("*.nb*")), "numba has written no machine code"


def test_a_remark_in_the_code_changes_nothing(place, edited):
    """What makes the same plans may go on; here it has nothing left to do."""
    edited("catalogue/resolve.py", RULE, f"    # a remark\n{RULE}")
    again = call(place / "copy" / "src", place, "run", "raid.toml", "--replications", "4", "--no-unknown", "--quiet")
    assert again.returncode == 0, again.stderr
