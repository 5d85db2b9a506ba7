"""Posts, fire units, launchers, interceptors and assets → arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.compile.classes import p_kill, ratio_of
from kalkan.compile.inputs import MODEL, Inputs, keys
from kalkan.compile.layout import Layout, PostSite, UnitSite
from kalkan.compile.rules import assignment, rules, tells_homing_apart
from kalkan.earth.frames import Frame, frame
from kalkan.earth.geodesy import principal_radii
from kalkan.earth.terrain import Terrain
from kalkan.kernels.plan import (
    ASSETS,
    IFF_COMPATIBLE,
    IFF_INCOMPATIBLE,
    IFF_NONE,
    INTERCEPTORS,
    LAUNCHERS,
    PICTURES,
    UNITS,
    struct,
)
from kalkan.models.flyout import InterceptorData, build
from kalkan.scenario import Asset, Scenario
from kalkan.schema import MAX_TYPES
from kalkan.tracking.configuring import HISTORY

IFF_CODES = {"none": IFF_NONE, "incompatible": IFF_INCOMPATIBLE, "compatible": IFF_COMPATIBLE}


def picture_frames(layout: Layout, terrain: Terrain) -> list[Frame]:
    """Frames of all posts, on the ground."""
    return [
        frame(p.site.lat_deg, p.site.lon_deg, terrain.site_elevation(p.site.lat_deg, p.site.lon_deg))
        for p in layout.posts
    ]


def compile_pictures(layout: Layout, frames: list[Frame], scenario: Scenario, inputs: Inputs) -> Struct:
    """Arrays of all posts."""
    posts = layout.posts

    def number(quantity: str) -> np.ndarray:
        return np.array([inputs.number(p.entry, quantity) for p in posts])

    def whole(quantity: str) -> np.ndarray:
        return np.array([inputs.whole(p.entry, quantity) for p in posts], np.int64)

    def everywhere(quantity: str) -> np.ndarray:
        return np.full(len(posts), inputs.number(MODEL, quantity))

    slowest = np.array([_slowest_scan_s(layout, i, inputs) for i in range(len(posts))])
    return struct(
        PICTURES,
        key=keys([p.name for p in posts]),
        origin_m=np.array([f.origin_m for f in frames]),
        to_local=np.array([f.axes for f in frames]),
        altitude_m=np.array([f.altitude_m for f in frames]),
        mean_radius_m=np.array([_mean_radius_m(p.site.lat_deg) for p in posts]),
        **_rule(scenario.study.initiation, whole),
        confirm_gate=everywhere("confirm_gate"),
        usual_speed_m_s=everywhere("usual_speed"),
        coast_s=whole("track_drop_misses") * slowest,
        gone_s=everywhere("gone_track_looks") * slowest,
        process_noise_m_s2=number("process_noise"),
        capacity=np.array([p.capacity for p in posts], np.int64),
        cycle_s=number("command_cycle"),
        reaction_s=np.array([reaction_s(p, inputs) for p in posts]),
        assessment_error=number("assessment_error"),
        assignment=np.array([assignment(p, inputs) for p in posts], np.int64),
        reassign_gain_s=[math.inf if (s := p.doctrine.reassign_gain_s) is None else s for p in posts],
        threatened_m=number("threatened_radius"),
        patience_s=number("hold_patience"),
        retry_s=number("retry_delay"),
        minor_share=everywhere("minor_threat_share"),
        fresh_share=everywhere("fresh_track_share"),
        urgency_s=everywhere("urgency_time"),
        nearer_share=everywhere("nearer_share"),
        same_object_m=everywhere("same_object_distance"),
        memory_s=everywhere("lost_target_memory"),
        slow_m_s=everywhere("slow_target_speed"),
        low_m=everywhere("low_target_altitude"),
        fast_m_s=[
            inputs.number(MODEL, "fast_target_speed") if tells_homing_apart(p.doctrine) else 0.0 for p in posts
        ],
        ballistic_m=np.zeros(len(posts)),  # known when everything that flies is
        strike_m=everywhere("strike_distance"),
        climb_sigmas=everywhere("believed_climb"),
        lowest_m=everywhere("lowest_flight"),
        common_cause=everywhere("common_cause_share"),
        reserve_s=everywhere("reserve_time"),
        coordination=np.full(len(posts), int(coordinated(scenario, len(posts), inputs)), np.int64),
        external_picture=np.array([int(p.written.takes_external_picture and p.written.link == "up") for p in posts]),
        iff=np.array([IFF_CODES[p.written.interrogates] for p in posts]),
    )


def _rule(initiation: str, whole: Callable[[str], np.ndarray]) -> dict[str, object]:
    """M and N of the posts' rule of initiation; another rule remembers more looks and asks for none of them here."""
    if initiation == "m of n":
        return {"confirm_m": whole("track_confirm_m"), "confirm_n": whole("track_confirm_n")}
    return {"confirm_m": 0, "confirm_n": HISTORY}


