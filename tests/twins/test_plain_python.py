"""The whole loop as plain Python: with ``NUMBA_DISABLE_JIT`` a replication is the same, bit for bit.

So a test may run the engine uncompiled: for a small scenario that is quicker than compiling an engine that has changed.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np

from kalkan.scenario import starter
from tests.engine import harness

PROBE = """
import pickle, sys
from kalkan.kernels import random
from kalkan.scenario import starter
from tests.engine import harness
assert not hasattr(random.mix, "py_func"), "compiled after all"
run = vars(harness.run(harness.compiled(starter("small")), 1))
del run["labels"]
pickle.dump(run, sys.stdout.buffer)
"""


def test_uncompiled_a_replication_is_the_same_bit_for_bit():
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    done = subprocess.run([sys.executable, "-c", PROBE], env=env, cwd=Path(__file__).parents[2], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    plain, compiled = pickle.loads(done.stdout), vars(harness.run(harness.compiled(starter("small")), 1))
    differ = [name for name, column in plain.items() if column.tobytes() != compiled[name].tobytes()]
    assert not differ
    assert np.sum(plain["plots"]) > 100 and np.sum(plain["spent"]) > 0, "something happens in it"
