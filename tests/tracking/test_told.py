"""Reports of other trackers: what tells a track nothing new."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.tracking.fusion import covariance_intersection
from kalkan.tracking.told import knows_more


def covariance(rng: np.random.Generator, scale: float) -> np.ndarray:
    """A random positive-definite matrix."""
    a = rng.normal(size=(6, 6))
    return scale * (a @ a.T + 0.1 * np.eye(6))


@pytest.mark.parametrize("scale", [0.01, 0.3, 1.0, 3.0, 100.0])
def test_a_report_tells_nothing_just_where_covariance_intersection_would_keep_the_own_estimate(scale):
    """tr(other⁻¹ own) <= n is where the determinant falls until omega is 1."""
    rng = np.random.default_rng(7)
    kept = []
    for _ in range(40):
        own, other = covariance(rng, 1.0), covariance(rng, scale)
        x, p, work = np.zeros(6), np.zeros((6, 6)), np.zeros((4, 6, 6))
        omega = covariance_intersection(np.zeros(6), own, np.ones(6), other, x, p, work)
        kept.append(knows_more(own, other, work))
        assert kept[-1] == (omega == 1.0) == (np.trace(np.linalg.solve(other, own)) <= 6.0)
    assert scale not in (0.01,) or not any(kept)
    assert scale not in (100.0,) or any(kept)
