"""The base of every map: relief, coasts and borders, graticule, scale bar, sites; on an equal-area plane in km."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.grid import MapGrid
from kalkan.views.maps.natural_earth import lines_within

INK, GREY, FAINT = "#1b2430", "#5f6b78", "#9aa5b1"
ACCENT = "#c8401c"
SEA, LAND = np.array([0.895, 0.925, 0.945]), np.array([0.935, 0.93, 0.915])
Floats = NDArray[np.float64]
_SCALES_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Base:
    """What all maps of one grid share, worked out once."""

    def __init__(self, grid: MapGrid) -> None:
        self.grid = grid
        self.half_km = grid.half_m / 1e3
        self.relief = _relief(grid)
        self.land = grid.ground_m > 0.0
        self.coasts, self.borders = _outlines(grid)
        self.meridians, self.parallels = _graticule(grid)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, east, south, north edge [km]."""
        return -self.half_km, self.half_km, -self.half_km, self.half_km

    def picture(self, colours: Floats | None = None, painted: NDArray[np.bool_] | None = None) -> Floats:
        """Relief in the paper's tones, and over it colours where something is painted; shape (n, n, 3)."""
        ground = np.where(self.land[..., None], LAND, SEA)
        light = 0.80 + 0.25 * self.relief
        if colours is not None and painted is not None:
            ground = np.where(painted[..., None], colours[..., :3], ground)
        return np.clip(ground * light[..., None], 0.0, 1.0)

    def draw(self, ax: Any, picture: Floats) -> None:
        """Lay the picture, the lines and the frame on an Axes."""
        from matplotlib.collections import LineCollection

        ax.imshow(picture, extent=self.extent, interpolation="nearest", zorder=0)
        grid_lines = [line for _, line in (*self.meridians, *self.parallels)]
        ax.add_collection(LineCollection(grid_lines, colors=INK, linewidths=0.3, alpha=0.16, zorder=1))
        ax.add_collection(LineCollection(self.borders, colors="white", linewidths=1.6, alpha=0.55, zorder=2))
        ax.add_collection(LineCollection(self.borders, colors=GREY, linewidths=0.7, linestyles=(0, (5, 2)), zorder=2))
        ax.add_collection(LineCollection(self.coasts, colors=INK, linewidths=0.6, zorder=3))
        ax.set_xlim(-self.half_km, self.half_km)
        ax.set_ylim(-self.half_km, self.half_km)
        ax.set_aspect("equal")
        for side in ax.spines.values():
            side.set(color=GREY, linewidth=0.6)
        self._ticks(ax)

    def _ticks(self, ax: Any) -> None:
        bottom = [(v, np.interp(-self.half_km, line[:, 1], line[:, 0])) for v, line in self.meridians]
        left = [(v, np.interp(-self.half_km, line[:, 0], line[:, 1])) for v, line in self.parallels]
        bottom = [(v, x) for v, x in bottom if abs(x) < self.half_km]
        left = [(v, y) for v, y in left if abs(y) < self.half_km]
        ax.set_xticks([x for _, x in bottom], [_degrees(v, "EW") for v, _ in bottom])
        ax.set_yticks([y for _, y in left], [_degrees(v, "NS") for v, _ in left], rotation=90, va="center")
        ax.tick_params(length=2, width=0.5, color=GREY, labelcolor=GREY, labelsize=6.5, pad=2)

    def scale_bar(self, ax: Any) -> None:
        """A bar of about a quarter of the map's width, lower left."""
        length = max(s for s in _SCALES_KM if s <= 0.5 * self.half_km)
        x, y = -0.93 * self.half_km, -0.91 * self.half_km
        ax.plot([x, x + length], [y, y], color="white", linewidth=4.5, solid_capstyle="butt", zorder=8)
        ax.plot([x, x + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=9)
        ax.plot([x, x + length / 2], [y, y], color="white", linewidth=1.0, solid_capstyle="butt", zorder=10)
        words(ax, x, y + 0.035 * self.half_km, f"{length} km", ha="left", va="bottom", fontsize=7)

    def sites(self, ax: Any, names: list[str], lat_deg: Floats, lon_deg: Floats, small: bool = False) -> None:
        """Sites as triangles; one name for those that stand together, where there is room for it."""
        x, y = (v / 1e3 for v in self.grid.to_plane(lat_deg, lon_deg))
        ax.plot(x, y, "^", color="white", markersize=5.5, markeredgecolor=INK, markeredgewidth=0.8, zorder=11)
        if small:
            return
        placed: list[tuple[float, float]] = []
        for name, px, py in zip(names, x, y, strict=True):
            if all(np.hypot(px - qx, py - qy) > 0.12 * self.half_km for qx, qy in placed):
                words(ax, px + 0.022 * self.half_km, py + 0.022 * self.half_km, name, fontsize=7, weight="bold")
                placed.append((px, py))


def words(ax: Any, x: float, y: float, text: str, **options: Any) -> None:
    """Text with a pale halo, readable on any ground."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.2, foreground="white", alpha=0.85)]
    ax.text(x, y, text, **{"color": INK, "zorder": 12, "path_effects": halo, **options})


def _relief(grid: MapGrid) -> Floats:
    """Shaded relief [0..1], lit from the north-west; smoothed heights keep 1 km cells from flickering."""
    from matplotlib.colors import LightSource

    stretch = min(8.0, max(1.0, grid.cell_m / 120.0))
    shade = LightSource(315, 45).hillshade(grid.ground_m, vert_exag=stretch, dx=grid.cell_m, dy=grid.cell_m)
    return np.asarray(shade, np.float64)


def _outlines(grid: MapGrid) -> tuple[list[Floats], list[Floats]]:
    lat, lon = grid.lat_deg, grid.lon_deg
    lines = lines_within(lon.min(), lat.min(), lon.max(), lat.max())

    def on_plane(kind: tuple[Floats, ...]) -> list[Floats]:
        if not kind:
            return []
        x, y = grid.to_plane(*np.vstack(kind).T[::-1])
        parts = np.split(np.column_stack([x, y]) / 1e3, np.cumsum([len(k) for k in kind])[:-1])
        return [p for p in parts if np.isfinite(p).all()]

    return on_plane(lines.coasts), on_plane(lines.borders)


def _graticule(grid: MapGrid) -> tuple[list[tuple[float, Floats]], list[tuple[float, Floats]]]:
    """Meridians from south to north and parallels from west to east, with their degrees."""
    spans = (np.ptp(grid.lon_deg), np.ptp(grid.lat_deg))
    steps = [next((s for s in (0.1, 0.25, 0.5, 1, 2, 5, 10) if span / s <= 7), 10) for span in spans]
    south, north = grid.lat_deg.min() - 1.0, grid.lat_deg.max() + 1.0
    west, east = grid.lon_deg.min() - 1.0, grid.lon_deg.max() + 1.0
    meridians, parallels = [], []
    for lon in np.arange(np.ceil(west / steps[0]), east / steps[0]) * steps[0]:
        x, y = grid.to_plane(np.linspace(south, north, 60), np.full(60, lon))
        meridians.append((float(lon), np.column_stack([x, y]) / 1e3))
    for lat in np.arange(np.ceil(south / steps[1]), north / steps[1]) * steps[1]:
        x, y = grid.to_plane(np.full(60, lat), np.linspace(west, east, 60))
        parallels.append((float(lat), np.column_stack([x, y]) / 1e3))
    return meridians, parallels


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):g}° {sides[0] if value >= 0 else sides[1]}"
