"""The exposure's way from a scenario to an answer: what is asked, what is refused, and what must grow or shrink."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.cover.collecting import QUARTERS, collect, together
from kalkan.errors import ProblemsError
from kalkan.models.exposure import luneburg_rcs_m2
from kalkan.scenario import parse
from tests.engine import harness

FRIENDS = """
[[flights]]
name = "training"
type = "f-35a"
count = 2
route = [
  { position = [38.0, 32.0], altitude = "9 km MSL" },
  { position = [38.8, 33.0], altitude = "9 km MSL" },
  { position = [38.0, 34.0], altitude = "9 km MSL" },
]
"""
ASKED = '[exposure]\ndays = 10\nsorties_per_day = 4\n'


def scenario(extra: str = ASKED, friends: str = FRIENDS):
    return parse(harness.scenario(harness.raid(), perfect=False, extra=friends + extra))


@pytest.fixture(scope="module")
def plain():
    return collect(scenario(), load_catalogue())[0]


def asked(extra: str, **how):
    return collect(scenario(extra), load_catalogue(), **how)[0]


def total(found, name: str) -> float:
    return float(sum(np.nansum(getattr(r, name)) for r in found.radars))


def test_twice_the_flights_tell_twice_as_much_and_half_the_share_half(plain):
    twice = asked(ASKED.replace("= 4", "= 8"))
    half = asked(ASKED + "radiating_share = 0.5\n")
    for name in ("looks", "plots", "dwell_s", "from_looks", "from_plots"):
        assert total(twice, name) == pytest.approx(2.0 * total(plain, name))
        assert total(half, name) == pytest.approx(0.5 * total(plain, name))
    for one, other in zip(plain.radars, twice.radars, strict=True):
        np.testing.assert_array_equal(one.best_snr_db, other.best_snr_db)


def test_four_times_the_days_halve_the_error_by_chance(plain):
    longer = asked(ASKED, days=40)
    assert longer.flying.days == 40 and plain.flying.days == 10
    for band, exposed in plain.by_band().items():
        other = longer.by_band()[band]
        seen = exposed.seen
        assert seen.any()
        np.testing.assert_allclose(plain.errors(exposed)[seen], 2.0 * longer.errors(other)[seen])
        assert longer.left_over(other) == pytest.approx(plain.left_over(exposed)), "no number of days takes it away"


def test_without_practice_no_engagement_radar_looks(plain):
    found = asked(ASKED + "practise = false\n")
    assert {r.band for r in plain.radars} == {"S", "X"} and {r.band for r in found.radars} == {"S"}
    assert {r.radar for r in found.radars} == {r.radar for r in plain.radars if "92N6E" not in r.radar}


def test_reflectors_are_seen_by_everybody_and_hide_what_carries_them(plain):
    found = asked(ASKED + "reflectors = true\n")
    again = asked(ASKED, reflectors=True)
    assert total(found, "plots") == total(again, "plots") > 2.0 * total(plain, "plots")
    assert total(found, "looks") == pytest.approx(total(plain, "looks")), "sight is no matter of size"
    nose, hidden = (c.quarter(c.by_band()["X"], "nose") for c in (plain, found))
    assert hidden.rcs_m2 == pytest.approx(nose.rcs_m2) and hidden.reflector_m2 == pytest.approx(
        float(luneburg_rcs_m2(0.1, 299792458.0 / 10e9))
    )
    assert hidden.from_looks < nose.from_looks and hidden.own > 50.0 * nose.own
    ratio = hidden.reflector_m2 / hidden.rcs_m2
    assert hidden.own == pytest.approx(math.hypot((1.0 + ratio) * 0.26, 0.2 * ratio), rel=0.02)
    assert hidden.bound_m2 == pytest.approx(hidden.rcs_m2 * (1.0 + 2.0 * hidden.own))


def test_quarters_share_out_all_looks(plain):
    for exposed in plain.by_band().values():
        shared = [plain.quarter(exposed, name) for name in QUARTERS]
        assert sum(k.looks for k in shared) == pytest.approx(float(exposed.looks.sum()))
        assert sum(k.dwell_s for k in shared) == pytest.approx(float(exposed.dwell_s.sum()))


def test_radars_of_a_band_add_up(plain):
    both = [r for r in plain.radars if r.band == "S"]
    assert len(both) == 2
    joined = together("S", both)
    np.testing.assert_allclose(joined.from_looks, both[0].from_looks + both[1].from_looks)
    seen = both[0].seen & both[1].seen
    low, high = (f(both[0].snr_db[seen], both[1].snr_db[seen]) for f in (np.minimum, np.maximum))
    assert ((low <= joined.snr_db[seen]) & (joined.snr_db[seen] <= high)).all()


def test_only_friends_are_looked_at():
    neutral = FRIENDS.replace('type = "f-35a"', 'type = "f-16c"\nside = "neutral"').replace("training", "others")
    found = collect(scenario(friends=FRIENDS + neutral), load_catalogue())
    assert [c.aircraft for c in found] == ["f-35a"]


def test_every_figure_has_its_claimant(plain):
    used = {(row["entry"], row["quantity"]): row for row in plain.inputs}
    assert used["signature-exposure", "sorties_per_day"]["claimant"] == "this scenario"
    for quantity in ("calibration_error", "background_error", "reflector_error", "radiating_share"):
        assert used["signature-exposure", quantity]["kind"] == "assumption"
    assert {row["conditions"]["aspect"] for row in plain.inputs if row["quantity"] == "rcs"} == {"nose", "beam", "tail"}


def test_the_table_changes_no_run():
    assert scenario().identity == scenario("").identity


def test_variants_may_differ_in_it():
    found = scenario(ASKED + "[variants.masked]\nexposure.reflectors = true\n").variants_resolved()
    assert [v.exposure.reflectors for v in found.values()] == [False, True]
    assert found["masked"].exposure.days == 10


# -- bad input -----------------------------------------------------------------------------------------
def problems(extra: str, friends: str = FRIENDS) -> str:
    with pytest.raises(ProblemsError) as told:
        scenario(extra, friends)
    return str(told.value)


def test_every_mistake_at_once_with_its_line_and_a_remedy():
    found = problems(
        "[exposure]\ndays = 0\nsorties_per_day = -1\nradiating_share = 1.5\npractise = 1\nreflector = true\n"
        'azimuth_width = "14 deg"\nelevation_width = "20 deg"\n'
    )
    for part in (
        "days = 0", "must be between 1 and 36500",
        "sorties_per_day = -1", "must be greater than 0 and at most 1000",
        "radiating_share = 1.5", "must be greater than 0 and at most 1",
        "practise = 1", "must be true or false",
        "reflector = true", 'did you mean "reflectors"?',
        'azimuth_width = "14 deg"', 'must divide 360 deg into whole parts, such as "13.85 deg" (1/26)',
        'elevation_width = "20 deg"', 'must divide 90 deg into whole parts, such as "22.5 deg" (1/4)',
    ):  # fmt: skip
        assert part in found, (part, found)
    assert found.count("line ") == 7


@pytest.mark.parametrize("width", ['15', '"15 km"', '"0.1 deg"', '"180 deg"'])
def test_a_width_is_an_angle_within_bounds(width):
    found = problems(f"[exposure]\nazimuth_width = {width}\n")
    assert "azimuth_width" in found and found.count("line ") == 1


def test_nobody_to_look_at_is_told():
    assert 'does nothing without flights of friends; add [[flights]] with side = "friendly"' in problems(ASKED, "")
    neutral = FRIENDS.replace('count = 2', 'count = 2\nside = "neutral"')
    assert "does nothing without flights of friends" in problems(ASKED, neutral)
    with pytest.raises(ProblemsError, match=r"hold no friends.*add \[\[flights\]\]"):
        collect(scenario("", ""), load_catalogue())


@pytest.mark.parametrize(("key", "words"), [("days = 2.5", "whole number"), ('days = "30"', "whole number")])
def test_days_are_counted(key, words):
    assert words in problems(f"[exposure]\n{key}\n")