def coordinated(scenario: Scenario, posts: int, inputs: Inputs) -> bool:
    """Whether posts tell each other what they engage; a single post has nobody to tell."""
    written = scenario.command.coordination
    if posts < 2:
        return bool(written)
    if written is None:
        return inputs.word(MODEL, "coordination") == "yes"
    inputs.written(MODEL, "coordination", "yes" if written else "no", "command")
    return written


def _mean_radius_m(lat_deg: float) -> float:
    meridian, normal = principal_radii(math.radians(lat_deg))
    return math.sqrt(float(meridian) * float(normal))


def _slowest_scan_s(layout: Layout, post: int, inputs: Inputs) -> float:
    """Scan period [s] of the slowest radar that feeds a post."""
    return max(
        inputs.number(r.entry, "search_period" if r.engages else "scan_period")
        for r in layout.radars
        if r.frame == post and r.feeds
    )


def reaction_s(post: PostSite, inputs: Inputs) -> float:
    """From order to cue [s]: the claimed reaction, less the acquisition that it includes, plus crew and link."""
    brochure = max(inputs.number(post.entry, "reaction_time") - acquisition_s(post.radar_entry, inputs), 0.0)
    return brochure + inputs.number(MODEL, "crew_delay") + post.latency_s


def acquisition_s(radar: str, inputs: Inputs) -> float:
    """Time [s] in which an engagement radar acquires what it is cued to, if it misses no look."""
    return inputs.number(radar, "acquisition_hits") * inputs.number(radar, "update_period")


def compile_units(
    layout: Layout, frames: list[Frame], missiles: list[str], classes: Sequence[str], terrain: Terrain,
    crew_load: bool, inputs: Inputs,
) -> tuple[Struct, Struct]:
    """Arrays of fire units and their launchers."""
    units = layout.units
    sites = [
        frame(u.site.lat_deg, u.site.lon_deg, terrain.site_elevation(u.site.lat_deg, u.site.lon_deg)) for u in units
    ]
    local = [frames[u.post].local(s.origin_m) for u, s in zip(units, sites, strict=True)]
    ends = np.cumsum([u.launchers for u in units])

    def radar(quantity: str) -> np.ndarray:
        return np.array([inputs.number(u.radar_entry, quantity) for u in units])

    def launcher(quantity: str) -> np.ndarray:
        return np.array([inputs.number(u.launcher_entry, quantity) for u in units])

    hits = np.round(radar("acquisition_hits"))
    looks = np.maximum(np.round(radar("acquisition_window") / radar("update_period")), hits)
    arrays = struct(
        UNITS,
        key=keys([u.name for u in units]),
        picture=np.array([u.post for u in units], np.int64),
        radar=np.array([u.radar for u in units], np.int64),
        position_m=np.array(local),
        altitude_m=np.array([s.altitude_m for s in sites]),
        target_channels=np.round(radar("target_channels")).astype(np.int64),
        missile_channels=np.round(radar("missile_channels")).astype(np.int64),
        update_s=radar("update_period"),
        cue_m=np.full(len(units), inputs.number(MODEL, "cue_search_distance")),
        slew_rad_s=radar("slew_rate"),
        acquire_hits=hits.astype(np.int64),
        acquire_looks=looks.astype(np.int64),
        drop_misses=np.round(radar("drop_misses")).astype(np.int64),
        launch_interval_s=launcher("launch_interval"),
        reload_s=launcher("reload_time"),
        reload_vehicles=[u.written.reload_vehicles or 0 for u in units],
        displace_after=[u.written.displace_after or 0 for u in units],
        displace_s=[u.written.displacement_time_s or 0.0 for u in units],
        crew_load_s=np.full(len(units), inputs.number(MODEL, "crew_load") if crew_load else 0.0),
        first_launcher=np.r_[0, ends[:-1]].astype(np.int64),
        last_launcher=ends.astype(np.int64),
        on_remote=[int(engages_on_remote(u, inputs)) for u in units],
        remote_age_s=[inputs.number(MODEL, "remote_track_age") if engages_on_remote(u, inputs) else 0.0 for u in units],
        remote_chance=np.zeros(len(units)),  # known when the links are
        **rules(units, layout.posts, missiles, classes, inputs),
    )
    return arrays, _launchers(units, missiles)


def engages_on_remote(unit: UnitSite, inputs: Inputs) -> bool:
    """Whether a unit may engage on what only external sources hold: the scenario wants it, and a claim says it can."""
    wanted = unit.written.may_engage_on_remote and unit.written.link == "up"
    system = unit.written.type
    return wanted and inputs.claimed(system, "engage_on_remote") and inputs.word(system, "engage_on_remote") == "yes"


