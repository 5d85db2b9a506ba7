"""Fusion of two tracks on one object whose errors are correlated in an unknown way.

Two trackers that follow one object err alike: its manoeuvres are noise to both, and what one was told by the other
comes back. Covariance intersection (Julier & Uhlmann, "A non-divergent estimation algorithm in the presence of unknown
correlations", American Control Conference 1997, doi:10.1109/ACC.1997.609105) weighs the two informations with ω and
1 − ω; whatever the correlation, its covariance is not less than the error's, if that holds for both estimates.

ω is the one with the least determinant, which does not depend on the units of the state as the trace would. Both
covariances are made diagonal at once, P_a = T Tᵀ and P_b = T D Tᵀ: then the determinant is a product, its best ω the
root of a falling function, and nothing is inverted.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8
from kalkan.jit import kernel

TRACK_GATE = 22.46  # 99.9 % of the squared distances of two tracks on one object, 6 degrees of freedom [1]
_SWEEPS = 12  # of Jacobi's method; a 6 × 6 matrix needs 5 or 6
_HALVINGS = 50  # of the interval of omega: 2⁻⁵⁰


@kernel
def covariance_intersection(xa: F8, pa: F8, xb: F8, pb: F8, x: F8, p: F8, work: F8) -> float:
    """Fuse two estimates of one state whose errors are correlated in an unknown way.

    Parameters
    ----------
    xa, pa, xb, pb : array (n,), (n, n)
        The two estimates and their covariances, at one time and in one frame; n of 3 at least.
    x, p : array (n,), (n, n)
        The fused one; may be one of the two.
    work : array (4, n, n)
        Scratch.

    Returns
    -------
    float
        omega, the share of `pa`'s information in [0, 1]; nan, and nothing is written, where a covariance is not
        positive definite.
    """
    n, t, d, v, y = xa.size, work[0], work[1], work[2], work[3, 0]
    if not cholesky(pb, d, n) or not cholesky(pa, t, n):
        return math.nan
    for i in range(n):
        y[i] = xb[i] - xa[i]
    _solve_lower(t, y, n)
    _whiten(t, pb, d, n)
    _diagonalise(d, v, n)
    for i in range(n):  # t becomes T = L V, row by row; y becomes Tinv (xb - xa) = Vt Linv (xb - xa)
        for j in range(n):
            work[3, 1, j] = 0.0
            for k in range(i + 1):
                work[3, 1, j] += t[i, k] * v[k, j]
        for j in range(n):
            t[i, j] = work[3, 1, j]
    for j in range(n):
        work[3, 1, j] = 0.0
        for k in range(n):
            work[3, 1, j] += v[k, j] * y[k]
    omega = _least_determinant(d, n)
    for j in range(n):
        work[3, 2, j] = 1.0 / (1.0 + omega * (d[j, j] - 1.0))
    for i in range(n):
        moved = xa[i]
        for k in range(n):
            moved += (1.0 - omega) * t[i, k] * work[3, 2, k] * work[3, 1, k]
        x[i] = moved
        for j in range(i, n):
            c = 0.0
            for k in range(n):
                c += t[i, k] * t[j, k] * d[k, k] * work[3, 2, k]
            p[i, j] = c
            p[j, i] = c
    return omega


@kernel
def track_distance(xa: F8, pa: F8, xb: F8, pb: F8, work: F8) -> tuple[float, float]:
    """How far two tracks are from being one object's: squared Mahalanobis distance and ln|S|.

    Parameters
    ----------
    xa, pa, xb, pb : array (n,), (n, n)
        Two estimates at one time and in one frame.
    work : array (4, n, n)
        Scratch.

    Returns
    -------
    d2, log_det
        By S = P_a + P_b, as for independent errors; χ² with n degrees of freedom then, and less where the errors
        are alike (Bar-Shalom, IEEE Transactions on Automatic Control 26, 1981, doi:10.1109/TAC.1981.1102635).
        (inf, 0) where S is not positive definite.
    """
    n, s, y = xa.size, work[0], work[1, 0]
    for i in range(n):
        y[i] = xb[i] - xa[i]
        for j in range(n):
            s[i, j] = pa[i, j] + pb[i, j]
    if not cholesky(s, s, n):
        return math.inf, 0.0
    _solve_lower(s, y, n)
    d2, log_det = 0.0, 0.0
    for i in range(n):
        d2 += y[i] * y[i]
        log_det += 2.0 * math.log(s[i, i])
    return d2, log_det


@kernel
def cholesky(a: F8, lower: F8, n: int) -> bool:
    """Lower factor of a symmetric matrix (in place where both are one); False: it is not positive definite."""
    for j in range(n):
        for i in range(j, n):
            c = a[i, j]
            for k in range(j):
                c -= lower[i, k] * lower[j, k]
            if i > j:
                lower[i, j] = c / lower[j, j]
            elif c > 0.0:
                lower[j, j] = math.sqrt(c)
            else:
                return False
    return True


@kernel
def _solve_lower(lower: F8, y: F8, n: int) -> None:
    """Solve lower · y' = y in place."""
    for i in range(n):
        c = y[i]
        for k in range(i):
            c -= lower[i, k] * y[k]
        y[i] = c / lower[i, i]


