"""KML 2.2 with Google's gx:Track for what moves; KMZ is the same in a zip.

OGC 07-147r2; https://developers.google.com/kml/documentation/kmlreference#gxtrack . The order of
elements is the schema's: ``altitudeMode`` before coordinates, styles before the places that use them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np

from kalkan.engine.recorded import Area
from kalkan.engine.recording import Floats, Motion, Recording
from kalkan.exports.areas import NOBODY, about, areas, levels_m, rises, whose
from kalkan.exports.beside import beside
from kalkan.exports.czml import iso
from kalkan.exports.dateline import halves, lines, pieces

STYLES = {  # aabbggrr
    "defence": "ffffa050", "hostile": "ff505aff", "friendly": "ffffa050", "neutral": "ffebebeb",
    "interceptor": "ff50dcff", "picture": "ff78dc5a", NOBODY: "ffaaaaaa",
}  # fmt: skip
THROUGH = "32"  # opacity of what fills a zone
WHOSE = ("hostile", "friendly", "neutral", NOBODY)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n<Document>\n'
)


def content(recording: Recording, start: datetime) -> bytes:
    """The document: a folder each of sites, sources and jammers, zones, threats, interceptors and confirmed tracks."""
    title = f"{recording.title} · {recording.label} · {recording.called}"
    parts = [HEAD, f"<name>{escape(title)}</name>\n", *map(_style, STYLES), *map(_zone_style, WHOSE)]
    parts.append(_folder("Sites", [_site(s.name, s.role, s.geodetic) for s in recording.sites]))
    if others := beside(recording):
        told = [_moving(o.name, f"{o.role}, {o.side}; {o.about}", o.side, o.motion, start) for o in others]
        parts.append(_folder("Sources and jammers", told))
    if zones := areas(recording):
        parts.append(_folder("Zones and airways", [_area(z, start) for z in zones]))
    threats = [
        _moving(t.name, f"{t.kind}, {t.side}, of {t.raid}; {t.outcome}{': ' if t.reason else ''}{t.reason}", t.side,
                t.motion, start)
        for t in recording.threats
    ]  # fmt: skip
    kinds = recording.labels["interceptor"]
    missiles = [
        _moving(m.name, f"{kinds[m.interceptor]}; {m.outcome}", "interceptor", m.motion, start)
        for m in recording.missiles
    ]
    tracks = [
        _moving(t.name, "track", "picture", t.motion, start)
        for t in recording.tracks
        if t.confirmed_s == t.confirmed_s
    ]
    parts += [_folder("Threats", threats), _folder("Interceptors", missiles), _folder("Tracks", tracks)]
    parts.append("</Document>\n</kml>\n")
    return "".join(parts).encode()


def packed(document: bytes) -> bytes:
    """KMZ of a document; the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("doc.kml", (2026, 1, 1, 0, 0, 0)), document, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _style(name: str) -> str:
    colour = STYLES[name]
    return (
        f'<Style id="{name}"><IconStyle><color>{colour}</color><scale>0.7</scale></IconStyle>'
        f"<LineStyle><color>{colour}</color><width>2</width></LineStyle></Style>\n"
    )


def _zone_style(name: str) -> str:
    colour = STYLES[name]
    return (
        f'<Style id="zone-{name}"><LineStyle><color>{colour}</color><width>2</width></LineStyle>'
        f"<PolyStyle><color>{THROUGH}{colour[2:]}</color></PolyStyle></Style>\n"
    )


def _folder(name: str, places: list[str]) -> str:
    return f"<Folder><name>{name}</name>\n{''.join(places)}</Folder>\n"


def _placemark(name: str, what: str, style: str, geometry: str, when: str = "") -> str:
    return (
        f"<Placemark><name>{escape(name)}</name><description>{escape(what)}</description>{when}"
        f"<styleUrl>#{style}</styleUrl>{geometry}</Placemark>\n"
    )


