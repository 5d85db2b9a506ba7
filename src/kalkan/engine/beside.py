"""What a recording holds beside the fight: external sources with their reports, jammers and strobes, zones, airways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile.ground import terrain_of
from kalkan.compile.inputs import Inputs
from kalkan.engine.motions import to_earth
from kalkan.engine.recorded import Area, Jamming, Link, Reports, Strobes
from kalkan.engine.recording import Floats, Motion, ToldBy
from kalkan.kernels import trace as traces
from kalkan.kernels.external import link_is_up
from kalkan.kernels.plan import Plan
from kalkan.kernels.random import Word
from kalkan.kernels.state import State
from kalkan.scenario import Scenario
from kalkan.scenario.checks.ground_beside import stands_on_ground
from kalkan.scenario.outlines import zones_and_airways


def reports_of(plan: Plan, entries: Struct) -> Reports:
    """What posts were told by external sources, in order of time."""
    found = entries[entries["kind"] == traces.REPORT]
    found = found[np.argsort(found["t_s"], kind="stable")]
    place = to_earth(plan, found["place"], found["x"][:, :3]).reshape(-1, 3)
    return Reports(
        np.array(found["t_s"]), np.array(found["slot"]), np.array(found["place"]), np.array(found["threat"]), place,
        np.sqrt(np.maximum(found["variance_m2"], 0.0)),
    )  # fmt: skip


def strobes_of(entries: Struct, jammers: Sequence[Jamming], groups: Sequence[str]) -> Strobes:
    """Where radars heard jammers and saw nothing, in order of time; `groups` has each threat's raid or flight.

    The loop has a carried jammer once for each of its carriers.
    """
    carriers = [groups.count(j.carried_by) if j.carried_by else 1 for j in jammers]
    whose = np.repeat(np.arange(len(jammers)), carriers)
    found = entries[entries["kind"] == traces.STROBE]
    found = found[np.argsort(found["t_s"], kind="stable")]
    return Strobes(
        np.array(found["t_s"]), np.array(found["place"]), np.array(found["threat"]), whose[found["slot"]],
        np.array(found["value"]),
    )  # fmt: skip


def sources_of(plan: Plan, scenario: Scenario, state: State, stream: Word, replication: int) -> list[ToldBy]:
    """Every external source whose picture is taken: where its antenna was, and what its link did."""
    if not plan.sources.on:
        return []
    inputs, radars = Inputs(scenario.catalogue, scenario.assume), plan.sources.radars
    return [
        ToldBy(
            s.name, s.type, s.orbit is not None, _flown(plan, state, i, plan.study.horizon_s),
            inputs.word(s.type, "band"), float(radars["range_max_m"][i]), float(radars["scan_period_s"][i]),
            _link_of(plan, i, stream, replication),
        )
        for i, s in enumerate(sorted(scenario.sources, key=lambda s: s.name))
    ]  # fmt: skip


def _link_of(plan: Plan, s: int, stream: Word, replication: int) -> Link:
    """The link of a source, and when it went up or down: the draws of the loop again."""
    radar = plan.sources.radars[s]
    turns_s = np.arange(0.0, plan.study.horizon_s, float(radar["outage_s"]))
    middle_s = turns_s + 0.5 * float(radar["outage_s"])
    link = (radar["key"], float(radar["availability"]), float(radar["outage_s"]))
    up = np.array([link_is_up(link, stream, replication, float(t)) for t in middle_s])
    changed = np.r_[True, up[1:] != up[:-1]]
    return Link(
        float(radar["latency_s"]), float(radar["update_s"]), float(radar["availability"]), float(radar["accuracy_m"]),
        float(radar["bias_m"]), bool(radar["registered"]), bool(radar["identifies"]), float(radar["p_wrong"]),
        turns_s[changed], up[changed],
    )  # fmt: skip


def _flown(plan: Plan, state: State, s: int, horizon_s: float) -> Motion:
    """Its antenna from the beginning to the horizon: straight between the points of its orbit."""
    radar, knots = plan.sources.radars[s], plan.sources.knots
    first, n = int(radar["first_knot"]), int(radar["n_knots"])
    orbit: Floats = np.array(knots["position_m"][first : first + n])
    if n == 1:
        return Motion(np.array([0.0, horizon_s]), np.repeat(orbit, 2, axis=0), np.zeros((2, 3)))
    step_s = float(radar["orbit_s"]) / n
    ahead = float(state.external.watch["orbit_phase"][s]) * n
    whole = np.arange(np.floor(ahead), np.ceil(ahead + horizon_s / step_s) + 1)
    t_s = np.clip((whole - ahead) * step_s, 0.0, horizon_s)
    along = ahead + t_s / step_s
    low = np.floor(along).astype(np.int64)
    here, there = orbit[low % n], orbit[(low + 1) % n]
    keep = np.r_[np.diff(t_s) > 0.0, True]
    places = here + (along - low)[:, None] * (there - here)
    return Motion(t_s[keep], places[keep], ((there - here) / step_s)[keep])


def jammers_of(plan: Plan, scenario: Scenario) -> list[Jamming]:
    """Every jammer, by name."""
    emitters = plan.interference.jammers
    places = iter(emitters["position_m"][emitters["threat"] < 0])
    return [
        Jamming(
            j.name, j.bands, j.effective_power_w, j.bandwidth_hz, j.carried_by or "",
            not stands_on_ground(j, lambda: terrain_of(scenario)), None if j.carried_by else np.array(next(places)),
        )
        for j in sorted(scenario.jammers, key=lambda j: j.name)
    ]  # fmt: skip


def areas_of(scenario: Scenario) -> list[Area]:
    """Zones and the airways of traffic, as the scenario writes them."""
    return [
        Area(
            o.name, o.kind, np.array(o.points, np.float64).reshape(-1, 2), o.width_m, o.closed, o.side, o.limits_m,
            o.span_s,
        )
        for o in zones_and_airways(scenario)
    ]  # fmt: skip
