"""One small run, and one of its replications told whole."""

from __future__ import annotations

import functools
import os
import shutil

import pytest

import kalkan
from kalkan.scenario import parse, starter

REPLICATION = 2


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A finished run of three variants × 4 replications."""
    out = tmp_path_factory.mktemp("exports") / "run"
    text = starter("small") + '\n[variants.slow-radar]\nlabel = "slow radar"\nassume.91n6e.scan_period = "20 s"\n'
    text += '\n[variants.alone]\nlabel = "fire units alone"\nsystems.north.link = "cut"\n'
    kalkan.run(parse(text), replications=4, out=out)
    return out


@pytest.fixture(scope="session")
def recording(folder):
    return kalkan.record(folder, replication=REPLICATION)


@pytest.fixture(scope="session")
def exported(folder, tmp_path_factory):
    """Export the replication, once for each suffix, and give the file."""
    place = tmp_path_factory.mktemp("stories")

    @functools.cache
    def write(to, suffix):
        (file,) = kalkan.export(folder, to, replications=REPLICATION, out=place / f"{to}{suffix}")
        return file

    return write


def need(program: str) -> str:
    """Path of somebody else's reader; where tests run unattended it must be there."""
    found = shutil.which(program)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{program} is not installed")
    assert found, f"{program} is not installed"
    return found
