"""The map: terrain, what is in sight, sites, assets, routes, nominal reach."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.box import Box
from kalkan.earth.meridians import unwrapped
from kalkan.earth.terrain import METRES_PER_DEGREE, Grid
from kalkan.views.maps.corridors import corridor
from kalkan.views.maps.land import land
from kalkan.views.maps.laydowns import LaydownMap, Layer, NamedPoint, Route
from kalkan.views.maps.natural_earth import lines_within
from kalkan.views.style import COLOURS, INK, MUTED, PAPER, TEXT_PT

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

LAND, SEA, COAST, DEFENCE, RAID = (COLOURS[k].light for k in ("land", "sea", "coast", "defence", "raid"))
SIDES = {"hostile": RAID, "friendly": DEFENCE, "neutral": COLOURS["neutral"].light}
TOLD = {"hostile": "raid", "friendly": "friendly flight", "neutral": "neutral flight"}
ZONES = {
    "weapons": ("weapons zone", INK), "restricted": ("restricted zone", RAID),
    "minimum-risk-route": ("minimum-risk route", DEFENCE), "airway": ("airway", SIDES["neutral"]),
    "traffic": ("airway", SIDES["neutral"]), "origin": ("zone of origin", MUTED),
}  # fmt: skip
"""What each kind of zone is called below the map, and its ink."""
_FAINT, _DOTS = 0.65, (0, (5, 1.5, 1, 1.5))
VERTICAL = 3.0  # relief is drawn this much steeper
_FLAT_CELLS = 300  # of land without heights, along the longer side
_CLIP_M = 500.0  # margins are cut here, so that edges are drawn smoothly
_LIGHT = (math.radians(315.0), math.radians(45.0))  # azimuth and elevation of the sun


class Ring(NamedTuple):
    """A reach around a fire unit [degrees]."""

    text: str
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]


def laydown_map(ax: Axes, made: LaydownMap, *, names: bool = True) -> None:
    """Draw a laydown.

    Parameters
    ----------
    ax : Axes
    made : LaydownMap
        Its layers are drawn in their order: the first as an area, the others as lines.
    names : bool
        Write the names of assets and posts.
    """
    box = made.box
    ax.set(xlim=(box.west, box.east), ylim=(box.south, box.north), facecolor=SEA)
    ax.set_aspect(box.stretch)
    ax.grid(False)
    if made.relief is not None:
        relief(ax, made.relief)
    else:
        flat_land(ax, box)
    borders(ax, box)
    for i, layer in enumerate(made.layers):
        sight(ax, layer, area=i == 0)
    zones(ax, made)
    reach = rings(ax, made)
    numbers = routes(ax, made)
    sites(ax, made)
    bar = scale_bar(ax, made)
    _frame(ax)
    key(ax, made)
    labels(ax, made, reach, numbers, bar, names)


def key(ax: Axes, made: LaydownMap) -> None:
    """Below the map: what each mark, line and tint is."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def mark(marker: str, face: str, edge: str, label: str) -> Line2D:
        return Line2D([], [], ls="none", marker=marker, ms=6.0, mfc=face, mec=edge, label=label)

    handles: list[Line2D | Patch] = [mark("^", DEFENCE, PAPER, "fire unit")]
    if _apart(made):
        handles.append(mark("s", DEFENCE, PAPER, "command post"))
    handles.append(mark("D", PAPER, INK, "asset"))
    if made.others:
        handles.append(mark("o", PAPER, DEFENCE, "external source"))
    if made.jammers:
        handles.append(mark("v", PAPER, RAID, "jammer"))
    for side in (s for s in SIDES if any(r.side == s for r in made.routes)):
        ink = SIDES[side]
        handles.append(Line2D([], [], color=ink, lw=1.3, marker="o", ms=6.0, mfc=PAPER, mec=ink, label=TOLD[side]))
    if made.reach_m:
        handles.append(Line2D([], [], color=DEFENCE, lw=0.9, ls=(0, (4, 2)), label="reach, claimed"))
    for i, layer in enumerate(made.layers):
        label = f"in sight, {layer.label.removesuffix(' above the ground')} up"
        dotted = Line2D([], [], color=DEFENCE, lw=0.9, ls=(0, (1.2, 1.6)), label=label)
        handles.append(dotted if i else Patch(color=DEFENCE, alpha=0.2, label=label))
    for label, ink in dict(ZONES[o.kind] for o in made.outlines).items():
        handles.append(Line2D([], [], color=ink, lw=0.9, ls=_DOTS, alpha=_FAINT, label=label))
    ax.figure.legend(handles=handles, loc="outside lower left", ncols=3, columnspacing=1.0, handletextpad=0.5,
                     fontsize=TEXT_PT - 1.5)  # fmt: skip


