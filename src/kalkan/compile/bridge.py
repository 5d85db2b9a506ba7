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
from kalkan.catalogue import Catalogue, Stance, read_stance
from kalkan.compile import defence, threats
from kalkan.compile.ground import terrain_of
from kalkan.compile.heights import seen_from
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Layout
from kalkan.compile.shared import Shared
from kalkan.compile.sited import site
from kalkan.compile.weather import compile_weather
from kalkan.earth.frames import Frame
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.kernels import slots
from kalkan.kernels.plan import Plan, RunSettings
from kalkan.scenario import Scenario
from kalkan.scenario.checks.theory import theory_facts, theory_fault

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
        Lengths of these and of ``event``.
    attrs : dict
        JSON-able facts that tables need, among them ``inputs``: every figure with its claimant.
    """

    plan: Plan
    labels: dict[str, list[str]]
    sizes: dict[str, int]
    attrs: dict[str, Any]


def compile_scenario(
    scenario: Scenario,
    catalogue: Catalogue,
    progress: Callable[[str], None] | None = None,
    stance: Stance | None = None,
    shared: Shared | None = None,
) -> Compiled:
    """Turn a scenario (one variant) into a plan.

    Parameters
    ----------
    scenario : Scenario
        Checked; its own variants are not looked at.
    catalogue : Catalogue
    progress : callable, optional
        Told in words what is being made.
    stance : Stance, optional
        Whose figures; default the scenario's stance.
    shared : Shared, optional
        What plans made before have in common with this one, such as the terrain; what is made now is put there.

    Raises
    ------
    ProblemsError, TerrainError, CatalogueError
        The scenario does not fit its terrain or the catalogue.
    """
    stance = read_stance(scenario.stance, catalogue) if stance is None else stance
    inputs = Inputs(catalogue.under(stance), scenario.assume, shared)
    terrain = terrain_of(scenario, inputs.shared)
    raids = threats.compile_raids(scenario, inputs, terrain)
    here = site(
        scenario, inputs, terrain, raids.types, lambda f: _farthest_m(raids, f), progress=progress or (lambda _: None)
    )
    layout, frames, missiles = here.layout, here.frames, here.missiles
    pictures = defence.compile_pictures(layout, frames, scenario, inputs)
    assets, asset_m, asset_names = defence.compile_assets(scenario, frames, terrain)
    labels = {
        "threat": raids.names,
        "unit": [u.name for u in layout.units],
        "interceptor": missiles,
        "asset": asset_names,
        "post": [p.name for p in layout.posts],
        "radar": [r.name for r in layout.radars],
    }
    weather = compile_weather(
        scenario.weather, here.airs, layout.radars, inputs, here.radars, here.horizon, terrain,
        scenario.region.refraction_k,
    )  # fmt: skip
    study = _study(scenario, raids, layout, here.launchers, layout.posts[0].entry, inputs)
    plan = Plan(
        study, raids.knots, raids.paths, raids.threats, here.kinds, here.rcs_dbsm, assets, asset_m, here.radars,
        here.p_d, here.horizon, pictures, here.units, here.launchers, here.interceptors, here.flight_s,
        here.arrival_m_s, weather, slots.standard(bool(weather.on)),
    )  # fmt: skip
    sizes = {name: len(values) for name, values in labels.items()} | {"event": study.max_events}
    channels = {f"unit_{c}": here.units[c].tolist() for c in ("target_channels", "missile_channels")}
    attrs = _attrs(scenario, raids, missiles, asset_names, len(layout.posts), inputs, terrain) | channels
    attrs |= seen_from(plan, layout, scenario, inputs)
    attrs["theory"] = _theory(scenario, inputs.catalogue, plan)
    return Compiled(plan, labels, sizes, attrs)


def _farthest_m(raids: threats.Raids, f: Frame) -> float:
    """Largest distance of any path from a frame's origin, with room for jitter [m]."""
    distance = np.linalg.norm(raids.knots["position_m"] - f.origin_m, axis=1).max()
    return float(distance + raids.threats["reach_m"].max() + ROOM_M)


def _study(
    scenario: Scenario, raids: threats.Raids, layout: Layout, launchers: Struct, post: str, inputs: Inputs
) -> RunSettings:  # fmt: skip
    rounds = int((launchers["load"].sum(axis=1) * (1 + launchers["reload_sets"])).sum())
    return RunSettings(
        horizon_s=float(scenario.study.horizon_s),
        refraction_k=float(scenario.region.refraction_k),
        max_tracks=max(p.capacity for p in layout.posts),
        max_events=64 * len(raids.names) + 4 * min(rounds, 10_000) + 4000,
        initial_speed_m_s=inputs.number(post, "initial_speed_sigma"),
        gate=inputs.number(post, "association_gate"),
    )


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


def _attrs(
    scenario: Scenario, raids: threats.Raids, missiles: list[str], assets: list[str], posts: int, inputs: Inputs,
    terrain: Terrain,
) -> dict[str, Any]:  # fmt: skip
    by_name, systems = {a.name: a for a in scenario.assets}, {s.type for s in scenario.systems}
    return {
        "threat_raid": raids.raid_of,
        "threat_type": raids.type_of,
        "threat_class": [inputs.word(t, "target_class") for t in raids.type_of],
        "threat_unit_cost_usd": [inputs.number(t, "unit_cost") for t in raids.type_of],
        "interceptor_unit_cost_usd": [inputs.number(m, "unit_cost") for m in missiles],
        "asset_value": [float(by_name[a].value) for a in assets],
        "asset_hits_to_destroy": [int(by_name[a].hits_to_destroy) for a in assets],
        "coordination": defence.coordinated(scenario, posts, inputs),
        "links_cut": sorted(s.name for s in scenario.systems if s.link == "cut"),
        "terrain": terrain.name if terrain.is_flat else str(scenario.region.terrain),
        "refraction_k": scenario.region.refraction_k,
        "weather": scenario.weather.model_dump() if scenario.weather else None,
        "clutter_height_m": scenario.region.clutter_height_m,
        "horizon_s": scenario.study.horizon_s,
        "doctrine": {k: v.model_dump() for k, v in sorted(scenario.doctrine.items())},
        "stance": inputs.catalogue.stance.text,
        "names": {i: inputs.catalogue.entry(i).name for i in sorted({*raids.type_of, *missiles, *systems})},
        "inputs": inputs.rows(),
    }
