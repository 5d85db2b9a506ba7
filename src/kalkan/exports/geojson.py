"""GeoJSON (RFC 7946): one collection; lines carry the times of their points as a property.

A line or area across the date line is cut there (section 3.1.9); what a line carries for each point is cut with it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import numpy as np

from kalkan.engine.recorded import Area, Belief
from kalkan.engine.recording import Floats, Installation, Motion, Recording
from kalkan.exports import believed
from kalkan.exports.areas import areas
from kalkan.exports.beside import beside
from kalkan.exports.czml import iso
from kalkan.exports.dateline import by_piece, halves, lines, pieces
from kalkan.schema import SIDES


def content(recording: Recording, start: datetime) -> bytes:
    """Sites as points; sources, jammers, threats, interceptors and tracks as lines; zones as polygons or lines."""
    features = [_feature("Point", _place(s.geodetic), _about_site(recording, s)) for s in recording.sites]
    for other in beside(recording):
        whose: dict[str, Any] = {
            "layer": other.role, "name": other.name, "side": other.side, "about": other.about,
            "airborne": other.airborne,
        }  # fmt: skip
        features.append(_line(other.motion, start, whose))
    for threat in recording.threats:
        about: dict[str, Any] = {
            "layer": "threat", "name": threat.name, "raid": threat.raid, "side": threat.side, "type": threat.kind,
            "class": threat.target_class, "outcome": threat.outcome, "reason": threat.reason or None,
        }  # fmt: skip
        features.append(_line(threat.motion, start, about))
    for missile in recording.missiles:
        kind = recording.labels["interceptor"][missile.interceptor]
        unit = recording.labels["unit"][missile.unit]
        about = {
            "layer": "interceptor", "name": missile.name, "type": kind, "fire_unit": unit,
            "aimed_at": _named(recording, missile.aimed), "met": _named(recording, missile.met),
            "outcome": missile.outcome,
        }  # fmt: skip
        features.append(_line(missile.motion, start, about))
    beliefs = believed.by_track(recording)
    for track in recording.tracks:
        if track.confirmed_s == track.confirmed_s:
            post = recording.labels["post"][track.post]
            about = {
                "layer": "track", "name": track.name, "post": post, "true_object": _named(recording, track.mostly),
                **_believed(beliefs.get(track.name, [])),
            }  # fmt: skip
            features.append(_line(track.motion, start, about, np.linalg.norm(track.sigma_m, axis=1)))
    features += [_area(area) for area in areas(recording)]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _about_site(recording: Recording, site: Installation) -> dict[str, Any]:
    """What a site is; other sites that it belongs to by their names."""
    about: dict[str, Any] = {"layer": "site", "name": site.name, "role": site.role, **site.about}
    for other in ("post", "radar"):
        if other in about:
            number = int(about[other])
            about[other] = recording.labels[other][number] if number >= 0 else None
    return about


def _believed(beliefs: list[Belief]) -> dict[str, Any]:
    """What the post thought last of who a track is, and the probabilities of each side over time."""
    if not beliefs:
        return {}
    times = [round(b.t_s, 3) for b in beliefs]
    told: dict[str, Any] = {"believed": believed.side(beliefs[-1]), "believed_times_s": times}
    for side, code in enumerate(SIDES):
        told[f"p_{code.word}"] = [round(b.p[side], 4) for b in beliefs]
    return told


def _area(area: Area) -> dict[str, Any]:
    """A zone by its corners, or an airway or corridor by its middle line."""
    limits = [v if np.isfinite(v) else None for v in (*area.limits_m, *area.span_s)]
    about = {
        "layer": "area", "name": area.name, "kind": area.kind, "side": area.side or None,
        "width_m": area.width_m or None,
        **dict(zip(("floor_m", "ceiling_m", "from_s", "until_s"), limits, strict=True)),
    }  # fmt: skip
    parts = [[_rounded(p, 7) for p in part] for part in (halves if area.closed else lines)(area.points[:, ::-1])]
    kind = "Polygon" if area.closed else "LineString"
    places = [[part] for part in parts] if area.closed else parts
    return _feature(f"Multi{kind}", places, about) if len(parts) > 1 else _feature(kind, places[0], about)


def _named(recording: Recording, threat: int) -> str | None:
    return recording.labels["threat"][threat] if threat >= 0 else None


def _place(geodetic: Floats) -> list[float]:
    """Longitude, latitude [degrees], height [m]."""
    return [round(float(geodetic[1]), 7), round(float(geodetic[0]), 7), round(float(geodetic[2]), 1)]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _line(
    motion: Motion, start: datetime, about: dict[str, Any], sigma_m: Floats | None = None
) -> dict[str, Any]:  # fmt: skip
    """A line, several where the date line cuts it, or a point if there is but one; a line has two places at least."""
    parts = pieces(motion)
    places = [[_place(p) for p in geodetic] for _, geodetic in parts]
    of_points: dict[str, list[list[float]]] = {}
    if sigma_m is not None:
        of_points["sigma_m"] = [_rounded(v, 1) for v in by_piece(sigma_m, parts, motion.t_s)]
    of_points["times_s"] = [_rounded(t_s, 3) for t_s, _ in parts]
    kind = "MultiLineString" if len(parts) > 1 else "LineString" if len(places[0]) > 1 else "Point"
    whole = {"MultiLineString": places, "LineString": places[0], "Point": places[0][0]}[kind]
    times = {"start": iso(start, float(motion.t_s[0])), "end": iso(start, float(motion.t_s[-1]))}
    told = {name: values if len(parts) > 1 else values[0] for name, values in of_points.items()}
    return _feature(kind, whole, about | times | told)


def _rounded(values: Floats, digits: int) -> list[float]:
    return [round(float(v), digits) for v in values]
