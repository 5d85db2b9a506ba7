"""Upkeep, as it is compiled, against reliability theory and the theory of spares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.stats import poisson

from kalkan.supply import Equipment, Supplied, simulate, upkeep_of
from kalkan.supply.closed_forms import (
    availability,
    expected_backorders,
    expected_on_hand,
    ready_rate,
    steady_availability,
)

Z = 3.29  # of a 99.9 % interval
MTBF_S, MTTR_S = 100.0, 25.0


def parts(n: int, **more: float) -> list[Equipment]:
    """Parts that are alike."""
    given = {"mean_time_between_failures_s": MTBF_S, "mean_time_to_repair_s": MTTR_S} | more
    return [Equipment(name=f"part {i}", group="parts", **given) for i in range(n)]


def near(found: np.ndarray, expected: float, share: float = 0.0) -> bool:
    """Whether the mean of independent numbers is what is expected: its 99.9 % interval, and a share, both narrow."""
    half = Z * float(np.std(found, ddof=1)) / math.sqrt(found.size) + share * expected
    assert half < 0.07 * expected, "the test could not tell"
    return abs(float(np.mean(found)) - expected) <= half


@pytest.mark.parametrize("failures", ["exponential", "weibull"])
@pytest.mark.parametrize("repairs", ["exponential", "lognormal", "fixed"])
def test_in_the_long_run_a_part_works_for_its_share_of_the_time(failures: str, repairs: str) -> None:
    """Share of 20 parts in action after 100 mean lives, for each distribution, within a 99.9 % interval.

    Against: closed form: MTBF / (MTBF + MTTR), whatever the distributions (renewal theorem).
    """
    how = Supplied(failures=failures, repairs=repairs, failure_shape=1.5, repair_spread=0.8)
    works = simulate(upkeep_of(parts(20), how), [1e4], replications=4000).works[:, 0].mean(axis=1)
    assert near(works, steady_availability(MTBF_S, MTTR_S)) and steady_availability(MTBF_S, MTTR_S) == 0.8


@pytest.mark.parametrize("t_s", [2.0, 10.0, 30.0, 100.0])
def test_after_a_start_in_order_it_works_as_the_chain_of_two_states_says(t_s: float) -> None:
    """Share of 20 parts in action after 2 to 100 s from a start in order, within a 99.9 % interval.

    Against: closed form: Kolmogorov's equation of the chain, which scipy.linalg.expm of its generator solves to 1e-12.
    """
    chain = expm(np.array([[-1.0 / MTBF_S, 1.0 / MTBF_S], [1.0 / MTTR_S, -1.0 / MTTR_S]]) * t_s)
    assert availability(t_s, MTBF_S, MTTR_S) == pytest.approx(chain[0, 0], abs=1e-12)
    assert availability(t_s, MTBF_S, MTTR_S, works_at_first=False) == pytest.approx(chain[1, 0], abs=1e-12)
    works = simulate(upkeep_of(parts(20)), [t_s], replications=4000).works[:, 0].mean(axis=1)
    assert near(works, chain[0, 0])


def test_maintenance_takes_its_share_of_the_time() -> None:
    """Share of parts in action that are also maintained every 90 s for 15 s, within a 99.9 % interval.

    Against: closed form: the chain of two states from one maintenance to the next, solved for its cycle; the integrals
    by scipy.integrate.quad.
    """
    every, last = 90.0, 15.0
    up, down = (lambda t, at=at: availability(t, MTBF_S, MTTR_S, works_at_first=at) for at in (True, False))
    p = down(every) / (1.0 - up(every - last) + down(every))  # it works when maintenance comes due
    expected = (p * quad(up, 0.0, every - last)[0] + (1.0 - p) * quad(down, 0.0, every)[0]) / every
    kept = parts(20, maintenance_interval_s=every, maintenance_time_s=last)
    works = simulate(upkeep_of(kept), [20_000.0], replications=4000).works[:, 0].mean(axis=1)
    assert near(works, expected) and expected < 0.75


@pytest.mark.parametrize("spares", [0, 2, 4])
@pytest.mark.parametrize("lead_times", ["exponential", "fixed"])
def test_spares_are_short_as_palm_says_whatever_the_lead_time(lead_times: str, spares: int) -> None:
    """Ready rate, fill rate, spares on the shelf and components owed, of 300 parts that ask for three in a lead time.

    Within a 99.9 % interval and 1 %, by which a part that waits cannot ask again.

    Against: closed form: Palm's theorem, with scipy.stats.poisson.
    """
    on_order, lead_s, n, late = 3.0, 100.0, 300, 1500.0
    fleet = parts(n, mean_time_between_failures_s=n * lead_s / on_order, mean_time_to_repair_s=1e-3, p_spare=1.0)
    upkeep = upkeep_of(fleet, Supplied(spares=spares, foreign_lead_time_s=lead_s, lead_times=lead_times))
    times = [late + 300.0 * k for k in range(5)]  # as good as independent
    early, course = (simulate(upkeep, at_s, replications=8000) for at_s in ([late], times))
    counts = np.arange(60)
    law = poisson.pmf(counts, on_order)
    ready, owed, shelf = law[:spares].sum(), law @ np.maximum(counts - spares, 0), law @ np.maximum(spares - counts, 0)
    assert ready_rate(spares, on_order) == pytest.approx(ready, abs=1e-12)
    assert expected_backorders(spares, on_order) == pytest.approx(owed, abs=1e-12)
    assert expected_on_hand(spares, on_order) == pytest.approx(shelf, abs=1e-12)
    assert near(course.owed[:, :, 0].mean(axis=1), owed, 0.01)
    if spares:
        assert near((course.stock[:, :, 0] > 0).mean(axis=1), ready, 0.01)
        assert near(course.stock[:, :, 0].mean(axis=1), shelf, 0.01)
        asked, waited = (getattr(course, n).sum() - getattr(early, n).sum() for n in ("failures", "waits"))
        assert 1.0 - waited / asked == pytest.approx(ready, rel=0.015)
