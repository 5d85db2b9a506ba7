"""Flights of interceptors as arcs in space: the loop itself only knows when and where one arrives.

kalkan's own simplification: an interceptor flies the arc of its fly-out model (`models.flyout`),
its time stretched to the one that the loop read from the table; where the object that it met is
not at the point foreseen at the launch, the arc is bent there with the square of the time flown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile import Compiled
from kalkan.compile.defence import interceptor_data
from kalkan.compile.inputs import Inputs
from kalkan.earth.geodesy import destination, ecef_to_geodetic, geodetic_to_ecef, inverse
from kalkan.engine.motions import thin, to_earth
from kalkan.engine.recording import Floats, Missile, Motion, Threat
from kalkan.kernels import trace as traces
from kalkan.kernels.plan import Plan
from kalkan.models.flyout import BOOST_STEP_S, MINIMUM_SPEED_M_S, Body, arc, calibrate, standard_air
from kalkan.scenario import Scenario
from kalkan.schema import EVENTS


def missiles_of(
    compiled: Compiled, scenario: Scenario, entries: Struct, threats: Sequence[Threat],
    tolerance_m: float,
) -> list[Missile]:  # fmt: skip
    """Every interceptor that was launched, in order of launch."""
    plan, labels = compiled.plan, compiled.labels
    inputs = Inputs(scenario.catalogue, scenario.assume)

    @cache
    def body(interceptor: int) -> Body:
        return calibrate(interceptor_data(labels["interceptor"][interceptor], inputs))

    missiles = []
    flying: dict[tuple[int, int], Struct] = {}
    ended: list[tuple[Struct, Struct | None]] = []
    for e in entries:
        channel = (int(e["place"]), int(e["slot"]))
        if e["kind"] == traces.LAUNCH:
            flying[channel] = e
        elif e["kind"] == traces.INTERCEPT:
            ended.append((flying.pop(channel), e))
    ended += [(launch, None) for launch in flying.values()]
    ended.sort(key=lambda pair: (float(pair[0]["t_s"]), int(pair[0]["place"]), int(pair[0]["slot"])))
    for number, (launch, end) in enumerate(ended, start=1):
        met = -1 if end is None else int(end["threat"])
        motion = _motion(plan, launch, end, body(int(launch["code"])), threats[met] if met >= 0 else None, tolerance_m)
        missiles.append(
            Missile(
                f"{labels['unit'][int(launch['place'])]} shot {number}", int(launch["place"]), int(launch["code"]),
                int(launch["threat"]), met, "in flight" if end is None else EVENTS[int(end["code"])].word, motion,
            )
        )  # fmt: skip
    return missiles


def _motion(
    plan: Plan, launch: Struct, end: Struct | None, body: Body, met: Threat | None, tolerance_m: float
) -> Motion:
    unit = int(launch["place"])
    start = to_earth(plan, int(plan.units["picture"][unit]), plan.units["position_m"][unit])
    meeting = to_earth(plan, int(launch["serial"]), launch["x"][:3])
    start_s, arrival_s = float(launch["t_s"]), float(launch["value"])
    t_s, position = arc_between(start, meeting, start_s, arrival_s, body)
    if met is not None:
        share = (t_s - start_s) / (arrival_s - start_s)
        position = position + (share**2)[:, None] * (met.motion.at(arrival_s) - meeting)
    velocity = np.gradient(position, t_s, axis=0)
    keep = thin(t_s, position, tolerance_m)
    t_s, position, velocity = t_s[keep], position[keep], velocity[keep]
    if end is None:
        t_s, position, velocity = _cut(t_s, position, velocity, plan.study.horizon_s)
    return Motion(t_s, position, velocity)


def arc_between(start_m: Floats, end_m: Floats, start_s: float, end_s: float, body: Body) -> tuple[Floats, Floats]:
    """Times [s] and ECEF positions [m] of a flight from one point to another in a given time.

    An end below the launcher is reached by the arc to its level, lowered in proportion to the way flown.
    """
    (lat0, lat1), (lon0, lon1), (h0, h1) = (np.asarray(v) for v in ecef_to_geodetic(*np.stack([start_m, end_m], 1)))
    azimuth, ground_m = (float(v) for v in inverse(lat0, lon0, lat1, lon1))
    rise = float(h1 - h0)
    t, along, above = _arc(ground_m, max(rise, 0.0), body)
    above = above + min(rise, 0.0) * along / max(ground_m, 1e-9)
    lat, lon = destination(float(lat0), float(lon0), azimuth, along)
    position = np.stack(geodetic_to_ecef(lat, lon, h0 + above), axis=-1)
    position[-1] = end_m
    return start_s + t * (end_s - start_s) / t[-1], position


def _arc(ground_m: float, height_m: float, body: Body) -> tuple[Floats, Floats, Floats]:
    """The model's arc; a point at the very edge of the table may be met a little too slowly for it."""
    for least_m_s in (MINIMUM_SPEED_M_S, 0.0):
        t, along, above = arc(ground_m, height_m, body, standard_air(), least_m_s, BOOST_STEP_S)
        if t.size:
            return t, along, above
    share = np.linspace(0.0, 1.0, 32)
    return share, share * ground_m, share * height_m


def _cut(t_s: Floats, position: Floats, velocity: Floats, end_s: float) -> tuple[Floats, Floats, Floats]:
    """What was flown by `end_s` [s]."""
    if t_s[-1] <= end_s:
        return t_s, position, velocity
    last = int(np.searchsorted(t_s, end_s))
    at = [np.array([np.interp(end_s, t_s, v[:, axis]) for axis in range(3)]) for v in (position, velocity)]
    return np.r_[t_s[:last], end_s], np.vstack([position[:last], at[0]]), np.vstack([velocity[:last], at[1]])
