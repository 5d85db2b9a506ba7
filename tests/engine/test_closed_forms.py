"""Closed forms, run through the engine in degenerate scenarios: 99.9 % intervals."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kalkan.results.intervals import wilson
from kalkan.schema import KILLED, LEAKED
from tests.engine.harness import compiled, raid, run, scenario

DATA = Path(__file__).parents[1] / "reference" / "data"
CONFIDENCE = 0.999


def cases(name: str, **wanted: object) -> list[dict]:
    """Cases of a reference file that carry the wanted values."""
    every = json.loads((DATA / f"{name}.json").read_text())["cases"]
    return [c for c in every if all(c.get(k) == v for k, v in wanted.items())]


def inside(successes: int, trials: int, p: float) -> bool:
    """Whether a probability lies within the interval of a count."""
    interval = wilson(successes, trials, CONFIDENCE)
    return interval.low <= p <= interval.high


@pytest.mark.parametrize("salvo", [1, 2, 3])
@pytest.mark.parametrize("p", [0.3, 0.56])
def test_one_salvo_kills_binomially(salvo: int, p: float) -> None:
    """Salvo reference: P(kill) = 1 - (1 - p)^n, n rounds spent."""
    known = cases("engagement_salvo_sls", kind="salvo", sspk=p, n=salvo)[0]["expected"]
    n = 1500
    r = run(compiled(scenario(raid(), p=p, salvo=salvo, look=False)), n)
    kills = int((r.threat_outcome == KILLED).sum())
    assert inside(kills, n, known["pk"])
    assert r.threat_shots.mean() == pytest.approx(known["expected_shots"])


def test_independent_targets_are_binomial_in_number() -> None:
    """Ten separate targets, one round each: the number of kills is Binomial(10, p)."""
    raids = "".join(raid(f"r{i}", lat=37.85, lon=31.8 + 0.24 * i) for i in range(10))
    n, p = 600, 0.5
    r = run(compiled(scenario(raids, p=p, salvo=1, look=False)), n)
    kills = (r.threat_outcome == KILLED).sum(axis=1)
    observed = np.bincount(kills, minlength=11)
    expected = n * stats.binom.pmf(np.arange(11), 10, p)
    merged = [(observed[:3].sum(), expected[:3].sum()), *zip(observed[3:8], expected[3:8], strict=True)]
    merged.append((observed[8:].sum(), expected[8:].sum()))
    chi2 = sum((o - e) ** 2 / e for o, e in merged)
    assert chi2 < stats.chi2.ppf(CONFIDENCE, len(merged) - 1)


@pytest.mark.parametrize(("salvo", "looks"), [(1, 2), (1, 3), (2, 2)])
def test_shoot_look_shoot(salvo: int, looks: int) -> None:
    """Kill probability and expected rounds: E = sum over looks of s (1 - p)^(rounds before)."""
    p, n = 0.6, 1500
    r = run(compiled(scenario(raid(), p=p, salvo=salvo, max_salvos=looks)), n)
    assert inside(int((r.threat_outcome == KILLED).sum()), n, 1.0 - (1.0 - p) ** (salvo * looks))
    shots = r.threat_shots[:, 0]
    expected = sum(salvo * (1.0 - p) ** (salvo * k) for k in range(looks))
    half = stats.norm.ppf(0.5 + CONFIDENCE / 2) * shots.std(ddof=1) / math.sqrt(n)
    assert abs(shots.mean() - expected) <= half


def test_magazine_binds_as_in_the_exact_chain() -> None:
    """T identical threats, M rounds, one look: the mean number of leakers of the exact Markov chain."""
    for case in cases("raid_leakage_exact", looks=1, shots_per_threat_per_look=1):
        threats, rounds, p = case["threats"], case["interceptors"], case["sspk"]
        if not 1 < threats <= 12 or rounds > 12 or rounds % 2:
            continue
        raids = "".join(raid(f"r{i}", lat=37.85, lon=31.8 + 0.2 * i) for i in range(threats))
        text = scenario(raids, p=p, salvo=1, look=False, launchers=rounds // 2, rounds=2)
        r = run(compiled(text), 400)
        leakers = (r.threat_outcome == LEAKED).sum(axis=1)
        half = 3.3 * math.sqrt(case["expected"]["var_leakers"] / 400)
        assert abs(leakers.mean() - case["expected"]["mean_leakers"]) <= max(half, 1e-9), case
        assert (r.spent.sum(axis=(1, 2)) == min(threats, rounds)).all()


def test_first_track_follows_m_of_n() -> None:
    """Looks until confirmation against the sliding-window chain: one radar, the same p_d in every scan.

    Plots are counted instead of scans of the clock, so the random phase of the rotation cannot matter:
    the run is ended after k looks, and a track must have been confirmed with the chain's probability.
    """
    case = next(c for c in cases("m_of_n") if c["M"] == 3 and c["N"] == 5 and c["pd"] == 0.5)
    plan_of = compiled(scenario(raid(), post="track_confirm_m = 3\ntrack_confirm_n = 5"))
    plan_of.plan.p_d[0], plan_of.plan.p_d[1] = case["pd"], 0.0
    period_s = float(plan_of.plan.radars["scan_period_s"][0])
    n = 3000
    r = run(plan_of, n)
    # looks come once a period (the target flies straight in), the first uniformly within the first period
    for looks in (4, 6, 8):
        done = int((r.threat_first_track_s[:, 0] < looks * period_s).sum())
        assert inside(done, n, case["expected"]["sliding_cumulative_by_scan"][looks - 1]), looks