@kernel
def _whiten(lower: F8, b: F8, out: F8, n: int) -> None:
    """`b` as seen where the other covariance is the unit matrix: L⁻¹ b L⁻ᵀ, symmetric."""
    for i in range(n):
        for j in range(n):
            out[i, j] = b[i, j]
        _solve_lower(lower, out[i], n)
    for i in range(n):
        for j in range(i):
            out[i, j], out[j, i] = out[j, i], out[i, j]
    for i in range(n):
        _solve_lower(lower, out[i], n)
    for i in range(n):
        for j in range(i):
            out[i, j] = out[j, i] = 0.5 * (out[i, j] + out[j, i])


@kernel
def _diagonalise(a: F8, v: F8, n: int) -> None:
    """Eigenvalues of a symmetric matrix on its diagonal, eigenvectors in the columns of `v`: Jacobi's method.

    Golub & Van Loan, "Matrix Computations", 4th edition 2013, §8.5.
    """
    for i in range(n):
        for j in range(n):
            v[i, j] = 1.0 if i == j else 0.0
    for _ in range(_SWEEPS):
        off, size = 0.0, 0.0
        for i in range(n):
            size += a[i, i] * a[i, i]
            for j in range(i):
                off += a[i, j] * a[i, j]
        if off <= 1e-30 * size:
            return
        for i in range(n):
            for j in range(i):
                _rotate(a, v, n, i, j)


@kernel
def _rotate(a: F8, v: F8, n: int, i: int, j: int) -> None:
    """Turn the plane of axes `i` and `j` so that their coupling vanishes."""
    if a[i, j] == 0.0:
        return
    half = 0.5 * (a[j, j] - a[i, i]) / a[i, j]
    tan = math.copysign(1.0, half) / (abs(half) + math.sqrt(half * half + 1.0))
    cos = 1.0 / math.sqrt(tan * tan + 1.0)
    sin = tan * cos
    for k in range(n):
        a[k, i], a[k, j] = cos * a[k, i] - sin * a[k, j], sin * a[k, i] + cos * a[k, j]
    for k in range(n):
        a[i, k], a[j, k] = cos * a[i, k] - sin * a[j, k], sin * a[i, k] + cos * a[j, k]
        v[k, i], v[k, j] = cos * v[k, i] - sin * v[k, j], sin * v[k, i] + cos * v[k, j]


@kernel
def _least_determinant(d: F8, n: int) -> float:
    """The omega for which Π d / (ω d + 1 − ω) over the diagonal of `d` is least: root of a falling function."""
    low, high = 0.0, 1.0
    if _slope(d, n, low) <= 0.0:
        return 0.0
    if _slope(d, n, high) >= 0.0:
        return 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if _slope(d, n, middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def _slope(d: F8, n: int, omega: float) -> float:
    """How ln(1 / determinant) grows with omega."""
    slope = 0.0
    for i in range(n):
        slope += (d[i, i] - 1.0) / (1.0 + omega * (d[i, i] - 1.0))
    return slope
