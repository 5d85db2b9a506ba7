"""DIS 7: Entity State, Fire and Detonation PDUs (IEEE 1278.1-2012, sections 7.2.2, 7.3.2 and 7.3.3).

Big-endian; places in earth-centred metres; absolute timestamps; dead reckoning at constant velocity.
Entity types are by SISO-REF-010 as far as kalkan's abstract things have one: country 0 ("other"),
no make or model. Sites and threats report every `HEARTBEAT_S` (the standard's default) and where
their motion bends, interceptors every `FLIGHT_S`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime

import numpy as np

from kalkan.engine.recording import Floats, Missile, Motion, Recording, Threat
from kalkan.exports.beside import Beside, beside

PORT = 3000
VERSION, EXERCISE, SITE, APPLICATION = 7, 1, 1, 1
ENTITY_STATE, FIRE, DETONATION = 1, 2, 3
INFORMATION, WARFARE = 1, 2  # protocol families
FRIENDLY, OPPOSING, NEUTRAL = 1, 2, 3
FORCES = {"hostile": OPPOSING, "friendly": FRIENDLY, "neutral": NEUTRAL}
HEARTBEAT_S, FLIGHT_S = 5.0, 1.0
STATIC, CONSTANT_VELOCITY = 1, 2  # dead reckoning models
DESTROYED = 3 << 3  # appearance: damage
DEACTIVATED = 1 << 23  # appearance: the entity leaves the exercise
IMPACT, GROUND, NONE = 1, 3, 6  # results of a detonation
# kind, domain, country, category, subcategory, specific, extra
TYPES = {
    "aircraft": (1, 2, 0, 0, 0, 0, 0),
    "uav": (1, 2, 0, 50, 0, 0, 0),
    "cruise-missile": (2, 11, 0, 1, 0, 0, 0),
    "ballistic-missile": (2, 11, 0, 2, 0, 0, 0),
    "anti-radiation-missile": (2, 11, 0, 1, 0, 0, 0),
    "interceptor": (2, 1, 0, 1, 0, 0, 0),
    "post": (1, 1, 0, 0, 0, 0, 0),
    "search radar": (1, 1, 0, 0, 0, 0, 0),
    "engagement radar": (1, 1, 0, 0, 0, 0, 0),
    "fire unit": (1, 1, 0, 0, 0, 0, 0),
    "asset": (5, 1, 0, 0, 0, 0, 0),
}
FIRST_THREAT, FIRST_MISSILE, FIRST_BESIDE = 10_000, 20_000, 40_000
Packet = tuple[float, int, bytes]  # time [s], rank at one instant, PDU


def packets(recording: Recording, start: datetime) -> Iterator[tuple[float, bytes]]:
    """PDUs with their times [s], in order of time."""
    clock_s = start.minute * 60.0 + start.second + start.microsecond * 1e-6
    every: list[Packet] = [*_sites(recording, clock_s)]
    for number, other in enumerate(beside(recording)):
        every += _beside(other, FIRST_BESIDE + number, clock_s)
    for threat in recording.threats:
        every += _threat(threat, clock_s, recording.horizon_s)
    for number, missile in enumerate(recording.missiles):
        every += _missile(recording, number, missile, clock_s)
    every.sort(key=lambda p: p[:2])
    for t_s, _, data in every:
        yield t_s, data


def entity_state(
    entity: int, force: int, kind: str, position_m: Floats, velocity_m_s: Floats, attitude_rad: Floats, marking: str,
    clock_s: float, appearance: int = 0,
) -> bytes:  # fmt: skip
    """An Entity State PDU, 144 bytes; `attitude_rad` is from :func:`orientation`."""
    body = struct.pack(">HHHBB", SITE, APPLICATION, entity, force, 0)
    body += _type(kind) + _type(kind)
    body += struct.pack(">3f3d3fI", *velocity_m_s, *position_m, *attitude_rad, appearance)
    body += struct.pack(">B15x3f3f", CONSTANT_VELOCITY if velocity_m_s.any() else STATIC, 0, 0, 0, 0, 0, 0)
    body += struct.pack(">B11sI", 1, marking.encode("ascii", "replace")[:11], 0)
    return _pdu(ENTITY_STATE, INFORMATION, body, clock_s)


def fire(
    shooter: int, target: int, munition: int, event: int, kind: str, position_m: Floats, velocity_m_s: Floats,
    range_m: float, clock_s: float,
) -> bytes:  # fmt: skip
    """A Fire PDU, 96 bytes."""
    body = _parties(shooter, target, munition, event) + struct.pack(">I3d", 0, *position_m)
    body += _descriptor(kind) + struct.pack(">3ff", *velocity_m_s, range_m)
    return _pdu(FIRE, WARFARE, body, clock_s)


def detonation(
    shooter: int, target: int, munition: int, event: int, kind: str, position_m: Floats, velocity_m_s: Floats,
    result: int, clock_s: float,
) -> bytes:  # fmt: skip
    """A Detonation PDU without variable parameters, 104 bytes."""
    body = _parties(shooter, target, munition, event) + struct.pack(">3f3d", *velocity_m_s, *position_m)
    body += _descriptor(kind) + struct.pack(">3fBBxx", 0, 0, 0, result, 0)
    return _pdu(DETONATION, WARFARE, body, clock_s)


def orientation(position_m: Floats, velocity_m_s: Floats) -> Floats:
    """Euler angles psi, theta, phi [rad] of level bodies that look along their velocity (north, if at rest).

    Parameters
    ----------
    position_m, velocity_m_s : float64 (..., 3)
        ECEF.

    Returns
    -------
    float64 (..., 3)
    """
    up = position_m / np.linalg.norm(position_m, axis=-1, keepdims=True)
    moving = np.linalg.norm(velocity_m_s, axis=-1, keepdims=True) > 0.0
    ahead = np.where(moving, velocity_m_s, np.array([0.0, 0.0, 1.0]) - up[..., 2:] * up)
    ahead = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
    right = np.cross(-up, ahead)
    upright = np.linalg.norm(right, axis=-1, keepdims=True) < 1e-9  # straight up or down: any wing is level
    right = np.where(upright, np.cross(ahead, [0.0, 0.0, 1.0]), right)
    right = right / np.linalg.norm(right, axis=-1, keepdims=True)
    down = np.cross(ahead, right)
    theta = -np.arcsin(np.clip(ahead[..., 2], -1.0, 1.0))
    return np.stack(
        [np.arctan2(ahead[..., 1], ahead[..., 0]), theta, np.arctan2(right[..., 2], down[..., 2])], axis=-1
    )


def timestamp(clock_s: float) -> int:
    """Absolute timestamp: seconds past the hour in units of 3600 / 2**31 s, lowest bit set."""
    return (round(clock_s % 3600.0 * (2**31 / 3600.0)) % 2**31) << 1 | 1


def _pdu(kind: int, family: int, body: bytes, clock_s: float) -> bytes:
    head = struct.pack(
        ">BBBBIHBB", VERSION, EXERCISE, kind, family, timestamp(clock_s), 12 + len(body), 0, 0
    )
    return head + body


def _type(kind: str) -> bytes:
    return struct.pack(">BBHBBBB", *TYPES[kind])


def _descriptor(kind: str) -> bytes:
    """Munition descriptor: type; no warhead or fuse is stated; one round."""
    return _type(kind) + struct.pack(">HHHH", 0, 0, 1, 0)


def _parties(shooter: int, target: int, munition: int, event: int) -> bytes:
    """Firing, target and munition entities (0: none) and the event."""
    parts = [struct.pack(">HHH", SITE, APPLICATION, n) if n else bytes(6) for n in (shooter, target, munition)]
    return b"".join(parts) + struct.pack(">HHH", SITE, APPLICATION, event & 0xFFFF)


def _times(motion: Motion, every_s: float) -> Floats:
    """When a mover reports: at its points, and in between at every multiple of a step [s]."""
    first, last = float(motion.t_s[0]), float(motion.t_s[-1])
    beats = np.arange(np.ceil(first / every_s), np.floor(last / every_s) + 1) * every_s
    return np.unique(np.r_[motion.t_s, beats[(beats > first) & (beats < last)]])


def _velocity(motion: Motion, t_s: Floats) -> Floats:
    return np.stack([np.interp(t_s, motion.t_s, motion.velocity_m_s[:, a]) for a in range(3)], axis=-1)


def _sites(recording: Recording, clock_s: float) -> Iterator[Packet]:
    still = np.zeros(3)
    for number, site in enumerate(recording.sites, start=1):
        force = NEUTRAL if site.role == "asset" else FRIENDLY
        attitude = orientation(site.position_m, still)
        for t_s in np.arange(0.0, recording.horizon_s + 1e-9, HEARTBEAT_S):
            data = entity_state(number, force, site.role, site.position_m, still, attitude, site.name, clock_s + t_s)
            yield float(t_s), 0, data


def _beside(other: Beside, entity: int, clock_s: float) -> Iterator[Packet]:
    """An external source or a jammer: a platform in the air or on land, of its side's force."""
    times = _times(other.motion, HEARTBEAT_S)
    places, velocities = other.motion.at(times), _velocity(other.motion, times)
    attitudes = orientation(places, velocities)
    kind, force = "aircraft" if other.airborne else "search radar", FORCES[other.side]
    for k, t_s in enumerate(times):
        data = entity_state(
            entity, force, kind, places[k], velocities[k], attitudes[k], other.name, clock_s + float(t_s)
        )
        yield float(t_s), 1, data


