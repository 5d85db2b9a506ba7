"""Kill probability of one interceptor: the claimed value, reduced where the shot is not nominal.

kalkan's own simplification: no seeker, fuze or warhead is modelled. The claimed single-shot
value is multiplied by factors in [0, 1], each of them 1 in the nominal case, so that
the claim is recovered there. The breakpoints are judgements, not published figures: those below are
defaults of the functions; a run takes them from the catalogue (``kalkan explain kalkan-model``).

=============  ==============================================  =======================
factor         1 when                                          falls smoothly to
=============  ==============================================  =======================
speed          interceptor >= 1.5 times the target's speed     0 at 0.5 times
crossing       within 60° of head-on                           0.7 in a tail chase
altitude       inside the envelope, off its edges              0.8 at the edge, 0 outside
=============  ==============================================  =======================

An edge is the top tenth of the envelope, and below twice the lowest altitude.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel

FULL_SPEED_RATIO = 1.5
NO_SPEED_RATIO = 0.5
FULL_CROSSING_RAD = math.pi / 3.0
TAIL_CHASE_FACTOR = 0.7
EDGE_FACTOR = 0.8
EDGE_FRACTION = 0.1
NO_CEILING_M = 1e9


@kernel
def _rise(x: float, low: float, high: float) -> float:
    """0 below `low`, 1 above `high`, the cubic smoothstep between."""
    if x >= high:
        return 1.0
    if not x > low:
        return 0.0
    u = (x - low) / (high - low)
    return u * u * (3.0 - 2.0 * u)


@kernel
def speed_factor(speed_ratio: float, none: float = NO_SPEED_RATIO, full: float = FULL_SPEED_RATIO) -> float:
    """Factor for the interceptor's remaining speed over the target's speed; not-a-number gives 0."""
    return _rise(speed_ratio, none, full)


@kernel
def crossing_factor(
    crossing_rad: float, full_rad: float = FULL_CROSSING_RAD, tail_chase: float = TAIL_CHASE_FACTOR
) -> float:
    """Factor for the angle [rad] between the velocities' lines: 0 head-on, pi a tail chase."""
    return 1.0 - (1.0 - tail_chase) * _rise(crossing_rad, full_rad, math.pi)


@kernel
def altitude_factor(
    altitude_m: float,
    min_altitude_m: float,
    max_altitude_m: float,
    edge: float = EDGE_FACTOR,
    edge_fraction: float = EDGE_FRACTION,
) -> float:
    """Factor for the altitude [m] within the claimed envelope; 0 outside it."""
    if not (min_altitude_m <= altitude_m <= max_altitude_m):
        return 0.0
    top = edge_fraction * (max_altitude_m - min_altitude_m)
    inside_top = _rise(max_altitude_m - altitude_m, 0.0, top) if top > 0.0 else 1.0
    inside_foot = _rise(altitude_m, min_altitude_m, 2.0 * min_altitude_m) if min_altitude_m > 0.0 else 1.0
    return edge + (1.0 - edge) * min(inside_top, inside_foot)


@kernel
def kill_probability(
    p_claimed: float, speed_ratio: float, crossing_rad: float, altitude_m: float, clearance_m: float,
    min_clearance_m: float, max_altitude_m: float, no_speed: float, full_speed: float, full_crossing_rad: float,
    tail_chase: float, edge: float, edge_fraction: float,
) -> float:  # fmt: skip
    """Single-shot kill probability: the claim times the factors of this module, in [0, p_claimed].

    The highest altitude counts above the sea [m], the lowest above the ground [m].
    """
    return (
        p_claimed
        * speed_factor(speed_ratio, no_speed, full_speed)
        * crossing_factor(crossing_rad, full_crossing_rad, tail_chase)
        * altitude_factor(max(altitude_m, 0.0), 0.0, max_altitude_m, edge, edge_fraction)
        * altitude_factor(clearance_m, min_clearance_m, NO_CEILING_M, edge, edge_fraction)
    )


@kernel
def common_failure(p_kill: float, share: float) -> float:
    """Probability that a whole salvo fails for one cause.

    The beta-factor model: of a round's failures the share β is common to its salvo, the rest is its own
    (Fleming 1975; NUREG/CR-4780, 1988, vol. 1, §3.3). The probability of one round alone is as claimed.

    Parameters
    ----------
    p_kill : float
        Single-shot probability of the round [1].
    share : float
        β [1]: 0 makes rounds independent, 1 makes a salvo as good as one round.
    """
    return share * (1.0 - p_kill)


@kernel
def own_chance(p_kill: float, share: float) -> float:
    """Probability that a round kills, given that its salvo has not failed for a common cause."""
    works = 1.0 - common_failure(p_kill, share)
    return p_kill / works if works > 0.0 else 0.0
