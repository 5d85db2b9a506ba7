"""Ballistic missiles: a boost, then the fall of a point mass over the rotating earth with drag; solved for the aim.

After burn-out, in earth-fixed coordinates,

    dv/dt = g(r) - 2 w x v - w x (w x r) - 1/2 rho(h) |v| v / beta

with the central and the J2 term of WGS-84, the density of the US Standard Atmosphere 1976 and a ballistic coefficient
beta = m / (Cd A) that stays as it is. kalkan's own simplifications: the boost is a straight line over the rotating
earth, from rest, of constant acceleration until the burn time is over; the missile neither steers nor breaks up; air
turns with the earth. Vallado, "Fundamentals of Astrodynamics and Applications", 4th ed. 2013, §8.6; constants of NIMA
TR8350.2, 3rd ed.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.jit import builder, kernel
from kalkan.models.atmosphere import density

Floats = NDArray[np.float64]
AIR_STEP_M = 100.0
AIR_TOP_M = 200e3
STEP_S = 0.5
LONGEST_S = 3600.0  # no flight of a short-range type lasts as long
REFINE = 6  # shorter last steps with which the ground is met to a millimetre


class Earth(NamedTuple):
    """What pulls, turns and is hit."""

    mu_m3_s2: float
    j2: float
    rate_rad_s: float
    equator_m: float
    flattening: float


WGS84 = Earth(3.986004418e14, 1.08262982e-3, 7.292115e-5, 6378137.0, 1.0 / 298.257223563)


class Fallen(NamedTuple):
    """Where a flight ends: time since the state that it began with [s], ECEF place [m] and velocity [m/s]."""

    t_s: float
    x: float
    y: float
    z: float
    vx: float
    vy: float
    vz: float
    apogee_m: float  # highest point on the way, above the ellipsoid


@cache
def standard_air() -> Floats:
    """Density [kg/m³] every `AIR_STEP_M` from sea level to `AIR_TOP_M`; linear between."""
    return density(np.arange(0.0, AIR_TOP_M, AIR_STEP_M))


@kernel
def height_m(x: float, y: float, z: float, earth: Earth) -> float:
    """Height [m] over the ellipsoid on the line to its centre; within 1 m of the geodetic height up to 150 km."""
    r2 = x * x + y * y + z * z
    squash = earth.flattening * (2.0 - earth.flattening) * (1.0 - z * z / r2)
    return math.sqrt(r2) - earth.equator_m * (1.0 - earth.flattening) / math.sqrt(1.0 - squash)


@kernel
def air_at(air: Floats, height: float) -> float:
    """Density [kg/m³] at a height [m]."""
    at = min(max(height / AIR_STEP_M, 0.0), air.shape[0] - 1.001)
    k = int(at)
    return air[k] + (at - k) * (air[k + 1] - air[k])


@kernel
def acceleration(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, coefficient: float, air: Floats, earth: Earth
) -> tuple[float, float, float]:
    """Acceleration [m/s²] of what falls, earth-fixed; `coefficient` is the ballistic coefficient [kg/m²]."""
    r2 = x * x + y * y + z * z
    pull = -earth.mu_m3_s2 / (r2 * math.sqrt(r2))
    bulge = 1.5 * earth.j2 * earth.equator_m * earth.equator_m / r2
    flat = 5.0 * z * z / r2
    w = earth.rate_rad_s
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    drag = 0.5 * air_at(air, height_m(x, y, z, earth)) * speed / coefficient
    level = pull * (1.0 - bulge * (flat - 1.0)) + w * w
    return (
        level * x + 2.0 * w * vy - drag * vx,
        level * y - 2.0 * w * vx - drag * vy,
        pull * (1.0 - bulge * (flat - 3.0)) * z - drag * vz,
    )


@kernel
def energy_j_kg(x: float, y: float, z: float, vx: float, vy: float, vz: float, earth: Earth) -> float:
    """Energy per mass of what falls, earth-fixed [J/kg]: of motion, of the pull, and of turning with the earth.

    Without air it stays as it is (Jacobi's integral of :func:`acceleration`).
    """
    r2 = x * x + y * y + z * z
    bulge = earth.j2 * earth.equator_m * earth.equator_m / r2 * (1.5 * z * z / r2 - 0.5)
    pull = -earth.mu_m3_s2 / math.sqrt(r2) * (1.0 - bulge)
    return 0.5 * (vx * vx + vy * vy + vz * vz) + pull - 0.5 * earth.rate_rad_s**2 * (x * x + y * y)


@kernel
def step(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, dt: float, coefficient: float, air: Floats,
    earth: Earth,
) -> tuple[float, float, float, float, float, float]:  # fmt: skip
    """One Runge-Kutta step of fourth order over `dt` [s]."""
    h = 0.5 * dt
    a1, b1, c1 = acceleration(x, y, z, vx, vy, vz, coefficient, air, earth)
    u2, v2, w2 = vx + h * a1, vy + h * b1, vz + h * c1
    a2, b2, c2 = acceleration(x + h * vx, y + h * vy, z + h * vz, u2, v2, w2, coefficient, air, earth)
    u3, v3, w3 = vx + h * a2, vy + h * b2, vz + h * c2
    a3, b3, c3 = acceleration(x + h * u2, y + h * v2, z + h * w2, u3, v3, w3, coefficient, air, earth)
    u4, v4, w4 = vx + dt * a3, vy + dt * b3, vz + dt * c3
    a4, b4, c4 = acceleration(x + dt * u3, y + dt * v3, z + dt * w3, u4, v4, w4, coefficient, air, earth)
    s = dt / 6.0
    return (
        x + s * (vx + 2.0 * u2 + 2.0 * u3 + u4), y + s * (vy + 2.0 * v2 + 2.0 * v3 + v4),
        z + s * (vz + 2.0 * w2 + 2.0 * w3 + w4), vx + s * (a1 + 2.0 * a2 + 2.0 * a3 + a4),
        vy + s * (b1 + 2.0 * b2 + 2.0 * b3 + b4), vz + s * (c1 + 2.0 * c2 + 2.0 * c3 + c4),
    )  # fmt: skip


@kernel
def fall(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, dt: float, coefficient: float, air: Floats,
    earth: Earth, floor_m: float,
) -> Fallen:  # fmt: skip
    """Where and when it comes down through a height `floor_m` [m]; steps of `dt` [s], the last one shortened.

    After `LONGEST_S` it is left where it is.
    """
    t, height = 0.0, height_m(x, y, z, earth)
    top = height
    while t < LONGEST_S:
        a, b, c, d, e, f = step(x, y, z, vx, vy, vz, dt, coefficient, air, earth)
        after = height_m(a, b, c, earth)
        if after < floor_m and after < height:
            break
        x, y, z, vx, vy, vz, height = a, b, c, d, e, f, after
        t += dt
        top = max(top, height)
    part = dt * min(max((height - floor_m) / max(height - after, 1e-9), 0.0), 1.0)
    for _ in range(REFINE):
        a, b, c, d, e, f = step(x, y, z, vx, vy, vz, part, coefficient, air, earth)
        rate = (a * d + b * e + c * f) / math.sqrt(a * a + b * b + c * c)
        part = min(max(part - (height_m(a, b, c, earth) - floor_m) / min(rate, -1e-3), 0.0), dt)
    a, b, c, d, e, f = step(x, y, z, vx, vy, vz, part, coefficient, air, earth)
    return Fallen(t + part, a, b, c, d, e, f, top)


@builder
def fallen(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, end_s: float, dt: float, coefficient: float,
    air: Floats, earth: Earth,
) -> Floats:  # fmt: skip
    """The states of a fall: rows of t [s], place [m] and velocity [m/s], every `dt` [s] and at `end_s` [s]."""
    n = math.ceil(end_s / dt - 1e-9)
    out = np.empty((n + 1, 7))
    for k in range(n + 1):
        out[k] = np.array((min(k * dt, end_s), x, y, z, vx, vy, vz))
        part = min(dt, end_s - k * dt)
        x, y, z, vx, vy, vz = step(x, y, z, vx, vy, vz, part, coefficient, air, earth)
    return out
