"""KML 2.2 with Google's gx:Track for what moves; KMZ is the same in a zip.

OGC 07-147r2; https://developers.google.com/kml/documentation/kmlreference#gxtrack . The order of
elements is the schema's: ``altitudeMode`` before coordinates, styles before the places that use them.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

from kalkan.engine.recording import Floats, Motion, Recording
from kalkan.exports.beside import beside
from kalkan.exports.czml import iso
from kalkan.exports.dateline import pieces

STYLES = {  # aabbggrr
    "defence": "ffffa050", "hostile": "ff505aff", "friendly": "ffffa050", "neutral": "ffebebeb",
    "interceptor": "ff50dcff", "picture": "ff78dc5a",
}  # fmt: skip
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n<Document>\n'
)


def content(recording: Recording, start: datetime) -> bytes:
    """The document: a folder each of sites, sources and jammers, threats, interceptors and confirmed tracks."""
    title = f"{recording.title} · {recording.label} · replication {recording.replication}"
    parts = [HEAD, f"<name>{escape(title)}</name>\n", *map(_style, STYLES)]
    parts.append(_folder("Sites", [_site(s.name, s.role, s.geodetic) for s in recording.sites]))
    if others := beside(recording):
        told = [_moving(o.name, f"{o.role}, {o.side}; {o.about}", o.side, o.motion, start) for o in others]
        parts.append(_folder("Sources and jammers", told))
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


def _folder(name: str, places: list[str]) -> str:
    return f"<Folder><name>{name}</name>\n{''.join(places)}</Folder>\n"


def _placemark(name: str, about: str, style: str, geometry: str) -> str:
    return (
        f"<Placemark><name>{escape(name)}</name><description>{escape(about)}</description>"
        f"<styleUrl>#{style}</styleUrl>{geometry}</Placemark>\n"
    )


def _site(name: str, role: str, where: Floats) -> str:
    lat, lon, height = (float(v) for v in where)
    point = f"<Point><altitudeMode>absolute</altitudeMode><coordinates>{lon:.7f},{lat:.7f},{height:.1f}</coordinates>"
    return _placemark(name, role, "defence", point + "</Point>")


def _moving(name: str, about: str, style: str, motion: Motion, start: datetime) -> str:
    parts = [_track(t_s, places, start) for t_s, places in pieces(motion)]
    return _placemark(name, about, style, parts[0] if len(parts) == 1 else _together(parts))


def _track(t_s: Floats, places: Floats, start: datetime) -> str:
    when = "".join(f"<when>{iso(start, float(t))}</when>" for t in t_s)
    where = "".join(f"<gx:coord>{lon:.7f} {lat:.7f} {height:.1f}</gx:coord>" for lat, lon, height in places)
    return f"<gx:Track><altitudeMode>absolute</altitudeMode>{when}{where}</gx:Track>"


def _together(tracks: list[str]) -> str:
    """The parts of one motion, which the date line cuts."""
    mode = "<altitudeMode>absolute</altitudeMode><gx:interpolate>0</gx:interpolate>"
    return f"<gx:MultiTrack>{mode}{''.join(tracks)}</gx:MultiTrack>"
