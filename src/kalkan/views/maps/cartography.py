"""The base of every map: relief, coasts and borders, graticule, scale bar, sites; on an equal-area plane in km."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.grid import MapGrid
from kalkan.earth.box import Box
from kalkan.earth.meridians import unwrapped
from kalkan.views.maps.land import land
from kalkan.views.maps.natural_earth import lines_within
from kalkan.views.style import COLOURS, INK, MUTED, PAPER

GREY, FAINT = MUTED, COLOURS["coast"].light
ACCENT, SEA, LAND = (COLOURS[k].light for k in ("raid", "sea", "land"))
_LAND_CELLS, _SHADE_CELLS = 200, 320  # along each side of a map: of the land's outline, and of the shade
Floats = NDArray[np.float64]
_SCALES_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Base:
    """What all maps of one grid share, worked out once."""

    def __init__(self, grid: MapGrid) -> None:
        self.grid = grid
        self.half_km = grid.half_m / 1e3
        self.land = grid.ground_m > 0.0 if grid.ground_m.any() else _flat_land(grid)
        self.shade = _shade(grid, self.land)
        self.coasts, self.borders = _outlines(grid)
        self.meridians, self.parallels = _graticule(grid)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, east, south, north edge [km]."""
        return -self.half_km, self.half_km, -self.half_km, self.half_km

    def draw(self, ax: Any, colours: Floats | None = None, painted: NDArray[np.bool_] | None = None) -> None:
        """Lay sea, land, colours where something is painted, relief, lines and frame on an Axes.

        Sea and land are areas in the colours of their roles and the relief is black or white with transparency, so
        that a page can show them on light and on dark paper.
        """
        from matplotlib.collections import LineCollection

        ax.set(facecolor=SEA, axisbelow=True)
        ax.grid(False)
        self._draw_land(ax)
        if colours is not None and painted is not None:
            picture = np.zeros((*painted.shape, 4), np.uint8)
            picture[..., :3] = np.round(255.0 * np.clip(np.asarray(colours)[..., :3], 0.0, 1.0))
            picture[..., 3] = np.where(painted, 255, 0)
            ax.imshow(picture, extent=self.extent, interpolation="none", zorder=0.5)
        ax.imshow(self.shade, extent=self.extent, interpolation="none", zorder=0.7)
        grid_lines = [line for _, line in (*self.meridians, *self.parallels)]
        ax.add_collection(LineCollection(grid_lines, colors=INK, linewidths=0.3, alpha=0.16, zorder=1))
        ax.add_collection(LineCollection(self.borders, colors=PAPER, linewidths=1.6, alpha=0.55, zorder=2))
        ax.add_collection(LineCollection(self.borders, colors=GREY, linewidths=0.7, linestyles=(0, (5, 2)), zorder=2))
        ax.add_collection(LineCollection(self.coasts, colors=INK, linewidths=0.6, zorder=3))
        ax.set_xlim(-self.half_km, self.half_km)
        ax.set_ylim(-self.half_km, self.half_km)
        ax.set_aspect("equal")
        for side in ax.spines.values():
            side.set(visible=True, color=GREY, linewidth=0.6)
        self._ticks(ax)

    def _draw_land(self, ax: Any) -> None:
        if self.land.all():
            ax.set_facecolor(LAND)
        elif self.land.any():
            step = max(1, round(self.grid.n / _LAND_CELLS))
            some = np.pad(self.land[::step, ::step].astype(float), 1, mode="edge")  # to the edges of the map
            across = (np.arange(self.grid.n)[::step] + 0.5) * self.grid.cell_m / 1e3 - self.half_km
            across = np.r_[-self.half_km, across, self.half_km]
            ax.contourf(across, -across, some, [0.5, 2.0], colors=[LAND], zorder=0.3)

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
        ax.plot([x, x + length], [y, y], color=PAPER, linewidth=4.5, solid_capstyle="butt", zorder=8)
        ax.plot([x, x + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=9)
        ax.plot([x, x + length / 2], [y, y], color=PAPER, linewidth=1.0, solid_capstyle="butt", zorder=10)
        words(ax, x, y + 0.035 * self.half_km, f"{length} km", ha="left", va="bottom", fontsize=7)

    def sites(self, ax: Any, names: list[str], lat_deg: Floats, lon_deg: Floats, small: bool = False) -> None:
        """Sites as triangles; one name for those that stand together, where there is room for it."""
        x, y = (v / 1e3 for v in self.grid.to_plane(lat_deg, lon_deg))
        ax.plot(x, y, "^", color=PAPER, markersize=5.5, markeredgecolor=INK, markeredgewidth=0.8, zorder=11)
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

    halo = [withStroke(linewidth=2.2, foreground=PAPER, alpha=0.85)]
    ax.text(x, y, text, **{"color": INK, "zorder": 12, "path_effects": halo, **options})


def _shade(grid: MapGrid, land: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Relief on land as black or white with transparency, (n, n, 4), lit from the north-west.

    Heights are smoothed by leaving some out, which keeps 1 km cells from flickering.
    """
    from matplotlib.colors import LightSource

    step = max(1, round(grid.n / _SHADE_CELLS))
    ground, cell_m = grid.ground_m[::step, ::step], grid.cell_m * step
    stretch = min(8.0, max(1.0, cell_m / 120.0))
    light = LightSource(315, 45).hillshade(ground, vert_exag=stretch, dx=cell_m, dy=cell_m)
    flat = np.sin(np.radians(45.0))
    difference = np.where(land[::step, ::step], np.asarray(light, float) - flat, 0.0)
    out = np.zeros((*ground.shape, 4), np.uint8)
    out[..., :3] = np.where(difference > 0.0, 255, 0)[..., None]
    out[..., 3] = np.clip(np.where(difference > 0.0, 150.0, 110.0) * np.abs(difference) // 6 * 6, 0, 200)
    return out


def _flat_land(grid: MapGrid) -> NDArray[np.bool_]:
    """Land without heights, by Natural Earth."""
    lat, lon = grid.lat_deg, grid.lon_deg
    box = Box(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    n = grid.n
    rows = np.clip(((box.north - lat) / (box.north - box.south) * n).astype(int), 0, n - 1)
    columns = np.clip(((lon - box.west) / (box.east - box.west) * n).astype(int), 0, n - 1)
    return np.asarray(land(box, n, n)[rows, columns])


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
    value = float(unwrapped(value, 0.0))
    return f"{abs(value):g}° {sides[0] if value >= 0 else sides[1]}"