def relief(ax: Axes, grid: Grid) -> None:
    """Land, coast and hillshade; the shade is black or white with transparency, good on any paper."""
    lat = grid.lat0_deg + grid.dlat_deg * np.arange(grid.values.shape[0])
    lon = grid.lon0_deg + grid.dlon_deg * np.arange(grid.values.shape[1])
    land = grid.values > 0.0
    extent = (lon[0], lon[-1] + grid.dlon_deg, lat[-1] + grid.dlat_deg, lat[0])
    if land.any() and not land.all():
        step = max(1, round(max(land.shape) / 420))
        ax.contourf(lon[::step], lat[::step], land[::step, ::step].astype(float), [0.5, 2.0], colors=[LAND], zorder=1)
        ax.contour(lon[::step], lat[::step], land[::step, ::step].astype(float), [0.5], colors=[COAST],
                   linewidths=0.5, zorder=2)  # fmt: skip
    elif land.all():
        ax.set_facecolor(LAND)
    ax.imshow(shade(grid, land), extent=extent, origin="upper", zorder=1.5, interpolation="none", aspect="auto")
    ax.set_aspect(ax.get_aspect())


def flat_land(ax: Axes, box: Box) -> None:
    """Land and coast without heights, by Natural Earth."""
    from matplotlib.collections import LineCollection

    rows = round(_FLAT_CELLS * min(1.0, box.height_to_width))
    columns = round(rows / box.height_to_width)
    found = land(box, rows, columns)
    lat = box.north - (np.arange(rows) + 0.5) * (box.north - box.south) / rows
    lon = box.west + (np.arange(columns) + 0.5) * (box.east - box.west) / columns
    if found.all():
        ax.set_facecolor(LAND)
    elif found.any():
        padded = np.pad(found.astype(float), 1, mode="edge")  # to the edges of the map
        lat, lon = np.r_[box.north, lat, box.south], np.r_[box.west, lon, box.east]
        ax.contourf(lon, lat, padded, [0.5, 2.0], colors=[LAND], zorder=1)
    near = [part for line in lines_within(*box).coasts for part in _near(line, box)]
    ax.add_collection(LineCollection(near, colors=COAST, linewidths=0.5, zorder=2), autolim=False)


def borders(ax: Axes, box: Box) -> None:
    """Borders as Natural Earth draws them; the coast is the terrain's own."""
    from matplotlib.collections import LineCollection

    lines = lines_within(box.west, box.south, box.east, box.north).borders
    near = [part for line in lines for part in _near(line, box)]
    drawn = LineCollection(near, colors=COAST, linewidths=0.8, linestyles=(0, (5, 2)), zorder=2)
    ax.add_collection(drawn, autolim=False)


def _near(line: NDArray[np.float64], box: Box) -> list[NDArray[np.float64]]:
    """The stretches of a line within a box, each with a point more at both ends, so that files stay small."""
    lon, lat = line.T
    inside = (lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north)
    wanted = inside.copy()
    wanted[1:] |= inside[:-1]
    wanted[:-1] |= inside[1:]
    parts = np.split(np.arange(lon.size), np.flatnonzero(np.diff(wanted)) + 1)
    return [line[part] for part in parts if wanted[part[0]] and part.size > 1]


