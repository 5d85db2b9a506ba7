"""Campaigns: waves one after the other, on one defence; what is spent, hit or late in one is so in the next."""

import numpy as np
import pytest

from kalkan.campaign import trace
from kalkan.campaign.running import stream_of as of_window
from kalkan.kernels import mission
from kalkan.kernels.carried import allocate as room
from kalkan.kernels.records import allocate, columns
from kalkan.schema import EV_KILL, EV_LAUNCH, KILLED, LEAKED, RAGGED
from tests.engine import harness
from tests.engine.test_certain_losses import FIGURES

# eight rounds for waves of four: each target takes one
FIGHT = {"p": 1.0, "salvo": 1, "max_salvos": 1, "launchers": 2, "rounds": 4, "horizon": "14 min"}


def text(waves: str, raids: str = "", campaign: str = "", **options) -> str:
    whole = harness.scenario(raids or harness.raid(count=4, spacing=30), **(FIGHT | options))
    return f"{whole}\n[campaign]\nlead_in = \"0 s\"\n{campaign}\n{waves}"


def wave(name: str, at: str, more: str = "") -> str:
    return f'[[waves]]\nname = "{name}"\nat = "{at}"\n{more}\n'


THREE = wave("night", "1 day", 'every = "1 day"\ntimes = 3')


def fought(whole: str, n: int = 2, first: int = 0):
    return harness.run(harness.compiled(whole), n, first=first)


def leaks(run) -> list[list[int]]:
    """Leakers of each wave of four, by replication."""
    found = (run.threat_outcome == LEAKED).reshape(len(run.threat_outcome), -1, 4).sum(axis=2)
    return [[int(x) for x in row] for row in found]


def test_rounds_that_are_spent_are_not_there_for_the_next_wave():
    run = fought(text(THREE))
    assert leaks(run) == [[0, 0, 4]] * 2
    assert run.wave_rounds[:, :, 0].tolist() == [[8, 4, 0]] * 2 and run.spent.sum(axis=(1, 2)).tolist() == [8, 8]
    assert run.wave_units_ready.tolist() == [[1, 1, 0]] * 2
    assert run.rounds_left.tolist() == [[[0]], [[0]]], "what is left is of the last wave"


def test_reloads_in_stock_are_for_the_waves_that_come():
    run = fought(text(THREE, reloads=1))
    assert leaks(run) == [[0, 0, 0]] * 2
    total = run.wave_rounds[:, :, 0] + run.wave_behind[:, :, 0]
    assert total.tolist() == [[16, 12, 8]] * 2, "nothing comes from nowhere, and nothing is lost"


def test_hits_of_all_waves_count_on_one_asset():
    run = fought(text(THREE, p=0.0) + "[assume.f-16c]\nhit_probability = 1\n")
    assert run.wave_hits[:, :, 0].tolist() == [[4, 4, 4]] * 2 and run.asset_hits[:, 0].tolist() == [12, 12]


def struck(waves: str, beyond: int, repair: str, raids: str = "") -> str:
    """The engagement radar is hit in the first wave, by what nothing stops."""
    aimed = harness.raid("strike").replace('aim = "centre"', 'aim = "set/1/92n6e"')
    figures = FIGURES.format(radar=1, post=0, beyond=beyond).replace('repair_time = "1 s"', f'repair_time = "{repair}"')
    whole = text(waves, aimed + (raids or harness.raid(count=4, spacing=30)), p=0.0)
    return whole.replace("common_cause_share = 0\n", "common_cause_share = 0\n" + figures.partition("[")[0]) + (
        "[assume.f-16c]\nhit_probability = 1\n"
    )


FIRST_HIT = wave("strike", "1 day", 'raids = ["strike"]')


