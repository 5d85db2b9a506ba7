"""The ground: region, terrain, and the assets that are defended."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Name, Noun, Position, choice, number, whole
from kalkan.scenario.nouns.quantities import Bounds, Reads, quantity, wrong

FLAT = "flat"
TERRAIN_ENDINGS = (".tif", ".tiff", ".hgt", ".vrt")
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
    "pattern": r"^flat$|\.([tT][iI][fF][fF]?|[hH][gG][tT]|[vV][rR][tT])$|/$",
    "examples": ["flat"],
}


CLUTTER = Bounds(("length",), '"15 m"', high=100.0, high_text="100 m")
_CLEAR = Bounds(("length",), '"500 m"', high=20_000.0, high_text="20 km")


class Region(Noun):
    """Terrain and refraction of the whole scenario; the same in all variants."""

    terrain: Annotated[str, Reads(_read_terrain, _TERRAIN_SCHEMA)] = Field(
        FLAT,
        description='Elevation file, or folder of tiles ending in "/", relative to the scenario file; or "flat".',
    )
    refraction_k: Annotated[float, number(0.5, 5.0)] = Field(
        4.0 / 3.0, description="Effective earth radius factor k (ITU-R P.834); standard atmosphere 4/3."
    )
    no_data: Annotated[str, choice("sea", "error")] = Field(
        "sea", description='What holes in the terrain are: "sea" (0 m), or an "error".'
    )


    clutter_height_m: Annotated[float, quantity(CLUTTER)] = Field(
        0.0, alias="clutter_height", description="Trees and buildings: added to all land beyond the clearing."
    )
    clutter_clear_m: Annotated[float, quantity(_CLEAR)] = Field(
        500.0, alias="clutter_clear", description="Radius of the clearing around each antenna."
    )


class Asset(Noun):
    """Something worth defending."""

    name: Name = Field(description="Your name for the asset.")
    position: Position = Field(description="[latitude, longitude] in degrees, WGS-84.")
    value: Annotated[float, number(0.0, 1e12, above_low=True)] = Field(
        description="Worth of the asset in your own unit; greater than zero."
    )
    hits_to_destroy: Annotated[int, whole(1, 1000)] = Field(1, description="Hits that destroy the asset.")
