"""Small parts of a recording: single entries, and columns of what was heard and told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Turn:
    """A fire unit turns the middle of its sector to a compass direction [rad]."""

    t_s: float
    unit: int
    direction_rad: float


@dataclass(frozen=True)
class Load:
    """From now on so many target channels of a fire unit are busy."""

    t_s: float
    unit: int
    channels: int


@dataclass(frozen=True)
class Decision:
    """What a post decided about one of its tracks, and on which grounds.

    Attributes
    ----------
    t_s : float
    unit : int
        Fire unit that it is about; -1: none.
    threat : int
        True object behind the track; -1: none.
    stage : str
        ``"ordered"``, ``"waited"`` (nobody is ordered), or ``"held"`` (held and not shot at).
    reason : int
        Code of ``schema.REASONS``; 0 for an order.
    interceptor : int
        Type of the round that will reach it; -1: none, or nobody looked.
    wait_s : float
        Time until it could be launched [s], nan: never, or nobody looked.
    meeting_m : float
        Ground range from the unit at which it would meet the target [m].
    channels, channels_of : int
        Target channels of the unit in use, and in all.
    """

    t_s: float
    unit: int
    threat: int
    stage: str
    reason: int
    interceptor: int
    wait_s: float
    meeting_m: float
    channels: int
    channels_of: int


@dataclass(frozen=True)
class Belief:
    """What a post thought from now on of who one of its tracks is.

    Attributes
    ----------
    t_s : float
    post : int
    track : str
        Name of the track.
    threat : int
        True object behind the track; -1: none.
    p : tuple of 3 floats
        P(hostile), P(friendly), P(neutral).
    evidence : mapping of str to str
        What told so: each kind of evidence that said something, and what it said.
    """

    t_s: float
    post: int
    track: str
    threat: int
    p: tuple[float, float, float]
    evidence: dict[str, str]


@dataclass(frozen=True)
class Reports:
    """What external sources told posts.

    Attributes
    ----------
    t_s : float64 (n,)
        When it arrived.
    source, post, threat : int64 (n,)
        Whose report; to whom; true object.
    position_m : float64 (n, 3)
        As told, ECEF [m].
    sigma_m : float64 (n, 3)
        1-sigma in the post's east, north, up [m].
    """

    t_s: Floats
    source: Ints
    post: Ints
    threat: Ints
    position_m: Floats
    sigma_m: Floats


@dataclass(frozen=True)
class Strobes:
    """Directions in which radars, own ones or external sources, heard a jammer and saw nothing.

    Attributes
    ----------
    t_s : float64 (n,)
    radar, threat, jammer : int64 (n,)
        Which radar, of source s -1 - s; the object that jams, or -1; the jammer, of the recording's.
    direction_rad : float64 (n,)
        Compass [rad].
    """

    t_s: Floats
    radar: Ints
    threat: Ints
    jammer: Ints
    direction_rad: Floats


@dataclass(frozen=True)
class Link:
    """How an external source's tracks come to posts, and when it was up.

    Attributes
    ----------
    latency_s, update_s : float
        From the time of a report to its arrival, and between two reports of a track [s].
    availability : float
        Share of the time in which it is up [1].
    accuracy_m, bias_m : float
        1-sigma that it adds to a position, and of the source's grid against the post's, per axis [m].
    registered, identifies : bool
        Whether posts take that bias off; whether it says who answered the source's interrogator.
    p_wrong : float
        Probability that a track is correlated wrongly [1].
    turn_s : float64 (n,)
        When it went up or down, from 0 on [s].
    up : bool (n,)
        Whether it was up from then on.
    """

    latency_s: float
    update_s: float
    availability: float
    accuracy_m: float
    bias_m: float
    registered: bool
    identifies: bool
    p_wrong: float
    turn_s: Floats
    up: NDArray[np.bool_]


@dataclass(frozen=True)
class Jamming:
    """A jammer, carried or by itself.

    Attributes
    ----------
    name : str
    bands : tuple of str
        Which it jams.
    effective_power_w : float
        In each band [W].
    bandwidth_hz : float
        Over which that power is spread [Hz].
    carried_by : str
        Raid or flight whose members carry one each; ``""``: none does.
    airborne : bool
        In the air, also on station there; else it stands on the ground.
    position_m : float64 (3,) or None
        ECEF [m]; None of one that is carried.
    """

    name: str
    bands: tuple[str, ...]
    effective_power_w: float
    bandwidth_hz: float
    carried_by: str
    airborne: bool
    position_m: Floats | None


@dataclass(frozen=True)
class Area:
    """A zone, or an airway of civil traffic.

    Attributes
    ----------
    name, kind : str
        Kind as the scenario writes it; ``"traffic"`` for an airway of traffic.
    points : float64 (n, 2)
        Latitude and longitude [degrees] of its corners, or of its middle line.
    width_m : float
        Of a corridor; 0 where there is none.
    closed : bool
        Whether the points are corners.
    side : str
        Who flies there, a word of ``schema.SIDES``; ``""``: nobody's.
    limits_m : tuple of 2 floats
        Lower and upper limit above the sea [m], infinite where there is none.
    span_s : tuple of 2 floats
        From when until when it holds [s].
    """

    name: str
    kind: str
    points: Floats
    width_m: float
    closed: bool
    side: str
    limits_m: tuple[float, float]
    span_s: tuple[float, float]
