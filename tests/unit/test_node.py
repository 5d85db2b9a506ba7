"""The Node.js that builds the browser app: the machine's own if it is new enough, else the one beside Python."""

import importlib.util
import sys
from pathlib import Path

import pytest

NODE = Path(__file__).parents[2] / "web" / "node.py"


@pytest.fixture
def node(monkeypatch, tmp_path):
    """The module, as a Python in an empty folder sees it with nothing on the PATH."""
    spec = importlib.util.spec_from_file_location("node", NODE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "environment" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "machine"))
    return module


def put(folder: Path, version: str | None, npm: bool = True) -> None:
    folder.mkdir()
    for name, does in (("node", f"echo {version}"), ("npm", f"echo {folder.name} > {folder.parent}/ran; exit 7")):
        if npm or name == "node":
            (folder / name).write_text(f"#!/bin/sh\n{does}\n")
            (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("version", "fine"),
    [("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True), ("v21.7.3", False), ("v22.11.0", False),
     ("v22.12.0", True), ("v24.19.0", True), ("", False), ("command not found", False)],
)  # fmt: skip
def test_versions_that_vite_runs_on(node, version, fine):
    assert node.new_enough(version) is fine


def test_nothing_anywhere(node):
    assert node.environment() is None and node.main(["find"]) == 3 and node.main(["build"]) == 3


def test_the_machines_own_comes_first(node, tmp_path):
    put(tmp_path / "machine", "v22.12.0")
    put(tmp_path / "environment", "v24.19.0")
    assert node.main(["npm", "--version"]) == 7
    assert (tmp_path / "ran").read_text().strip() == "machine"


@pytest.mark.parametrize(("version", "npm"), [("v18.20.4", True), ("v24.19.0", False)])
def test_an_old_one_or_one_without_npm_gives_way_to_the_one_beside_python(node, tmp_path, version, npm):
    put(tmp_path / "machine", version, npm)
    assert node.environment() is None
    put(tmp_path / "environment", "v24.19.0")
    assert node.main(["npm", "--version"]) == 7
    assert (tmp_path / "ran").read_text().strip() == "environment"


def test_the_path_of_an_isolated_build_does_not_reach_the_programs(node, tmp_path, monkeypatch):
    put(tmp_path / "machine", "v24.19.0")
    monkeypatch.setenv("PYTHONPATH", "/isolated")
    assert "PYTHONPATH" not in node.environment()
