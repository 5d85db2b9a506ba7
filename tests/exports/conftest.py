"""One small run, and one of its replications told whole."""

from __future__ import annotations

import os
import shutil

import pytest

import kalkan
from kalkan.scenario import parse, starter

REPLICATION = 2


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A finished run of two variants × 4 replications."""
    out = tmp_path_factory.mktemp("exports") / "run"
    text = starter("small") + '\n[variants.slow-radar]\nlabel = "slow radar"\nassume.91n6e.scan_period = "20 s"\n'
    kalkan.run(parse(text), replications=4, out=out)
    return out


@pytest.fixture(scope="session")
def recording(folder):
    return kalkan.record(folder, replication=REPLICATION)


@pytest.fixture
def exported(folder, tmp_path):
    """Export the replication and give the file."""

    def write(to, suffix):
        (file,) = kalkan.export(folder, to, replications=REPLICATION, out=tmp_path / f"story{suffix}")
        return file

    return write


def need(program: str) -> str:
    """Path of somebody else's reader; where tests run unattended it must be there."""
    found = shutil.which(program)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{program} is not installed")
    assert found, f"{program} is not installed"
    return found
