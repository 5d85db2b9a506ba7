"""Compiled code and its neighbours in one process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

AFTER_THE_ENGINE = """
from tests.engine.harness import compiled, raid, run, scenario
run(compiled(scenario(raid(), horizon="1 min")), 1)
from kalkan.models import multipath
water = multipath.sea_permittivity(3e9)
near = (20.0, 300.0, 4e4, 8.495e6, 0.1, water, 0.3, 0.05)
for function, given in ((multipath.pattern_factor, near), (multipath.reflection, near[:4])):
    assert repr(function(*given)) == repr(function.py_func(*given)), function
"""


def test_functions_that_the_engine_has_for_itself_stay_callable_from_python():
    """The engine's private copies take other arguments: none may stand in for the public function."""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", AFTER_THE_ENGINE], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
