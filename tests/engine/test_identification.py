"""Identities in the real loop: what is shot at follows from evidence by Bayes' rule, and from the rules of engagement.

Shares are held against the probability, worked out by hand, of the evidence that passes the threshold.
"""

import math

import numpy as np
import pytest

from kalkan.engine.retelling import _beliefs
from kalkan.errors import ProblemsError
from kalkan.kernels import rooms
from kalkan.kernels import trace as traces
from kalkan.kernels.evidence import (
    CRUISE,
    IFF_NO_REPLY,
    IFF_REPLIED,
    INSIDE,
    LOW,
    MOST_OUTCOMES,
    NO_PLAN,
    OUTSIDE,
    PLAN_AND_REPLY,
    SILENT_ONLY,
)
from kalkan.kernels.mission import trace_one
from kalkan.kernels.records import allocate
from kalkan.physics import posterior
from kalkan.schema import (
    AIRWAY,
    EV_CEASED,
    EV_KNOWN_FRIENDLY,
    EV_KNOWN_HOSTILE,
    EVIDENCE,
    IFF,
    KILLED,
    LEAKED,
    MISLED_BY_EVIDENCE,
    NOT_IDENTIFIED,
    ON_HOLD,
    ORIGIN,
    PROFILE,
    RESTRICTED,
    ROUTE,
    TRANSPONDER,
)
from tests.engine import harness

FLIGHT = """
[[flights]]
name = "{name}"
type = "{type}"
count = {count}
route = [
  {{ position = [{lat}, 33.0], altitude = "{altitude}" }},
  {{ position = [38.9, 33.0], altitude = "{altitude}" }},
]
speed = "240 m/s"
spacing = "40 s"
{more}
"""
RULES = '\n[rules_of_engagement]\nweapons_control = "{0}"\nrequired_confidence = {1}\nself_defence = false\n'
AREA = "[[38.0, 32.5], [38.0, 33.5], [40.0, 33.5], [40.0, 32.5]]"
FAR = harness.raid(lat=36.5)  # it comes when all is over
W = 0.8  # evidence_weight


def flight(name="own", kind="f-16c", count=3, lat=38.4, altitude="600 m MSL", more="flight_plan = false"):
    return FLIGHT.format(name=name, type=kind, count=count, lat=lat, altitude=altitude, more=more)


def assume(**figures):
    return "\n[assume.kalkan-identity]\n" + "".join(f"{k} = {v}\n" for k, v in figures.items())


def scene(flights, more="", rules=("tight", 0.9), raids=FAR, horizon="9 min", **given):
    told = RULES.format(*rules) if rules else ""
    return harness.scenario(raids + flights, horizon=horizon, p=1.0, extra=more + told, **given)


def others(found, name):
    """A variable of the threats that are not the raid's, the raid being first."""
    n = sum(label.startswith("raid ") for label in found.labels["threat"])
    return getattr(found, name)[:, n:]


def held_by(expected, shot):
    """Within four standard errors of a binomial share."""
    n = shot.size
    return abs(shot.mean() - expected) < 4.0 * math.sqrt(expected * (1.0 - expected) / n)


