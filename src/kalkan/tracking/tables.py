"""Tables of the air picture: tracks, plots of a sector, changes; and where they are worked out.

A *picture* is one place where plots become tracks. Tracks lie in slots; a slot's serial grows with every new track in
it. Positions are in the picture's own east-north-up frame [m].
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, Struct

FREE, TENTATIVE, CONFIRMED = range(3)  # table.status
NEVER_S = -1e9  # a time before all others [s]
BORN, MET, PROVED, JOINED, RESTATED, ALONE, DROPPED = range(7)  # changes.kind
N_PLOTS, N_CANDIDATES, N_DUE, N_FRESH, N_CHANGES = range(5)  # places in AirPicture.number

TABLE = np.dtype(
    [  # the tracks of each post, (n_picture, slot)
        ("serial", "i8"),  # grows with every new track in the slot
        ("status", "i8"),  # FREE, TENTATIVE, CONFIRMED
        ("hit_s", "f8"),  # last plot [s]
        ("t_s", "f8"),  # time of the state [s]
        ("x", "f8", 6),  # [m, m/s]
        ("threat", "i8"),  # diagnostic only: object of the last plot
        ("judged_s", "f8"),  # told to be gone at [s]; needs a later plot to count again
        ("p", "f8", (6, 6)),  # late, so that what every sector reads lies together
        ("begun_by", "i8"),  # radar of its first plot; -1: it was told
        ("begun_s", "f8"),  # its first plot [s]
        ("begun_m", "f8", 3),  # the place of that [m]
        ("begun_m2", "f8"),  # and the trace of its covariance [m2]
        ("misfit", "f8"),  # squared Mahalanobis distance of the last plot, while tentative [1]
        ("confirmed_s", "f8"),  # the plot that confirmed it [s]
        ("told_s", "f8"),  # last report of it by somebody else's tracker [s]
        ("kept_s", "f8"),  # so long it is kept for that report's sake [s]
        ("rival", "i8"),  # the track that takes what both could have, -1: none
        ("rival_serial", "i8"),
        ("turns", "i8"),  # and how often it has done so
    ],
    align=True,
)
LOOKS = np.dtype(
    [  # per track and radar, (n_picture, slot, n_radar)
        ("hit_s", "f8"),  # last plot by that radar [s]
        ("history", "i8"),  # its looks as bits, newest lowest
    ],
    align=True,
)
PLOTS = np.dtype(
    [  # scratch: the plots of one sector
        ("t_s", "f8"),  # [s]
        ("range_m", "f8"),  # [m]
        ("order", "i8"),  # sorted by range
        ("threat", "i8"),  # diagnostic only: true object, -1 false
        ("z_m", "f8", 3),  # in the picture's frame [m]
        ("r_m2", "f8", (3, 3)),  # covariance [m2]
        ("rate_m_s", "f8"),  # range rate [m/s]
        ("rate_m2_s2", "f8"),  # its variance [m2/s2], inf: not measured
    ],
    align=True,
)
CANDIDATES = np.dtype(
    [  # scratch: tracks that may own a plot of this sector, predicted to its middle
        ("track", "i8"),
        ("range_m", "f8"),  # from the radar [m]
        ("window_m", "f8"),  # half width of its range gate [m]
        ("slack_m2", "f8"),  # squared distance at which a perfect plot is surely out of its gate [m2]
        ("order", "i8"),  # sorted by range
        ("x", "f8", 6),  # [m, m/s]
        ("p", "f8", (6, 6)),
    ],
    align=True,
)
NEAR = np.dtype(
    [  # scratch: what the search for pairs reads first, by rank in range; one cache line each
        ("range_m", "f8"),
        ("window_m", "f8"),
        ("slack_m2", "f8"),
        ("x_m", "f8", 3),
        ("candidate", "i8"),
        ("filler", "i8"),
    ],
    align=True,
)
CHANGES = np.dtype(
    [  # what became of tracks in a sector, in order
        ("kind", "i8"),  # BORN: a tentative track begins. MET: a plot was taken in. PROVED: it is confirmed.
        # JOINED: it was another track, which lives on. RESTATED: that one has its estimate.
        # ALONE: a confirmed track is no other. DROPPED: it ends.
        ("track", "i8"),  # slot
        ("other", "i8"),  # of a joined one: the track that lives on
        ("serial", "i8"),
        ("status", "i8"),  # after the change; of a dropped track before
        ("before", "i8"),  # status before
        ("threat", "i8"),  # diagnostic only: object of the plot; of what ends, of the last plot
        ("was", "i8"),  # diagnostic only: object of the plot before
        ("t_s", "f8"),  # when [s]
        ("state_s", "f8"),  # time of the state [s]
        ("gone", "i8"),  # 1: told to be gone since its last plot
        ("x", "f8", 6),  # [m, m/s]
        ("variance_m2", "f8", 3),  # of the position [m2]
        ("variance_m2_s2", "f8", 3),  # of the velocity [m2/s2]
        ("plot", "i8"),  # of one that was met: which of the sector's plots
    ],
    align=True,
)
FEWEST_FALSE = 1e-3  # plots in a scan: a radar that gives none at all would make the first plot certain
N_MODES = 3  # most models of motion that a filter mixes
BANK = np.dtype(
    [  # what a filter of several models and a rule of initiation keep of each track, (n_picture, slot); else (1, 1)
        ("told_x", "f8", 6),  # the estimate that the modes gave together last: another one has come from elsewhere
        ("chance", "f8", N_MODES),  # of each mode [1]
        ("x", "f8", (N_MODES, 7)),  # position [m], velocity [m/s], turn rate [rad/s], counter-clockwise from above
        ("p", "f8", (N_MODES, 7, 7)),
        ("score", "f8"),  # log-likelihood ratio of an object over false plots [1]
        ("n_looks", "i8"),  # since its first plot
        ("n_hits", "i8"),  # of these
    ],
    align=True,
)
MIX = np.dtype(
    [  # scratch: the modes of one track, mixed and moved on
        ("weight", "f8", N_MODES),  # [1]
        ("chance", "f8", N_MODES),  # of each mode before the plot [1]
        ("x", "f8", (N_MODES, 7)),
        ("p", "f8", (N_MODES, 7, 7)),
    ],
    align=True,
)
MANNER = np.dtype(
    [  # how a filter of one's own choice works, (1,)
        ("polar", "i8"),  # 1: plots are measured in range, azimuth and elevation (EKF); 0: as converted positions
        ("speed_up_sigma_m_s", "f8"),  # 1-sigma of a new track's vertical velocity [m/s]
        ("n_modes", "i8"),
        ("mode", "i8", N_MODES),  # STRAIGHT, TURN, BALLISTIC
        ("noise_m_s2", "f8", N_MODES),  # 1-sigma horizontal acceleration that holds from plot to plot [m/s2]
        ("noise_up_m_s2", "f8", N_MODES),  # and vertical [m/s2]
        ("density_m2_s3", "f8", N_MODES),  # spectral density of white horizontal acceleration [m2/s3]
        ("density_up_m2_s3", "f8", N_MODES),  # and vertical [m2/s3]
        ("turn_sigma_rad_s", "f8"),  # 1-sigma of the turn rate of what has flown straight on [rad/s]
        ("turn_density_rad2_s3", "f8"),  # spectral density of white turn acceleration [rad2/s3]
        ("switch", "f8", (N_MODES, N_MODES)),  # rates of going over from row to column [1/s]
        ("scored", "i8"),  # 1: the rule of initiation asks for the score
        ("log_p_d", "f8"),  # of a look that finds an object: ln P_d [1]
        ("log_p_miss", "f8"),  # of one that does not: ln(1 - P_d) [1]
        ("confirm_score", "f8"),  # thresholds of the log-likelihood ratio [1]
        ("drop_score", "f8"),
        ("confirm_hits", "i8"),  # after the second plot, so many hits ...
        ("confirm_looks", "i8"),  # ... in so many looks
    ],
    align=True,
)
STRAIGHT, TURN, BALLISTIC = range(3)  # manner.mode
WAIT, CONFIRM, DROP = range(3)  # what a rule of initiation says of a tentative track
PAIRS = np.dtype([("column", "i8"), ("cost", "f8")], align=True)
ROWS = np.dtype([("first", "i8"), ("column", "i8"), ("price", "f8")], align=True)
COLUMNS = np.dtype(
    [
        ("row", "i8"),
        ("price", "f8"),
        ("distance", "f8"),
        ("came_from", "i8"),  # row
        ("touched", "i8"),
        ("settled", "i8"),
    ],
    align=True,
)


class Filter(NamedTuple):
    """The filter of tracks and the rule of initiation, as in ``filtering`` or others'."""

    predict: Callable[..., None]
    update: Callable[..., None]
    foresee: Callable[..., None]  # of a filter of another kind (``single``, ``mixing``): where a track will be,
    place: Callable[..., None]  # what a plot is to it,
    absorb: Callable[..., float]  # the plot taken in,
    open: Callable[..., None]  # and a track begun
    judge: Callable[..., int]  # of a rule of another kind (``initiation``): what to do with a tentative track
    settle: Callable[..., None]  # what to do with tracks that share plots (``rivals``)
    usual_filter: int = 0  # 1: predict and update are ``filtering``'s, and are called directly
    other_filter: int = 0  # 1: the four of another kind stand for them
    other_rule: int = 0  # 1: judge decides instead of M of N
    settles: int = 0  # 1: settle is called after every look