def _site(name: str, role: str, where: Floats) -> str:
    lat, lon, height = (float(v) for v in where)
    point = f"<Point><altitudeMode>absolute</altitudeMode><coordinates>{lon:.7f},{lat:.7f},{height:.1f}</coordinates>"
    return _placemark(name, role, "defence", point + "</Point>")


def _moving(name: str, what: str, style: str, motion: Motion, start: datetime) -> str:
    parts = [_track(t_s, places, start) for t_s, places in pieces(motion)]
    return _placemark(name, what, style, parts[0] if len(parts) == 1 else _together(parts))


def _track(t_s: Floats, places: Floats, start: datetime) -> str:
    when = "".join(f"<when>{iso(start, float(t))}</when>" for t in t_s)
    where = "".join(f"<gx:coord>{lon:.7f} {lat:.7f} {height:.1f}</gx:coord>" for lat, lon, height in places)
    return f"<gx:Track><altitudeMode>absolute</altitudeMode>{when}{where}</gx:Track>"


def _together(tracks: list[str]) -> str:
    """The parts of one motion, which the date line cuts."""
    mode = "<altitudeMode>absolute</altitudeMode><gx:interpolate>0</gx:interpolate>"
    return f"<gx:MultiTrack>{mode}{''.join(tracks)}</gx:MultiTrack>"


def _area(area: Area, start: datetime) -> str:
    """What it covers, or its middle line, at each of its limits, with walls between them; on the ground without any."""
    levels: list[float | None] = [*levels_m(area)] or [None]
    parts = (halves if area.closed else lines)(area.points[:, ::-1])
    shapes = [_flat(area, part, level) for part in parts for level in levels]
    if len(levels) == 2:
        shapes += [wall for part in parts for wall in _walls(part, *area.limits_m)]
    geometry = shapes[0] if len(shapes) == 1 else f"<MultiGeometry>{''.join(shapes)}</MultiGeometry>"
    return _placemark(area.name, about(area), f"zone-{whose(area)}", geometry, _when(area, start))


def _when(area: Area, start: datetime) -> str:
    """When it holds, if not always."""
    first_s, last_s = area.span_s
    begin = f"<begin>{iso(start, first_s)}</begin>" if first_s > 0.0 else ""
    end = f"<end>{iso(start, last_s)}</end>" if np.isfinite(last_s) else ""
    return f"<TimeSpan>{begin}{end}</TimeSpan>" if begin or end else ""


def _flat(area: Area, part: Floats, level_m: float | None) -> str:
    """A part of it at one height; it stands on the ground if it has an upper limit alone."""
    extrude = "<extrude>1</extrude>" if rises(area) else ""
    mode = "clampToGround" if level_m is None else "absolute"
    places = _coordinates(np.column_stack([part, np.full(len(part), level_m or 0.0)]))
    head = f"{extrude}<tessellate>1</tessellate><altitudeMode>{mode}</altitudeMode>"
    return f"<Polygon>{head}{_ring(places)}</Polygon>" if area.closed else f"<LineString>{head}{places}</LineString>"


def _walls(part: Floats, low_m: float, high_m: float) -> Iterator[str]:
    for a, b in pairwise(part):
        corners = np.array([[*a, low_m], [*b, low_m], [*b, high_m], [*a, high_m], [*a, low_m]])
        yield f"<Polygon><altitudeMode>absolute</altitudeMode>{_ring(_coordinates(corners))}</Polygon>"


def _ring(places: str) -> str:
    return f"<outerBoundaryIs><LinearRing>{places}</LinearRing></outerBoundaryIs>"


def _coordinates(places: Floats) -> str:
    """Longitude, latitude [degrees] and height [m], (n, 3)."""
    return f"<coordinates>{' '.join(f'{lon:.7f},{lat:.7f},{height:.1f}' for lon, lat, height in places)}</coordinates>"
