"""What posts lose that do not tell each other whom they shoot at, through the engine, against closed forms.

As many posts as targets, side by side, with one round each; all targets come abreast, and every post decides once, when
it could take any of them.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import kalkan
from kalkan.schema import LEAKED
from tests.engine.harness import compiled, raid, run, scenario
from tests.engine.scenes import ONE_RADAR
from tests.reference.test_engine_closed_forms import Z, cases

WIDE = 4  # targets, and posts


@kalkan.assignment_policy
def at_random(value, urgency_s, until_s, p_kill, rounds, channels, worth):
    """One of the targets, all alike: by the digits of a measured time that nobody controls."""
    for u in range(rounds.size):
        able = 0
        for i in range(value.size):
            worth[i, u] = 0.0
            able += until_s[i, u] < math.inf
        if able == WIDE:
            chosen = int(urgency_s[0] * 1e7) % WIDE
            worth[chosen, u] = 1.0


def posts(assignment: str, coordination: bool, p: float):
    """Four posts with one round each against four abreast."""
    raids = "".join(raid(f"r{i}", lat=38.0, lon=32.4 + 0.4 * i) for i in range(WIDE))
    text = scenario(raids, p=p, salvo=1, look=False, launchers=1, rounds=1, horizon="9 min")
    text = text.replace("[assume.91n6e]", ONE_RADAR, 1)
    text = text.replace('assignment = "optimal"', f'assignment = "{assignment}"')
    first = text[text.index("[[systems]]") : text.index("[doctrine.standard]")]
    more = "".join(first.replace('"set"', f'"set {i}"') for i in range(2, WIDE + 1))
    return compiled(text + more + f"[command]\ncoordination = {str(coordination).lower()}\n")


def leakers(c, n: int) -> np.ndarray:
    r = run(c, n)
    assert (r.spent.sum(axis=(1, 2)) == WIDE).mean() > 0.99, "every post spends its round"
    return (r.threat_outcome == LEAKED).sum(axis=1)


@pytest.mark.parametrize("p", [0.5, 0.9])
def test_posts_that_choose_at_random_waste_as_the_closed_form_says(p: float) -> None:
    """Mean leakers of four targets and four rounds, each round at a target chosen at random by a policy of one's own,
    within a 99.9 % interval.

    Against: closed form: W (1 - p / W)^N.
    """
    known = next(c for c in cases("fire_coordination") if (c["threats"], c["shots"], c["sspk"]) == (WIDE, WIDE, p))
    found = leakers(posts("at_random", False, p), 1200)
    half = Z * found.std(ddof=1) / math.sqrt(found.size)
    assert half < 0.2
    assert abs(found.mean() - known["expected"]["mean_leakers_random_uncoordinated"]) <= half


@pytest.mark.parametrize("assignment", ["optimal", "nearest-first", "expected-value"])
def test_coordinated_posts_spread_their_rounds_evenly(assignment: str) -> None:
    """Mean leakers of the same, if posts tell each other whom they engage, within a 99.9 % interval.

    Against: closed form: W (1 - p) for as many rounds as targets.
    """
    p, n = 0.5, 500
    known = next(c for c in cases("fire_coordination") if (c["threats"], c["shots"], c["sspk"]) == (WIDE, WIDE, p))
    found = leakers(posts(assignment, True, p), n)
    wanted = known["expected"]["mean_leakers_even_coordinated"]
    assert abs(found.mean() - wanted) <= float(stats.norm.ppf(0.9995)) * math.sqrt(WIDE * p * (1.0 - p) / n)
