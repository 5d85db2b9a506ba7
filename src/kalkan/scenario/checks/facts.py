"""What the checks need to know of the catalogue, under a stance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kalkan.catalogue import SPECS, Catalogue, CatalogueError, load_catalogue, read_stance
from kalkan.catalogue.kinds import CONDITIONS
from kalkan.catalogue.resolve import ids_in
from kalkan.scenario.nouns.doctrine import ASSIGNMENTS, TARGET_CLASSES

_KIND_NAMED = {
    "command_post": "command post",
    "acquisition_radars": "radar",
    "engagement_radar": "engagement radar",
    "launcher": "launcher",
}
_WORDS = {
    "coordination": ("no", "yes"),
    "look": ("no", "yes"),
    "preferred": ("shortest-reaching", "longest-reaching"),
    "assignment": ASSIGNMENTS,
    "last_resort_against": (*TARGET_CLASSES, "none"),
    "never_against": (*TARGET_CLASSES, "none"),
}
_CONDITION_NAMED = {"band": "band", "target_class": "against"}
_NEVER_ZERO = frozenset(
    [
        "detection_range",
        "instrumented_range",
        "scan_period",
        "update_period",
        "search_period",
        "command_cycle",
        "slew_rate",
        "sector_width",
        "frequency",
        "elevation_beamwidth",
        "pulses_integrated",
        "reference_p_d",
        "reference_p_fa",
        "tubes",
        "fire_units",
        "fire_units_controlled",
        "launchers_per_fire_unit",
        "missiles_per_tube",
        "max_range",
        "max_speed",
        "launch_mass",
        "diameter",
        "burn_time",
        "drag_coefficient",
        "rcs",
        "cruise_speed",
        "max_load_factor",
        "track_confirm_m",
        "track_confirm_n",
        "acquisition_hits",
    ]
)


@dataclass(frozen=True)
class SystemFacts:
    """What a system of the catalogue is made of.

    Attributes
    ----------
    radars : tuple of str
        Acquisition radars, also those that only some count with it, and the engagement radar.
    fire_units : int
        Composition when the scenario names none.
    launcher : str
        Its launcher.
    tubes : int
        Large tube positions per launcher.
    """

    radars: tuple[str, ...]
    fire_units: int
    launcher: str
    tubes: int


@dataclass(frozen=True)
class AssumableFacts:
    """What a scenario may assume about one quantity.

    Attributes
    ----------
    dimension : str
        Key of :data:`kalkan.units.SI_UNIT`, or ``"text"``.
    conditions : tuple of str
        Words by which the value may be split, such as ``("aircraft", "uav")``.
    words : tuple of str
        Allowed words of a quantity that is a word; empty: any.
    may_be_zero : bool
        Whether zero means something.
    """

    dimension: str
    conditions: tuple[str, ...]
    words: tuple[str, ...]
    may_be_zero: bool


@dataclass(frozen=True)
class Facts:
    """The catalogue as the checks see it.

    Attributes
    ----------
    kinds : mapping of str to str
        Kind of each entry, such as ``"air vehicle"``.
    systems : mapping of str to SystemFacts
    per_tube : mapping of str to int
        Per interceptor: how many one large tube position carries.
    carried : mapping of str to tuple of str
        Per system: the interceptors that its launchers take.
    assumable : mapping of str to mapping of str to AssumableFacts
        Per entry and quantity.
    """

    kinds: Mapping[str, str]
    systems: Mapping[str, SystemFacts]
    per_tube: Mapping[str, int]
    carried: Mapping[str, tuple[str, ...]]
    assumable: Mapping[str, Mapping[str, AssumableFacts]]

    def ids(self, kind: str) -> list[str]:
        """Entries of one kind, sorted."""
        return sorted(i for i, k in self.kinds.items() if k == kind)


def own_facts() -> Facts:
    """Facts of kalkan's own catalogue."""
    return facts_of(load_catalogue())


def facts_under(catalogue: Catalogue, stance: object) -> Facts:
    """Facts under a stance as the user wrote it; under the best source if that is not sound."""
    text = stance.get("whose") if isinstance(stance, dict) else stance
    try:
        return facts_of(catalogue.under(read_stance(text, catalogue))) if isinstance(text, str) else facts_of(catalogue)
    except CatalogueError:
        return facts_of(catalogue)


def facts_of(catalogue: Catalogue) -> Facts:
    """Take from a catalogue what the checks need; once for each stance."""
    facts: Facts = catalogue.derived.get(("facts", catalogue.stance.text), lambda: _facts(catalogue))
    return facts


def _facts(catalogue: Catalogue) -> Facts:
    interceptors = catalogue.ids("interceptor")
    systems = catalogue.ids("system")
    return Facts(
        kinds={i: catalogue.entry(i).kind for i in catalogue.ids()},
        systems={s: _system(catalogue, s) for s in systems},
        per_tube={m: int(catalogue.value(m, "missiles_per_tube")) for m in interceptors},
        carried={s: _carried(catalogue, s) for s in systems},
        assumable={i: _assumable(catalogue, i) for i in catalogue.ids()},
    )


def _system(catalogue: Catalogue, system: str) -> SystemFacts:
    radars = _claimed(catalogue, system, "acquisition_radars") + _claimed(catalogue, system, "engagement_radar")
    launcher = str(catalogue.value(system, "launcher"))
    return SystemFacts(
        radars=tuple(dict.fromkeys(radars)),
        fire_units=int(catalogue.value(system, "fire_units")),
        launcher=launcher,
        tubes=int(catalogue.value(launcher, "tubes")),
    )


def _carried(catalogue: Catalogue, system: str) -> tuple[str, ...]:
    """Interceptors that somebody says this system's launchers take."""
    return tuple(dict.fromkeys(_claimed(catalogue, system, "interceptors")))


def _claimed(catalogue: Catalogue, system: str, quantity: str) -> list[str]:
    """Every id that any claim lists which is not excluded."""
    claims = catalogue.quantity(system, quantity).claims
    return [i for c in claims if not c.excluded for i in ids_in(str(c.value))]


def _assumable(catalogue: Catalogue, entry: str) -> dict[str, AssumableFacts]:
    words = {
        key: catalogue.ids("interceptor") if key == "interceptor" else allowed or ()
        for key, allowed in CONDITIONS.items()
    }
    return {
        name: AssumableFacts(
            dimension=quantity.dimension,
            conditions=tuple(w for key in SPECS[name].by for w in words[key]),
            words=_words(catalogue, name),
            may_be_zero=name not in _NEVER_ZERO,
        )
        for name, quantity in catalogue.entry(entry).quantities.items()
    }


def _words(catalogue: Catalogue, quantity: str) -> tuple[str, ...]:
    """What a quantity that is a word may say; for lists, what each part may be."""
    if quantity == "interceptors":
        return catalogue.ids("interceptor")
    if quantity in _WORDS:
        return _WORDS[quantity]
    if quantity in _KIND_NAMED:
        none = ("none",) if quantity == "acquisition_radars" else ()
        return (*catalogue.ids(_KIND_NAMED[quantity]), *none)
    return CONDITIONS[_CONDITION_NAMED[quantity]] or () if quantity in _CONDITION_NAMED else ()
