"""Site comparison: the same scenario with another mast, with a site moved, or with trees and buildings."""

from __future__ import annotations

from dataclasses import dataclass, field

from kalkan.scenario import Scenario, System


@dataclass(frozen=True)
class Alteration:
    """What differs.

    Attributes
    ----------
    masts_m : dict of str to float
        Antenna height above ground [m] by radar type (all systems) or ``system/type``.
    sites_deg : dict of str to (float, float)
        Latitude and longitude [deg] by system (post and acquisition radars) or ``system/number`` (fire unit).
    clutter_m : float or None
        Height of trees and buildings [m]; None: as in the scenario.
    """

    masts_m: dict[str, float] = field(default_factory=dict)
    sites_deg: dict[str, tuple[float, float]] = field(default_factory=dict)
    clutter_m: float | None = None

    def __bool__(self) -> bool:
        return bool(self.masts_m or self.sites_deg) or self.clutter_m is not None

    def text(self) -> str:
        """In words, for titles."""
        masts = [f"{k} on {v:g} m" for k, v in self.masts_m.items()]
        sites = [f"{k} at {lat:.3f}°, {lon:.3f}°" for k, (lat, lon) in self.sites_deg.items()]
        trees = [] if self.clutter_m is None else [f"trees and buildings of {self.clutter_m:g} m"]
        return " · ".join(masts + sites + trees)


def mast_names(scenario: Scenario, radars_of: dict[str, tuple[str, ...]]) -> list[str]:
    """Names that an alteration may give a mast: radar types, and types of one system.

    Parameters
    ----------
    radars_of : dict
        Radar types by system type.
    """
    types = {r for s in scenario.systems for r in radars_of[s.type]}
    return sorted(types | {f"{s.name}/{r}" for s in scenario.systems for r in radars_of[s.type]})


def site_names(scenario: Scenario) -> list[str]:
    """Names that an alteration may move: systems, and fire units whose places are written in the scenario."""
    units = [f"{s.name}/{i + 1}" for s in scenario.systems for i in range(len(s.fire_unit_positions or ()))]
    return sorted([s.name for s in scenario.systems] + units)


def altered(scenario: Scenario, change: Alteration, radars_of: dict[str, tuple[str, ...]]) -> Scenario:
    """The scenario with other masts, sites and clutter; everything else stays."""
    systems = tuple(_system(s, change, radars_of[s.type]) for s in scenario.systems)
    region = scenario.region
    if change.clutter_m is not None:
        region = region.model_copy(update={"clutter_height_m": change.clutter_m})
    return scenario.model_copy(update={"systems": systems, "region": region})


def _system(system: System, change: Alteration, radars: tuple[str, ...]) -> System:
    masts = dict(system.mast_height_m)
    for radar in radars:
        for name in (radar, f"{system.name}/{radar}"):
            if name in change.masts_m:
                masts[radar] = change.masts_m[name]
    places = list(system.fire_unit_positions or ())
    for i in range(len(places)):
        places[i] = change.sites_deg.get(f"{system.name}/{i + 1}", places[i])
    return system.model_copy(
        update={
            "mast_height_m": masts,
            "position": change.sites_deg.get(system.name, system.position),
            "fire_unit_positions": tuple(places) or None,
        }
    )
