"""Counter-based random numbers: Philox4x32-10, keyed by meaning, never by call order.

A draw is addressed by (seed, branch, replication, purpose, one or two entities, ordinal).
The ordinal is semantic: the number of a scan, the n-th shot at a target. Adding a battery
therefore leaves every other entity's numbers as they were, and variants stay paired.

Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11, doi:10.1145/2063384.2063405.
The inverse normal is Wichura's AS 241 (PPND16), doi:10.2307/2347330.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from kalkan.jit import kernel

# purposes
DETECTION, FALSE_ALARM, START, ROUTE, KILL, ASSESSMENT, DWELL, HIT, PHASE, COMMON, STROBE = range(1, 12)
SIGNS, INTERROGATION = range(41, 43)  # identity of a track
SOURCE, SOURCE_LOOK, LINK_UP, CORRELATION, SOURCE_STROBE = range(21, 26)  # external sources
OUTAGE, STRUCK, HOMING, REACTION = range(51, 55)  # losses of the defence; what vehicles do when it takes them on
WARNING = 32  # of launches
WAVE = 58  # of a campaign
LIFE, RENEWAL, TURN, LOCAL = range(61, 65)  # upkeep between raids
CONVOY = 71  # of a depot
SPARE = 31  # far from the others, which grow

Word: TypeAlias = Any  # uint64

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)
_TO_UNIT = 1.0 / 4294967296.0


@kernel
def mix(a: Word, b: Word) -> Word:
    """One well-mixed 64-bit word from two (the splitmix64 finaliser over their sum)."""
    z = np.uint64(a) + _GOLDEN * (np.uint64(b) + np.uint64(1))
    z = (z ^ (z >> _30)) * _MIX1
    z = (z ^ (z >> _27)) * _MIX2
    return z ^ (z >> _31)


@kernel
def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Philox4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key (all uint64 < 2**32)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _32) ^ c1 ^ k0
        c1 = p1 & _LOW
        c2 = (p0 >> _32) ^ c3 ^ k1
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@kernel
def draw4(
    stream: Word, replication: int, purpose: int, entity: Word, other: Word, ordinal: int
) -> tuple[float, float, float, float]:
    """Four uniforms in (0, 1), 32 bits each.

    Parameters
    ----------
    stream : uint64
        ``mix(seed, branch)``: the key.
    replication, purpose, ordinal : int
        Replication (< 2**32), one of this module's purposes, semantic ordinal (< 2**32).
    entity, other : uint64
        Name hashes; ``other`` is 0 where one entity is enough.
    """
    word = mix(np.uint64(entity), np.uint64(other) ^ (np.uint64(purpose) << np.uint64(56)))
    stream = np.uint64(stream)
    a, b, c, d = philox(
        np.uint64(replication) & _LOW,
        np.uint64(ordinal) & _LOW,
        word & _LOW,
        word >> _32,
        stream & _LOW,
        stream >> _32,
    )
    return (
        (np.float64(a) + 0.5) * _TO_UNIT,
        (np.float64(b) + 0.5) * _TO_UNIT,
        (np.float64(c) + 0.5) * _TO_UNIT,
        (np.float64(d) + 0.5) * _TO_UNIT,
    )


@kernel
def normal(p: float) -> float:
    """Standard normal quantile of p in (0, 1); relative error about 1e-16 (AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        num = (
            (((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
               + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        den = (
            (((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
               + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * num / den
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        num = (
            (((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
               + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        den = (
            (((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
               + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        num = (
            (((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
               + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        den = (
            (((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
               + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
            + 0.59983220655588793769
        ) * r + 1.0
    return -num / den if q < 0.0 else num / den


@kernel
def poisson(u: float, mean: float) -> int:
    """Poisson count with the given mean by inversion of one uniform (mean < about 700)."""
    p = math.exp(-mean)
    total = p
    count = 0
    while u > total and count < 10_000:
        count += 1
        p *= mean / count
        total += p
    return count
