"""What happens between a track and a kill: who is ordered, when a round is worth it, how many, which.

Each test is about one rule of the launch decision, with everything else made perfect, or about a raid in which
an older engine wasted its rounds or its channels.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from kalkan.results.intervals import wilson
from kalkan.schema import (
    EV_LOST,
    EV_ORDER,
    EV_RELEASE,
    KILLED,
    LEAKED,
    NOT_WORTH,
    PLOTS_FULL,
    POOR_CHANCE,
)
from tests.engine.harness import compiled, raid, run, scenario

EXAMPLE = (Path(__file__).parents[2] / "examples" / "second-batch.toml").read_text()
MAST = 'mast_height = { "96l6e" = "24 m" }\n'


def low_raid(count: int, *, width: int = 10, kind: str = "subsonic-cruise-missile") -> str:
    """Cruise missiles at 50 m over the sea, close together, from the south."""
    text = raid("low", count, lat=37.65, width=width).replace('altitude = "8 km MSL"', 'altitude = "50 m MSL"')
    text = text.replace('type = "f-16c"', f'type = "{kind}"').replace('speed = "250 m/s"\n', "")
    return text + 'time_jitter = "5 s"\nroute_jitter = "200 m"\n'


def as_published(raids: str, *, system: str = "", doctrine: str = "", extra: str = "", horizon: str = "40 min") -> str:
    """One S-400 set of two fire units with the catalogue's own figures, over flat ground."""
    text = scenario(raids, units=2, perfect=False, horizon=horizon, extra=extra)
    text = text.replace('loads = { "48n6e3" = 4 }\n', system)
    return re.sub(r"salvo = 2\nlook = true\nmax_salvos = 4\n", doctrine, text)


# -- a launch is decided by the chance that the round meets its target ----------------------------
def cliff(text: str, range_km: int, n: int = 30):
    """Leakers, rounds, and rounds that met nothing since their target was not held, with the 92N6E at a range claim."""
    r = run(compiled(f'{text}\n[assume.92n6e]\ndetection_range = "{range_km} km"\n'), n, seed=3)
    leakers = float((r.threat_outcome == LEAKED).sum(axis=1).mean())
    return leakers, float(r.spent.sum() / n), float(r.unheld_rounds.sum() / n)


def example() -> str:
    """The example's first variant."""
    terrain = Path(__file__).parents[2] / "examples"
    return EXAMPLE.split("[variants")[0].replace('"terrain/', f'"{terrain}/terrain/')


