"""Decoys and debris in the fight: they fly with their missile, are seen and shot at, and do no damage."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.kernels.state import TRUTH
from kalkan.models.ballistic import WGS84, fallen, standard_air
from kalkan.models.releasing import across
from kalkan.schema import (
    DEPARTED,
    EV_KILL,
    EV_LAUNCH,
    EV_SPARED,
    EV_TAKEN_LIGHT,
    HOSTILE,
    KILLED,
    LEAKED,
    TAKEN_FOR_DECOY,
    UNRESOLVED,
)
from tests.engine.harness import run
from tests.engine.test_ballistic import SURE, falling, paths

NEVER = '[doctrine.standard]\nnever = ["48n6e3"]'
ALL = "[doctrine.standard]\nspare_decoys = false"


def parts(plan):
    """Which threats are missiles, and of the others which missile each is of."""
    parent = plan.plan.threats["parent"]
    return parent < 0, parent


def at(plan, found, row: int, t_s: float) -> np.ndarray:
    """Every threat's state at a time, (n_threat, 6)."""
    truth, out = np.zeros(plan.plan.threats.size, TRUTH), np.zeros((plan.plan.threats.size, 6))
    truth["start_s"] = found.threat_start_s[row]
    paths(plan.plan, truth, np.arange(truth.size + 1), np.full(truth.size, t_s), out)
    return out


@pytest.fixture(scope="module")
def decoyed():
    plan = falling(how="decoys = 2\n", more=SURE)
    return plan, run(plan, 20)


def test_each_leaves_its_own_missile_and_falls_as_its_own_coefficient_says():
    """Start with the missile's jitter, place and velocity at release, and the same integration from there on."""
    plan = falling(doctrine=NEVER, how='decoys = 2\ntime_jitter = "20 s"\n')
    found = run(plan, 3)
    missiles, parent = parts(plan)
    released_s = plan.plan.threats["shift_s"]
    assert missiles.sum() == 4 and (~missiles).sum() == 8
    assert np.ptp(found.threat_start_s[:, missiles], axis=0).min() > 1.0
    late = ~missiles
    np.testing.assert_allclose(
        found.threat_start_s[:, late], found.threat_start_s[:, parent[late]] + released_s[late], atol=1e-3
    )
    first = np.flatnonzero(late)[:2]
    start_s = float(found.threat_start_s[0, first[0]])
    there = at(plan, found, 0, start_s)[parent[first[0]]]
    for i, way in zip(first, across(there[3:], there[:3], 2), strict=True):
        begun = fallen(*there[:3], *(there[3:] + 10.0 * way), 60.0, 0.5, 600.0, standard_air(), WGS84)
        for k in (0, 20, 120):
            np.testing.assert_allclose(at(plan, found, 0, start_s + begun[k, 0])[i, :3], begun[k, 1:4], atol=2.0)


def test_they_come_down_without_damage_and_leave_the_raid_as_it_is():
    """Nobody may shoot: every missile leaks, no decoy does, and hits are the missiles' alone."""
    bare, plan = falling(doctrine=NEVER), falling(doctrine=NEVER, how="decoys = 3\ndebris = true\n")
    alone, found = run(bare, 6), run(plan, 6)
    missiles, _ = parts(plan)
    assert (~missiles).sum() == 4 * (3 + 3)
    assert (found.threat_outcome[:, missiles] == LEAKED).all()
    assert (found.threat_outcome[:, ~missiles] == DEPARTED).all()
    np.testing.assert_array_equal(found.asset_hits, alone.asset_hits)
    np.testing.assert_array_equal(found.threat_hit[:, missiles], alone.threat_hit)
    np.testing.assert_allclose(found.threat_end_s[:, missiles], alone.threat_end_s)


def test_who_does_not_tell_them_apart_spends_as_much_on_each(decoyed):
    """Two decoys for a missile cost three times the rounds, and no kill of one is a kill of a missile."""
    plan, spared = decoyed
    everything = falling(how="decoys = 2\n", doctrine=ALL, more=SURE)
    bare, found = run(falling(more=SURE), 20), run(everything, 20)
    missiles, _ = parts(plan)
    assert found.spent.sum() == pytest.approx(3.0 * bare.spent.sum(), rel=0.03)
    killed = found.threat_outcome == KILLED
    assert killed[:, ~missiles].mean() > 0.9
    assert found.kills.sum() == killed[:, missiles].sum() < killed.sum()
    assert bare.spent.sum() < spared.spent.sum() < 0.75 * found.spent.sum()


def test_the_air_tells_them_apart(decoyed):
    """Most decoys are known as such before they are down, no missile ever is, and who is known is shot at no more."""
    plan, found = decoyed
    missiles, _ = parts(plan)
    known = np.zeros(found.threat_outcome.shape, bool)
    for row in range(known.shape[0]):
        n = found.event_count[row]
        kind, who, t_s = found.event_kind[row, :n], found.event_subject[row, :n], found.event_time_s[row, :n]
        seen = who[(kind == EV_TAKEN_LIGHT) & (who >= 0)]
        known[row, seen] = True
        for i in set(seen.tolist()):
            since = t_s[(kind == EV_TAKEN_LIGHT) & (who == i)].min()
            once_more = t_s[(kind == EV_LAUNCH) & (who == i)]
            assert (once_more <= since + 1.0).all() or missiles[i]
    assert known[:, ~missiles].mean() > 0.8 and known[:, missiles].mean() < 0.06
    assert (found.event_kind == EV_SPARED).any()


