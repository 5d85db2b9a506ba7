"""A function that the program has taken for its own is still sound for others who call it later."""

import subprocess
import sys

PROBE = '''
import numpy as np
from harness_probe import paths
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.mission import trace_one
from kalkan.kernels.paths import true_paths
from kalkan.kernels.records import allocate
from kalkan.scenario import parse, starter

compiled = compile_scenario(parse(starter("small")), load_catalogue())
state = trace_one(compiled.plan, 1, 0, 3, allocate(1, compiled.sizes), 0)  # the program is loaded first
n = state.truth.size
found, wanted = np.zeros((n, 6)), np.ones((n, 6))
arguments = compiled.plan, state.truth, np.arange(n + 1), np.full(n, 300.0)
true_paths(*arguments, wanted)
paths(*arguments, found)
assert np.array_equal(found, wanted) and np.abs(found[:, :3]).min() > 0.0
print("equal")
'''
KERNEL = '''
from kalkan.jit import kernel
from kalkan.kernels.sensing import true_state


@kernel
def paths(plan, truth, first, at_s, out):
    for i in range(truth.size):
        for k in range(first[i], first[i + 1]):
            x, y, z, vx, vy, vz = true_state(plan, truth, i, at_s[k])
            out[k, 0], out[k, 1], out[k, 2], out[k, 3], out[k, 4], out[k, 5] = x, y, z, vx, vy, vz
'''


def test_a_kernel_may_share_a_callee_with_the_program(tmp_path):
    (tmp_path / "harness_probe.py").write_text(KERNEL)
    (tmp_path / "probe.py").write_text(PROBE)
    done = subprocess.run([sys.executable, tmp_path / "probe.py"], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"
    assert done.stdout.split() == ["equal"]
