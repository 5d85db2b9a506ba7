"""Holding: the chance that a round launched now will meet its target, as the fire unit can predict it.

The hold must last until the intercept, or until the interceptor needs the engagement radar no more. Along
the predicted flight of the target the signal follows from that of its last detection by R⁻⁴, the
probability of detection from the signal, and nothing is seen beyond the sector or behind the terrain; how
likely a run of misses then is, says ``models.hold``. The track must also be good enough at the intercept:
its error within the basket, as far as today's error grows with range.

kalkan's own simplifications: the target shows the same aspect throughout and fluctuates as Swerling 1; the
mean signal of what was detected is known (the tracker's errors rest on it, too).
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels.plan import ASSUMED_SWERLING, Plan
from kalkan.kernels.sensing import covers, distance_m
from kalkan.kernels.slots import detected
from kalkan.kernels.state import State
from kalkan.models.hold import chance_within, look_again

SAMPLES = 8  # points of the target's predicted flight at which it is looked for


@kernel
def chance_to_meet(
    plan: Plan, state: State, u: int, c: int, w: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float, flight_s: float, speed_m_s: float,
) -> float:  # fmt: skip
    """Predicted chance that an interceptor launched now by channel `c` of unit `u` meets its target.

    Parameters
    ----------
    w : int
        Interceptor type.
    x ... vz : float
        Held track now, in the picture's frame [m, m/s].
    flight_s, speed_m_s : float
        Of the fire-control solution.
    """
    closing = speed_m_s + math.sqrt(vx * vx + vy * vy + vz * vz)
    until_s = max(flight_s - plan.interceptors.active_m[w] / closing, 0.0)
    chance = _chance_to_hold(plan, state, u, c, x, y, z, vx, vy, vz, until_s)
    if chance <= 0.0:
        return 0.0
    r, q = plan.units.radar[u], state.slot.p[u, c]
    now = distance_m(plan.radars, r, x, y, z)
    then = distance_m(plan.radars, r, x + until_s * vx, y + until_s * vy, z + until_s * vz)
    variance = (q[0, 0] + q[1, 1] + q[2, 2]) / 3.0 * (then / now) ** 2
    return chance * chance_within(plan.interceptors.basket_m[w], variance)


@kernel
def _chance_to_hold(
    plan: Plan, state: State, u: int, c: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float, until_s: float,
) -> float:  # fmt: skip
    """Chance that the engagement radar holds the target for `until_s` [s] more."""
    eng, units, r, chain = state.slot, plan.units, plan.units.radar[u], state.chain
    table = plan.p_d[r, ASSUMED_SWERLING]
    chain[:] = 0.0
    chain[0] = chance = 1.0
    n = int(until_s / units.update_s[u])
    for k in range(SAMPLES):
        looks = (k + 1) * n // SAMPLES - k * n // SAMPLES
        if looks == 0:
            continue
        t = (k + 0.5) / SAMPLES * until_s
        px, py, pz = x + t * vx, y + t * vy, z + t * vz
        p_d = 0.0
        if covers(plan, r, state.unit.slew_rad[u], px, py, pz):
            snr_db = eng.snr_db[u, c] + 40.0 * math.log10(eng.snr_m[u, c] / distance_m(plan.radars, r, px, py, pz))
            p_d = detected(plan.models, snr_db, table)
        for _ in range(looks):
            chance = look_again(chain, units.drop_misses[u], p_d)
        if chance < units.least_chance[u]:
            return 0.0
    return chance
