"""Every reference file is what its builder makes of its inputs, and no builder knows anything of kalkan."""

from __future__ import annotations

import ast

import pytest

from tests.reference.builders import builders
from tests.reference.builders.files import DATA, differences, missing_programs

BUILDERS = builders()


@pytest.mark.parametrize("name", BUILDERS)
def test_a_file_is_as_built(name):
    lacking = missing_programs(BUILDERS[name])
    if lacking:
        pytest.skip(f"needs {', '.join(lacking)}")
    assert differences(name, BUILDERS[name]) == []


def test_every_file_has_its_builder():
    assert {path.stem for path in DATA.glob("*.json")} == BUILDERS.keys()


def test_builders_know_nothing_of_kalkan():
    for path in (DATA.parent / "builders").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(str(module).split(".")[0] == "kalkan" for module in modules), path.name
