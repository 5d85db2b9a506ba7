"""Nothing stands in kalkan that only tests use: what nobody calls is for users, or goes."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import kalkan

SRC = Path(kalkan.__file__).parent
DOCS = Path(__file__).parents[2] / "docs" / "conf.py"  # makes pages from what kalkan knows
# name → who calls it
CALLED_FROM_OUTSIDE = {
    "kalkan.__getattr__": "Python, for a name that is not loaded yet",
    "kalkan.apps.screen._Harmless.process_renderables": "rich",
    "kalkan.apps.web.connections.Connection.connection_lost": "uvicorn",
    "kalkan.apps.web.connections.Connection.connection_made": "uvicorn",
    "kalkan.apps.web.connections.Connection.data_received": "uvicorn",
    "kalkan.supply.__getattr__": "Python, for a name that is not loaded yet",
    "kalkan.supply.closed_forms.expected_backorders": "users of closed forms",
    "kalkan.supply.closed_forms.ready_rate": "users of closed forms",
    "kalkan.byref._Fields": "numba, for attributes of a reference",
    "kalkan.engine.recording.Recording.beam_rad": "users: docs/exports.md",
    "kalkan.tracking.registration.registration": "users of the tracker by itself",
    "kalkan.tracking.__getattr__": "Python, for a name that is not loaded yet",
    "kalkan.wta.__getattr__": "Python, for a name that is not loaded yet",
    "kalkan.apps.helping.Commands.resolve_command": "click, for the first word of a command line",
    "kalkan.linking.PatientTarget.refresh": "numba, where it does not find an implementation",
    "kalkan.scenario.nouns.assets.Region.model_post_init": "pydantic",
    "kalkan.scenario.nouns.scenario.Scenario.model_post_init": "pydantic",
    "kalkan.earth.geodesy.aer": "users of the physics",
    "kalkan.earth.refraction.horizon_arc_m": "users of the physics",
    "kalkan.models.atmosphere.density_at": "users of the physics",
    "kalkan.models.atmosphere.geometric_from_geopotential_m": "users of the physics",
    "kalkan.models.atmosphere.sound_speed_at": "users of the physics",
    "kalkan.models.closed_forms.rounds_for": "users of the physics",
    "kalkan.models.detection.albersheim_snr_db": "users of the physics",
    "kalkan.models.detection.m_of_n_fixed": "users of the physics",
    "kalkan.models.detection.m_of_n_sliding": "users of the physics",
    "kalkan.models.detection.marcum_q": "users of the physics",
    "kalkan.models.detection.shnidman_snr_db": "users of the physics",
    "kalkan.models.hold.chance_of_hold": "users of the physics",
    "kalkan.models.multipath.pattern_factor": "users of the physics",
    "kalkan.models.radar.radar_equation_snr_db": "users of the physics",
    "kalkan.models.radar.range_for_snr_m": "users of the physics",
    "kalkan.models.signature.aspect_rcs_m2": "users of the physics",
    "kalkan.models.trajectory.build_path": "users of the physics",
}
FOREIGN = {"_repr_html_", "_repr_mimebundle_", "__getattr__"}  # methods that other people's programs call by name
PHYSICS = ("kalkan.models.", "kalkan.earth.")


class Definition(NamedTuple):
    """A function, class or method, and where it stands."""

    name: str  # with its module
    path: Path
    lines: range


def _module(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _definitions(path: Path, tree: ast.Module) -> Iterator[Definition]:
    """All of a module but what a decorator registers and what overrides the method of another program's class."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if not any(isinstance(d, ast.Call | ast.Attribute) for d in node.decorator_list):
            yield _at(path, node.name, node)
        if isinstance(node, ast.ClassDef) and not _overrides(node):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("__") and part.name not in FOREIGN:
                    yield _at(path, f"{node.name}.{part.name}", part)


def _overrides(node: ast.ClassDef) -> bool:
    """Whether a class extends one of another program, which then calls its methods."""
    return any(isinstance(base, ast.Attribute) or ast.unparse(base) in ("Compiler", "AttributeTemplate", "_Into")
               for base in node.bases)  # fmt: skip


def _at(path: Path, name: str, node: ast.FunctionDef | ast.ClassDef) -> Definition:
    return Definition(f"{_module(path)}.{name}", path, range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _mentions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names that are read, attributes, and words in text such as ``"kalkan.views.notebook.scenario:scenario_html"``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield node.value.rpartition(":")[2], node.lineno


def uncalled() -> set[str]:
    """Definitions that nothing in kalkan or its documentation mentions outside themselves."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))}
    read = defaultdict(set)
    docs = {DOCS: ast.parse(DOCS.read_text(encoding="utf-8"))}
    for path, tree in (trees | docs).items():
        for name, line in _mentions(tree):
            read[name].add((path, line))
    return {
        d.name for path, tree in trees.items() for d in _definitions(path, tree)
        if not any(p != d.path or line not in d.lines for p, line in read[d.name.rpartition(".")[2]])
    } - {f"kalkan.{name}" for name in kalkan.__all__}  # fmt: skip


def test_nothing_is_there_for_tests_alone():
    idle = uncalled() - CALLED_FROM_OUTSIDE.keys()
    assert not idle, "nothing in kalkan calls " + ", ".join(sorted(idle))


def test_what_is_called_from_outside_is_so_only_there():
    stale = {name for name in CALLED_FROM_OUTSIDE.keys() - uncalled() if not name.startswith(PHYSICS)}
    assert not stale, "is called after all, or gone: " + ", ".join(sorted(stale))
