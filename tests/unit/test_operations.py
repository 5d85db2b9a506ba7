"""An operation is declared once: façade, command line, app and worker have what it says, and nothing else."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import kalkan
from kalkan.api import find
from kalkan.apps.cli import app
from kalkan.apps.studies import SHARED
from kalkan.apps.web.openapi import description
from kalkan.apps.web.studying import BODIES
from kalkan.apps.web.worker import JOBS
from kalkan.operations import BESIDE, NEEDED, OPERATIONS, STUDIES
from kalkan.views import reference
from kalkan.views.studies.inquiry import Asked

NAMES = {o.name for o in OPERATIONS}
COMMANDS = typer.main.get_command(app).commands


def test_the_facade_has_every_operation_and_no_other():
    assert set(kalkan.__all__) - {"__version__"} == NAMES
    for o in OPERATIONS:
        assert getattr(kalkan, o.name) is find(o.name) and find(o.name).__name__ == o.name


def test_type_checkers_find_every_operation():
    """Their list is written by hand: they run nothing."""
    tree = ast.parse(Path(kalkan.__file__).read_text(encoding="utf-8"))
    found = {(n.module, a.asname) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names if a.asname}
    rooms = {name for module, name in found if module == "kalkan"}
    assert rooms == {"wta"} and all(getattr(kalkan, m) is import_module(f"kalkan.{m}") for m in rooms)
    operations = {(module, name) for module, name in found if module != "kalkan"}
    assert {name for _, name in operations} == NAMES and len(operations) == len(NAMES)
    assert all(getattr(import_module(module), name) is getattr(kalkan, name) for module, name in operations)


def test_every_command_is_an_operations_or_stands_beside_them():
    assert set(COMMANDS) == {o.command for o in OPERATIONS if o.command} | set(BESIDE)


def test_every_address_is_described_and_every_job_can_be_done():
    paths = description()["paths"]
    assert {o.address for o in OPERATIONS if o.address} <= set(paths)
    assert {o.job for o in OPERATIONS if o.job} | {"report", "figures"} == set(JOBS)


@pytest.mark.parametrize("o", STUDIES.values(), ids=STUDIES)
def test_a_study_takes_what_is_declared(o):
    """The function, its command and the body of the app's request: the same words and the same defaults."""
    taken = inspect.signature(getattr(kalkan, o.name)).parameters
    own = {n: p.default for n, p in taken.items() if n not in ("scenario", "asked")}
    empty = inspect.Parameter.empty
    assert own == {a.name: empty if a.default is NEEDED else a.default for a in o.arguments}
    options = {p.name for p in COMMANDS[o.command].params}
    shared = {name for name, (_, word) in SHARED.items() if word not in o.without}
    assert options == {a.name for a in o.arguments} | shared | {"file", "as_json", "quiet"}
    assert {word for _, word in SHARED.values()} <= set(Asked._fields)
    fields = BODIES[o.name].model_fields
    assert {a.name for a in o.arguments} <= set(fields)
    assert {n for n, f in fields.items() if f.is_required()} == {a.name for a in o.arguments if a.default is NEEDED} | {
        "path"
    }
    help_text = CliRunner().invoke(app, [o.command, "--help"], env={"COLUMNS": "200"}).output
    assert all(a.says[:40] in " ".join(help_text.split()) for a in o.arguments)


def test_the_page_of_operations_has_every_one():
    page = reference.operations_page()
    assert all(f"| `kalkan.{o.name}` |" in page for o in OPERATIONS)
