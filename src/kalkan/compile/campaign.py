"""A campaign → windows: each wave compiled as any raid is, and the names of all of them together.

Waves of the same raids, on days on which the same is there, share one plan.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from kalkan.campaign.windows import CampaignPlan, Numbers, Window
from kalkan.catalogue import Catalogue, Stance, read_stance
from kalkan.compile.arrived import arrived
from kalkan.compile.bridge import Compiled, compile_raid
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import lay_out
from kalkan.compile.shared import Shared
from kalkan.compile.stock import compile_stores
from kalkan.compile.upkeep import VEHICLE, compile_upkeep
from kalkan.kernels.damage import LAUNCHER, RADAR
from kalkan.names import name_hash
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.campaign import Campaign
from kalkan.scenario.nouns.raids import Raid
from kalkan.scenario.readiness import DAY_S
from kalkan.supply.stores import Stores

DIMS = ("unit", "interceptor", "asset", "post", "radar")
FOR_WINDOWS = ("from_s", "until_s", "start_s")  # times that count from a wave's zero hour
ONLY = "raid"  # name of the wave of a scenario that names none


class Coming(NamedTuple):
    """One wave as it comes: its own name, its place in time [s], and its raids."""

    name: str
    at_s: float
    raids: tuple[Raid, ...]


def waves_of(scenario: Scenario) -> list[Coming]:
    """Every time that raids come, in order; one wave of all raids, where none is named."""
    if not scenario.waves:
        return [Coming(ONLY, 0.0, scenario.raids)]
    found = []
    for wave in scenario.waves:
        raids = tuple(r for r in scenario.raids if wave.raids is None or r.name in wave.raids)
        for k in range(wave.times):
            name = wave.name if wave.times == 1 else f"{wave.name} {k + 1}"
            found.append(Coming(name, wave.at_s + k * (wave.every_s or 0.0), raids))
    return sorted(found, key=lambda w: w.at_s)


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
    ProblemsError, CatalogueError
        The scenario does not fit its terrain or the catalogue.
    """
    shared = Shared() if shared is None else shared

    def one(raid: Scenario) -> Compiled:
        return compile_raid(raid, catalogue, progress, stance, shared)

    if not scenario.is_campaign:
        return one(scenario)
    whose = read_stance(scenario.stance, catalogue) if stance is None else stance
    return compile_campaign(scenario, Inputs(catalogue.under(whose), scenario.assume, shared), one)


def compile_campaign(scenario: Scenario, inputs: Inputs, compiler: Callable[[Scenario], Compiled]) -> Compiled:
    """Compile every wave, and put together what they have.

    Parameters
    ----------
    scenario : Scenario
        Checked, of a campaign.
    inputs : Inputs
    compiler : callable
        Makes the plan of one wave, a scenario of its own.
    """
    coming = waves_of(scenario)
    made: dict[tuple[Any, ...], Compiled] = {}
    compiled = []
    for k, wave in enumerate(coming):
        key = (tuple(r.name for r in wave.raids), _day_of(scenario, wave.at_s))
        if key not in made:
            made[key] = compiler(wave_scenario(scenario, k))
        compiled.append(made[key])
    return _together(scenario, coming, compiled, _lead_in_s(scenario), inputs)


def _lead_in_s(scenario: Scenario) -> float:
    """Of every wave [s]; a raid that is no wave has none."""
    return (scenario.campaign or Campaign()).lead_in_s if scenario.waves else 0.0


def wave_scenario(scenario: Scenario, k: int) -> Scenario:
    """Wave `k` of a campaign as a scenario of its own, as it is compiled."""
    wave = waves_of(scenario)[k]
    return _of_wave(scenario, wave.raids, _lead_in_s(scenario), _day_of(scenario, wave.at_s))


