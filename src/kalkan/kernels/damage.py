"""What the loop knows of parts of the defence that can be put out, and in what condition they are.

Parts are command posts, radars, links of fire units, and launchers. Each part is out until a time: by an outage that
the scenario writes, or by a leaker that hit the place where it stands. Whoever leads a fire unit then is its *rank*:
its own post, the post that it is handed over to, or itself. The fields of ``plan.units`` and ``plan.radars`` that hang
on who leads are kept here for every rank; ``kernels.outage`` writes those that hold into the block's own copies.
Where nothing can be put out every array here has no length.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, U1, Struct
from kalkan.kernels.fields import INDEX, About, Field, follows, given, record, switched

POST, RADAR, LINK, LAUNCHER = range(4)  # parts.kind
OWN, SUCCESSOR, ALONE = range(3)  # ranks: who leads a fire unit
N_RANKS = 3
KEY = Field("key", "u8", "", "hash of the name", INDEX)
ALWAYS, CUED, BLINKING, WARY = range(4)  # emissions.manner
NEED = "[[outages]], systems.emission or decoy_emitters, or raids.aim at a part of the defence"

PART_FIELDS = (
    KEY,
    Field("kind", "i8", "", "POST, RADAR, LINK or LAUNCHER", INDEX),
    Field("index", "i8", "", "among the pictures, radars, units (of a link) or launchers", INDEX),
    Field("p_out", "f8", "1", "chance that a hit on its place puts it out",
          switched("raids.aim at it: post_put_out, radar_put_out, launcher_put_out")),
    Field("beyond_repair", "f8", "1", "and that it then stays out", switched("raids.aim at it: beyond_repair")),
    Field("repair_s", "f8", "s", "mean time of its repair otherwise", switched("raids.aim at it: repair_time")),
)  # fmt: skip
OUTAGE_FIELDS = (  # one for each part of each outage; those of one outage share its key, and go out together
    KEY,
    Field("part", "i8", "", "index into parts", INDEX),
    Field("from_s", "f8", "s", "when it goes out, if once", switched("outages.from")),
    Field("until_s", "f8", "s", "and is back; inf: never", switched("outages.until")),
    Field("probability", "f8", "1", "that it happens at all", switched("outages.probability")),
    Field("up_s", "f8", "s", "mean time between failures, if again and again; 0: once",
          switched("outages.mean_time_between_failures")),
    Field("down_s", "f8", "s", "and mean time to repair", switched("outages.mean_time_to_repair")),
)  # fmt: skip
LED_UNIT_FIELDS = (  # what a fire unit is under each rank of leader
    Field("picture", "i8", "", "who orders it, -1: there is no such leader", INDEX, N_RANKS),
    Field("position_m", "f8", "m", "in that picture's frame", follows("units.position_m and systems.hand_over"),
          (N_RANKS, 3)),
    Field("on_remote", "i8", "", "1: it may engage on what only an external source holds", switched(NEED), N_RANKS),
)  # fmt: skip
LED_RADAR_FIELDS = (  # the same of a radar
    Field("picture", "i8", "", "that it feeds, -1: none", INDEX, N_RANKS),
    Field("to_picture", "f8", "1", "local east-north-up → its picture's frame",
          follows("radars.to_picture and systems.hand_over"), (N_RANKS, 3, 3)),
    Field("offset_m", "f8", "m", "antenna in that frame", follows("radars.offset_m and systems.hand_over"),
          (N_RANKS, 3)),
)  # fmt: skip
EMISSION_FIELDS = (  # when each radar that searches transmits
    Field("manner", "i8", "", "ALWAYS, CUED, BLINKING or WARY", given("systems.emission.manner")),
    Field("on_s", "f8", "s", "it blinks: on for so long", switched("systems.emission.on")),
    Field("off_s", "f8", "s", "and off", switched("systems.emission.off")),
    Field("range_m", "f8", "m", "a track within this distance cues it, or is a threat to it",
          switched("systems.emission.range")),
    Field("hold_s", "f8", "s", "after the last it stays on, or off, for so long", switched("systems.emission.hold")),
    Field("miss_m", "f8", "m", "a track that will pass it this near is a threat to it",
          switched("systems.emission: strike_distance")),
    Field("decoys", "f8", "1", "radars that the decoy emitters at its place draw as much as",
          switched("systems.decoy_emitters: decoy_attraction")),
)  # fmt: skip
HOMING_FIELDS = (  # by type of air vehicle
    Field("homes", "i8", "", "1: it homes on what transmits", switched("raids.type: homes_on_emitters, a word")),
    Field("memory_s", "f8", "s", "it flies on to an emitter that fell silent this lately as to one that transmits",
          switched("raids.type: emitter_memory")),
    Field("silent_share", "f8", "1", "and hits one that fell silent before with this share of its chance",
          switched("raids.type: silent_hit_share")),
)  # fmt: skip
PARTS, OUTAGES = record(PART_FIELDS), record(OUTAGE_FIELDS)
EMISSIONS, HOMINGS = record(EMISSION_FIELDS), record(HOMING_FIELDS)
LED_UNITS, LED_RADARS = record(LED_UNIT_FIELDS), record(LED_RADAR_FIELDS)


class Damage(NamedTuple):
    """What can be put out, what puts it out, and what the rest then does."""

    on: Annotated[int, About("", "1: something can", switched(NEED))]
    takeover_s: Annotated[
        float, About("s", "a fire unit takes so long to come under another leader", switched(f"{NEED}: takeover_time"))
    ]
    n_posts: Annotated[int, About("1", "pictures of posts; those of fire units that fight alone follow", INDEX)]
    parts: Annotated[Struct, PART_FIELDS]  # (n_part,)
    outages: Annotated[Struct, OUTAGE_FIELDS]  # (n_outage,)
    units: Annotated[Struct, LED_UNIT_FIELDS]  # (n_unit,)
    radars: Annotated[Struct, LED_RADAR_FIELDS]  # (n_radar,)
    emissions: Annotated[Struct, EMISSION_FIELDS]  # (n_radar,)
    homings: Annotated[Struct, HOMING_FIELDS]  # (n_kind,)
    range_max_m: Annotated[F8, About("m", "(radar) range of one that works", follows("radars.range_max_m"))]
    false_alarms: Annotated[
        F8, About("1", "(radar) false alarms per scan of one that works", follows("radars.false_alarms_per_scan"))
    ]
    external: Annotated[
        I8, About("", "(picture) 1: a post that works takes external tracks", given("systems.external_picture"))
    ]
    stands: Annotated[U1, About("", "(asset, part) 1: a hit on the asset may put the part out", given("raids.aim"))]


def intact(radars: Struct, units: Struct, pictures: Struct, assets: int) -> Damage:
    """Of a defence that nothing happens to."""
    none = np.zeros(0)
    return Damage(
        0, 0.0, int(pictures.size), np.zeros(0, PARTS), np.zeros(0, OUTAGES), np.zeros(0, LED_UNITS),
        np.zeros(0, LED_RADARS), np.zeros(0, EMISSIONS), np.zeros(0, HOMINGS), none, none, np.zeros(0, np.int64),
        np.zeros((0, 0), np.uint8),
    )  # fmt: skip


PART_STATE = np.dtype(
    [
        ("until_s", "f8"),  # out until [s]
        ("out", "i8"),  # 1: is out
    ],
    align=True,
)
OUTAGE_STATE = np.dtype([("n", "i8")], align=True)  # times that it has happened
UNIT_STATE = np.dtype(
    [
        ("rank", "i8"),  # who leads it
        ("wanted", "i8"),  # who is to
        ("due_s", "f8"),  # from when on [s]
        ("waiting", "i8"),  # 1: a look whether it can be is in the queue
        ("linked", "i8"),  # 1: its link is up
    ],
    align=True,
)
RADAR_STATE = np.dtype(
    [
        ("works", "i8"),  # 1: is not out
        ("searching", "i8"),  # 1: the end of a sector waits in the queue
        ("silent", "i8"),  # 1: it does not transmit, though it works
        ("until_s", "f8"),  # that holds until [s], unless it is cued, or threatened, again
        ("on", "i8"),  # 1: it transmits
        ("heard_s", "f8"),  # when it transmitted last [s]
    ],
    align=True,
)
POST_STATE = np.dtype([("works", "i8"), ("leads", "i8")], align=True)  # 1: is not out; 1: and has a picture
LAUNCHER_STATE = np.dtype([("out", "i8"), ("aside", "i8", 8)], align=True)  # rounds that it cannot launch now


class Condition(NamedTuple):
    """In what condition the defence is; of no length where nothing can be put out."""

    parts: Struct  # (n_part,) PART_STATE
    outages: Struct  # (n_outage,) OUTAGE_STATE
    units: Struct  # (n_unit,) UNIT_STATE
    radars: Struct  # (n_radar,) RADAR_STATE
    posts: Struct  # (n_picture,) POST_STATE
    launchers: Struct  # (n_launcher,) LAUNCHER_STATE
    last_out_s: F8  # (1,) when a post, radar or link was out last [s]


def allocate(damage: Damage, n_unit: int, n_radar: int, n_picture: int, n_launcher: int) -> Condition:
    """Room for the condition of all parts, or for nothing."""
    n = 1 if damage.on else 0
    return Condition(
        np.zeros(damage.parts.size, PART_STATE), np.zeros(damage.outages.size, OUTAGE_STATE),
        np.zeros(n * n_unit, UNIT_STATE), np.zeros(n * n_radar, RADAR_STATE), np.zeros(n * n_picture, POST_STATE),
        np.zeros(n * n_launcher, LAUNCHER_STATE), np.zeros(1),
    )  # fmt: skip
