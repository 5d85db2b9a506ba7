"""GeoJSON (RFC 7946): one collection; lines carry the times of their points as a property."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import numpy as np

from kalkan.engine.recording import Floats, Installation, Motion, Recording
from kalkan.exports.czml import iso


def content(recording: Recording, start: datetime) -> bytes:
    """Sites as points; threats, interceptors and confirmed tracks as lines; events of note as points."""
    features = [_feature("Point", _place(s.geodetic), _about_site(recording, s)) for s in recording.sites]
    for threat in recording.threats:
        about: dict[str, Any] = {
            "layer": "threat", "name": threat.name, "raid": threat.raid, "type": threat.kind,
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
    for track in recording.tracks:
        if track.confirmed_s == track.confirmed_s:
            post = recording.labels["post"][track.post]
            about = {
                "layer": "track", "name": track.name, "post": post, "true_object": _named(recording, track.mostly),
                "sigma_m": [round(float(v), 1) for v in np.linalg.norm(track.sigma_m, axis=1)],
            }  # fmt: skip
            features.append(_line(track.motion, start, about))
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


def _named(recording: Recording, threat: int) -> str | None:
    return recording.labels["threat"][threat] if threat >= 0 else None


def _place(geodetic: Floats) -> list[float]:
    """Longitude, latitude [degrees], height [m]."""
    return [round(float(geodetic[1]), 7), round(float(geodetic[0]), 7), round(float(geodetic[2]), 1)]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _line(motion: Motion, start: datetime, about: dict[str, Any]) -> dict[str, Any]:
    """A line, or a point if there is but one; RFC 7946 wants two places in a line."""
    places = [_place(p) for p in motion.geodetic]
    times = {"start": iso(start, float(motion.t_s[0])), "end": iso(start, float(motion.t_s[-1]))}
    times_s = [round(float(t), 3) for t in motion.t_s]
    kind, coordinates = ("LineString", places) if len(places) > 1 else ("Point", places[0])
    return _feature(kind, coordinates, about | times | {"times_s": times_s})
