"""How a system fights: which threat first, how many interceptors, which, from where, when to stop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan import policies
from kalkan.scenario.nouns.fields import Noun, choice, number, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity
from kalkan.schema import ANTI_RADIATION_MISSILE, CRUISE_MISSILE, TARGETS

STANDARD = "standard"
"""Name of the doctrine of systems that name none; its table may be left out."""

TARGET_CLASSES = tuple(c.word for c in TARGETS)
"""Classes of targets that a doctrine may tell apart."""

FIGURES_OF = {TARGET_CLASSES[ANTI_RADIATION_MISSILE]: TARGET_CLASSES[CRUISE_MISSILE]}
"""Classes that a doctrine alone tells apart, and those whose claims hold for them."""

CLAIMED_CLASSES = tuple(c for c in TARGET_CLASSES if c not in FIGURES_OF)
"""Classes that claims are made about."""

ASSIGNMENTS = ("optimal", "nearest-first", "highest-value-first", "expected-value")
"""Kalkan's own ways of giving threats to fire units."""

MISSILE_LISTS = ("preferred", "last_resort", "never")
"""Fields that list missiles."""

_RANGE = Bounds(("length",), '"400 km"', high=1e6, high_text="1000 km", above_low=True)
_KEEP_OUT = Bounds(("length",), '"8 km"', high=60e3, high_text="60 km")
_CLAIMED = "default: the claim of kalkan-model for the target's class"
_TIME = Bounds(("time",), '"10 s"', high=3600.0, high_text="1 h")
_AWAY = Bounds(("length",), '"20 km"', high=1e6, high_text="1000 km")
MissileTypes = Annotated[tuple[str, ...], Strict(False)]


class Against(Noun):
    """Rules against one class of targets; what is left out follows the doctrine's own table, then the claims.

    The class is what the post takes a track for by its speed and altitude, not what it is.
    """

    salvo: Annotated[int, whole(1, 8)] | None = Field(None, description=f"Interceptors per salvo; {_CLAIMED}.")
    look: bool | None = Field(
        None,
        description="true: assess between salvos; false: one salvo, then leave the target; "
        "default: the claim of kalkan-model (yes).",
    )
    max_salvos: Annotated[int, whole(1, 50)] | None = Field(
        None, description=f"Salvos per target, of all units of the post together; {_CLAIMED}."
    )
    earliest_range_m: Annotated[float, quantity(_RANGE)] | None = Field(
        None, alias="earliest_range", description="Do not shoot beyond this ground range; "
        "default: earliest_share of kalkan-model (no limit)."
    )
    latest_range_m: Annotated[float, quantity(_AWAY)] | None = Field(
        None, alias="latest_range", description="Do not shoot at what would be met nearer than this ground range; "
        "default: no limit."
    )
    look_time_s: Annotated[float, quantity(_TIME)] | None = Field(
        None, alias="look_time", description="From the last intercept of a salvo to the judgement whether another is "
        "needed; default: the claim assessment_time of the post."
    )
    ripple_interval_s: Annotated[float, quantity(_TIME)] | None = Field(
        None, alias="ripple_interval", description='Between two rounds of one salvo; "0 s": all at once, from several '
        "launchers; default: the claim launch_interval of the launcher."
    )
    preferred: MissileTypes | None = Field(
        None,
        description="Order of missile choice when several reach; what it leaves out follows the claim of kalkan-model "
        "(the shortest-reaching first).",
    )
    last_resort: MissileTypes | None = Field(
        None,
        description="Missiles spent only at the last moment: on what passes an asset, or is hidden from then on, "
        "within kalkan-model.reserve_time (60 s) of the meeting; "
        "default: the claims last_resort_against of the missiles.",
    )
    never: MissileTypes | None = Field(
        None,
        description="Missiles never spent on such a target; default: the claims never_against of the missiles (none).",
    )


class Doctrine(Against):
    """Rules that a system's command post and fire units follow."""

    assignment: Annotated[str, choice(*ASSIGNMENTS, also=policies.names)] | None = Field(
        None,
        description="How threats are assigned to fire units in each command cycle, or the name of a function of yours "
        "(kalkan.assignment_policy); default: the claim of kalkan-model (optimal).",
    )
    launch_threshold: Annotated[float, number(0.0, 1.0)] | None = Field(
        None,
        description="Least predicted chance that a round meets its target for it to be launched; "
        "default: the claim of kalkan-model.",
    )
    reserve: Annotated[int, whole(0, 1000)] | None = Field(
        None,
        description="Rounds per fire unit kept for the last moment: see last_resort; "
        "default: the claim of kalkan-model (0).",
    )
    keep_out_altitude_m: Annotated[float, quantity(_KEEP_OUT)] | None = Field(
        None, alias="keep_out_altitude",
        description="Ballistic missiles are met above this altitude only, so that what is left of them falls "
        "elsewhere; default: what is claimed for each missile.",
    )
    spare_decoys: bool | None = Field(
        None,
        description="true: what slows too much for a ballistic missile is taken for a decoy or debris, and not shot "
        "at; false: it is shot at all the same; default: true.",
    )
    reassign_gain_s: Annotated[float, quantity(_TIME)] | None = Field(
        None, alias="reassign_gain",
        description="An order of which no round is in the air is taken back where its target is gone or out of reach, "
        "where another unit would meet it earlier by so much, or for a target of more value that finds no free "
        "channel; default: orders stand.",
    )
    aircraft: Against | None = Field(None, description="Against what is taken for an aircraft.")
    uav: Against | None = Field(None, description="Against what is taken for a drone.")
    cruise_missile: Against | None = Field(
        None, alias="cruise-missile", description="Against what is taken for a cruise missile."
    )
    ballistic_missile: Against | None = Field(
        None, alias="ballistic-missile", description="Against what is taken for a ballistic missile."
    )
    anti_radiation_missile: Against | None = Field(
        None, alias="anti-radiation-missile",
        description="Against what is taken for an anti-radiation missile: faster than kalkan-model.fast_target_speed "
        "and not low; without this table nobody is taken for one.",
    )

    def against(self, target_class: str) -> Against:
        """The rules against a class of targets, its own table before the doctrine's; None: as claimed."""
        own = getattr(self, target_class.replace("-", "_"))
        shared = {name: getattr(self, name) for name in Against.model_fields}
        if own is not None:
            shared |= {name: value for name, value in own if value is not None}
        return Against.model_construct(**shared)
