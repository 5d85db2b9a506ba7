"""Statistics: intervals of proportions, common random numbers, Sobol indices, distributions of outcomes."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from tests.reference.builders import Builder, Case


def proportion(c: Case) -> Case:
    """statsmodels' Wilson and Clopper-Pearson intervals."""
    from statsmodels.stats.proportion import proportion_confint

    methods = {"wilson": "wilson", "clopper_pearson": "beta"}
    return {
        name: [float(x) for x in proportion_confint(c["x"], c["n"], c["alpha"], method)]
        for name, method in methods.items()
    }


def common_numbers(c: Case) -> Case:
    """Covariance min(p1, p2) - p1 p2 of two outcomes of one uniform; size of a sample for a half-width."""
    if "half_width" in c:
        z = float(stats.norm.ppf(1.0 - c["alpha"] / 2.0))
        return {"n": math.ceil(z * z * c["p"] * (1.0 - c["p"]) / c["half_width"] ** 2)}
    p, q, n = c["p1"], c["p2"], c["n"]
    apart = p * (1.0 - p) + q * (1.0 - q)
    return {"var_independent": apart / n, "var_crn_monotone": (apart - 2.0 * (min(p, q) - p * q)) / n}


def ishigami(c: Case) -> Case:
    """Variance of sin x1 + a sin² x2 + b x3⁴ sin x1, part by part."""
    a, b, pi4 = c["a"], c["b"], math.pi**4
    v1, v2, v13 = 0.5 * (1.0 + b * pi4 / 5.0) ** 2, a * a / 8.0, b * b * pi4**2 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = v1 + v2 + v13
    return {
        "variance": whole, "mean": a / 2.0, "S1": [v1 / whole, v2 / whole, 0.0],
        "ST": [(v1 + v13) / whole, v2 / whole, v13 / whole], "S13": v13 / whole,
    }  # fmt: skip


def outcomes(c: Case) -> Case:
    """Named distributions of leakers, tabulated: values and weights, those below 1e-9 left out."""
    low, weights = DISTRIBUTIONS[c["name"]]()
    weights = weights / weights.sum()
    kept = weights >= 1e-9
    return {"values": (low + np.flatnonzero(kept)).tolist(), "weights": [float(f"{w:.9g}") for w in weights[kept]]}


def _binomial() -> tuple[int, np.ndarray]:
    return 0, stats.binom.pmf(np.arange(57), 56, 0.5)


def _skewed() -> tuple[int, np.ndarray]:
    return 0, stats.nbinom.pmf(np.arange(57), 0.8, 0.8 / 4.8)


def _zeros() -> tuple[int, np.ndarray]:
    return 0, np.r_[0.7, 0.3 * stats.poisson.pmf(np.arange(56), 2.0)]


def _rare() -> tuple[int, np.ndarray]:
    return 0, stats.poisson.pmf(np.arange(57), 0.1)


def _difference() -> tuple[int, np.ndarray]:
    k = np.arange(57)
    gained, lost = stats.poisson.pmf(k, 0.3), stats.nbinom.pmf(k, 2.0, 2.0 / 8.0)
    return -56, np.convolve(gained, lost[::-1])


DISTRIBUTIONS = {
    "symmetric": _binomial, "skewed": _skewed, "many zeros": _zeros, "rare": _rare, "paired difference": _difference,
}  # fmt: skip
BUILDERS = {
    "binomial_intervals": Builder(proportion, abs=1e-9, needs=("statsmodels",)),
    "crn_and_sample_size": Builder(common_numbers),
    "sobol_ishigami": Builder(ishigami),
    "outcomes": Builder(outcomes, rel=1e-8),
}
