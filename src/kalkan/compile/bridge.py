"""The bridge: one checked scenario and the catalogue → one Plan, with the names of its parts.

The defence is sited first (:mod:`kalkan.compile.sited`, which coverage reads too); what flies and what decides is
added here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalkan.arrays import Struct
from kalkan.campaign.windows import CampaignPlan
from kalkan.catalogue import Catalogue, Stance, read_stance
from kalkan.compile import defence
from kalkan.compile.arrived import arrived, told
from kalkan.compile.ballistic import ballistic_m, compile_ballistic
from kalkan.compile.classes import figures_of, tell_borrowed
from kalkan.compile.damage import Fallback, aims_of, compile_damage, part_names
from kalkan.compile.external import compile_sources, source_weather_of
from kalkan.compile.flying import Flying, compile_flying
from kalkan.compile.ground import require_ground, terrain_of, told_of
from kalkan.compile.heights import seen_from
from kalkan.compile.identity import compile_identity
from kalkan.compile.inputs import Inputs
from kalkan.compile.interference import Antennas, compile_interference
from kalkan.compile.prices import prices
from kalkan.compile.reacting import compile_reacting
from kalkan.compile.rules import fights, own_policy
from kalkan.compile.shared import Shared
from kalkan.compile.sited import site
from kalkan.compile.tracking import compile_manner
from kalkan.compile.warning import compile_warning
from kalkan.compile.weather import compile_weather
from kalkan.earth.frames import Frame, frame
from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.errors import ProblemsError
from kalkan.kernels import slots
from kalkan.kernels.plan import Plan, RunSettings, Watching
from kalkan.scenario import Asset, Scenario
from kalkan.scenario.checks.ground import terrain_problem
from kalkan.scenario.checks.theory import theory_facts, theory_fault

WATCHED = ("flights", "traffic")  # tables of a scenario with which a picture has more to tell apart
WATCH_S = 10.0  # and how often it is held against the truth then, unless the scenario says [s]
ROOM_M = 30_000.0  # horizon tables reach this far beyond the farthest route


@dataclass(frozen=True)
class Compiled:
    """A plan and what its indices mean.

    Attributes
    ----------
    plan : Plan
    labels : dict
        Names along every dimension: threat, unit, interceptor, asset, post, radar.
    sizes : dict
        Lengths of these and of ``event``; in a campaign of ``wave``, ``part`` and ``stock`` too.
    attrs : dict
        JSON-able facts that tables need, among them ``inputs``: every figure with its claimant.
    campaign : CampaignPlan or None
        Its waves, where there are several, or a defence with a history; ``plan`` is then the first one's.
    waves : tuple of Compiled
        Its waves, each as a raid of its own.
    parts : tuple of str
        Names of what can be out of action, as in ``plan.damage.parts``.
    """

    plan: Plan
    labels: dict[str, list[str]]
    sizes: dict[str, int]
    attrs: dict[str, Any]
    campaign: CampaignPlan | None = None
    waves: tuple[Compiled, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def runs(self) -> Plan | CampaignPlan:
        """What the engine is handed: the plan, or the campaign of which it is the first wave's."""
        return self.plan if self.campaign is None else self.campaign

    @property
    def plans(self) -> list[Plan]:
        """Every plan that a replication runs."""
        return [self.plan] if self.campaign is None else [w.plan for w in self.campaign.windows]


def compile_raid(
    scenario: Scenario,
    catalogue: Catalogue,
    progress: Callable[[str], None] | None = None,
    stance: Stance | None = None,
    shared: Shared | None = None,
) -> Compiled:
    """The plan of one raid; see :func:`kalkan.compile.compile_scenario`, which compiles campaigns too.

    Raises
    ------
    ProblemsError, CatalogueError
        The scenario does not fit its terrain or the catalogue.
    """
    try:
        return _compiled(scenario, catalogue, progress, stance, shared)
    except TerrainError as error:
        raise ProblemsError([terrain_problem(scenario, error)]) from None


