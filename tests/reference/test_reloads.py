"""Reload vehicles as servers of a queue, through the engine, against queueing theory.

Aircraft come as a Poisson stream; each is killed by one round, which empties its launcher, which then waits for a
vehicle. There are launchers enough that no aircraft waits for a round.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.schema import EV_LAUNCH, EV_RELOAD
from tests.engine import harness
from tests.reference.test_engine_closed_forms import Z

RELOAD_S, GAP_S, RUNS = 30.0, 40.0, 40


def stream(vehicles: int):
    """A unit of twelve launchers of one round, its vehicles, and eighty minutes of arrivals."""
    raid = harness.raid(count=200, spacing=int(GAP_S)).replace("spacing =", 'arrivals = "poisson"\nspacing =')
    text = harness.scenario(
        raid, p=1.0, salvo=1, launchers=12, rounds=1, reloads=100, horizon="80 min",
        engagement="target_channels = 60\nmissile_channels = 60", launcher=f'reload_time = "{RELOAD_S:g} s"',
    )  # fmt: skip
    return harness.compiled(text.replace("reload_sets = 100", f"reload_sets = 100\nreload_vehicles = {vehicles}"))


def jobs(r, row: int) -> tuple[np.ndarray, np.ndarray]:
    """When launchers ran out, and when those were reloaded [s], in order."""
    n = r.event_count[row]
    t_s, kind = r.event_time_s[row, :n], r.event_kind[row, :n]
    out, back = (np.sort(t_s[kind == k].astype(float)) for k in (EV_LAUNCH, EV_RELOAD))
    return out[: back.size], back


def served(out_s: np.ndarray, vehicles: int) -> np.ndarray:
    """When each job ends, by the recursion of Kiefer and Wolfowitz."""
    free = np.zeros(vehicles)
    ends = []
    for t in out_s:
        first = int(np.argmin(free))
        free[first] = max(free[first], t) + RELOAD_S
        ends.append(free[first])
    return np.sort(ends)


@pytest.mark.parametrize("vehicles", [1, 2, 3])
def test_vehicles_serve_launchers_in_their_order(vehicles: int) -> None:
    """End of every reload by one to three vehicles, within 0.01 s.

    Against: closed form: the recursion of Kiefer and Wolfowitz (1955) over the launches of the run.
    """
    r = harness.run(stream(vehicles), 2)
    for row in range(2):
        out, back = jobs(r, row)
        assert back.size > 80
        np.testing.assert_allclose(back, served(out, vehicles)[: back.size], atol=0.01)


def test_one_vehicle_keeps_launchers_waiting_as_pollaczek_and_khinchine_say() -> None:
    """Mean wait of a launcher for the only vehicle, three quarters busy, within a 99.9 % interval.

    Against: closed form: M/D/1, W = ρ D / (2 (1 - ρ)).
    """
    r = harness.run(stream(1), RUNS)
    means, gaps = [], []
    for row in range(RUNS):
        out, back = jobs(r, row)
        used = out > 1200.0  # the queue has filled by then
        means.append((back - out - RELOAD_S)[used].mean())
        gaps.append(np.diff(out[used]).mean())
    rho = RELOAD_S / GAP_S
    half = Z * np.std(means, ddof=1) / math.sqrt(RUNS)
    assert abs(np.mean(gaps) - GAP_S) < Z * np.std(gaps, ddof=1) / math.sqrt(RUNS), "no aircraft waits for a round"
    assert half < 20.0
    assert abs(np.mean(means) - rho * RELOAD_S / (2.0 * (1.0 - rho))) <= half
