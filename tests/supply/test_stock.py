"""Stock between raids: nothing appears or vanishes, no cut of time matters, and the rule is the one that is told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kalkan.byref import by_reference
from kalkan.kernels.random import mix
from kalkan.schema import MAX_TYPES
from kalkan.supply import FireUnit, Line, Rear, Spending, follow, stores_of
from kalkan.supply.books import books
from kalkan.supply.stock import FREE, advance, allocate, begin, spend, write_off
from kalkan.supply.stores import MONTH_S, bought

H, DAY = 3600.0, 86_400.0
STREAM = np.uint64(mix(np.uint64(7), np.uint64(0)))


class Played:
    """One replication that raids take from."""

    def __init__(self, stores, replication=0):
        self.stores, self.state, self.replication, self.now_s = stores, allocate(stores, 1), replication, 0.0
        self.handed = by_reference(stores), by_reference(self.state), 0
        begin(*self.handed)

    def to(self, until_s):
        advance(*self.handed, STREAM, self.replication, self.now_s, until_s)
        self.now_s = until_s
        return self

    def fire(self, launcher, missile, rounds):
        """Take rounds off a launcher, as many as it has."""
        fired = np.zeros((self.stores.units.size, MAX_TYPES), np.int64)
        n = min(rounds, int(self.state.loaded[0, launcher, missile]))
        self.state.loaded[0, launcher, missile] -= n
        fired[self.stores.launchers["unit"][launcher], missile] = n
        spend(self.handed[1], 0, fired)
        return self

    def put_out(self, *launchers):
        gone = np.zeros(self.stores.launchers.size, np.int64)
        gone[list(launchers)] = 1
        write_off(*self.handed, gone)
        return self

    @property
    def loaded(self):
        """Rounds of the first type, launcher by launcher."""
        return self.state.loaded[0, :, 0].tolist()

    @property
    def sets(self):
        return self.state.sets[0, :, 0].tolist()

    @property
    def store(self):
        return self.state.systems["store"][0, :, 0].tolist()

    @property
    def depot(self):
        return self.state.depots["rounds"][0, :, 0].tolist()

    def bytes(self):
        return [part.tobytes() for part in self.state]

    def bytes_of(self, depot):
        """What the convoys of a depot do."""
        return self.state.convoys[0, depot][["due_s", "back_s", "is_lost"]].tobytes()


def unit(launchers=1, load=4, sets=0, vehicles=0, system="north", kind="a"):
    return FireUnit(system, launchers, {kind: load}, sets, reload_s=1 * H, restock_s=3 * H, vehicles=vehicles)


# ------------------------------------------------------------------------------------------- what always holds

COUNTS = st.integers(0, 9)
UNITS = st.builds(
    FireUnit, system=st.sampled_from(["north", "south"]), launchers=st.integers(1, 3),
    load=st.fixed_dictionaries({"a": COUNTS, "b": COUNTS}), reload_sets=st.integers(0, 2),
    reload_s=st.floats(0.0, 2 * H), restock_s=st.floats(0.0, DAY), vehicles=st.integers(0, 2),
)  # fmt: skip
STORES = st.fixed_dictionaries({name: st.fixed_dictionaries({"a": COUNTS, "b": COUNTS}) for name in ("north", "south")})
DEPOTS = st.builds(
    Rear, name=st.just("rear"), serves=st.sampled_from([["north"], ["north", "south"]]),
    rounds=st.fixed_dictionaries({"a": st.integers(0, 50), "b": st.integers(0, 50)}), convoys=st.integers(0, 3),
    convoy_rounds=st.integers(1, 20), convoy_s=st.floats(60.0, 3 * DAY), spread=st.floats(0.0, 0.5),
    p_lost=st.sampled_from([0.0, 0.3, 1.0]),
)  # fmt: skip
LINES = st.builds(
    Line, depot=st.just("rear"), missile=st.sampled_from(["a", "b"]), per_month=st.floats(0.0, 60.0),
    delay_s=st.floats(0.0, 20 * DAY), from_s=st.none() | st.floats(0.0, 20 * DAY),
    until_s=st.just(math.inf) | st.floats(0.0, 40 * DAY),
)  # fmt: skip
MADE = st.builds(
    stores_of, st.just(["a", "b"]), st.lists(UNITS, min_size=1, max_size=4), STORES,
    st.lists(DEPOTS, min_size=1, max_size=1), st.lists(LINES, max_size=2),
)  # fmt: skip
TAKEN = st.tuples(st.floats(0.0, 30 * DAY), st.integers(0, 11), st.integers(0, 1), st.integers(0, 9), st.booleans())


def raided(stores, taken, replication, cuts=()):
    """Raids in order of time, each of some rounds of a launcher or the end of it, with more cuts of the time."""
    played = Played(stores, replication)
    for at_s, launcher, missile, rounds, is_end in sorted([*taken, *((t, 0, 0, 0, False) for t in cuts)]):
        launcher %= stores.launchers.size
        played.to(at_s)
        if is_end:
            played.put_out(launcher)
        else:
            played.fire(launcher, missile, rounds)
    return played.to(30 * DAY)


@settings(deadline=None)
@given(MADE, st.lists(TAKEN, max_size=8), st.integers(0, 3))
def test_what_was_bought_and_made_is_spent_lost_or_left(stores, taken, replication):
    played = raided(stores, taken, replication)
    b = books(stores, played.state)
    left = b.launchers + b.units + b.stores + b.depots + b.under_way
    assert np.array_equal(b.bought + b.made, b.spent + b.destroyed + b.lost + left)
    assert all((part >= 0).all() for part in b)
    assert (played.state.loaded <= stores.launchers["load"]).all()
    assert np.array_equal(b.bought[0], bought(stores)[:2])


@settings(deadline=None)
@given(MADE, st.lists(TAKEN, max_size=4), st.lists(st.floats(0.0, 30 * DAY), max_size=6), st.integers(0, 3))
def test_no_cut_of_the_time_changes_a_bit(stores, taken, cuts, replication):
    assert raided(stores, taken, replication, cuts).bytes() == raided(stores, taken, replication).bytes()


@settings(deadline=None)
@given(st.lists(UNITS, min_size=1, max_size=4), STORES, st.integers(1, 9), st.lists(TAKEN, max_size=4))
def test_a_larger_store_never_leaves_fewer_on_launchers_or_anywhere(units, store, more, taken):
    """Without depots, whose convoys more rounds may send at another time; every launcher keeps what it fires."""
    fired = [(t, q, w, 1, False) for t, q, w, *_ in taken]
    units = [FireUnit(u.system, u.launchers, {"a": max(u.load["a"], 4), "b": 4}) for u in units]
    richer = {name: {w: n + more for w, n in rounds.items()} for name, rounds in store.items()}
    few, many = (raided(stores_of(["a", "b"], units, s), fired, 0) for s in (store, richer))
    assert (books(many.stores, many.state).launchers >= books(few.stores, few.state).launchers).all()
    assert (many.state.systems["store"] >= few.state.systems["store"]).all()


# ------------------------------------------------------------------------------------------- the rule


def test_a_launcher_is_filled_from_its_units_sets_first_then_from_the_store():
    """Its set takes an hour, a new set of the store three more; later the store has one round for three that lack."""
    played = Played(stores_of(["a"], [unit(sets=1)], {"north": {"a": 5}})).fire(0, 0, 4)
    assert played.to(1 * H - 1).loaded == [0] and played.to(1 * H).loaded == [4]
    assert (played.sets, played.store) == ([0], [1]), "four rounds of the store are on their way to a new set"
    assert played.to(4 * H - 1).sets == [0] and played.to(4 * H).sets == [1]
    played.fire(0, 0, 4).to(5 * H).fire(0, 0, 3)
    assert played.to(8 * H - 1).loaded == [1] and played.to(8 * H).loaded == [2]
    assert (played.sets, played.store) == ([0], [0])


def test_of_the_emptiest_unit_first():
    """Five rounds: the unit with one of eight gets four for its emptier launcher; then the other is the emptiest."""
    stores = stores_of(["a"], [unit(2), unit(2)], {"north": {"a": 5}})
    played = Played(stores).fire(0, 0, 3).fire(1, 0, 2).fire(2, 0, 4).fire(3, 0, 3)
    assert played.loaded == [1, 2, 0, 1]
    assert played.to(3 * H).loaded == [2, 2, 4, 1]


def test_rounds_of_an_opened_set_lie_at_the_unit_and_are_used_first():
    played = Played(stores_of(["a"], [unit(2, sets=1)])).fire(0, 0, 1).to(1 * H)
    assert (played.loaded, played.sets) == ([4, 4], [0, 1])
    assert played.fire(0, 0, 3).to(2 * H).sets == [0, 1], "the three that were left of it"
    assert played.fire(0, 0, 4).to(3 * H).sets == [0, 0], "the other launcher's set"
    assert played.loaded == [4, 4]


def test_a_set_is_made_up_only_of_what_launchers_do_not_lack():
    """Two launchers of one unit, one vehicle: the second launcher waits for it, and its rounds wait in the store."""
    stores = stores_of(["a"], [unit(2, vehicles=1), unit(1, sets=1)], {"north": {"a": 8}})
    played = Played(stores).fire(0, 0, 4).fire(1, 0, 4)
    played.state.sets[0, 2, 0] = 0
    assert played.to(3 * H).loaded == [4, 0, 4] and played.store == [0]
    assert played.to(6 * H).loaded == [4, 4, 4] and played.sets == [0, 0, 0]


@pytest.mark.parametrize(("vehicles", "ends"), [(1, [1, 2, 3]), (2, [1, 1, 2]), (0, [1, 1, 1])])
def test_a_unit_sees_to_as_many_launchers_at_once_as_it_has_vehicles(vehicles, ends):
    played = Played(stores_of(["a"], [unit(3, sets=1, vehicles=vehicles)])).fire(0, 0, 4).fire(1, 0, 4).fire(2, 0, 4)
    for hour in range(4):
        assert played.to(hour * H).loaded.count(4) == sum(e <= hour for e in ends)


def test_a_system_asks_for_what_it_lacks_at_all_levels_and_a_convoy_carries_no_more_than_it_can():
    """Six are missing, four go at once with one convoy; it is back a way later, and the other two leave."""
    depot = Rear("rear", ["north"], {"a": 9}, convoys=1, convoy_rounds=4, convoy_s=10 * H)
    played = Played(stores_of(["a"], [unit(2)], {"north": {"a": 1}}, [depot])).fire(0, 0, 4).fire(1, 0, 2).to(0.0)
    assert played.depot == [5] and played.store == [0]
    assert played.to(13 * H).loaded == [4, 3], "one of the store, four of the convoy, filled by the emptiest"
    assert played.to(20 * H - 1).depot == [5] and played.to(20 * H).depot == [3]
    played.to(33 * H)
    assert (played.loaded, played.store, played.depot) == ([4, 4], [1], [3])
    assert played.state.depots["sent"][0].tolist() == [2]
    assert played.to(60 * H).state.depots["sent"][0].tolist() == [2], "nobody lacks any more"


def test_a_convoy_goes_to_the_system_that_lacks_most_with_what_it_lacks_most_of():
    units = [FireUnit("north", 1, {"a": 4, "b": 4}), FireUnit("south", 1, {"a": 4, "b": 4})]
    depot = Rear("rear", ["north", "south"], {"a": 9, "b": 9}, convoys=1, convoy_rounds=3, convoy_s=10 * H)
    played = Played(stores_of(["a", "b"], units, {}, [depot])).fire(0, 0, 2).fire(1, 0, 3).fire(1, 1, 1).to(0.0)
    convoy = played.state.convoys[0, 0, 0]
    assert convoy["to"] == 1 and convoy["rounds"][:2].tolist() == [3, 0]


def test_a_lost_convoy_is_ordered_again_when_it_should_have_come():
    depot = Rear("rear", ["north"], {"a": 8}, convoys=2, convoy_rounds=4, convoy_s=10 * H, p_lost=1.0)
    played = Played(stores_of(["a"], [unit()], {}, [depot])).fire(0, 0, 4).to(10 * H - 1)
    assert played.depot == [4] and books(played.stores, played.state).under_way.tolist() == [[4]]
    played.to(10 * H)
    b = books(played.stores, played.state)
    assert played.depot == [0] and (b.lost.tolist(), b.under_way.tolist()) == ([[4]], [[4]])
    played.to(30 * H)
    assert played.state.depots["lost_convoys"][0].tolist() == [2] and played.loaded == [0]
    assert (played.state.convoys["to"] == FREE).all()


def test_what_a_raid_reloaded_meanwhile_finds_no_room():
    """Four rounds on their way to a launcher that the raid's own reload has filled lie at the unit."""
    played = Played(stores_of(["a"], [unit(sets=2)], {})).fire(0, 0, 4).to(0.5 * H)
    played.state.loaded[0, 0, 0], played.state.sets[0, 0, 0] = 4, 0
    played.to(2 * H)
    assert played.loaded == [4] and played.state.units["loose"][0, 0, 0] + 4 * played.sets[0] == 4