@pytest.mark.parametrize(("beyond", "repair", "ready"), [(1, "1 s", [1, 0, 0]), (0, "1 s", [1, 1, 1])])
def test_a_radar_that_is_hit_is_out_until_it_is_repaired(beyond, repair, ready):
    later = wave("night", "2 days", 'raids = ["raid"]\nevery = "9 days"\ntimes = 2')
    run = fought(struck(FIRST_HIT + later, beyond, repair))
    assert run.radar_losses.sum(axis=1).tolist() == [1, 1]
    assert run.wave_units_ready.tolist() == [ready] * 2
    assert run.wave_parts_out.tolist() == [[0, 1 - ready[1], 1 - ready[2]]] * 2
    in_second = run.wave_rounds[:, 1, 0] - run.wave_rounds[:, 2, 0]
    assert (in_second > 0).tolist() == [ready[1] == 1] * 2, "a unit without its radar shoots at nobody"


def test_repairs_take_their_time_whatever_else_happens():
    later = wave("soon", "25 h", 'raids = ["raid"]') + wave("late", "60 days", 'raids = ["raid"]')
    run = fought(struck(FIRST_HIT + later, 0, "3 days"), 40)
    assert run.wave_units_ready[:, 2].all(), "sixty days are twenty times the mean time of repair"
    out = 1.0 - run.wave_units_ready[:, 1].mean()
    assert abs(out - np.exp(-1.0 / 72.0)) < 0.1, "after an hour of an exponential time of three days"


def test_later_waves_change_nothing_of_earlier_ones():
    """Random numbers are keyed by wave: to the last bit."""
    two, three = fought(text(THREE.replace("times = 3", "times = 2"), p=0.5)), fought(text(THREE, p=0.5))
    for name in ("threat_outcome", "threat_end_s", "threat_killer", "threat_first_launch_s"):
        assert getattr(three, name)[:, :8].tobytes() == getattr(two, name).tobytes(), name
    assert three.wave_rounds[:, :2].tobytes() == two.wave_rounds.tobytes()


def test_waves_have_luck_of_their_own():
    run = fought(text(THREE, p=0.5, reloads=3), 6)
    killed = (run.threat_outcome == KILLED).reshape(6, 3, 4)
    assert not np.array_equal(killed[:, 0], killed[:, 1])


def test_it_does_not_matter_how_replications_are_blocked():
    whole = fought(text(THREE, p=0.5), 5)
    parts = [fought(text(THREE, p=0.5), n, first) for first, n in ((0, 2), (2, 3))]
    for name in ("threat_outcome", "wave_rounds", "event_kind", "event_subject", "event_time_s", "wave_start_s"):
        both = np.concatenate([getattr(p, name) for p in parts])
        assert getattr(whole, name).tobytes() == both.tobytes(), name


def test_what_a_window_records_stands_in_its_place():
    """Every variable of a threat, and the log, are those of the wave run alone with what it found."""
    c = harness.compiled(text(THREE, p=0.5, reloads=1))
    whole = harness.run(c, 1)
    for k, window in enumerate(c.campaign.windows):
        _, own, found = trace(c.campaign, 1, 0, 0, k, 1 << 14)
        again, carried = allocate(1, window.sizes), room(1, window.launcher.size, 0)
        carried.loaded[:], carried.sets[:] = found.loaded, found.sets
        mission.run_wave(window.plan, of_window(mission.stream_of(1, 0), window), 0, 1, again, carried)
        row, alone = columns(own), columns(again)
        assert all(row[n].tobytes() == alone[n].tobytes() for n in row)
        for name in ("threat_outcome", "threat_reason", "threat_shots", "threat_killer", "threat_first_track_radar"):
            assert getattr(whole, name)[:, 4 * k : 4 * k + 4].tolist() == row[name].tolist()
    n = int(whole.event_count[0])
    log = {name: getattr(whole, name)[0, :n] for name in RAGGED}
    launched = log["event_subject"][log["event_kind"] == EV_LAUNCH]
    assert np.bincount(launched, minlength=12).tolist() == whole.threat_shots[0].tolist()
    killed = log["event_subject"][log["event_kind"] == EV_KILL]
    assert sorted(killed.tolist()) == np.flatnonzero(whole.threat_outcome[0] == KILLED).tolist()


