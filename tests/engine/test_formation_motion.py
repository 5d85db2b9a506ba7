"""How the vehicles of the shipped example move in the engine: every one of them, with the jitter of its replication."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.mission import trace_one
from kalkan.kernels.paths import true_paths
from kalkan.kernels.records import allocate
from kalkan.scenario import load
from kalkan.schema import LEAKED
from tests.engine.harness import compiled, raid, run, scenario

EXAMPLE = Path(__file__).parents[2] / "examples" / "second-batch.toml"
G = 9.80665
STEP_S = 0.25


@pytest.fixture(scope="module")
def example():
    written = next(iter(load(EXAMPLE).variants_resolved().values()))
    return written, compile_scenario(written, load_catalogue())


@pytest.mark.parametrize("replication", [0, 1, 2])
def test_no_vehicle_of_the_example_exceeds_its_speed_or_its_load(example, replication):
    """All 56 vehicles, second by second, round every waypoint; TB2s flew at 1445 m/s and pulled hundreds of g.

    Against: brute force: differences of positions a quarter of a second apart.
    """
    written, plan_of = example
    plan, attrs = plan_of.plan, plan_of.attrs
    state = trace_one(plan, 2026, 0, replication, allocate(1, plan_of.sizes), 0)
    ends = state.truth["end_s"]
    times = [np.arange(max(a, 0.0), b, STEP_S) for a, b in zip(state.truth["start_s"], ends, strict=True)]
    first = np.cumsum([0, *map(len, times)])
    where = np.empty((int(first[-1]), 6))
    true_paths(plan, state.truth, first, np.concatenate(times), where)
    inputs = {(row["entry"], row["quantity"]): row["value"] for row in attrs["inputs"]}
    speeds = {r.name: r.speed_m_s or inputs[r.type, "cruise_speed"] for r in written.raids}
    moved = 0.0
    for i, (a, b) in enumerate(pairwise(first)):
        name, position = plan_of.labels["threat"][i], where[a:b, :3]
        velocity = np.diff(position, axis=0) / STEP_S
        up = position[1:-1] / np.linalg.norm(position[1:-1], axis=1)[:, None]
        pull = np.linalg.norm(np.diff(velocity, axis=0) / STEP_S + G * up, axis=1)
        speed = np.linalg.norm(velocity, axis=1)
        assert speed.max() < 1.005 * speeds[attrs["threat_raid"][i]], name
        assert speed.min() > 0.75 * speeds[attrs["threat_raid"][i]], name
        assert pull.max() < 1.02 * inputs[attrs["threat_type"][i], "max_load_factor"], name
        moved = max(moved, abs(float(state.truth["offset_m"][i])))
    assert moved > 1000.0  # jitter was drawn


def test_jitter_is_drawn_anew_in_every_replication_and_has_its_spread():
    """Spread of the route's jitter over replications [m].

    Against: closed form: a normal distribution held to three standard deviations.
    """
    plan_of = compiled(scenario(raid(count=40, width=20).replace("aim", 'route_jitter = "500 m"\naim')))
    drawn = np.array(
        [trace_one(plan_of.plan, 1, 0, k, allocate(1, plan_of.sizes), 0).truth["offset_m"].copy() for k in range(40)]
    )
    assert drawn.std() == pytest.approx(500.0, rel=0.05)
    assert abs(drawn.mean()) < 4.0 * 500.0 / np.sqrt(drawn.size)
    assert np.abs(drawn).max() <= 1500.0
    assert np.abs(np.corrcoef(drawn[0], drawn[1])[0, 1]) < 0.6


def test_a_formation_arrives_by_its_timetable_through_the_engine():
    """Arrivals of nine members 40 km abreast after a turn, in the records of a run without kills.

    Against: closed form: the length of the leader's way over its speed, plus the spacing.
    """
    turning = raid(count=9, width=40, spacing=10).replace(
        "  { position = [39.0", '  { position = [38.2, 34.6], altitude = "8 km MSL" },\n  { position = [39.0'
    )
    found = run(compiled(scenario(turning, p=0.0, horizon="40 min")), 2)
    assert (found.threat_outcome == LEAKED).all()
    at = found.threat_end_s
    np.testing.assert_allclose(at - at[:, :1], np.tile(10.0 * np.arange(9), (2, 1)), atol=1e-6)
    lone = turning.replace("count = 9", "count = 1").replace('"40 km"', '"0 km"')
    alone = run(compiled(scenario(lone, p=0.0, horizon="40 min")), 1)
    assert at[0, 0] == pytest.approx(alone.threat_end_s[0, 0], rel=1e-9)
