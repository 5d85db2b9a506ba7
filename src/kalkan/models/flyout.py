"""Interceptor fly-out tables: time of flight and speed on arrival from an energy model.

kalkan's own simplification, abstract on purpose: a point mass is carried along a given arc in a
vertical plane; there is no guidance, no lift and no control. Along the arc

    m dv/dt = thrust - 1/2 rho v² S Cd - m g sin(slope)

with the density of the US Standard Atmosphere 1976, thrust constant for the burn time, mass falling
linearly by the propellant, and Cd constant. The thrust is not a claim: it is found so that a climb
at 45° from sea level reaches the claimed maximum speed.

The arc to a point (range r, altitude h) is the straight line raised by
``loft * r * (1 - (1 - 2u)^4)`` at the share u of the range: a steep climb, a flat top and a steep
descent, its middle never raised above `CEILING_M`. Of the lofts in `LOFTS` the one that arrives
first is taken: long shots climb into thin air, short ones go straight. Ranges are along the ground
and altitudes above the launcher, which stands at sea level.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.jit import builder, kernel
from kalkan.models.atmosphere import density

Floats = NDArray[np.float64]
GRAVITY_M_S2 = 9.80665
LOFTS = np.array([0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.17, 0.2])
CEILING_M = 40e3
MINIMUM_SPEED_M_S = 350.0
"""An interceptor slower than this after burn-out reaches nothing more (judgement: just supersonic)."""
BOOST_STEP_S = 0.5
COAST_STEP_S = 1.0
DENSITY_STEP_M = 100.0
_SQUARE = math.sqrt(0.5)


class InterceptorData(NamedTuple):
    """Public figures of an interceptor."""

    launch_mass_kg: float
    diameter_m: float
    burn_time_s: float
    propellant_fraction: float
    drag_coefficient: float
    max_speed_m_s: float
    max_range_m: float
    max_altitude_m: float
    min_range_m: float = 0.0
    min_altitude_m: float = 0.0
    minimum_speed_m_s: float = MINIMUM_SPEED_M_S


class FlyoutTable(NamedTuple):
    """Fly-out of one interceptor over ground range and altitude, both axes from 0 to the claimed limit.

    The claimed least range and altitude are carried, not cut out of the grid: interpolation next to them
    would suffer. Whoever looks up holds to them.
    """

    time_s: Floats  # (n_range, n_altitude) time of flight [s], infinite where out of reach
    speed_m_s: Floats  # (n_range, n_altitude) speed on arrival [m/s], 0 where out of reach
    range_step_m: float
    altitude_step_m: float
    min_range_m: float
    max_range_m: float
    min_altitude_m: float
    max_altitude_m: float


class Body(NamedTuple):
    """What the equation of motion needs, calibrated."""

    launch_mass_kg: float
    burn_time_s: float
    propellant_fraction: float
    drag_area_m2: float
    thrust_n: float


def build(
    data: InterceptorData, n_range: int = 73, n_altitude: int = 28, step_scale: float = 1.0
) -> FlyoutTable:
    """Fly-out table of an interceptor.

    Parameters
    ----------
    data : InterceptorData
        Claims, SI.
    n_range, n_altitude : int
        Size of the grid.
    step_scale : float
        Factor on the integration steps, to prove that they do not matter.

    Raises
    ------
    ValueError
        For figures that no flight fits (not positive, propellant fraction outside [0, 1)).
    """
    body = calibrate(data)
    ranges = np.linspace(0.0, data.max_range_m, n_range)
    altitudes = np.linspace(0.0, data.max_altitude_m, n_altitude)
    time_s, speed_m_s = _fill(ranges, altitudes, body, standard_air(), data.minimum_speed_m_s, step_scale)
    return FlyoutTable(
        time_s,
        speed_m_s,
        float(ranges[1]),
        float(altitudes[1]),
        data.min_range_m,
        data.max_range_m,
        data.min_altitude_m,
        data.max_altitude_m,
    )


def calibrate(data: InterceptorData) -> Body:
    """The body whose climb at 45° reaches the claimed maximum speed at burn-out."""
    sizes = (data.launch_mass_kg, data.diameter_m, data.burn_time_s, data.max_speed_m_s)
    if min(*sizes, data.max_range_m, data.max_altitude_m) <= 0.0:
        raise ValueError("mass, diameter, burn time, speed, range and altitude must be above 0")
    if not 0.0 <= data.propellant_fraction < 1.0 or data.drag_coefficient < 0.0:
        raise ValueError("propellant fraction must lie in [0, 1), the drag coefficient be 0 or more")
    drag_area = data.drag_coefficient * math.pi * data.diameter_m**2 / 4.0
    air = standard_air()
    low, high = 0.0, 100.0 * data.launch_mass_kg * data.max_speed_m_s / data.burn_time_s
    for _ in range(60):
        middle = (low + high) / 2.0
        body = Body(data.launch_mass_kg, data.burn_time_s, data.propellant_fraction, drag_area, middle)
        if _burnout_speed(body, air) < data.max_speed_m_s:
            low = middle
        else:
            high = middle
    return Body(data.launch_mass_kg, data.burn_time_s, data.propellant_fraction, drag_area, high)


def standard_air() -> Floats:
    """Density [kg/m³] every `DENSITY_STEP_M` from sea level to 90 km (linear between: 3e-5 relative)."""
    return density(np.arange(0.0, 90e3, DENSITY_STEP_M))


@kernel
def lookup(
    time_s: Floats,
    speed_m_s: Floats,
    range_step_m: float,
    altitude_step_m: float,
    range_m: float,
    altitude_m: float,
) -> tuple[float, float]:
    """Time of flight [s] and speed on arrival [m/s] by bilinear interpolation in a fly-out table.

    ``(inf, 0)`` outside the table and wherever a corner that bears weight is out of reach; negative
    ranges and altitudes are outside.
    """
    x, y = range_m / range_step_m, altitude_m / altitude_step_m
    n_x, n_y = time_s.shape
    slack = 1e-9
    if not (0.0 <= x <= n_x - 1 + slack and 0.0 <= y <= n_y - 1 + slack):
        return math.inf, 0.0
    i, j = min(int(x), n_x - 2), min(int(y), n_y - 2)
    u, w = min(x - i, 1.0), min(y - j, 1.0)
    time, speed = 0.0, 0.0
    for a in range(2):
        for b in range(2):
            weight = (u if a else 1.0 - u) * (w if b else 1.0 - w)
            if weight > slack:
                time += weight * time_s[i + a, j + b]
                speed += weight * speed_m_s[i + a, j + b]
    if time == math.inf:
        return math.inf, 0.0
    return time, speed


@kernel
def _acceleration(t: float, slope: float, altitude_m: float, v: float, body: Body, air: Floats) -> float:
    """Acceleration along the arc [m/s²]; `slope` is the sine of its angle."""
    x = min(max(altitude_m / DENSITY_STEP_M, 0.0), air.shape[0] - 1.001)
    k = int(x)
    rho = air[k] + (x - k) * (air[k + 1] - air[k])
    burnt = min(t / body.burn_time_s, 1.0)
    mass = body.launch_mass_kg * (1.0 - body.propellant_fraction * burnt)
    push = body.thrust_n if t < body.burn_time_s else 0.0
    return (push - 0.5 * rho * v * v * body.drag_area_m2) / mass - GRAVITY_M_S2 * slope


@kernel
def _rate(
    t: float, u: float, v: float, range_m: float, altitude_m: float, rise_m: float, body: Body, air: Floats
) -> tuple[float, float]:
    """Rates of the share of the arc `u` and of the speed `v`."""
    w = 1.0 - 2.0 * u
    up = altitude_m + 8.0 * rise_m * w * w * w
    length = math.sqrt(range_m * range_m + up * up)
    here = altitude_m * u + rise_m * (1.0 - w * w * w * w)
    return v / length, _acceleration(t, up / length, here, v, body, air)


@kernel
def _step(
    t: float, dt: float, u: float, v: float, r: float, h: float, rise: float, body: Body, air: Floats
) -> tuple[float, float]:
    """One Runge-Kutta step of fourth order; thrust is constant within it."""
    end = t + dt * (1.0 - 1e-12)  # the last stage of a step that ends at burn-out still burns
    a1, b1 = _rate(t, u, v, r, h, rise, body, air)
    a2, b2 = _rate(t + dt / 2, u + a1 * dt / 2, v + b1 * dt / 2, r, h, rise, body, air)
    a3, b3 = _rate(t + dt / 2, u + a2 * dt / 2, v + b2 * dt / 2, r, h, rise, body, air)
    a4, b4 = _rate(end, u + a3 * dt, v + b3 * dt, r, h, rise, body, air)
    return u + dt * (a1 + 2 * a2 + 2 * a3 + a4) / 6.0, v + dt * (b1 + 2 * b2 + 2 * b3 + b4) / 6.0


@kernel
def fly(
    range_m: float,
    altitude_m: float,
    rise_m: float,
    body: Body,
    air: Floats,
    minimum_speed_m_s: float,
    step_scale: float,
) -> tuple[float, float]:
    """Time [s] and speed [m/s] at the end of one arc; ``(inf, 0)`` if it is not reached.

    Parameters
    ----------
    range_m, altitude_m, rise_m : float
        End of the arc and how far its middle is raised [m].
    body : Body
        The interceptor; it starts at rest.
    air : float64[]
        Density [kg/m³] every `DENSITY_STEP_M` of altitude; the ends hold beyond.
    minimum_speed_m_s : float
        Speed below which the flight has failed after burn-out [m/s].
    step_scale : float
        Factor on `BOOST_STEP_S` and `COAST_STEP_S`.
    """
    if range_m == 0.0 and altitude_m == 0.0:
        return 0.0, 0.0
    n_boost = math.ceil(body.burn_time_s / (BOOST_STEP_S * step_scale))
    boost_dt, coast_dt = body.burn_time_s / n_boost, COAST_STEP_S * step_scale
    t, u, v, k = 0.0, 0.0, 0.0, 0
    while True:
        dt = boost_dt if k < n_boost else coast_dt
        u_next, v_next = _step(t, dt, u, v, range_m, altitude_m, rise_m, body, air)
        if u_next >= 1.0:
            break
        k += 1
        t = k * boost_dt if k <= n_boost else t + dt
        u, v = u_next, v_next
        if v < 0.0 or (k >= n_boost and v < minimum_speed_m_s):
            return math.inf, 0.0
    part = dt * (1.0 - u) / (u_next - u)
    for _ in range(4):
        u_end, v_end = _step(t, part, u, v, range_m, altitude_m, rise_m, body, air)
        part += (1.0 - u_end) / _rate(t + part, u_end, v_end, range_m, altitude_m, rise_m, body, air)[0]
    if t + part > body.burn_time_s and v_end < minimum_speed_m_s:
        return math.inf, 0.0
    return t + part, v_end


@kernel
def _burnout_speed(body: Body, air: Floats) -> float:
    """Speed [m/s] at the end of thrust in a straight climb at 45°."""
    n = math.ceil(body.burn_time_s / BOOST_STEP_S) * 2
    far = 1e7
    dt, u, v = body.burn_time_s / n, 0.0, 0.0
    for k in range(n):
        u, v = _step(k * dt, dt, u, v, far * _SQUARE, far * _SQUARE, 0.0, body, air)
    return v


@builder
def arc(
    range_m: float, altitude_m: float, body: Body, air: Floats, minimum_speed_m_s: float, every_s: float
) -> tuple[Floats, Floats, Floats]:
    """The flight that a fly-out table only sums up, for pictures of it.

    Parameters
    ----------
    range_m, altitude_m : float
        End of the flight, along the ground and above the launcher [m].
    body, air, minimum_speed_m_s
        As for :func:`fly`.
    every_s : float
        Longest step between two points [s]; at most `BOOST_STEP_S`.

    Returns
    -------
    time_s, along_m, above_m : float64[n]
        Time since the launch [s], way along the ground and height above the launcher [m], from the
        launch to the end; empty where no arc reaches it.
    """
    room = max(CEILING_M - altitude_m / 2.0, 0.0)
    best, end_s, _ = _best_loft(range_m, altitude_m, room, 0, body, air, minimum_speed_m_s)
    rise = min(LOFTS[max(best, 0)] * range_m, room)
    n_boost = math.ceil(body.burn_time_s / every_s)
    dt = body.burn_time_s / n_boost
    n = 0 if end_s == math.inf else int(end_s / dt) + 1
    time_s, share = np.empty(n + 1), np.empty(n + 1)
    u, v = 0.0, 0.0
    for k in range(n):
        time_s[k], share[k] = k * dt, min(u, 1.0)
        u, v = _step(k * dt, dt, u, v, range_m, altitude_m, rise, body, air)
    time_s[n], share[n] = end_s, 1.0
    if n == 0:
        return time_s[:0], share[:0], share[:0]
    w = 1.0 - 2.0 * share
    return time_s, share * range_m, altitude_m * share + rise * (1.0 - w * w * w * w)


@builder
def _fill(
    ranges: Floats, altitudes: Floats, body: Body, air: Floats, minimum_speed_m_s: float, step_scale: float
) -> tuple[Floats, Floats]:
    """Earliest arrival over the lofts for every point of the grid.

    The search starts from the best loft of the point next to it, one step nearer.
    """
    time_s = np.full((ranges.shape[0], altitudes.shape[0]), math.inf)
    speed_m_s = np.zeros((ranges.shape[0], altitudes.shape[0]))
    start = np.zeros(altitudes.shape[0], np.int64)
    for i in range(ranges.shape[0]):
        for j in range(altitudes.shape[0]):
            room = max(CEILING_M - altitudes[j] / 2.0, 0.0)
            best, time_s[i, j], speed_m_s[i, j] = _best_loft(
                ranges[i], altitudes[j], room, start[j], body, air, minimum_speed_m_s
            )
            start[j] = max(best, 0)
            if step_scale != 1.0 and best >= 0:
                rise = min(LOFTS[best] * ranges[i], room)
                time_s[i, j], speed_m_s[i, j] = fly(
                    ranges[i], altitudes[j], rise, body, air, minimum_speed_m_s, step_scale
                )
    return time_s, speed_m_s


@kernel
def _best_loft(
    range_m: float, altitude_m: float, room_m: float, start: int, body: Body, air: Floats, minimum_speed_m_s: float
) -> tuple[int, float, float]:
    """Number of the loft that arrives first, its time [s] and speed [m/s]; -1 if none arrives.

    Lofts are tried upwards from `start` until one arrives later than the best, then downwards likewise
    (the time of flight has one minimum over the lofts); the second loft that is raised to the full
    `room_m` would repeat the first.
    """
    best, time_s, speed_m_s = -1, math.inf, 0.0
    last = 0
    while last < LOFTS.shape[0] - 1 and LOFTS[last] * range_m <= room_m:
        last += 1
    start = min(start, last)
    for way in (1, -1):
        k, worse = (start, 0) if way == 1 else (start - 1, 0)
        while 0 <= k <= last and worse < 1:
            rise = min(LOFTS[k] * range_m, room_m)
            time, speed = fly(range_m, altitude_m, rise, body, air, minimum_speed_m_s, 1.0)
            if time < time_s or (time == time_s and time < math.inf and k < best):
                best, time_s, speed_m_s, worse = k, time, speed, 0
            elif time < math.inf:
                worse += 1
            k += way
    return best, time_s, speed_m_s
