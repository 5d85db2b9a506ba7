"""Cross-section by aspect: exact at the claims, smooth and monotone between, twins agree."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.models.signature import aspect_rcs_dbsm
from kalkan.physics import rcs_at_aspect_m2

CLAIM_DBSM = (-10.0, 12.0, 3.0)


def test_exact_at_nose_beam_and_tail() -> None:
    """At nose, beam and tail the cross-section is the claim.

    Against: property: a claim predicts itself.
    """
    assert aspect_rcs_dbsm(*CLAIM_DBSM, 1.0) == -10.0
    assert aspect_rcs_dbsm(*CLAIM_DBSM, 0.0) == 12.0
    assert aspect_rcs_dbsm(*CLAIM_DBSM, -1.0) == 3.0
    assert aspect_rcs_dbsm(*CLAIM_DBSM, 1.0 + 1e-12) == -10.0


def test_halfway_in_decibels_at_45_degrees() -> None:
    assert aspect_rcs_dbsm(*CLAIM_DBSM, math.cos(math.pi / 4)) == pytest.approx(1.0)


def test_smooth_and_monotone_in_each_quadrant() -> None:
    """Between them it is smooth and monotone.

    Against: property: monotony, no steps.
    """
    angle = np.linspace(0.0, math.pi, 721)
    dbsm = np.array([aspect_rcs_dbsm(*CLAIM_DBSM, math.cos(a)) for a in angle])
    assert np.all(np.diff(dbsm[:361]) >= 0.0) and np.all(np.diff(dbsm[360:]) <= 0.0)
    slope = np.gradient(dbsm, angle)
    assert np.max(np.abs(np.diff(slope))) < 0.25  # no kink: slope steps stay of the order of the grid
    assert abs(slope[360]) < 0.1


def test_square_metres_agree_with_decibels() -> None:
    angle = np.linspace(0.0, math.pi, 37)
    m2 = rcs_at_aspect_m2(*(10 ** (x / 10) for x in CLAIM_DBSM), angle)
    dbsm = [aspect_rcs_dbsm(*CLAIM_DBSM, math.cos(a)) for a in angle]
    np.testing.assert_allclose(10 * np.log10(m2), dbsm, atol=1e-10)
