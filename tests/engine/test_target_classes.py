"""What a post takes a track for, and which rules then hold; the types of a class, each with its own figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.kernels.outlook import perceived_class
from kalkan.schema import AIRCRAFT, ANTI_RADIATION_MISSILE, BALLISTIC_MISSILE, CRUISE_MISSILE, UAV
from tests.engine import scenes

OWN_RULES = "doctrine.standard.anti-radiation-missile.salvo = 4"
CAT = load_catalogue()
TYPES = ("iskander-m", "atacms", "scud-b")


def taken_for(pictures: np.ndarray, speed_m_s: float, high_m: float, climb_m_s: float = 0.0) -> int:
    along_m_s = math.sqrt(speed_m_s**2 - climb_m_s**2)
    if not hasattr(perceived_class, "py_func"):  # the loop as plain Python
        pictures = pictures.view(np.recarray)
    return perceived_class(pictures, 0, 20e3, 0.0, high_m, along_m_s, 0.0, climb_m_s)


@pytest.mark.parametrize(("speed_m_s", "high_m", "otherwise", "with_rules"), [
    (60.0, 8e3, UAV, UAV), (250.0, 8e3, AIRCRAFT, AIRCRAFT), (590.0, 11e3, AIRCRAFT, AIRCRAFT),
    (700.0, 8e3, AIRCRAFT, ANTI_RADIATION_MISSILE), (700.0, 200.0, CRUISE_MISSILE, CRUISE_MISSILE),
    (2500.0, 40e3, BALLISTIC_MISSILE, BALLISTIC_MISSILE),
])  # fmt: skip
def test_a_fast_track_that_is_not_low_is_an_anti_radiation_missile_where_a_doctrine_has_rules_for_it(
    speed_m_s: float, high_m: float, otherwise: int, with_rules: int
) -> None:
    for lines, expected in (((), otherwise), ((OWN_RULES,), with_rules)):
        pictures = scenes.planned(scenes.scene(scenes.FALLING, *lines)).plan.pictures
        assert taken_for(pictures, speed_m_s, high_m) == expected


def test_rules_against_anti_radiation_missiles_leave_aircraft_alone() -> None:
    assert scenes.played(OWN_RULES, scenes.NEVER_HIT).spent.sum() == scenes.played(scenes.NEVER_HIT).spent.sum()


def test_what_such_rules_leave_open_is_claimed_of_cruise_missiles() -> None:
    c = scenes.planned(scenes.scene("doctrine.standard.anti-radiation-missile.look = true", *scenes.CRUISE))
    units, types = c.plan.units, c.plan.interceptors
    for column in ("salvo", "max_rounds", "earliest_m", "worth", "preference"):
        assert np.array_equal(units[column][:, ANTI_RADIATION_MISSILE], units[column][:, CRUISE_MISSILE]), column
    assert np.array_equal(types["p_kill"][:, ANTI_RADIATION_MISSILE], types["p_kill"][:, CRUISE_MISSILE])


def test_reports_tell_such_rules_only_where_they_are_written() -> None:
    def told(*lines: str) -> set[str]:
        return set(scenes.planned(scenes.scene(*scenes.HOMING, *lines)).attrs["fights"][0]["against"])

    assert told(OWN_RULES) - told() == {"anti-radiation-missile"}


@pytest.mark.parametrize("kind", TYPES)
def test_each_ballistic_type_flies_as_far_as_it_claims(kind: str) -> None:
    """Nine tenths of the claimed range, so that rounding of latitudes does not decide."""
    reach_deg = 0.9 * CAT.resolve(kind, "range").value / 111e3
    r = scenes.played(
        'remove = ["raids.raid"]', scenes.PEACE,
        f'raids.falling = {{ type = "{kind}", launch = [{39.0 - reach_deg:.3f}, 33.0], aim = "centre", count = 1 }}',
    )  # fmt: skip
    assert np.isfinite(r.threat_end_s).all()


def test_types_of_one_class_are_seen_at_different_ranges() -> None:
    """The radar sees a Scud-B's three times larger nose from 3^(1/4) as far as an ATACMS's."""
    nose = {k: CAT.resolve(k, "rcs", band="S", aspect="nose").value for k in TYPES}
    assert nose["scud-b"] == pytest.approx(3.0 * nose["atacms"]) and nose["iskander-m"] >= nose["atacms"]

    def first_plot_km(kind: str) -> float:
        r = scenes.played(
            'remove = ["raids.raid"]', scenes.PEACE, 'assume.91n6e.detection_range = "150 km"',
            'assume.91n6e.instrumented_range = "600 km"',
            f'raids.falling = {{ type = "{kind}", launch = [36.5, 33.0], aim = "centre", count = 8, '
            'spacing = "40 s" }',
            n=5,
        )  # fmt: skip
        return float(np.nanmean(r.threat_first_plot_range_m)) / 1e3

    assert first_plot_km("scud-b") > 1.1 * first_plot_km("atacms")


def test_a_kill_probability_against_anti_radiation_missiles_counts_against_them_alone() -> None:
    """Without one, that against cruise missiles stands, and the run's list of figures says so."""
    many = [line.replace("count = 40", "count = 4") for line in scenes.HOMING]

    def shown(written: str) -> tuple[np.ndarray, list[str], float]:
        lines = [*many, f"assume.48n6e3.kill_probability = {written}"]
        made = scenes.planned(scenes.scene(*lines))
        rows = [r for r in made.attrs["inputs"] if (r["entry"], r["quantity"]) == ("48n6e3", "kill_probability")]
        rules = [r["rule"] for r in rows if r["conditions"].get("against") == "anti-radiation-missile"]
        return made.plan.interceptors["p_kill"][0], rules, float(scenes.played(*lines).kills.sum())

    own, rules, kills = shown('{ "anti-radiation-missile" = 1, "cruise-missile" = 0 }')
    assert own[ANTI_RADIATION_MISSILE] == 1.0 and own[CRUISE_MISSILE] == 0.0
    assert rules == ["this scenario assumes"] and kills > 0
    lent, rules, kills = shown('{ "aircraft" = 1, "cruise-missile" = 0 }')
    assert lent[ANTI_RADIATION_MISSILE] == lent[CRUISE_MISSILE] == 0.0 and kills == 0
    told = "nobody claims it against anti-radiation-missiles: as against cruise-missiles"
    assert rules == [f"{told}; this scenario assumes"]


def test_a_claim_against_anti_radiation_missiles_is_read(tmp_path) -> None:
    file = tmp_path / "more.toml"
    file.write_text(
        '[48n6e3.kill_probability]\nclaims = [{ value = 0.33, low = 0.2, high = 0.5, unit = "fraction", '
        'against = "anti-radiation-missile", source = "kalkan", note = "made up for a test" }]\n'
    )
    text = scenes.BASE.replace("kill_probability = 1.0", "max_range = '150 km'")
    made = scenes.compile_scenario(scenes.parse(text), load_catalogue([file]))
    p = made.plan.interceptors["p_kill"][0]
    assert p[ANTI_RADIATION_MISSILE] == 0.33 != p[CRUISE_MISSILE]
