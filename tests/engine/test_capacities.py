"""Every capacity of the loop that does not suffice is told, each by the status that it brings about."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.kernels import events, mission
from kalkan.kernels import state as states
from kalkan.kernels.records import allocate
from kalkan.schema import (
    CANDIDATES_FULL,
    EVENT_LOG_FULL,
    OK,
    PAIRS_FULL,
    PLOTS_FULL,
    QUEUE_FULL,
    STATUS,
    TRACKS_FULL,
)
from tests.engine import harness


def ended(compiled, room=lambda state: state, sizes=None):
    """Status of one replication on a state with less room; and the outcomes."""
    records = allocate(1, compiled.sizes | (sizes or {}))
    state = room(states.allocate(compiled.plan))
    mission._run_rows(compiled.plan, state, mission._stream(1, 0), 0, 1, records)
    return int(records.replication["status"][0]), records


@pytest.fixture(scope="module")
def raid():
    return harness.compiled(harness.scenario(harness.raid(count=12, width=20, spacing=4)))


def smaller(**parts):
    """A state of which some arrays of the sensing scratch are short."""

    def cut(state):
        short = {name: getattr(state.sensed, name)[:k] for name, k in parts.items()}
        return state._replace(sensed=state.sensed._replace(**short))

    return cut


def fewer_pairs(state):
    return state._replace(assignment=state.assignment._replace(pairs=state.assignment.pairs[:2]))


def short_queue(state):
    return state._replace(heap=events.allocate(20))


def test_with_room_for_everything_nothing_is_said(raid):
    assert ended(raid)[0] == OK


@pytest.mark.parametrize(
    ("status", "room", "sizes"),
    [
        (EVENT_LOG_FULL, lambda state: state, {"event": 10}),
        (PLOTS_FULL, smaller(plots=3), None),
        (CANDIDATES_FULL, smaller(candidates=2), None),
        (PAIRS_FULL, fewer_pairs, None),
        (QUEUE_FULL, short_queue, None),
    ],
)
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


def test_where_several_do_not_suffice_the_gravest_is_told(raid):
    def both(state):
        return short_queue(smaller(plots=3)(state))

    assert ended(raid, both, {"event": 5})[0] == QUEUE_FULL


def test_every_status_has_its_test():
    tested = {OK, EVENT_LOG_FULL, PLOTS_FULL, CANDIDATES_FULL, PAIRS_FULL, QUEUE_FULL, TRACKS_FULL}
    assert tested == set(range(len(STATUS)))
