"""How a system fights: which threat first, how many interceptors, when to stop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.fields import Noun, choice, whole
from kalkan.scenario.quantities import Bounds, quantity

STANDARD = "standard"
"""Name of the doctrine of systems that name none; its table may be left out."""

_RANGE = Bounds(("length",), '"400 km"', high=1e6, high_text="1000 km", above_low=True)


class Doctrine(Noun):
    """Rules that a system's command post and fire units follow."""

    assignment: Annotated[str, choice("optimal", "nearest-first", "highest-value-first")] = Field(
        "optimal", description="How threats are assigned to fire units in each command cycle."
    )
    salvo: Annotated[int, whole(1, 8)] = Field(2, description="Interceptors per salvo.")
    look: bool = Field(
        True, description="true: assess between salvos; false: one salvo, then leave the target."
    )
    max_salvos: Annotated[int, whole(1, 50)] = Field(4, description="Salvos per target and fire unit.")
    earliest_range_m: Annotated[float, quantity(_RANGE)] | None = Field(
        None, alias="earliest_range", description="Do not shoot beyond this ground range."
    )
    preferred: Annotated[tuple[str, ...], Strict(False)] | None = Field(
        None, description="Order of missile choice when several reach; default: the shortest-reaching first."
    )
    reserve: Annotated[int, whole(0, 1000)] = Field(
        0, description="Rounds per fire unit kept for targets within 60 s of an asset."
    )
