"""Rules of engagement, zones and the claims about evidence → what the loop knows of identities."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.compile.inputs import Inputs
from kalkan.earth.frames import Frame
from kalkan.earth.geodesy import geodetic_to_ecef
from kalkan.kernels import evidence
from kalkan.kernels.evidence import MOST_ASKED, MOST_OUTCOMES, RULES, ZONES, Identity, everything_hostile
from kalkan.kernels.plan import struct
from kalkan.models.identity import LEAST, N_SIDES, p_silent
from kalkan.scenario import Scenario, Zone
from kalkan.scenario.nouns.rules_of_engagement import CONTROL_WORDS, SIDE_WORDS, ZONE_WORDS, Control, RulesOfEngagement
from kalkan.schema import (
    AIRWAY,
    AIRWAY_ZONE,
    EMITTER,
    EVIDENCE,
    FRIENDLY,
    HOSTILE,
    IFF,
    ORIGIN,
    PROFILE,
    RESTRICTED,
    ROUTE,
    TRANSPONDER,
)

IDENTITY = "kalkan-identity"  # entry of the catalogue
Ask: TypeAlias = Callable[[str], float]  # a quantity of IDENTITY
BEHAVIOUR = (PROFILE, AIRWAY, ROUTE, RESTRICTED, ORIGIN)  # kinds of evidence that see one behaviour


def compile_identity(scenario: Scenario, frames: Sequence[Frame], inputs: Inputs) -> Identity:
    """What evidence weighs and who may be shot at; nothing where a scenario has no sides to tell apart.

    Parameters
    ----------
    scenario : Scenario
    frames : sequence of Frame, n_picture
        Of the pictures of the posts.
    inputs : Inputs
    """
    if not scenario.tells_sides_apart:
        return everything_hostile()

    def number(quantity: str) -> float:
        return inputs.number(IDENTITY, quantity)

    knows = scenario.identification
    zones = [*sorted(scenario.zones, key=lambda z: z.name), *_airways(scenario, inputs)]
    by_side = {q: _by_side(q, inputs) for q in _BY_SIDE}
    return Identity(
        on=1,
        period_s=number("interrogation_period"),
        memory_s=number("identity_memory"),
        cruise_m=number("cruise_altitude"),
        course=math.cos(number("airway_course")),
        p_reply=number("iff_reply"),
        p_broken=number("iff_broken"),
        p_imitated=number("iff_imitation"),
        p_planned=number("plan_correlation"),
        p_chance=float(by_side["plan_known"][HOSTILE]),
        p_heard=by_side["emitter_heard"],
        listens=int(knows is not None and knows.emitters),
        log_prior=np.log(_prior(scenario, inputs)),
        log_likelihood=_log_likelihood(by_side, zones, number),
        self_defence_m=_self_defence_m(scenario.rules_of_engagement or RulesOfEngagement(), inputs),
        rules=_rules(scenario.rules_of_engagement or RulesOfEngagement(), inputs),
        zones=_zones(zones),
        corner_m=_corners(zones, frames),
    )


_BY_SIDE = (
    "transponder_on", "plan_known", "profile_slow", "profile_low", "profile_cruise", "profile_fast", "airway_share",
    "route_share", "restricted_share", "emitter_heard",
)  # fmt: skip


def _by_side(quantity: str, inputs: Inputs) -> F8:
    """A quantity under each side."""
    return np.array([inputs.number(IDENTITY, quantity, side=side) for side in SIDE_WORDS])


def _airways(scenario: Scenario, inputs: Inputs) -> list[Zone]:
    """The airways that civil traffic flies, by name: charts show them to everybody."""
    lines = {t.name: t.airway for t in scenario.traffic if t.airway}
    width_m = inputs.number(IDENTITY, "airway_width") if lines else 0.0
    airway = ZONE_WORDS[AIRWAY_ZONE]
    return [Zone.model_construct(name=n, kind=airway, line=lines[n], width_m=width_m) for n in sorted(lines)]


def _prior(scenario: Scenario, inputs: Inputs) -> F8:
    """Shares of the sides among new tracks: as written, else as claimed."""
    written = scenario.identification and scenario.identification.prior
    shares = _by_side("prior_share", inputs)
    if written:
        shares = np.array([getattr(written, side) for side in SIDE_WORDS])
        for side, share in zip(SIDE_WORDS, shares.tolist(), strict=True):
            inputs.written(IDENTITY, "prior_share", share, "identity", side=side)
    return np.maximum(shares / shares.sum(), LEAST)


def _log_likelihood(by_side: dict[str, F8], zones: Sequence[Zone], number: Ask) -> F8:
    """Logarithm of P(outcome | side) by kind of evidence, outcome and side; 0 where nothing is told."""
    p = np.ones((len(EVIDENCE), MOST_OUTCOMES, N_SIDES))
    _fill_iff(p[IFF], number)
    _fill_transponder(p[TRANSPONDER], by_side["transponder_on"], by_side["plan_known"])
    _fill_profile(p[PROFILE], by_side)
    for kind, quantity in ((AIRWAY, "airway_share"), (ROUTE, "route_share"), (RESTRICTED, "restricted_share")):
        p[kind, evidence.INSIDE], p[kind, evidence.OUTSIDE] = by_side[quantity], 1.0 - by_side[quantity]
    _fill_origin(p[ORIGIN], zones, number)
    heard = by_side["emitter_heard"]
    p[EMITTER, evidence.HEARD], p[EMITTER, evidence.NOT_HEARD] = heard, 1.0 - heard
    logs: F8 = np.log(np.maximum(p, LEAST))
    logs[list(BEHAVIOUR)] *= number("evidence_weight")
    return logs


def _fill_iff(p: F8, number: Ask) -> None:
    """Military interrogation: who is no friend replies only by imitation."""
    silent = 1.0 - number("iff_imitation")
    p[evidence.IFF_REPLIED] = 1.0 - silent
    p[evidence.IFF_REPLIED, FRIENDLY] = 1.0 - number("iff_broken")
    for asked in range(1, MOST_ASKED + 1):
        p[evidence.IFF_NO_REPLY + asked] = silent
        p[evidence.IFF_NO_REPLY + asked, FRIENDLY] = p_silent(asked, number("iff_reply"), number("iff_broken"))


def _fill_transponder(p: F8, on: F8, known: F8) -> None:
    """Civil replies and flight plans: of one side independent of each other (kalkan's own simplification)."""
    p[evidence.PLAN_AND_REPLY], p[evidence.REPLY_ONLY] = on * known, on * (1.0 - known)
    p[evidence.PLAN_AND_SILENT], p[evidence.SILENT_ONLY] = (1.0 - on) * known, (1.0 - on) * (1.0 - known)
    p[evidence.PLAN_ONLY], p[evidence.NO_PLAN] = known, 1.0 - known


def _fill_profile(p: F8, by_side: dict[str, F8]) -> None:
    """Speed and height: four profiles, and whatever is left; shares that were drawn too large are scaled down."""
    shares = np.array([by_side[f"profile_{word}"] for word in ("slow", "low", "cruise", "fast")])
    shares = np.vstack([shares, np.maximum(1.0 - shares.sum(axis=0), LEAST)])
    p[evidence.SLOW : evidence.OTHER + 1] = shares / shares.sum(axis=0)


def _fill_origin(p: F8, zones: Sequence[Zone], number: Ask) -> None:
    """First seen in a side's zone of origin, or in none of them."""
    sides = {SIDE_WORDS.index(z.side) for z in zones if z.side is not None}
    for side in sides:
        p[1 + side] = number("origin_mismatch")
        p[1 + side, side] = number("origin_match")
    p[evidence.ELSEWHERE] = 1.0 - sum((p[1 + side] for side in sides), np.zeros(N_SIDES))


def _rules(written: RulesOfEngagement, inputs: Inputs) -> Struct:
    """Weapons control always, then in periods, which take from it what they leave open."""
    usual = _control(written, inputs)
    rows = [(0.0, math.inf, *usual)]
    for period in written.periods:
        what = usual[0] if period.weapons_control is None else CONTROL_WORDS.index(period.weapons_control)
        asks = usual[1] if period.required_confidence is None else period.required_confidence
        rows.append((period.from_s, math.inf if period.until_s is None else period.until_s, what, asks))
    from_s, until_s, control, confidence = (list(column) for column in zip(*rows, strict=True))
    return struct(RULES, from_s=from_s, until_s=until_s, control=control, confidence=confidence)


def _self_defence_m(written: RulesOfEngagement, inputs: Inputs) -> float:
    """How near it must be that a post may shoot in self-defence under hold [m]; 0: never."""
    if written.self_defence is None:
        allowed = inputs.word(IDENTITY, "self_defence") == "yes"
    else:
        allowed = written.self_defence
        inputs.written(IDENTITY, "self_defence", "yes" if allowed else "no", "rules_of_engagement")
    return inputs.number(IDENTITY, "self_defence_distance") if allowed else 0.0


def _control(written: Control, inputs: Inputs) -> tuple[int, float]:
    """Weapons control and confidence: as written, else as claimed."""
    asks = inputs.given(written.required_confidence, IDENTITY, "required_confidence", "rules_of_engagement")
    if written.weapons_control is None:
        return CONTROL_WORDS.index(inputs.word(IDENTITY, "weapons_control")), asks
    inputs.written(IDENTITY, "weapons_control", written.weapons_control, "rules_of_engagement")
    return CONTROL_WORDS.index(written.weapons_control), asks


def _outline(zone: Zone) -> Sequence[tuple[float, float]]:
    return zone.area or zone.line or ()


def _zones(zones: Sequence[Zone]) -> Struct:
    """Zones by name; one of no extent that holds never, where there are none."""
    ends = np.cumsum([len(_outline(z)) for z in zones], dtype=np.int64)
    if not zones:
        return np.zeros(1, ZONES)
    return struct(
        ZONES,
        kind=[ZONE_WORDS.index(z.kind) for z in zones],
        first=np.r_[0, ends[:-1]],
        last=ends,
        half_width_m=[0.0 if z.width_m is None else z.width_m / 2.0 for z in zones],
        floor_m=[-math.inf if z.floor is None else z.floor.metres for z in zones],
        ceiling_m=[math.inf if z.ceiling is None else z.ceiling.metres for z in zones],
        from_s=[z.from_s for z in zones],
        until_s=[math.inf if z.until_s is None else z.until_s for z in zones],
        side=[-1 if z.side is None else SIDE_WORDS.index(z.side) for z in zones],
        control=[-1 if z.weapons_control is None else CONTROL_WORDS.index(z.weapons_control) for z in zones],
        confidence=[math.nan if z.required_confidence is None else z.required_confidence for z in zones],
        as_hostile=[int(z.counts_as_hostile) for z in zones],
    )


def _corners(zones: Sequence[Zone], frames: Sequence[Frame]) -> F8:
    """East and north [m] of every corner in every picture's frame, at sea level."""
    places = [p for z in zones for p in _outline(z)]
    if not places:
        return np.zeros((len(frames), 1, 2))
    lat, lon = np.radians(np.array(places)).T
    ecef = np.column_stack(geodetic_to_ecef(lat, lon, np.zeros(len(places))))
    return np.array([[f.local(point)[:2] for point in ecef] for f in frames])
