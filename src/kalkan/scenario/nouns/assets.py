"""The ground: region, terrain, and the assets that are defended."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, Strict

from kalkan.earth import refractivity
from kalkan.earth.refractivity import LOWEST_GRADIENT_N_KM, k_of_gradient, k_of_layers
from kalkan.scenario.nouns.fields import Name, Noun, Position, choice, number, whole
from kalkan.scenario.nouns.quantities import MONEY, Bounds, Reads, quantity, wrong

FLAT = "flat"
TERRAIN_ENDINGS = (".tif", ".tiff", ".hgt", ".dt0", ".dt1", ".dt2", ".asc", ".zip", ".vrt")
"""File endings of elevation models that kalkan opens."""


def _read_terrain(value: object) -> str:
    if not isinstance(value, str):
        raise wrong('must be text: a file name, or "flat"')
    if value != FLAT and not value.lower().endswith((*TERRAIN_ENDINGS, "/")):
        endings = ", ".join(TERRAIN_ENDINGS)
        raise wrong(f'must be "flat", an elevation file ending in {endings}, or a folder of tiles ending in /')
    return value


_TERRAIN_SCHEMA = {
    "type": "string",
    "pattern": r"^flat$|\.([tT][iI][fF][fF]?|[hH][gG][tT]|[dD][tT][012]|[aA][sS][cC]|[zZ][iI][pP]|[vV][rR][tT])$|/$",
    "examples": ["flat"],
}


CLUTTER = Bounds(("length",), '"15 m"', high=100.0, high_text="100 m")
_GRADIENT = Bounds(
    ("refractivity gradient",), '"-39 N/km"', low=LOWEST_GRADIENT_N_KM,
    low_text=f"{LOWEST_GRADIENT_N_KM:g} N/km, the nearest to a duct (below -157) that kalkan models",
    high=100.0, high_text="100 N/km",
)  # fmt: skip
_CLEAR = Bounds(("length",), '"500 m"', high=20_000.0, high_text="20 km")
_FROM = Bounds(("length",), '"300 m"', high=20_000.0, high_text="20 km")
Gradient = Annotated[float, quantity(_GRADIENT)]


class RefractivityLayer(Noun):
    """A layer of air in which refractivity changes evenly with height, up to where the next begins."""

    from_m: Annotated[float, quantity(_FROM)] = Field(
        alias="from", description="Where it begins above sea level; the first at 0 m."
    )
    gradient_n_km: Gradient = Field(
        alias="gradient", description="Refractivity over height; -39 N/km standard, -150 nearly a duct."
    )


class Region(Noun):
    """Terrain and refraction of the whole scenario; the same in all variants."""

    terrain: Annotated[str, Reads(_read_terrain, _TERRAIN_SCHEMA)] = Field(
        FLAT,
        description='Elevation file, or folder of tiles ending in "/", relative to the scenario file; or "flat".',
    )
    refraction_k: Annotated[float, number(0.5, 5.0)] = Field(
        4.0 / 3.0, description="Effective earth radius factor k (ITU-R P.834); standard atmosphere 4/3."
    )
    refractivity_gradient_n_km: Gradient | None = Field(
        None,
        alias="refractivity_gradient",
        description="In place of refraction_k: refractivity over height; -39 N/km standard, -150 nearly a duct.",
    )
    refractivity_layers: Annotated[tuple[RefractivityLayer, ...], Strict(False)] = Field(
        (), description="In place of refraction_k: layers of air, from the lowest up, each with a gradient of its own."
    )
    no_data: Annotated[str, choice("sea", "error")] = Field(
        "sea", description='What holes in the terrain, and what lies off it, are: "sea" (0 m), or an "error".'
    )

    clutter_height_m: Annotated[float, quantity(CLUTTER)] = Field(
        0.0, alias="clutter_height", description="Trees and buildings: added to all land beyond the clearing."
    )
    clutter_clear_m: Annotated[float, quantity(_CLEAR)] = Field(
        500.0, alias="clutter_clear", description="Radius of the clearing around each antenna."
    )

    def model_post_init(self, context: Any) -> None:
        """Take k from the gradient, or from the layers' lowest kilometre, where they are written."""
        if self.refractivity_gradient_n_km is not None:
            self.__dict__["refraction_k"] = k_of_gradient(self.refractivity_gradient_n_km)
        if self.refractivity_layers:
            self.__dict__["refraction_k"] = k_of_layers(self.layers)

    @property
    def layers(self) -> refractivity.Layers:
        """Layers of air with a gradient each; none where one k holds at all heights."""
        return tuple(refractivity.AirLayer(each.from_m, each.gradient_n_km) for each in self.refractivity_layers)

    @property
    def farthest_k(self) -> float:
        """Effective-earth factor [1] with which nothing is seen less far: of layers that of the most bending one."""
        return max(k_of_gradient(each.gradient_n_km) for each in self.layers) if self.layers else self.refraction_k


class Asset(Noun):
    """Something worth defending."""

    name: Name = Field(description="Your name for the asset.")
    position: Position = Field(description="[latitude, longitude] in degrees, WGS-84.")
    value: Annotated[float, number(0.0, 1e12, above_low=True)] = Field(
        description="Worth of the asset in your own unit; greater than zero."
    )
    hits_to_destroy: Annotated[int, whole(1, 1000)] = Field(1, description="Hits that destroy the asset.")
    cost_usd: Annotated[float, quantity(MONEY)] | None = Field(
        None, alias="cost", description="What it costs to replace, for sums of money; default: nobody says."
    )
