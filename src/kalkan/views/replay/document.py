"""The replay document: one recorded replication as the browser plays it.

Plain JSON. Times are whole hundredths of a second, positions whole 1e-5 degrees (about a metre) of
longitude and latitude, altitudes whole metres; between two points things move straight at constant speed, tracks
excepted: a track is where its last update puts it at the rates of that update.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.meridians import unwrapped
from kalkan.earth.terrain import Terrain
from kalkan.engine.recorded import Area, Jamming
from kalkan.engine.recording import Installation, Motion, Recording, Threat, ToldBy, Track, geodetic
from kalkan.schema import EV_LAUNCH, EV_RELOAD, EVENTS, FRIENDLY, HOSTILE, OUTCOMES, REASONS, SIDES
from kalkan.views.maps.ground import box_around, ground
from kalkan.views.replay.deciding import decisions
from kalkan.views.run.leaking import why

FORMAT = "kalkan-replay-1"


def replay_document(recording: Recording, terrain: Terrain) -> dict[str, Any]:
    """Everything that the browser needs to play a recording, maps included.

    Parameters
    ----------
    recording : Recording
    terrain : Terrain
        Of the scenario.

    Returns
    -------
    dict
        JSON-ready: ``title``, ``variant``, ``label``, ``replication``, ``wave`` and ``waves`` (of a campaign; times
        count from the begin of the wave's window), ``seed``, ``end_s``, ``words`` (of outcomes, reasons and
        events), ``sites``, ``threats``, ``tracks``, ``missiles``, ``plots``, ``turns``,
        ``sources``, ``reports``, ``emitters`` (jammers), ``jammers`` (those that nothing carries), ``strobes``,
        ``areas``, ``decisions`` and ``events`` (columns), ``series`` (steps) and ``ground``.
    """
    places = np.concatenate([t.motion.geodetic[:, :2] for t in recording.threats])
    places = np.vstack([places, [s.geodetic[:2] for s in recording.sites]])
    places = np.vstack([places, *(s.motion.geodetic[:, :2] for s in recording.sources)])
    jammers = [
        _jammer(i, j, geodetic(j.position_m)) for i, j in enumerate(recording.jammers) if j.position_m is not None
    ]
    places = np.vstack([places, *([[j["lat"], j["lon"]]] for j in jammers)])
    believed = _believed(recording)
    return {
        "format": FORMAT,
        "title": recording.title,
        "variant": recording.variant,
        "label": recording.label,
        "replication": recording.replication,
        "wave": recording.wave,
        "waves": list(recording.waves),
        "seed": recording.seed,
        "end_s": _end_s(recording),
        "words": words(),
        "interceptors": recording.labels["interceptor"],
        "radars": recording.labels["radar"],
        "units": recording.labels["unit"],
        "assets": recording.labels["asset"],
        "posts": recording.labels["post"],
        "sites": [_site(s) for s in recording.sites],
        "threats": [_threat(t, recording) for t in recording.threats],
        "tracks": [_track(t, believed) for t in recording.tracks if math.isfinite(t.confirmed_s)],
        "sources": [_source(s) for s in recording.sources],
        "reports": _reports(recording),
        "emitters": [_emitter(j) for j in recording.jammers],
        "jammers": jammers,
        "strobes": _strobes(recording),
        "areas": [_area(a) for a in recording.areas],
        "missiles": [
            {"name": m.name, "unit": m.unit, "type": m.interceptor, "aimed": m.aimed, "met": m.met,
             "outcome": m.outcome, **_motion(m.motion)}
            for m in recording.missiles
        ],
        "plots": _plots(recording),
        "turns": [[_cs(t.t_s), t.unit, round(math.degrees(t.direction_rad), 1)] for t in recording.turns],
        "decisions": decisions(recording),
        "events": _events(recording),
        "series": series(recording),
        "ground": ground(terrain, box_around(places[:, 0], places[:, 1])),
    }  # fmt: skip


def words() -> dict[str, Any]:
    """Of outcomes and reasons, with their sentences, and of events by their codes, as they are told."""
    told = ("word", "label", "told", "tone", "minor", "of_threat")
    return {
        "outcomes": {c.word: c.sentence for c in OUTCOMES},
        "reasons": {c.word: c.sentence for c in REASONS},
        "events": [{name: getattr(event, name) for name in told} for event in EVENTS],
    }


def series(recording: Recording) -> dict[str, Any]:
    """Counts over time as steps: each a list of times [0.01 s] and the values from then on.

    Returns
    -------
    dict
        ``live``: hostile threats in the air that have not been killed; ``airborne``: interceptors in flight;
        ``channels`` and ``rounds``: by fire unit, busy target channels and ready rounds.
    """
    hostile = [t for t in recording.threats if t.side == SIDES[HOSTILE].word]
    flying = [(t.motion.t_s[0], t.motion.t_s[-1]) for t in hostile]
    missiles = [(m.motion.t_s[0], m.motion.t_s[-1]) for m in recording.missiles]
    units = sorted((s for s in recording.sites if s.role == "fire unit"), key=lambda s: s.index)
    return {
        "live": _steps(_ups_and_downs(flying)),
        "airborne": _steps(_ups_and_downs(missiles)),
        "channels": [
            {**_levels([(x.t_s, x.channels) for x in recording.loads if x.unit == u.index]), "of": u.about["channels"]}
            for u in units
        ],
        "rounds": [_rounds(recording.records, u) for u in units],
    }


def _rounds(records: Mapping[str, NDArray[Any]], unit: Installation) -> dict[str, Any]:
    changes = [(0.0, unit.about["rounds"])]
    log = (records[f"event_{name}"] for name in ("time_s", "kind", "object"))
    for t_s, kind, place in zip(*log, strict=True):
        if place == unit.index and kind in (EV_LAUNCH, EV_RELOAD):
            changes.append((float(t_s), -1.0 if kind == EV_LAUNCH else unit.about["rounds_per_launcher"]))
    steps = _steps(changes)
    return {**steps, "of": max([round(unit.about["rounds"]), *steps["n"]])}  # a wave may begin with few


def _ups_and_downs(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    return [change for a, b in spans for change in ((float(a), 1.0), (float(b), -1.0))]


def _steps(changes: list[tuple[float, float]]) -> dict[str, list[int]]:
    """Running sum of changes, one entry per time."""
    total, levels = 0.0, []
    for t_s, change in sorted(changes):
        total += change
        levels.append((t_s, total))
    return _levels(levels)


def _levels(levels: Iterable[tuple[float, float]]) -> dict[str, list[int]]:
    """The last level of each time, where it differs from the one before."""
    last = {_cs(t_s): round(level) for t_s, level in levels}
    times = [t for (t, n), before in zip(last.items(), [None, *last.values()], strict=False) if n != before]
    return {"t": times, "n": [last[t] for t in times]}


def _end_s(recording: Recording) -> float:
    """When the last thing happened [s], for the end of the time line."""
    ends = [t.motion.t_s[-1] for t in recording.threats] + [m.motion.t_s[-1] for m in recording.missiles]
    return min(recording.horizon_s, math.ceil(max(ends, default=recording.horizon_s)) + 10.0)


def _site(site: Installation) -> dict[str, Any]:
    lat, lon, height = site.geodetic
    place = {"lon": round(float(lon), 5), "lat": round(float(lat), 5), "alt": round(float(height))}
    about = {name: round(value, 6) for name, value in site.about.items()}
    return {"name": site.name, "role": site.role, "index": site.index, **place, **about}


def _source(source: ToldBy) -> dict[str, Any]:
    """A source, with the figures of its link and its steps: 1 where it was up."""
    link = source.link
    told = {
        "latency_s": link.latency_s, "update_s": link.update_s, "availability": link.availability,
        "accuracy_m": link.accuracy_m, "bias_m": link.bias_m, "registered": link.registered,
        "identifies": link.identifies, "p_wrong": link.p_wrong,
        "up": {"t": _all_cs(link.turn_s), "n": link.up.astype(int).tolist()},
    }  # fmt: skip
    return {
        "name": source.name, "type": source.kind, "airborne": source.airborne, "side": SIDES[FRIENDLY].word,
        "band": source.band, "range_m": source.range_m, "scan_period_s": source.scan_period_s, "link": told,
        **_motion(source.motion),
    }  # fmt: skip


def _emitter(jammer: Jamming) -> dict[str, Any]:
    return {
        "name": jammer.name, "side": SIDES[HOSTILE].word, "bands": list(jammer.bands),
        "power_w": jammer.effective_power_w, "bandwidth_hz": jammer.bandwidth_hz,
    }  # fmt: skip


def _jammer(index: int, jammer: Jamming, place: NDArray[np.float64]) -> dict[str, Any]:
    """One that stands somewhere; its index among the emitters."""
    lat, lon, height = place
    return {
        "name": jammer.name, "emitter": index, "airborne": jammer.airborne,
        "lon": round(float(lon), 5), "lat": round(float(lat), 5), "alt": round(float(height)),
    }  # fmt: skip


def _threat(t: Threat, recording: Recording) -> dict[str, Any]:
    shots = int(recording.records["threat_shots"][t.index])
    return {
        "name": t.name, "raid": t.raid, "side": t.side, "type": t.kind, "class": t.target_class, "outcome": t.outcome,
        "reason": t.reason, "end": _cs(t.end_s), "killed": _cs(t.killed_s), "aim": t.aim, "hit": t.hit, "shots": shots,
        "killer": int(recording.records["threat_killer"][t.index]),
        "jams": [j.name for j in recording.jammers if j.carried_by == t.raid],
        "why": why(recording, t), **_motion(t.motion),
    }  # fmt: skip


def _rates(motion: Motion) -> list[int]:
    """Change of longitude and latitude [1e-5 degrees] in the ten seconds after each point."""
    later = geodetic(motion.position_m + 10.0 * motion.velocity_m_s) - motion.geodetic
    later[:, 1] = unwrapped(later[:, 1], 0.0)
    return [int(v) for v in np.round(1e5 * later[:, 1::-1]).ravel()]


def _believed(recording: Recording) -> dict[str, dict[str, list[Any]]]:
    """What posts thought of who each track is: times, P of each side [%] one behind the other, and what told so."""
    found: dict[str, dict[str, list[Any]]] = {}
    for belief in recording.beliefs:
        mine = found.setdefault(belief.track, {"t": [], "p": [], "why": []})
        mine["t"].append(_cs(belief.t_s))
        mine["p"] += [round(100.0 * p, 1) for p in belief.p]
        mine["why"].append("; ".join(f"{kind}: {said}" for kind, said in belief.evidence.items()))
    return found


def _track(t: Track, believed: Mapping[str, Any]) -> dict[str, Any]:
    sigma = np.hypot(t.sigma_m[:, 0], t.sigma_m[:, 1])
    return {
        "name": t.name, "post": t.post, "threat": t.mostly, "confirmed": _cs(t.confirmed_s), "end": _cs(t.end_s),
        "sigma": np.round(sigma).astype(int).tolist(), "of": t.threat.tolist(),
        "rates": _rates(t.motion), "believed": believed.get(t.name), **_motion(t.motion),
    }  # fmt: skip


def _motion(motion: Motion) -> dict[str, Any]:
    return {"t": _all_cs(motion.t_s), "p": _points(motion.geodetic)}


def _points(places: NDArray[np.float64]) -> list[int]:
    """Longitude, latitude [1e-5 degrees] and altitude [m] of each point, one behind the other."""
    scaled = np.column_stack([places[:, 1] * 1e5, places[:, 0] * 1e5, places[:, 2]])
    return [int(v) for v in np.round(scaled).ravel()]


def _plots(recording: Recording) -> dict[str, Any]:
    plots = recording.plots
    return {
        "t": _all_cs(plots.t_s), "radar": plots.radar.tolist(), "threat": plots.threat.tolist(),
        "p": _points(geodetic(plots.position_m)) if plots.t_s.size else [],
    }  # fmt: skip


def _reports(recording: Recording) -> dict[str, Any]:
    told = recording.reports
    return {
        "t": _all_cs(told.t_s), "source": told.source.tolist(), "post": told.post.tolist(),
        "threat": told.threat.tolist(), "p": _points(geodetic(told.position_m)) if told.t_s.size else [],
    }  # fmt: skip


def _strobes(recording: Recording) -> dict[str, Any]:
    heard = recording.strobes
    return {
        "t": _all_cs(heard.t_s), "radar": heard.radar.tolist(), "jammer": heard.jammer.tolist(),
        "threat": heard.threat.tolist(),
        "deg": np.round(np.degrees(heard.direction_rad) % 360.0, 1).tolist(),
    }  # fmt: skip


def _area(area: Area) -> dict[str, Any]:
    return {
        "name": area.name, "kind": area.kind, "closed": area.closed, "width_m": area.width_m,
        "points": np.round(area.points[:, ::-1], 5).tolist(),
    }  # fmt: skip


def _events(recording: Recording) -> dict[str, list[Any]]:
    log = recording.records
    order = np.argsort(log["event_time_s"], kind="stable")
    return {
        "t": _all_cs(log["event_time_s"][order].astype(np.float64)),
        **{name: log[f"event_{name}"][order].astype(int).tolist() for name in ("kind", "subject", "object")},
        "value": np.round(log["event_value"][order].astype(np.float64), 1).tolist(),
    }


def _all_cs(t_s: NDArray[np.float64]) -> list[int]:
    return [int(v) for v in np.round(t_s * 100.0)]


def _cs(t_s: float) -> int:
    """Hundredths of a second; -1: never."""
    return round(t_s * 100.0) if math.isfinite(t_s) else -1
