"""Upkeep by itself: nothing depends on how time is cut, nothing is lost, and what helps helps."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalkan.byref import by_reference
from kalkan.kernels import random
from kalkan.schema import EXPONENTIAL, FIXED, LOGNORMAL, WEIBULL
from kalkan.supply import Equipment, Supplied, simulate, upkeep_of
from kalkan.supply.closed_forms import availability, expected_backorders, ready_rate, steady_availability
from kalkan.supply.lives import lasting_s, scale_of
from kalkan.supply.tables import GONE, WAITS, Upkeep, allocate, allocate_spells
from kalkan.supply.upkeep import advance, begin, retire

STREAM = np.uint64(random.mix(np.uint64(7), np.uint64(0)))


def fleet(n: int = 6, groups: int = 2, **more: float) -> list[Equipment]:
    """Parts of some groups, that fail every hundred seconds and wait for half of their repairs."""
    how = {"mean_time_between_failures_s": 100.0, "mean_time_to_repair_s": 10.0, "p_spare": 0.5} | more
    return [Equipment(name=f"part {i}", group=f"group {i % groups}", **how) for i in range(n)]


def supplied(**more: object) -> Supplied:
    how = {"spares": 1, "families": 3, "foreign_lead_time_s": 200.0, "local_lead_time_s": 50.0} | more
    return Supplied(**how)


def followed(upkeep: Upkeep, cuts: list[float], row: int = 0, room: int = 10_000, from_s: float = -math.inf):
    """State and spells of one replication that is followed from cut to cut."""
    state, spells = allocate(upkeep, row + 1), allocate_spells(row + 1, room)
    upkeep, held, told = map(by_reference, (upkeep, state, spells))
    begin(upkeep, held, row, STREAM, row)
    for k, until_s in enumerate(cuts):
        spells.n[row] = 0 if k == len(cuts) - 1 and from_s > -math.inf else spells.n[row]
        advance(upkeep, held, row, STREAM, row, from_s if k == 0 else max(cuts[k - 1], from_s), until_s, told)
    return state, spells


def listed(spells, row: int = 0) -> list[tuple[int, float, float]]:
    return sorted(map(tuple, spells.entries[row, : spells.n[row]].tolist()))


def ended(spells, row: int = 0) -> list[tuple[int, float, float]]:
    return [s for s in listed(spells, row) if s[2] < math.inf]


NEVER = math.inf


@pytest.mark.parametrize(("how", "expected"), [
    ({}, [(100, 110), (210, 260), (360, 370)]),  # the order of the first is there at 250, of the second at 360
    ({"sanctions": True}, [(100, 110), (210, NEVER)]),
    ({"sanctions": True, "local_share": 1.0}, [(100, 110), (210, 220), (320, 330)]),
    ({"spares": 2}, [(100, 110), (210, 220), (320, 330)]),
    ({"spares": 0}, [(100, 260), (360, NEVER)]),
])  # fmt: skip
def test_a_part_by_hand(how, expected):
    """It lives 100 s, is repaired in 10 s, always needs a spare, which comes after 150 s, or after 50 s from home."""
    fixed = {"failures": "fixed", "repairs": "fixed", "lead_times": "fixed", "families": 1, "spares": 1}
    part = fleet(1, 1, p_spare=1.0)
    way = fixed | {"foreign_lead_time_s": 150.0, "local_lead_time_s": 50.0} | how
    _, spells = followed(upkeep_of(part, supplied(**way)), [400.0])
    np.testing.assert_allclose([s[1:] for s in listed(spells)], expected)


@pytest.mark.parametrize(("distribution", "shape"), [
    (EXPONENTIAL, 1.0), (FIXED, 1.0), (WEIBULL, 1.5), (WEIBULL, 3.0), (LOGNORMAL, 0.4), (LOGNORMAL, 1.2),
])  # fmt: skip
def test_times_have_their_mean(distribution, shape):
    """Mean over evenly spread uniforms; what is beyond the last of them is little."""
    n = 20_000
    scale_s = scale_of(distribution, 50.0, shape)
    times_s = [lasting_s(distribution, scale_s, shape, (k + 0.5) / n) for k in range(n)]
    assert np.mean(times_s) == pytest.approx(50.0, rel=2e-3)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_so_many_families_are_made_at_home(share):
    """Of three, the share in the mean; in a replication the whole number below it or above."""
    upkeep, state = upkeep_of(fleet(), supplied(local_share=share)), allocate(upkeep_of(fleet(), supplied()), 2000)
    given_, held = by_reference(upkeep), by_reference(state)
    for row in range(2000):
        begin(given_, held, row, STREAM, row)
    assert state.n_local.mean() == pytest.approx(3.0 * share, abs=0.04)
    assert set(state.n_local.tolist()) == {math.floor(3.0 * share), math.ceil(3.0 * share)}


def test_a_part_does_not_fail_while_it_is_maintained():
    """Without memory, its time in action before each failure is what it is without maintenance."""
    ups = []
    for more in ({}, {"maintenance_interval_s": 70.0, "maintenance_time_s": 20.0}):
        fixed = fleet(1, 1, p_spare=0.0, mean_time_to_repair_s=7.0, **more)
        _, spells = followed(upkeep_of(fixed, supplied(repairs="fixed")), [3000.0])
        up, lives, back = 0.0, [], 0.0
        for _, from_s, until_s in listed(spells):
            up, back = up + from_s - back, until_s
            if until_s - from_s == pytest.approx(7.0):
                lives.append(up)
                up = 0.0
        ups.append(lives)
    n = min(map(len, ups))
    assert n > 10
    np.testing.assert_allclose(ups[0][:n], ups[1][:n], rtol=1e-9)


HOW = st.fixed_dictionaries({
    "spares": st.integers(0, 2), "families": st.integers(1, 5), "sanctions": st.booleans(),
    "cannibalisation": st.booleans(), "local_share": st.sampled_from([0.0, 0.4, 1.0]),
    "failures": st.sampled_from(["exponential", "weibull"]), "repairs": st.sampled_from(["exponential", "lognormal"]),
    "lead_times": st.sampled_from(["exponential", "fixed"]), "failure_shape": st.just(2.0),
})  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(HOW, st.lists(st.floats(1.0, 2999.0), max_size=6), st.booleans())
def test_time_may_be_cut_anywhere(how, cuts, maintained):
    more = {"maintenance_interval_s": 70.0, "maintenance_time_s": 5.0} if maintained else {}
    upkeep = upkeep_of(fleet(**more), supplied(**how))
    whole, pieces = followed(upkeep, [3000.0]), followed(upkeep, [*sorted(cuts), 3000.0])
    for one, other in zip(whole[0], pieces[0], strict=True):
        assert one.tobytes() == other.tobytes()
    assert ended(whole[1]) == ended(pieces[1])


@settings(max_examples=30, deadline=None)
@given(HOW, st.integers(0, 50))
def test_no_component_is_lost_or_made(how, seed):
    """At first + arrived = given out + on the shelf; asked for = given out + owed; and none wait where some lie."""
    s = supplied(**how)
    c = simulate(upkeep_of(fleet(), s), [50.0, 400.0, 2000.0], replications=20, seed=seed)
    assert (s.spares + c.arrived == c.used + c.stock[:, -1]).all()
    assert (c.ordered == c.used + c.owed[:, -1]).all()
    assert (c.arrived + c.never <= c.ordered).all() and c.ordered.sum() > 0
    assert (np.minimum(c.stock, c.owed) == 0).all() and (c.stock >= 0).all()
    if s.sanctions and s.local_share == 0.0:
        assert (c.never == c.ordered).all() and c.arrived.sum() == 0
    if not s.sanctions or s.local_share == 1.0:
        assert c.never.sum() == 0 and c.arrived.sum() > 0


@settings(max_examples=20, deadline=None)
@given(HOW, st.integers(0, 50))
def test_with_cannibalisation_no_more_wait_than_must(how, seed):
    """As many parts of a group wait as components of its scarcest family are owed; without, as many as are owed."""
    how["cannibalisation"] = True
    upkeep = upkeep_of(fleet(9, 2, mean_time_to_repair_s=1e-9), supplied(**how))
    c = simulate(upkeep, [100.0, 500.0, 1500.0], replications=6, seed=seed)
    owed = c.owed.reshape(*c.owed.shape[:2], 2, upkeep.n_family)
    for group in range(2):
        waiting = (~c.works[:, :, upkeep.parts["group"] == group]).sum(axis=2)
        np.testing.assert_array_equal(waiting, owed[:, :, group].max(axis=2))


@pytest.mark.parametrize("sanctions", [False, True])
def test_cannibalisation_helps_and_takes_from_nobody_that_works(sanctions):
    """Paired, it is worth working parts at every time; and whoever gave a component had been waiting."""
    how = {"spares": 1, "families": 5, "sanctions": sanctions}
    at_s = [200.0, 500.0, 1000.0, 3000.0]
    alone, lent = (
        simulate(upkeep_of(fleet(12), supplied(cannibalisation=c, **how)), at_s, replications=1500)
        for c in (False, True)
    )
    gain = (lent.works.sum(axis=2) - alone.works.sum(axis=2)).astype(float)
    assert (gain.mean(axis=0) > 3.3 * gain.std(axis=0) / math.sqrt(1500)).all()
    assert alone.robbed.sum() == 0 < lent.robbed.sum()
    assert (lent.robbed[lent.waits == 0] == 0).all()


def test_sanctions_cost_and_local_production_helps():
    """Paired means in action: free with local parts > free > sanctioned with local parts > sanctioned."""
    ways = [(False, 0.5), (False, 0.0), (True, 0.5), (True, 0.0)]
    works = [
        simulate(upkeep_of(fleet(12), supplied(sanctions=s, local_share=share)), [2000.0], replications=1000)
        .works[:, 0].sum(axis=1).astype(float)
        for s, share in ways
    ]  # fmt: skip
    for better, worse in pairwise(works):
        gain = better - worse
        assert gain.mean() > 3.3 * gain.std() / math.sqrt(gain.size)


def test_where_all_is_made_at_home_sanctions_are_nothing():
    free, barred = (
        simulate(upkeep_of(fleet(), supplied(sanctions=s, local_share=1.0)), [2000.0], replications=50)
        for s in (False, True)
    )
    assert all((a == b).all() for a, b in zip(vars(free).values(), vars(barred).values(), strict=True))


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_the_share_made_at_home_is_as_claimed_in_the_mean(share):
    """Of three families nought to two are, as chance has it once in a replication: what sanctions let through."""
    c = simulate(upkeep_of(fleet(), supplied(sanctions=True, local_share=share)), [200.0], replications=6000)
    families = c.ordered.reshape(6000, 2, 3).sum(axis=1), c.never.reshape(6000, 2, 3).sum(axis=1)
    through = 1.0 - families[1].sum() / families[0].sum()
    assert through == pytest.approx(share, abs=0.015)
    whole = (c.never == 0) | (c.never == c.ordered)
    assert whole.all(), "a family is made at home or is not"


def test_the_same_failure_of_the_same_part_is_the_same_in_every_variant():
    """Time in action before the n-th failure, with and without sanctions, alone and among others."""
    lives = []
    for parts, how in ((fleet(), {}), (fleet(), {"sanctions": True, "spares": 0}), (fleet(3, 1), {"families": 1})):
        state, spells = followed(upkeep_of(parts, supplied(**how)), [3000.0])
        mine = [s for s in listed(spells) if s[0] == 0]
        ends = [0.0, *(s[2] for s in mine)]
        lives.append([s[1] - e for s, e in zip(mine, ends, strict=False)])
        assert state.parts["failures"][0, 0] == len(mine)
    assert min(map(len, lives)) >= 1 and max(map(len, lives)) > 5
    for a in lives:
        for b in lives:
            np.testing.assert_allclose(a[: len(b)], b[: len(a)], rtol=1e-9)


def test_a_window_is_told_of_whatever_was_down_in_it():
    upkeep = upkeep_of(fleet(), supplied())
    _, all_of_it = followed(upkeep, [900.0])
    state, window = followed(upkeep, [900.0], from_s=500.0)
    inside = [s for s in listed(all_of_it) if s[2] > 500.0]
    assert listed(window) == inside and any(s[1] < 500.0 for s in inside)
    still = {s[0] for s in inside if s[2] == math.inf}
    assert still == set(np.flatnonzero(np.isfinite(state.parts["down_s"][0])).tolist()) and still


def test_spells_that_find_no_room_are_counted():
    upkeep = upkeep_of(fleet(), supplied())
    _, all_of_it = followed(upkeep, [900.0])
    _, few = followed(upkeep, [900.0], room=5)
    assert few.n[0] == 5 and few.lost[0] == all_of_it.n[0] - 5 and all_of_it.lost[0] == 0


def test_time_down_is_the_sum_of_the_spells():
    upkeep = upkeep_of(fleet(maintenance_interval_s=70.0, maintenance_time_s=5.0), supplied())
    c = simulate(upkeep, [1000.0], replications=1, seed=7)
    _, spells = followed(upkeep, [1000.0])
    down = np.zeros(6)
    for part, from_s, until_s in listed(spells):
        down[part] += min(until_s, 1000.0) - from_s
    np.testing.assert_allclose(c.down_s[0], down, rtol=1e-9)
    assert c.maintained.sum() > 20 and c.failures.sum() > 10


def test_who_waits_first_is_served_first():
    """Three parts that fail one after the other, no spares, orders that come 200 s after each: in their order."""
    parts = fleet(3, 1, p_spare=1.0, mean_time_to_repair_s=1e-6)
    _, spells = followed(upkeep_of(parts, supplied(spares=0, families=1, lead_times="fixed")), [1000.0])
    first = {part: (a, b) for part, a, b in reversed(listed(spells))}
    for a, b in first.values():
        assert b - a == pytest.approx(200.0, abs=1e-3)


def test_what_comes_first_goes_to_whoever_waits_longest():
    """Of exponential lead times the second order may overtake the first: the first part takes it all the same."""
    parts = fleet(2, 1, p_spare=1.0, mean_time_to_repair_s=1e-9, mean_time_between_failures_s=1.0)
    upkeep = upkeep_of(parts, supplied(spares=0, families=1, foreign_lead_time_s=1e4))
    overtaken = 0
    for row in range(30):
        state, _ = followed(upkeep, [30.0], row)
        if state.n_order[row] < 2:
            continue
        first, second = state.orders["at_s"][row, :2]
        _, spells = followed(upkeep, [1e6], row)
        longest = min(listed(spells, row), key=lambda s: s[1])
        assert longest[2] == pytest.approx(min(first, second), abs=1e-6)
        overtaken += second < first
    assert overtaken > 5


def test_maintenance_makes_new_what_ages_and_only_that():
    """Parts that last 100 s and are maintained every 60 s never fail; those without memory fail as often as before."""
    kept = {"maintenance_interval_s": 60.0, "maintenance_time_s": 1e-6, "p_spare": 0.0}
    never = simulate(upkeep_of(fleet(**kept), Supplied(failures="fixed")), [3000.0], replications=20)
    assert never.failures.sum() == 0 and never.maintained.sum() > 20 * 6 * 45
    ways = {}
    for failures, shape in (("exponential", 1.0), ("weibull", 3.0)):
        how = Supplied(failures=failures, failure_shape=shape)
        a, b = (simulate(upkeep_of(fleet(p_spare=0.0, **m), how), [3000.0], replications=60) for m in ({}, {
            "maintenance_interval_s": 60.0, "maintenance_time_s": 1e-6}))  # fmt: skip
        ways[failures] = b.failures.sum() / a.failures.sum()
    assert ways["exponential"] == pytest.approx(1.0, abs=2e-3) and ways["weibull"] < 0.5


def test_maintenance_is_staggered():
    kept = {"maintenance_interval_s": 100.0, "maintenance_time_s": 1.0}
    upkeep = upkeep_of(fleet(40, p_spare=0.0, mean_time_between_failures_s=1e12, **kept))
    down = 1.0 - simulate(upkeep, list(np.arange(200.0, 300.0)), replications=1).works.mean(axis=2)[0]
    assert down.max() < 0.15 and down.mean() == pytest.approx(0.01, abs=0.004)


def test_a_part_is_in_order_when_it_comes_into_service():
    early, late = (simulate(upkeep_of(fleet(in_service_s=s)), [0.0], replications=300) for s in (-1000.0, -1.0))
    assert late.works.mean() > 0.98 > early.works.mean() and late.down_s.max() <= 1.0


def test_what_is_gone_fails_no_more_and_leaves_its_component_to_others():
    parts = fleet(2, 1, p_spare=1.0, mean_time_to_repair_s=1e-6)
    upkeep = upkeep_of(parts, supplied(spares=0, families=1, foreign_lead_time_s=1000.0, lead_times="fixed"))
    state, spells = allocate(upkeep, 1), allocate_spells(1, 10)
    upkeep, held, told = map(by_reference, (upkeep, state, spells))
    begin(upkeep, held, 0, STREAM, 0)
    advance(upkeep, held, 0, STREAM, 0, 0.0, 999.0, told)
    assert (state.parts["status"][0] == WAITS).all()
    first = int(np.argmin(state.parts["down_s"][0]))
    retire(upkeep, held, 0, first, 999.0)
    order_s = state.orders["at_s"][0, : state.n_order[0]].min()
    spells.n[0] = 0
    advance(upkeep, held, 0, STREAM, 0, 999.0, order_s + 1.0, told)
    assert state.parts["status"][0, first] == GONE and listed(spells)[0][:1] == (1 - first,)
    assert listed(spells)[0][2] == pytest.approx(order_s, abs=1e-3), "the component of the one that is gone"
    pool = state.pools[0, 0]
    assert pool["forgone"] == 1 and pool["ordered"] == pool["used"] + pool["owed"] + pool["forgone"]


def test_all_that_is_wrong_is_told_at_once():
    bad = {"mean_time_between_failures_s": 0.0, "mean_time_to_repair_s": 1.0, "p_spare": 2.0}
    wrong = [Equipment(name="a", group="g", **bad)] * 2
    how = Supplied(spares=-1, families=63, local_share=2.0, foreign_lead_time_s=0.0, failures="normal")
    with pytest.raises(ValueError) as told:
        upkeep_of(wrong, how)
    for part in ("names", "mean times", "p_spare", "normal", "spares", "families", "local_share", "lead times"):
        assert part in str(told.value)
    with pytest.raises(ValueError, match="there must be a part"):
        upkeep_of([])
    with pytest.raises(ValueError, match="says nothing of group 1"):
        upkeep_of(fleet(), supplied(spares={"group 0": 1}))
    for at_s in ([], [2.0, 1.0], [math.inf]):
        with pytest.raises(ValueError, match="rise"):
            simulate(upkeep_of(fleet()), at_s)
    with pytest.raises(ValueError, match="at least 1"):
        simulate(upkeep_of(fleet()), [1.0], replications=0)


def test_closed_forms_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="mean_time_to_repair_s must be positive"):
        steady_availability(1.0, 0.0)
    with pytest.raises(ValueError, match="t_s"):
        availability(-1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="negative"):
        ready_rate(-1, 1.0)
    assert ready_rate(1, 0.0) == 1.0 and expected_backorders(0, 2.0) == 2.0