class Wedge(NamedTuple):
    """Where the beam has been: a sector of a turn, or a whole turn."""

    sin: float  # of the direction of its middle (compass) [1]
    cos: float
    sin_before: float  # and of the one before
    cos_before: float
    slope: float  # tangent of its half width, at most 1.5 rad [1]
    cos2_half: float  # squared cosine of its half width [1]
    half_s: float  # half the time that it took [s]
    recent_s: float  # a plot since then is one of this look [s]


class Assignment(NamedTuple):
    """Scratch: a sparse assignment problem and its solution."""

    pairs: Struct  # PAIRS: allowed pairs, row by row
    rows: Struct  # ROWS: first pair of each row (one more than rows); solution, -1: alone
    columns: Struct  # COLUMNS


class AirPicture(NamedTuple):
    """All pictures, with what the tracker knows of radars and rules."""

    radars: Struct  # (n_radar,) fields picture, offset_m, to_picture, scan_period_s, sector_rad, range_sigma_m
    rules: Struct  # (n_picture,) fields confirm_*, usual_speed_m_s, coast_s, gone_s, process_noise_m_s2, capacity
    gate: float  # squared Mahalanobis gate, 3 degrees of freedom [1]
    initial_speed_m_s: float  # 1-sigma of a new track's velocity components [m/s]
    n: I8  # (n_picture,) tracks in use
    active: I8  # (n_picture, slot) list of the slots in use
    free: I8  # (n_picture, slot) stack of empty slots
    table: Struct  # (n_picture, slot) TABLE
    looks: Struct  # (n_picture, slot, n_radar) LOOKS
    plots: Struct  # PLOTS of one sector
    changes: Struct  # CHANGES of one sector
    number: I8  # (5,) plots, candidates, due, fresh, changes
    short: I8  # (1,) gravest status of schema.STATUS that the sector brought about
    candidates: Struct  # scratch: CANDIDATES
    near: Struct  # scratch: NEAR
    due: I8  # scratch: tracks of the sector before this one, whose look is booked now
    fresh: I8  # scratch: tracks confirmed by this sector
    assignment: Assignment  # scratch
    matrix: F8  # (5, 3, 3) scratch of the filter
    gain: F8  # (7,) scratch of the filter
    bank: Struct  # (n_picture, slot) BANK; (1, 1) where neither filter nor rule needs it
    manner: Struct  # (1,) MANNER
    log_false: F8  # (n_radar,) ln of the density of false plots in range, azimuth and elevation [1/(m rad2)]
    vector: F8  # (3, 7) scratch of the filter
    mix: Struct  # (1,) MIX, scratch of a filter of several models