def test_waves_that_are_late_keep_their_order_and_their_mean():
    run = fought(text(THREE.replace('every = "1 day"', 'every = "30 min"'), campaign='jitter = "3 h"'), 300)
    gaps = np.diff(run.wave_start_s, axis=1)
    assert (gaps >= 14.0 * 60.0 - 1e-6).all(), "a wave does not begin before the one before it is over"
    first = run.wave_start_s[:, 0] - 86_400.0
    assert abs(first.mean()) < 4.0 * 10_800.0 / np.sqrt(300) and abs(first.std() - 10_800.0) < 1_500.0
    assert fought(text(THREE), 1).wave_start_s.tolist() == [[86_400.0, 172_800.0, 259_200.0]]


def test_a_late_wave_waits_until_the_one_before_it_is_over():
    """The same in few replications, one of which is late."""
    run = fought(text(THREE.replace('every = "1 day"', 'every = "20 min"'), campaign='jitter = "3 h"'), 3)
    gaps = np.diff(run.wave_start_s, axis=1)
    assert gaps.min() == 14.0 * 60.0


def test_a_lead_in_comes_before_the_zero_hour():
    usual, longer = (
        fought(text(THREE, campaign="").replace('lead_in = "0 s"', f'lead_in = "{t}"')) for t in ("0 s", "8 min")
    )
    assert np.allclose(longer.threat_start_s - usual.threat_start_s, 480.0)
    assert longer.wave_start_s.tolist() == usual.wave_start_s.tolist()


def test_doubling_the_lead_in_changes_leakers_only_by_chance():
    means = []
    for lead_in in ("5 min", "10 min"):
        whole = text(THREE, harness.raid(count=4), perfect=False, rounds=2, launchers=1)
        run = fought(whole.replace('lead_in = "0 s"', f'lead_in = "{lead_in}"'), 150)
        leaked = (run.threat_outcome == LEAKED).sum(axis=1)
        means.append((leaked.mean(), leaked.std(ddof=1) / np.sqrt(len(leaked))))
    (one, e1), (two, e2) = means
    assert 0.0 < one < 12.0 and abs(one - two) < 4.0 * np.hypot(e1, e2)


OTHER = """
[[systems]]
name = "other"
type = "s-400"
position = [39.0, 33.3]
fire_units = 1
fire_unit_positions = [[39.0, 33.3]]
launchers = 2
loads = { "48n6e3" = 4 }
[[batches]]
name = "second"
systems = ["other"]
delivered = "2026-01-01"
ready = "2026-01-03"
[command]
coordination = true
"""


def test_what_becomes_ready_during_the_campaign_fights_from_then_on():
    run = fought('as_of = "2026-01-01"\n' + text(THREE) + OTHER)
    assert set(run.labels["unit"]) == {"set/1", "other/1"}
    assert run.wave_units_ready.tolist() == [[1, 2, 1]] * 2, "day 2 is the second of January, day 3 the third"
    assert run.wave_rounds[:, :, 0].tolist() == [[8, 12, 8]] * 2
    assert leaks(run) == [[0, 0, 0]] * 2
    assert run.spent.sum(axis=(1, 2)).tolist() == [12, 12]


def test_waves_bring_the_raids_that_they_name():
    raids = harness.raid("few", count=2, spacing=30) + harness.raid("many", count=3, spacing=30, lon=33.1)
    waves = wave("a", "1 day", 'raids = ["many"]') + wave("b", "2 days")
    c = harness.compiled(text(waves, raids))
    assert c.attrs["threat_wave"] == ["a"] * 3 + ["b"] * 5
    assert c.attrs["threat_raid"] == ["many"] * 3 + ["few"] * 2 + ["many"] * 3
    assert c.labels["threat"][0] == "a: many 1" and c.labels["wave"] == ["a", "b"]


def test_reloads_within_a_wave_leave_as_much_less_in_stock():
    """More targets than rounds on launchers: sets are opened during the wave, and gone for the next."""
    raids = harness.raid(count=6, spacing=60)
    run = fought(text(THREE, raids, launchers=1, reloads=5, launcher='reload_time = "20 s"'))
    shot = run.threat_shots.reshape(2, 3, 6).sum(axis=2)
    assert (shot > 4).all(), "more than one load in each wave"
    total = run.wave_rounds[:, :, 0] + run.wave_behind[:, :, 0]
    assert (np.diff(total, axis=1) == -shot[:, :2]).all() and (total[:, 0] == 24).all()
