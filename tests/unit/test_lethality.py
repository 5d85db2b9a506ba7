"""Kill probability: the claim is recovered nominally, every factor is monotone and in [0, 1]."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kalkan.models import lethality

NOMINAL = {
    "speed_ratio": 3.0,
    "crossing_rad": 0.3,
    "altitude_m": 8000.0,
    "clearance_m": 7500.0,
    "min_clearance_m": 10.0,
    "max_altitude_m": 27000.0,
    "no_speed": lethality.NO_SPEED_RATIO,
    "full_speed": lethality.FULL_SPEED_RATIO,
    "full_crossing_rad": lethality.FULL_CROSSING_RAD,
    "tail_chase": lethality.TAIL_CHASE_FACTOR,
    "edge": lethality.EDGE_FACTOR,
    "edge_fraction": lethality.EDGE_FRACTION,
}
SALVOS = json.loads(
    (Path(__file__).parents[1] / "reference" / "data" / "engagement_salvo_sls.json").read_text()
)["cases"]


def p_kill(p_claimed: float = 0.8, **changed: float) -> float:
    return lethality.kill_probability(p_claimed, *(NOMINAL | changed).values())


@pytest.mark.parametrize("case", [c for c in SALVOS if c["kind"] == "salvo"])
def test_nominal_shot_recovers_the_claim_in_a_salvo(case: dict) -> None:
    """A nominal shot has the claimed probability, a salvo the power of it.

    Against: closed form: exact fractions.
    """
    missed = (1.0 - p_kill(case["sspk"])) ** case["n"]
    assert 1.0 - missed == pytest.approx(case["expected"]["pk"], abs=1e-12)


@pytest.mark.parametrize("case", [c for c in SALVOS if c["kind"] == "shoot-look-shoot"])
def test_nominal_shot_recovers_the_claim_in_shoot_look_shoot(case: dict) -> None:
    """The same over several looks, with the rounds spent.

    Against: closed form: exact fractions.
    """
    p = p_kill(case["sspk"])
    alive, spent = 1.0, 0.0
    for salvo in case["schedule"]:
        spent += alive * salvo
        alive *= (1.0 - p) ** salvo
    assert 1.0 - alive == pytest.approx(case["expected"]["pk"], abs=1e-12)
    assert spent == pytest.approx(case["expected"]["expected_shots"], abs=1e-12)


@pytest.mark.parametrize(
    "name, worse_and_worse",
    [
        ("speed_ratio", np.linspace(4.0, 0.0, 200)),
        ("crossing_rad", np.linspace(0.0, math.pi, 200)),
        ("altitude_m", np.linspace(13000.0, 27500.0, 200)),
        ("clearance_m", np.linspace(13000.0, 0.0, 5000)),
    ],
)
def test_each_factor_only_falls_away_from_nominal(name: str, worse_and_worse: np.ndarray) -> None:
    """Every factor only lowers the claim away from nominal.

    Against: property: monotony, within [0, 1].
    """
    p = [p_kill(**{name: float(x)}) for x in worse_and_worse]
    assert p[0] == 0.8
    assert all(later <= earlier for earlier, later in pairwise(p))
    assert 0.0 <= p[-1] < 0.8


def test_stated_ends_of_the_factors() -> None:
    assert p_kill(1.0, speed_ratio=0.5) == 0.0
    assert p_kill(1.0, speed_ratio=1.5) == 1.0
    assert p_kill(1.0, speed_ratio=math.nan) == 0.0
    assert p_kill(1.0, crossing_rad=math.pi) == pytest.approx(0.7)
    assert p_kill(1.0, altitude_m=27000.0) == pytest.approx(0.8)
    assert p_kill(1.0, clearance_m=10.0) == pytest.approx(0.8)
    assert p_kill(1.0, clearance_m=9.0) == 0.0
    assert p_kill(1.0, altitude_m=27001.0) == 0.0
