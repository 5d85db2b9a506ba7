"""How good a picture is against the truth: functions that anybody may call on samples of truth and tracks."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.tracking.metrics import Tracks, Truth, gospa, ospa, siap

FILE = Path(__file__).parents[1] / "reference" / "data" / "picture_metrics.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
NAMES = {
    "completeness": "completeness", "ambiguity": "ambiguity", "spuriousness": "spuriousness",
    "position accuracy": "position_accuracy", "velocity accuracy": "velocity_accuracy",
    "longest track segment": "longest_segment", "rate of track number change": "track_number_changes",
}  # fmt: skip


def sampled(case):
    return (
        Truth(np.array(case["t_s"]), np.array(case["x"]), np.array(case["present"], bool)),
        Tracks(np.array(case["when"]), np.array(case["track"]), np.array(case["states"])),
    )


def still(*places_m, tracks=()):
    """Objects and tracks that stand at places on a line, at one time."""
    x = np.zeros((1, len(places_m), 6))
    x[0, :, 0] = places_m
    states = np.zeros((len(tracks), 6))
    states[:, 0] = tracks
    n = len(tracks)
    return (
        Truth(np.zeros(1), x, np.ones((1, len(places_m)), bool)), Tracks(np.zeros(n, int), np.arange(n), states)
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_gospa_and_ospa_are_stone_soup_s(case):
    """By time, to 1e-9; missed objects and false tracks exactly.

    Against: program: Stone Soup 1.9.1.
    """
    about = {"cut_off_m": case["cut_off_m"], "order": case["order"]}
    found, expected = gospa(*sampled(case), **about), case["expected"]
    np.testing.assert_allclose(found["gospa"], expected["gospa_m"], rtol=1e-9)
    np.testing.assert_allclose(found["missed"], expected["missed"], atol=1e-9)
    np.testing.assert_allclose(found["false"], expected["false"], atol=1e-9)
    np.testing.assert_allclose(ospa(*sampled(case), **about)["ospa"], expected["ospa_m"], rtol=1e-9)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_siap_is_stone_soup_s(case):
    """All seven measures, to 1e-9, where objects cross, tracks change their number and second tracks come.

    Against: program: Stone Soup 1.9.1.
    """
    found = siap(*sampled(case), cut_off_m=case["cut_off_m"], confirm=case["confirm"], end=case["end"])
    for theirs, ours in NAMES.items():
        assert float(found[ours]) == pytest.approx(case["expected"][f"siap {theirs}"], rel=1e-9), ours


def test_the_cases_tell_measures_apart():
    """Not all is perfect in them: else a wrong definition would pass."""
    for name, best in (("completeness", 1.0), ("ambiguity", 1.0), ("spuriousness", 0.0), ("longest track segment", 1.0),
                       ("rate of track number change", 0.0)):  # fmt: skip
        assert any(abs(c["expected"][f"siap {name}"] - best) > 0.01 for c in CASES), name


def test_gospa_by_hand():
    """Two objects at 0 and 10 km, tracks at 300 m, 400 m off the second, and one at 50 km, c = 1 km.

    Against: closed form: by hand, √(300² + 400² + 1000²/2).
    """
    found = gospa(*still(0.0, 10e3, tracks=(300.0, 10.4e3, 50e3)))
    assert float(found["gospa"][0]) == pytest.approx(math.sqrt(300**2 + 400**2 + 1000**2 / 2))
    assert (float(found["localisation"][0]), int(found["missed"][0]), int(found["false"][0])) == (500.0, 0, 1)
    assert found["gospa"].attrs["units"] == "m" and found.attrs["mean"] == float(found["gospa"][0])


def test_ospa_by_hand():
    """The same picture. Against: closed form: by hand, √((300² + 400² + 1000²) / 3)."""
    found = ospa(*still(0.0, 10e3, tracks=(300.0, 10.4e3, 50e3)))
    assert float(found["ospa"][0]) == pytest.approx(math.sqrt((300**2 + 400**2 + 1000**2) / 3))


def test_ospa_pairs_by_the_power_of_the_distance():
    """Objects at 0 and 500 m, tracks at 500 and 900: (500, 400) costs less in squares than (900, 0), more in metres.

    Stone Soup 1.9.1 pairs by the distance itself. Against: closed form: by hand, √((500² + 400²) / 2).
    """
    found = ospa(*still(0.0, 500.0, tracks=(500.0, 900.0)))
    assert float(found["ospa"][0]) == pytest.approx(math.sqrt((500**2 + 400**2) / 2))


@pytest.mark.parametrize(
    ("objects", "tracks", "expected"),
    [((), (), 0.0), ((0.0,), (), math.sqrt(5e5)), ((), (0.0, 1.0), 1e3), ((0.0,), (5e3,), 1e3)],
)
def test_gospa_of_empty_pictures(objects, tracks, expected):
    """Against: closed form: c²/2 for each missed object and each false track."""
    assert float(gospa(*still(*objects, tracks=tracks))["gospa"][0]) == pytest.approx(expected)


def test_where_nothing_flies_and_nothing_is_tracked_there_is_no_share():
    found = siap(*still())
    assert all(math.isnan(float(found[name])) for name in found)


def test_two_tracks_in_turn_are_one_change_of_number():
    """One object for 100 s, a track for the first half, another from then on: one change in the 90 s tracked.

    Against: closed form: by hand, from the tenth sample to the eleventh no track reaches.
    """
    t = np.arange(20) * 5.0
    x = np.zeros((20, 1, 6))
    truth = Truth(t, x, np.ones((20, 1), bool))
    tracks = Tracks(np.arange(20), np.repeat((7, 9), 10), np.zeros((20, 6)))
    found = siap(truth, tracks)
    assert float(found["track_number_changes"]) == pytest.approx(1 / 90)
    assert float(found["longest_segment"]) == pytest.approx(45 / 95)
    assert float(found["completeness"]) == 1.0 and float(found["ambiguity"]) == 1.0
