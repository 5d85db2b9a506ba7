"""True paths of a replication that has been run: every threat at many times, for those who tell it."""

from __future__ import annotations

from kalkan.arrays import F8, I8, Struct
from kalkan.jit import kernel
from kalkan.kernels.plan import Plan
from kalkan.kernels.sensing import true_state


@kernel
def true_paths(plan: Plan, truth: Struct, first: I8, at_s: F8, out: F8) -> None:
    """Write where the threats truly were.

    Parameters
    ----------
    plan : Plan
    truth : Struct (n_threat,)
        As the replication left it: with its jitters.
    first : int64 (n_threat + 1,)
        Threat `i` is asked about ``at_s[first[i] : first[i + 1]]``.
    at_s : float64 (m,)
        Times [s].
    out : float64 (m, 6)
        Takes ECEF position [m] and velocity [m/s].
    """
    for i in range(truth.size):
        for k in range(first[i], first[i + 1]):
            x, y, z, vx, vy, vz = true_state(plan, truth, i, at_s[k])
            out[k, 0], out[k, 1], out[k, 2], out[k, 3], out[k, 4], out[k, 5] = x, y, z, vx, vy, vz
