"""`make` says what it installs while it does, and fails as pip fails; with a Python that only plays pip."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"
PLAYED = """#!/bin/sh
case "$*" in
  *venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *pip*) echo "Collecting numpy>=2.0"; echo "  Downloading numpy-2.3.4-cp311-linux.whl (16.9 MB)"
         echo "Installing collected packages: numpy, scipy, kalkan"; {end} ;;
esac
"""


def make(folder: Path, end: str) -> subprocess.CompletedProcess[str]:
    """The environment's target, in a folder with nothing but the Makefile."""
    shutil.copy(MAKEFILE, folder)
    (folder / "pyproject.toml").write_text("")
    python = folder / "python"
    python.write_text(PLAYED.replace("{end}", end))
    python.chmod(0o755)
    words = ["make", f"PYTHON={python}", ".venv/.installed"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_what_is_installed_is_said(tmp_path):
    done = make(tmp_path, "exit 0")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "kalkan: fetching numpy-2.3.4-cp311-linux.whl (16.9 MB)" in lines
    assert "kalkan: installing 3 packages into .venv" in lines and "Collecting numpy>=2.0" not in lines
    assert (tmp_path / ".venv/.installed").exists()


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_a_failure_is_told_whole(tmp_path):
    done = make(tmp_path, "echo 'ERROR: no space left'; exit 1")
    assert done.returncode != 0 and not (tmp_path / ".venv/.installed").exists()
    assert "Collecting numpy>=2.0" in done.stdout and "ERROR: no space left" in done.stdout
