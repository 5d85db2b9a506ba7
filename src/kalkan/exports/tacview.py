"""Tacview ACMI 2.2: a text of frames, each naming what has changed.

https://www.tacview.net/documentation/acmi/ : two header lines after a byte-order mark, then frames
``#t``; object ids are hexadecimal; ``T=longitude|latitude|altitude``; ``-id`` takes an object away.
Tacview draws straight lines between the points of a recording's motions: longitudes count on across 180°, as the
reference longitude is added to them. A track changes its colour and label with what its post thinks of who it is.
"""

from __future__ import annotations

from datetime import datetime

from kalkan.earth.meridians import unwrapped
from kalkan.engine.recorded import Belief
from kalkan.engine.recording import Floats, Motion, Recording, Track
from kalkan.exports import believed
from kalkan.exports.beside import beside

TYPES = {
    "aircraft": "Air+FixedWing",
    "uav": "Air+FixedWing",
    "cruise-missile": "Weapon+Missile",
    "ballistic-missile": "Weapon+Missile",
    "anti-radiation-missile": "Weapon+Missile",
    "post": "Ground+Static+Building",
    "search radar": "Ground+AntiAircraft",
    "engagement radar": "Ground+AntiAircraft",
    "fire unit": "Ground+AntiAircraft",
    "asset": "Ground+Static+Building",
}
BESIDE = {
    ("external source", True): "Air+FixedWing", ("external source", False): "Ground+AntiAircraft",
    ("jammer", True): "Air+FixedWing", ("jammer", False): "Ground+Vehicle",
}  # fmt: skip
ALLIES = "Others who look,Color=Cyan"
DEFENCE, BELIEF = "Defence,Color=Blue", "Air picture,Color=Orange"
COALITIONS = {
    "hostile": "Raid,Color=Red", "friendly": "Own flights,Color=Cyan", "neutral": "Traffic,Color=Green",
}  # fmt: skip
BELIEVED = {"hostile": "Red", "friendly": "Cyan", "neutral": "Green"}  # colour of a track by its most probable side
FIRST_THREAT, FIRST_MISSILE, FIRST_TRACK, FIRST_BESIDE = 0x1000, 0x100000, 0x10000000, 0x20000000


def content(recording: Recording, start: datetime) -> bytes:
    """The file: sites, external sources, jammers, threats, interceptors, confirmed tracks, and what was destroyed."""
    lat0, lon0 = (round(float(v)) for v in recording.origin[:2])
    title = f"{recording.title} · {recording.label} · {recording.called}"
    head = [
        "\ufeffFileType=text/acmi/tacview",
        "FileVersion=2.2",
        f"0,ReferenceTime={start.replace(tzinfo=None).isoformat(timespec='seconds')}Z",
        f"0,Title={escaped(title)}",
        "0,DataSource=kalkan,DataRecorder=kalkan,Category=Simulation",
        f"0,ReferenceLongitude={lon0},ReferenceLatitude={lat0}",
    ]
    frames: dict[float, list[str]] = {}
    _sites(recording, frames, lat0, lon0)
    _beside(recording, frames, lat0, lon0)
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
    for t_s, place in zip(motion.t_s, motion.geodetic, strict=True):
        _at(frames, float(t_s)).append(f"{name:x},{_placed(place, lat0, lon0)}{about}")
        about = ""


def _placed(place: Floats, lat0: int, lon0: int) -> str:
    """Where something is, relative to the reference."""
    lat, lon, height = place
    return f"T={unwrapped(lon, lon0) - lon0:.7f}|{lat - lat0:.7f}|{height:.1f}"


def _sites(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    for number, site in enumerate(recording.sites, start=1):
        _at(frames, 0.0).append(
            f"{number:x},{_placed(site.geodetic, lat0, lon0)},Type={TYPES[site.role]},"
            f"Name={escaped(site.role)},Pilot={escaped(site.name)},Coalition={DEFENCE}"
        )


def _beside(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    for number, other in enumerate(beside(recording)):
        coalition = COALITIONS["hostile"] if other.role == "jammer" else ALLIES
        about = f",Type={BESIDE[other.role, other.airborne]},Name={escaped(f'{other.role}: {other.about}')}"
        about += f",Pilot={escaped(other.name)},Coalition={coalition}"
        _move(frames, FIRST_BESIDE + number, other.motion, lat0, lon0, about)


def _threats(recording: Recording, frames: dict[float, list[str]], lat0: int, lon0: int) -> None:
    for threat in recording.threats:
        name, motion = FIRST_THREAT + threat.index, threat.motion
        kind = TYPES.get(threat.target_class, "Air+FixedWing")
        about = f",Type={kind},Name={escaped(threat.kind)},Pilot={escaped(threat.name)}"
        about += f",Group={escaped(threat.raid)},Coalition={COALITIONS[threat.side]}"
        _move(frames, name, motion, lat0, lon0, about)
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
    beliefs = believed.by_track(recording)
    for number, track in enumerate(confirmed):
        name = FIRST_TRACK + number
        about = f",Type=Navaid+Waypoint,Name=track,Pilot={escaped(track.name)},Coalition={BELIEF}"
        _move(frames, name, track.motion, lat0, lon0, about)
        _believed(frames, name, track, beliefs.get(track.name, []))
        if track.end_s < recording.horizon_s:
            _at(frames, track.end_s).append(f"-{name:x}")


def _believed(frames: dict[float, list[str]], name: int, track: Track, beliefs: list[Belief]) -> None:
    """A line whenever its post thinks differently of a track, to the whole percent."""
    before = ""
    for belief in beliefs:
        side = believed.side(belief)
        told = f"Color={BELIEVED[side]},Label={side} {100.0 * max(belief.p):.0f} %"
        if told != before and belief.t_s < track.end_s:
            _at(frames, max(belief.t_s, float(track.motion.t_s[0]))).append(f"{name:x},{told}")
            before = told
