"""Exact answers of reliability and spares theory, against which upkeep can be held. Plain Python: nothing is compiled.

Availability of a part that works for an exponential time and is down for one: the chain of two states. Spares that are
ordered one for one as they are taken, (S - 1, S): with demand as a Poisson process of rate λ and lead times of mean L,
independent of each other and of any distribution, the number on order is Poisson with mean λL in the long run. This is
Palm's theorem (Palm, "Analysis of the Erlang traffic formulae for busy-signal arrangements", Ericsson Technics 4 (1938)
39; the paper was not at hand), which Feeney and Sherbrooke, "The (S - 1, S) inventory policy under compound Poisson
demand", Management Science 12 (1966) 391, doi:10.1287/mnsc.12.5.391, turned into measures of supply; Sherbrooke,
*Optimal Inventory Modeling of Systems*, 2nd ed., Springer 2004, is the textbook.
"""

from __future__ import annotations

import math


def steady_availability(mean_time_between_failures_s: float, mean_time_to_repair_s: float) -> float:
    """Share of the time in which a part works in the long run: MTBF / (MTBF + MTTR), whatever the distributions.

    Parameters
    ----------
    mean_time_between_failures_s, mean_time_to_repair_s : float
        Mean time [s] from back in action to the next failure, and from there to back in action; positive.

    Returns
    -------
    float
        [1]

    Raises
    ------
    ValueError
        A time is not positive.
    """
    _positive(mean_time_between_failures_s=mean_time_between_failures_s, mean_time_to_repair_s=mean_time_to_repair_s)
    return mean_time_between_failures_s / (mean_time_between_failures_s + mean_time_to_repair_s)


def availability(
    t_s: float, mean_time_between_failures_s: float, mean_time_to_repair_s: float, works_at_first: bool = True
) -> float:
    """Probability that a part works at a time: the chain of two states, both times exponential.

    A(t) = A + (A(0) - A) exp(-(1/MTBF + 1/MTTR) t), with A the steady one: Kolmogorov's forward equation solved.

    Parameters
    ----------
    t_s : float
        Time [s] since its state was known; not negative.
    mean_time_between_failures_s, mean_time_to_repair_s : float
        As `steady_availability`.
    works_at_first : bool
        Whether it worked then.

    Returns
    -------
    float
        [1]

    Raises
    ------
    ValueError
        A mean is not positive, or the time is negative.
    """
    steady = steady_availability(mean_time_between_failures_s, mean_time_to_repair_s)
    if t_s < 0.0:
        raise ValueError("t_s must not be negative")
    rate = 1.0 / mean_time_between_failures_s + 1.0 / mean_time_to_repair_s
    return steady + (float(works_at_first) - steady) * math.exp(-rate * t_s)


def ready_rate(spares: int, on_order: float) -> float:
    """Probability that a spare is on the shelf, which is also the share of demands that one meets (fill rate).

    P(N < S), N Poisson: fewer are on order than there are spares. That an arriving demand finds what is so at any time
    is the Poisson process's own (Wolff, "Poisson arrivals see time averages", Operations Research 30 (1982) 223).

    Parameters
    ----------
    spares : int
        S, on the shelf or on order or owed; not negative.
    on_order : float
        Mean number on order: demands a second times mean lead time [1]; not negative.

    Returns
    -------
    float
        [1]

    Raises
    ------
    ValueError
        A number is negative.
    """
    return sum(_poisson(k, on_order) for k in range(_whole(spares, on_order)))


def expected_backorders(spares: int, on_order: float) -> float:
    """Mean number of demands that wait for a spare: E max(N - S, 0), N Poisson.

    Parameters and errors are those of `ready_rate`.
    """
    return on_order - spares + expected_on_hand(spares, on_order)


def expected_on_hand(spares: int, on_order: float) -> float:
    """Mean number of spares on the shelf: E max(S - N, 0), N Poisson.

    Parameters and errors are those of `ready_rate`.
    """
    return sum((spares - k) * _poisson(k, on_order) for k in range(_whole(spares, on_order)))


def _poisson(k: int, mean: float) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0)) if mean > 0.0 else float(k == 0)


def _whole(spares: int, on_order: float) -> int:
    if spares < 0 or on_order < 0.0:
        raise ValueError("spares and on_order must not be negative")
    return spares


def _positive(**times_s: float) -> None:
    for name, value in times_s.items():
        if not value > 0.0:
            raise ValueError(f"{name} must be positive")