def _threat(threat: Threat, clock_s: float, horizon_s: float) -> Iterator[Packet]:
    motion, entity = threat.motion, FIRST_THREAT + threat.index
    kind = threat.target_class if threat.target_class in TYPES else "aircraft"
    times = _times(motion, HEARTBEAT_S)
    places, velocities = motion.at(times), _velocity(motion, times)
    attitudes = orientation(places, velocities)
    killed = threat.killed_s == threat.killed_s
    for k, t_s in enumerate(times):
        last = k == len(times) - 1 and t_s < horizon_s
        look = DEACTIVATED | (DESTROYED if killed else 0) if last else 0
        data = entity_state(
            entity, FORCES[threat.side], kind, places[k], velocities[k], attitudes[k], threat.name, clock_s + t_s, look
        )
        yield float(t_s), 4 if last else 1, data
    if threat.hit and kind in ("cruise-missile", "ballistic-missile", "anti-radiation-missile"):
        at = places[-1], velocities[-1]
        yield threat.end_s, 3, detonation(entity, 0, entity, entity, kind, *at, GROUND, clock_s + threat.end_s)


def _missile(recording: Recording, number: int, missile: Missile, clock_s: float) -> Iterator[Packet]:
    motion, entity = missile.motion, FIRST_MISSILE + number
    unit = 1 + next(i for i, s in enumerate(recording.sites) if s.role == "fire unit" and s.index == missile.unit)
    target, event = FIRST_THREAT + missile.aimed, number + 1
    times = _times(motion, FLIGHT_S)
    places, velocities = motion.at(times), _velocity(motion, times)
    attitudes = orientation(places, velocities)
    away_m = float(np.linalg.norm(places[-1] - places[0]))
    start_s, end_s = float(times[0]), float(times[-1])
    launch = fire(unit, target, entity, event, "interceptor", places[0], velocities[0], away_m, clock_s + start_s)
    yield start_s, 2, launch
    flying = missile.outcome == "in flight"
    for k, t_s in enumerate(times):
        look = DEACTIVATED if k == len(times) - 1 and not flying else 0
        data = entity_state(
            entity, FRIENDLY, "interceptor", places[k], velocities[k], attitudes[k], missile.name[-11:],
            clock_s + t_s, look,
        )
        yield float(t_s), 4 if look else 2, data
    if not flying:
        met = FIRST_THREAT + missile.met if missile.met >= 0 else 0
        result = IMPACT if missile.outcome == "kill" else NONE
        at = places[-1], velocities[-1]
        end = detonation(unit, met, entity, event, "interceptor", *at, result, clock_s + end_s)
        yield end_s, 3, end
