"""Evidence about identities: what the loop knows of it, and what it keeps about each track and each object.

Without flights, zones or rules of engagement in the scenario every array here has one element, and the loop never
reads it: every track counts as hostile.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.kernels.fields import INDEX, About, Field, record, switched
from kalkan.schema import AIRWAY, EMITTER, EVIDENCE, IFF, ORIGIN, PROFILE, RESTRICTED, ROUTE, SIDES, TRANSPONDER

MOST_ASKED = 6  # interrogations without a reply that are told apart
MOST_OUTCOMES = 8  # of one kind of evidence, with UNTOLD
# outcomes; 0 is models.identity.UNTOLD
IFF_REPLIED, IFF_NO_REPLY = 1, 1  # replied; IFF_NO_REPLY + n: none of n interrogations
PLAN_AND_REPLY, REPLY_ONLY, PLAN_AND_SILENT, SILENT_ONLY, PLAN_ONLY, NO_PLAN = range(1, 7)  # civil transponder and plan
SLOW, LOW, CRUISE, FAST, OTHER = range(1, 6)  # profile
INSIDE, OUTSIDE = 1, 2  # airway, route, restricted zone
ELSEWHERE = 1 + len(SIDES)  # origin: 1 + side, or nowhere of those
HEARD, NOT_HEARD = 1, 2  # emitter
NOT_KNOWN = len(SIDES)  # verdict

SIDE = "flights, traffic, zones, identity or rules_of_engagement"
RULE_FIELDS = (  # weapons control, the last that holds counts; the first holds always
    Field("from_s", "f8", "s", "when it begins", switched("rules_of_engagement.periods")),
    Field("until_s", "f8", "s", "when it ends, inf: never", switched("rules_of_engagement.periods")),
    Field("control", "i8", "", "a code of schema.CONTROLS", switched("rules_of_engagement: weapons_control, a word")),
    Field("confidence", "f8", "1", "probability that it asks for",
          switched("rules_of_engagement: required_confidence")),
)  # fmt: skip
ZONE_FIELDS = (
    Field("kind", "i8", "", "a code of schema.ZONES", switched("zones.kind")),
    Field("first", "i8", "", "its first corner", INDEX),
    Field("last", "i8", "", "one past its last", INDEX),
    Field("half_width_m", "f8", "m", "of a corridor, whose corners are its middle line", switched("zones.width")),
    Field("floor_m", "f8", "m", "lowest altitude above the sea, -inf: none", switched("zones.floor")),
    Field("ceiling_m", "f8", "m", "highest, inf: none", switched("zones.ceiling")),
    Field("from_s", "f8", "s", "when it begins to hold", switched("zones.from")),
    Field("until_s", "f8", "s", "when it ends, inf: never", switched("zones.until")),
    Field("side", "i8", "", "whose zone of origin it is: a code of schema.SIDES", switched("zones.side")),
    Field("control", "i8", "", "of a weapons zone: a code of schema.CONTROLS, -1: as outside",
          switched("zones.weapons_control")),
    Field("confidence", "f8", "1", "of a weapons zone, nan: as outside", switched("zones.required_confidence")),
    Field("as_hostile", "i8", "", "1: the rules take everything in it for hostile",
          switched("zones.counts_as_hostile")),
)  # fmt: skip
RULES, ZONES = map(record, (RULE_FIELDS, ZONE_FIELDS))
_WEIGHS = "iff_* transponder_on plan_known profile_* *_share origin_* emitter_heard evidence_weight"


class Identity(NamedTuple):
    """What evidence weighs, and who may be shot at; arrays of one element each where it is off."""

    on: Annotated[int, About("", "1: posts tell sides apart", switched(SIDE))]
    period_s: Annotated[float, About("s", "between two looks at a track's identity", switched("interrogation_period"))]
    memory_s: Annotated[float, About("s", "a reply identifies its track for", switched("identity_memory"))]
    cruise_m: Annotated[float, About("m", "altitude from which on airliners cruise", switched("cruise_altitude"))]
    course: Annotated[
        float, About("1", "cosine of the angle within which a track flies along an airway", switched("airway_course"))
    ]
    p_reply: Annotated[float, About("1", "that a sound set replies to an interrogation", switched("iff_reply"))]
    p_broken: Annotated[float, About("1", "that it replies to none of a flight", switched("iff_broken"))]
    p_imitated: Annotated[float, About("1", "that who is no friend replies validly", switched("iff_imitation"))]
    p_planned: Annotated[float, About("1", "that a filed flight is found under its plan", switched("plan_correlation"))]
    p_chance: Annotated[float, About("1", "that another is by chance", switched("plan_known: hostile"))]
    p_heard: Annotated[F8, About("1", "(3,) that an emitter of a side is heard", switched("emitter_heard"))]
    listens: Annotated[int, About("", "1: posts hear emitters", switched("identity.emitters"))]
    log_prior: Annotated[F8, About("1", "(3,) before any evidence", switched("identity.prior, prior_share"))]
    log_likelihood: Annotated[
        F8, About("1", "(kind of evidence, outcome, side) of models.identity", switched(f"kalkan-identity: {_WEIGHS}"))
    ]
    self_defence_m: Annotated[
        float, About("m", "under hold a post may shoot at a hostile that flies so near at a unit of it; 0: no",
                     switched("rules_of_engagement.self_defence, self_defence_distance"))
    ]  # fmt: skip
    rules: Annotated[Struct, RULE_FIELDS]  # (n_rule,)
    zones: Annotated[Struct, ZONE_FIELDS]  # (n_zone,)
    corner_m: Annotated[
        F8, About("m", "(picture, corner, 2) east and north of corners in each picture's frame", switched("zones"))
    ]


WHO = np.dtype(
    [  # what a post knows of who a track is, (n_picture, slot)
        ("serial", "i8"),  # of the track that it is about
        ("cleared", "i8"),  # serial of the track if the rules allow to shoot at it; else -1
        ("asked_for", "i8"),  # serial of the track that external sources have asked since the last look; else -1
        ("asked", "i8"),  # interrogations since the last reply was forgotten
        ("replied_s", "f8"),  # last valid reply [s]
        ("outcome", "i8", len(EVIDENCE)),  # of each kind of evidence
        ("p", "f8", len(SIDES)),  # P(hostile), P(friendly), P(neutral)
        ("verdict", "i8"),  # the side that it is known as; len(SIDES): not known
    ],
    align=True,
)
SIGNS = np.dtype(
    [  # what a true object shows of itself in this replication, (n_threat,)
        ("valid", "i8"),  # 1: it can reply as a friend
        ("planned", "i8"),  # 1: it is found under a flight plan
        ("heard", "i8"),  # 1: a hostile emitter is heard from it
    ],
    align=True,
)


class Known(NamedTuple):
    """What changes while a replication runs."""

    who: Struct  # (n_picture, slot) WHO
    signs: Struct  # (n_threat,) SIGNS


def allocate(identity: Identity, n_picture: int, n_threat: int, slots: int) -> Known:
    """Room for what posts know, or for nothing."""
    if not identity.on:
        return Known(np.zeros((1, 1), WHO), np.zeros(1, SIGNS))
    return Known(np.zeros((n_picture, slots), WHO), np.zeros(n_threat, SIGNS))


def everything_hostile() -> Identity:
    """No evidence, no rules: as if every track were hostile."""
    zeros = np.zeros
    rules, zones = zeros(1, RULES), zeros(1, ZONES)
    shapes: Any = (zeros(1), zeros((1, 1, 1)), zeros((1, 1, 1)))
    return Identity(
        0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, shapes[0], 0, zeros(1), shapes[1], 0.0, rules, zones, shapes[2]
    )


_SAID: dict[int, tuple[str, ...]] = {  # by kind of evidence, what its outcomes say
    IFF: (
        "", "replied", "no reply to 1 interrogation",
        *(f"no reply to {n} interrogations" for n in range(2, MOST_ASKED)), f"no reply to {MOST_ASKED} or more",
    ),
    TRANSPONDER: (
        "", "replies, on a flight plan", "replies, on no flight plan", "silent, on a flight plan",
        "silent, on no flight plan", "on a flight plan", "on no flight plan",
    ),
    PROFILE: ("", "slow", "low", "cruises like an airliner", "supersonic", "like nothing in particular"),
    AIRWAY: ("", "along an airway", "on no airway"),
    ROUTE: ("", "in a minimum-risk route", "in no minimum-risk route"),
    RESTRICTED: ("", "in a restricted zone", "in no restricted zone"),
    ORIGIN: ("", *(f"from a {side.word} zone of origin" for side in SIDES), "from no zone of origin"),
    EMITTER: ("", "a hostile emitter is heard", "nothing is heard"),
}  # fmt: skip


def told(code: int) -> dict[str, str]:
    """Words of what evidence said, from an entry of the trace (``trace.keep_identity``); silent kinds are left out."""
    said = {kind: _SAID[kind][code // MOST_OUTCOMES**kind % MOST_OUTCOMES] for kind in range(len(EVIDENCE))}
    return {EVIDENCE[kind].word: words for kind, words in said.items() if words}