def test_heavy_decoys_are_told_apart_by_nobody():
    """One as heavy as its missile falls beside it to the ground: the air tells nothing."""
    heavy = '[assume.ballistic-decoy]\nballistic_coefficient = "10000 kg/m2"\n'
    light = run(falling(how="decoys = 1\n", more=SURE), 10)
    alike = run(falling(how="decoys = 1\n", more=SURE + heavy), 10)
    none = run(falling(how="decoys = 1\n", doctrine=ALL, more=SURE + heavy), 10)
    taken = [(f.event_kind == EV_TAKEN_LIGHT).sum() for f in (light, alike)]
    assert taken[0] > 20 and taken[1] <= 4  # of 40 tracks on decoys, and 40 on missiles
    assert alike.spent.sum() == pytest.approx(none.spent.sum(), rel=0.05)


def test_a_missile_that_is_killed_first_releases_nothing():
    """Debris comes of what breaks up at 22 km; what is met above that has none."""
    low = '[assume.short-range-ballistic-missile]\nbreakup_altitude = "22 km"\n'
    plan = falling(how="debris = true\n", more=SURE + low)
    found = run(plan, 10)
    missiles, parent = parts(plan)
    late = np.flatnonzero(~missiles)
    killed = np.where(found.threat_outcome == KILLED, found.threat_end_s, np.inf)[:, parent[late]]
    due = found.threat_start_s[:, parent[late]] + plan.plan.threats["shift_s"][late]
    never = killed < due
    assert 0.2 < never.mean() < 1.0
    assert np.isinf(found.threat_start_s[:, late][never]).all()
    assert (found.threat_outcome[:, late][never] == UNRESOLVED).all()
    assert np.isnan(found.threat_first_plot_s[:, late][never]).all()
    assert np.isfinite(found.threat_start_s[:, late][~never]).all()


def test_debris_is_as_many_pieces_as_claimed_and_the_light_ones_fall_behind():
    more = "[assume.short-range-ballistic-missile]\ndebris_pieces = 4\n"
    plan = falling(doctrine=NEVER, how="debris = true\n", count=1, more=more)
    duration = plan.plan.threats["duration_s"]
    assert plan.labels["threat"][1:] == [f"salvo 1 debris {k}" for k in range(1, 5)]
    left = duration[0] - plan.plan.threats["shift_s"][1]
    assert (np.diff(duration[1:]) < 0.0).all() and duration[4] > 1.5 * left  # from light to heavy


def test_they_are_no_threats_in_the_measures(decoyed):
    from kalkan.results.measures import quantities
    from kalkan.results.quantity import RELEASED, Finished

    plan, found = decoyed
    names = ("threat_outcome", "threat_shots", "threat_start_s", "spent", "kills")
    from kalkan.schema import VARIABLES

    arrays = {name: getattr(found, name) for name in VARIABLES if hasattr(found, name) and "event" not in name}
    assert set(names) <= set(arrays)
    records = Finished(np.arange(20), arrays, plan.labels, plan.attrs)
    missiles, _ = parts(plan)
    assert records.of_side(HOSTILE).tolist() == missiles.tolist()
    assert records.of_side(RELEASED).tolist() == (~missiles).tolist()
    q = {k: v.values for k, v in quantities(records).items()}
    ended = q["killed"] + q["leakers"] + q["departed"] + q["unresolved"]
    assert (ended == 4).all() and (q["departed"] == 0).all()
    assert (q["decoys_flown"] == 8).all()
    np.testing.assert_array_equal(q["shots_at_decoys"], found.threat_shots[:, ~missiles].sum(axis=1))
    np.testing.assert_array_equal(q["decoys_killed"], (found.threat_outcome[:, ~missiles] == KILLED).sum(axis=1))
    np.testing.assert_array_equal(q["decoys_shot_at"], (found.threat_shots[:, ~missiles] > 0).sum(axis=1))
    assert q["leakers_of_raid/salvo"].shape == (20,) and "leakers_of_raid/salvo: decoys" not in q
    kills = [(found.event_kind[r, : found.event_count[r]] == EV_KILL).sum() for r in range(20)]
    np.testing.assert_array_equal(q["killed"] + q["decoys_killed"], kills)


def test_a_leaker_that_was_spared_says_so():
    """Missiles as light as decoys are spared, and their leaking has that reason in tables."""
    from tests.engine import scenes

    found = scenes.played(*scenes.LIGHT, n=2)
    assert (found.threat_reason[:, :4] == TAKEN_FOR_DECOY).all()


def test_debris_that_sinks_is_left_alone():
    """Pieces that are seen when they are slow already come down steeply and slowly: no missile, no aircraft."""
    spared, shot = (run(falling(how="debris = true\n", doctrine=d, more=SURE), 10) for d in ("", ALL))
    late = slice(4, None)
    assert spared.threat_shots[:, late].mean() < 0.1 < 1.0 < shot.threat_shots[:, late].mean()