def _day_of(scenario: Scenario, at_s: float) -> str | None:
    """The day of a wave, where it matters: what batches have brought by then is there."""
    if scenario.as_of is None or not scenario.batches:
        return scenario.as_of
    day = datetime.date.fromisoformat(scenario.as_of) + datetime.timedelta(days=int(at_s // DAY_S))
    return day.isoformat()


def _of_wave(scenario: Scenario, raids: Sequence[Raid], lead_in_s: float, day: str | None) -> Scenario:
    """One wave as a scenario of its own, whose time begins `lead_in_s` before the zero hour."""
    rules = scenario.rules_of_engagement
    study = scenario.study.model_copy(update={"horizon_s": scenario.study.horizon_s + lead_in_s})
    fields: dict[str, Any] = {
        "campaign": None, "waves": (), "supply": None, "depots": (), "production": (), "as_of": day, "study": study,
        "raids": _later(raids, lead_in_s), "flights": _later(scenario.flights, lead_in_s),
        "outages": _later(scenario.outages, lead_in_s), "zones": _later(scenario.zones, lead_in_s),
        "rules_of_engagement": rules and rules.model_copy(update={"periods": _later(rules.periods, lead_in_s)}),
    }  # fmt: skip
    assets = {a.name for a in scenario.assets}
    wears = scenario.supply is not None or any(r.aim is not None and r.aim not in assets for r in scenario.raids)
    return scenario.with_history(**fields) if wears else scenario.model_copy(update=fields)


def _later(entries: Iterable[Any], by_s: float) -> tuple[Any, ...]:
    """Entries of a table with their times later; what holds from the start holds from the window's."""
    found = []
    for entry in entries:
        times = {name: getattr(entry, name, None) for name in FOR_WINDOWS}
        moved = {name: t + by_s for name, t in times.items() if t is not None and not (name == "from_s" and t == 0.0)}
        found.append(entry.model_copy(update=moved))
    return tuple(found)


def _together(
    scenario: Scenario, coming: Sequence[Coming], compiled: Sequence[Compiled], lead_in_s: float, inputs: Inputs
) -> Compiled:
    """Windows, and the names and facts of all of them; as in the last, when nothing is there that is not then."""
    labels = {dim: list(dict.fromkeys(n for c in compiled[::-1] for n in c.labels[dim])) for dim in DIMS}
    prefix = [f"{w.name}: " if len(coming) > 1 else "" for w in coming]
    labels["threat"] = [p + name for p, c in zip(prefix, compiled, strict=True) for name in c.labels["threat"]]
    launchers = list(dict.fromkeys(n for c in compiled[::-1] for n in _launchers(c)))
    parts = list(dict.fromkeys(n for c in compiled[::-1] for n in c.parts))
    there = arrived(scenario.model_copy(update={"as_of": _day_of(scenario, coming[-1].at_s)}), inputs)
    upkeep, names = compile_upkeep(scenario, there, inputs) if scenario.supply and parts else (None, [])
    parts = list(dict.fromkeys([*parts, *names]))
    labels |= {"wave": [w.name for w in coming], "part": parts, "stock": labels["interceptor"]}
    windows, first = [], 0
    for wave, one in zip(coming, compiled, strict=True):
        n = len(one.labels["threat"])
        windows.append(_window(wave, one, lead_in_s, np.arange(first, first + n), labels, launchers, parts))
        first += n
    campaign = CampaignPlan(
        tuple(windows), scenario.campaign.jitter_s if scenario.campaign else 0.0,
        (scenario.campaign and scenario.campaign.duration_s) or 0.0, len(launchers), len(parts),
        _stores(there, compiled[-1], inputs), upkeep, _places(names, parts), _vehicles(names, labels["unit"]),
    )  # fmt: skip
    sizes = {name: len(values) for name, values in labels.items()}
    sizes["event"] = sum(c.sizes["event"] for c in compiled)
    attrs = _attrs(coming, compiled, labels, inputs)
    return replace(compiled[0], labels=labels, sizes=sizes, attrs=attrs, campaign=campaign, waves=tuple(compiled))


def _window(
    wave: Coming, one: Compiled, lead_in_s: float, threats: Numbers, labels: dict[str, list[str]],
    launchers: list[str], parts: list[str],
) -> Window:  # fmt: skip
    plan = one.plan
    places = {dim: _places(one.labels[dim], labels[dim]) for dim in DIMS}
    return Window(
        plan=plan, key=name_hash(wave.name), at_s=wave.at_s, lead_in_s=lead_in_s, length_s=float(plan.study.horizon_s),
        threat=threats, launcher=_places(_launchers(one), launchers), part=_places(one.parts, parts),
        radar_part=_part_of(plan.damage.parts, RADAR, len(one.labels["radar"]))[plan.units["radar"]]
        if plan.damage.parts.size else np.zeros(0, np.int64),
        launcher_part=_part_of(plan.damage.parts, LAUNCHER, plan.launchers.size), sizes=one.sizes, **places,
    )  # fmt: skip


def _places(own: Sequence[str], everything: Sequence[str]) -> Numbers:
    """Place of each name in the campaign's list."""
    at = {name: i for i, name in enumerate(everything)}
    return np.array([at[name] for name in own], np.int64)


def _launchers(one: Compiled) -> list[str]:
    """Names of a plan's launchers."""
    units: Any = one.plan.units
    return [
        f"{name}/launcher {k + 1}" for u, name in enumerate(one.labels["unit"])
        for k in range(int(units["last_launcher"][u] - units["first_launcher"][u]))
    ]


def _part_of(parts: Any, kind: int, n: int) -> Numbers:
    """Of the parts of a plan those of one kind, by the index of what they are."""
    found = np.zeros(n if parts.size else 0, np.int64)
    for place, part in enumerate(parts):
        if part["kind"] == kind:
            found[part["index"]] = place
    return found


def _stores(there: Scenario, last: Compiled, inputs: Inputs) -> Stores:
    """Rounds at all levels, of what is there at last."""
    sites = lay_out(there, inputs).units
    return compile_stores(there, sites, last.plan.units, last.labels["interceptor"], inputs)


def _vehicles(names: Sequence[str], units: Sequence[str]) -> Numbers:
    """Of parts that are reload vehicles their fire unit, and which of its vehicles they are; -1 of all others."""
    found = np.full((len(names), 2), -1)
    for i, name in enumerate(names):
        unit, _, last = name.rpartition("/")
        if last.startswith(f"{VEHICLE} "):
            found[i] = units.index(unit), int(last.removeprefix(f"{VEHICLE} ")) - 1
    return found


def _attrs(
    coming: Sequence[Coming], compiled: Sequence[Compiled], labels: dict[str, list[str]], inputs: Inputs
) -> dict[str, Any]:
    """Facts of all waves: of threats one behind the other, of what else there is those of the wave that has it."""
    found = dict(max(compiled, key=lambda c: len(c.labels["unit"])).attrs)
    for key, value in found.items():
        dim = key.partition("_")[0]
        if dim == "threat" and isinstance(value, list):
            found[key] = [v for c in compiled for v in c.attrs[key]]
        elif dim in DIMS and isinstance(value, list):
            known = {n: v for c in compiled for n, v in zip(c.labels[dim], c.attrs[key], strict=False)}
            found[key] = [known[name] for name in labels[dim] if name in known]
    rows = {str(row): row for c in compiled for row in c.attrs["inputs"]} | {str(row): row for row in inputs.rows()}
    of = [w.name for w, c in zip(coming, compiled, strict=True) for _ in c.labels["threat"]]
    return found | {
        "inputs": list(rows.values()), "threat_wave": of, "wave_at_s": [w.at_s for w in coming],
    }  # fmt: skip
