"""How a system fights: which threat first, how many interceptors, which, from where, when to stop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Noun, choice, number, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

STANDARD = "standard"
"""Name of the doctrine of systems that name none; its table may be left out."""

TARGET_CLASSES = ("aircraft", "uav", "cruise-missile")
"""Classes of targets that a doctrine may tell apart."""

ASSIGNMENTS = ("optimal", "nearest-first", "highest-value-first")
"""Ways of giving threats to fire units."""

MISSILE_LISTS = ("preferred", "last_resort", "never")
"""Fields that list missiles."""

_RANGE = Bounds(("length",), '"400 km"', high=1e6, high_text="1000 km", above_low=True)
_CLAIMED = "default: the claim of kalkan-model for the target's class"
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

    assignment: Annotated[str, choice(*ASSIGNMENTS)] | None = Field(
        None,
        description="How threats are assigned to fire units in each command cycle; "
        "default: the claim of kalkan-model (optimal).",
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
    aircraft: Against | None = Field(None, description="Against what is taken for an aircraft.")
    uav: Against | None = Field(None, description="Against what is taken for a drone.")
    cruise_missile: Against | None = Field(
        None, alias="cruise-missile", description="Against what is taken for a cruise missile."
    )

    def against(self, target_class: str) -> Against:
        """The rules against a class of targets, its own table before the doctrine's; None: as claimed."""
        own = getattr(self, target_class.replace("-", "_"))
        shared = {name: getattr(self, name) for name in Against.model_fields}
        if own is not None:
            shared |= {name: value for name, value in own if value is not None}
        return Against.model_construct(**shared)
