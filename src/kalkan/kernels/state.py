"""State: everything that changes while one replication runs, allocated once per block.

Structured arrays, one per kind of thing (see ``plan``); scratch space is named as such.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, Struct
from kalkan.kernels import ballistic, damage, events, evidence, reacting
from kalkan.kernels import sources as afar
from kalkan.kernels import trace as traces
from kalkan.kernels.damage import Condition
from kalkan.kernels.evidence import Known
from kalkan.kernels.plan import ASSIGN_EXPECTED, Plan
from kalkan.kernels.reacting import Reacted
from kalkan.kernels.sources import External
from kalkan.kernels.trace import Trace
from kalkan.schema import MAX_TYPES, N_SECTORS, REASONS, SPARE_PLOTS
from kalkan.tracking import scoring, tables
from kalkan.tracking.tables import FEWEST_FALSE, AirPicture, Assignment

IDLE, REACTING, ACQUIRING, HOLDING = range(4)  # slot.phase
ROWS_PER_CHANNEL, SPARE_ROWS = 2, 8  # tracks among which free channels are given: the first by worth and urgency
MEMORIES = 64  # lost targets that a post remembers

TRUTH = np.dtype(
    [  # the true objects, (n_threat,)
        ("alive", "i8"),  # 1: not killed
        ("killed_s", "f8"),  # when it was [s]; inf: never
        ("start_s", "f8"),  # with jitter [s]; below 0: under way when the run begins
        ("end_s", "f8"),  # end of its path [s]
        ("offset_m", "f8"),  # beside its path, with jitter [m]
        ("hint", "i8"),  # last knot used
        ("launched", "i8"),  # interceptors launched at it
        ("resolved", "i8"),  # of those, how many have arrived
        ("spared", "i8"),  # 1: every interceptor misses it in this replication
        ("met", "i8"),  # interceptors that met it: the ordinal of the next kill draw
        ("salvos", "i8"),  # salvos begun at it: the ordinal of the last one's common draw
        ("assessed", "i8"),  # assessments about it: the ordinal of the next draw
        ("obstacle_s", "f8", len(REASONS)),  # time lost to each obstacle [s]
        ("now_m", "f8", 3),  # scratch: true position at one instant, ECEF [m]
        ("now_m_s", "f8", 3),  # scratch: true velocity [m/s]
        ("present", "i8"),  # scratch: 1 if flying at that instant
    ],
    align=True,
)
SCANS = np.dtype(
    [  # where each rotation stands, (n_radar,)
        ("number", "i8"),  # scan that is running
        ("sector", "i8"),  # sector that ends next
        ("phase", "f8"),  # share of a scan at time 0 [1]
        ("head", "i8", N_SECTORS),  # first threat of each sector, -1: none
    ],
    align=True,
)
BEAMS = np.dtype(
    [  # which threats each sector will meet, (n_radar, n_threat)
        ("next", "i8"),  # next threat of the same sector, -1: none
        ("beam_s", "f8"),  # when the beam meets it [s]
    ],
    align=True,
)
TARGETS = np.dtype(
    [  # what is done about each track, (n_picture, slot)
        ("engaged", "i8"),  # engagements that hold it
        ("fired", "i8"),  # interceptors launched at it, whichever unit of the post and under whichever track
        ("vanished_s", "f8"),  # a fire unit that held it saw it no more at [s]; needs a later plot to be ordered
        ("unseen_m", "f8"),  # nearest slant range at which an engagement radar did not find it [m]
        ("unseen_s", "f8"),  # and when that was last [s]
    ],
    align=True,
)
SLOT = np.dtype(
    [  # target channels, (n_unit, slot)
        ("phase", "i8"),  # IDLE, REACTING, ACQUIRING, HOLDING
        ("serial", "i8"),  # grows with every new engagement in the slot
        ("track", "i8"),  # slot of the picture's track
        ("track_serial", "i8"),
        ("since_s", "f8"),  # ordered at [s]
        ("ready_s", "f8"),  # reaction over at [s]; while holding: shooting since
        ("threat", "i8"),  # true object that the engagement radar sees, -1
        ("blamed", "i8"),  # diagnostic only: true object behind the ordered track
        ("hits", "i8"),  # detections while acquiring
        ("looks", "i8"),
        ("misses", "i8"),  # consecutive
        ("t_s", "f8"),  # time of the state [s]
        ("x", "f8", 6),
        ("p", "f8", (6, 6)),
        ("in_flight", "i8"),
        ("arrived", "i8"),  # rounds of this salvo that have arrived
        ("salvo_left", "i8"),  # rounds of this salvo still to be launched
        ("fired", "i8"),  # interceptors launched at its target, also before
        ("salvo", "i8"),  # ordinal of the salvo among those at the true object, for its common draw
        ("snr_db", "f8"),  # signal of the last detection [dB]
        ("snr_m", "f8"),  # and its slant range [m]
        ("assess_s", "f8"),  # next assessment [s]
        ("look_s", "f8"),  # from the last intercept of a salvo to its assessment [s]
        ("next_s", "f8"),  # the next round of its salvo is not launched before [s]
        ("tried_s", "f8"),  # last attempt to launch [s]
        ("obstacle", "i8"),  # why it does not shoot just now (a reason)
        ("remote", "i8"),  # 1: held through a report of an external source
    ],
    align=True,
)
UNIT = np.dtype(
    [  # fire units, (n_unit,)
        ("n", "i8"),  # target channels in use
        ("in_air", "i8"),  # missile channels in use
        ("full_since_s", "f8"),  # all target channels busy since [s]
        ("slew_rad", "f8"),  # direction of the sector's middle, or to which it turns [rad]
        ("from_rad", "f8"),  # from which it turns [rad]
        ("turns_s", "f8"),  # since when [s]
        ("turned_s", "f8"),  # and until when [s]
        ("dwelling", "i8"),  # 1: a dwell event waits
        ("next_launch_s", "f8"),  # not before [s]
        ("launching", "i8"),  # 1: a launch event waits
        ("ready", "i8"),  # ready rounds of all types
        ("rounds", "i8", MAX_TYPES),  # ready rounds by interceptor type
        ("withheld", "i8"),  # why it takes no orders now (a reason), 0: it does
    ],
    align=True,
)
CUE = np.dtype(
    [  # warnings of launches to fire units, (n_unit,)
        ("rad", "f8"),  # where it turns [rad]
        ("due_s", "f8"),  # when it is there [s]; that of the newest warning counts
        ("orders", "i8"),  # orders that it had been given by then
    ],
    align=True,
)
FLIGHTS = np.dtype(
    [  # interceptors in the air, (n_unit, slot)
        ("busy", "i8"),
        ("engagement", "i8"),
        ("engagement_serial", "i8"),
        ("kind", "i8"),  # interceptor type
        ("arrival_s", "f8"),
        ("speed_m_s", "f8"),  # on arrival
        ("alone_s", "f8"),  # from then on it needs the engagement radar no more [s]
        ("alone", "i8"),  # 1: its engagement is over, it flies on to where the track was going:
        ("t_s", "f8"),  # time [s]
        ("x", "f8", 6),  # and state of that track [m, m/s]
        ("salvo", "i8"),  # ordinal of its salvo at the true object
        ("blamed", "i8"),  # diagnostic only: true object aimed at
    ],
    align=True,
)
MAGAZINE = np.dtype(  # rounds and reloads left, by interceptor type, (n_launcher,)
    [
        ("ready", "i8", MAX_TYPES), ("sets", "i8", MAX_TYPES),
        ("fired", "i8"),  # rounds launched since it stands where it stands
        ("moving", "i8"),  # 1: it launches nothing
        ("parked", "i8", MAX_TYPES),  # rounds that it has with it then
        ("launched", "i8", MAX_TYPES),  # rounds launched since the beginning
    ],
    align=True,
)  # fmt: skip
MEMORY = np.dtype(
    [  # targets shot at whose track was lost, (n_picture, MEMORIES)
        ("fired", "i8"),  # interceptors launched at it; 0: empty
        ("t_s", "f8"),  # time of its last state [s]
        ("x", "f8", 6),  # [m, m/s]
        ("variance_m2", "f8"),  # trace of the position's covariance [m2]
        ("variance_m2_s2", "f8"),  # and of the velocity's [m2/s2]
    ],
    align=True,
)
ORDERS = np.dtype(
    [  # scratch of the command cycle: tracks waiting for an order
        ("track", "i8"),
        ("row", "i8"),  # tracks that some unit can engage, the rows of the assignment
        ("urgency_s", "f8"),  # time to the threatened asset [s]
        ("value", "f8"),
        ("order", "i8"),
        ("key", "f8"),  # what it is sorted by
        ("elsewhere", "i8"),  # 1: another coordinated post engages it (by track slot)
    ],
    align=True,
)


JAMMING = np.dtype(
    [  # what each radar hears of each jammer, (n_radar, n_jammer)
        ("t_s", "f8"),  # when that was [s]
        ("jam", "f8"),  # jamming over noise in the peak of the main lobe [1]; 0: silent, or hidden
        ("x", "f8", 3),  # its east, north, up in the radar's frame [m]
        ("v", "f8", 3),  # and their rates [m/s]
        ("scan", "i8"),  # last scan that gave a strobe of it
    ],
    align=True,
)


RETURNS = np.dtype(
    [  # scratch: what comes back of a sector's objects, over the radar's own noise
        ("threat", "i8"),
        ("within", "i8"),  # return that it is one plot with, -1: itself
        ("taken", "i8"),  # 1: is in a cell, its own or another's
        ("ahead", "i8"),  # 1: of the next sector, into which a beam at this one's end reaches
        ("t_s", "f8"),  # [s]
        ("snr_db", "f8"),  # [dB]
        ("slant_m", "f8"),
        ("rate_m_s", "f8"),  # range rate
        ("x", "f8", 3),  # east, north, up in the antenna's frame [m]
    ],
    align=True,
)


class Sensed(NamedTuple):
    """What the beams will meet in their running turns."""

    scans: Struct  # (n_radar,) SCANS
    beams: Struct  # (n_radar, n_threat) BEAMS
    jamming: Struct  # (n_radar, n_jammer) JAMMING
    returns: Struct  # (n_threat,) RETURNS, of no length without interference
    merged: I8  # (n_radar, n_threat) last scan in which a plot of the sector before held it; the same


EXPLAINED = np.dtype(
    [  # what has been told of each track, (n_picture, slot)
        ("serial", "i8"),  # of the track
        ("decision", "i8"),  # which decision; 0: none yet
    ],
    align=True,
)


class Offers(NamedTuple):
    """Scratch of an assignment by what engagements are worth; of no length where no post assigns so."""

    value: F8  # (row,) of the asset that a waiting track threatens
    urgency_s: F8  # (row,) time until it is there [s]
    until_s: F8  # (row, n_unit) time until a unit's round would meet it [s]; inf: it cannot
    p_kill: F8  # (row, n_unit) chance that the unit's salvo kills it [1]
    rounds: I8  # (n_unit,) ready rounds
    channels: I8  # (n_unit,) free target channels
    worth: F8  # (row, n_unit) what the engagement is worth


class Watched(NamedTuple):
    """Scratch of the comparison of pictures with the truth; of length 1 where there is none."""

    objects: Struct  # OBJECTS
    claimants: Struct  # CLAIMANTS
    serial: I8  # (n_picture, slot) of the track that was looked at last
    in_a_row: I8  # (n_picture, slot) times in a row, until now, that it was a second one


class State(NamedTuple):
    """All of it."""

    heap: events.Heap
    truth: Struct  # (n_threat,) TRUTH
    sensed: Sensed
    assignment: Assignment  # scratch of the command cycle
    tracks: AirPicture
    targets: Struct  # (n_picture, slot) TARGETS
    retry_s: F8  # (n_picture, slot, n_unit) not ordered to that unit before [s]
    slot: Struct  # (n_unit, slot) SLOT
    unit: Struct  # (n_unit,) UNIT
    flights: Struct  # (n_unit, slot) FLIGHTS
    magazine: Struct  # (n_launcher,) MAGAZINE
    hauling_s: F8  # (n_unit, n_vehicle) when each reload vehicle is free [s]
    memory: Struct  # (n_picture, MEMORIES) MEMORY
    orders: Struct  # ORDERS
    now_s: F8  # (1,) scratch: instant that the truth's now_* fields hold [s]
    channel: I8  # scratch: fire unit of each free channel
    measured: Struct  # (1,) PLOTS: scratch of one measurement
    matrix: F8  # (5, 3, 3) scratch of the filter
    chain: F8  # scratch of the prediction of holds: probability of so many misses in a row
    known: Known  # about identities
    external: External
    watched: Watched
    offers: Offers
    condition: Condition  # of the parts of the defence
    apart: Struct  # (n_picture, slot) ballistic.APART, of one element unless missiles release something
    cue: Struct  # (n_unit,) CUE
    explained: Struct  # (n_picture, slot) EXPLAINED, of one slot unless decisions are told
    reacted: Reacted  # who reacted, and where they are going
    trace: Trace  # of no length, unless one replication is to be told whole


def _tracks(plan: Plan, slots: int, rows: int) -> tables.AirPicture:
    """Empty pictures, with what another filter or rule of initiation than the usual keeps."""
    other = plan.models.absorb is not None
    air = tables.allocate(
        plan.radars, plan.pictures, plan.study.gate, plan.study.initial_speed_m_s, slots, rows,
        plan.manner if other else None,
    )  # fmt: skip
    if plan.manner["scored"][0]:
        air.log_false[:] = _log_false(plan.radars)
    return air


def _log_false(radars: Struct) -> F8:
    """Ln of the density of each radar's false plots over range, azimuth and elevation [1/(m rad2)]."""
    high, low = np.arctan(radars["tan_elevation_max"]), np.arctan(radars["tan_elevation_min"])
    volume = (radars["range_max_m"] - radars["range_min_m"]) * radars["sector_rad"] * (high - low)
    density: F8 = np.log(np.maximum(radars["false_alarms_per_scan"], FEWEST_FALSE) / volume)
    return density


