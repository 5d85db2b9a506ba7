"""Points of motions: local frames to the earth, and lists thinned to what a picture needs."""

from __future__ import annotations

import numpy as np

from kalkan.earth.geodesy import rotated_back
from kalkan.engine.recording import Floats, Ints
from kalkan.kernels.plan import Plan


def thin(t_s: Floats, position_m: Floats, tolerance_m: float) -> Ints:
    """Indices of samples between which straight flight at constant speed stays within a tolerance.

    Parameters
    ----------
    t_s : float64 (n,)
        Times, strictly ascending [s].
    position_m : float64 (n, 3)
    tolerance_m : float
        Largest distance of a sample left out from where the kept ones put it at its time [m].

    Returns
    -------
    int64 (k,)
        Ascending, the first and the last among them.

    Notes
    -----
    Douglas and Peucker's splitting (1973, doi:10.3138/FM57-6770-U75U-7727) with the distance taken at
    equal times.
    """
    n = len(t_s)
    kept = np.zeros(n, np.bool_)
    kept[[0, n - 1]] = True
    spans = [(0, n - 1)]
    while spans:
        a, b = spans.pop()
        if b - a < 2:
            continue
        share = ((t_s[a + 1 : b] - t_s[a]) / (t_s[b] - t_s[a]))[:, None]
        straight = position_m[a] + share * (position_m[b] - position_m[a])
        away = np.linalg.norm(position_m[a + 1 : b] - straight, axis=1)
        worst = int(away.argmax())
        if away[worst] > tolerance_m:
            middle = a + 1 + worst
            kept[middle] = True
            spans += [(a, middle), (middle, b)]
    return np.flatnonzero(kept)


def to_earth(plan: Plan, post: int | Ints, local: Floats) -> Floats:
    """Positions (..., 3) of a picture's frame → ECEF [m]; `post` is one, or one for each."""
    axes, origin = plan.pictures["to_local"][post], plan.pictures["origin_m"][post]
    return np.asarray(origin + rotated_back(axes, local))


def turned(plan: Plan, post: int, local: Floats) -> Floats:
    """Vectors (n, 3) of a picture's frame in ECEF axes."""
    return rotated_back(plan.pictures["to_local"][post], local)
