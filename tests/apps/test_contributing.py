"""The contributing guide does what it says, in a copy of the source: a feature in six steps, one more word in two."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "contributing.md"
BLOCK = re.compile(r"```(?P<kind>diff|python)\n(?P<file>[^\n]*)\n(?P<body>.*?)```", re.DOTALL)
PROMISED = {"a measure": 2, "an event": 2, "a reason for leaking": 2, "an operation": 3}
NUMBERS = {"two": 2, "three": 3}
MODEL = " (the model)"


class Edit(NamedTuple):
    """A block of the page: lines of a file before and after, or a whole new file."""

    file: str
    before: str
    after: str
    model: bool


def edits(text: str) -> list[Edit]:
    found = []
    for block in BLOCK.finditer(text):
        if block["kind"] == "python":
            found.append(Edit(block["file"].removeprefix("# "), "", block["body"], False))
            continue
        lines = block["body"].splitlines()
        before = "".join(line[1:] + "\n" for line in lines if line[:1] in (" ", "-"))
        after = "".join(line[1:] + "\n" for line in lines if line[:1] in (" ", "+"))
        found.append(Edit(block["file"].removesuffix(MODEL), before, after, block["file"].endswith(MODEL)))
    return found


def sections() -> dict[str, tuple[str, str]]:
    """By heading in small letters, without what follows its colon: that, and the section's text."""
    parts = re.split(r"^### (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    headed = zip(parts[::2], parts[1::2], strict=True)
    return {head.partition(":")[0].lower(): (head.partition(": ")[2], text) for head, text in headed}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source, its tests and the browser's source, with every block of the page applied in order."""
    tree = tmp_path_factory.mktemp("contributing")
    leave = shutil.ignore_patterns("__pycache__", "static", "node_modules", "_build", "images", "*.png")
    for folder in ("src", "tests", "docs", "web/src"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", tree)
    for edit in edits(PAGE.read_text(encoding="utf-8")):
        file = tree / edit.file
        if edit.before:
            text = file.read_text(encoding="utf-8")
            assert f"\n{text}".count("\n" + edit.before) == 1, f"{edit.file} has not once\n{edit.before}"
            file.write_text(f"\n{text}".replace("\n" + edit.before, "\n" + edit.after)[1:], encoding="utf-8")
        else:
            file.write_text(edit.after, encoding="utf-8")
    (tree / "raid.toml").write_text(_scenario(), encoding="utf-8")
    return tree


def _scenario() -> str:
    from tests.engine import harness

    text = harness.scenario(harness.raid(), p=1.0, salvo=1, horizon="14 min")
    return text.replace('name = "set"', 'name = "set"\nsilent_from = "0 s"', 1)


def run(tree: Path, *words: str) -> str:
    """What Python prints in the copy, kernels uncompiled."""
    given = {"PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}", "NUMBA_DISABLE_JIT": "1"}
    given |= {"COLUMNS": "110", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, env={**os.environ, **given}, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return done.stdout


def test_one_more_thing_costs_what_the_page_says():
    told = sections()
    assert set(told) == {"a scenario field", *PROMISED}
    for head, most in PROMISED.items():
        words, text = told[head]
        places = {edit.file for edit in edits(text) if not edit.model}
        assert len(places) == NUMBERS[words] == most, f"{head}: {sorted(places)}"
    assert told["a scenario field"][0] == "two" and "Steps 1 and 3" in told["a scenario field"][1]
    steps = edits(PAGE.read_text(encoding="utf-8").partition("## What one more thing costs")[0])
    assert [e.file.split("/")[2] for e in steps[:4]] == ["scenario", "kernels", "compile", "kernels"]


def test_the_tests_of_the_copy_pass(copy: Path):
    """That of the feature, and those that find what is missing wherever words live in one place."""
    tests = ["tests/engine/test_silence.py", *(f"tests/unit/test_{n}.py" for n in ("words", "operations", "scenario"))]
    tests += ["tests/unit/test_every_number_has_a_claim.py", "-k", "not moves"]
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_the_scenario_field_is_in_schema_page_and_checks(copy: Path):
    schema = json.loads(run(copy, "-m", "kalkan.apps.cli", "schema"))
    assert "transmit no more" in schema["$defs"]["System"]["properties"]["silent_from"]["description"]
    pages = run(copy, "-c", PAGES)
    assert "| `silent_from` |" in pages and "| `silent_from_s` | f8 | s |" in pages
    assert "scenario systems.silent_from |" in pages


PAGES = (
    "from kalkan.views import reference; from kalkan.views.run import sections;"
    "print(sections.sections_page(), reference.plan_page())"
)


def test_what_was_added_is_in_tables_pages_and_the_app(copy: Path):
    """A run of the scenario, whose defence is silent from the start, tells its reason, measure and event."""
    cli = ("-m", "kalkan.apps.cli")
    run(copy, *cli, "run", "raid.toml", "--replications", "2", "--no-unknown", "--no-report", "--quiet")
    table = run(copy, *cli, "show", "out/raid", "--all")
    assert re.search(r"^radars silent +1", table, re.M) and re.search(r"^radars that fell silent +2", table, re.M)
    told = json.loads(run(copy, "-c", TOLD))
    assert "| radars silent |" in told["pages"] and "| radar silenced |" in told["pages"]
    assert "| `fell_silent` |" in told["pages"] and "| `silent_radars` |" in told["pages"]
    assert told["reasons"]["radars silent"].startswith("no radar had a plot")
    assert [e["told"] for e in told["events"] if e["word"] == "radar silenced"] == ["{radar} is silent for good"]
    assert told["seen"] == 4, "each of two radars, in each of two replications"
    assert told["why"][0].startswith("Radars silent: no radar had a plot")


TOLD = """
import json, kalkan
from kalkan.schema import EV_SILENT
from kalkan.views import reference as r
from kalkan.views.replay.document import words
from kalkan.views.run.leaking import why
results = kalkan.open_results("out/raid")
seen = sum((results.events("base", n)["event_kind"] == EV_SILENT).sum() for n in range(2))
recording = kalkan.record("out/raid", variant="base", replication=0)
told = why(recording, recording.threats[0])
print(json.dumps({"pages": r.variables_page() + r.measures_page(), "seen": int(seen), "why": told, **words()}))
"""


def test_the_operation_is_a_function_a_command_and_an_address(copy: Path):
    command = ("toll", "raid.toml", "--replications", "2", "--json", "--quiet")
    toll = json.loads(run(copy, "-m", "kalkan.apps.cli", *command))
    assert toll["value_lost"]["base"] >= 0.0
    described = json.loads(run(copy, "-c", DESCRIBED))
    assert described["name"] == "toll" and described["address"] == "Say what value is lost. Of each variant."
    assert described["body"] == ["path", "replications", "seed", "variants", "stance"]
    assert "`kalkan toll`" in described["page"]


DESCRIBED = """
import json, kalkan
from kalkan.apps.web.openapi import description
from kalkan.views.reference import operations_page
found = description()
print(json.dumps({
    "name": kalkan.toll.__name__, "address": found["paths"]["/api/studies/toll"]["post"]["summary"],
    "body": list(found["components"]["schemas"]["TollQuestion"]["properties"]), "page": operations_page(),
}))
"""