def test_what_falls_due_during_a_raid_is_seen_to_after_it():
    depot = Rear("rear", ["north"], {"a": 4}, convoys=1, convoy_rounds=4, convoy_s=10 * H)
    played = Played(stores_of(["a"], [unit()], {}, [depot])).fire(0, 0, 4).to(9 * H)
    played.now_s = 12 * H  # the raid lasts from 9 to 12
    assert played.to(15 * H - 1).loaded == [0] and played.to(15 * H).loaded == [4]


def test_a_launcher_that_is_gone_takes_its_rounds_with_it_and_gets_none():
    depot = Rear("rear", ["north"], {"a": 40}, convoys=2, convoy_rounds=16, convoy_s=10 * H)
    played = Played(stores_of(["a"], [unit(2, sets=1)], {}, [depot])).fire(0, 0, 3).fire(1, 0, 4).put_out(0)
    b = books(played.stores, played.state)
    assert (b.destroyed.tolist(), b.spent.tolist()) == ([[1]], [[7]])
    assert played.to(1 * H).loaded == [0, 4]
    played.to(60 * H)
    assert (played.loaded, played.depot) == ([0, 4], [40]), "the set of the launcher that is gone serves the other"
    played.put_out(0)
    assert books(played.stores, played.state).destroyed.tolist() == [[1]], "once"


