"""Rare leaks by importance sampling: the exact answer, brute force, and weights that average to one."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.engine.numbers import FIRST_RARE, MOST_REPLICATIONS
from kalkan.engine.points import simulate
from kalkan.scenario import parse
from kalkan.schema import KILLED, LEAKED
from kalkan.studies.rare import TRUE_SHARE, rare, weights
from tests.engine.harness import compiled, raid, run, scenario


def _apart(count: int, **options: object) -> str:
    """Lone threats so far apart that no interceptor can meet another one."""
    raids = "".join(raid(f"r{i}", lat=37.85, lon=31.8 + 0.24 * i) for i in range(count))
    return scenario(raids, look=False, horizon="15 min", **options)


def test_one_salvo_against_ten_threats_is_exactly_binomial() -> None:
    """A leak of probability 6.25e-5 is found within its interval, a hundred times cheaper than by brute force.

    Against: closed form: 1 - (1 - q⁴)¹⁰.
    """
    text = _apart(10, p=0.95, salvo=4, launchers=12)
    found = rare(parse(text), 1500, seed=5, threads=2)
    exact = 1.0 - (1.0 - 0.05**4) ** 10
    assert exact == pytest.approx(6.25e-5, rel=1e-3)
    assert found.p.low <= exact <= found.p.high
    assert found.p.half_width < 0.2 * exact
    assert found.gain > 100.0, "a hundred times cheaper than brute force at equal error"
    assert found.mean_weight.low <= 1.0 <= found.mean_weight.high
    assert found.leakers.low <= 10 * 0.05**4 <= found.leakers.high


def test_agrees_with_brute_force_where_both_can_be_had() -> None:
    """Where leaks are not rare both ways agree, within 3.5 standard errors.

    Against: brute force: 3000 plain replications.
    """
    text = scenario(raid(count=3, width=20, spacing=20), p=0.75, salvo=2, max_salvos=2, horizon="15 min")
    found = rare(parse(text), 1500, seed=6, threads=2)
    plain = run(compiled(text), 3000, seed=6)
    leaked = (plain.threat_outcome == LEAKED).any(axis=1)
    error = np.hypot(leaked.std() / np.sqrt(leaked.size), found.p.half_width / 1.96)
    assert 0.001 < leaked.mean() < 0.2
    assert abs(found.p.estimate - leaked.mean()) < 3.5 * error
    assert abs(found.mean_weight.estimate - 1.0) < 1.8 * found.mean_weight.half_width


def test_spared_threats_are_missed_and_the_ratio_is_booked() -> None:
    """Every spared shot books the likelihood ratio that it costs.

    Against: closed form: met shots times log 2 at p = 0.5.
    """
    text = scenario(raid(), p=0.5, salvo=2, look=False, horizon="15 min")
    plan_of = compiled(text)
    plan_of.plan.threats["spared_share"][:] = 1.0
    spared = run(plan_of, 50)
    assert (spared.threat_outcome == LEAKED).all()
    met = spared.threat_shots[:, 0] - spared.met_nothing[:, 0]
    assert spared.threat_spared_log[:, 0] == pytest.approx(met * np.log(2.0), abs=1e-12)
    plan_of.plan.threats["spared_share"][:] = 0.0
    plain = run(plan_of, 50)
    assert np.isneginf(plain.threat_spared_log[plain.threat_outcome == KILLED]).all()
    assert np.isfinite(plain.threat_spared_log[plain.threat_outcome == LEAKED]).all()


def test_sparing_nobody_changes_nothing() -> None:
    plan_of = compiled(scenario(raid(count=3, width=20), horizon="15 min"))
    before = run(plan_of, 20)
    plan_of.plan.threats["spared_share"][0] = 0.5
    after = run(plan_of, 20)
    same = (before.threat_end_s == after.threat_end_s).all(axis=1)
    assert 0 < same.sum() < 20  # those in which the lot did not fall on it are the very same
    assert (before.plots[same] == after.plots[same]).all()


def test_weights_are_bounded_by_the_defensive_share() -> None:
    """No weight exceeds the reciprocal of the true law's share.

    Against: closed form: bound of a defensive mixture (Hesterberg, Technometrics 37 (1995) 185).
    """
    random = np.random.default_rng(1)
    shares = np.full(6, (1.0 - TRUE_SHARE) / 6)
    log = np.where(random.random((1000, 6)) < 0.5, -np.inf, random.exponential(5.0, (1000, 6)))
    w = weights(log, shares)
    assert (w > 0.0).all() and w.max() <= 1.0 / TRUE_SHARE + 1e-12
    assert weights(np.zeros((1, 6)), shares) == pytest.approx(1.0)


def test_pilot_and_main_run_use_replications_of_their_own(monkeypatch) -> None:
    asked: list[tuple[int, int]] = []

    def kept(points, **options):
        points = list(points)
        asked.extend((p.first, p.n) for p in points)
        return simulate(points, **options)

    monkeypatch.setattr("kalkan.studies.rare.simulate", kept)
    rare(parse(_apart(3, p=0.75, salvo=1)), 50, seed=1, threads=1)
    (first, n), (then, m) = asked
    assert n + m == 50 and n > 0 and m > 0
    assert first == FIRST_RARE >= MOST_REPLICATIONS, "beyond those of any plain run"
    assert then == first + n
