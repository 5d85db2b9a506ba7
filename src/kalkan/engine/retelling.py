"""From a traced replication to a recording: indices become names, local frames become the earth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import Struct
from kalkan.byref import by_reference, structured
from kalkan.compile import Compiled
from kalkan.engine.beside import areas_of, jammers_of, reports_of, sources_of, strobes_of
from kalkan.engine.flights import missiles_of
from kalkan.engine.motions import thin, to_earth, turned
from kalkan.engine.recorded import Belief, Decision, Load, Turn
from kalkan.engine.recording import Floats, Installation, Motion, Plots, Recording, Threat, Track
from kalkan.engine.store import Store
from kalkan.kernels import slots
from kalkan.kernels import trace as traces
from kalkan.kernels.course import as_flown
from kalkan.kernels.evidence import told
from kalkan.kernels.paths import true_paths
from kalkan.kernels.plan import LOOK_ENGAGE, Plan
from kalkan.kernels.random import Word
from kalkan.kernels.state import State
from kalkan.scenario import Scenario
from kalkan.schema import EV_KILL, EV_ORDER, EV_RELEASE, OUTCOMES, REASONS
from kalkan.tracking.tables import CONFIRMED, TENTATIVE

SAMPLE_S = 1.0  # true paths are sampled at this step before they are thinned [s]
Row = Mapping[str, NDArray[Any]]


def retell(
    store: Store, variant: str, replication: int, scenario: Scenario, compiled: Compiled,
    state: State, row: Row, tolerance_m: float, stream: Word, ready: Sequence[float] | None = None,
) -> Recording:  # fmt: skip
    """Put a recording together; see :func:`kalkan.engine.replay.record`.

    `stream` is the key of the random numbers, `ready` the rounds of each fire unit at the start, if they are not all.
    """
    compiled = replace(compiled, plan=as_flown(compiled.plan, state))
    plan, about = compiled.plan, store.run["variants"][variant]
    entries = state.trace.entries[: int(state.trace.n[0])]
    threats, jammers = _threats(compiled, state, row, tolerance_m), jammers_of(plan, scenario)
    return Recording(
        path=store.path,
        title=store.run["title"],
        variant=variant,
        label=about["label"],
        replication=replication,
        seed=int(store.run["seed"]),
        horizon_s=plan.study.horizon_s,
        labels=compiled.labels,
        sites=_sites(compiled, state, ready),
        threats=threats,
        tracks=_tracks(plan, entries, compiled.labels["post"]),
        missiles=missiles_of(compiled, scenario, entries, threats, tolerance_m),
        plots=_plots(plan, entries[entries["kind"] == traces.PLOT]),
        turns=_turns(entries[entries["kind"] == traces.SLEW]),
        loads=_loads(row),
        beliefs=_beliefs(entries[entries["kind"] == traces.IDENTITY], compiled.labels["post"]),
        decisions=_decisions(entries[entries["kind"] == traces.DECISION]),
        sources=sources_of(plan, scenario, state, stream, replication),
        jammers=jammers,
        reports=reports_of(plan, entries),
        strobes=strobes_of(entries, jammers, [t.raid for t in threats]),
        areas=areas_of(scenario),
        records=dict(row),
    )


def _loads(row: Row) -> list[Load]:
    """Busy target channels over time: orders and releases carry how many there are then."""
    changed = np.isin(row["event_kind"], (EV_ORDER, EV_RELEASE))
    columns = (row[name][changed].tolist() for name in ("event_time_s", "event_object", "event_value"))
    return [Load(t, unit, int(n)) for t, unit, n in zip(*columns, strict=True)]


def _beliefs(entries: Struct, posts: list[str]) -> list[Belief]:
    """What posts thought of who their tracks are, in order of time."""
    return [
        Belief(
            float(e["t_s"]), int(e["place"]), _track_name(posts, int(e["place"]), int(e["slot"]), int(e["serial"])),
            int(e["threat"]), (float(e["x"][0]), float(e["x"][1]), float(e["x"][2])), told(int(e["code"])),
        )
        for e in entries
    ]  # fmt: skip


def _decisions(entries: Struct) -> list[Decision]:
    """What posts decided about their tracks, in order of time."""
    stages = {traces.WAITED: "waited", traces.ORDERED: "ordered", traces.HELD: "held"}
    return [
        Decision(
            float(e["t_s"]), int(e["place"]), int(e["threat"]), stages[int(e["x"][0])], int(e["code"]), int(e["x"][1]),
            float(e["value"]), float(e["x"][2]), int(e["x"][3]), int(e["x"][4]),
        )
        for e in entries
    ]  # fmt: skip


def _track_name(posts: list[str], post: int, slot: int, serial: int) -> str:
    return f"{posts[post]} #{slot}.{serial}"


def _threats(compiled: Compiled, state: State, row: Row, tolerance_m: float) -> list[Threat]:
    plan, attrs, truth = compiled.plan, compiled.attrs, state.truth
    killed = {
        int(i): float(t)
        for i, t, kind in zip(row["event_subject"], row["event_time_s"], row["event_kind"], strict=True)
        if kind == EV_KILL
    }
    paths = _true_paths(plan, truth, killed)
    threats = []
    for i, (t, states) in enumerate(paths):
        keep = thin(t, states[:, :3], tolerance_m)
        threats.append(
            Threat(
                i, compiled.labels["threat"][i], attrs["threat_raid"][i], attrs["threat_side"][i],
                attrs["threat_type"][i], attrs["threat_class"][i], Motion(t[keep], states[keep, :3], states[keep, 3:]),
                OUTCOMES[row["threat_outcome"][i]].word, REASONS[row["threat_reason"][i]].word,
                float(row["threat_end_s"][i]), killed.get(i, float("nan")), int(plan.threats["aim"][i]),
                bool(row["threat_hit"][i]),
            )
        )  # fmt: skip
    return threats


def _true_paths(plan: Plan, truth: Struct, killed: Mapping[int, float]) -> list[tuple[Floats, Floats]]:
    """Times and states of every threat, densely, while it flew."""
    times = []
    for i in range(truth.size):
        start = min(max(float(truth["start_s"][i]), 0.0), plan.study.horizon_s)  # later: it never flies
        end = min(killed.get(i, np.inf), float(truth["end_s"][i]), plan.study.horizon_s)
        inner = np.arange(np.floor(start / SAMPLE_S) + 1, np.ceil(max(end, start) / SAMPLE_S)) * SAMPLE_S
        times.append(np.unique(np.r_[start, inner[(inner > start) & (inner < end)], max(end, start + 1e-3)]))
    first = np.cumsum([0, *map(len, times)])
    states = np.empty((int(first[-1]), 6))
    true_paths(by_reference(slots.ready(plan)), structured(truth), first, np.concatenate(times), states)
    return [(t, states[a : a + len(t)]) for t, a in zip(times, first, strict=False)]


def _tracks(plan: Plan, entries: Struct, posts: list[str]) -> list[Track]:
    names = ["place", "slot", "serial"]
    ended = entries[entries["kind"] == traces.TRACK_END]
    ends = {tuple(int(e[n]) for n in names): (float(e["t_s"]), bool(e["code"] == TENTATIVE)) for e in ended}
    updates = entries[entries["kind"] == traces.TRACK]
    order = np.lexsort((updates["t_s"], *(updates[n] for n in reversed(names))))
    updates = updates[order]
    keys = np.stack([updates[n] for n in names], axis=1)
    bounds = np.r_[0, np.flatnonzero((np.diff(keys, axis=0) != 0).any(axis=1)) + 1, len(updates)]
    tracks = []
    for a, b in pairwise(bounds):
        if a < b:
            key = tuple(int(v) for v in keys[a])
            end_s, never = ends.get(key, (plan.study.horizon_s, False))
            tracks.append(_track(plan, updates[a:b], key, end_s, never, _track_name(posts, *key)))
    return sorted(tracks, key=lambda t: (t.motion.t_s[0], t.name))


def _track(plan: Plan, updates: Struct, key: tuple[int, ...], end_s: float, never: bool, name: str) -> Track:
    """One track from its updates; `never`: it did not stand alone as a confirmed one."""
    post = key[0]
    last_of_instant = np.r_[np.diff(updates["t_s"]) > 0.0, True]
    u = updates[last_of_instant]
    confirmed = u["t_s"][(u["code"] == CONFIRMED) & (not never)]
    motion = Motion(
        np.array(u["t_s"]), to_earth(plan, post, u["x"][:, :3]), turned(plan, post, u["x"][:, 3:])
    )
    return Track(
        name, post, motion, np.sqrt(np.maximum(u["variance_m2"], 0.0)),
        np.array(u["threat"]), float(confirmed[0]) if confirmed.size else float("nan"), max(end_s, float(u["t_s"][-1])),
    )  # fmt: skip


def _plots(plan: Plan, entries: Struct) -> Plots:
    entries = entries[np.argsort(entries["t_s"], kind="stable")]
    radar = np.array(entries["place"])
    position = to_earth(plan, np.array(entries["serial"]), entries["x"][:, :3])
    return Plots(
        np.array(entries["t_s"]), radar, np.array(entries["threat"]), position.reshape(-1, 3),
        np.sqrt(entries["variance_m2"]),
    )  # fmt: skip


def _turns(entries: Struct) -> list[Turn]:
    turns: dict[int, list[Turn]] = {}
    for e in entries:
        mine = turns.setdefault(int(e["place"]), [])
        if not mine or mine[-1].direction_rad != float(e["value"]):
            mine.append(Turn(float(e["t_s"]), int(e["place"]), float(e["value"])))
    return sorted((t for mine in turns.values() for t in mine), key=lambda t: (t.t_s, t.unit))


def _sites(compiled: Compiled, state: State, ready: Sequence[float] | None) -> list[Installation]:
    plan, labels = compiled.plan, compiled.labels
    origins = np.array(plan.pictures["origin_m"])
    sites = [Installation(n, "post", i, origins[i], {}) for i, n in enumerate(labels["post"])]
    for i, name in enumerate(labels["radar"]):
        radar = plan.radars[i]
        role = "engagement radar" if radar["role"] == LOOK_ENGAGE else "search radar"
        about = {
            "range_m": float(radar["range_max_m"]), "sector_rad": float(radar["sector_rad"]),
            "boresight_rad": float(radar["boresight_rad"]), "scan_period_s": float(radar["scan_period_s"]),
            "scan_phase": float(state.sensed.scans["phase"][i]), "post": float(radar["picture"]),
        }  # fmt: skip
        sites.append(Installation(name, role, i, np.array(radar["position_m"]), about))
    for i, name in enumerate(labels["unit"]):
        unit = plan.units[i]
        carried = [int(w) for w in np.unique(unit["preference"]) if w >= 0]
        reach = float(plan.interceptors["range_max_m"][carried].max()) if carried else 0.0
        mine = plan.launchers["load"][int(unit["first_launcher"]) : int(unit["last_launcher"])].sum(axis=1)
        about = {
            "post": float(unit["picture"]), "radar": float(unit["radar"]), "reach_m": reach,
            "channels": float(unit["target_channels"]), "rounds": float(mine.sum() if ready is None else ready[i]),
            "rounds_per_launcher": float(mine[0]) if mine.size else 0.0,
        }  # fmt: skip
        position_m = to_earth(plan, int(unit["picture"]), unit["position_m"])
        sites.append(Installation(name, "fire unit", i, position_m, about))
    for i, name in enumerate(labels["asset"]):
        value = {"value": float(plan.assets["value"][i])}
        sites.append(Installation(name, "asset", i, _asset_m(compiled, i), value))
    return sites


def _asset_m(compiled: Compiled, i: int) -> Floats:
    """Where an asset is (ECEF) [m]: as the first post sees it, or as compiled where there is none."""
    plan = compiled.plan
    if plan.pictures.size:
        return to_earth(plan, 0, plan.asset_m[0, i])
    return np.array(compiled.attrs["asset_ecef_m"][i])
