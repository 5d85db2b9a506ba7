"""CZML: JSON packets for Cesium; positions in the earth-fixed frame, sampled in seconds from an epoch.

https://github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide
"""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import Any

from kalkan.engine.recorded import Area
from kalkan.engine.recording import Installation, Motion, Recording
from kalkan.exports.areas import NOBODY, about, areas, levels_m, rises, whose
from kalkan.exports.beside import beside

BLUE, RED, GREEN, YELLOW = [80, 160, 255, 255], [255, 90, 80, 255], [90, 220, 120, 255], [255, 220, 80, 255]
WHITE = [235, 235, 235, 255]  # green is the air picture's
COLOURS = {"hostile": RED, "friendly": BLUE, "neutral": WHITE, NOBODY: [170, 170, 170, 255]}
THROUGH = 50  # opacity of what fills a zone, of 255
TRAIL_S = 120.0


def content(recording: Recording, start: datetime) -> bytes:
    """The document: clock, sites with their reach, sources, jammers, zones, threats, interceptors, tracks."""
    packets = [_document(recording, start)]
    packets += [_site(s) for s in recording.sites]
    for number, other in enumerate(beside(recording)):
        what = f"{other.role}, {other.side}; {other.about}"
        packets.append(_mover(f"beside/{number}", other.name, what, other.motion, None, COLOURS[other.side], start))
    packets += [_area(f"area/{number}", area, recording, start) for number, area in enumerate(areas(recording))]
    for threat in recording.threats:
        how = threat.outcome + (f": {threat.reason}" if threat.reason else "")
        what = f"{threat.kind}, {threat.side}, of {threat.raid}; {how}"
        colour = COLOURS[threat.side]
        packets.append(_mover(f"threat/{threat.index}", threat.name, what, threat.motion, None, colour, start))
    for number, missile in enumerate(recording.missiles):
        kind = recording.labels["interceptor"][missile.interceptor]
        packets.append(
            _mover(f"missile/{number}", missile.name, f"{kind}; {missile.outcome}", missile.motion, None, YELLOW, start)
        )
    for number, track in enumerate(t for t in recording.tracks if t.confirmed_s == t.confirmed_s):
        packets.append(_mover(f"track/{number}", track.name, "track", track.motion, track.end_s, GREEN, start))
    return json.dumps(packets, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def iso(start: datetime, t_s: float) -> str:
    """A time as CZML writes it."""
    return (start + timedelta(seconds=t_s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _span(start: datetime, first_s: float, last_s: float) -> str:
    return f"{iso(start, first_s)}/{iso(start, last_s)}"


def _document(recording: Recording, start: datetime) -> dict[str, Any]:
    interval = _span(start, 0.0, recording.horizon_s)
    clock = {"interval": interval, "currentTime": iso(start, 0.0), "multiplier": 10, "range": "LOOP_STOP"}
    name = f"{recording.title} · {recording.label} · {recording.called}"
    return {"id": "document", "name": name, "version": "1.0", "clock": clock}


def _site(site: Installation) -> dict[str, Any]:
    packet: dict[str, Any] = {
        "id": f"{site.role}/{site.index}",
        "name": site.name,
        "description": site.role,
        "position": {"cartesian": [round(float(v), 2) for v in site.position_m]},
        "point": _point(BLUE, 8),
    }
    if "reach_m" in site.about:
        packet["ellipse"] = {
            "semiMajorAxis": site.about["reach_m"], "semiMinorAxis": site.about["reach_m"], "height": 0.0,
            "fill": False, "outline": True, "outlineColor": {"rgba": BLUE},
        }  # fmt: skip
    if site.role in ("post", "asset"):
        packet["label"] = {
            "text": site.name, "font": "14px sans-serif", "pixelOffset": {"cartesian2": [10.0, -10.0]},
            "horizontalOrigin": "LEFT",
        }  # fmt: skip
    return packet


def _area(name: str, area: Area, recording: Recording, start: datetime) -> dict[str, Any]:
    """A polygon, or a corridor of its width, between its limits; without any it lies at sea level."""
    colour = COLOURS[whose(area)]
    levels = [0.0] * rises(area) + levels_m(area) or [0.0]
    shape: dict[str, Any] = {
        "positions": {"cartographicDegrees": [v for lat, lon in area.points.tolist() for v in (lon, lat, 0.0)]},
        "height": levels[-1],
        "material": {"solidColor": {"color": {"rgba": [*colour[:3], THROUGH]}}},
        "outline": True, "outlineColor": {"rgba": colour},
    }  # fmt: skip
    if len(levels) > 1:
        shape["extrudedHeight"] = levels[0]
    if not area.closed:
        shape |= {"width": area.width_m, "cornerType": "ROUNDED"}
    first_s, last_s = area.span_s
    return {
        "id": name,
        "name": area.name,
        "description": about(area),
        "availability": _span(start, first_s, min(last_s, recording.horizon_s)),
        "polygon" if area.closed else "corridor": shape,
    }


def _point(colour: list[int], size: int) -> dict[str, Any]:
    return {"pixelSize": size, "color": {"rgba": colour}}


def _mover(
    name: str, title: str, about: str, motion: Motion, end_s: float | None, colour: list[int], start: datetime
) -> dict[str, Any]:
    """Something that moves; between points straight lines, held until `end_s` after the last one."""
    samples = [
        round(float(v), 3)
        for t_s, position in zip(motion.t_s, motion.position_m, strict=True)
        for v in (t_s, *position)
    ]
    last_s = float(motion.t_s[-1]) if end_s is None else end_s
    if not math.isfinite(last_s):
        raise ValueError(f"{title} has no end")
    return {
        "id": name,
        "name": title,
        "description": about,
        "availability": _span(start, float(motion.t_s[0]), last_s),
        "position": {
            "epoch": iso(start, 0.0), "cartesian": samples, "interpolationAlgorithm": "LINEAR",
            "interpolationDegree": 1, "forwardExtrapolationType": "HOLD",
        },
        "point": _point(colour, 6),
        "path": {
            "leadTime": 0, "trailTime": TRAIL_S, "width": 2, "resolution": 5,
            "material": {"solidColor": {"color": {"rgba": colour}}},
        },
    }  # fmt: skip
