"""What the checks need to know of the catalogue, under a stance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kalkan.catalogue import SPECS, Catalogue, CatalogueError, load_catalogue, read_stance
from kalkan.catalogue.kinds import BALLISTIC, CONDITIONS
from kalkan.catalogue.resolve import ids_in
from kalkan.errors import nearest_of, with_article
from kalkan.scenario.nouns.doctrine import ASSIGNMENTS, CLAIMED_CLASSES
from kalkan.scenario.nouns.places import nearest, quoted
from kalkan.scenario.nouns.rules_of_engagement import CONTROL_WORDS

_KIND_NAMED = {
    "command_post": "command post",
    "acquisition_radars": "radar",
    "engagement_radar": "engagement radar",
    "launcher": "launcher",
}
_WORDS = {
    "coordination": ("no", "yes"),
    "engage_on_remote": ("no", "yes"),
    "homes_on_emitters": ("no", "yes"),
    "look": ("no", "yes"),
    "preferred": ("shortest-reaching", "longest-reaching"),
    "assignment": ASSIGNMENTS,
    "last_resort_against": (*CLAIMED_CLASSES, "none"),
    "never_against": (*CLAIMED_CLASSES, "none"),
    "weapons_control": CONTROL_WORDS,
}
_CONDITION_NAMED = {"band": "band", "target_class": "against"}
_NEVER_ZERO = frozenset(
    [
        "mean_time_between_failures",
        "mean_time_to_repair",
        "failure_shape",
        "component_families",
        "foreign_lead_time",
        "local_lead_time",
        "maintenance_interval",
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
        "azimuth_beamwidth",
        "range_resolution",
        "notch_speed",
        "clutter_spikiness",
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
        "steepest_descent",
        "track_confirm_m",
        "track_confirm_n",
        "acquisition_hits",
        "interrogation_period",
        "identity_memory",
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
    engage_on_remote: bool = False


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
    spellings : mapping of str to tuple of str
        Per entry: its usual name and its aliases.
    range_m : mapping of str to float
        Per ballistic missile: how far it flies [m].
    homing : frozenset of str
        Air vehicles that home on what transmits.
    reacting : frozenset of str
        Air vehicles that can react: whose steepest descent is claimed.
    breaking : tuple of str
        Ballistic missiles that somebody claims to break up.
    """

    kinds: Mapping[str, str]
    systems: Mapping[str, SystemFacts]
    per_tube: Mapping[str, int]
    carried: Mapping[str, tuple[str, ...]]
    assumable: Mapping[str, Mapping[str, AssumableFacts]]
    spellings: Mapping[str, tuple[str, ...]]
    range_m: Mapping[str, float]
    homing: frozenset[str] = frozenset()
    reacting: frozenset[str] = frozenset()
    breaking: tuple[str, ...] = ()

    def ids(self, kind: str) -> list[str]:
        """Entries of one kind, sorted."""
        return sorted(i for i, k in self.kinds.items() if k == kind)

    def absent(self, name: str, kind: str = "") -> str:
        """That a name is no entry (of a kind), and which was likely meant: one it is an alias of, before all."""
        of_kind = self.ids(kind) if kind else list(self.kinds)
        near = nearest(name, of_kind, also=self.spellings)
        other = nearest_of(name, self.kinds, self.spellings, alike=1.0)
        if kind and not near.startswith(" —") and other:
            return f"is not in the catalogue as {article(kind)}: {quoted(other)} is {article(self.kinds[other])}{near}"
        return f"is not in the catalogue{near}"


def article(kind: str) -> str:
    """A kind with its article: ``an interceptor``."""
    return with_article(kind)


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
        spellings=catalogue.spellings(),
        range_m={b: float(catalogue.value(b, "range")) for b in catalogue.ids(BALLISTIC)},
        homing=frozenset(v for v in catalogue.ids("air vehicle") if _says_yes(catalogue, v, "homes_on_emitters")),
        reacting=frozenset(
            v for v in catalogue.ids("air vehicle") if "steepest_descent" in catalogue.entry(v).quantities
        ),
        breaking=tuple(b for b in catalogue.ids(BALLISTIC) if "debris_pieces" in catalogue.entry(b).quantities),
    )


def _system(catalogue: Catalogue, system: str) -> SystemFacts:
    radars = _claimed(catalogue, system, "acquisition_radars") + _claimed(catalogue, system, "engagement_radar")
    launcher = str(catalogue.value(system, "launcher"))
    return SystemFacts(
        radars=tuple(dict.fromkeys(radars)),
        fire_units=int(catalogue.value(system, "fire_units")),
        launcher=launcher,
        tubes=int(catalogue.value(launcher, "tubes")),
        engage_on_remote=_says_yes(catalogue, system, "engage_on_remote"),
    )


def _says_yes(catalogue: Catalogue, system: str, quantity: str) -> bool:
    """Whether the claim that counts of a system that may lack one is "yes"."""
    item = catalogue.entry(system).quantities.get(quantity)
    return item is not None and catalogue.value(system, quantity) == "yes"


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