def allocate(plan: Plan, waiting: int, trace_room: int = 0) -> State:
    """State for a plan, with room for so many waiting events and entries of the trace."""
    n_threat, n_radar = plan.threats.size, plan.radars.size
    n_picture, n_unit, n_launcher = plan.pictures.size, plan.units.size, plan.launchers.size
    cap = plan.study.max_tracks
    slots = int(plan.units["target_channels"].max(initial=1))
    flights = int(plan.units["missile_channels"].max(initial=1))
    rows = max(cap, n_threat + SPARE_PLOTS, n_unit * slots)
    return State(
        heap=events.allocate(waiting),
        truth=np.zeros(n_threat, TRUTH),
        sensed=Sensed(
            np.zeros(n_radar, SCANS), np.zeros((n_radar, n_threat), BEAMS),
            np.zeros((n_radar, plan.interference.jammers.size), JAMMING),
            np.zeros(n_threat * plan.interference.on, RETURNS),
            np.zeros((n_radar, n_threat * plan.interference.on), np.int64),
        ),
        assignment=tables.allocate_assignment(rows),
        tracks=_tracks(plan, cap, rows),
        targets=np.zeros((n_picture, cap), TARGETS),
        retry_s=np.zeros((n_picture, cap, n_unit)),
        slot=np.zeros((n_unit, slots), SLOT),
        unit=np.zeros(n_unit, UNIT),
        flights=np.zeros((n_unit, flights), FLIGHTS),
        magazine=np.zeros(n_launcher, MAGAZINE),
        hauling_s=np.zeros((n_unit, max(int(plan.units["reload_vehicles"].max(initial=0)), 1))),
        memory=np.zeros((n_picture, MEMORIES), MEMORY),
        orders=np.zeros(rows, ORDERS),
        now_s=np.zeros(1),
        channel=np.zeros(n_unit * slots, np.int64),
        measured=np.zeros(1, tables.PLOTS),
        matrix=np.zeros((5, 3, 3)),
        chain=np.zeros(int(plan.units["drop_misses"].max(initial=1))),
        known=evidence.allocate(plan.identity, n_picture, n_threat, cap),
        external=afar.allocate(
            plan.sources, n_picture, n_threat, cap,
            np.zeros((plan.sources.places.size, plan.source_interference.jammers.size), JAMMING),
        ),
        watched=_watched(plan, n_threat, cap if plan.watching.period_s > 0.0 else 1),
        offers=_offers(plan, rows, n_unit, n_unit * slots),
        condition=damage.allocate(plan.damage, n_unit, n_radar, n_picture, n_launcher),
        apart=ballistic.allocate(plan.ballistic, n_picture, cap),
        cue=np.zeros(n_unit, CUE),
        explained=np.zeros((n_picture, cap if plan.watching.decisions else 1), EXPLAINED),
        reacted=reacting.allocate(plan.reacting, plan.threats, plan.paths, plan.knots),
        trace=traces.allocate(trace_room),
    )  # fmt: skip


def _offers(plan: Plan, rows: int, n_unit: int, channels: int) -> Offers:
    if not (plan.pictures["assignment"] >= ASSIGN_EXPECTED).any():
        rows = n_unit = 0
    n = min(rows, ROWS_PER_CHANNEL * channels + SPARE_ROWS)
    pairs, units = (n, n_unit), np.zeros(n_unit, np.int64)
    return Offers(
        np.zeros(n), np.zeros(n), np.zeros(pairs), np.zeros(pairs), units, units.copy(), np.zeros(pairs)
    )  # fmt: skip


def _watched(plan: Plan, n_threat: int, slots: int) -> Watched:
    return Watched(
        np.zeros(n_threat, scoring.OBJECTS), np.zeros(slots, scoring.CLAIMANTS),
        np.zeros((plan.pictures.size, slots), np.int64), np.zeros((plan.pictures.size, slots), np.int64),
    )  # fmt: skip