def _compiled(
    scenario: Scenario,
    catalogue: Catalogue,
    progress: Callable[[str], None] | None,
    stance: Stance | None,
    shared: Shared | None,
) -> Compiled:
    stance = read_stance(scenario.stance, catalogue) if stance is None else stance
    inputs = Inputs(catalogue.under(stance), scenario.assume, shared)
    terrain = terrain_of(scenario, inputs.shared)
    require_ground(scenario, terrain)
    written, scenario = scenario, arrived(scenario, inputs)
    flying = compile_flying(scenario, inputs, terrain)
    here = site(
        scenario, inputs, terrain, flying.types, lambda f: _farthest_m(flying, f), progress=progress or (lambda _: None)
    )
    layout, missiles, fallback = here.layout, here.missiles, Fallback(scenario, here, inputs, terrain)
    frames, defended = fallback.frames, sorted(aims_of(scenario, here), key=lambda a: a.name)
    pictures = fallback.pictures(
        defence.compile_pictures(layout, here.frames, scenario, inputs), scenario, inputs
    )
    assets, asset_m, asset_names = defence.compile_assets(defended, frames, terrain)
    labels = {
        "threat": flying.names,
        "unit": [u.name for u in layout.units],
        "interceptor": missiles,
        "asset": asset_names,
        "post": fallback.names,
        "radar": [r.name for r in layout.radars],
    }
    weather = compile_weather(
        scenario.weather, here.airs, layout.radars, inputs, here.radars, here.horizon, terrain,
        scenario.region.refraction_k,
    )  # fmt: skip
    identity = compile_identity(scenario, frames, inputs)
    sources, afar = compile_sources(
        scenario, flying.types, {int(s) for s in here.kinds["swerling"]}, lambda f: _farthest_m(flying, f), inputs,
        terrain, progress or (lambda _: None),
    )  # fmt: skip
    here.units["remote_chance"] = sources.radars["availability"].max()
    antennas = Antennas(layout.radars, here.claims, here.radars, here.horizon)
    interference = compile_interference(scenario, antennas, flying, inputs, terrain)
    source_interference = compile_interference(scenario, afar, flying, inputs, terrain, resolves=False)
    source_weather = source_weather_of(scenario, afar, inputs, terrain)
    released = flying.threats["parent"] >= 0
    ballistic = compile_ballistic(layout.units, missiles, flying.types, inputs, bool(released.any()))
    pictures["ballistic_m"] = ballistic_m(flying.types, inputs)
    post = layout.posts[0].entry if layout.posts else inputs.word(written.systems[0].type, "command_post")
    study = _study(scenario, flying, pictures, here.launchers, post, inputs)
    plan = Plan(
        study, flying.knots, flying.paths, flying.threats, here.kinds, here.rcs_dbsm, assets, asset_m, here.radars,
        here.p_d, here.horizon, pictures, here.units, here.launchers, here.interceptors, here.flight_s,
        here.arrival_m_s, weather, identity, sources, interference, source_weather,
        source_interference, _watching(scenario), ballistic,
        compile_warning(scenario, flying.threats, here.kinds, inputs),
        slots.standard(
            bool(weather.on), bool(identity.on), bool(interference.on), scenario.command.join_rivals,
            scenario.study.track_filter, bool(ballistic.on), _hauls(here.units), scenario.study.initiation,
        )._replace(policy=own_policy(layout.posts)),
        compile_damage(scenario, here, fallback, pictures, asset_names, flying.types, inputs),
        compile_manner(scenario.study, post, pictures, study.initial_speed_m_s, inputs),
        compile_reacting(
            scenario, flying.raid_of, flying.threats, flying.paths, flying.knots.size, flying.lows, inputs
        ),
    )  # fmt: skip
    sizes = {name: len(values) for name, values in labels.items()} | {"event": study.max_events}
    channels = {f"unit_{c}": here.units[c].tolist() for c in ("target_channels", "missile_channels")}
    tell_borrowed(missiles, {inputs.word(t, "target_class") for t in flying.types}, inputs)
    attrs = _attrs(scenario, flying, missiles, defended, len(layout.posts), inputs, terrain) | channels
    reach_m = np.minimum(here.radars["range_max_m"], here.radars["horizon_radius_m"])
    attrs["ground"] = told_of(scenario, terrain, layout.radars, reach_m, inputs.shared)
    flown = {inputs.word(t, "target_class") for t in flying.type_of}
    taken_for = {figures_of(c) for c in flown}  # a doctrine with rules of its own tells the others apart
    attrs["fights"] = fights(layout.units, here.units, missiles, taken_for, inputs)
    attrs |= seen_from(plan, layout, scenario, inputs)
    if plan.damage.on:
        attrs["posts"] = len(layout.posts)  # behind them in the labels are fire units that may fight alone
    attrs["system_price_usd"] = prices(scenario, layout, inputs)
    if released.any():
        attrs["threat_released"] = released.tolist()
    if scenario.sources:
        attrs["integration"] = _integration(scenario)
    if written.batches:
        attrs["batches"] = told(written, inputs)
    if not layout.posts:  # in whose frames the assets would stand
        attrs["asset_ecef_m"] = [
            frame(*a.position, float(terrain.elevation(*a.position))).origin_m.tolist() for a in defended
        ]
    attrs["theory"] = _theory(scenario, inputs.catalogue, plan)
    return Compiled(plan, labels, sizes, attrs, parts=tuple(part_names(layout)) if plan.damage.parts.size else ())


