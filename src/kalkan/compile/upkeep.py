"""Supply of a scenario → what upkeep knows of the defence's parts, and what they are called.

Spares lie with each system, for parts that are alike: its post, its radars by type, its launchers, its links, its
reload vehicles.
kalkan's own simplifications: systems lend each other nothing; of a part that comes in a batch the spares are there as
soon as the first of its kind is.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping

from kalkan.compile.arrived import parts_there
from kalkan.compile.inputs import Inputs
from kalkan.scenario import Scenario, Supply
from kalkan.scenario.parts import LINK, POST, unit_of
from kalkan.scenario.readiness import DAY_S, Claimed, NamedParts, Used, deliveries_of, units_of, whole_of
from kalkan.supply import tables
from kalkan.supply.simulating import Equipment, Supplied, upkeep_of
from kalkan.supply.tables import Upkeep

CLAIMS = "kalkan-upkeep"  # entry of the catalogue
LAUNCHER, RADAR, VEHICLE = "launcher", "radar", "vehicle"
_KINDS = {POST: tables.POST, RADAR: tables.RADAR, LAUNCHER: tables.LAUNCHER, LINK: tables.LINK,
          VEHICLE: tables.VEHICLE}  # fmt: skip


def compile_upkeep(written: Scenario, here: Scenario, inputs: Inputs) -> tuple[Upkeep, list[str]]:
    """Upkeep of the parts of a defence.

    Parameters
    ----------
    written : Scenario
        As it is written, with its ``[supply]`` and its batches.
    here : Scenario
        What of it is there on its day; see :func:`kalkan.compile.arrived.arrived`.
    inputs : Inputs
        Takes note of every figure.

    Returns
    -------
    upkeep : Upkeep
        For :mod:`kalkan.supply.upkeep`; time 0 is the start of the campaign, or of the raid of a scenario without one.
        Parts are in service from before it, from ``in_service`` on, or since their delivery was ready if that is later.
    names : list of str
        Of its parts, in their order, as outages name them: ``"north/post"``, ``"north/91n6e"``, ``"north/1/92n6e"``,
        ``"north/1/launcher 3"``, ``"north/1/link"``; reload vehicles, where they are counted, ``"north/1/vehicle 2"``.

    Raises
    ------
    ValueError
        The scenario has no ``[supply]``.
    """
    supply = written.supply
    if supply is None:
        raise ValueError("the scenario has no [supply]")
    since_s = _in_service_s(written, here, supply, inputs)
    every_s, last_s = math.inf, 0.0
    if supply.maintenance:
        every_s, last_s = (inputs.number(CLAIMS, q) for q in ("maintenance_interval", "maintenance_time"))
    parts = []
    for name, system in _parts(here, inputs):
        what = _what(name)
        of = what if what in _KINDS else RADAR
        parts.append(
            Equipment(
                name=name, kind=_KINDS[of], group=f"{system}/{what}",
                mean_time_between_failures_s=inputs.number(CLAIMS, "mean_time_between_failures", part=of),
                mean_time_to_repair_s=inputs.number(CLAIMS, "mean_time_to_repair", part=of),
                p_spare=inputs.number(CLAIMS, "needs_spare", part=of),
                maintenance_interval_s=every_s, maintenance_time_s=last_s,
                in_service_s=-since_s[name],
            )
        )  # fmt: skip
    return upkeep_of(parts, _supplied(supply, parts, inputs)), [p.name for p in parts]


def _supplied(supply: Supply, parts: list[Equipment], inputs: Inputs) -> Supplied:
    """Spares and what they take, as written and claimed; what nothing follows from is not asked."""
    words = {kind: of for of, kind in _KINDS.items()}
    spares = {
        p.group: round(inputs.given(supply.spares, CLAIMS, "spares", "supply", part=words[p.kind])) for p in parts
    }
    shape = inputs.number(CLAIMS, "failure_shape") if supply.failures == "weibull" else 1.0
    spread = inputs.number(CLAIMS, "repair_spread") if supply.repairs == "lognormal" else 1.0
    foreign_s = inputs.number(CLAIMS, "foreign_lead_time")
    local_s, share = foreign_s, 0.0
    if supply.local_production:
        local_s, share = inputs.number(CLAIMS, "local_lead_time"), inputs.number(CLAIMS, "local_share")
    return Supplied(
        spares=spares, families=inputs.whole(CLAIMS, "component_families"), foreign_lead_time_s=foreign_s,
        local_lead_time_s=local_s, local_share=share, sanctions=supply.sanctions,
        cannibalisation=supply.cannibalisation, failures=supply.failures, repairs=supply.repairs,
        lead_times=supply.lead_times, failure_shape=shape, repair_spread=spread,
    )  # fmt: skip


def _wholes(here: Scenario, inputs: Inputs) -> dict[str, NamedParts]:
    """What is there of each system, by name."""
    figures = Claimed(inputs.catalogue, here.assume)
    return {s.name: parts_there(s, whole_of(s, figures)) for s in here.systems}


def _parts(here: Scenario, inputs: Inputs) -> list[tuple[str, str]]:
    """Every single part, with its system."""
    wholes = _wholes(here, inputs)
    parts = ((part, system) for system, whole in wholes.items() for some in whole.values() for part in some)
    vehicles = (
        (f"{system.name}/{number}/{VEHICLE} {k + 1}", system.name)
        for system in here.systems for number in units_of(wholes[system.name], system.name)
        for k in range(system.reload_vehicles or 0)
    )  # fmt: skip
    return list(dict.fromkeys([*parts, *vehicles]))


def _what(name: str) -> str:
    """What a part is: post, link, launcher, vehicle, or a type of radar."""
    last = name.rpartition("/")[2]
    return next((word for word in (LAUNCHER, VEHICLE) if last.startswith(f"{word} ")), last)


def _in_service_s(written: Scenario, here: Scenario, supply: Supply, inputs: Inputs) -> dict[str, float]:
    """How long each part has been in service at the start [s]."""
    longest_s = inputs.given(supply.in_service_s, CLAIMS, "in_service_time", "supply")
    found = {name: longest_s for name, _ in _parts(here, inputs)}
    if written.as_of is None or not written.batches:
        return found
    day = datetime.date.fromisoformat(written.as_of)
    _, deliveries = deliveries_of(written, Claimed(inputs.catalogue, written.assume), Used(inputs))
    ready = _as_named({part: d.ready for d in deliveries for part in d.parts}, here, inputs)
    return {n: min(s, max((day - ready[n]).days, 0) * DAY_S) if n in ready else s for n, s in found.items()}


def _as_named(
    ready: Mapping[str, datetime.date], here: Scenario, inputs: Inputs
) -> dict[str, datetime.date]:
    """When parts were ready: launchers are counted, the first to come first; links and vehicles come with the radar."""
    found, names = dict(ready), [name for name, _ in _parts(here, inputs)]
    for system, whole in _wholes(here, inputs).items():
        for number, (radar, *rails) in units_of(whole, system).items():
            if radar not in ready:
                continue
            came = sorted(d for p, d in ready.items() if unit_of(p, system) == number and p.startswith(f"{system}/")
                          and _what(p) == LAUNCHER)  # fmt: skip
            vehicles = [n for n in names if n.startswith(f"{system}/{number}/{VEHICLE} ")]
            found |= dict(zip(rails, came, strict=False)) | dict.fromkeys(vehicles, ready[radar])
            found[f"{system}/{number}/{LINK}"] = ready[radar]
    return found
