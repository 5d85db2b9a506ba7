"""A piece of the earth between two meridians and two parallels: the edges of every map."""

from __future__ import annotations

import math
from typing import NamedTuple


class Box(NamedTuple):
    """Edges of a piece of the earth [deg], in the order of GeoJSON's bounding boxes (RFC 7946, section 5)."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle [deg]."""
        return (self.south + self.north) / 2.0, (self.west + self.east) / 2.0

    @property
    def stretch(self) -> float:
        """Length of a degree of latitude over one of longitude, in the middle [1]."""
        return 1.0 / math.cos(math.radians(self.middle[0]))

    @property
    def height_to_width(self) -> float:
        """Shape of an equirectangular map of it, true to scale in the middle [1]."""
        return (self.north - self.south) * self.stretch / (self.east - self.west)
