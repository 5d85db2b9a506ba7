"""Tracking: steady-state gains, M of N, and bounds of the mean normalised error."""

from __future__ import annotations

import itertools
import math

from scipy import stats

from tests.reference.builders import Builder, Case


def kalata(c: Case) -> Case:
    """Kalata 1984; the variance reduction of position by the filter's own formula."""
    index = c["tracking_index"]
    r = (4.0 + index - math.sqrt(8.0 * index + index * index)) / 4.0
    alpha = 1.0 - r * r
    beta = 2.0 * (2.0 - alpha) - 4.0 * math.sqrt(1.0 - alpha)
    noise = (2.0 * alpha**2 + 2.0 * beta - 3.0 * alpha * beta) / (alpha * (4.0 - 2.0 * alpha - beta))
    return {"alpha": alpha, "beta": beta, "var_reduction_position": noise, "pos_var_ratio_kalman": alpha}


def m_of_n(c: Case) -> Case:
    """One window by the binomial law; a sliding window by the chance of every memory of the last N - 1 looks."""
    m, n, p = c["M"], c["N"], c["pd"]
    scans = len(c["expected"]["sliding_cumulative_by_scan"])
    memory, confirmed, by_scan = {(0,) * (n - 1): 1.0}, 0.0, []
    for _ in range(scans):
        after: dict[tuple[int, ...], float] = {}
        for (past, chance), hit in itertools.product(memory.items(), (0, 1)):
            weight = chance * (p if hit else 1.0 - p)
            if hit and sum(past) + 1 >= m:
                confirmed += weight
            else:
                key = (*past, hit)[1:] if n > 1 else ()
                after[key] = after.get(key, 0.0) + weight
        memory = after
        by_scan.append(confirmed)
    return {"fixed_window": float(stats.binom.sf(m - 1, n, p)), "sliding_cumulative_by_scan": by_scan}


def bounds(c: Case) -> Case:
    """Two-sided bounds of a chi-squared variable over the number of runs."""
    freedom, alpha = c["dim"] * c["runs"], c["alpha"]
    return {"bounds": [float(stats.chi2.ppf(q, freedom)) / c["runs"] for q in (alpha / 2.0, 1.0 - alpha / 2.0)]}


BUILDERS = {
    "alpha_beta_kalata": Builder(kalata),
    "m_of_n": Builder(m_of_n),
    "nees_bounds": Builder(bounds, rel=1e-8),
}
