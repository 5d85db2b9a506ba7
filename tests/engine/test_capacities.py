"""Every capacity of the loop that does not suffice is told, each by the status that it brings about."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.engine.watch import Watcher
from kalkan.errors import ProblemsError
from kalkan.kernels import events, mission
from kalkan.kernels.records import allocate
from kalkan.scenario import foreseen, parse, starter
from kalkan.schema import (
    CANDIDATES_FULL,
    EVENT_LOG_FULL,
    MEMORY_FULL,
    OK,
    PAIRS_FULL,
    PLOTS_FULL,
    QUEUE_FULL,
    STATUS,
    TRACKS_FULL,
)
from tests.engine import harness
from tests.unit import toy_engine


def ended(compiled, room=lambda state: state, sizes=None):
    """Status of one replication on a state with less room; and the outcomes."""
    records = allocate(1, compiled.sizes | (sizes or {}))
    state = room(mission.new_state(compiled.plan))
    mission._start(compiled.plan, state, mission.stream_of(1, 0), 0, 1, records)
    return int(records.replication["status"][0]), records


@pytest.fixture(scope="module")
def raid():
    return harness.compiled(harness.scenario(harness.raid(count=12, width=20, spacing=4)))


def smaller(**parts):
    """A state of which some arrays of the air picture are short."""

    def cut(state):
        short = {name: getattr(state.tracks, name)[:k] for name, k in parts.items()}
        return state._replace(tracks=state.tracks._replace(**short))

    return cut


def fewer_pairs(state):
    pairs = state.tracks.assignment.pairs[:2]
    return state._replace(tracks=state.tracks._replace(assignment=state.tracks.assignment._replace(pairs=pairs)))


def short_queue(state):
    return state._replace(heap=events.allocate(20))


def test_with_room_for_everything_nothing_is_said(raid):
    assert ended(raid)[0] == OK


TOO_LITTLE = [
    (EVENT_LOG_FULL, lambda state: state, {"event": 10}),
    (PLOTS_FULL, smaller(plots=3), None),
    (CANDIDATES_FULL, smaller(candidates=2), None),
    (PAIRS_FULL, fewer_pairs, None),
    (QUEUE_FULL, short_queue, None),
]


@pytest.mark.parametrize(("status", "room", "sizes"), TOO_LITTLE, ids=[STATUS[case[0]][0] for case in TOO_LITTLE])
def test_too_little_room_sets_the_status(raid, status, room, sizes):
    assert STATUS[ended(raid, room, sizes)[0]] == STATUS[status]


def test_a_post_without_room_for_another_track_sets_the_status():
    text = harness.scenario(harness.raid(count=12, width=20, spacing=4))
    few = harness.compiled(text.replace("targets_tracked = 2000", "targets_tracked = 3"))
    status, records = ended(few)
    assert STATUS[status] == STATUS[TRACKS_FULL]
    roomy = ended(harness.compiled(text))[1]
    first, with_room = records.threat["threat_first_track_s"], roomy.threat["threat_first_track_s"]
    assert np.median(first) > np.median(with_room) + 60.0, "most wait until there is room"


def test_a_post_that_forgets_a_target_that_it_shot_at_sets_the_status():
    """Everybody is missed once, flies on and is lost, one soon after the other; there is room to remember one."""
    missed = harness.compiled(
        harness.scenario(harness.raid(count=12, width=20, spacing=4), p=0.0, salvo=1, max_salvos=1)
    )
    assert ended(missed)[0] == OK
    status, _ = ended(missed, lambda state: state._replace(memory=state.memory[:, :1]))
    assert STATUS[status] == STATUS[MEMORY_FULL]


def test_where_several_do_not_suffice_the_gravest_is_told(raid):
    def both(state):
        return short_queue(smaller(plots=3)(state))

    assert ended(raid, both, {"event": 5})[0] == QUEUE_FULL


def test_every_status_has_its_test():
    tested = {OK, TRACKS_FULL, MEMORY_FULL, *(case[0] for case in TOO_LITTLE)}
    missing = [name for status, (name, _) in enumerate(STATUS) if status not in tested]
    assert not missing, f"no test here sets the status {missing}"


# --- who tells -------------------------------------------------------------------------------------------------------


class Told(Watcher):
    """Keeps the warnings."""

    def __init__(self):
        self.said = []

    def warning(self, text):
        self.said.append(text)


def crowded(p_leak, seed, branch, first, n, records):
    """The stand-in's loop, in which replications 5 and 7 had too little room."""
    toy_engine.runner(p_leak, seed, branch, first, n, records)
    for row in range(n):
        records.replication["status"][row] = {5: TRACKS_FULL, 7: PLOTS_FULL}.get(first + row, OK)


def test_the_run_the_table_and_the_report_tell(tmp_path):
    from kalkan.views.notebook.results import open_results

    told = Told()
    out = toy_engine.simulate(tmp_path / "out", 12, runner=crowded, progress=told, variants=["base"], threads=1)
    assert any(STATUS[PLOTS_FULL].sentence in text and "replication 7" in text for text in told.said), told.said
    results = open_results(out)
    notes = results.summary()["notes"]
    for status in (TRACKS_FULL, PLOTS_FULL):
        assert any(f"1 of 12 replications {STATUS[status].sentence}" in note for note in notes)
        assert STATUS[status].sentence in results.report().read_text(encoding="utf-8")


def test_check_foresees_posts_and_radars_without_room():
    small = starter("small")
    assert foreseen(parse(small)) == []
    (tracks,) = foreseen(parse(small + "\n[assume.55k6e]\ntargets_tracked = 5\n"))
    assert "can hold 5 tracks, and 16 vehicles fly" in tracks and STATUS[TRACKS_FULL].word in tracks
    (plots,) = foreseen(parse(small + "\n[assume.91n6e]\nfalse_alarms_per_scan = 20000\n"))
    assert 'radar "91n6e" makes about 2500 false plots' in plots and STATUS[PLOTS_FULL].word in plots


def test_what_check_foresees_of_a_variant_names_it():
    (told,) = foreseen(parse(starter("small") + "\n[variants.few]\nassume.55k6e.targets_tracked = 5\n"))
    assert told.startswith("few: ")


def test_more_types_of_interceptor_than_there_is_room_for_are_a_problem():
    loads = ", ".join(f'"m{i}" = 1' for i in range(9))
    with pytest.raises(ProblemsError, match="carry 9 types of interceptor in all; at most 8 are allowed"):
        parse(harness.scenario(harness.raid(), perfect=False).replace('"48n6e3" = 4', loads))
