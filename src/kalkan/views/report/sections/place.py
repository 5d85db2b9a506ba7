"""The map, and what its numbers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalkan.views.maps.laydowns import LaydownMap
from kalkan.views.numbers import number
from kalkan.views.report.blocks import Cell, Figures, PageBlock, Paragraphs, Section, Table
from kalkan.views.report.figures.laydown_map import laydown_map
from kalkan.views.report.material import Material
from kalkan.views.report.sentences import listed
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 4  # maps


def place(material: Material) -> Section | None:
    """Maps of the different laydowns, and the raids."""
    made = material.laydowns
    if not made:
        texts = list(material.notes)
        return Section("place", "Where it happens", [Paragraphs(texts)]) if texts else None
    pictures = [map_picture(i, laydown, names, material) for i, (laydown, names) in enumerate(made[:MOST])]
    blocks: list[PageBlock] = [
        Paragraphs([_lead(made[0][0])]),
        Figures(pictures),
        Paragraphs([_legend(made[0][0])], name="note"),
        raids_table(made[0][0], material),
    ]
    if len(made) > MOST:
        blocks.append(Paragraphs([f"{len(made) - MOST} further laydowns are not drawn."]))
    return Section("place", "Where it happens", blocks)


def map_picture(i: int, laydown: LaydownMap, names: list[str], material: Material | None = None) -> Drawing:
    """One map with its alternative text and caption."""
    labels = [material.label(n) for n in names] if material else [laydown.title]
    shape = laydown.box.height_to_width

    def draw(figure: Figure) -> None:
        laydown_map(figure.add_subplot(), laydown)

    return Drawing(
        f"map-{i + 1}", f"Laydown of {listed(labels)}", _text(laydown), _caption(laydown, labels), draw,
        (4.1, 0.85 + 3.8 * shape), None,
    )  # fmt: skip


def raids_table(laydown: LaydownMap, material: Material) -> Table:
    """What each number of the map is."""
    rows = [
        [
            Cell(f"{i}  {r.name}"), Cell(f"{r.members} × {material.entry_name(r.type)}"),
            Cell(_height(r.clearance_m)), Cell(r.aim or ("–" if r.side == "hostile" else r.side)),
        ] for i, r in enumerate(laydown.routes, start=1)
    ]  # fmt: skip
    caption = (
        f"The raids{_flights(laydown)}, by their number on the map. Height is above the ground, the median by the time "
        "spent there."
    )
    aim = "aim or side" if _flights(laydown) else "aim"
    return Table(caption, ["", "air vehicles", "height above ground", aim], rows, numeric=False, name="raids")


def _lead(laydown: LaydownMap) -> str:
    hostile = [r for r in laydown.routes if r.side == "hostile"]
    n = sum(r.members for r in hostile)
    others = sum(r.members for r in laydown.routes) - n
    raids = "one raid" if len(hostile) == 1 else f"{len(hostile)} raids"
    beside = f" Beside them {others} aircraft of friends or neutrals fly routes of their own." if others else ""
    vehicles = "One air vehicle" if n == 1 else f"{n} air vehicles"
    come = "comes" if n == 1 else "come"
    vary = "times and tracks vary at random about them"
    return f"{vehicles} in {raids} {come} in on routes that the scenario fixes; {vary}.{beside}"


def _caption(laydown: LaydownMap, labels: list[str]) -> str:
    """Whose laydown it is, and how much of the map is in sight."""
    parts = []
    for i, layer in enumerate(laydown.layers):
        look = "blue area" if i == 0 else "inside the dotted limit"
        parts.append(f"to {layer.label} over {number(100.0 * layer.share, 0)} % of the map ({look})")
    sight = f": a searching radar has line of sight {' and '.join(parts)}" if parts else ""
    return f"{_capital(listed(labels))}{sight}."


def _legend(laydown: LaydownMap) -> str:
    reach = [f"{n} {number(m / 1000.0, 0)} km" for n, m in sorted(laydown.reach_m.items())]
    others = ", circles external sources" if laydown.others else ""
    others += ", triangles turned over jammers" if laydown.jammers else ""
    relief = " Relief is steepened threefold."
    if laydown.relief is None:
        relief = " The ground is flat here: land and coasts are drawn for orientation, nothing rises above the sea."
    return (
        f"Triangles are fire units, squares command posts, diamonds assets{others}, numbered lines raids"
        f"{_flights(laydown)}. Dashed rings are the "
        f"nominal reach of the interceptors by the claims used: {listed(reach)}.{relief}"
    )


def _flights(laydown: LaydownMap) -> str:
    return " and flights" if any(r.side != "hostile" for r in laydown.routes) else ""


def _text(laydown: LaydownMap) -> str:
    layers = [f"{number(100 * x.share, 0)} % of the map has line of sight to {x.label}" for x in laydown.layers]
    routes = [f"{i}: {r.name}" for i, r in enumerate(laydown.routes, start=1)]
    reach = [f"{n} {number(m / 1000.0, 0)} km" for n, m in laydown.reach_m.items()]
    zones = f"Zones and airways: {', '.join(o.name for o in laydown.outlines)}. " if laydown.outlines else ""
    zones += f"External sources: {', '.join(p.name for p in laydown.others)}. " if laydown.others else ""
    return (
        f"Map with {len(laydown.posts)} command posts, {len(laydown.units)} fire units and {len(laydown.assets)} "
        f"assets ({', '.join(p.name for p in laydown.assets)}). Raids: {'; '.join(routes)}. {zones}"
        f"Nominal reach: {', '.join(reach)}. {'; '.join(layers)}."
    )


def _height(metres: float) -> str:
    return f"{float(f'{metres:.2g}'):,.0f} m"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