RAIDS = {
    "example": example(),
    "drones ahead of cruise missiles, flat": as_published(
        low_raid(20) + raid("drones", 24, lat=38.6, width=12, spacing=5).replace(
            'type = "f-16c"', 'type = "one-way-attack-drone"').replace('speed = "250 m/s"\n', "").replace(
            '8 km MSL', "300 m MSL"), horizon="50 min"),
    "fighters at three heights, flat": as_published(
        raid("high", 8, lat=36.5, width=20) + raid("middle", 8, lat=36.5, lon=33.4, width=20).replace(
            "8 km MSL", "3 km MSL") + raid("low", 8, lat=36.5, lon=32.6, width=20).replace("8 km MSL", "300 m MSL")),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", RAIDS)
def test_no_cliff_over_the_range_claim_of_the_engagement_radar(name: str) -> None:
    """130 to 200 km in steps of 10: leakers never jump by more than 3, and few rounds lose their target."""
    answers = [cliff(RAIDS[name], km) for km in range(130, 201, 10)]
    leakers = np.array([a[0] for a in answers])
    assert np.abs(np.diff(leakers)).max() <= 3.0
    assert leakers[0] >= leakers[-1] - 1.0
    assert sum(a[2] for a in answers) < 0.1 * sum(a[1] for a in answers)
    assert all(unheld < 0.1 * spent for _, spent, unheld in answers)


def faint(threshold: float, *, active: str = "0 km", engagement: str = ""):
    """One F-16 that the engagement radar sees now and then, until it is near; the post sees it always."""
    text = scenario(raid(lat=37.6), p=1.0, horizon="20 min", max_salvos=3, engagement=engagement)
    text = text.replace("launch_threshold = 0\n", f"launch_threshold = {threshold}\n")
    text = text.replace('[assume."48n6e3"]\n', f'[assume."48n6e3"]\nactive_distance = "{active}"\n')
    text = re.sub(r'(\[assume\.92n6e\]\ndetection_range = )"20000 km"', r'\1"95 km"', text)
    return run(compiled(text), 300)


def test_a_higher_threshold_waits_and_wastes_less() -> None:
    """Rounds whose target is not held until they arrive: many without a threshold, few with a high one."""
    rash, careful = faint(0.0), faint(0.95)
    assert rash.unheld_rounds.sum() >= 30
    assert careful.unheld_rounds.sum() < 0.25 * rash.unheld_rounds.sum()
    assert np.nanmean(careful.threat_first_launch_range_m) < np.nanmean(rash.threat_first_launch_range_m) - 2e3


@pytest.mark.parametrize("active_km", [0, 90])
def test_a_hold_must_last_until_the_interceptor_is_on_its_own(active_km: int) -> None:
    """One miss in fifty breaks the hold: one round meets its target with 0.98 to the number of looks that it needs.

    Against: closed form: independent looks at p_d = 0.98, one a second, from launch to intercept or to the
    distance at which the interceptor is active, at the closing speed; within a 99.9 % interval.
    """
    text = scenario(raid(lat=37.6), p=1.0, horizon="20 min", salvo=1, max_salvos=1, engagement="drop_misses = 1")
    c = compiled(text.replace('[assume."48n6e3"]\n', f'[assume."48n6e3"]\nactive_distance = "{active_km} km"\n'))
    c.plan.p_d[2] = 0.98
    r = run(c, 1500)
    flight = np.nanmedian((r.threat_end_s - r.threat_first_launch_s)[r.threat_outcome == KILLED])
    ranges = np.arange(c.plan.arrival_m_s.shape[1]) * c.plan.interceptors["range_step_m"][0]
    nearest = np.argmin(np.abs(ranges - np.nanmedian(r.threat_first_launch_range_m) + 250.0 * flight))
    closing = float(c.plan.arrival_m_s[0, nearest, 8]) + 250.0
    looks = flight - active_km * 1e3 / closing
    shot = r.threat_shots[:, 0] > 0
    interval = wilson(int((r.threat_outcome[shot] == KILLED).sum()), int(shot.sum()), 0.999)
    assert interval.low <= 0.98 ** (looks - 0.5) and 0.98 ** (looks + 0.5) <= interval.high
    assert r.unheld_rounds.sum() > 0


def test_a_target_never_worth_the_chance_leaks_for_that_reason() -> None:
    """A hold that one miss breaks and a threshold next to 1: held, but a poor chance, so never shot at."""
    patient, rash = (faint(threshold, engagement="drop_misses = 1") for threshold in (0.9999, 0.0))
    assert (rash.threat_reason == POOR_CHANCE).sum() == 0
    assert (patient.threat_reason == POOR_CHANCE).sum() > 0
    assert patient.threat_shots.sum() < 0.5 * rash.threat_shots.sum()


# -- how many rounds, and which --------------------------------------------------------------
def test_rounds_are_limited_by_target_whatever_its_tracks_and_units() -> None:
    """Three units of one post, rounds that never kill: salvo times salvos, and not one more."""
    r = run(compiled(scenario(raid(lat=37.0), p=0.0, units=3, salvo=2, max_salvos=2, horizon="20 min")), 60)
    assert r.threat_shots.max() == 4
    assert (r.threat_shots == 4).mean() > 0.95


def test_a_broken_track_buys_no_fresh_salvo() -> None:
    """The post's radars miss every other look: tracks break and begin anew, the count goes on."""
    post = "track_confirm_m = 1\ntrack_confirm_n = 1\ntrack_drop_misses = 1"
    text = scenario(raid(lat=37.4), p=0.0, salvo=1, max_salvos=3, horizon="20 min", post=post)
    text = text.replace("association_gate = 60", "association_gate = 16")
    c = compiled(text)
    c.plan.p_d[:2] = 0.35
    r = run(c, 150)
    assert r.tracks_confirmed.mean() > 3.0
    assert (r.threat_shots <= 3).mean() > 0.97
    assert r.threat_shots.mean() > 2.0


CLASSES = {"f-16c": "aircraft", "one-way-attack-drone": "uav", "subsonic-cruise-missile": "cruise-missile"}


@pytest.mark.parametrize(("kind", "altitude"), [
    ("f-16c", "8 km"), ("one-way-attack-drone", "800 m"), ("subsonic-cruise-missile", "200 m"),
])  # fmt: skip
@pytest.mark.parametrize(("field", "shots"), [("salvo = 1\nmax_salvos = 1", 1), ("salvo = 3\nlook = false", 3)])
def test_the_doctrine_of_a_class_rules_for_that_class_alone(kind: str, altitude: str, field: str, shots: int) -> None:
    """A table of one class changes the rounds at it; the same table of another class does not."""
    flown = raid(lat=38.2).replace("f-16c", kind).replace("8 km", altitude).replace('speed = "250 m/s"\n', "")
    loads = 'loads = { "9m96e2" = 4 }'
    text = scenario(flown, p=0.0, salvo=2, max_salvos=1, horizon="60 min").replace('loads = { "48n6e3" = 4 }', loads)
    for target_class in CLASSES.values():
        r = run(compiled(text + f"[doctrine.standard.{target_class}]\n{field}\n"), 6)
        assert r.threat_shots.max() == (shots if target_class == CLASSES[kind] else 2)


MIXED = ('loads = { "48n6e3" = 4 }', 'loads = { "48n6e3" = 3, "9m96e2" = 4 }')


def drones(rule: str, *, loads: tuple[str, str] = MIXED, **options: object):
    """Drones that nobody kills, against a unit with both kinds of rounds, under a doctrine against drones."""
    flown = raid("drones", 4, lat=38.4, width=4).replace("f-16c", "one-way-attack-drone")
    flown = flown.replace("8 km", "800 m").replace('speed = "250 m/s"\n', "")
    text = scenario(flown, p=0.0, horizon="60 min", **options).replace(*loads)
    if "[assume.kalkan-model]" in rule:
        text = text.replace("[assume.kalkan-model]\n", rule[rule.index("[assume") :] + "\n")
        rule = rule[: rule.index("[assume")]
    return run(compiled(text + f"[doctrine.standard.uav]\n{rule}\n"), 10)


def test_what_is_never_worth_a_round_gets_none_of_it() -> None:
    """48N6E3 and 9M96E2 against drones: as preferred, never, or only as a last resort."""
    w = {name: i for i, name in enumerate(drones("").labels["interceptor"])}
    never = drones('never = ["48n6e3"]')
    assert never.spent[:, :, w["48n6e3"]].sum() == 0
    assert never.spent[:, :, w["9m96e2"]].sum() > 0
    either, first = drones(""), drones('preferred = ["48n6e3"]\nmax_salvos = 2')
    assert either.spent[:, :, w["48n6e3"]].sum() < either.spent[:, :, w["9m96e2"]].sum()
    assert first.spent[:, :, w["48n6e3"]].sum() > first.spent[:, :, w["9m96e2"]].sum()
    nothing = drones('never = ["48n6e3", "9m96e2"]')
    assert nothing.spent.sum() == 0
    assert (nothing.threat_reason == NOT_WORTH).all()


def test_a_last_resort_is_spent_only_close_to_an_asset() -> None:
    """A unit with nothing else: as a last resort drones are met within five minutes of the asset, else far out."""
    alone = ('loads = { "48n6e3" = 4 }', 'loads = { "48n6e3" = 4 }')
    rules = ('last_resort = ["48n6e3"]', "last_resort = []")
    late, early = (drones(f'{rule}\n[assume.kalkan-model]\nreserve_time = "5 min"', loads=alone) for rule in rules)
    assert np.nanmax(late.threat_first_intercept_range_m) < 5.0 * 60.0 * 60.0
    assert np.nanmin(early.threat_first_intercept_range_m) > 20e3


@pytest.mark.parametrize("rule", ['[doctrine.standard.uav]\nlast_resort = ["48n6e3"]', "reserve = 1000"])
def test_the_last_moment_is_the_last_at_which_a_round_still_comes_in_time(rule: str) -> None:
    """An asset 50 km in front of the unit, a minute of flight away: what is kept for it meets drones before it.

    Within a minute of the asset (3 km of a drone's flight); a launch within that minute would come too late.
    """
    flown = raid("drones", 4, lat=38.4, width=4).replace("f-16c", "one-way-attack-drone")
    flown = flown.replace("8 km", "800 m").replace('speed = "250 m/s"\n', "")
    text = scenario(flown, p=1.0, horizon="60 min").replace("[[39.0, 33.0]]", "[[39.45, 33.0]]")
    field, table = (rule, "") if rule.startswith("reserve") else ("", rule)
    r = run(compiled(text.replace("max_salvos = 4\n", f"max_salvos = 4\n{field}\n", 1) + table), 10)
    assert (r.threat_outcome == KILLED).all()
    assert r.threat_first_intercept_range_m.min() > 49.95e3 - 0.2e3
    assert r.threat_first_intercept_range_m.max() < 49.95e3 + 60.0 * 60.0


def test_what_will_be_hidden_is_not_waited_for() -> None:
    """The depot of the example lies behind hills: drones that are a last resort's are shot at while they are seen.

    Held back until a minute before the depot, all 16 came through past 42 unused rounds.
    """
    text = f'{example()}\n[assume.9m96e2]\nlast_resort_against = "uav"\n'
    plan = compiled(text)
    r = run(plan, 6, seed=3)
    drones_of = [i for i, name in enumerate(plan.labels["threat"]) if name.startswith("one-way drones")]
    assert (r.threat_outcome[:, drones_of] == LEAKED).sum(axis=1).mean() < 4.0


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_salvo_fails_together_as_the_beta_factor_says(share: float) -> None:
    """Two rounds at p = 0.6 with a common share of failures, within a 99.9 % interval.

    Against: closed form: P(no kill) = β(1-p) + (1 - β(1-p))·(1 - p/(1 - β(1-p)))².
    """
    text = scenario(raid(lat=37.4), p=0.6, salvo=2, look=False, horizon="15 min")
    r = run(compiled(text.replace("common_cause_share = 0\n", f"common_cause_share = {share}\n")), 3000)
    common = share * 0.4
    survives = common + (1.0 - common) * (1.0 - 0.6 / (1.0 - common)) ** 2
    interval = wilson(int((r.threat_outcome == LEAKED).sum()), 3000, 0.999)
    assert interval.low <= survives <= interval.high


def test_a_launcher_is_reloaded_type_by_type() -> None:
    """Only the small rounds are fired: they come again although the large ones still stand on the launcher."""
    rule = 'never = ["48n6e3"]\nsalvo = 4\nmax_salvos = 8'
    once = drones(rule, launchers=1)
    again = drones(rule, launchers=1, reloads=3, launcher='reload_time = "20 s"')
    assert (once.spent.sum(axis=(1, 2)) == 4).all()
    assert (again.spent.sum(axis=(1, 2)) == 16).all()


def test_a_crew_takes_its_time() -> None:
    """20 s of crew delay: the first launch comes as much nearer as the target flies in that time."""
    def first(delay: int) -> float:
        text = scenario(raid(lat=38.1), horizon="15 min").replace('crew_delay = "0 s"', f'crew_delay = "{delay} s"')
        return float(np.nanmean(run(compiled(text), 40).threat_first_launch_s))

    assert first(20) - first(0) == pytest.approx(20.0, abs=1.5)


# -- channels work on what is there ------------------------------------------------------------
def channel_time(r) -> dict[str, float]:
    """Channel time by how the engagement ended: "vain" if the target was never held, else "other" [s]."""
    spent: dict[str, float] = defaultdict(float)
    for row in range(len(r.event_count)):
        n, begun, lost = r.event_count[row], defaultdict(list), None
        log = zip(r.event_time_s[row, :n], r.event_kind[row, :n], r.event_subject[row, :n], r.event_object[row, :n],
                  r.event_value[row, :n], strict=True)  # fmt: skip
        for t, kind, subject, unit, value in log:
            if kind == EV_ORDER:
                begun[unit, subject].append(t)
            elif kind == EV_LOST:
                lost = (unit, subject, t, value)
            elif kind == EV_RELEASE and begun[unit, subject]:
                vain = lost is not None and lost[:3] == (unit, subject, t) and lost[3] == 0
                spent["vain" if vain else "other"] += t - begun[unit, subject].pop(0)
    return spent


def test_a_hundred_cruise_missiles_do_not_waste_the_channels() -> None:
    """Catalogue radars: few orders in vain, hardly more tracks than objects."""
    r = run(compiled(as_published(low_raid(100), system=MAST)), 10)
    spent = channel_time(r)
    assert spent["vain"] < 0.1 * (spent["vain"] + spent["other"])
    assert r.tracks_confirmed.sum() <= 1.1 * 100 * 10


def test_no_order_goes_to_a_radar_that_cannot_see_the_target_yet() -> None:
    """One low flyer that the mast sees at 49 km and the engagement radars at 38: hardly an order in vain."""
    r = run(compiled(as_published(low_raid(1, width=0), system=MAST)), 100)
    assert r.not_held.sum() < 0.4 * 100
    assert (r.threat_outcome == KILLED).mean() > 0.9


@pytest.mark.parametrize("speed", [1000, 1400, 1700])
def test_fast_targets_are_tracked(speed: int) -> None:
    """Catalogue radars: up to the fastest that a scenario may hold, coming in and crossing."""
    for lat, lon in ((36.0, 33.0), (38.4, 30.2)):
        flown = raid(lat=lat, lon=lon).replace('speed = "250 m/s"', f'speed = "{speed} m/s"')
        if lon != 33.0:
            flown = flown.replace("[39.0, 33.0]", "[38.4, 35.8]").replace('aim = "centre"\n', "")
        r = run(compiled(as_published(flown.replace("8 km", "12 km"))), 60)
        assert np.isfinite(r.threat_first_track_s).mean() > 0.95
        assert (r.threat_shots > 0).mean() > 0.9


@pytest.mark.parametrize("assignment", ["optimal", "nearest-first"])
def test_targets_out_of_reach_change_nothing(assignment: str) -> None:
    """200 unarmed aircraft at 29 km, above every envelope, ahead of ten attackers: shot at as soon as without them."""
    def attack(high: int):
        flown = raid("attack", 10, lat=37.2, width=20)
        if high:
            above = raid("high", high, lat=37.65, width=28).replace("8 km", "29 km").replace('aim = "centre"\n', "")
            flown += above.replace("[39.0, 33.0]", "[40.35, 33.0]")
        text = as_published(
            flown, system='loads = { "48n6e3" = 4 }\n', extra='[assume.91n6e]\nelevation_max = "85 deg"\n'
        )
        text = text.replace('assignment = "optimal"', f'assignment = "{assignment}"')
        r = run(compiled(text), 20)
        return r, [k for k, name in enumerate(r.labels["threat"]) if name.startswith("attack")]

    (alone, a), (crowded, b) = attack(0), attack(200)
    assert (crowded.threat_outcome[:, b] == LEAKED).sum() <= (alone.threat_outcome[:, a] == LEAKED).sum() + 2
    far = [float(np.nanmean(r.threat_first_launch_range_m[:, k])) for r, k in ((alone, a), (crowded, b))]
    assert math.isclose(far[0], far[1], rel_tol=0.05)


def test_more_plots_than_a_sector_holds_is_told() -> None:
    """Thousands of false alarms a turn: the status says that plots were left out."""
    c = compiled(scenario(raid(lat=38.5), horizon="1 min"))
    c.plan.radars["false_alarms_per_scan"][0] = 40_000.0
    assert run(c, 2).status.tolist() == [PLOTS_FULL] * 2
