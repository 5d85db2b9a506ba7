"""When a run is long enough: looks at growing samples until an interval is narrow enough.

A run that stops at the first look whose interval has the wanted half-width d gives the interval
``mean ± d``. Such a fixed-width interval keeps its confidence under sequential looking, because the
rule looks at the spread and never at the mean: Y. S. Chow and H. Robbins, Ann. Math. Statist. 36
(1965) 457-462, doi:10.1214/aoms/1177700156, show that its coverage tends to the nominal one as d falls,
and A. Nádas, Ann. Math. Statist. 40 (1969) 667-671, that a first stage keeps it honest at once. Here the
first stage has `FIRST` replications and the looks are at least a tenth apart, which costs a few per cent
more replications than were needed and keeps the spread of a lucky moment from ending the run.

The narrower interval that a plain table shows at that moment is not valid in this sense: its ends were
looked at until they were close. Its coverage is about one per cent too small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

FIRST = 100  # replications of the first stage
LEAST_GROWTH, MOST_GROWTH, MARGIN = 1.1, 2.0, 1.02
MOST = 100_000  # replications, unless the user says otherwise


class Look(NamedTuple):
    """One look: replications per variant, and the widest half-width over what was wanted."""

    n: int
    excess: float


def next_size(n: int, excess: float, most: int) -> int:
    """Replications of the next look.

    Parameters
    ----------
    n : int
        Replications now.
    excess : float
        Half-width now over half-width wanted; above 1. Half-widths fall with the root of n.
    most : int
        Never more than these.
    """
    needed = MARGIN * n * excess**2 if math.isfinite(excess) else math.inf
    return min(most, math.ceil(max(LEAST_GROWTH * n, min(MOST_GROWTH * n, needed))))


def looks(excess_at: Callable[[int], float], most: int, first: int = FIRST) -> Iterator[Look]:
    """Look at growing samples; the last look is narrow enough (excess at most 1) or has `most` replications.

    Parameters
    ----------
    excess_at : callable
        Makes the sample `n` long and returns its widest half-width over what was wanted.
    most, first : int
        Largest and first sample.
    """
    n = min(first, most)
    while True:
        excess = excess_at(n)
        yield Look(n, excess)
        if excess <= 1.0 or n >= most:
            return
        n = next_size(n, excess, most)


def excess_of(half_widths: Sequence[float], wanted: float) -> float:
    """Widest half-width over the wanted one; infinite if one is undefined."""
    return max((h / wanted if math.isfinite(h) else math.inf for h in half_widths), default=math.inf)
