"""How interceptors fly and how likely they kill: energy fly-out tables, and the factors of a claimed probability.

Abstract on purpose: no guidance, seeker, fuze or warhead is modelled.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kalkan.models import flyout, lethality
from kalkan.models.flyout import FlyoutTable, InterceptorData
from kalkan.physics.arguments import elementwise, number, numbers, plain, together, whole

_kill = elementwise(lethality.kill_probability)
_common, _own = elementwise(lethality.common_failure), elementwise(lethality.own_chance)


def flyout_table(
    *, launch_mass_kg: float, diameter_m: float, burn_time_s: float, propellant_fraction: float,
    drag_coefficient: float, max_speed_m_s: float, max_range_m: float, max_altitude_m: float,
    slowest_m_s: float = flyout.MINIMUM_SPEED_M_S, n_range: int = 73, n_altitude: int = 28,
) -> FlyoutTable:  # fmt: skip
    """Times of flight and speeds on arrival of an interceptor, from its public figures.

    A point mass is carried along an arc in a vertical plane: thrust, drag in the standard atmosphere, weight. The
    thrust is such that a climb at 45° reaches the claimed speed; of several lofts the one that arrives first is taken.

    Parameters
    ----------
    launch_mass_kg, diameter_m : float
        Mass at launch [kg] and diameter [m], above 0.
    burn_time_s : float
        Time of constant thrust [s], above 0.
    propellant_fraction : float
        Share of the mass at launch that is burnt [1], at least 0 and below 1.
    drag_coefficient : float
        Constant, on the area of the diameter [1], at least 0.
    max_speed_m_s, max_range_m, max_altitude_m : float
        Claimed speed at burn-out [m/s], range along the ground [m] and altitude [m], above 0.
    slowest_m_s : float
        Slower than this after burn-out it reaches nothing more [m/s], at least 0.
    n_range, n_altitude : int
        Points of the table, at least 2.

    Returns
    -------
    FlyoutTable
        For :func:`fly_out`; ``time_s`` and ``speed_m_s`` are float64 (n_range, n_altitude) [s], [m/s].

    Raises
    ------
    ValueError
        A figure is out of range.

    Notes
    -----
    kalkan's own simplification of what an interceptor does, held against closed forms of drag (``docs/validation.md``).

    Examples
    --------
    >>> from kalkan import physics
    >>> table = physics.flyout_table(
    ...     launch_mass_kg=1800, diameter_m=0.5, burn_time_s=12, propellant_fraction=0.6, drag_coefficient=0.3,
    ...     max_speed_m_s=2000, max_range_m=150e3, max_altitude_m=27e3, n_range=16, n_altitude=10,
    ... )
    >>> table.time_s.shape
    (16, 10)
    """
    positive = {
        "launch_mass_kg": (launch_mass_kg, "kg"), "diameter_m": (diameter_m, "m"), "burn_time_s": (burn_time_s, "s"),
        "max_speed_m_s": (max_speed_m_s, "m/s"), "max_range_m": (max_range_m, "m"),
        "max_altitude_m": (max_altitude_m, "m"),
    }  # fmt: skip
    sizes = {name: number(name, value, unit, 0.0, above=True) for name, (value, unit) in positive.items()}
    data = InterceptorData(
        **sizes,
        propellant_fraction=number("propellant_fraction", propellant_fraction, "1", 0.0, 1.0, below=True),
        drag_coefficient=number("drag_coefficient", drag_coefficient, "1", 0.0),
        minimum_speed_m_s=number("slowest_m_s", slowest_m_s, "m/s", 0.0),
    )
    return flyout.build(data, whole("n_range", n_range, 2), whole("n_altitude", n_altitude, 2))


def fly_out(table: FlyoutTable, range_m: ArrayLike, altitude_m: ArrayLike) -> tuple[Any, Any]:
    """Time of flight and speed on arrival, interpolated as the loop does.

    Parameters
    ----------
    table : FlyoutTable
        From :func:`flyout_table`.
    range_m, altitude_m : array_like
        Ground range and altitude above the launcher [m], at least 0, any shapes that broadcast.

    Returns
    -------
    time_s, speed_m_s : float64, broadcast shape
        [s], infinite where out of reach, and [m/s], 0 there.

    Raises
    ------
    ValueError
        A range or an altitude is below 0.

    Notes
    -----
    Bilinear; kalkan's own simplification, see :func:`flyout_table`.

    Examples
    --------
    >>> from kalkan import physics
    >>> table = physics.flyout_table(
    ...     launch_mass_kg=1800, diameter_m=0.5, burn_time_s=12, propellant_fraction=0.6, drag_coefficient=0.3,
    ...     max_speed_m_s=2000, max_range_m=150e3, max_altitude_m=27e3, n_range=16, n_altitude=10,
    ... )
    >>> time_s, speed_m_s = physics.fly_out(table, [40e3, 100e3, 200e3], 9000.0)
    >>> time_s.round(1)
    array([34.9, 80.4,  inf])
    """
    away, up = numbers("range_m", range_m, "m", 0.0), numbers("altitude_m", altitude_m, "m", 0.0)
    away, up = together(range_m=away, altitude_m=up)
    look = np.frompyfunc(
        lambda x, h: flyout.lookup(table.time_s, table.speed_m_s, table.range_step_m, table.altitude_step_m, x, h), 2, 1
    )
    found = look(away, up)
    pairs = np.array([found] if away.ndim == 0 else list(found.ravel()), np.float64).reshape(*away.shape, 2)
    return plain(pairs[..., 0]), plain(pairs[..., 1])


def kill_probability(
    p_claimed: ArrayLike, speed_ratio: ArrayLike, crossing_rad: ArrayLike, altitude_m: ArrayLike,
    clearance_m: ArrayLike, *, max_altitude_m: float, min_altitude_m: float = 0.0,
    no_speed_ratio: float = lethality.NO_SPEED_RATIO, full_speed_ratio: float = lethality.FULL_SPEED_RATIO,
    full_crossing_rad: float = lethality.FULL_CROSSING_RAD, tail_chase_factor: float = lethality.TAIL_CHASE_FACTOR,
    edge_factor: float = lethality.EDGE_FACTOR, edge_fraction: float = lethality.EDGE_FRACTION,
) -> Any:  # fmt: skip
    """Single-shot kill probability: the claimed value, reduced where the shot is not nominal.

    Parameters
    ----------
    p_claimed : array_like
        Claimed value [1], 0 to 1.
    speed_ratio : array_like
        Interceptor's remaining speed over the target's [1], at least 0.
    crossing_rad : array_like
        Angle between the lines of both velocities [rad]: 0 head-on, π a tail chase.
    altitude_m, clearance_m : array_like
        Height of the target above the sea and above the ground [m]. All of these broadcast.
    max_altitude_m, min_altitude_m : float
        Claimed envelope: highest above the sea, lowest above the ground [m].
    no_speed_ratio, full_speed_ratio : float
        Ratios of speed [1] at which nothing is left of the claim, and all.
    full_crossing_rad, tail_chase_factor : float
        Angle [rad] up to which all is left, and what is left in a tail chase [1].
    edge_factor, edge_fraction : float
        What is left at an edge of the envelope [1], and which share of it counts as the edge [1].

    Returns
    -------
    float64, broadcast shape
        Probability [1], at most `p_claimed`.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    kalkan's own simplification: the breakpoints are judgements. A run takes them from the catalogue
    (``kalkan explain kalkan-model``), where they have ranges.

    Examples
    --------
    Head-on, and in a tail chase.

    >>> from kalkan import physics
    >>> import math
    >>> physics.kill_probability(0.8, 3.0, [0.3, math.pi], 8000.0, 7000.0, max_altitude_m=27e3).round(3)
    array([0.8 , 0.56])
    """
    given = together(
        p_claimed=numbers("p_claimed", p_claimed, "1", 0.0, 1.0),
        speed_ratio=numbers("speed_ratio", speed_ratio, "1", 0.0),
        crossing_rad=numbers("crossing_rad", crossing_rad, "rad", 0.0, math.pi),
        altitude_m=numbers("altitude_m", altitude_m, "m"),
        clearance_m=numbers("clearance_m", clearance_m, "m"),
    )
    shape = (
        number("min_altitude_m", min_altitude_m, "m", 0.0),
        number("max_altitude_m", max_altitude_m, "m", 0.0, above=True),
        number("no_speed_ratio", no_speed_ratio, "1", 0.0),
        number("full_speed_ratio", full_speed_ratio, "1", no_speed_ratio, above=True),
        number("full_crossing_rad", full_crossing_rad, "rad", 0.0, math.pi, below=True),
        number("tail_chase_factor", tail_chase_factor, "1", 0.0, 1.0),
        number("edge_factor", edge_factor, "1", 0.0, 1.0),
        number("edge_fraction", edge_fraction, "1", 0.0, 1.0),
    )
    return plain(_kill(*given, *shape))


def salvo_kill_probability(p_kill: ArrayLike, rounds: int, common_cause: float = 0.0) -> Any:
    """Probability that a salvo kills, where some failures are common to all of its rounds.

    Parameters
    ----------
    p_kill : array_like
        Single-shot probability of each round [1].
    rounds : int
        Rounds in the salvo, at least 1.
    common_cause : float
        β [1]: share of a round's failures that are common to its salvo; 0 makes rounds independent.

    Returns
    -------
    float64, shape of `p_kill`
        Probability [1].

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    The beta-factor model: NUREG/CR-4780, Procedures for Treating Common Cause Failures (1988), vol. 1, section 3.3.

    Examples
    --------
    A second round of 0.8 counts for less, the more failures have one cause.

    >>> from kalkan import physics
    >>> [round(float(physics.salvo_kill_probability(0.8, 2, beta)), 3) for beta in (0.0, 0.2, 1.0)]
    [0.96, 0.933, 0.8]
    """
    p, n = numbers("p_kill", p_kill, "1", 0.0, 1.0), whole("rounds", rounds, 1)
    beta = number("common_cause", common_cause, "1", 0.0, 1.0)
    fails = _common(p, beta)
    return plain((1.0 - fails) * (1.0 - (1.0 - _own(p, beta)) ** n))
