"""Sobol indices of the Ishigami function against its analytic decomposition; groups against sums."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kalkan.studies.sensitivity import indices

CASE = json.loads((Path(__file__).parent / "data" / "sobol_ishigami.json").read_text())["cases"][0]


def ishigami(x: np.ndarray) -> np.ndarray:
    """The function of the reference."""
    a, b = CASE["a"], CASE["b"]
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami() -> None:
    """First-order and total indices of the Ishigami function, to 0.02 and within their own intervals.

    Against: closed form: analytic decomposition (Ishigami and Homma 1990, doi:10.1109/ISUMA.1990.151285).
    """
    found, variance, evaluations = indices(ishigami, ["x1", "x2", "x3"], 4096, bounds=(-np.pi, np.pi))
    assert evaluations == 4096 * 5
    by_name = {i.name: i for i in found}
    for k, name in enumerate(["x1", "x2", "x3"]):
        got, expected = by_name[name], CASE["expected"]
        assert got.first == pytest.approx(expected["S1"][k], abs=0.02)
        assert got.total == pytest.approx(expected["ST"][k], abs=0.02)
        assert abs(got.first - expected["S1"][k]) <= 1.6 * got.first_half + 1e-3
        assert abs(got.total - expected["ST"][k]) <= 1.6 * got.total_half + 1e-3
    assert variance == pytest.approx(CASE["expected"]["variance"], rel=0.02)
    assert [i.name for i in found] == ["x1", "x2", "x3"], "by total effect"


def test_groups_move_together() -> None:
    """Indices of a group: x1 and x3 as one explain all but x2, and interact with nothing outside.

    Against: closed form: sums of the same decomposition.
    """
    found, _, evaluations = indices(ishigami, ["rest", "x2", "rest"], 4096, bounds=(-np.pi, np.pi))
    by_name, s1 = {i.name: i for i in found}, CASE["expected"]["S1"]
    assert evaluations == 4096 * 4
    assert by_name["x2"].first == pytest.approx(s1[1], abs=0.02)
    assert by_name["rest"].first == pytest.approx(1.0 - s1[1], abs=0.02)
    assert by_name["rest"].total == pytest.approx(1.0 - s1[1], abs=0.02)


def test_half_widths_cover_at_small_samples() -> None:
    """Bootstrap intervals of an index, nominal 95 %, at a base of 256: at least 85 % of 60 cover.

    Against: brute force: coverage.
    """
    inside = [
        abs(i.first - CASE["expected"]["S1"][1]) <= i.first_half
        for seed in range(60)
        for i in indices(ishigami, ["x1", "x2", "x3"], 256, bounds=(-np.pi, np.pi), seed=seed)[0]
        if i.name == "x2"
    ]
    assert np.mean(inside) >= 0.85


def test_a_constant_has_no_driver() -> None:
    """What never varies is driven by nothing.

    Against: property: limit.
    """
    found, variance, _ = indices(lambda x: np.ones(len(x)), ["a", "b"], 8)
    assert variance == 0.0 and all(i.total == 0.0 for i in found)