def _hauls(units: Struct) -> bool:
    """Whether what follows of a launch is more than a launcher's own reload."""
    return bool(units["reload_vehicles"].any() or units["displace_after"].any())


def _farthest_m(flying: Flying, f: Frame) -> float:
    """Largest distance of any path from a frame's origin, with room for jitter [m]."""
    distance = np.linalg.norm(flying.knots["position_m"] - f.origin_m, axis=1).max()
    return float(distance + flying.threats["reach_m"].max() + ROOM_M)


def _study(
    scenario: Scenario, flying: Flying, pictures: Struct, launchers: Struct, post: str, inputs: Inputs
) -> RunSettings:  # fmt: skip
    rounds = int((launchers["load"].sum(axis=1) * (1 + launchers["reload_sets"])).sum())
    return RunSettings(
        horizon_s=float(scenario.study.horizon_s),
        refraction_k=float(scenario.region.refraction_k),
        max_tracks=int(pictures["capacity"].max(initial=1)),
        max_events=64 * len(flying.names) + 4 * min(rounds, 10_000) + 4000,
        initial_speed_m_s=inputs.number(post, "initial_speed_sigma"),
        gate=inputs.number(post, "association_gate"),
    )


def _watching(scenario: Scenario) -> Watching:
    """Pictures are held against the truth where the scenario says so, or has more in the air than a raid."""
    study, usual_s = scenario.study, WATCH_S if any(getattr(scenario, n, ()) for n in WATCHED) else 0.0
    period_s = usual_s if study.picture_quality_s is None else study.picture_quality_s
    return Watching(float(period_s), float(study.picture_cut_off_m) if period_s else 0.0)


def _theory(scenario: Scenario, catalogue: Catalogue, plan: Plan) -> dict[str, Any] | None:
    """What results need to know of the closed form that a scenario names.

    Its ``until_s`` [s]: who comes before it has its outcome by the horizon. A draw of the claims that the form does
    not fit is held against nothing.
    """
    fault = theory_fault(scenario, catalogue)
    if fault and not (catalogue.stance.draw or catalogue.stance.places):
        raise ProblemsError([scenario.problem(("theory",), fault)])
    facts = None if fault else theory_facts(scenario, catalogue)
    life_s = np.minimum(plan.threats["leak_s"], plan.threats["duration_s"]).max()
    return facts and facts | {"until_s": float(plan.study.horizon_s - life_s)}


def _integration(scenario: Scenario) -> dict[str, Any]:
    """External sources, and how each system is tied to others."""
    tied = {s.name: [s.takes_external_picture, s.may_engage_on_remote, s.interrogates] for s in scenario.systems}
    return {"sources": sorted(s.name for s in scenario.sources), "systems": tied}


def _attrs(
    scenario: Scenario, flying: Flying, missiles: list[str], defended: list[Asset], posts: int, inputs: Inputs,
    terrain: Terrain,
) -> dict[str, Any]:  # fmt: skip
    systems = {s.type for s in scenario.systems}
    return {
        "threat_raid": flying.raid_of,
        "threat_side": flying.side_of,
        "threat_type": flying.type_of,
        "traffic": flying.told,
        "threat_class": [inputs.word(t, "target_class") for t in flying.type_of],
        "threat_unit_cost_usd": [inputs.worth_of(t, "unit_cost") for t in flying.type_of],
        "interceptor_unit_cost_usd": [inputs.number(m, "unit_cost") for m in missiles],
        "asset_value": [float(a.value) for a in defended],
        "asset_hits_to_destroy": [int(a.hits_to_destroy) for a in defended],
        "asset_cost_usd": [float(a.cost_usd or 0.0) for a in defended],
        "coordination": defence.coordinated(scenario, posts, inputs),
        "links_cut": sorted(s.name for s in scenario.systems if s.link == "cut"),
        "terrain": terrain.name if terrain.is_flat else scenario.terrain_name,
        "refraction_k": scenario.region.refraction_k,
        "weather": scenario.weather.model_dump() if scenario.weather else None,
        "clutter_height_m": scenario.region.clutter_height_m,
        "horizon_s": scenario.study.horizon_s,
        "doctrine": {k: v.model_dump() for k, v in sorted(scenario.doctrine.items())},
        "stance": inputs.catalogue.stance.text,
        "names": {i: inputs.catalogue.entry(i).name for i in sorted({*flying.type_of, *missiles, *systems})},
        "inputs": inputs.rows(),
    }
