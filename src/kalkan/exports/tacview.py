"""Tacview ACMI 2.2: a text of frames, each naming what has changed.

https://www.tacview.net/documentation/acmi/ : two header lines after a byte-order mark, then frames
``#t``; object ids are hexadecimal; ``T=longitude|latitude|altitude``; ``-id`` takes an object away.
Tacview draws straight lines between the points of a recording's motions.
"""

from __future__ import annotations

from datetime import datetime

from kalkan.engine.recording import Motion, Recording

TYPES = {
    "aircraft": "Air+FixedWing",
    "uav": "Air+FixedWing",
    "cruise-missile": "Weapon+Missile",
    "post": "Ground+Static+Building",
    "search radar": "Ground+AntiAircraft",
    "engagement radar": "Ground+AntiAircraft",
    "fire unit": "Ground+AntiAircraft",
    "asset": "Ground+Static+Building",
}
DEFENCE, RAID, BELIEF = "Defence,Color=Blue", "Raid,Color=Red", "Air picture,Color=Green"
FIRST_THREAT, FIRST_MISSILE, FIRST_TRACK = 0x1000, 0x100000, 0x10000000


def content(recording: Recording, start: datetime) -> bytes:
    """The file: sites, threats, interceptors, confirmed tracks, and what was destroyed."""
    lat0, lon0 = (round(float(v)) for v in recording.origin[:2])
    title = f"{recording.title} · {recording.label} · replication {recording.replication}"
    head = [
        "\ufeffFileType=text/acmi/tacview",
        "FileVersion=2.2",
        f"0,ReferenceTime={start:%Y-%m-%dT%H:%M:%SZ}",
        f"0,Title={escaped(title)}",
        "0,DataSource=kalkan,DataRecorder=kalkan,Category=Simulation",
        f"0,ReferenceLongitude={lon0},ReferenceLatitude={lat0}",
    ]
    frames: dict[float, list[str]] = {}
    _sites(recording, frames, lat0, lon0)
    _threats(recording, frames, lat0, lon0)
    _missiles(recording, frames, lat0, lon0)
    _tracks(recording, frames, lat0, lon0)
    for t_s in sorted(frames):
        head += [f"#{t_s:.2f}", *frames[t_s]]
    return ("\n".join(head) + "\n").encode()


def escaped(text: str) -> str:
    """A text value: commas and line ends may not stand bare in a frame."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace("\n", "\\\n")


def _at(frames: dict[float, list[str]], t_s: float) -> list[str]:
    return frames.setdefault(round(t_s, 2), [])


def _move(frames: dict[float, list[str]], name: int, motion: Motion, lat0: int, lon0: int, first: str) -> None:
    """A line for each point of a motion; the first also says what it is."""
    about = first
    for t_s, (lat, lon, height) in zip(motion.t_s, motion.geodetic, strict=True):
        _at(frames, float(t_s)).append(f"{name:x},T={lon - lon0:.7f}|{lat - lat0:.7f}|{height:.1f}{about}")
        about = ""


def _sites(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    for number, site in enumerate(recording.sites, start=1):
        lat, lon, height = site.geodetic
        _at(frames, 0.0).append(
            f"{number:x},T={lon - lon0:.7f}|{lat - lat0:.7f}|{height:.1f},Type={TYPES[site.role]},"
            f"Name={escaped(site.role)},Pilot={escaped(site.name)},Coalition={DEFENCE}"
        )


def _threats(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    for threat in recording.threats:
        name, motion = FIRST_THREAT + threat.index, threat.motion
        kind = TYPES.get(threat.target_class, "Air+FixedWing")
        about = f",Type={kind},Name={escaped(threat.kind)},Pilot={escaped(threat.name)}"
        _move(frames, name, motion, lat0, lon0, f"{about},Group={escaped(threat.raid)},Coalition={RAID}")
        end = _at(frames, float(motion.t_s[-1]))
        if threat.killed_s == threat.killed_s:
            end.append(f"0,Event=Destroyed|{name:x}|")
        if motion.t_s[-1] < recording.horizon_s:
            end.append(f"-{name:x}")
        if threat.outcome == "leaked":
            text = escaped(f"{threat.name} leaked: {threat.reason}")
            _at(frames, threat.end_s).insert(0, f"0,Event=Message|{name:x}|{text}")


def _missiles(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    for number, missile in enumerate(recording.missiles):
        name = FIRST_MISSILE + number
        about = f",Type=Weapon+Missile,Name={escaped(recording.labels['interceptor'][missile.interceptor])}"
        _move(frames, name, missile.motion, lat0, lon0, f"{about},Pilot={escaped(missile.name)},Coalition={DEFENCE}")
        if missile.motion.t_s[-1] < recording.horizon_s:
            _at(frames, float(missile.motion.t_s[-1])).append(f"-{name:x}")


def _tracks(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    confirmed = [t for t in recording.tracks if t.confirmed_s == t.confirmed_s]
    for number, track in enumerate(confirmed):
        name = FIRST_TRACK + number
        about = f",Type=Navaid+Waypoint,Name=track,Pilot={escaped(track.name)},Coalition={BELIEF}"
        _move(frames, name, track.motion, lat0, lon0, about)
        if track.end_s < recording.horizon_s:
            _at(frames, track.end_s).append(f"-{name:x}")
