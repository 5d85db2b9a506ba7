"""The posts' filter is the scenario's choice, and the usual one is what stands without a choice."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.errors import ProblemsError
from kalkan.kernels.manner import MANNER
from kalkan.kernels.mission import new_state
from kalkan.tracking import tables
from tests.engine.harness import compiled, raid, run, scenario

N = 8


def text(filter_name=""):
    written = scenario(raid(count=6, spacing=20), p=0.6, salvo=2)
    return written.replace("[study]", f'[study]\ntrack_filter = "{filter_name}"') if filter_name else written


@pytest.fixture(scope="module")
def usual():
    return run(compiled(text()), N)


def test_without_a_choice_plots_are_converted(usual):
    chosen = run(compiled(text("converted")), N)
    for name, values in vars(usual).items():
        if name != "labels":
            assert np.asarray(values).tobytes() == np.asarray(getattr(chosen, name)).tobytes(), name


@pytest.mark.parametrize("filter_name", ["ekf", "imm"])
def test_another_filter_follows_the_same_raid(usual, filter_name):
    """Numbers differ a little, and the defence works: tracks are confirmed, threats killed as by the usual filter."""
    other = run(compiled(text(filter_name)), N)
    assert np.nanmean(other.threat_first_track_s) == pytest.approx(np.nanmean(usual.threat_first_track_s), rel=0.05)
    assert other.plots.sum() > 0 and other.tracks_confirmed.sum() <= 1.5 * usual.tracks_confirmed.sum()
    killed = [(r.threat_outcome == usual.threat_outcome.min()).mean() for r in (usual, other)]
    assert abs(killed[0] - killed[1]) < 0.25
    assert any(
        np.asarray(getattr(other, n)).tobytes() != np.asarray(getattr(usual, n)).tobytes()
        for n in vars(usual) if n != "labels"
    ), "it is another filter"  # fmt: skip


def initiated(rule, more="", filter_name=""):
    written = text(filter_name).replace("[study]", f'[study]\ninitiation = "{rule}"')
    return written.replace("[assume.kalkan-model]", f"[assume.kalkan-model]\n{more}")


@pytest.mark.parametrize("filter_name", ["converted", "ekf", "imm"])
@pytest.mark.parametrize("rule", ["logic", "score"])
def test_a_rule_of_initiation_confirms_when_its_textbook_says(usual, rule, filter_name):
    """Two radars see each object in each of their turns of two seconds, and M of N of the claims is 3 of 4.

    M of N counts one radar's looks: its third plot comes two turns after the first. Logic counts all: two of two and
    one more are there after one turn. Score: a second plot that fits to metres is no chance of noise over the sky.
    """
    other = run(compiled(initiated(rule, filter_name=filter_name)), N)
    turns = [np.nanmean(r.threat_first_track_s - r.threat_first_plot_s) / 2.0 for r in (usual, other)]
    assert turns[0] == pytest.approx(2.0, abs=0.01)
    assert turns[1] == pytest.approx(1.0, abs=0.01) if rule == "logic" else 0.0 < turns[1] < 1.0
    assert other.tracks_false.sum() == 0 and other.tracks_confirmed.sum() == usual.tracks_confirmed.sum()


def test_the_score_knows_how_many_false_plots_a_radar_gives():
    """Density times the volume in range, azimuth and elevation: the claimed number a scan."""
    written = initiated("score").replace("false_alarms_per_scan = 0", "false_alarms_per_scan = 5")
    plan = compiled(written.replace('elevation_max = "85 deg"', 'elevation_max = "45 deg"')).plan
    search = plan.radars["picture"] >= 0
    found, radars = new_state(plan).tracks.log_false[search], plan.radars[search]
    high, low = (np.arctan(radars[f"tan_elevation_{end}"]) for end in ("max", "min"))
    volume = (radars["range_max_m"] - radars["range_min_m"]) * 2.0 * np.pi * (high - low)
    np.testing.assert_allclose(np.exp(found) * volume, 5.0)


ASKED = {
    "calm_noise_share": "0.5", "turn_rate_sigma": '"3 deg/s"', "turn_rate_density": "0.5", "straight_time": '"60 s"',
    "turn_time": '"20 s"', "score_detection": "0.6", "false_track_chance": "1e-5", "lost_track_chance": "0.05",
}  # fmt: skip


@pytest.mark.parametrize("quantity", ASKED)
def test_every_figure_of_a_filter_or_rule_moves_the_plan(quantity):
    """And none is asked where neither is chosen."""
    plain, changed = (
        compiled(initiated("score", more, "imm")) for more in ("", f"{quantity} = {ASKED[quantity]}\n")
    )
    assert plain.plan.manner.tobytes() != changed.plan.manner.tobytes()
    assert quantity in {row["quantity"] for row in plain.attrs["inputs"]}
    unasked = compiled(text())
    assert not unasked.plan.manner.tobytes().strip(b"\0")
    assert quantity not in {row["quantity"] for row in unasked.attrs["inputs"]}


def test_what_the_plan_says_of_a_filter_is_what_the_tracker_takes():
    assert MANNER == tables.MANNER


def test_an_unknown_filter_is_told():
    with pytest.raises(ProblemsError, match="track_filter"):
        compiled(text("kalman"))
    with pytest.raises(ProblemsError, match="initiation"):
        compiled(initiated("at once"))
