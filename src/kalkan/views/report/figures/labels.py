"""Room on a map for its labels: none leaves the map, none covers a mark, the scale bar or another label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

F8 = NDArray[np.float64]
_ASIDE_PT = 9.0  # from a mark's middle to a label at its side


class LabelRoom:
    """What is still free of the drawn map `ax`, whose frame and key must stand: boxes are pixels."""

    def __init__(self, ax: Axes) -> None:
        ax.figure.canvas.figure.draw_without_rendering()  # so that the layout is final
        self.ax = ax
        self.taken: list[Bbox] = []

    def take(self, boxes: Iterable[Bbox]) -> None:
        """Keep boxes free of labels."""
        self.taken.extend(boxes)

    def take_marks(self, lon_lat_deg: F8, half_pt: float) -> None:
        """Keep squares around places, (n, 2), free of labels."""
        half = half_pt * self.ax.figure.dpi / 72.0
        at = self.ax.transData.transform(lon_lat_deg)
        self.take(Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in at)

    def place(self, label: Annotation, above_pt: float) -> None:
        """Put a name above its mark (`above_pt` negative: below), else opposite, else at a side.

        Where all of these are taken it stays at the first that lies within the map: a name is never left out.
        """
        ends = [(0.0, above_pt, "center"), (0.0, -above_pt, "center"), (_ASIDE_PT, 0.0, "left"),
                (-_ASIDE_PT, 0.0, "right")]  # fmt: skip
        ends += [(dx, dy, side) for dy in (above_pt, -above_pt) for dx, _, side in ends[2:4]]
        rooms = [self._moved(label, *end) for end in ends]
        inside = [i for i, box in enumerate(rooms) if self._holds(box)]
        chosen = next((i for i in inside if not self._covered(rooms[i])), inside[0] if inside else 0)
        self.take([self._moved(label, *ends[chosen])])

    def place_along(self, label: Annotation, lon_deg: F8, lat_deg: F8) -> bool:
        """Put a label on the first of some places where it is free; False, and it is taken away, where none is."""
        box = label.get_window_extent()
        half = np.array([box.width, box.height]) / 2.0
        at = self.ax.transData.transform(np.column_stack([lon_deg, lat_deg]))
        for i, (low, high) in enumerate(zip(at - half, at + half, strict=True)):
            there = Bbox([low, high])
            if self._holds(there) and not self._covered(there):
                label.xy = float(lon_deg[i]), float(lat_deg[i])
                self.take([there])
                return True
        label.remove()
        return False

    def _moved(self, label: Annotation, dx_pt: float, dy_pt: float, side: str) -> Bbox:
        label.set(position=(dx_pt, dy_pt), ha=side)
        return Bbox(label.get_window_extent().get_points())

    def _holds(self, box: Bbox) -> bool:
        edge = self.ax.bbox
        return bool(edge.x0 <= box.x0 and box.x1 <= edge.x1 and edge.y0 <= box.y0 and box.y1 <= edge.y1)

    def _covered(self, box: Bbox) -> bool:
        return any(box.overlaps(other) for other in self.taken)
