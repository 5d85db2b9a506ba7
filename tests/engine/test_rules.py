"""Rules of command and tracking that no single figure decides, each in a scene of its own."""

import numpy as np
import pytest

from kalkan.kernels.mission import trace_one
from kalkan.kernels.records import allocate
from kalkan.kernels.trace import PLOT
from kalkan.schema import EV_ORDER, KILLED, LEAKED
from tests.engine import scenes
from tests.engine.measures import happened

# two units of one channel each; one attacker is in reach of both and sooner in that of the first, the other of it alone
CONTENDED = (
    "systems.set.fire_units = 2", "systems.set.fire_unit_positions = [[39.0, 33.0], [39.0, 31.0]]", *scenes.ONLY_ONE,
    'assume.55k6e.command_cycle = "10 s"', 'assume.48n6e3.max_range = "150 km"',
    scenes.route((38.6, 32.2), (39.0, 33.0)), scenes.another("east", lon=33.9, lat=38.0, aim="centre"),
)  # fmt: skip


@pytest.mark.parametrize(("assignment", "leakers"), [("optimal", 0), ("nearest-first", 1), ("highest-value-first", 1)])
def test_only_the_optimal_assignment_keeps_a_unit_for_what_it_alone_can_reach(assignment, leakers):
    r = scenes.played(*CONTENDED, f'doctrine.standard.assignment = "{assignment}"')
    assert ((r.threat_outcome == LEAKED).sum(), (r.threat_outcome == KILLED).sum()) == (leakers, 2 - leakers)


def test_what_may_not_be_shot_at_yet_is_not_ordered_either():
    """A channel is free for others until the target comes within the earliest range."""
    ordered = happened(EV_ORDER)
    far = ordered(scenes.played())
    near = ordered(scenes.played('doctrine.standard.earliest_range = "60 km"'))
    assert near > far + 180.0


def test_the_track_that_goes_on_after_a_turn_is_the_one_before():
    r = scenes.played(*scenes.WINDING, scenes.PEACE, 'assume.55k6e.process_noise = "60 m/s2"')
    assert (r.tracks_confirmed.sum(), r.tracks_merged.sum()) == (1, 1)


def test_detections_of_earlier_scans_do_not_confirm():
    """Three of three at scans of 2 s: the plots that confirm a track are those of three scans in a row."""
    c = scenes.planned(scenes.scene(scenes.SEEN_AT_60_KM, scenes.PEACE, "assume.55k6e.track_confirm_n = 3",
                                    "assume.55k6e.track_confirm_m = 3"))  # fmt: skip
    for replication in range(6):
        records = allocate(1, c.sizes)
        entries = trace_one(c.plan, 1, 0, replication, records, 5000).trace.entries
        plots_s, confirmed_s = entries["t_s"][entries["kind"] == PLOT], records.threat["threat_first_track_s"][0, 0]
        last = np.sort(plots_s[(plots_s > 0.0) & (plots_s < confirmed_s + 0.01)])[-3:]
        assert np.diff(last) == pytest.approx([2.0, 2.0], abs=0.1)