# ------------------------------------------------------------------------------------------- convoys and production


def test_as_many_convoys_are_lost_as_their_chance_says():
    """4000 replications of a single convoy at 0.2: within four standard deviations of the binomial."""
    depot = Rear("rear", ["north"], {"a": 4}, convoys=1, convoy_rounds=4, convoy_s=10 * H, p_lost=0.2)
    stores, n = stores_of(["a"], [unit()], {}, [depot]), 4000
    lost = follow(stores, [Spending(0.0, 0, 0, 4)], [20 * H], replications=n).lost[0, :, 0]
    assert set(lost.tolist()) == {0, 4}
    assert abs((lost // 4).sum() - 0.2 * n) < 4.0 * math.sqrt(n * 0.2 * 0.8)


def test_the_way_of_a_convoy_has_its_mean_and_its_spread():
    """4000 ways: the mean within four standard errors; the logarithm's standard deviation too."""
    depot = Rear("rear", ["north"], {"a": 4}, convoys=1, convoy_rounds=4, convoy_s=10 * H, spread=0.4)
    stores, n = stores_of(["a"], [unit()], {}, [depot]), 4000
    way_h = np.zeros(n)
    for k in range(n):
        way_h[k] = Played(stores, k).fire(0, 0, 4).to(0.0).state.convoys["due_s"][0, 0, 0] / H
    sigma = 10.0 * math.sqrt(math.exp(0.16) - 1.0)
    assert abs(way_h.mean() - 10.0) < 4.0 * sigma / math.sqrt(n)
    assert abs(np.log(way_h).std() - 0.4) < 4.0 * 0.4 / math.sqrt(2.0 * n)


def test_the_fate_of_a_depots_convoys_does_not_depend_on_what_is_beside_it():
    """Forty convoys of a depot meet the same, alone and beside another depot before it in the list."""
    own = Rear("rear", ["north"], {"a": 40}, convoys=3, convoy_rounds=1, convoy_s=10 * H, spread=0.3, p_lost=0.8)
    other = Rear("also", ["south"], {"a": 40}, convoys=3, convoy_rounds=1, convoy_s=7 * H, spread=0.3, p_lost=0.8)
    alone = Played(stores_of(["a"], [unit(4)], {}, [own]), 3)
    beside = Played(stores_of(["a"], [unit(4), unit(4, system="south")], {}, [own, other]), 3)
    for launcher in range(4):
        alone.fire(launcher, 0, 4)
        beside.fire(launcher, 0, 4).fire(launcher + 4, 0, 4)
    for hour in range(0, 600, 20):
        assert alone.to(hour * H).bytes_of(0) == beside.to(hour * H).bytes_of(1)
    lost, others = (p.state.depots["lost_convoys"][0].tolist() for p in (alone, beside))
    assert 0 < lost[0] < 40 and lost[0] == others[1] != others[0]


@pytest.mark.parametrize(
    ("line", "rounds"),
    [
        ({}, 7),  # three a month for two months and a half: at 10, 20 … 70 of 76 days
        ({"delay_s": 0.5 * MONTH_S}, 7),  # what was made before comes at the beginning
        ({"from_s": 0.0, "delay_s": 0.5 * MONTH_S}, 6),
        ({"from_s": 1.0 * MONTH_S}, 4),
        ({"until_s": 1.0 * MONTH_S}, 3),
        ({"until_s": 1.0 * MONTH_S, "delay_s": 1.0 * MONTH_S}, 6),
        ({"from_s": 1.0 * MONTH_S, "until_s": 2.0 * MONTH_S}, 3),
        ({"per_month": 0.0}, 0),
    ],
)  # fmt: skip
def test_what_is_made_comes_one_by_one(line, rounds):
    made = Line("rear", "a", **{"per_month": 3.0} | line)
    played = Played(stores_of(["a"], [unit()], {}, [Rear("rear", ["north"])], [made])).to(2.5 * MONTH_S)
    assert played.depot == [rounds] and played.state.made[0].tolist() == [rounds]


def test_the_round_that_ends_a_month_belongs_to_it():
    played = Played(stores_of(["a"], [unit()], {}, [Rear("rear", [])], [Line("rear", "a", 3.0)]))
    assert played.to(np.nextafter(MONTH_S, 0.0)).depot[0] == 2 and played.to(MONTH_S).depot == [3]


# ------------------------------------------------------------------------------------------- by itself


def test_the_books_at_several_times():
    depot = Rear("rear", ["north"], {"a": 9}, convoys=1, convoy_rounds=4, convoy_s=10 * H)
    stores = stores_of(["a"], [unit(2)], {"north": {"a": 1}}, [depot])
    b = follow(stores, [Spending(1 * H, 0, 0, 6)], [0.0, 1 * H, 14 * H, 60 * H])
    assert b.spent[:, 0, 0].tolist() == [0, 6, 6, 6] and b.launchers[:, 0, 0].tolist() == [8, 3, 7, 8]
    assert b.delivered[:, 0, 0].tolist() == [0, 0, 4, 6] and b.depots[:, 0, 0].tolist() == [9, 5, 5, 3]


def test_bad_descriptions_are_told():
    with pytest.raises(ValueError, match="served twice"):
        stores_of(["a"], [unit()], {}, [Rear("one", ["north"]), Rear("two", ["north"])])
    with pytest.raises(ValueError, match="no depot is called far"):
        stores_of(["a"], [unit()], {}, [], [Line("far", "a", 1.0)])
    with pytest.raises(ValueError, match="carry nothing: rear"):
        stores_of(["a"], [unit()], {}, [Rear("rear", ["north"], {"a": 1}, convoys=1)])
    with pytest.raises(ValueError, match="at most 8"):
        stores_of([str(i) for i in range(9)], [unit()])
    stores = stores_of(["a"], [unit()])
    for raids, times, told in [
        ([], [2.0, 1.0], "rise"), ([Spending(0.0, 1, 0, 1)], [1.0], "no such unit"),
        ([Spending(-1.0, 0, 0, 1)], [1.0], "0 s"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=told):
            follow(stores, raids, times)
