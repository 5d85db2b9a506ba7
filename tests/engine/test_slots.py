"""Models in the slots of a plan: a user's own, compiled alone, change the run as they should."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from kalkan.engine.identity import plan_parts
from kalkan.jit import kernel
from kalkan.kernels import mission, slots
from kalkan.kernels.plan import Models
from kalkan.schema import KILLED, LEAKED, NEVER_SEEN
from tests.engine.harness import compiled, raid, run, scenario

WEATHER = "\n[weather]\nrain_rate = \"1 mm/h\"\n"
N = 20


@pytest.fixture(scope="module")
def plan_of():
    return compiled(scenario(raid(count=6, spacing=20), p=0.6, salvo=2))


@pytest.fixture(scope="module")
def standard(plan_of):
    return run(plan_of, N)


def with_models(plan_of, **models):
    """The same plan with other models."""
    return replace(plan_of, plan=plan_of.plan._replace(models=plan_of.plan.models._replace(**models)))


@kernel
def blind(snr_db, table):
    return 0.0


@kernel
def no_kill(p, speed, crossing, altitude, clearance, low, high, none, full, beyond, chase, edge, fraction):
    return 0.0


@kernel
def sure_kill(p, speed, crossing, altitude, clearance, low, high, none, full, beyond, chase, edge, fraction):
    return 1.0


@kernel
def single(salvo, max_rounds, fired):
    return min(1, max(max_rounds - fired, 0))


@kernel
def stay(x, p, dt_s, noise):
    """A filter that believes that nothing moves, and is sure of it."""


@kernel
def deaf(x, p, z, r, scratch):
    """A filter that takes nothing in."""


@kernel
def storm(weather, r, range_max, antenna, radius, e, n, slant, ground, height, tan):
    return 300.0


def test_every_slot_has_its_types():
    switches = ("usual_", "other_", "settles", "hauls")
    assert set(slots.SLOTS) == {name for name in Models._fields if not name.startswith(switches)}


def test_a_radar_that_detects_nothing_sees_nobody(plan_of):
    result = run(with_models(plan_of, detect=blind), N)
    assert (result.threat_outcome == LEAKED).all() and (result.threat_reason == NEVER_SEEN).all()


def test_the_kill_model_decides_who_is_killed(plan_of, standard):
    never, always = run(with_models(plan_of, kill=no_kill), N), run(with_models(plan_of, kill=sure_kill), N)
    assert not (never.threat_outcome == KILLED).any()
    assert (always.threat_outcome == KILLED).all()
    assert always.spent.sum() < standard.spent.sum() < never.spent.sum()


def test_the_doctrine_decides_how_many_rounds_go_at_once(plan_of, standard):
    """Shoot, look, shoot with single rounds spends less than with pairs."""
    result = run(with_models(plan_of, salvo=single), N)
    assert result.spent.sum() < standard.spent.sum()


@pytest.mark.parametrize("models", [{"predict": stay}, {"update": deaf}], ids=["predict", "update"])
def test_a_filter_that_does_not_follow_its_target_cannot_defend(plan_of, standard, models):
    result = run(with_models(plan_of, **models), N)
    assert (result.threat_outcome == KILLED).mean() < 0.2 < 0.8 < (standard.threat_outcome == KILLED).mean()


def test_the_loss_of_the_weather_is_asked_where_there_is_weather(plan_of):
    clear = run(with_models(plan_of, loss_db=storm), 2)
    assert (clear.threat_outcome == KILLED).any(), "without weather nobody asks"
    wet = compiled(scenario(raid(count=6, spacing=20), p=0.6, extra=WEATHER))
    assert (run(with_models(wet, loss_db=storm), 2).threat_reason == NEVER_SEEN).all()


def worthless_far(nearest):
    @kernel
    def worth(value, urgency_s, until_s, half_s):
        return 1.0 / (1.0 + urgency_s) if nearest else 1.0 - 1.0 / (1.0 + urgency_s)

    return worth


def test_the_worth_of_an_engagement_decides_who_is_engaged_first():
    """With one channel and many that come together, the first order goes to the nearest, or to the farthest."""
    plan_of = compiled(scenario(raid(count=6, spacing=25), launchers=2))
    units = plan_of.plan.units.copy()
    units["target_channels"] = 1
    plan_of = replace(plan_of, plan=plan_of.plan._replace(units=units))
    near = run(with_models(plan_of, worth=worthless_far(True)), 8)
    far = run(with_models(plan_of, worth=worthless_far(False)), 8)
    places = np.arange(6)
    shot_at = [(places * (r.threat_shots > 0)).sum() / (r.threat_shots > 0).sum() for r in (near, far)]
    assert shot_at[0] < shot_at[1], "the raid comes one behind the other"


def test_a_models_copy_gives_the_same_bits_and_is_another_world(plan_of, standard):
    @kernel
    def copy(snr_db, table):
        return slots.detect(snr_db, table)

    other = with_models(plan_of, detect=copy)
    for name, values in vars(run(other, N)).items():
        if name != "labels":
            assert np.asarray(values).tobytes() == np.asarray(getattr(standard, name)).tobytes(), name
    mine, theirs = plan_parts(plan_of), plan_parts(other)
    assert {k for k in mine if mine[k] != theirs[k]} == {"models"}


@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="nothing is compiled")
def test_only_the_model_itself_is_compiled(plan_of, standard):
    before = len(mission._run_rows.signatures)
    run(with_models(plan_of, kill=sure_kill), 1)
    assert len(mission._run_rows.signatures) == before
    own, all_own = slots.names(with_models(plan_of, kill=sure_kill).plan), slots.names(plan_of.plan)
    assert own == [name for name in all_own if name != "kill"]