def allocate_assignment(rows: int) -> Assignment:
    """Room for so many rows and columns, and 64 pairs for each."""
    return Assignment(np.zeros(64 * rows, PAIRS), np.zeros(rows + 1, ROWS), np.zeros(rows, COLUMNS))


def allocate(
    radars: Struct, rules: Struct, gate: float, initial_speed_m_s: float, tracks: int, rows: int,
    manner: Struct | None = None,
) -> AirPicture:  # fmt: skip
    """Empty pictures.

    Parameters
    ----------
    radars, rules : structured array
        Kept, and read later: see :class:`AirPicture`.
    gate, initial_speed_m_s : float
    tracks : int
        Slots of each picture.
    rows : int
        Most plots in a sector, and most candidates for them.
    manner : structured array (1,), optional
        MANNER of a filter or rule of another kind.
    """
    n_picture = rules.size
    kept = (1, 1) if manner is None else (n_picture, tracks)
    return AirPicture(
        radars, rules, gate, initial_speed_m_s,
        np.zeros(n_picture, np.int64), np.zeros((n_picture, tracks), np.int64), np.zeros((n_picture, tracks), np.int64),
        np.zeros((n_picture, tracks), TABLE), np.zeros((n_picture, tracks, radars.size), LOOKS), np.zeros(rows, PLOTS),
        np.zeros(3 * tracks + 6 * rows, CHANGES), np.zeros(5, np.int64), np.zeros(1, np.int64),
        np.zeros(rows, CANDIDATES), np.zeros(rows, NEAR), np.zeros(tracks, np.int64), np.zeros(tracks, np.int64),
        allocate_assignment(rows), np.zeros((5, 3, 3)), np.zeros(7), np.zeros(kept, BANK),
        np.zeros(1, MANNER) if manner is None else np.array(manner), np.zeros(radars.size), np.zeros((3, 7)),
        np.zeros(1, MIX),
    )  # fmt: skip