def shade(grid: Grid, land: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Hillshade as grey and transparency, shape (n, m, 4): dark slopes black, bright ones white."""
    mid = math.radians(grid.lat0_deg + grid.dlat_deg * grid.values.shape[0] / 2.0)
    dy = -grid.dlat_deg * METRES_PER_DEGREE
    dx = grid.dlon_deg * METRES_PER_DEGREE * math.cos(mid)
    south, east = np.gradient(grid.values.astype(float) * VERTICAL, dy, dx)
    azimuth, height = _LIGHT
    flat = math.sin(height)
    lit = (flat - math.cos(height) * (east * math.sin(azimuth) - south * math.cos(azimuth))) / np.sqrt(
        1.0 + south**2 + east**2
    )
    difference = np.clip(lit, 0.0, 1.0) - flat
    out = np.zeros((*land.shape, 4), np.uint8)
    out[..., :3] = np.where(difference > 0.0, 255, 0)[..., None]
    strength = np.where(difference > 0.0, 190.0, 150.0) * np.abs(difference)
    out[..., 3] = np.where(land, np.clip(strength // 6 * 6, 0, 200), 0)
    return out


def sight(ax: Axes, layer: Layer, *, area: bool) -> None:
    """A layer as a tinted area with an edge, or as an edge alone."""
    margin = np.clip(np.nan_to_num(layer.margin, nan=-1.0), -_CLIP_M, _CLIP_M)
    if margin.max() < 0.0:
        return
    if area:
        ax.contourf(layer.lon_deg, layer.lat_deg, margin, [0.0, 2.0 * _CLIP_M], colors=[DEFENCE], alpha=0.2, zorder=3)
    if margin.min() < 0.0:
        ax.contour(layer.lon_deg, layer.lat_deg, margin, [0.0], colors=[DEFENCE], zorder=3.2,
                   linewidths=0.5 if area else 0.9, linestyles="-" if area else [(0, (1.2, 1.6))])  # fmt: skip


def zones(ax: Axes, made: LaydownMap) -> None:
    """Zones as faint areas, corridors and airways as faint bands of their width around a middle line."""
    for outline in made.outlines:
        ink = ZONES[outline.kind][1]
        lat, lon = np.array(outline.points).T
        lon = unwrapped(lon, made.box.middle[1])
        if outline.width_m > 0.0:
            there_lat, there_lon, margin_m = corridor(lat, lon, outline.width_m)
            ax.contourf(there_lon, there_lat, margin_m, [0.0, outline.width_m], colors=[ink], alpha=0.14, zorder=3.4)
        if outline.closed:
            ax.fill(lon, lat, color=ink, alpha=0.08, lw=0, zorder=3.4)
            lat, lon = np.r_[lat, lat[0]], np.r_[lon, lon[0]]
        ax.plot(lon, lat, color=ink, lw=0.9, ls=_DOTS, alpha=_FAINT, zorder=3.6)


def rings(ax: Axes, made: LaydownMap) -> list[Ring]:
    """Nominal reach of each interceptor around each fire unit; all rings."""
    from kalkan.earth.geodesy import destination

    azimuth = np.linspace(0.0, 2.0 * math.pi, 241)
    drawn = []
    for name, reach_m in sorted(made.reach_m.items(), key=lambda r: r[1]):
        text = f"{name} {reach_m / 1000.0:,.0f} km"
        for unit in made.units:
            lat, lon = destination(math.radians(unit.lat_deg), math.radians(unit.lon_deg), azimuth, reach_m)
            lat, lon = np.degrees(lat), unwrapped(np.degrees(lon), unit.lon_deg)
            ax.plot(lon, lat, color=DEFENCE, lw=0.9, ls=(0, (6, 3)), zorder=4)
            drawn.append(Ring(text, lat, lon))
    return drawn


def routes(ax: Axes, made: LaydownMap) -> list[tuple[float, float]]:
    """Paths of raids and flights in their side's colour, with an arrow at the end and a number at the start.

    Gives where the numbers stand: longitude, latitude.
    """
    taken: list[tuple[float, float]] = []
    span = made.box.north - made.box.south
    for number, route in enumerate(made.routes, start=1):
        ink = SIDES[route.side]
        ax.plot(route.lon_deg, route.lat_deg, color=ink, lw=1.3, zorder=5, solid_capstyle="round")
        for share in (0.3, 1.0):
            _arrow(ax, route, share, 0.02 * span)
        x, y = float(route.lon_deg[0]), float(route.lat_deg[0])
        x, y = _free_place(made.box, x, y, taken)
        taken.append((x, y))
        ax.plot([x], [y], "o", ms=11, mfc=PAPER, mec=ink, mew=1.2, zorder=6)
        ax.annotate(str(number), (x, y), ha="center", va="center_baseline", color=ink, zorder=7,
                    fontsize=TEXT_PT - 1.5, fontweight="bold")  # fmt: skip
    return taken


def _free_place(box: Box, x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """A place for a number beside others: along the row eastwards, then westwards, then in the next row inwards."""
    high, wide = 0.05 * (box.north - box.south), 0.055 * (box.north - box.south) * box.stretch
    inwards = -high if y > box.middle[0] else high
    for row, column in itertools.product(range(10), range(40)):
        step = (column + 1) // 2 * (1 if column % 2 else -1)
        at = x + step * wide, y + row * inwards
        inside = box.west + wide / 2 < at[0] < box.east - wide / 2 or step == 0
        if inside and not any(abs(at[0] - a) < 0.98 * wide and abs(at[1] - b) < 0.98 * high for a, b in taken):
            return at
    return x, y


def _arrow(ax: Axes, route: Route, share: float, size: float) -> None:
    """An arrow head along a route, where a share of its length is flown."""
    steps = np.hypot(np.diff(route.lon_deg), np.diff(route.lat_deg))
    flown = np.concatenate([[0.0], np.cumsum(steps)])
    at = [share * flown[-1], max(share * flown[-1] - size, 0.0)]
    x, y = np.interp(at, flown, route.lon_deg), np.interp(at, flown, route.lat_deg)
    ink = SIDES[route.side]
    style = {"arrowstyle": "-|>", "color": ink, "lw": 1.3, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
    ax.annotate("", (x[0], y[0]), (x[1], y[1]), arrowprops=style, zorder=5)


def sites(ax: Axes, made: LaydownMap) -> None:
    """Posts (squares), fire units (triangles), assets (diamonds), external sources (rings), jammers (red triangles)."""
    for places, marker, size, face, edge in (
        (made.others, "o", 7.0, PAPER, DEFENCE), (made.jammers, "v", 7.0, PAPER, RAID),
        (made.assets, "D", 6.0, PAPER, INK), (made.units, "^", 6.5, DEFENCE, PAPER),
        (_apart(made), "s", 7.0, DEFENCE, PAPER),
    ):  # fmt: skip
        ax.plot([p.lon_deg for p in places], [p.lat_deg for p in places], marker, ms=size, mfc=face, mec=edge,
                mew=1.3 if face == PAPER else 0.7, zorder=8)  # fmt: skip


def labels(
    ax: Axes, made: LaydownMap, reach: list[Ring], numbers: list[tuple[float, float]], bar: list[Artist], names: bool
) -> None:  # fmt: skip
    """Names of places, then one label for each reach, each where it covers nothing."""
    from kalkan.views.report.figures.labels import LabelRoom

    room = LabelRoom(ax)
    room.take(artist.get_window_extent() for artist in bar)
    marks = [(p.lon_deg, p.lat_deg) for p in (*made.others, *made.jammers, *made.assets, *made.units, *_apart(made))]
    for points, half_pt in ((marks, 3.5), (numbers, 6.0)):
        room.take_marks(np.array(points).reshape(-1, 2), half_pt)
    if names:
        for places, ink, above_pt, weight in (
            (made.assets, INK, -11.0, "normal"), (made.others, DEFENCE, -11.0, "normal"),
            (made.jammers, RAID, -11.0, "normal"), (_apart(made) or made.units, DEFENCE, 12.0, "bold"),
        ):  # fmt: skip
            for p in places:
                room.place(_halo(ax, p.lon_deg, p.lat_deg, p.name, ink, weight=weight), above_pt)
    for text, of_one in itertools.groupby(reach, key=lambda ring: ring.text):
        lat, lon = _by_room(made, *(np.concatenate(a) for a in list(zip(*of_one, strict=True))[1:]))
        room.place_along(_halo(ax, lon[0], lat[0], text, DEFENCE, size=TEXT_PT - 1.5), lon, lat)


def scale_bar(ax: Axes, made: LaydownMap) -> list[Artist]:
    """A bar of a round length in the corner with most room, and its words."""
    box = made.box
    width_m = (box.east - box.west) * METRES_PER_DEGREE / box.stretch
    length_m = max(v for v in (1e3 * x * 10**k for k in range(4) for x in (1, 2, 5)) if v <= 0.28 * width_m)
    share = length_m / width_m
    points = (_points(made) - [box.south, box.west]) / [box.north - box.south, box.east - box.west]
    corners = [(x, y) for y in (0.035, 0.93) for x in (0.03, 0.97 - share)]
    free = [np.hypot(points[:, 1] - x - share / 2, points[:, 0] - y).min() for x, y in corners]
    x, y = corners[int(np.argmax(np.minimum(free, 0.25)))]
    bar = ax.plot([x, x + share], [y, y], color=INK, lw=2.0, transform=ax.transAxes, zorder=9,
                  solid_capstyle="butt")  # fmt: skip
    told = ax.text(x + share / 2, y + 0.015, f"{length_m / 1000:,.0f} km", transform=ax.transAxes, ha="center",
                   va="bottom", fontsize=TEXT_PT - 1.5, color=INK, zorder=9, gid="halo-scale")  # fmt: skip
    return [*bar, told]


def _frame(ax: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for spine in ax.spines.values():
        spine.set(visible=True, color=COAST, linewidth=0.6)
    ax.tick_params(length=2.5, labelsize=TEXT_PT - 1.5, labelcolor=MUTED, color=COAST)
    ax.tick_params(axis="y", left=True, length=2.5)
    for axis, positive, negative in ((ax.xaxis, "E", "W"), (ax.yaxis, "N", "S")):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda v, _, p=positive, n=negative: _degrees(v, p, n)))


def _degrees(value: float, positive: str, negative: str) -> str:
    value = float(unwrapped(value, 0.0))
    return f"{abs(value):.3g}° {positive if value >= 0 else negative}"


def _halo(
    ax: Axes, lon: float, lat: float, text: str, color: str, *, size: float = TEXT_PT - 1.0, weight: str = "normal"
) -> Annotation:
    """Text with an edge in the colour of the paper, which ``svg.inline`` adds to groups of this id."""
    return ax.annotate(
        text, (lon, lat), (0.0, 0.0), textcoords="offset points", ha="center", va="center", color=color, zorder=9,
        fontsize=size, fontweight=weight, gid=f"halo-{len(ax.texts)}", clip_on=True,
    )  # fmt: skip


def _by_room(
    made: LaydownMap, lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes of rings, those with most room to edges, routes and places first."""
    box = made.box
    edge = np.minimum.reduce([(lon - box.west) / (3.0 * box.stretch), (box.east - lon) / (3.0 * box.stretch),
                              lat - box.south, box.north - lat])  # fmt: skip
    rows = _points(made)
    away = np.hypot(lat[:, None] - rows[:, 0], (lon[:, None] - rows[:, 1]) / box.stretch).min(axis=1)
    order = np.argsort(-np.minimum(edge, away), kind="stable")
    return lat[order], lon[order]


def _points(made: LaydownMap) -> NDArray[np.float64]:
    """Latitude and longitude of everything that labels should keep away from, (n, 2)."""
    places = [[p.lat_deg, p.lon_deg] for p in (*made.assets, *made.posts, *made.units, *made.others, *made.jammers)]
    return np.concatenate([*(np.column_stack(_dense(r)) for r in made.routes), np.array(places)])


def _dense(route: Route) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes at 120 places along a route."""
    at = np.linspace(0.0, route.lat_deg.size - 1.0, 120)
    knots = np.arange(route.lat_deg.size)
    return np.interp(at, knots, route.lat_deg), np.interp(at, knots, route.lon_deg)


def _apart(made: LaydownMap) -> list[NamedPoint]:
    """Posts that stand beside their fire units."""
    return [p for p in made.posts if all(_far(p, u) for u in made.units)]


def _far(p: tuple[str, float, float], q: tuple[str, float, float]) -> bool:
    return abs(p[1] - q[1]) > 1e-4 or abs(p[2] - q[2]) > 1e-4
