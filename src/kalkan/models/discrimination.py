"""Telling light things from heavy ones by what the air takes from them: atmospheric discrimination.

What falls without thrust loses energy to the air alone. Per mass, in axes that turn with the earth,

    dE/dt = -1/2 rho |v|^3 / beta

so that what it has lost since some moment, over the *column* that it has flown through since then (the integral of
1/2 rho |v|^3), is 1/beta, whatever the flight. Two hypotheses, heavy and light, then differ in how much it should have
lost, and Bayes' rule weighs them by a Gaussian error of the energy. While the column is thin the two expect the same,
and nothing is learnt: above the air a decoy cannot be told apart. A sequence of such ratios passes 1 / a with a
probability of a at the most where the heavy one is true (Ville 1939; Wald, "Sequential Analysis", 1947, §3.2).
"""

from __future__ import annotations

import math

from kalkan.jit import kernel

_ALIKE = 1e-6  # flows that differ by less are averaged plainly


@kernel
def flow_w_m2(density_kg_m3: float, speed_m_s: float) -> float:
    """What the air takes per second from a unit of drag area [W/m²]."""
    return 0.5 * density_kg_m3 * speed_m_s * speed_m_s * speed_m_s


@kernel
def column_j_m2(first_w_m2: float, last_w_m2: float, dt_s: float) -> float:
    """What the air took in between [J/m²], of a flow that grew or shrank by equal shares in equal times."""
    if first_w_m2 <= 0.0 or last_w_m2 <= 0.0:
        return 0.5 * (first_w_m2 + last_w_m2) * dt_s
    grown = math.log(last_w_m2 / first_w_m2)
    if abs(grown) < _ALIKE:
        return 0.5 * (first_w_m2 + last_w_m2) * dt_s
    return (last_w_m2 - first_w_m2) / grown * dt_s


@kernel
def p_light(
    prior: float, lost_j_kg: float, variance_j2_kg2: float, column: float, light_kg_m2: float, heavy_kg_m2: float
) -> float:
    """Probability that something is light, after what it has lost.

    Parameters
    ----------
    prior : float
        Before anything is known [1], between 0 and 1.
    lost_j_kg, variance_j2_kg2 : float
        Energy that it has lost [J/kg], and the variance of that.
    column : float
        What the air took per unit of drag area [J/m²].
    light_kg_m2, heavy_kg_m2 : float
        Ballistic coefficients of the two.
    """
    light, heavy = column / light_kg_m2, column / heavy_kg_m2
    ratio = ((lost_j_kg - heavy) ** 2 - (lost_j_kg - light) ** 2) / (2.0 * max(variance_j2_kg2, 1e-9))
    odds = math.log(prior / (1.0 - prior)) + ratio
    return 1.0 / (1.0 + math.exp(-min(max(odds, -500.0), 500.0)))