def _launchers(units: list[UnitSite], missiles: list[str]) -> Struct:
    rows = [(i, u) for i, u in enumerate(units) for _ in range(u.launchers)]
    empty = [0] * (MAX_TYPES - len(missiles))
    return struct(
        LAUNCHERS,
        unit=[i for i, _ in rows],
        load=[[u.loads.get(m, 0) for m in missiles] + empty for _, u in rows],
        reload_sets=[u.written.reload_sets for _, u in rows],
    )


def compile_interceptors(missiles: list[str], classes: Sequence[str], inputs: Inputs) -> tuple[Struct, F8, F8]:
    """Envelopes with claimed kill probabilities; fly-out tables of time [s] and arrival speed [m/s].

    `classes` of targets, in the order of the columns; see :func:`kalkan.compile.classes.asked`.
    """
    data = [interceptor_data(m, inputs) for m in missiles]
    tables = [inputs.shared.flyouts.get(d, partial(build, d)) for d in data]
    shape = tuple(max(t.time_s.shape[i] for t in tables) for i in (0, 1))

    def number(quantity: str) -> np.ndarray:
        return np.array([inputs.number(m, quantity) for m in missiles])

    def everywhere(quantity: str) -> np.ndarray:
        return np.full(len(missiles), inputs.number(MODEL, quantity))

    def by_class(quantity: str) -> np.ndarray:
        return np.array([[inputs.number(MODEL, ratio_of(quantity, c)) for c in classes]] * len(missiles))

    interceptors = struct(
        INTERCEPTORS,
        range_step_m=np.array([t.range_step_m for t in tables]),
        altitude_step_m=np.array([t.altitude_step_m for t in tables]),
        range_min_m=number("min_range"),
        range_max_m=number("max_range"),
        altitude_min_m=number("min_target_altitude"),
        altitude_max_m=number("max_target_altitude"),
        target_speed_max_m_s=number("max_target_speed"),
        flight_max_s=[t.time_s[np.isfinite(t.time_s)].max() for t in tables],
        range_slope_s_m=[_steepest(t.time_s, 0) / t.range_step_m for t in tables],
        altitude_slope_s_m=[_steepest(t.time_s, 1) / t.altitude_step_m for t in tables],
        active_m=number("active_distance"),
        basket_m=number("basket_radius"),
        no_speed_ratio=by_class("no_speed_ratio"),
        full_speed_ratio=by_class("full_speed_ratio"),
        full_crossing_rad=everywhere("full_crossing"),
        tail_chase_factor=everywhere("tail_chase_factor"),
        edge_factor=everywhere("edge_factor"),
        edge_fraction=everywhere("edge_fraction"),
        p_kill=np.array([[p_kill(m, c, inputs) for c in classes] for m in missiles]),
    )
    times = np.array([_padded(t.time_s, shape, math.inf) for t in tables])
    return interceptors, times, np.array([_padded(t.speed_m_s, shape, 0.0) for t in tables])


def _steepest(time_s: np.ndarray, axis: int) -> float:
    """Largest change of the time of flight between neighbours in reach along an axis of the table [s]."""
    step = np.abs(np.diff(np.where(np.isfinite(time_s), time_s, np.nan), axis=axis))
    return float(np.nanmax(step))


def _padded(table: np.ndarray, shape: tuple[int, ...], fill: float) -> np.ndarray:
    out = np.full(shape, fill)
    out[: table.shape[0], : table.shape[1]] = table
    return out


def interceptor_data(missile: str, inputs: Inputs) -> InterceptorData:
    """Public figures of an interceptor from which its fly-out is computed."""

    def number(quantity: str) -> float:
        return inputs.number(missile, quantity)

    return InterceptorData(
        launch_mass_kg=number("launch_mass"),
        diameter_m=number("diameter"),
        burn_time_s=number("burn_time"),
        propellant_fraction=number("propellant_fraction"),
        drag_coefficient=number("drag_coefficient"),
        max_speed_m_s=number("max_speed"),
        max_range_m=number("max_range"),
        max_altitude_m=number("max_target_altitude"),
        min_range_m=number("min_range"),
        min_altitude_m=number("min_target_altitude"),
        minimum_speed_m_s=inputs.number(MODEL, "slowest_interceptor"),
    )


def compile_assets(assets: Sequence[Asset], frames: list[Frame], terrain: Terrain) -> tuple[Struct, F8, list[str]]:
    """Assets, sorted by name, their positions in every picture's frame [m], and their names."""
    places = [frame(*a.position, float(terrain.elevation(*a.position))) for a in assets]
    local_m = np.zeros((len(frames), *np.shape([p.origin_m for p in places])))
    for k, f in enumerate(frames):
        local_m[k] = [f.local(p.origin_m) for p in places]
    names = [a.name for a in assets]
    return struct(ASSETS, key=keys(names), value=[float(a.value) for a in assets]), local_m, names