def thoughts(text, replication=0):
    """(t, threat, outcomes, p) of every change of mind in one replication."""
    found = harness.compiled(text)
    state = trace_one(found.plan, 1, 0, replication, allocate(1, found.sizes), 200_000)
    told = state.trace.entries[: int(state.trace.n[0])]
    told = told[told["kind"] == traces.IDENTITY]
    digits = [[int(c) // MOST_OUTCOMES**k % MOST_OUTCOMES for k in range(len(EVIDENCE))] for c in told["code"]]
    return found, told["t_s"], told["threat"], np.array(digits), told["x"][:, :3]


# ------------------------------------------------------------------ shares in closed form


def test_friends_are_shot_at_as_often_as_their_sets_are_broken():
    """A sound set always replies, and a reply clears: what is left is iff_broken."""
    found = harness.compiled(scene(flight(), assume(iff_reply=1.0, iff_broken=0.3)))
    ran = harness.run(found, 150)
    shot = others(ran, "threat_shots") > 0
    assert held_by(0.3, shot)
    assert np.array_equal(shot, np.isfinite(others(ran, "threat_p_hostile_at_shot")))


def test_a_friend_that_is_asked_once_is_shot_at_unless_it_replies():
    """Orders and launches come within the ten seconds to the next look: b + (1 - b)(1 - r)."""
    found = harness.compiled(scene(flight(), assume(iff_reply=0.6, iff_broken=0.1)))
    assert held_by(0.1 + 0.9 * 0.4, others(harness.run(found, 150), "threat_shots") > 0)


def test_a_reply_before_the_launch_breaks_the_engagement_off():
    """With a reaction of 25 s two more looks come before the launch: r must fail three times."""
    text = scene(flight(count=1), assume(iff_reply=0.5, iff_broken=0.0)).replace(
        'reaction_time = "1 s"', 'reaction_time = "25 s"'
    )
    ran = harness.run(harness.compiled(text), 300)
    shot, track_s = others(ran, "threat_shots")[:, 0] > 0, others(ran, "threat_first_track_s")[:, 0]
    looks = np.floor(others(ran, "threat_first_launch_s")[shot, 0] / 10.0) - np.floor(track_s[shot] / 10.0)
    assert (looks == looks[0]).all() and looks[0] > 1
    assert held_by(0.5 ** looks[0], shot)
    ceased = (ran.event_kind == EV_CEASED).any(axis=1)
    assert ceased[~shot].sum() > 20


# ------------------------------------------------------------------ probabilities by hand


def test_probabilities_of_a_silent_low_friend_by_hand():
    """Prior, no reply, silent without a plan, low; each row from the claims, behaviour to the power of W."""
    text = scene(flight(count=1), assume(iff_reply=0.9, iff_broken=1.0))
    _, _, threat, digits, p = thoughts(text)
    first = np.flatnonzero(threat == 1)[0]
    assert digits[first, [IFF, TRANSPONDER, PROFILE]].tolist() == [IFF_NO_REPLY + 1, SILENT_ONLY, LOW]
    no_reply = [0.998, 1.0, 0.998]
    silent = [0.97 * 0.98, 0.5 * 0.4, 0.02 * 0.05]
    by_hand = posterior([0.4, 0.2, 0.4], no_reply, silent, [0.35, 0.1, 0.03], weights=[1, 1, W])
    assert p[first] == pytest.approx(by_hand, rel=1e-9)


def test_probabilities_of_an_airliner_by_hand():
    """It replies, is on its plan, cruises, and flies along the airway; there is a route it is not in."""
    zones = """
[[zones]]
name = "A1"
kind = "airway"
line = [[37.5, 33.0], [40.0, 33.0]]
width = "10 km"
[[zones]]
name = "R1"
kind = "minimum-risk-route"
line = [[37.5, 34.0], [40.0, 34.0]]
width = "10 km"
"""
    airliner = flight("liner", "airliner", 1, 38.2, "10 km MSL", 'side = "neutral"')
    _, _, threat, digits, p = thoughts(scene(airliner, zones + assume(plan_correlation=1.0)))
    last = np.flatnonzero(threat == 1)[-1]
    told = digits[last, [IFF, TRANSPONDER, PROFILE, AIRWAY, ROUTE, RESTRICTED, ORIGIN]]
    assert told.tolist() == [IFF_NO_REPLY + 6, PLAN_AND_REPLY, CRUISE, 1, 2, 0, 0]
    no_reply = [0.998, 0.05 + 0.95 * 0.1**6, 0.998]
    rows = [no_reply, [0.03 * 0.02, 0.5 * 0.6, 0.98 * 0.95], [0.05, 0.15, 0.7], [0.1, 0.15, 0.85], [0.97, 0.3, 0.97]]
    by_hand = posterior([0.4, 0.2, 0.4], *rows, weights=[1, 1, W, W, W])
    assert p[last] == pytest.approx(by_hand, rel=1e-6)
    assert by_hand[2] > 0.99


@pytest.mark.parametrize(("iff", "told"), [("incompatible", (0, SILENT_ONLY)), ("none", (0, NO_PLAN))])
def test_an_interrogator_that_friends_do_not_answer_tells_nothing_of_them(iff, told):
    text = scene(flight(count=1)).replace('type = "s-400"', f'type = "s-400"\niff = "{iff}"')
    _, _, threat, digits, _ = thoughts(text)
    mine = digits[threat == 1]
    assert (mine[:, [IFF, TRANSPONDER]] == told).all()


@pytest.mark.parametrize("iff", ["compatible", "none"])
@pytest.mark.parametrize(("identifies", "told"), [("true", (IFF_REPLIED, SILENT_ONLY)), ("false", (0, NO_PLAN))])
def test_what_only_an_external_source_sees_is_asked_by_it_if_at_all(identifies, told, iff):
    """The post's radars are blind; an allied radar tells of a friend that would reply, whatever the post asks."""
    eye = f'[[sources]]\nname = "eye"\ntype = "allied-radar"\nposition = [39.0, 33.0]\nidentifies = {identifies}\n'
    text = scene(flight(count=1, altitude="8 km MSL"), eye + assume(iff_broken=0.0, iff_reply=1.0))
    text = text.replace('type = "s-400"', f'type = "s-400"\nexternal_picture = true\niff = "{iff}"')
    _, _, threat, digits, _ = thoughts(text.replace('detection_range = "20000 km"', 'detection_range = "100 m"', 2))
    mine = digits[threat == 1]
    assert len(mine) and tuple(mine[-1, [IFF, TRANSPONDER]]) == told


def test_where_a_track_began_counts_for_its_side():
    zone = f'[[zones]]\nname = "bases"\nkind = "origin"\nside = "friendly"\narea = {AREA}\n'
    near, far = flight(count=1, lat=38.4), flight(count=1, lat=37.8)
    for where, outcome, row in ((near, 2, [0.05, 0.7, 0.05]), (far, 4, [0.95, 0.3, 0.95])):
        with_zone, without = thoughts(scene(where, zone)), thoughts(scene(where))
        (one, other) = (p[threat == 1][0] for _, _, threat, _, p in (with_zone, without))
        assert with_zone[3][with_zone[2] == 1][0, ORIGIN] == outcome
        assert one == pytest.approx(posterior(other, row, weights=[W]), rel=1e-9)


def test_emitters_are_heard_only_where_posts_listen():
    loud = assume(emitter_heard='{ hostile = 1.0, friendly = 0.0, neutral = 0.0 }')
    both = scene(flight(count=1), loud, raids=harness.raid(lat=38.2))
    _, _, threat, digits, _ = thoughts(both + "[identity]\nemitters = true\n")
    assert (digits[threat == 0, -1] == 1).all() and (digits[threat == 1, -1] == 2).all()
    assert (thoughts(both)[3][:, -1] == 0).all()


def test_airways_of_traffic_are_evidence():
    """An airliner of [[traffic]] flies along its airway; a friend beside it does not."""
    traffic = """
[[traffic]]
name = "A1"
airway = [[37.5, 33.6], [40.0, 33.6]]
flights_per_hour = 20
arrivals = "even"
levels = ["FL330"]
"""
    found, _, threat, digits, _ = thoughts(scene(flight(count=1), traffic))
    names = [found.labels["threat"][i] for i in threat]
    told = {(name.split()[0], outcome) for name, outcome in zip(names, digits[:, AIRWAY].tolist(), strict=True)}
    assert told == {("A1", INSIDE), ("own", OUTSIDE), ("raid", OUTSIDE)}


def test_a_prior_of_ones_own():
    text = scene(flight(count=1)) + "[identity]\nprior = { hostile = 2, friendly = 1, neutral = 1 }\n"
    with pytest.raises(ProblemsError, match="must be between 0 and 1"):
        harness.compiled(text)
    text = text.replace("hostile = 2, friendly = 1, neutral = 1", "hostile = 0.5, friendly = 0.25, neutral = 0.25")
    found = harness.compiled(text)
    assert found.plan.identity.log_prior == pytest.approx(np.log([0.5, 0.25, 0.25]))


# ------------------------------------------------------------------ rules of engagement


def test_weapons_hold_holds_and_leakers_say_so():
    ran = harness.run(harness.compiled(scene("", rules=("hold", 0.9), raids=harness.raid(count=2, lat=38.4))), 2)
    assert ran.threat_shots.sum() == 0 and (ran.threat_outcome == LEAKED).all()
    assert (ran.threat_reason == ON_HOLD).all()


def test_under_hold_a_post_defends_itself():
    """Only at what is known as hostile, flies at a unit and is as near as claimed; the rules may say so, or not."""
    unsaid = RULES.format("hold", 0.9).replace("self_defence = false\n", "")
    near = harness.raid(count=2, lat=38.4)
    for rules in (unsaid, unsaid + "self_defence = true\n"):
        ran = harness.run(harness.compiled(scene("", rules, rules=None, raids=near)), 2)
        assert (ran.threat_outcome == KILLED).all() and (ran.threat_p_hostile_at_shot >= 0.9).all()
        assert (ran.threat_first_launch_range_m < math.hypot(20e3, 8e3)).all(), "beyond, hold holds"
    beyond_doubt = scene("", unsaid.replace("0.9", "1.0"), rules=None, raids=near)
    assert harness.run(harness.compiled(beyond_doubt), 2).threat_shots.sum() == 0
    past = harness.raid(count=2, lat=38.4, lon=33.5).replace("[39.0, 33.0]", "[39.6, 33.5]")
    past = past.replace('aim = "centre"', "")
    assert harness.run(harness.compiled(scene("", unsaid, rules=None, raids=past)), 2).threat_shots.sum() == 0


def test_tight_shoots_at_what_is_known_as_hostile_and_else_tells_why_not():
    raids = harness.raid(count=2, lat=38.4)
    ran = harness.run(harness.compiled(scene("", rules=("tight", 0.9), raids=raids)), 2)
    assert (ran.threat_outcome == KILLED).all()
    assert (ran.threat_p_hostile_at_shot >= 0.9).all() and (ran.threat_misled_by == 0).all()
    ran = harness.run(harness.compiled(scene("", rules=("tight", 1.0), raids=raids)), 2)
    assert (ran.threat_outcome == LEAKED).all() and (ran.threat_reason == NOT_IDENTIFIED).all()


def test_free_shoots_at_what_is_not_known():
    """P(hostile) of a friend behind an incompatible interrogator is near 0.96: free and tight differ at the odds."""
    text = scene(flight(), rules=("free", 0.9), launchers=12).replace('type = "s-400"', 'type = "s-400"\niff = "none"')
    ran = harness.run(harness.compiled(text), 4)
    p = others(ran, "threat_p_hostile_at_shot")
    assert np.isfinite(p).all() and (1.0 - p < 0.9).all()
    everything = scene(flight(), assume(iff_broken=0.0, iff_reply=1.0), rules=("free", 1.0))
    assert (others(harness.run(harness.compiled(everything), 2), "threat_shots") > 0).all()


def test_a_period_of_hold_ends():
    rules = RULES.format("tight", 0.9) + '[[rules_of_engagement.periods]]\nuntil = "3 min"\nweapons_control = "hold"\n'
    ran = harness.run(harness.compiled(scene("", rules, rules=None, raids=harness.raid(count=2, lat=37.8))), 2)
    assert (ran.threat_first_launch_s >= 180.0).all() and (ran.threat_first_launch_s < 200.0).all()


def test_a_weapons_zone_has_its_own_control():
    zone = f'[[zones]]\nname = "town"\nkind = "weapons"\narea = {AREA}\nweapons_control = "free"\n'
    zone += 'ceiling = "9 km MSL"\n'
    raids = harness.raid(count=1, lat=37.4)
    ran = harness.run(harness.compiled(scene("", zone, rules=("hold", 0.9), raids=raids, horizon="20 min")), 2)
    start_m = 39.0 - 37.4
    entered_s = ran.threat_start_s + (38.0 - 37.4) * 111_000.0 / 250.0
    assert start_m > 0 and (ran.threat_first_launch_s >= entered_s - 1.0).all()
    assert (ran.threat_first_launch_s < entered_s + 25.0).all()
    low = zone.replace("9 km MSL", "7 km MSL")
    ran = harness.run(harness.compiled(scene("", low, rules=("hold", 0.9), raids=raids, horizon="20 min")), 2)
    assert ran.threat_shots.sum() == 0


def test_of_two_weapons_zones_the_strictest_rules():
    """Whichever comes first by name; a place outside of both goes by the rules."""
    zone = '[[zones]]\nname = "{0}"\nkind = "weapons"\narea = ' + AREA + '\nweapons_control = "{1}"\n'
    raids = harness.raid(count=1, lat=38.2)
    for first, second in (("free", "hold"), ("hold", "free")):
        both = zone.format("a", first) + zone.format("b", second)
        ran = harness.run(harness.compiled(scene("", both, rules=("free", 1.0), raids=raids)), 1)
        assert ran.threat_shots.sum() == 0 and (ran.threat_reason == ON_HOLD).all()
    later = zone.format("a", "free") + zone.format("b", "hold") + 'from = "8 min"\n'
    ran = harness.run(harness.compiled(scene("", later, rules=("hold", 1.0), raids=raids)), 1)
    assert (ran.threat_outcome == KILLED).all()


def test_a_recording_tells_what_a_post_thought_and_why():
    found = harness.compiled(scene(flight(count=1, more='flight_plan = false\niff = "failed"')))
    state = trace_one(found.plan, 1, 0, 0, allocate(1, found.sizes), 200_000)
    entries = state.trace.entries[: int(state.trace.n[0])]
    told = [b for b in _beliefs(entries[entries["kind"] == traces.IDENTITY], found.labels["post"]) if b.threat == 1]
    assert told[0].evidence == {
        "IFF": "no reply to 1 interrogation", "transponder and flight plan": "silent, on no flight plan",
        "speed and height": "low",
    }  # fmt: skip
    assert told[1].evidence["IFF"] == "no reply to 2 interrogations"
    assert [b.t_s for b in told] == sorted(b.t_s for b in told) and all(sum(b.p) == pytest.approx(1.0) for b in told)
    assert told[1].p[1] < told[0].p[1] and len({b.track for b in told}) == 1


def test_all_in_a_restricted_zone_may_count_as_hostile():
    """Friends that reply are shot at in it; without the word, being there is only evidence."""
    zone = f'[[zones]]\nname = "city"\nkind = "restricted"\narea = {AREA}\ncounts_as_hostile = true\n'
    sound = assume(iff_broken=0.0, iff_reply=1.0)
    ran = harness.run(harness.compiled(scene(flight(count=2), zone + sound)), 2)
    assert (others(ran, "threat_shots") > 0).all() and (others(ran, "threat_p_hostile_at_shot") < 0.5).all()
    ran = harness.run(harness.compiled(scene(flight(count=2), zone.replace("true", "false") + sound)), 2)
    assert (others(ran, "threat_shots") == 0).all()


def test_a_route_saves_friends_whose_sets_are_broken():
    route = '[[zones]]\nname = "home"\nkind = "minimum-risk-route"\nwidth = "6 km"\n'
    route += "line = [[38.0, 33.0], [40.0, 33.0]]\n"
    broken = assume(iff_broken=1.0, required_confidence=0.9)
    shot = [
        (others(harness.run(harness.compiled(scene(flight(), more + broken)), 2), "threat_shots") > 0).all()
        for more in ("", route)
    ]
    assert shot == [True, False]


def test_what_misled_is_told():
    """A silent low friend: the transponder's row weighs ln(0.951/0.2), more than no reply and height."""
    ran = harness.run(harness.compiled(scene(flight(count=1), assume(iff_broken=1.0, iff_reply=0.2))), 2)
    assert (others(ran, "threat_misled_by") == MISLED_BY_EVIDENCE + TRANSPONDER).all()


# ------------------------------------------------------------------ tracks, not truth


def test_a_track_that_follows_another_object_keeps_its_reply():
    """A friend lands where an enemy comes on: the track goes on, and covers it until the reply is forgotten."""
    seconds = 0.6 * 111_195.0 / 240.0
    friend = flight(count=1, lat=37.8, altitude="8 km MSL").replace("[38.9, 33.0]", "[38.4, 33.0]")
    raids = harness.raid(count=1, lat=38.401).replace(
        'aim = "centre"', f'aim = "centre"\nstart = "{seconds + 1.0:.1f} s"'
    ).replace("250 m/s", "240 m/s")
    shots = []
    for memory in ("30 s", "900 s"):
        known = "{ hostile = 0.0, friendly = 0.6, neutral = 0.95 }"  # no enemy is on a flight plan by chance
        sound = assume(iff_broken=0.0, iff_reply=1.0, identity_memory=f'"{memory}"', plan_known=known)
        found = harness.compiled(scene(friend, sound, raids=raids, horizon="12 min"))
        ran = harness.run(found, 8)
        covered = ran.tracks_confirmed.sum(axis=1) == 1  # the enemy has no track of its own
        assert covered.sum() > 2
        shots.append(ran.threat_shots[covered, 0] > 0)
        late = (ran.threat_reason[covered, 0] == NOT_IDENTIFIED) | shots[-1]
        assert late.all()
    assert shots[0].all() and not shots[1].any()


def test_verdicts_are_noted_in_the_log():
    ran = harness.run(harness.compiled(scene(flight(count=1), assume(iff_broken=0.0, iff_reply=1.0))), 1)
    kinds = ran.event_kind[0, : ran.event_count[0]]
    subjects = ran.event_subject[0, : ran.event_count[0]]
    assert (subjects[kinds == EV_KNOWN_FRIENDLY] == 1).all() and (kinds == EV_KNOWN_FRIENDLY).sum() == 1
    assert not (kinds == EV_KNOWN_HOSTILE)[subjects == 1].any()


def test_a_replication_depends_on_its_own_number_alone():
    """Nothing that a post knew goes over into the next replication."""
    found = harness.compiled(scene(flight(), assume(iff_reply=0.6, iff_broken=0.3)))
    together, alone = harness.run(found, 5), harness.run(found, 1, first=4)
    assert others(together, "threat_shots").any()
    for name in ("threat_shots", "threat_p_hostile_at_shot", "threat_misled_by", "event_time_s", "event_kind"):
        assert getattr(together, name)[4].tobytes() == getattr(alone, name)[0].tobytes(), name


# ------------------------------------------------------------------ off


def test_without_sides_there_is_no_room_and_nothing_is_booked():
    found = harness.compiled(harness.scenario(harness.raid(count=2)))
    assert "look_who" not in rooms.names(found.plan) and found.plan.identity.on == 0
    ran = harness.run(found, 2)
    assert np.isnan(ran.threat_p_hostile_at_shot).all() and (ran.threat_misled_by == 0).all()
    asked = {r["entry"] for r in found.attrs["inputs"]}
    assert "kalkan-identity" not in asked
