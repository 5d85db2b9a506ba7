"""The rooms of the loop: one for each kind of event, compiled only where a plan needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kalkan.kernels import events, rooms
from kalkan.schema import EV_RELOAD, QUEUE_FULL
from tests.engine.harness import compiled, raid, run, scenario

JAMMER = """
[[jammers]]
name = "pod"
carried_by = "raid"
effective_power = "1 kW"
bandwidth = "100 MHz"
bands = ["S"]
"""
OUT = """
[[outages]]
name = "post"
parts = ["set/post"]
"""
HIT = {
    "change", "leak_to_parts", "sweep_if_it_works", "sweep_disturbed_if_it_works", "reload_if_it_works",
    "dwell_and_be_heard",
}  # fmt: skip
REACT = {
    "react", "leak_if_it_came", "leak_to_parts_if_it_came", "depart_if_it_goes", "dwell_and_be_noticed",
    "dwell_be_heard_and_noticed", "launch_and_be_noticed",
}  # fmt: skip
CALM = {"leak", "depart", "dwell", "launch_when_due"}  # in whose place these stand where vehicles react
REACTS = raid() + 'react = [{ when = "shot at", do = "turn back" }]\n'
WHOLE = {"leak", "sweep", "sweep_disturbed", "reload", "dwell"}  # in whose place these stand where parts can be put out
OFF = {  # rooms of what a scenario asks for
    "watch", "look_who", "tell", "cycle_by_worth", "cycle_anew", "stand", "explain", "discern", "warn", *HIT, *REACT,
}  # fmt: skip
KINDS = {v for k, v in vars(events).items() if k.isupper() and isinstance(v, int)}


def test_every_kind_of_event_has_a_room_and_a_plan_one_of_each_kind_at_most():
    assert sorted({room.kind for room in rooms.ROOMS}) == sorted(KINDS) == list(range(len(KINDS)))
    texts = [scenario(flies, extra=extra) for flies in (raid(), REACTS) for extra in ("", JAMMER, OUT)]
    for text in texts:
        kinds = [room.kind for room in rooms.ROOMS if room.needed(compiled(text).plan)]
        assert len(kinds) == len(set(kinds)) and events.SECTOR in kinds


@pytest.mark.parametrize(
    ("text", "unneeded"),
    [
        (scenario(raid()), {"reload", "radiate", "sweep_disturbed", *OFF}),
        (scenario(raid(), reloads=1, extra=JAMMER), {"sweep", *OFF}),
        (
            scenario(raid().replace('aim = "centre"', "").replace("route = [", "route = [ ")),
            {"reload", "leak", "radiate", "sweep_disturbed", *OFF},
        ),
        (
            scenario(raid(), reloads=1, extra=OUT),
            {"radiate", "sweep_disturbed_if_it_works", *(OFF - HIT), *WHOLE},
        ),
        (
            scenario(REACTS),
            {"reload", "radiate", "sweep_disturbed", *(OFF - REACT), *CALM, "leak_to_parts_if_it_came",
             "dwell_be_heard_and_noticed"},
        ),
        (
            scenario(REACTS, reloads=1, extra=OUT),
            {"radiate", "sweep_disturbed_if_it_works", *(OFF - HIT - REACT), *WHOLE, *CALM, "leak_to_parts",
             "dwell_and_be_heard", "leak_if_it_came", "dwell_and_be_noticed"},
        ),
    ],
    ids=["no reloads", "all", "no aim", "can be hit", "reacts", "reacts and can be hit"],
)
def test_a_plan_names_the_rooms_that_it_needs(text, unneeded):
    plan = compiled(text).plan
    names = {room.handle.__name__ for room in rooms.ROOMS}
    assert names - set(rooms.names(plan)) == unneeded | {"tell"}  # without external sources nobody tells


def test_without_missiles_nothing_is_launched_or_arrives():
    plan = compiled(scenario(raid())).plan
    none = plan._replace(launchers=np.zeros_like(plan.launchers))
    assert {"arrive", "launch_when_due", "reload"}.isdisjoint(rooms.names(none))


def test_a_reload_happens_where_there_are_reloads():
    """The room that was not needed before is there when it is."""
    quick = 'reload_time = "1 min"'
    again = scenario(raid(count=6, spacing=20), launchers=1, rounds=1, reloads=2, launcher=quick)
    result = run(compiled(again), 3)
    assert (result.event_kind == EV_RELOAD).any()


def test_the_queue_has_room_for_all_that_can_wait():
    """Every channel fires, every launcher reloads, and nothing is lost."""
    text = scenario(raid(count=24, width=20, spacing=1), units=2, launchers=4, rounds=4, reloads=1)
    plan_of = compiled(text)
    result = run(plan_of, 4)
    assert result.spent.sum() > 40 and (result.status < QUEUE_FULL).all()
    assert rooms.waiting(plan_of.plan) > 2 * plan_of.plan.threats.size


PROBE = """
from kalkan.kernels import course, mission, supply, weather
from tests.engine import harness
harness.run(harness.compiled(harness.scenario(harness.raid())), 1)
assert mission._run_rows.signatures, "the loop was compiled"
print(len(supply.reload.signatures), len(weather.weather_loss_db.signatures), len(course.turn_back.signatures))
"""


@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="nothing is compiled")
def test_what_a_plan_does_not_need_is_not_compiled():
    """Neither reloading nor weather nor turning back, in a scenario without them."""
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["0", "0", "0"]
